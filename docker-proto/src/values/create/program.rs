//! What runs, and its surroundings.

use super::{CreateOptions, add, pairs, plain, read, set};
use crate::Error;
use crate::model::{HealthConfig, RestartPolicy};
use crate::op::{Seconds, Signal};
use crate::values::{Env, Nanoseconds, env_file, refuse, split_command};
use alloc::string::{String, ToString};
use core::fmt::Display;

/// ```
/// use docker_proto::values::CreateOptions;
///
/// let body = CreateOptions::new("alpine")
///     .entrypoint("/init")
///     .args(["--port", "80"])
///     .env_file("A=1\nB\n", |name| (name == "B").then(|| "2".into()))
///     .label("tier=web")
///     .health_cmd("wget -q localhost")
///     .health_interval("30s")
///     .stop_timeout(0)
///     .create()?
///     .body;
/// assert_eq!(body.entrypoint.unwrap(), ["/init"]);
/// assert_eq!(body.env, ["A=1", "B=2"]);
/// assert_eq!(body.stop_timeout, Some(0));
/// # Ok::<(), docker_proto::Error>(())
/// ```
impl CreateOptions {
    /// The command as one line, split as a shell does; see [`split_command`].
    #[inline]
    pub fn command(mut self, line: impl AsRef<str>) -> Self {
        match split_command(line.as_ref()) {
            Ok(words) => self.body.cmd = words,
            Err(e) => self.fail("command", &e),
        }
        self
    }

    /// The command as words, or the arguments of the entry point.
    #[inline]
    pub fn args(mut self, words: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.body.cmd = words.into_iter().map(Into::into).collect();
        self
    }

    /// The program to run instead of the image's, as one line, split as a shell does. The empty line drops the image's.
    #[inline]
    pub fn entrypoint(mut self, line: impl AsRef<str>) -> Self {
        match split_command(line.as_ref()) {
            Ok(words) => self.entrypoint_words(words),
            Err(e) => {
                self.fail("entrypoint", &e);
                self
            }
        }
    }

    /// The program to run instead of the image's, as words; none drops the image's.
    #[inline]
    pub fn entrypoint_words(mut self, words: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let mut words: alloc::vec::Vec<String> = words.into_iter().map(Into::into).collect();
        // Engines take the empty list for unset; this is how the command line says it.
        if words.is_empty() {
            words.push(String::new());
        }
        self.body.entrypoint = Some(words);
        self
    }

    /// Who runs it: a name or number, with `:group` if wanted. 0 is root, and is sent.
    #[inline]
    pub fn user(mut self, user: impl Display) -> Self {
        self.body.user = Some(user.to_string());
        self
    }

    /// Adds variables in the text of an env file; see [`env_file`].
    #[inline]
    pub fn env_file(mut self, text: &str, lookup: impl Fn(&str) -> Option<String>) -> Self {
        match env_file(text, lookup) {
            Ok(vars) => self.body.env.extend(vars.iter().map(ToString::to_string)),
            Err(e) => self.fail("env_file", &e),
        }
        self
    }

    /// Adds the [proxies of config.json](crate::resolve::ConfigFile::proxy_variables), which the docker command gives to every
    /// container. A variable that the caller sets, in whatever case and order, stays as it is, and its other spelling is not
    /// added. Without this option none are added.
    ///
    /// ```
    /// use docker_proto::resolve::ConfigFile;
    /// use docker_proto::values::CreateOptions;
    ///
    /// let config = ConfigFile::parse(r#"{"proxies": {"default": {"httpProxy": "http://p:1", "noProxy": "h"}}}"#)?;
    /// let proxies = config.proxy_variables("unix:///var/run/docker.sock");
    /// let create = CreateOptions::new("alpine").proxies(proxies).env("http_proxy=http://mine:1").create()?;
    /// assert_eq!(create.body.env, ["http_proxy=http://mine:1", "NO_PROXY=h", "no_proxy=h"]);
    /// # Ok::<(), docker_proto::Error>(())
    /// ```
    #[inline]
    pub fn proxies(mut self, variables: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>) -> Self {
        self.proxies.extend(variables.into_iter().map(|(name, value)| (name.into(), value.into())));
        self
    }

    /// Adds the proxies, all else being known.
    #[inline]
    pub(super) fn add_proxies(&mut self) {
        let names = self.body.env.iter().map(|var| var.split('=').next().unwrap_or_default());
        let own: alloc::vec::Vec<String> = names.map(str::to_ascii_lowercase).collect();
        for (name, value) in core::mem::take(&mut self.proxies) {
            if !own.contains(&name.to_ascii_lowercase()) {
                self.body.env.push([&*name, "=", &value].concat());
            }
        }
    }

    /// Attaches `stdin`, `stdout` or `stderr`, and only that; may be repeated. The engine only keeps it.
    #[inline]
    pub fn attach(mut self, stream: impl AsRef<str>) -> Self {
        match &*stream.as_ref().to_ascii_lowercase() {
            "stdin" => self.body.attach_stdin = Some(true),
            "stdout" => self.body.attach_stdout = Some(true),
            "stderr" => self.body.attach_stderr = Some(true),
            other => self.fail("attach", &refuse("stream", other, "must be `stdin`, `stdout` or `stderr`")),
        }
        self
    }

    /// Standard input is attached, kept open, and closed when the first client goes away; or not, which is the default.
    #[inline]
    pub fn interactive(mut self, interactive: bool) -> Self {
        self.body.attach_stdin = Some(interactive);
        self.body.open_stdin = Some(interactive);
        self.body.stdin_once = Some(interactive);
        self
    }

    /// Signal that asks it to end, by name or number.
    #[inline]
    pub fn stop_signal(mut self, signal: impl Into<Signal>) -> Self {
        self.body.stop_signal = Some(signal.into().to_string());
        self
    }

    /// Seconds between that signal and killing; 0 kills at once, -1 waits for ever.
    #[inline]
    pub fn stop_timeout(mut self, grace: impl Into<Seconds>) -> Self {
        self.body.stop_timeout = Some(grace.into().0);
        self
    }

    /// How health is checked, whole; [`Health`](crate::values::Health) makes one.
    #[inline]
    pub fn healthcheck(mut self, check: HealthConfig) -> Self {
        self.health = Some(check);
        self
    }

    /// Checks health with a line for the shell of the image.
    #[inline]
    pub fn health_cmd(mut self, line: impl Into<String>) -> Self {
        self.health.get_or_insert_default().test = alloc::vec!["CMD-SHELL".into(), line.into()];
        self
    }

    /// Failures in a row that make it unhealthy; 0 inherits.
    #[inline]
    pub fn health_retries(mut self, times: u32) -> Self {
        self.health.get_or_insert_default().retries = Some(times.into());
        self
    }

    /// No check of health, also if the image has one.
    #[inline]
    pub fn no_healthcheck(mut self, none: bool) -> Self {
        self.no_health = none;
        self
    }

    /// When the engine starts it again: `no`, `always`, `unless-stopped`, `on-failure[:attempts]`.
    #[inline]
    pub fn restart(mut self, policy: impl TryInto<RestartPolicy, Error: Into<Error>>) -> Self {
        if let Some(policy) = self.read("restart", policy) {
            self.host.restart_policy = Some(policy);
        }
        self
    }
}

set! {
    /// Directory it starts in.
    workdir(String) => body.working_dir;
    /// Host name inside.
    hostname(String) => body.hostname;
    /// Domain name inside.
    domainname(String) => body.domainname;
    /// File the command line wrote the id to; the engine only keeps it.
    cidfile(String) => host.container_id_file;
    /// Runtime to use, by name.
    runtime(String) => host.runtime;
}

plain! {
    /// Gives it a terminal.
    tty(bool) => body.tty;
    /// Keeps standard input open, without attaching it.
    open_stdin(bool) => body.open_stdin;
    /// Removes it once it has ended.
    rm(bool) => host.auto_remove;
    /// Runs an init as process 1, which passes signals on and reaps children.
    init(bool) => host.init;
}

add! {
    /// Adds an argument to the command.
    arg => body.cmd;
}

read! {
    /// Adds a variable: `NAME=value`, `NAME=`, or `NAME` alone, which takes the image's away; or `(name, value)`.
    env(Env) => |o, var| o.body.env.push(var.to_string());
    /// Time between checks of health.
    health_interval(Nanoseconds) => |o, time| o.health.get_or_insert_default().interval = Some(time.0);
    /// Time after which a check counts as hung.
    health_timeout(Nanoseconds) => |o, time| o.health.get_or_insert_default().timeout = Some(time.0);
    /// Grace after the start, in which failures do not count. Since API 1.29.
    health_start_period(Nanoseconds) => |o, time| o.health.get_or_insert_default().start_period = Some(time.0);
    /// Time between checks during the grace. Since API 1.44.
    health_start_interval(Nanoseconds) => |o, time| o.health.get_or_insert_default().start_interval = Some(time.0);
}

pairs! {
    /// Adds a label: `name=value`, `name`, or `(name, value)`.
    label => |o, pair| o.body.labels.insert(pair.name, pair.value);
    /// Adds an annotation for the runtime. Since API 1.43.
    annotation => |o, pair| o.host.annotations.insert(pair.name, pair.value);
}
