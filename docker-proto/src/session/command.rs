//! A program that leads to an engine.

use super::host::HostSpec;
use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

/// A program whose stdin and stdout are a connection to an engine: ssh, or the docker command itself. One is run for each
/// connection, in a process group of its own, and ended with it. What it prints on stderr becomes part of the error if the
/// connection fails.
///
/// ```
/// use docker_proto::session::{Command, Endpoint};
///
/// // Wherever the docker command gets, so do we.
/// let there = Command::new("docker", ["system", "dial-stdio"]).env("DOCKER_CONTEXT", "lab");
/// assert_eq!(Endpoint::command(there).to_string(), "the command `docker system dial-stdio`");
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Command {
    /// The program, found as the system finds programs.
    pub program: String,
    /// Its arguments; no shell looks at them.
    pub args: Vec<String>,
    /// Variables that it gets beside those of this process, or (`None`) does not get.
    pub env: Vec<(String, Option<String>)>,
    /// What it is called in messages.
    name: Option<String>,
}

/// What is for this process and the docker command here, and would mislead ssh or what it starts there.
const NOT_FOR_SSH: [&str; 9] = [
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "SSL_CERT_FILE",
    "DOCKER_HOST",
    "DOCKER_CONTEXT",
    "DOCKER_API_VERSION",
    "DOCKER_TLS",
    "DOCKER_TLS_VERIFY",
    "DOCKER_CERT_PATH",
];

impl Command {
    /// A program with arguments, in the environment of this process.
    #[inline]
    pub fn new<S: Into<String>>(program: impl Into<String>, args: impl IntoIterator<Item = S>) -> Self {
        let args = args.into_iter().map(Into::into).collect();
        Self { program: program.into(), args, env: Vec::new(), name: None }
    }

    /// Sets a variable for it.
    #[inline]
    #[must_use]
    pub fn env(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.env.push((name.into(), Some(value.into())));
        self
    }

    /// Keeps a variable of this process from it.
    #[inline]
    #[must_use]
    pub fn env_remove(mut self, name: impl Into<String>) -> Self {
        self.env.push((name.into(), None));
        self
    }

    /// `ssh ... docker system dial-stdio`, as the docker command does it: ssh's own configuration says the rest, who may be
    /// trusted included. It needs a docker command of 18.09 or later there.
    #[inline]
    pub(super) fn ssh(spec: &HostSpec) -> Self {
        // Made only for addresses of ssh.
        let HostSpec::Ssh { user, host, port, path } = spec else { return Self::new("ssh", [""; 0]) };
        let mut args: Vec<String> = Vec::new();
        if let Some(user) = user {
            args.extend(["-l".to_owned(), user.clone()]);
        }
        if let Some(port) = port {
            args.extend(["-p".to_owned(), port.to_string()]);
        }
        // As long as docker waits. No terminal: what passes through is no text.
        args.extend(["-o", "ConnectTimeout=30", "-T", "--", host, "docker"].map(ToOwned::to_owned));
        if let Some(path) = path {
            args.push(quoted(&format!("--host=unix://{path}")));
        }
        args.extend(["system", "dial-stdio"].map(ToOwned::to_owned));
        let mut ssh = Self::new("ssh", args);
        ssh.env = NOT_FOR_SSH.iter().map(|&name| (name.to_owned(), None)).collect();
        // What it wants to know it asks in a window, or not at all: on the terminal, from a group in the background, the
        // system would stop it.
        ssh.env.push(("SSH_ASKPASS_REQUIRE".into(), Some("force".into())));
        ssh.name = Some(spec.to_string());
        ssh
    }
}

/// As one word of the shell there.
#[inline]
fn quoted(word: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"/._-:=+@%".contains(&b);
    if word.bytes().all(plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

impl fmt::Display for Command {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            Some(name) => f.write_str(name),
            None => {
                write!(f, "the command `{}", self.program)?;
                self.args.iter().try_for_each(|arg| write!(f, " {arg}"))?;
                f.write_str("`")
            }
        }
    }
}

impl fmt::Debug for Command {
    /// Without the values of variables, which may be secrets.
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.env.iter().map(|(name, _)| &**name).collect();
        f.debug_struct("Command")
            .field("program", &self.program)
            .field("args", &self.args)
            .field("env", &names)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ssh(url: &str) -> String {
        let command = Command::ssh(&HostSpec::parse(url).unwrap());
        assert_eq!((&*command.program, &*command.to_string()), ("ssh", url));
        assert!(command.env.iter().any(|(name, value)| name == "DOCKER_HOST" && value.is_none()));
        command.args.join("|")
    }

    #[test]
    fn ssh_is_called_as_the_docker_command_calls_it() {
        assert_eq!(ssh("ssh://there"), "-o|ConnectTimeout=30|-T|--|there|docker|system|dial-stdio");
        assert_eq!(
            ssh("ssh://me@there:2222"),
            "-l|me|-p|2222|-o|ConnectTimeout=30|-T|--|there|docker|system|dial-stdio"
        );
        assert_eq!(
            ssh("ssh://[::1]/run/user/1/docker.sock"),
            "-o|ConnectTimeout=30|-T|--|::1|docker|--host=unix:///run/user/1/docker.sock|system|dial-stdio"
        );
        // A shell there reads it.
        assert!(ssh("ssh://there/run/$(reboot)'.sock").contains(r"'--host=unix:///run/$(reboot)'\''.sock'"));
    }

    #[test]
    fn values_of_variables_are_not_shown() {
        let command = Command::new("docker", ["version"]).env("TOKEN", "s3cret").env_remove("HOME");
        assert!(!format!("{command:?}").contains("s3cret"));
        assert!(format!("{command:?}").contains("TOKEN"));
    }
}
