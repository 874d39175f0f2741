//! An engine of the environment, and what every live test needs of it.

use crate::runtime::{Items, Runtime};
use docker_proto::api::{containers, exec};
use docker_proto::model::{ContainerCreateBody, ExecConfig, HostConfig};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// The image that `tests/engines` puts into every engine: a busybox.
pub const IMAGE: &str = "docker-proto-test:latest";

type Failure = Box<dyn std::error::Error>;

/// A real engine.
#[derive(Clone)]
pub struct Engine {
    /// As the table prints it.
    pub name: String,
    /// Where it is.
    pub url: String,
}

impl Engine {
    /// `NAME=URL`.
    pub fn new(argument: &str) -> Result<Self, Failure> {
        let (name, url) = argument.split_once('=').ok_or("an engine is given as NAME=URL")?;
        docker_proto::session::Endpoint::parse(url)?;
        Ok(Self { name: name.into(), url: url.into() })
    }

    /// Whether it is podman, whose differences are known.
    pub fn is_podman(&self) -> bool {
        self.name == "podman"
    }

    /// A client of it.
    pub fn client<R: Runtime>(&self) -> R {
        R::connect(&self.url)
    }

    /// Creates a container that runs `script`, removed when the test is over, come what may.
    pub async fn container<R: Runtime>(&self, docker: &R, body: ContainerCreateBody) -> Result<Container<R>, Failure> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let n = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("dp-{}-{n}", std::process::id());
        let body = match body.host_config {
            Some(_) => body,
            None => body.host_config(HostConfig::new().network_mode("none")),
        };
        let created = docker.call(containers::Create::new(body).name(&*name)).await?;
        let id = created.id.ok_or("a container without an id")?;
        Ok(Container { id, name, docker: docker.clone() })
    }

    /// A container that runs `script` in a shell.
    pub async fn shell<R: Runtime>(&self, docker: &R, script: &str) -> Result<Container<R>, Failure> {
        self.container(docker, shell(script)).await
    }
}

/// The body of a container that runs `script` in a shell.
pub fn shell(script: &str) -> ContainerCreateBody {
    ContainerCreateBody::new().image(IMAGE).cmd(["sh", "-c", script])
}

/// A container of a test; removed on drop.
pub struct Container<R: Runtime> {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    docker: R,
}

impl<R: Runtime> Container<R> {
    /// Starts it.
    pub async fn start(&self) -> Result<(), Failure> {
        self.docker.call(containers::Start::new(&*self.id)).await?;
        Ok(())
    }

    /// Waits until it does not run; its exit code.
    pub async fn exit(&self) -> Result<i64, Failure> {
        let answer = self.docker.begin(containers::Wait::new(&*self.id)).value().await?;
        answer.status_code.ok_or_else(|| "no exit code".into())
    }

    /// Prepares a command in it.
    pub async fn exec(&self, script: &str, tty: bool, stdin: bool) -> Result<String, Failure> {
        let config = ExecConfig::new()
            .cmd(["sh", "-c", script])
            .attach_stdin(stdin)
            .attach_stdout(true)
            .attach_stderr(true)
            .tty(tty);
        let answer = self.docker.call(exec::Create::new(&*self.id, config)).await?;
        answer.id.ok_or_else(|| "an exec without an id".into())
    }

    /// The exit code of a command whose output has ended.
    pub async fn exec_code(&self, exec: &str) -> Result<i64, Failure> {
        loop {
            let state = self.docker.call(exec::Inspect::new(exec)).await?;
            match state.exit_code.filter(|_| state.running != Some(true)) {
                Some(code) => return Ok(code),
                None => R::sleep(Duration::from_millis(10)).await,
            }
        }
    }
}

impl<R: Runtime> Drop for Container<R> {
    fn drop(&mut self) {
        let (docker, id) = (self.docker.clone(), self.id.clone());
        // A runtime of its own: the test's may be on its way out.
        let thread = std::thread::spawn(move || R::block_on(removed(docker, id)));
        let _ = thread.join();
    }
}

/// Removes a container, or says that it is left.
async fn removed<R: Runtime>(docker: R, id: String) {
    let end = Instant::now() + Duration::from_secs(10);
    loop {
        match docker.call(containers::Remove::new(&*id).force(true).v(true)).await {
            Ok(_) => return,
            Err(e) if e.is_not_found() => return,
            // It may be in the middle of ending, or being removed already.
            Err(_) if Instant::now() < end => R::sleep(Duration::from_millis(50)).await,
            Err(e) => return eprintln!("LEFT: container {id}: {e}"),
        }
    }
}
