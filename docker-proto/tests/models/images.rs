//! Images: where they come from, what they are made of, who asks for them.

use crate::kit::{Area, Correction, Type, again, bounds, types};
use docker_proto::model::*;
use serde_json::json;

pub(crate) const AREA: Area = Area { types: TYPES, bodies: &[("BuildInfo", "Progress")], examples: 11, corrections };

types!(
    AttestationStatement, AuthConfig, AuthResponse, BuildCache, BuildIdentity, BuildPruneResponse,
    DistributionInspect, ErrorDetail, Identity, ImageConfig, ImageHistoryResponseItem, ImageID, ImageInspect,
    ImageManifestAttestation, ImageManifestImage, ImageManifestImageSize, ImageManifestSize, ImageMetadata,
    ImagePruneResponse, ImageRootFS, ImageSearchResponseItem, Progress, ProgressDetail, PullIdentity,
    SignatureIdentity, SignatureTimestamp, SignerIdentity;
    "ImageHistory" => Vec<ImageHistoryResponseItem>,
    "ImageSearch" => Vec<ImageSearchResponseItem>,
);

fn corrections(_: &str) -> Vec<Correction> {
    vec![]
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
