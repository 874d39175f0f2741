//! Images: where they come from, what they are made of, who asks for them.

use crate::engine::documented_late;
use crate::kit::{Area, Bound, Bounds, Correction, Type, again, bounds, types};
use docker_proto::model::*;
use serde_json::json;

pub(crate) const AREA: Area = Area {
    of,
    bodies: &[("BuildInfo", "Progress")],
    examples: 11,
    corrections,
    full: include_str!("../data/images.json"),
    types: 11,
    bound,
};

types!(
    AttestationStatement,
    AuthConfig,
    AuthResponse,
    BuildCache,
    BuildPruneResponse,
    DistributionInspect,
    ImageConfig,
    ImageHistoryResponseItem,
    ImageID,
    ImageInspect,
    ImagePruneResponse,
    ImageSearchResponseItem,
    Progress;
    "ImageHistory" => [ImageHistoryResponseItem],
    "ImageSearch" => [ImageSearchResponseItem],
);

fn corrections(_: &str) -> Vec<Correction> {
    vec![]
}

fn bound(_: &str, path: &str) -> Option<Bound> {
    documented_late(path).then_some(Bound::Free)
}

#[test]
fn secrets_are_sent_and_not_shown() {
    let auth =
        AuthConfig::new().username("hannibal").password("~open~").identity_token("~tok~").registry_token("~reg~");
    let shown = format!("{auth:?}");
    assert!(shown.contains("hannibal"), "{shown}");
    assert!(!shown.contains('~'), "{shown}");
    assert_eq!(
        serde_json::to_value(&auth).unwrap(),
        json!({"username": "hannibal", "password": "~open~", "identitytoken": "~tok~", "registrytoken": "~reg~"})
    );
    let answer: AuthResponse =
        serde_json::from_value(json!({"Status": "Login Succeeded", "IdentityToken": "~"})).unwrap();
    assert!(!format!("{answer:?}").contains('~'));
}
