//! Credentials are kept, and forgotten.

use super::store::Files;
use super::{check_key, entry, registry_key};
use crate::Result;
use crate::api::system;
use crate::model::{AuthConfig, AuthResponse};
use crate::resolve::{Environment, Inquiry, Known, Stop};
use alloc::string::String;
use serde_json::{Map, Value};

/// An account at a registry, to be checked by the engine and then kept as the docker command keeps it. The adapters do both:
/// `docker.login(Login::new("reg.example:5200", "me", "open sesame"))`.
#[derive(Clone, Debug)]
pub struct Login {
    environment: Environment,
    auth: AuthConfig,
}

impl Login {
    /// An account at a registry, which is its host and port or a URL of it; empty or `docker.io` for the hub.
    #[inline]
    pub fn new(registry: &str, user: impl Into<String>, password: &str) -> Self {
        let auth = AuthConfig::new().username(user).password(password).server_address(registry_key(registry));
        Self { environment: Environment::process(), auth }
    }

    /// Kept in another environment than that of this process.
    #[inline]
    #[must_use]
    pub fn environment(mut self, environment: Environment) -> Self {
        self.environment = environment;
        self
    }

    /// Asks the engine to check it.
    #[inline]
    pub fn check(&self) -> system::Auth {
        system::Auth::new(self.auth.clone())
    }

    /// Keeps it, once it was checked: if the registry gave a token, that instead of the password.
    #[inline]
    pub fn store(self, checked: &AuthResponse) -> Store {
        let mut auth = self.auth;
        if let Some(token) = checked.identity_token.clone().filter(|token| !token.is_empty()) {
            auth.password = None;
            auth.identity_token = Some(token);
        }
        Store { environment: self.environment, auth }
    }
}

/// Keeps credentials, as `docker login` does: in the helper that is configured for the registry, or else in config.json.
#[derive(Clone, Debug)]
pub struct Store {
    environment: Environment,
    auth: AuthConfig,
}

/// Where credentials were put, or taken from.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stored {
    /// What they are kept under.
    pub registry: String,
    /// The helper program, if one keeps them.
    pub helper: Option<String>,
    /// config.json, if it was written.
    pub file: Option<String>,
}

impl Store {
    /// Keeps these, unchecked, for the registry at their `server_address`; the hub, if that is missing.
    #[inline]
    pub fn new(auth: AuthConfig) -> Self {
        Self { environment: Environment::process(), auth }
    }

    /// In another environment than that of this process.
    #[inline]
    #[must_use]
    pub fn environment(mut self, environment: Environment) -> Self {
        self.environment = environment;
        self
    }
}

impl Inquiry for Store {
    type Output = Stored;

    /// # Errors
    /// [`Credentials`](crate::ErrorKind::Credentials): the helper fails, or config.json cannot be read;
    /// [`Context`](crate::ErrorKind::Context): config.json cannot be written.
    #[inline]
    fn run(&self, known: &mut Known) -> Result<Stored, Stop> {
        let registry = registry_key(self.auth.server_address.as_deref().unwrap_or_default());
        check_key(&registry)?;
        let mut files = Files::read(&self.environment, known)?;
        let mut entry = entry::written(&self.auth);
        let helper = files.helper(&registry);
        if let Some(helper) = &helper {
            helper.store(&registry, &self.auth, known)?;
            // An empty entry says that there are some, elsewhere.
            entry = Value::Object(Map::new());
        }
        let is_new = files.put(&registry, entry)?;
        let file = if is_new { Some(files.config.write(known)?) } else { None };
        Ok(Stored { registry, helper: helper.map(|helper| helper.name), file })
    }
}

/// Forgets the credentials for a registry, as `docker logout` does: in its helper and in config.json.
#[derive(Clone, Debug)]
pub struct Logout {
    environment: Environment,
    registry: String,
}

impl Logout {
    /// For a registry: its host and port, or a URL of it; empty or `docker.io` for the hub.
    #[inline]
    pub fn new(registry: &str) -> Self {
        Self { environment: Environment::process(), registry: registry_key(registry) }
    }

    /// In another environment than that of this process.
    #[inline]
    #[must_use]
    pub fn environment(mut self, environment: Environment) -> Self {
        self.environment = environment;
        self
    }
}

impl Inquiry for Logout {
    type Output = Stored;

    /// # Errors
    /// As of a [`Store`]. That there was nothing to forget is none.
    #[inline]
    fn run(&self, known: &mut Known) -> Result<Stored, Stop> {
        check_key(&self.registry)?;
        let mut files = Files::read(&self.environment, known)?;
        let helper = files.helper(&self.registry);
        let (names, is_new) = files.take(&self.registry)?;
        if let Some(helper) = &helper {
            helper.erase(&self.registry, known)?;
            for name in names.iter().filter(|name| **name != self.registry) {
                helper.erase(name, known)?;
            }
        }
        let file = if is_new { Some(files.config.write(known)?) } else { None };
        Ok(Stored { registry: self.registry.clone(), helper: helper.map(|helper| helper.name), file })
    }
}
