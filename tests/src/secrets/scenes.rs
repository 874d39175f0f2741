//! What has secrets in it, on any engine.

use crate::runtime::{Input, Items, Runtime};
use crate::{Failure, Stage};
use bytes::Bytes;
use docker_proto::api::{build, containers, distribution, exec, images, plugins, secrets, system};
use docker_proto::credentials::{AllCredentials, Login, Logout, Lookup, Store};
use docker_proto::model::{AuthConfig, AuthResponse, ContainerCreateBody, ExecConfig, HostConfig, SecretSpec};
use docker_proto::op::{BuildArgs, Json, Operation, Plain, Raw, RegistryAuth, RegistryConfig, Unary, Uploads};
use docker_proto::resolve::{Environment, ReadConfig, Resolve};
use docker_proto::session::{CallOptions, Config, Endpoint, HostSpec, PoolLimits};
use docker_proto::tar::Tree;
use docker_proto::tls::Tls;
use std::fmt::Debug;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

const IMAGE: &str = "docker-proto-test:latest";

/// A client, and the log of all that it does.
pub struct Told<'a, R> {
    pub docker: R,
    pub stage: &'a Stage,
}

impl<'a, R: Runtime> Told<'a, R> {
    /// A client with secrets in its header fields.
    pub fn new(stage: &'a Stage) -> Result<Self, Failure> {
        let (log, secrets) = (&stage.log, &stage.secrets);
        let endpoint = Endpoint::parse(&stage.wire.url)?;
        let mut config = Config::new(&endpoint);
        let header = |name: &str| (name.to_owned(), secrets.plain(name));
        config.headers =
            ["X-Api-Key", "Authorization", "Cookie", "Proxy-Authorization", "X-Meta-Token"].map(header).into();
        log.observe(&mut config);
        log.shown("endpoint", &endpoint);
        log.debug("config", &config);
        let mut options = CallOptions::default();
        // 32 and 16 hexadecimal digits, as it has to be.
        let trace = format!(
            "00-{:032x}-{:016x}-01",
            u128::from(std::process::id()) << 64 | 0x0af7_6519,
            0xb7ad_6b71_6920_3331u64
        );
        secrets.add("traceparent", &trace);
        options.headers.push(("traceparent".into(), trace));
        options.headers.push(("X-Own".into(), secrets.plain("a field of the call")));
        log.debug("options", &options);
        let docker = R::new(endpoint, config, PoolLimits::default()).with_options(options);
        log.line(format!("{docker:?} {docker:#?}"));
        Ok(Self { docker, stage })
    }

    /// One call with one answer, all of it logged.
    pub async fn call<O: Plain + Debug>(&self, op: O) -> Option<<O::Reply as docker_proto::op::Reply>::Item>
    where
        O::Reply: Unary + docker_proto::op::Reply<Item: Debug + Clone + Send>,
    {
        let what = self.op(&op);
        let outcome = self.docker.call(op).await;
        self.stage.log.outcome(&what, &outcome);
        outcome.ok()
    }

    /// One call with many.
    pub async fn all<O: Plain + Debug>(&self, op: O) -> bool
    where
        O::Reply: docker_proto::op::Reply<Item: Debug + Send>,
    {
        let what = self.op(&op);
        self.items(&what, self.docker.begin(op)).await
    }

    async fn upload<O: Uploads + Debug>(&self, op: O, body: Bytes) -> bool
    where
        O::Reply: docker_proto::op::Reply<Item: Debug + Send>,
    {
        let what = self.op(&op);
        self.items(&what, self.docker.upload(op, body)).await
    }

    async fn items<O: Operation>(&self, what: &str, mut items: R::Items<O>) -> bool
    where
        O::Reply: docker_proto::op::Reply<Item: Debug + Send>,
    {
        while let Some(item) = items.next().await {
            self.stage.log.outcome(what, &item);
            if item.is_err() {
                return false;
            }
        }
        true
    }

    fn op(&self, op: &(impl Operation + Debug)) -> String {
        self.stage.log.debug("operation", op);
        op.spec().id.to_owned()
    }
}

/// All of them.
pub async fn all<R: Runtime>(stage: &Stage) -> Result<(), Failure> {
    let told = Told::<R>::new(stage)?;
    told.call(system::Ping::new()).await.ok_or("the engine does not answer")?;
    told.call(system::Info::new()).await.ok_or("no information")?;
    containers(&told).await?;
    images(&told).await?;
    builds(&told).await?;
    odd(&told).await;
    registries(&told).await?;
    files::<R>(stage).await?;
    addresses(stage);
    crate::proxies::all::<R>(stage).await
}

async fn containers<R: Runtime>(told: &Told<'_, R>) -> Result<(), Failure> {
    let secrets = &told.stage.secrets;
    let typed = secrets.make("typed into a process");
    let body = ContainerCreateBody::new().image(IMAGE).cmd(["sh", "-c", "while :; do sleep 0.1; done"]);
    let body = body.host_config(HostConfig::new().network_mode("none").init(true));
    let id = told.call(containers::Create::new(body)).await.and_then(|made| made.id).ok_or("no container")?;
    told.call(containers::Start::new(&*id)).await;
    told.call(containers::Inspect::new(&*id)).await;
    let command = ExecConfig::new().cmd(["sh", "-c", "cat >/dev/null"]).attach_stdin(true).attach_stdout(true);
    let made = told.call(exec::Create::new(&*id, command)).await.and_then(|made| made.id).ok_or("no exec")?;
    // Nothing is printed, and what is typed is for the process alone; only `Bodies::All` would show it.
    let quiet = quiet::<R>(told.stage)?;
    let (output, mut input) = quiet.open(exec::Start::new(&*made)).await?;
    input.write(typed.as_bytes()).await?;
    input.close().await?;
    output.all().await?;
    told.call(containers::Remove::new(&*id).force(true)).await.ok_or("it is not removed")?;
    Ok(())
}

/// A client without the observer that shows all bodies: it has the spans.
fn quiet<R: Runtime>(stage: &Stage) -> Result<R, Failure> {
    let endpoint = Endpoint::parse(&stage.wire.url)?;
    let mut config = Config::new(&endpoint);
    config.observers.push(stage.log.clone());
    Ok(R::new(endpoint, config, PoolLimits::default()))
}

async fn images<R: Runtime>(told: &Told<'_, R>) -> Result<(), Failure> {
    let secrets = &told.stage.secrets;
    // Addresses with a password in them, which nobody serves.
    let url = format!("http://me:{}@127.0.0.1:9/x.tar", url_password(told.stage));
    told.all(images::ImportFrom::new(&*url)).await;
    told.all(build::FromRemote::new(format!("{url}.git"))).await;
    told.all(build::FromRemote::new(&*url)).await;
    let nowhere = "127.0.0.1:9/nothing";
    for auth in [
        RegistryAuth::password("me", &secrets.make("a password of a pull"), "127.0.0.1:9"),
        RegistryAuth::identity_token(&secrets.make("an identity token"), "127.0.0.1:9"),
        RegistryAuth::registry_token(&secrets.make("a registry token")),
    ] {
        told.stage.log.debug("auth", &auth);
        told.all(images::Pull::new(nowhere).tag("1").registry_auth(auth.clone())).await;
        told.call(distribution::Inspect::new(nowhere).registry_auth(auth.clone())).await;
        told.all(plugins::Pull::new(nowhere).registry_auth(auth.clone())).await;
        told.call(images::Search::new(nowhere).registry_auth(auth.clone())).await;
        told.all(images::Push::new(nowhere).tag("1").registry_auth(auth)).await;
    }
    Ok(())
}

/// What can stand in a URL as it is.
fn url_password(stage: &Stage) -> String {
    let password: String =
        stage.secrets.make("of a URL").chars().filter(|c| c.is_ascii_alphanumeric() || "-~".contains(*c)).collect();
    stage.secrets.add("a password in a URL", &password);
    password
}

async fn builds<R: Runtime>(told: &Told<'_, R>) -> Result<(), Failure> {
    let secrets = &told.stage.secrets;
    let password = secrets.make("a password of a build");
    let config = RegistryConfig::from([
        ("127.0.0.1:9", AuthConfig::new().username("me").password(&*password).server_address("127.0.0.1:9")),
        ("127.0.0.1:8", AuthConfig::new().identity_token(&*secrets.make("an identity token of a build"))),
    ]);
    let args = BuildArgs::new().arg("TOKEN", secrets.make("a build argument")).arg("HTTP_PROXY", "");
    let name = format!("dp-secrets-{}-{}", R::NAME, std::process::id());
    let tar = Tree::new().file("Dockerfile", format!("FROM {IMAGE}\nARG TOKEN\nLABEL a=b\n"))?.into_bytes();
    for version in ["1", "2"] {
        let op = build::FromTar::new()
            .tags([&*name])
            .registry_config(config.clone())
            .buildargs(args.clone())
            .version(version);
        told.upload(op, tar.clone()).await;
    }
    told.call(images::Remove::new(name).force(true)).await;
    Ok(())
}

/// Requests that are in no table, and calls that do not end well.
async fn odd<R: Runtime>(told: &Told<'_, R>) {
    let secrets = &told.stage.secrets;
    let op = Raw::<Json<serde_json::Value>>::get("/nothing").query("token", secrets.make("in a query"));
    told.stage.log.debug("operation", &op);
    told.stage.log.outcome("raw", &told.docker.call(op).await);
    let header =
        Raw::<Json<serde_json::Value>>::get("/nothing").header("X-Secret", secrets.plain("a field of a request"));
    told.stage.log.debug("operation", &header);
    told.stage.log.outcome("raw", &told.docker.call(header).await);
    let split =
        Raw::<Json<serde_json::Value>>::get("/nothing").header("X-Secret", format!("{}\r\nX: y", secrets.make("cut")));
    told.stage.log.debug("operation", &split);
    told.stage.log.outcome("raw", &told.docker.call(split).await);
    let mut events = told.docker.begin(system::Events::new());
    told.stage.log.outcome("events", &events.head().await);
    told.stage.log.debug("nothing yet", &events.next_within(Duration::from_millis(50)).await.is_none());
    drop(events);
    let spec = SecretSpec::new()
        .name(format!("dp-{}-{}", R::NAME, std::process::id()))
        .data(&*secrets.make("a secret's data"));
    if let Some(id) = told.call(secrets::Create::new(spec)).await.and_then(|made| made.id) {
        told.call(secrets::Inspect::new(&*id)).await;
        told.call(secrets::Remove::new(&*id)).await;
    }
}

/// Accounts at a registry: refused, and used.
async fn registries<R: Runtime>(told: &Told<'_, R>) -> Result<(), Failure> {
    let Some((registry, open)) = &told.stage.registries else {
        println!("SKIPPED: accounts, without registries");
        return Ok(());
    };
    let (log, secrets) = (&told.stage.log, &told.stage.secrets);
    let folder = Folder::new()?;
    let home = Environment::from([("DOCKER_CONFIG", &*folder.0)]);
    let wrong = Login::new(registry, "tester", &secrets.make("a wrong password")).environment(home.clone());
    log.debug("login", &wrong);
    told.call(wrong.check()).await;
    let (user, password) = ("quest", "a~?>b\"c\\d:e f");
    secrets.add("the password", password);
    let login = Login::new(registry, user, password).environment(home.clone());
    let checked = told.call(login.check()).await.unwrap_or_else(AuthResponse::new);
    log.outcome("stored", &R::ask(login.store(&checked)).await);
    let repo = format!("{registry}/secrets-{}-{}", R::NAME, std::process::id());
    told.call(images::Tag::new(IMAGE, &*repo).tag("1")).await;
    let lookup = Lookup::image(&*repo).environment(home.clone());
    log.debug("lookup", &lookup);
    let found = R::ask(lookup).await?;
    log.debug("found", &found);
    log.shown("found", found.explain());
    let auth = found.header();
    if !told.all(images::Push::new(&*repo).tag("1").registry_auth(auth.clone())).await {
        return Err("the push failed, so nothing is proved".into());
    }
    told.call(images::Remove::new(format!("{repo}:1"))).await;
    if !told.all(images::Pull::new(&*repo).tag("1").registry_auth(auth.clone())).await {
        return Err("the pull failed, so nothing is proved".into());
    }
    told.call(distribution::Inspect::new(format!("{repo}:1")).registry_auth(auth)).await;
    log.outcome("all", &R::ask(AllCredentials::new().environment(home.clone())).await);
    let tar = Tree::new().file("Dockerfile", format!("FROM {repo}:1\nLABEL a=b\n"))?.into_bytes();
    let all = R::ask(AllCredentials::new().environment(home.clone())).await?;
    told.upload(build::FromTar::new().registry_config(all).pull(true), tar).await;
    told.call(images::Remove::new(format!("{repo}:1")).force(true)).await;
    log.outcome("logout", &R::ask(Logout::new(registry).environment(home)).await);
    told.all(images::Pull::new(format!("{open}/nothing")).tag("1").registry_auth(RegistryAuth::anonymous())).await;
    Ok(())
}

/// config.json, variables and helper programs.
async fn files<R: Runtime>(stage: &Stage) -> Result<(), Failure> {
    let (log, secrets) = (&stage.log, &stage.secrets);
    let folder = Folder::new()?;
    let auth = base64::Engine::encode(
        &base64::engine::general_purpose::STANDARD,
        format!("me:{}", secrets.make("in config.json")),
    );
    secrets.add("auth in config.json", &auth);
    let proxy = format!("http://me:{}@proxy:3128", url_password(stage));
    let config = serde_json::json!({
        "auths": { "r:1": { "auth": auth }, "r:2": { "identitytoken": secrets.make("an identity token in config.json") } },
        "HttpHeaders": { "X-Config": secrets.plain("HttpHeaders") },
        "credHelpers": { "r:3": "loud", "r:4": "garbage", "r:5": "none" },
        "proxies": { "default": { "httpProxy": proxy, "noProxy": "localhost" } },
    });
    std::fs::write(format!("{}/config.json", folder.0), config.to_string())?;
    // Helpers that tell what they were told: it is part of the error, without the secret.
    for (name, script) in [("loud", "cat; cat <&0 >&2; exit 1"), ("garbage", "echo '{\"Secret\": \"'$(cat)")] {
        let path = format!("{}/docker-credential-{name}", folder.0);
        std::fs::write(&path, format!("#!/bin/sh\n{script}\n"))?;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755))?;
    }
    let path = format!("{}:{}", folder.0, std::env::var("PATH")?);
    let variable = serde_json::json!({ "auths": { "r:6": { "auth": "bm90" } , "r:7": { "password": secrets.make("DOCKER_AUTH_CONFIG"), "username": "u" } } });
    let home = Environment::from([
        ("DOCKER_CONFIG", &*folder.0),
        ("PATH", &path),
        ("DOCKER_AUTH_CONFIG", &variable.to_string()),
    ]);
    log.debug("environment", &home);
    for n in 1..=7 {
        log.outcome("lookup", &R::ask(Lookup::registry(format!("r:{n}")).environment(home.clone())).await);
    }
    for n in 3..=5 {
        let auth =
            AuthConfig::new().server_address(format!("r:{n}")).username("u").password(&*secrets.make("for a helper"));
        let store = Store::new(auth).environment(home.clone());
        log.debug("store", &store);
        log.outcome("stored", &R::ask(store).await);
    }
    log.outcome("all", &R::ask(AllCredentials::new().environment(home.clone())).await);
    let read = R::ask(ReadConfig::new().environment(home.clone())).await;
    log.outcome("config.json", &read);
    let custom = format!("X-A={},broken", secrets.plain("DOCKER_CUSTOM_HEADERS"));
    for (name, value) in [
        ("DOCKER_CUSTOM_HEADERS", custom),
        ("DOCKER_AUTH_CONFIG", format!("{{\"auths\": {}", secrets.make("broken JSON"))),
    ] {
        let home =
            Environment::from([("DOCKER_CONFIG", &*folder.0), (name, &value), ("DOCKER_HOST", "tcp://127.0.0.1:9")]);
        log.outcome("resolved", &R::ask(Resolve::new().environment(home.clone())).await);
        log.outcome("lookup", &R::ask(Lookup::registry("r:7").environment(home)).await);
    }
    let home = Environment::from([("DOCKER_CONFIG", &*folder.0), ("DOCKER_HOST", "tcp://127.0.0.1:9")]);
    let resolved = R::ask(Resolve::new().environment(home)).await?;
    log.debug("resolved", &resolved);
    log.shown("resolved", resolved.explain());
    let (endpoint, mut config) = resolved.client()?;
    log.observe(&mut config);
    let nobody = R::new(endpoint, config, PoolLimits::default());
    log.outcome("nobody", &nobody.call(system::Info::new()).await);
    Ok(())
}

/// Addresses with passwords in them, and keys.
fn addresses(stage: &Stage) {
    let (log, secrets) = (&stage.log, &stage.secrets);
    let password = url_password(stage);
    for url in [
        format!("tcp://me:{password}@127.0.0.1:9"),
        format!("ssh://me:{password}@127.0.0.1"),
        format!("https://me:{password}@127.0.0.1:9/x"),
        format!("http://{password}@127.0.0.1:x"),
        format!("tcp://127.0.0.1:9?token={password}"),
        format!("fd://me:{password}@x"),
        format!("me:{password}@127.0.0.1"),
    ] {
        log.outcome("host", &HostSpec::parse(&url));
        log.outcome("endpoint", &Endpoint::parse(&url));
    }
    let key = secrets.make("a key");
    for pem in [key.clone(), format!("-----BEGIN PRIVATE KEY-----\n{key}\n-----END PRIVATE KEY-----\n")] {
        let tls = Tls::new().client_certificate(pem.clone(), pem);
        log.debug("tls", &tls);
        log.outcome("tls", &tls.check());
        let endpoint = Endpoint::parse("tcp://127.0.0.1:9").and_then(|endpoint| endpoint.with_tls(tls));
        log.outcome("endpoint", &endpoint);
    }
}

/// A folder, gone with it.
struct Folder(String);

impl Folder {
    fn new() -> Result<Self, Failure> {
        static NUMBER: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        let n = NUMBER.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("dp-secrets-{}-{n}", std::process::id()));
        std::fs::create_dir(&path)?;
        Ok(Self(path.to_str().ok_or("a plain name")?.to_owned()))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
