//! Progress streams of real engines: what comes out of them, and how they fail.

use super::Failure;
use super::streams::tar;
use crate::engine::{Engine, IMAGE};
use crate::runtime::{Items, Runtime};
use bytes::Bytes;
use docker_proto::api::{build, images, plugins};
use docker_proto::model::{PluginPrivilege, Progress};
use docker_proto::op::{Operation, RegistryAuth, Reply};
use docker_proto::progress::Tracker;
use docker_proto::{Error, ErrorKind};

/// What `tests/engines env` says of itself: a registry, or where it is. Without that, which is told, there is nothing to
/// test; in CI that is a failure.
pub fn variable(name: &str) -> Result<Option<String>, Failure> {
    match std::env::var(name) {
        Ok(value) if !value.is_empty() => Ok(Some(value)),
        _ if std::env::var("CI").is_ok_and(|ci| ci == "true") => Err(format!("{name} is not set").into()),
        _ => {
            eprintln!("SKIPPED: {name} is not set; see tests/engines env");
            Ok(None)
        }
    }
}

/// A name of this test's own.
fn unique<R: Runtime>(what: &str) -> String {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    format!("dp-{what}-{}-{}-{}", R::NAME.replace('_', "-"), std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed))
}

/// The items before the error, and the error, after which nothing comes.
async fn failing<O, I>(mut items: I) -> Result<(Vec<Progress>, Error), Failure>
where
    O: Operation,
    O::Reply: Reply<Item = Progress>,
    I: Items<O>,
{
    let mut before = Vec::new();
    let error = loop {
        match items.next().await.ok_or("a clean end")? {
            Ok(item) => before.push(item),
            Err(e) => break e,
        }
    };
    assert!(error.is_final() && items.next().await.is_none(), "{error}");
    Ok((before, error))
}

/// Reads to the end, and what it adds up to.
async fn outcome<O, I>(mut items: I) -> Result<Tracker, Error>
where
    O: Operation,
    O::Reply: Reply<Item = Progress>,
    I: Items<O>,
{
    let mut tracker = Tracker::new();
    while let Some(item) = items.next().await {
        tracker.update(&item?);
    }
    tracker.finish();
    Ok(tracker)
}

/// A context with this Dockerfile.
fn context(dockerfile: &str) -> Bytes {
    Bytes::from(tar("Dockerfile", dockerfile.as_bytes()))
}

/// A tar with several files.
fn tar_of(files: &[(&str, &[u8])]) -> Bytes {
    let mut all = Vec::new();
    for (name, content) in files {
        // Without the two blocks that end it.
        let one = tar(name, content);
        all.extend_from_slice(&one[..one.len() - 1024]);
    }
    all.resize(all.len() + 1024, 0);
    Bytes::from(all)
}

pub async fn a_missing_tag_is_an_error<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let Some(registry) = variable("DOCKER_TEST_REGISTRY")? else { return Ok(()) };
    let docker: R = engine.client();
    let name = format!("{registry}/{}:v1", unique::<R>("none"));
    let (before, e) = failing(docker.begin(images::named(&*name).pull())).await?;
    // Podman finds out after it has answered, dockerd before.
    let kind = if engine.is_podman() { ErrorKind::InStream } else { ErrorKind::Engine };
    assert_eq!((e.kind(), before.len()), (kind, 0), "{e}");
    assert_eq!(e.is_not_found(), !engine.is_podman(), "{e}");
    assert!(e.message().contains("manifest unknown") && e.missing_image() == Some(&*name), "{e}");
    Ok(())
}

pub async fn a_push_without_credentials_is_refused_after_its_progress<R: Runtime>(
    engine: &Engine,
) -> Result<(), Failure> {
    let Some(registry) = variable("DOCKER_TEST_REGISTRY_AUTH")? else { return Ok(()) };
    let docker: R = engine.client();
    let name = format!("{registry}/{}", unique::<R>("refused"));
    docker.call(images::Tag::new(IMAGE, &*name).tag("v1")).await?;
    let push = images::Push::new(&*name).tag("v1").registry_auth(RegistryAuth::anonymous());
    let result = failing(docker.begin(push)).await;
    docker.call(images::Remove::new(format!("{name}:v1"))).await?;
    let (before, e) = result?;
    assert_eq!((e.kind(), e.is_unauthorized()), (ErrorKind::InStream, true), "{e}");
    let said = before.iter().filter_map(|item| item.status.as_deref()).collect::<Vec<_>>();
    assert!(said.first().is_some_and(|s| s.starts_with("The push refers to repository")), "{said:?}, {e}");
    Ok(())
}

pub async fn a_failing_step_tells_its_exit_code<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let dockerfile = context(&format!("FROM {IMAGE}\nRUN echo before; exit 42\n"));
    for version in ["1", "2"] {
        let build = build::FromTar::new().networkmode("host").nocache(true).forcerm(true).version(version);
        let (before, e) = failing(docker.upload(build, dockerfile.clone())).await?;
        assert_eq!((e.kind(), e.is_build_failed(), e.exit_code()), (ErrorKind::InStream, true, Some(42)), "{e}");
        assert!(e.message().contains("42"), "{e}");
        let printed = before.iter().any(|item| item.stream.as_deref() == Some("before\n"));
        let traced = before.iter().any(|item| item.id.as_deref() == Some("moby.buildkit.trace"));
        // Podman has one builder, which does not ask for its version.
        let traces = version == "2" && !engine.is_podman();
        assert_eq!((printed, traced), (!traces, traces), "builder {version}: {before:?}");
    }
    Ok(())
}

pub async fn a_corrupt_load_fails_after_its_progress<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    // All of an image, but its layer is not the one that it names.
    let layer = tar("file", &[b'x'; 100_000]);
    let config = format!(
        r#"{{"architecture":"amd64","os":"linux","config":{{}},"rootfs":{{"type":"layers","diff_ids":["sha256:{}"]}}}}"#,
        "7".repeat(64)
    );
    let name = unique::<R>("corrupt");
    let manifest = format!(r#"[{{"Config":"c.json","RepoTags":["{name}:1"],"Layers":["layer.tar"]}}]"#);
    let image = tar_of(&[("manifest.json", manifest.as_bytes()), ("c.json", config.as_bytes()), ("layer.tar", &layer)]);
    let (before, e) = failing(docker.upload(images::Load::new().quiet(false), image.clone())).await?;
    assert!(e.is_load_failed(), "{e}");
    if engine.is_podman() {
        // It reads all before it answers.
        assert_eq!((e.kind(), before.len()), (ErrorKind::Engine, 0), "{e}");
    } else {
        assert_eq!(e.kind(), ErrorKind::InStream, "{e}");
        assert!(e.message().contains("invalid diffID"), "{e}");
        assert!(before.iter().any(|item| item.status.as_deref() == Some("Loading layer")), "{before:?}");
    }
    // One that ends in the middle, and one that is nothing at all.
    for bytes in [image.slice(..image.len() / 2), Bytes::from_static(b"no tar at all")] {
        let (_, e) = failing(docker.upload(images::Load::new(), bytes)).await?;
        assert!(e.is_load_failed() && !e.message().is_empty(), "{e}");
    }
    Ok(())
}

pub async fn an_import_of_garbage_fails<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let garbage = Bytes::from(vec![b'x'; 4096]);
    let (before, e) = failing(docker.upload(images::Import::new().repo(unique::<R>("garbage")), garbage)).await?;
    assert_eq!((e.kind(), e.status(), before.len()), (ErrorKind::Engine, Some(500), 0), "{e}");
    assert!(e.message().contains("invalid tar header"), "{e}");
    Ok(())
}

pub async fn a_plugin_that_is_not_allowed_enough_is_not_installed<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    if engine.is_podman() {
        let e = R::connect(&engine.url).call(plugins::List::new()).await.err().ok_or("podman has plugins")?;
        assert!(e.is_not_found(), "{e}");
        return Ok(());
    }
    let Some(registry) = variable("DOCKER_TEST_REGISTRY")? else { return Ok(()) };
    let docker: R = engine.client();
    let name = &*format!("{registry}/{}:1", unique::<R>("plugin"));
    let config = br#"{"Description":"never run","Entrypoint":["/program"],"WorkDir":"/","Network":{"Type":"host"},
        "Interface":{"Types":["docker.dummy/1.0"],"Socket":"p.sock"},"Linux":{"Capabilities":["CAP_CHOWN"]}}"#;
    let plugin = tar_of(&[("config.json", config), ("rootfs/program", &[b'x'; 50_000])]);
    docker.upload(plugins::Create::new(name), plugin).value().await?;
    let pushed = outcome(docker.begin(plugins::Push::new(name).registry_auth(RegistryAuth::anonymous()))).await;
    docker.call(plugins::Remove::new(name).force(true)).await?;
    let pushed = pushed?;
    assert!(pushed.outcome().digest().is_some_and(|d| d.starts_with("sha256:")), "{:?}", pushed.outcome());

    let nothing = Vec::<PluginPrivilege>::new();
    let (before, e) = failing(docker.begin(plugins::Pull::new(name).body(nothing))).await?;
    assert_eq!((e.kind(), e.message()), (ErrorKind::InStream, "incorrect privileges"));
    assert!(before.iter().any(|item| item.status.as_deref() == Some("Extracting")), "{before:?}");
    let missing = docker.call(plugins::Inspect::new(name)).await.err().ok_or("it is installed all the same")?;
    assert!(missing.is_not_found(), "{missing}");

    let allowed = docker.call(plugins::Privileges::new(name)).await?;
    let pulled = outcome(docker.begin(plugins::Pull::new(name).body(allowed))).await?;
    docker.call(plugins::Remove::new(name).force(true)).await?;
    assert_eq!(pulled.outcome().digest(), pushed.outcome().digest());
    assert_eq!(pulled.totals().fraction(), Some(1.0));
    Ok(())
}

pub async fn what_comes_out_is_what_the_engine_has<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let Some(registry) = variable("DOCKER_TEST_REGISTRY")? else { return Ok(()) };
    let docker: R = engine.client();
    let name = &*format!("{registry}/{}", unique::<R>("outcome"));
    let tagged = &*format!("{name}:v1");
    let inspect = || docker.call(images::Inspect::new(tagged));

    let dockerfile = format!("FROM {IMAGE}\nRUN head -c 3000000 /dev/urandom >/a\nRUN echo {name}\n");
    let build = build::FromTar::new().networkmode("none").tags([tagged]).version("1");
    let built = outcome(docker.upload(build, context(&dockerfile))).await?;
    let id = inspect().await?.id.ok_or("an image without an id")?;
    assert_eq!(built.outcome().image_id(), Some(&*id));
    assert_eq!(built.outcome().tagged, [tagged]);
    assert_eq!(built.step().map(|step| (step.number, step.total)), Some((3, 3)));

    let push = images::Push::new(name).tag("v1").registry_auth(RegistryAuth::anonymous());
    let pushed = outcome(docker.begin(push)).await?;
    let [there] = &pushed.outcome().pushed[..] else { return Err(format!("{:?}", pushed.outcome()).into()) };
    assert!(there.tag == "v1" && there.size.is_some_and(|size| size > 100), "{there:?}");
    docker.call(images::Remove::new(tagged).force(true)).await?;
    let pulled = outcome(docker.begin(images::named(tagged).pull())).await?;
    // Podman compresses what it pushes, and knows the digest of that only once it has pulled it.
    let digests = inspect().await?.repo_digests;
    assert!(digests.contains(&format!("{name}@{}", there.digest)), "{there:?} is not among {digests:?}");

    let totals = pulled.totals();
    if engine.is_podman() {
        assert_eq!(pulled.outcome().digest(), None);
    } else {
        assert_eq!(pulled.outcome().digest(), Some(&*there.digest));
        assert_eq!(pulled.outcome().is_newer, Some(true));
        assert!(totals.size().is_some_and(|size| (3_000_000..3_100_000).contains(&size)), "{totals:?}");
    }
    assert_eq!((totals.finished, totals.fraction()), (totals.layers, Some(1.0)));

    let mut saved = Vec::new();
    let mut parts = docker.begin(images::Get::new(tagged));
    while let Some(part) = parts.next().await {
        saved.extend_from_slice(&part?);
    }
    docker.call(images::Remove::new(tagged).force(true)).await?;
    let loaded = outcome(docker.upload(images::Load::new().quiet(false), Bytes::from(saved))).await?;
    assert_eq!(loaded.outcome().loaded, [tagged]);
    assert_eq!(inspect().await?.id, Some(id));
    docker.call(images::Remove::new(tagged).force(true)).await?;
    Ok(())
}
