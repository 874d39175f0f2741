//! Builds, by both builders.

use super::registry::there_and_back;
use crate::cover::Cover;
use crate::engine::{Cleanup, Failure, PASSWORD, USER, unique, until, variable};
use crate::served::Served;
use crate::tar::tar;
use docker_blocking::ErrorKind;
use docker_blocking::api::build::{Builder, Cancel, FromRemote, FromTar, Prune};
use docker_blocking::api::images::{Inspect, Remove};
use docker_blocking::api::system::DataUsage;
use docker_blocking::model::{AuthConfig, ImageID, ImageInspect, Progress};
use docker_blocking::op::{RegistryAuth, RegistryConfig};
use std::collections::BTreeMap;
use std::time::Duration;

const STEPS: &str = "FROM docker-proto-test:latest
ARG WHO=nobody
LABEL who=$WHO
COPY hello /hello
RUN echo run-$WHO; cat /hello
CMD [\"cat\", \"/hello\"]
";

fn surroundings() -> Vec<u8> {
    let fails = b"FROM docker-proto-test:latest\nRUN exit 3\n";
    // So long that a run that waits for its end fails.
    let slow = b"FROM docker-proto-test:latest\nRUN sleep 1000\n";
    tar(&[("Dockerfile", STEPS.as_bytes()), ("hello", b"hi\n"), ("Fails", fails), ("Slow", slow)])
}

/// The builders of the engine; podman has one, and takes it whatever is asked for.
fn builders(cover: &Cover) -> &'static [Builder] {
    if cover.engine.podman { &[Builder::Classic] } else { &[Builder::Classic, Builder::BuildKit] }
}

/// Removes an image when the case is over.
fn gone<'a>(cover: &'a Cover, name: &'a str) -> Cleanup<impl FnMut() + 'a> {
    Cleanup(move || drop(cover.docker.call(Remove::new(name).force(true))))
}

/// The image that a build made: the id that its progress told is that of the name.
fn built(cover: &Cover, progress: &[Progress], name: &str) -> Result<ImageInspect, Failure> {
    let mut results = progress.iter().filter_map(|p| serde_json::from_value::<ImageID>(p.aux.clone()?).ok()?.id);
    let id = results.next_back().ok_or("the progress told no id")?;
    let image = cover.docker.call(Inspect::new(name))?;
    let bare = |id: &str| id.trim_start_matches("sha256:").to_owned();
    assert_eq!(image.id.as_deref().map(bare), Some(bare(&id)));
    Ok(image)
}

pub fn from_a_tar(cover: &Cover) -> Result<(), Failure> {
    for &builder in builders(cover) {
        let name = format!("localhost/{}:1", unique("built"));
        // The engines of the tests have no bridge.
        let build = || FromTar::new().version(builder).networkmode("none").nocache(true).rm(true).forcerm(true);
        let op = build().tags([&*name]).buildargs([("WHO", "me")]).labels([("x", "y")]);
        let progress = cover.upload(op, surroundings())?;
        let _gone = gone(cover, &name);
        let config = built(cover, &progress, &name)?.config.ok_or("no config")?;
        assert_eq!((&*config.labels["who"], &*config.labels["x"]), ("me", "y"), "{builder:?}");
        assert_eq!(config.cmd, ["cat", "/hello"]);
        if builder == Builder::Classic {
            // BuildKit has the output of steps in traces.
            let printed: String = progress.into_iter().filter_map(|p| p.stream).collect();
            assert!(printed.contains("run-me\n") && printed.contains("hi\n"), "{printed}");
        }
        let e = cover.docker.upload(build().dockerfile("Fails"), surroundings()).finish();
        let e = e.err().ok_or("a step that fails did not fail the build")?;
        assert_eq!(e.kind(), ErrorKind::InStream, "{e}");
        assert!(e.message().contains("exit 3"), "{e}");
        if builder == Builder::Classic && !cover.engine.podman {
            assert_eq!(e.status(), Some(3), "{e}");
        }
    }
    Ok(())
}

/// Podman does not read `remote`: it looks for everything in an upload that is not there.
pub fn from_a_url(cover: &Cover) -> Result<(), Failure> {
    let served = Served::start("application/x-tar", surroundings())?;
    for &builder in builders(cover) {
        let name = format!("localhost/{}:1", unique("built"));
        let op = FromRemote::new(served.url("surroundings.tar")).version(builder).networkmode("none").tags([&*name]);
        let progress = cover.all(op.buildargs([("WHO", "you")]))?;
        let _gone = gone(cover, &name);
        assert_eq!(built(cover, &progress, &name)?.config.ok_or("no config")?.labels["who"], "you", "{builder:?}");
    }
    Ok(())
}

pub fn on_an_image_that_needs_credentials(cover: &Cover) -> Result<(), Failure> {
    let registry = variable("DOCKER_TEST_REGISTRY_AUTH")?;
    let auth = AuthConfig::new().username(USER).password(PASSWORD).server_address(&*registry);
    let (base, _) = there_and_back(cover, &registry, Some(RegistryAuth::from(auth.clone())))?;
    let _gone = gone(cover, &base);
    let name = format!("localhost/{}:1", unique("built"));
    let files = tar(&[("Dockerfile", format!("FROM {base}\nLABEL x=y\n").as_bytes())]);
    let build = || FromTar::new().tags([&*name]).pull(true);
    let e = cover.docker.upload(build(), files.clone()).finish().err().ok_or("pulled without an account")?;
    assert!(e.message().contains("auth"), "{e}");
    let progress = cover.upload(build().registry_config(RegistryConfig::from([(&*registry, auth)])), files)?;
    let _gone = gone(cover, &name);
    assert_eq!(built(cover, &progress, &name)?.config.ok_or("no config")?.labels["x"], "y");
    Ok(())
}

pub fn cancelled(cover: &Cover) -> Result<(), Failure> {
    let id = unique("build");
    let op = FromTar::new().version(Builder::BuildKit).dockerfile("Slow").networkmode("none").nocache(true);
    let mut items = cover.docker.upload(op.buildid(&*id), surroundings());
    items.next().ok_or("a build without progress")??;
    // Until the builder knows the build, cancelling it is no error and does nothing.
    let e = until("the build has ended", || match items.next_within(Duration::from_millis(100)) {
        Some(Some(Ok(_))) => Ok(None),
        Some(Some(Err(e))) => Ok(Some(e)),
        Some(None) => Err("the build ended well".into()),
        None => cover.call(Cancel::new(&*id)).map(|_| None),
    })?;
    assert_eq!(e.kind(), ErrorKind::InStream, "{e}");
    assert!(e.message().contains("canceled"), "{e}");
    Ok(())
}

/// The build cache of an engine: the ids of its records, and whether each was used and is no longer in use.
fn cache(cover: &Cover) -> Result<BTreeMap<String, bool>, Failure> {
    let usage = cover.docker.call(DataUsage::new())?;
    let records = usage.build_cache.into_iter();
    Ok(records.map(|r| (r.id.unwrap_or_default(), r.in_use != Some(true) && r.last_used_at.is_some())).collect())
}

/// Looks at its own records alone: other builds, cancelled ones too, leave records that were never used, and those are older
/// than any `until` to dockerd (20.10.24).
pub fn cache_pruned(cover: &Cover) -> Result<(), Failure> {
    let before = cache(cover)?;
    let name = format!("localhost/{}:1", unique("built"));
    let op = FromTar::new().version(Builder::BuildKit).networkmode("none").nocache(true).tags([&*name]);
    cover.docker.upload(op, surroundings()).finish()?;
    cover.docker.call(Remove::new(&*name))?;
    let ours = until("a build's cache is at rest", || {
        let made: BTreeMap<_, _> = cache(cover)?.into_iter().filter(|(id, _)| !before.contains_key(id)).collect();
        Ok((!made.is_empty() && made.values().all(|at_rest| *at_rest)).then_some(made))
    })?;
    let kept = cover.call(Prune::new().all(true).filters([("until", "24h")]))?;
    assert!(!kept.caches_deleted.iter().any(|id| ours.contains_key(id)), "{ours:?} in {kept:?}");
    let gone = cover.call(Prune::new().all(true))?;
    assert!(ours.keys().all(|id| gone.caches_deleted.contains(id)), "{ours:?} not in {gone:?}");
    assert!(gone.space_reclaimed > Some(0), "{gone:?}");
    cover.refused(Prune::new().filters([("nosuch", "x")]), 400, "filter 'nosuch'")?;
    Ok(())
}
