//! Credentials: kept, found, and used with a registry that asks for them.
//!
//! What looks into the environment runs in a process of its own, this same program begun as `suite account ...`.

use super::Failure;
use super::contexts::{Folder, docker_does};
use crate::engine::{Engine, IMAGE};
use crate::runtime::{Items, Runtime};
use docker_proto::api::containers::Inspect;
use docker_proto::api::images::{Pull, Push, Remove, Tag};
use docker_proto::api::system;
use docker_proto::credentials::{Login, Lookup};
use docker_proto::model::AuthResponse;
use docker_proto::op::RegistryAuth;
use docker_proto::resolve::{Answer, Ask, Environment, Inquiry, Known, Program, ReadConfig, Stop};
use docker_proto::values::CreateOptions;
use docker_proto::{Error, ErrorKind};
use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use std::time::{Duration, Instant};

/// Who has an account at the registry that asks for one.
pub const USERS: [(&str, &str); 3] =
    [("tester", "sw~ordf;ish"), ("quest", "a~?>b\"c\\d:e f"), ("ümläut", "pässwörd~?>\"€")];
const USER: &str = USERS[0].0;
const PASSWORD: &str = USERS[0].1;

fn variable(name: &str) -> Result<String, Failure> {
    std::env::var(name).map_err(|_| format!("{name} is not set").into())
}

/// Runs [`account`] in its own environment; what it says goes to stderr.
fn apart<R: Runtime>(engine: &Engine, folder: &Folder, registry: &str, path: Option<&str>) -> Result<(), Failure> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["account", R::NAME, registry]);
    command.env("DOCKER_HOST", &engine.url).env("DOCKER_CONFIG", folder.text());
    for name in ["DOCKER_CONTEXT", "DOCKER_API_VERSION", "DOCKER_AUTH_CONFIG", "DOCKER_CUSTOM_HEADERS"] {
        command.env_remove(name);
    }
    if let Some(path) = path {
        let rest = variable("PATH")?;
        command.env("PATH", format!("{path}:{rest}"));
    }
    let output = command.output()?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.success() { Ok(()) } else { Err(said.into()) }
}

/// A wrong password, the right one, push, pull, forget.
pub fn account<R: Runtime>(registry: &str) -> Result<(), Failure> {
    R::block_on(async {
        let docker = R::from_env()?;
        let config = format!("{}/config.json", variable("DOCKER_CONFIG")?);
        let read = || std::fs::read_to_string(&config);
        let before = read().unwrap_or_default();
        let repo = format!("{registry}/{}-{}", R::NAME, std::process::id());
        docker.call(Tag::new(IMAGE, &*repo).tag("1")).await?;

        // podman checks accounts through HTTPS only, unless the registry is called localhost; but then it pushes so only.
        let is_podman = docker.call(system::Ping::new()).await?.libpod_version.is_some();
        let wrong = docker.login(Login::new(registry, USER, "not~it")).await.err().ok_or("a wrong password passed")?;
        assert!(wrong.status() >= Some(400), "{wrong}");
        let why = if is_podman { "HTTPS" } else { "401" };
        assert!(wrong.message().contains(why) || wrong.status() == Some(401), "{wrong}");
        assert!(!wrong.to_string().contains("not~it"), "{wrong}");
        assert_eq!(read().unwrap_or_default(), before, "a refused login was kept");
        assert_eq!(docker.auth_for(&repo).await?, RegistryAuth::anonymous());
        let denied = push(&docker, &repo).await.err().ok_or("an anonymous push passed")?;
        assert!(denied.status() != Some(404), "{denied}");

        let pull = |auth| docker.begin(Pull::new(&*repo).tag("1").registry_auth(auth)).all();
        for (user, password) in USERS {
            let login = Login::new(registry, user, password);
            let stored = match is_podman {
                true => R::ask(login.store(&AuthResponse::new())).await?,
                false => docker.login(login).await?,
            };
            assert_eq!(stored.registry, registry);
            assert_eq!(read()?.contains("\"auth\":"), stored.helper.is_none(), "{stored:?}");
            push(&docker, &repo).await?;
            docker.call(Remove::new(format!("{repo}:1"))).await?;
            pull(docker.auth_for(&repo).await?).await?;
            let all = docker.auths().await?;
            assert_eq!(all.0[registry].username.as_deref(), Some(user));
            assert!(!format!("{all:?}").contains(password));
            docker.logout(registry).await?;
            assert_eq!(docker.auth_for(&repo).await?, RegistryAuth::anonymous());
        }
        docker.call(Remove::new(format!("{repo}:1"))).await?;
        let denied = pull(docker.auth_for(&repo).await?).await.err().ok_or("an anonymous pull passed")?;
        assert!(USERS.iter().all(|(_, password)| !denied.to_string().contains(password)), "{denied}");
        Ok(())
    })
}

async fn push<R: Runtime>(docker: &R, repo: &str) -> Result<(), Error> {
    let auth = docker.auth_for(repo).await?;
    docker.begin(Push::new(repo).tag("1").registry_auth(auth)).all().await.map(drop)
}

pub async fn a_login_serves_push_and_pull<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let folder = Folder::new()?;
    std::fs::write(folder.path().join("config.json"), "{\"HttpHeaders\": {\"X-Team\": \"build\"}}")?;
    apart::<R>(engine, &folder, &variable("DOCKER_TEST_REGISTRY_AUTH")?, None)?;
    let config = std::fs::read_to_string(folder.path().join("config.json"))?;
    assert!(config.contains("X-Team"), "{config}");

    // A registry without accounts: nothing is configured, and nothing is needed.
    let registry = variable("DOCKER_TEST_REGISTRY")?;
    let docker: R = engine.client();
    let repo = format!("{registry}/{}-{}", R::NAME, std::process::id());
    docker.call(Tag::new(IMAGE, &*repo).tag("1")).await?;
    let home = Environment::from([("DOCKER_CONFIG", folder.text())]);
    let auth = R::ask(Lookup::image(&*repo).environment(home)).await?.header();
    assert_eq!(auth, RegistryAuth::anonymous());
    docker.begin(Push::new(&*repo).tag("1").registry_auth(auth.clone())).all().await?;
    docker.begin(Pull::new(&*repo).tag("1").registry_auth(auth)).all().await?;
    docker.call(Remove::new(format!("{repo}:1"))).await?;
    Ok(())
}

/// A helper that keeps everything in files of a folder, written for any shell.
const HELPER: &str = r#"#!/bin/sh
kept='FOLDER'
echo "$1" >>"$kept/calls"
case $1 in
  store)
    text=$(cat)
    url=$(printf %s "$text" | sed 's/.*"ServerURL":"\([^"]*\)".*/\1/')
    printf %s "$text" >"$kept/$(printf %s "$url" | tr '/:' '__')" ;;
  get | erase)
    file=$kept/$(cat | tr '/:' '__')
    [ -f "$file" ] || { echo 'credentials not found in native keychain'; exit 1; }
    if [ "$1" = get ]; then cat "$file"; else rm "$file"; fi ;;
  list)
    for file in "$kept"/*_[0-9]*; do [ ! -f "$file" ] || sed 's/.*"ServerURL":"\([^"]*\)".*"Username":"\([^"]*\)".*/{"\1":"\2"}/' "$file"; done
    ls "$kept"/*_[0-9]* >/dev/null 2>&1 || echo '{}' ;;
esac
"#;

/// Puts the helper into a folder; gives that folder.
fn helper(folder: &Folder) -> Result<String, Failure> {
    let bin = folder.path().join("bin");
    std::fs::create_dir(&bin)?;
    let program = bin.join("docker-credential-files");
    std::fs::write(&program, HELPER.replace("FOLDER", folder.text()))?;
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755))?;
    Ok(bin.to_str().ok_or("a plain name")?.to_owned())
}

pub async fn a_helper_serves_push_and_pull<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let folder = Folder::new()?;
    let bin = helper(&folder)?;
    std::fs::write(folder.path().join("config.json"), "{\"credsStore\": \"files\"}")?;
    apart::<R>(engine, &folder, &variable("DOCKER_TEST_REGISTRY_AUTH")?, Some(&bin))?;
    let calls = std::fs::read_to_string(folder.path().join("calls"))?;
    for verb in ["get", "store", "list", "erase"] {
        assert!(calls.contains(verb), "{calls}");
    }
    let config = std::fs::read_to_string(folder.path().join("config.json"))?;
    assert!(!config.contains("auth\""), "{config}");
    Ok(())
}

pub async fn a_login_of_the_docker_command_serves<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let folder = Folder::new()?;
    let registry = variable("DOCKER_TEST_REGISTRY_AUTH")?;
    let home = Environment::from([("DOCKER_CONFIG", folder.text())]);
    // podman refuses the check, as above.
    if !engine.is_podman() {
        docker_does(engine, &folder, &["login", "-u", USER, "-p", PASSWORD, &registry])?;
        let found = R::ask(Lookup::registry(&*registry).environment(home.clone())).await?;
        assert_eq!(found.header(), RegistryAuth::password(USER, PASSWORD, &registry));
        docker_does(engine, &folder, &["logout", &registry])?;
    }
    // And the other way round: what we keep is what the command pushes with.
    let docker: R = engine.client();
    R::ask(Login::new(&registry, USER, PASSWORD).environment(home).store(&AuthResponse::new())).await?;
    let name = format!("{registry}/cli-{}-{}:1", R::NAME, std::process::id());
    let (repo, tag) = name.rsplit_once(':').ok_or("a tag")?;
    docker.call(Tag::new(IMAGE, repo).tag(tag)).await?;
    let pushed = docker_does(engine, &folder, &["push", &name]);
    docker.call(Remove::new(&*name)).await?;
    pushed.map(drop)
}

pub async fn a_container_learns_of_the_proxies<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let folder = Folder::new()?;
    let text = r#"{"proxies": {"default": {"httpProxy": "http://p:1", "noProxy": "h"}}}"#;
    std::fs::write(folder.path().join("config.json"), text)?;
    let home = Environment::from([("DOCKER_CONFIG", folder.text())]);
    let proxies = R::ask(ReadConfig::new().environment(home)).await?.proxy_variables(&engine.url);
    let docker: R = engine.client();
    let create = CreateOptions::new(IMAGE).env("http_proxy=mine").proxies(proxies).create()?;
    let c = engine.container(&docker, create.body).await?;
    let env = docker.call(Inspect::new(&*c.id)).await?.config.ok_or("no settings")?.env;
    for (name, value) in
        [("http_proxy", Some("mine")), ("HTTP_PROXY", None), ("NO_PROXY", Some("h")), ("no_proxy", Some("h"))]
    {
        let found = env.iter().find_map(|var| var.strip_prefix(name)?.strip_prefix('='));
        assert_eq!(found, value, "{name} in {env:?}");
    }
    Ok(())
}

/// Runs one program.
struct Runs(Program);

impl Inquiry for Runs {
    type Output = Answer;

    fn run(&self, known: &mut Known) -> Result<Answer, Stop> {
        known.ask(Ask::Run(self.0.clone()))
    }
}

pub async fn a_program_is_fed_and_heard<R: Runtime>() -> Result<(), Failure> {
    let folder = Folder::new()?;
    let bin = helper(&folder)?;
    std::fs::write(folder.path().join("config.json"), "{\"credsStore\": \"files\"}")?;
    let path = format!("{bin}:{}", variable("PATH")?);
    let home = Environment::from([("DOCKER_CONFIG", folder.text()), ("PATH", &path)]);
    let hard = "~?>ü\\x €";
    let login = Login::new("127.0.0.1:1", "m~e", hard).environment(home.clone());
    R::ask(login.store(&AuthResponse::new())).await?;
    let found = R::ask(Lookup::registry("127.0.0.1:1").environment(home.clone())).await?;
    assert_eq!(found.header(), RegistryAuth::password("m~e", hard, "127.0.0.1:1"));
    assert!(R::ask(Lookup::registry("127.0.0.1:2").environment(home)).await?.auth.is_none());

    // More than a pipe holds, in and out at the same time.
    let text = "0123456789abcdef".repeat(20_000);
    let ran = R::ask(Runs(Program::new("sh", ["-c", "tr a-f A-F; exit 7"]).stdin(&*text))).await;
    match ran? {
        Answer::Ran { code, stdout } => assert_eq!((code, stdout.len()), (Some(7), text.len())),
        other => return Err(format!("{other:?}").into()),
    }
    let nothing = R::ask(Runs(Program::new("docker-proto-there-is-none", [""; 0]))).await?;
    assert_eq!(nothing, Answer::Nothing);
    let e = R::ask(
        Lookup::registry("r")
            .environment(Environment::from([("DOCKER_CONFIG", folder.text()), ("PATH", "/nonexistent")])),
    );
    let e = e.await.err().ok_or("a helper that is not there was run")?;
    assert!(e.kind() == ErrorKind::Credentials && e.message().contains("no such program"), "{e}");
    Ok(())
}

pub async fn a_program_that_goes_on_is_killed<R: Runtime>() -> Result<(), Failure> {
    let folder = Folder::new()?;
    let pid = folder.path().join("pid");
    let script = format!("echo $$ >{}; exec sleep 1000", pid.display());
    let mut program = Program::new("sh", ["-c", &script]);
    program.timeout = Duration::from_millis(500);
    let begun = Instant::now();
    let answer = R::ask(Runs(program)).await?;
    assert_eq!(answer, Answer::Failed("took longer than 500ms".into()));
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    // It is reaped: there is no such process, not even a dead one.
    let pid = std::fs::read_to_string(pid)?;
    assert!(!std::path::Path::new(&format!("/proc/{}", pid.trim())).exists(), "{pid} is still there");
    Ok(())
}

pub async fn a_program_that_does_not_read_is_heard<R: Runtime>() -> Result<(), Failure> {
    let program = Program::new("sh", ["-c", "exec <&-; echo no; exit 3"]).stdin("x".repeat(1 << 20));
    match R::ask(Runs(program)).await? {
        Answer::Ran { code, stdout } => assert_eq!((code, &*stdout), (Some(3), &b"no\n"[..])),
        other => return Err(format!("{other:?}").into()),
    }
    let endless =
        R::ask(Runs(Program::new("sh", ["-c", "while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done"]))).await?;
    assert_eq!(endless, Answer::Failed("printed too much".into()));
    Ok(())
}
