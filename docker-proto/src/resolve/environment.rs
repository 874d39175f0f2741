//! Where variables and docker's own files are looked for.

use super::ask::{Known, Seen, Stop, unknown};
use crate::Error;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// Where variables and docker's own files are looked for: in the environment of this process, or in another.
///
/// ```
/// use docker_proto::resolve::{Environment, Resolve};
///
/// let elsewhere = Environment::from([("DOCKER_HOST", "tcp://127.0.0.1:2375")]);
/// let resolve = Resolve::new().environment(elsewhere);
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Environment {
    variables: Option<BTreeMap<String, String>>,
    folder: Option<String>,
}

impl Environment {
    /// That of this process.
    pub fn process() -> Self {
        Self::default()
    }

    /// The folder of config.json and contexts, whatever the variables say.
    #[inline]
    #[must_use]
    pub fn config_folder(mut self, path: impl Into<String>) -> Self {
        self.folder = Some(path.into());
        self
    }

    /// A variable as it is: `None` if it is not set.
    pub(super) fn variable(&self, name: &str, known: &mut Known) -> Result<Option<String>, Stop> {
        let seen: Seen<String> = match &self.variables {
            Some(map) => Ok(map.get(name).cloned()),
            None => known.env(name)?,
        };
        seen.map_err(|why| Error::usage(unknown(name, why)).into())
    }

    /// A variable that is not blank.
    pub(crate) fn set(&self, name: &str, known: &mut Known) -> Result<Option<String>, Stop> {
        Ok(self.variable(name, known)?.filter(|value| !value.trim().is_empty()))
    }

    /// The user's own folder.
    pub(crate) fn home(&self, known: &mut Known) -> Result<Option<String>, Stop> {
        self.set(if cfg!(windows) { "USERPROFILE" } else { "HOME" }, known)
    }

    /// Docker's folder; `None` if there is not even a home.
    pub(crate) fn folder(&self, known: &mut Known) -> Result<Option<String>, Stop> {
        if let Some(folder) = &self.folder {
            return Ok(Some(folder.clone()));
        }
        if let Some(folder) = self.set("DOCKER_CONFIG", known)? {
            return Ok(Some(folder));
        }
        Ok(self.home(known)?.map(|home| join(&home, ".docker")))
    }

    /// Whether the folder is the default one: only then older places count.
    #[inline]
    pub(crate) fn is_default_folder(&self, known: &mut Known) -> Result<bool, Stop> {
        Ok(self.folder.is_none() && self.set("DOCKER_CONFIG", known)?.is_none())
    }

    /// What a program gets beside the variables of this process.
    #[inline]
    pub(crate) fn for_programs(&self) -> Vec<(String, String)> {
        self.variables.iter().flatten().map(|(name, value)| (name.clone(), value.clone())).collect()
    }
}

impl<K: Into<String>, V: Into<String>, I: IntoIterator<Item = (K, V)>> From<I> for Environment {
    /// These variables and no others.
    fn from(variables: I) -> Self {
        let variables = variables.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        Self { variables: Some(variables), folder: None }
    }
}

impl fmt::Debug for Environment {
    /// Only the names of variables: values may be secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.variables.as_ref().map(|map| map.keys().collect::<Vec<_>>());
        f.debug_struct("Environment").field("variables", &names).field("folder", &self.folder).finish()
    }
}

/// A path below a folder. A slash separates on every system that engines run on.
pub(crate) fn join(folder: &str, rest: &str) -> String {
    [folder.trim_end_matches('/'), "/", rest].concat()
}
