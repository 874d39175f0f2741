//! config.json, the docker command's settings.

use super::ask::{Inquiry, Known, Stop, unknown};
use super::environment::{Environment, join};
use super::headers;
use crate::{Error, Result};
use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use serde_json::{Map, Value};

/// The docker command's settings: `config.json` in docker's folder. What no part of this crate knows is kept as it is.
#[derive(Clone, Default, PartialEq)]
pub struct ConfigFile {
    /// `None` without a home.
    pub(crate) folder: Option<String>,
    pub(crate) members: Map<String, Value>,
    /// Why a file that is there could not be read.
    pub(crate) unreadable: Option<String>,
    pub(crate) is_there: bool,
}

impl ConfigFile {
    /// The settings in a text, which is JSON; of a file that does not exist, the empty text.
    ///
    /// # Errors
    /// [`Usage`](crate::ErrorKind::Usage): it is something else.
    ///
    /// ```
    /// use docker_proto::resolve::ConfigFile;
    ///
    /// let config = ConfigFile::parse(r#"{"detachKeys": "ctrl-e,e", "proxies": {"default": {"httpProxy": "http://p:3128"}}}"#)?;
    /// assert_eq!(config.detach_keys(), Some("ctrl-e,e"));
    /// let variables = config.proxy_variables("unix:///var/run/docker.sock");
    /// assert_eq!(variables[0], ("HTTP_PROXY".into(), "http://p:3128".into()));
    /// # Ok::<(), docker_proto::Error>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self> {
        Self::default().with(text.as_bytes())
    }

    pub(crate) fn read(environment: &Environment, known: &mut Known) -> Result<Self, Stop> {
        let mut file = Self { folder: environment.folder(known)?, ..Self::default() };
        let Some(path) = file.path() else { return Ok(file) };
        match known.file(&path)? {
            Ok(Some(bytes)) => file = file.with(&bytes)?,
            Ok(None) => {}
            Err(why) => file.unreadable = Some(why),
        }
        Ok(file)
    }

    fn with(mut self, bytes: &[u8]) -> Result<Self> {
        // As the docker command has it, an empty file is one without settings.
        let value =
            if bytes.trim_ascii().is_empty() { Ok(Value::Object(Map::new())) } else { serde_json::from_slice(bytes) };
        // What serde_json says of a text that is no JSON names a place in it, and nothing that stands there.
        let why = match value {
            Ok(Value::Object(members)) => {
                self.members = members;
                self.is_there = true;
                return Ok(self);
            }
            Ok(_) => "must be a JSON object".to_owned(),
            Err(e) => format!("is not JSON: {e}"),
        };
        Err(Error::usage(format!("{} {why}", self.name())))
    }

    /// Where it is; `None` without a home.
    pub fn path(&self) -> Option<String> {
        self.folder.as_ref().map(|folder| join(folder, "config.json"))
    }

    /// What messages call it.
    pub(crate) fn name(&self) -> String {
        self.path().unwrap_or_else(|| "config.json".into())
    }

    /// A member, its name in any case, as the docker command reads them.
    pub(crate) fn member(&self, name: &str) -> Option<&Value> {
        member(&self.members, name)
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.member(name)?.as_str().filter(|text| !text.is_empty())
    }

    /// Name of the context in use, if it is not the default.
    pub fn current_context(&self) -> Option<&str> {
        self.text("currentContext").filter(|&name| name != "default")
    }

    /// Keys that leave an attached container.
    pub fn detach_keys(&self) -> Option<&str> {
        self.text("detachKeys")
    }

    /// Header fields for every request.
    ///
    /// # Errors
    /// [`Usage`](crate::ErrorKind::Usage): one that cannot stand in a request.
    pub fn http_headers(&self) -> Result<Vec<(String, String)>> {
        match self.member("HttpHeaders") {
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(fields) => headers::of_config(fields, &self.name()),
        }
    }

    /// Variables that tell a container or a build of the engine at `host` about its proxies, each name in upper and in lower
    /// case. The engine's own entry of `proxies` counts, or else the default one.
    ///
    /// They are for the environment of a create and the arguments of a build: [`BuildArgs::proxies`](crate::op::BuildArgs::proxies).
    /// A variable that the user sets goes first.
    #[inline]
    pub fn proxy_variables(&self, host: &str) -> Vec<(String, String)> {
        let proxies = self.member("proxies").and_then(Value::as_object);
        let Some(proxy) = proxies.and_then(|all| all.get(host).or_else(|| all.get("default"))?.as_object()) else {
            return Vec::new();
        };
        let mut variables = Vec::new();
        for (key, name) in [
            ("httpProxy", "HTTP_PROXY"),
            ("httpsProxy", "HTTPS_PROXY"),
            ("noProxy", "NO_PROXY"),
            ("ftpProxy", "FTP_PROXY"),
            ("allProxy", "ALL_PROXY"),
        ] {
            if let Some(value) = member(proxy, key).and_then(Value::as_str).filter(|value| !value.is_empty()) {
                variables.push((name.to_owned(), value.to_owned()));
                variables.push((name.to_ascii_lowercase(), value.to_owned()));
            }
        }
        variables
    }

    /// Sets or removes a member, whatever case its name has now.
    #[inline]
    pub(crate) fn set(&mut self, name: &str, value: Option<Value>) {
        self.members.retain(|other, _| !other.eq_ignore_ascii_case(name));
        if let Some(value) = value {
            self.members.insert(name.to_owned(), value);
        }
    }

    /// Writes it back.
    #[inline]
    pub(crate) fn write(&self, known: &mut Known) -> Result<String, Stop> {
        let name = self.name();
        // What cannot be read must not be replaced.
        let failed = match &self.unreadable {
            Some(why) => Some(why.clone()),
            None if self.folder.is_none() => Some("there is no home folder, and DOCKER_CONFIG is not set".into()),
            None => {
                // A map of values can always be written.
                let text = serde_json::to_vec_pretty(&self.members).unwrap_or_default();
                known.write(&name, text, true)?.err()
            }
        };
        match failed {
            Some(why) => Err(Error::new(crate::ErrorKind::Context, unknown(&name, why)).into()),
            None => Ok(name),
        }
    }
}

impl fmt::Debug for ConfigFile {
    /// Only the names of its members: it holds credentials.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&String> = self.members.keys().collect();
        f.debug_struct("ConfigFile").field("path", &self.path()).field("members", &names).finish_non_exhaustive()
    }
}

/// A member of an object, its name in any case; that in the right case first.
pub(crate) fn member<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    let other = || object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value);
    object.get(name).or_else(other)
}

/// Reads [config.json](ConfigFile).
///
/// ```
/// use docker_proto::resolve::{Environment, ReadConfig};
///
/// let inquiry = ReadConfig::new().environment(Environment::process().config_folder("/etc/ci/docker"));
/// // let config = docker_tokio::ask(inquiry).await?;
/// ```
#[derive(Clone, Debug, Default)]
pub struct ReadConfig {
    environment: Environment,
}

impl ReadConfig {
    /// Of this process' environment.
    #[inline]
    pub fn new() -> Self {
        Self::default()
    }

    /// Of another.
    #[inline]
    #[must_use]
    pub fn environment(mut self, environment: Environment) -> Self {
        self.environment = environment;
        self
    }
}

impl Inquiry for ReadConfig {
    type Output = ConfigFile;

    /// # Errors
    /// The file is there, and cannot be read or is no JSON object.
    #[inline]
    fn run(&self, known: &mut Known) -> Result<ConfigFile, Stop> {
        let file = ConfigFile::read(&self.environment, known)?;
        match &file.unreadable {
            Some(why) => Err(Error::usage(unknown(&file.name(), why.to_string())).into()),
            None => Ok(file),
        }
    }
}
