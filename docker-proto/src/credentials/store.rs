//! Where credentials are kept: config.json, the older file, and the helpers that they configure.

use super::helper::Helper;
use super::{entry, entry_key, registry_key};
use crate::model::AuthConfig;
use crate::resolve::{ConfigFile, Environment, Known, Stop, join, member, unknown};
use crate::{Error, ErrorKind, Result};
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::{Map, Value, json};

/// What the files say.
pub(super) struct Files<'a> {
    pub(super) config: ConfigFile,
    /// Where `auths` were found.
    pub(super) origin: String,
    pub(super) environment: &'a Environment,
}

impl<'a> Files<'a> {
    #[inline]
    pub(super) fn read(environment: &'a Environment, known: &mut Known) -> Result<Self, Stop> {
        let mut config = ConfigFile::read(environment, known)?;
        let mut origin = config.name();
        if let Some(why) = &config.unreadable {
            return Err(Error::new(ErrorKind::Credentials, unknown(&origin, why)).into());
        }
        if !config.is_there && environment.is_default_folder(known)? {
            if let Some(home) = environment.home(known)? {
                let path = join(&home, ".dockercfg");
                if let Some(auths) = legacy(&path, known)? {
                    config.set("auths", Some(Value::Object(auths)));
                    origin = path;
                }
            }
        }
        Ok(Self { config, origin, environment })
    }

    /// All entries.
    #[inline]
    pub(super) fn auths(&self) -> Result<Map<String, Value>> {
        match self.config.member("auths") {
            None | Some(Value::Null) => Ok(Map::new()),
            Some(Value::Object(auths)) => Ok(auths.clone()),
            Some(_) => Err(Error::new(ErrorKind::Credentials, unknown(&self.origin, "auths must be an object"))),
        }
    }

    /// The helper of a registry: its own, or else that for all.
    #[inline]
    pub(super) fn helper(&self, key: &str) -> Option<Helper<'a>> {
        match self.own_helpers().into_iter().find(|(of, _)| of == key) {
            // One without a name says that this registry has none.
            Some((_, helper)) => Some(helper).filter(|helper| !helper.name.is_empty()),
            None => self.common_helper(),
        }
    }

    /// The helper for all that have none of their own.
    #[inline]
    pub(super) fn common_helper(&self) -> Option<Helper<'a>> {
        let name = self.config.member("credsStore")?.as_str().filter(|name| !name.is_empty())?;
        Some(self.called(name, "credsStore"))
    }

    /// The helpers of single registries, by the registry's key.
    #[inline]
    pub(super) fn own_helpers(&self) -> Vec<(String, Helper<'a>)> {
        let map = self.config.member("credHelpers").and_then(Value::as_object);
        let helpers = map.into_iter().flatten();
        helpers.filter_map(|(key, name)| Some((entry_key(key)?, self.called(name.as_str()?, "credHelpers")))).collect()
    }

    #[inline]
    fn called(&self, name: &str, key: &str) -> Helper<'a> {
        let origin = [key, " of ", &self.config.name()].concat();
        Helper { name: name.into(), origin, environment: self.environment }
    }

    /// Puts an entry in the place of all that a registry has under any name; false if that was there already.
    #[inline]
    pub(super) fn put(&mut self, key: &str, entry: Value) -> Result<bool> {
        let mut auths = self.auths()?;
        let before = auths.clone();
        auths.retain(|name, _| entry_key(name).is_none_or(|of| of != key));
        auths.insert(key.into(), entry);
        Ok(self.set(auths, &before))
    }

    /// Takes all away that a registry has, tokens too, and gives the names; false if there was nothing.
    #[inline]
    pub(super) fn take(&mut self, key: &str) -> Result<(Vec<String>, bool)> {
        let mut auths = self.auths()?;
        let before = auths.clone();
        auths.retain(|name, _| registry_key(name) != key);
        let gone = before.keys().filter(|name| !auths.contains_key(*name)).cloned().collect();
        Ok((gone, self.set(auths, &before)))
    }

    #[inline]
    fn set(&mut self, auths: Map<String, Value>, before: &Map<String, Value>) -> bool {
        let is_new = auths != *before;
        self.config.set("auths", Some(Value::Object(auths)));
        is_new
    }
}

/// The file of old: entries without anything around them, or two lines about the hub.
#[inline]
fn legacy(path: &str, known: &mut Known) -> Result<Option<Map<String, Value>>, Stop> {
    let refuse = |why: &str| Stop::from(Error::new(ErrorKind::Credentials, unknown(path, why)));
    let bytes = match known.file(path)? {
        Ok(None) => return Ok(None),
        Ok(Some(bytes)) => bytes,
        Err(why) => return Err(refuse(&why)),
    };
    if let Ok(Value::Object(map)) = serde_json::from_slice(&bytes) {
        // Some writers put what config.json has into the old file.
        let inner = member(&map, "auths").and_then(Value::as_object).cloned();
        return Ok(Some(inner.unwrap_or(map)));
    }
    let text = String::from_utf8_lossy(&bytes);
    let auth = text.lines().find_map(|line| line.split_once('=').filter(|(name, _)| name.trim() == "auth"));
    match auth {
        Some((_, auth)) => Ok(Some(Map::from_iter([(registry_key(""), json!({ "auth": auth.trim().to_string() }))]))),
        None if text.trim().is_empty() => Ok(None),
        None => Err(refuse("is neither JSON nor lines of name = value")),
    }
}

/// `DOCKER_AUTH_CONFIG`: entries that go before all files.
#[inline]
pub(super) fn variable(environment: &Environment, known: &mut Known) -> Result<Option<Map<String, Value>>, Stop> {
    let Some(text) = environment.set(VARIABLE, known)? else { return Ok(None) };
    let refuse = |why: &str| Err(Error::usage(unknown(VARIABLE, why)).into());
    let Ok(Value::Object(map)) = serde_json::from_str(&text) else { return refuse("must be a JSON object") };
    match member(&map, "auths") {
        None | Some(Value::Null) => Ok(Some(Map::new())),
        Some(Value::Object(auths)) => Ok(Some(auths.clone())),
        Some(_) => refuse("auths must be an object"),
    }
}

pub(super) const VARIABLE: &str = "DOCKER_AUTH_CONFIG";

/// What the entries have for a registry.
#[inline]
pub(super) fn in_entries(origin: &str, auths: &Map<String, Value>, key: &str) -> Result<Option<AuthConfig>> {
    match entry::find(auths, key) {
        Some((name, value)) => entry::read(origin, name, value),
        None => Ok(None),
    }
}
