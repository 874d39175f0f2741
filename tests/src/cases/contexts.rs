//! Contexts, shared with the docker command of each engine.

use super::{Failure, tool};
use crate::engine::Engine;
use crate::runtime::Runtime;
use docker_proto::ErrorKind;
use docker_proto::api::system;
use docker_proto::resolve::contexts::{Create, Inspect, List, Remove, Use};
use docker_proto::resolve::{Environment, Resolve};
use docker_proto::session::PoolLimits;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};

/// A folder of a test, gone with it.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Result<Self, Failure> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let n = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("docker-proto-{}-{n}", std::process::id()));
        std::fs::create_dir(&path)?;
        Ok(Self(path))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    pub fn text(&self) -> &str {
        self.0.to_str().expect("a temporary folder with a plain name")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The docker command of an engine, with a folder of its own.
pub fn docker(engine: &Engine, folder: &Folder, args: &[&str]) -> Result<Output, Failure> {
    let tool = tool().ok_or("DOCKER_TEST_TOOL is not set")?;
    Ok(Command::new(tool).args(["cli", &engine.name, "--config", folder.text()]).args(args).output()?)
}

/// The same, and it succeeds.
pub fn docker_does(engine: &Engine, folder: &Folder, args: &[&str]) -> Result<String, Failure> {
    let output = docker(engine, folder, args)?;
    if output.status.success() {
        return Ok(String::from_utf8(output.stdout)?);
    }
    Err(format!("docker {args:?}: {}", String::from_utf8_lossy(&output.stderr)).into())
}

pub async fn those_of_the_docker_command_are_used<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let folder = Folder::new()?;
    let host = format!("host={}", engine.url);
    docker_does(engine, &folder, &["context", "create", "theirs", "--description", "é <1>", "--docker", &host])?;
    docker_does(engine, &folder, &["context", "create", "skips", "--docker", "host=tcp://h:1,skip-tls-verify=true"])?;
    docker_does(engine, &folder, &["context", "use", "theirs"])?;
    let home = Environment::from([("HOME", "/nonexistent"), ("DOCKER_CONFIG", folder.text())]);
    let all = R::ask(List::new().environment(home.clone())).await?;
    let seen: Vec<_> = all.iter().map(|c| (&*c.name, c.host.as_deref(), c.current)).collect();
    assert_eq!(seen[1..], [("skips", Some("tcp://h:1"), false), ("theirs", Some(&*engine.url), true)]);
    assert_eq!(all[2].description.as_deref(), Some("é <1>"));
    assert!(R::ask(Inspect::new("skips").environment(home.clone())).await?.skip_tls_verify);

    let resolved = R::ask(Resolve::new().environment(home.clone())).await?;
    assert_eq!(resolved.context.as_deref(), Some("theirs"));
    let (endpoint, config) = resolved.client()?;
    let docker = R::new(endpoint, config, PoolLimits::default());
    docker.call(system::Ping::new()).await?;

    // What they removed is gone for us.
    docker_does(engine, &folder, &["context", "rm", "-f", "theirs"])?;
    let e = R::ask(Inspect::new("theirs").environment(home)).await.err().ok_or("still there")?;
    assert_eq!(e.kind(), ErrorKind::Context);
    Ok(())
}

pub async fn the_docker_command_uses_ours<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let folder = Folder::new()?;
    let home = Environment::from([("DOCKER_CONFIG", folder.text())]);
    let create = Create::new("ours", &*engine.url).description("made here: \"é\" <1>");
    R::ask(create.environment(home.clone())).await?;
    R::ask(Create::new("other", "tcp://h:1").environment(home.clone())).await?;
    // The command goes through the context, and not through its DOCKER_HOST.
    let theirs = docker_does(engine, &folder, &["--context", "ours", "version", "--format", "{{.Server.APIVersion}}"])?;
    let docker: R = engine.client();
    let api = docker.call(system::Ping::new()).await?.api_version;
    assert_eq!(Some(theirs.trim()), api.as_deref());
    assert!(docker_does(engine, &folder, &["--context", "other", "version"]).is_err(), "h:1 answered");
    let list = docker_does(engine, &folder, &["context", "ls", "--format", "{{.Name}} {{.Description}}"])?;
    assert!(list.contains("ours made here: \"é\" <1>") && list.contains("other"), "{list}");
    // Before 23.0 the command refuses to switch, and says nothing of what is in use, while DOCKER_HOST is set.
    R::ask(Use::new("ours").environment(home.clone())).await?;
    let config = std::fs::read_to_string(folder.path().join("config.json"))?;
    assert!(config.contains("\"currentContext\": \"ours\""), "{config}");
    let e = R::ask(Remove::new("ours").environment(home.clone())).await.err().ok_or("removed while in use")?;
    assert_eq!(e.kind(), ErrorKind::Context, "{e}");
    R::ask(Remove::new("ours").force(true).environment(home)).await?;
    let list = docker_does(engine, &folder, &["context", "ls", "-q"])?;
    assert!(!list.contains("ours") && list.contains("other"), "{list}");
    Ok(())
}

pub async fn files_are_written_and_removed<R: Runtime>() -> Result<(), Failure> {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = Folder::new()?;
    let docker = folder.path().join("docker");
    let home = Environment::from([("DOCKER_CONFIG", docker.to_str().ok_or("a plain name")?)]);
    let create = Create::new("tls", "tcp://h:1").ca("CA").client_certificate("CERT", "KEY");
    let made = R::ask(create.environment(home.clone())).await?;
    let key = made.tls.key.clone().ok_or("no key")?;
    assert_eq!(std::fs::read_to_string(&key)?, "KEY");
    let mode = |path: &Path| Ok::<_, std::io::Error>(std::fs::metadata(path)?.permissions().mode() & 0o777);
    let parent = Path::new(&key).parent().ok_or("no folder")?;
    assert_eq!((mode(Path::new(&key))?, mode(parent)?), (0o600, 0o700));

    // A config.json that is a link elsewhere stays one.
    let real = folder.path().join("real.json");
    std::fs::write(&real, "{\"x\": 1}")?;
    symlink(&real, docker.join("config.json"))?;
    R::ask(Use::new("tls").environment(home.clone())).await?;
    assert!(std::fs::symlink_metadata(docker.join("config.json"))?.is_symlink());
    let written = std::fs::read_to_string(&real)?;
    assert!(written.contains("\"x\": 1") && written.contains("\"tls\""), "{written}");
    assert_eq!(mode(&real)?, 0o600);
    // Nothing is left of the writing.
    assert_eq!(std::fs::read_dir(folder.path())?.count(), 2);

    R::ask(Remove::new("tls").force(true).environment(home.clone())).await?;
    assert!(!Path::new(&key).exists());
    assert_eq!(std::fs::read_dir(docker.join("contexts/meta"))?.count(), 0);
    // A pipe in the place of a file is not waited for.
    std::fs::remove_file(docker.join("config.json"))?;
    let made = Command::new("mkfifo").arg(docker.join("config.json")).status()?;
    assert!(made.success());
    let e = R::ask(Use::new("default").environment(home.clone())).await;
    assert!(e.is_ok(), "nothing is to be switched: {e:?}");
    let told = R::ask(Resolve::new().environment(home)).await?.explain().to_string();
    assert!(told.contains("config.json: is not a file"), "{told}");
    Ok(())
}
