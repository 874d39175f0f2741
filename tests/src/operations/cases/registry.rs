//! Images between engines and registries, and what registries tell.

use crate::cover::Cover;
use crate::engine::{Cleanup, Failure, IMAGE, PASSWORD, USER, unique, variable};
use crate::index::Index;
use docker_blocking::api::distribution;
use docker_blocking::api::images::{Inspect, Pull, Push, Remove, Search, Tag};
use docker_blocking::op::RegistryAuth;
use docker_blocking::{Error, ErrorKind};

/// The digest in the words that a push or a pull ends with.
fn digest(text: Option<&str>) -> Option<String> {
    let at = text?.find("sha256:")?;
    text?.get(at..at + 71).map(str::to_owned)
}

/// Pushes the test image under a new name and pulls it back; gives the name and the digest.
pub(super) fn there_and_back(
    cover: &Cover,
    registry: &str,
    auth: Option<RegistryAuth>,
) -> Result<(String, String), Failure> {
    let docker = &cover.docker;
    let repo = format!("{registry}/{}", unique("image"));
    let name = format!("{repo}:1");
    docker.call(Tag::new(IMAGE, &*repo).tag("1"))?;
    let (mut push, mut pull) = (Push::new(&*repo).tag("1"), Pull::new(&*repo).tag("1"));
    if let Some(auth) = auth {
        (push, pull) = (push.registry_auth(auth.clone()), pull.registry_auth(auth));
    }
    let pushed = cover.all(push)?;
    let last = pushed.iter().rev().find_map(|p| digest(p.status.as_deref())).ok_or("a push without a digest")?;
    if !cover.engine.podman {
        let aux = pushed.iter().rev().find_map(|p| p.aux.as_ref()).ok_or("a push without its result")?;
        assert_eq!((&aux["Tag"], &aux["Digest"]), (&"1".into(), &(&*last).into()));
    }
    docker.call(Remove::new(&*name))?;
    cover.refused(Inspect::new(&*name), 404, "")?;
    let pulled = cover.all(pull)?;
    assert!(!pulled.is_empty());
    if !cover.engine.podman {
        let told = pulled.iter().find(|p| p.status.as_deref().is_some_and(|s| s.starts_with("Digest: ")));
        assert_eq!(digest(told.and_then(|p| p.status.as_deref())).as_ref(), Some(&last), "{pulled:?}");
    }
    assert_eq!(docker.call(Inspect::new(&*name))?.id, docker.call(Inspect::new(IMAGE))?.id);
    Ok((name, last))
}

pub fn pushed_and_pulled(cover: &Cover) -> Result<(), Failure> {
    let (name, digest) = there_and_back(cover, &variable("DOCKER_TEST_REGISTRY")?, None)?;
    let _gone = Cleanup(|| drop(cover.docker.call(Remove::new(&*name).force(true))));
    if cover.engine.podman {
        return cover.refused(distribution::Inspect::new(&*name), 404, "Not Found");
    }
    let told = cover.call(distribution::Inspect::new(&*name))?;
    let descriptor = told.descriptor.ok_or("no descriptor")?;
    assert_eq!((descriptor.digest, descriptor.size > Some(0)), (Some(digest), true));
    assert_eq!(told.platforms[0].os.as_deref(), Some("linux"));
    cover.refused(distribution::Inspect::new(format!("{name}-not")), 404, "manifest unknown")?;
    Ok(())
}

pub fn with_credentials(cover: &Cover) -> Result<(), Failure> {
    let registry = variable("DOCKER_TEST_REGISTRY_AUTH")?;
    let auth = RegistryAuth::password(USER, PASSWORD, &registry);
    let (name, digest) = there_and_back(cover, &registry, Some(auth.clone()))?;
    let _gone = Cleanup(|| drop(cover.docker.call(Remove::new(&*name).force(true))));
    // Without them, or with wrong ones, the registry's refusal comes in the stream.
    let (repo, wrong) = (name.trim_end_matches(":1"), RegistryAuth::password(USER, "wrong", &registry));
    for auth in [RegistryAuth::anonymous(), wrong.clone()] {
        let push = cover.docker.stream(Push::new(repo).tag("1").registry_auth(auth));
        let refused: Result<Vec<_>, Error> = push.collect();
        let e = refused.err().ok_or("pushed without an account")?;
        assert_eq!(e.kind(), ErrorKind::InStream, "{e}");
        assert!(e.message().contains("auth"), "{e}");
    }
    if !cover.engine.podman {
        let ask = || distribution::Inspect::new(&*name);
        let told = cover.call(ask().registry_auth(auth))?;
        assert_eq!(told.descriptor.and_then(|d| d.digest), Some(digest));
        cover.refused(ask(), 500, "no basic auth credentials")?;
        cover.refused(ask().registry_auth(wrong), 401, "unauthorized")?;
    }
    Ok(())
}

pub fn searched(cover: &Cover) -> Result<(), Failure> {
    let index = Index::start()?;
    let search = || Search::new(format!("{}/proto", index.address)).limit(5);
    let found = cover.call(search().registry_auth(RegistryAuth::password("user", "secret", "")))?;
    assert_eq!(found.len(), 2, "{found:?}");
    let asked = index.asked().pop().ok_or("nobody asked the index")?;
    assert!(asked.contains("q=proto") && asked.contains("n=5"), "{asked}");
    if cover.engine.podman {
        // Its rows have other names than Docker's.
        return Ok(());
    }
    assert!(asked.contains("Basic dXNlcjpzZWNyZXQ="), "{asked}");
    let first = &found[0];
    assert_eq!(
        (first.name.as_deref(), first.star_count, first.is_official),
        (Some("proto/first"), Some(7), Some(true))
    );
    assert_eq!(cover.call(search().filters([("is-official", "true")]))?.len(), 1);
    Ok(())
}
