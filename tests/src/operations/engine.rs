//! A real engine, and what every case needs of it.

use docker_blocking::Docker;
use docker_blocking::api::{containers, system};
use docker_blocking::model::{ApiVersion, ContainerCreateBody, HostConfig};
use docker_blocking::session::{Config, Endpoint, PoolLimits, VersionChoice};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// Why a case failed.
pub type Failure = Box<dyn std::error::Error>;

/// The image that `tests/engines` puts into every engine: a busybox.
pub const IMAGE: &str = "docker-proto-test:latest";

/// The user of the registry that wants one, and the password, whose base64 has a letter of the URL alphabet.
pub const USER: &str = "tester";
/// See [`USER`].
pub const PASSWORD: &str = "sw~ordf;ish";

/// The engines that `tests/engines` starts.
const OWN: [&str; 4] = ["d20", "d26", "d28", "podman"];

/// A real engine.
pub struct Engine {
    /// As the table prints it.
    pub name: String,
    /// Where it is.
    pub url: String,
    /// Whether the tests started it and may do with it what they like.
    pub own: bool,
    /// Whether it is podman.
    pub podman: bool,
    /// The newest API version it speaks, or the one that the client is pinned to.
    pub api: ApiVersion,
    pinned: bool,
}

impl Engine {
    /// `NAME=URL`, or `NAME@VERSION=URL` for a client that is pinned to an API version; asks the engine who it is.
    pub fn new(argument: &str) -> Result<Self, Failure> {
        let (name, url) = argument.split_once('=').ok_or("an engine is given as NAME=URL")?;
        let (base, pin) = name.split_once('@').map_or((name, None), |(base, pin)| (base, Some(pin)));
        let ping = Docker::connect(url)?.call(system::Ping::new()).map_err(|e| format!("{name}: {e}"))?;
        let newest = ping.api_version.as_deref().ok_or("a ping without Api-Version")?;
        Ok(Self {
            name: name.into(),
            url: url.into(),
            own: OWN.contains(&base),
            podman: ping.libpod_version.is_some(),
            api: pin.unwrap_or(newest).parse()?,
            pinned: pin.is_some(),
        })
    }

    /// A client of it.
    pub fn client(&self) -> Result<Docker, Failure> {
        let endpoint = Endpoint::parse(&self.url)?;
        let mut config = Config::new(&endpoint);
        if self.pinned {
            config.version = VersionChoice::Pinned(self.api);
        }
        Ok(Docker::new(endpoint, config, PoolLimits::default()))
    }

    /// Whether it is Docker, of API `1.minor` or later.
    pub fn docker_since(&self, minor: u16) -> bool {
        !self.podman && self.api >= ApiVersion::new(1, minor)
    }
}

/// A name that nobody else uses.
pub fn unique(what: &str) -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    format!("dpo-{what}-{}-{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed))
}

/// The body of a container that runs `script` in a shell, without a network.
pub fn shell(script: &str) -> ContainerCreateBody {
    ContainerCreateBody::new()
        .image(IMAGE)
        .cmd(["sh", "-c", script])
        .host_config(HostConfig::new().network_mode("none"))
}

/// A script that runs until it is asked to stop, which a shell as process 1 does not do by itself.
pub const STAYS: &str = "trap 'exit 0' TERM INT USR1; while :; do sleep 0.1; done";

/// Asks again and again until there is an answer: for what engines do later and do not tell of.
pub fn until<T>(what: &str, mut ask: impl FnMut() -> Result<Option<T>, Failure>) -> Result<T, Failure> {
    let end = Instant::now() + Duration::from_secs(60);
    loop {
        match ask()? {
            Some(answer) => return Ok(answer),
            None if Instant::now() > end => return Err(format!("{what}: not so after a minute").into()),
            None => thread::sleep(Duration::from_millis(20)),
        }
    }
}

/// A variable that `tests/run` sets for the cases.
pub fn variable(name: &str) -> Result<String, Failure> {
    std::env::var(name).map_err(|_| format!("{name} is not set").into())
}

/// Does something when the case is over, come what may.
pub struct Cleanup<F: FnMut()>(pub F);

impl<F: FnMut()> Drop for Cleanup<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

/// A container of a case; removed on drop.
pub struct Container {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    docker: Docker,
}

impl Container {
    /// Made, not started; the calls are not part of the case.
    pub fn create(docker: &Docker, body: ContainerCreateBody) -> Result<Self, Failure> {
        let name = unique("c");
        let id = docker.call(containers::Create::new(body).name(&*name))?.id.ok_or("a container without an id")?;
        Ok(Self { id, name, docker: docker.clone() })
    }

    /// Made and started.
    pub fn run(docker: &Docker, script: &str) -> Result<Self, Failure> {
        let container = Self::create(docker, shell(script))?;
        docker.call(containers::Start::new(&*container.id))?;
        Ok(container)
    }

    /// Waits until it does not run; its exit code.
    pub fn exit(&self) -> Result<i64, Failure> {
        self.docker.call(containers::Wait::new(&*self.id))?.status_code.ok_or_else(|| "no exit code".into())
    }
}

impl Drop for Container {
    fn drop(&mut self) {
        // Cases that remove it themselves leave nothing to remove.
        let _ = self.docker.call(containers::Remove::new(&*self.id).force(true).v(true));
    }
}
