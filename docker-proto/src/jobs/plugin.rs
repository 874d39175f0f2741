//! Plugins from a registry, with the consent of whoever installs them.

use super::image::follow;
use super::leftover::until_gone;
use super::outcome::Pauses;
use super::run::left;
use super::{Job, Verbs};
use crate::api::plugins::{Enable, Inspect, Privileges, Pull, Remove, Set};
use crate::model::{Plugin, PluginPrivilege, Progress};
use crate::op::RegistryAuth;
use crate::{Error, ErrorKind, Result};
use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::time::Duration;

/// How long one request to the plugin may take, in seconds, if nothing else is said.
const ANSWERS_WITHIN: i64 = 30;
/// For how long a plugin may still appear whose pull was broken off.
const SETTLE: Duration = Duration::from_secs(2);

/// Installs a plugin from a registry, with what it wants to be allowed, and enables it.
///
/// What it wants is asked for first, and given to [`accept`](InstallPlugin::accept), which decides. A plugin that could not
/// be set or enabled, or whose installation is [called off](Job::until), is removed again; one that was there before
/// is an error and left alone. A dropped job leaves what was installed by then, not enabled.
///
/// Of the engines only dockerd has plugins. Waits for the registry as long as it takes.
///
/// ```no_run
/// use docker_proto::jobs::install_plugin;
///
/// let job = install_plugin("vieux/sshfs:latest")
///     .name("ssh")
///     .accept(|wants| {
///         wants.iter().for_each(|privilege| println!("{:?} {:?}", privilege.name, privilege.value));
///         true
///     })
///     .setting("DEBUG=1");
/// // let plugin = docker.job(job).await?;
/// ```
///
/// Errors: [`Cancelled`](ErrorKind::Cancelled) if it is not accepted; [`Usage`](ErrorKind::Usage) if it wants anything and
/// nobody is there to accept it; 404 no such plugin; 409 the name is taken; 500 it does not start, or the registry cannot
/// be reached; [`InStream`](ErrorKind::InStream) if the pull fails.
#[inline]
pub fn install_plugin(remote: impl Into<String>) -> InstallPlugin {
    InstallPlugin {
        remote: remote.into(),
        name: None,
        auth: None,
        accept: None,
        settings: Vec::new(),
        enable: Some(ANSWERS_WITHIN),
        watch: None,
    }
}

/// See [`install_plugin`].
#[must_use = "a job does nothing until `docker.job(..)` does it"]
pub struct InstallPlugin {
    remote: String,
    name: Option<String>,
    auth: Option<RegistryAuth>,
    accept: Option<Accept>,
    settings: Vec<String>,
    enable: Option<i64>,
    watch: Option<Watch>,
}

type Accept = Box<dyn FnOnce(&[PluginPrivilege]) -> bool + Send>;
type Watch = Box<dyn FnMut(Progress) + Send>;

impl InstallPlugin {
    /// Its name here; that in the registry if this is not said.
    #[inline]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Credentials for the registry.
    #[inline]
    pub fn auth(mut self, auth: impl Into<RegistryAuth>) -> Self {
        self.auth = Some(auth.into());
        self
    }

    /// Decides whether it gets all that it wants; less than that no engine installs. Asked only if it wants anything.
    #[inline]
    pub fn accept(mut self, accept: impl FnOnce(&[PluginPrivilege]) -> bool + Send + 'static) -> Self {
        self.accept = Some(Box::new(accept));
        self
    }

    /// A setting, before it is enabled: as [`Set::setting`].
    #[inline]
    pub fn setting(mut self, setting: impl Into<String>) -> Self {
        self.settings.push(setting.into());
        self
    }

    /// Whether it is enabled, which it is if this is not said.
    #[inline]
    pub fn enable(mut self, enable: bool) -> Self {
        self.enable = enable.then_some(ANSWERS_WITHIN);
        self
    }

    /// How long one request of the engine to it may take, in whole seconds; 0 is no limit, and 30 what it is if this is
    /// not said. Enables it.
    #[inline]
    pub fn answers_within(mut self, seconds: u32) -> Self {
        self.enable = Some(seconds.into());
        self
    }

    /// Shows the progress of the pull.
    #[inline]
    pub fn watch(mut self, watch: impl FnMut(Progress) + Send + 'static) -> Self {
        self.watch = Some(Box::new(watch));
        self
    }

    #[inline]
    fn consent(&mut self, wants: &[PluginPrivilege]) -> Result<()> {
        if wants.is_empty() {
            return Ok(());
        }
        let names: Vec<_> = wants.iter().filter_map(|privilege| privilege.name.as_deref()).collect();
        let wanted = format!("the plugin {} wants {}", self.remote, names.join(", "));
        match self.accept.take() {
            None => Err(Error::usage(format!("{wanted}: accept must decide about it"))),
            Some(accept) => match accept(wants) {
                true => Ok(()),
                false => Err(Error::new(ErrorKind::Cancelled, format!("{wanted}, which was not accepted"))),
            },
        }
    }

    /// From the plugin that is installed to one that runs.
    #[inline]
    async fn bring_up<V: Verbs>(&mut self, docker: &V, name: &str) -> Result<()> {
        if !self.settings.is_empty() {
            docker.call(Set::new(name).body(core::mem::take(&mut self.settings))).await?;
        }
        if let Some(seconds) = self.enable {
            docker.call(Enable::new(name, seconds)).await?;
        }
        Ok(())
    }
}

impl Job for InstallPlugin {
    type Output = Plugin;

    #[inline]
    async fn run<V: Verbs>(mut self, docker: &V) -> Result<Plugin> {
        let mut privileges = Privileges::new(&*self.remote);
        privileges.registry_auth = self.auth.clone();
        let wants = docker.call(privileges).await?;
        self.consent(&wants)?;
        let mut pull = Pull::new(&*self.remote).body(wants);
        pull.name = self.name.clone();
        pull.registry_auth = self.auth.take();
        let name = self.name.take().unwrap_or_else(|| self.remote.clone());
        // Whoever calls the job off before the pull is answered must not lose one that was there before.
        let was_there = docker.call(Inspect::new(&*name)).await.map_or_else(not_found, |_| Ok(true))?;
        let mut progress = docker.begin(pull);
        if let Err(e) = follow(&mut progress, &mut self.watch).await {
            drop(progress);
            // What the engine itself gave up is not there.
            let is_gone = was_there || matches!(e.kind(), ErrorKind::Engine | ErrorKind::InStream | ErrorKind::Usage);
            let stays = if is_gone { None } else { remove(docker, &name, SETTLE).await.err() };
            return Err(left(e, stays));
        }
        if let Err(e) = self.bring_up(docker, &name).await {
            return Err(left(e, remove(docker, &name, Duration::ZERO).await.err()));
        }
        // It is there now: who calls the job off only now gets it.
        docker.shielded().call(Inspect::new(&*name)).await
    }
}

#[inline]
fn not_found(e: Error) -> Result<bool> {
    if e.is_not_found() { Ok(false) } else { Err(e) }
}

/// Removes a plugin, also if the job was called off. One that may be about to appear is looked for so long.
#[inline]
async fn remove<V: Verbs>(docker: &V, name: &str, settle: Duration) -> Result<()> {
    let docker = docker.shielded();
    let mut pauses = Pauses::new(settle);
    loop {
        let gone = until_gone(docker, &format!("the plugin {name}"), || Remove::new(name).force(true)).await?;
        if gone || !pauses.pause(docker).await {
            return Ok(());
        }
    }
}

impl fmt::Debug for InstallPlugin {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InstallPlugin").field("remote", &self.remote).field("name", &self.name).finish_non_exhaustive()
    }
}
