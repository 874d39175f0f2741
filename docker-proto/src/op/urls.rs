//! Parameters that may hold a URL with a password: they are printed without it.

use super::param::Param;
use super::params::json_text;
use super::spec::ParamType;
use crate::error::without_users;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// Where the engine gets something from. Printed it is without its user information.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Url(String);

impl Url {
    /// As it is sent.
    #[inline]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Url {
    #[inline]
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl<T: Into<String>> From<T> for Url {
    #[inline]
    fn from(url: T) -> Self {
        Self(url.into())
    }
}

impl fmt::Debug for Url {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", without_users(self.as_str().into()))
    }
}

impl Param for Url {
    const TYPE: ParamType = ParamType::Text;
    #[inline]
    fn text(&self) -> Option<String> {
        Some(self.0.clone())
    }
}

/// Arguments of a build, sent as one JSON object. One without a value is mentioned, but not set. Printed they are without
/// their values: people put tokens into them, although everybody sees them in the history of the image.
#[derive(Clone, PartialEq, Default)]
pub struct BuildArgs(pub BTreeMap<String, Option<String>>);

impl Param for BuildArgs {
    const TYPE: ParamType = ParamType::Json;
    #[inline]
    fn text(&self) -> Option<String> {
        if self.0.is_empty() { None } else { json_text(&self.0) }
    }
}

impl fmt::Debug for BuildArgs {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.0.iter().map(|(name, value)| (name, value.as_ref().map(|_| format_args!("***"))));
        f.debug_map().entries(shown).finish()
    }
}

impl BuildArgs {
    /// No arguments.
    #[must_use]
    #[inline]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an argument with its value.
    #[must_use]
    #[inline]
    pub fn arg(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.0.insert(name.into(), Some(value.into()));
        self
    }

    /// Mentions an argument without a value.
    #[must_use]
    #[inline]
    pub fn unset(mut self, name: impl Into<String>) -> Self {
        self.0.insert(name.into(), None);
        self
    }

    /// Adds the [proxies of config.json](crate::resolve::ConfigFile::proxy_variables), which the steps of a build are to
    /// know. One that is here already, with a value or without, stays as it is, and its other spelling is not added: BuildKit
    /// takes `HTTP_PROXY` and `http_proxy` for the same, and keeps either of two values.
    ///
    /// ```
    /// use docker_proto::op::BuildArgs;
    /// use docker_proto::resolve::ConfigFile;
    ///
    /// let config = ConfigFile::parse(r#"{"proxies": {"default": {"httpProxy": "http://p:1", "noProxy": "h"}}}"#)?;
    /// let proxies = config.proxy_variables("unix:///var/run/docker.sock");
    /// let args = BuildArgs::new().arg("HTTP_PROXY", "http://mine:1").proxies(proxies);
    /// assert_eq!(args, BuildArgs::new().arg("HTTP_PROXY", "http://mine:1").arg("NO_PROXY", "h").arg("no_proxy", "h"));
    /// # Ok::<(), docker_proto::Error>(())
    /// ```
    #[must_use]
    #[inline]
    pub fn proxies(mut self, variables: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>) -> Self {
        let own: Vec<String> = self.0.keys().cloned().collect();
        for (name, value) in variables {
            let name = name.into();
            if !own.iter().any(|own| own.eq_ignore_ascii_case(&name)) {
                self.0.insert(name, Some(value.into()));
            }
        }
        self
    }
}

impl<K: Into<String>, V: Into<String>, I: IntoIterator<Item = (K, V)>> From<I> for BuildArgs {
    #[inline]
    fn from(args: I) -> Self {
        Self(args.into_iter().map(|(k, v)| (k.into(), Some(v.into()))).collect())
    }
}
