//! An engine that is ours alone: killed, restarted, and its containers.

use crate::Arguments;
use docker_blocking::Docker;
use docker_blocking::api::containers;
use docker_blocking::model::{ContainerCreateBody, HostConfig};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// Why a test failed.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// The image that `tests/engines` puts into every engine: a busybox.
pub const IMAGE: &str = "docker-proto-test:latest";

/// See the module.
pub struct Engine {
    /// As the table prints it.
    pub name: String,
    /// Where it is.
    pub url: String,
    /// For preparing and checking.
    pub docker: Docker,
    tool: String,
}

impl Engine {
    /// The engine of this name.
    pub fn new(name: &str, url: &str, arguments: &Arguments) -> Result<Self, Failure> {
        let engine =
            Self { name: name.into(), url: url.into(), docker: Docker::connect(url)?, tool: arguments.tool.clone() };
        engine.pid()?;
        Ok(engine)
    }

    /// Whether it is podman.
    pub fn is_podman(&self) -> bool {
        self.name == "podman"
    }

    fn tool(&self, words: &[&str]) -> Result<String, Failure> {
        let output = Command::new(&self.tool).args(words).stdin(Stdio::null()).stderr(Stdio::piped()).output()?;
        if !output.status.success() {
            return Err(format!("{} {words:?}: {}", self.tool, String::from_utf8_lossy(&output.stderr)).into());
        }
        Ok(String::from_utf8(output.stdout)?)
    }

    /// What the docker command prints.
    pub fn cli(&self, words: &[&str]) -> Result<String, Failure> {
        self.tool(&[&["cli", &*self.name], words].concat())
    }

    /// A container that somebody else made; removed on drop.
    pub fn adopt(&self, id: &str) -> Container<'_> {
        Container { id: id.into(), engine: self }
    }

    /// Of the daemon, which must be the one at our URL.
    fn pid(&self) -> Result<u32, Failure> {
        let list = self.tool(&["list"])?;
        let socket = self.url.trim_start_matches("unix://");
        let line = list.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
        let line = line.into_iter().find(|words| words.first() == Some(&&*self.name) && words.contains(&socket));
        let pid = line.and_then(|words| words.last()?.parse().ok());
        pid.ok_or_else(|| format!("the tool has no engine {} at {}:\n{list}", self.name, self.url).into())
    }

    /// Kills the daemon; gives the moment before it.
    pub fn kill(&self) -> Result<Instant, Failure> {
        let pid = self.pid()?;
        let now = Instant::now();
        let status = Command::new("/bin/kill").args(["-KILL", &pid.to_string()]).status();
        // Not every machine has the program; every shell has the word.
        let killed = match status {
            Ok(status) => status.success(),
            Err(_) => Command::new("sh").args(["-c", &format!("kill -KILL {pid}")]).status()?.success(),
        };
        if killed { Ok(now) } else { Err(format!("cannot kill {pid}").into()) }
    }

    /// Starts the daemon again, with the same containers.
    pub fn restart(&self) -> Result<(), Failure> {
        self.tool(&["restart", &self.name]).map(drop)
    }

    /// A running container; removed on drop.
    pub fn shell(&self, script: &str, tty: bool) -> Result<Container<'_>, Failure> {
        let container = self.created(script, tty)?;
        self.docker.call(containers::Start::new(&*container.id))?;
        Ok(container)
    }

    /// A container that was not started.
    pub fn created(&self, script: &str, tty: bool) -> Result<Container<'_>, Failure> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let n = NUMBER.fetch_add(1, Ordering::Relaxed);
        let body = ContainerCreateBody::new().image(IMAGE).cmd(["sh", "-c", script]).tty(tty);
        let body = body.host_config(HostConfig::new().network_mode("none"));
        let name = format!("kills-{}-{n}", std::process::id());
        let id = self.docker.call(containers::Create::new(body).name(&*name))?.id.ok_or("no id")?;
        Ok(Container { id, engine: self })
    }
}

/// A container of a test.
pub struct Container<'a> {
    /// Its id.
    pub id: String,
    engine: &'a Engine,
}

impl Drop for Container<'_> {
    fn drop(&mut self) {
        let _ = self.engine.docker.call(containers::Remove::new(&*self.id).force(true).v(true));
    }
}

/// Polls until it is so.
pub fn until(what: &str, limit: Duration, mut so: impl FnMut() -> bool) -> Result<(), Failure> {
    let end = Instant::now() + limit;
    while !so() {
        if Instant::now() > end {
            return Err(format!("{what}: not within {limit:?}").into());
        }
        thread::sleep(Duration::from_millis(5));
    }
    Ok(())
}
