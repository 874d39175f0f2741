//! Contexts with TLS material: those of the docker command are used here, ours by the docker command.

use crate::Failure;
use crate::runtime::Runtime;
use crate::ways::Way;
use docker_proto::api::system;
use docker_proto::resolve::{Environment, Resolve, contexts};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

/// Ways without files have no contexts worth the name: they are made and used all the same.
pub async fn both_ways<R: Runtime>(way: &Way, tools: &str, certificates: &str) -> Result<(), Failure> {
    if way.name != "tlsverify" {
        return plain::<R>(way).await;
    }
    let folder = Folder::new()?;
    let host = way.engine.url.replace("https://", "tcp://");
    let docker = |arguments: &[&str]| -> Result<String, Failure> {
        let ran =
            Command::new(format!("{tools}/bin/docker")).args(arguments).env("DOCKER_CONFIG", &folder.0).output()?;
        if !ran.status.success() {
            return Err(format!("docker {arguments:?}: {}", String::from_utf8_lossy(&ran.stderr)).into());
        }
        Ok(String::from_utf8(ran.stdout)?)
    };
    let there = |name: &str| format!("{certificates}/{name}.pem");
    let endpoint = format!("host={host},ca={},cert={},key={}", there("ca"), there("cert"), there("key"));
    docker(&["context", "create", "theirs", "--docker", &endpoint])?;
    // Who speaks to the engine with it is let in.
    let us = Environment::from([("DOCKER_CONFIG", &*folder.0)]);
    let used = async |name: &str| -> Result<(), Failure> {
        let found = R::ask(Resolve::new().environment(us.clone()).context(name)).await?;
        let (endpoint, config) = found.client()?;
        let limits = endpoint.pool_limits();
        let info = R::new(endpoint, config, limits).call(system::Info::new()).await?;
        info.id.map(drop).ok_or_else(|| "an engine without an id".into())
    };
    used("theirs").await?;
    // Without the certificate nobody is.
    let bare = format!("host={host},ca={}", there("ca"));
    docker(&["context", "create", "bare", "--docker", &bare])?;
    let e = used("bare").await.err().ok_or("a client without a certificate was let in")?;
    if !e.to_string().contains("client certificate") {
        return Err(e);
    }

    let create = contexts::Create::new("ours", host)
        .environment(us.clone())
        .ca(fs::read(there("ca"))?)
        .client_certificate(fs::read(there("cert"))?, fs::read(there("key"))?);
    R::ask(create).await?;
    used("ours").await?;
    let version = docker(&["--context", "ours", "version", "--format", "{{.Server.Version}}"])?;
    if !version.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(format!("the docker command says {version:?} of our context").into());
    }
    // And by the variables, as it understands them.
    let variables = [
        ("DOCKER_HOST", &*way.engine.url.replace("https", "tcp")),
        ("DOCKER_TLS_VERIFY", "1"),
        ("DOCKER_CERT_PATH", certificates),
    ];
    let (endpoint, config) = R::ask(Resolve::new().environment(Environment::from(variables))).await?.client()?;
    let limits = endpoint.pool_limits();
    R::new(endpoint, config, limits).call(system::Ping::new()).await?;
    Ok(())
}

/// A context of ours for the host string of this way leads there.
async fn plain<R: Runtime>(way: &Way) -> Result<(), Failure> {
    let folder = Folder::new()?;
    let us = Environment::from([("DOCKER_CONFIG", &*folder.0)]);
    // A command has no host string; its engine's own does.
    let host = if way.name == "child" { way.engine.url.clone() } else { way.endpoint.to_string() };
    R::ask(contexts::Create::new("here", host.replace("https://", "tcp://")).environment(us.clone())).await?;
    let found = R::ask(Resolve::new().environment(us).context("here")).await?;
    let (mut endpoint, config) = found.client()?;
    if let Some(tls) = &way.endpoint.tls {
        endpoint = endpoint.with_tls(tls.clone())?;
    }
    let limits = endpoint.pool_limits();
    R::new(endpoint, config, limits).call(system::Ping::new()).await?;
    Ok(())
}

/// Docker's folder of a test; removed with it.
struct Folder(String);

impl Folder {
    fn new() -> Result<Self, Failure> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let n = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("dp-transports-{}-{n}", std::process::id()));
        fs::create_dir_all(&path)?;
        Ok(Self(path.to_str().ok_or("a path that is no text")?.into()))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(Path::new(&self.0));
    }
}
