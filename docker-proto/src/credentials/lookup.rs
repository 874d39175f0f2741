//! Credentials are looked up: those of one registry, or all.

use super::store::{Files, VARIABLE, in_entries, variable};
use super::{check_key, entry, entry_key, registry_key};
use crate::Result;
use crate::model::AuthConfig;
use crate::op::{RegistryAuth, RegistryConfig};
use crate::resolve::{Environment, Explanation, Inquiry, Known, Stop};
use crate::values::Reference;
use alloc::collections::BTreeMap;
use alloc::string::String;

/// Looks up the credentials for a registry; see the [order](super#where-credentials-are).
///
/// A text is the name of an image, whose registry is meant: `"reg.example:5200/team/app:1".into()`.
#[derive(Clone, Debug)]
pub struct Lookup {
    environment: Environment,
    whose: Whose,
}

#[derive(Clone, Debug)]
enum Whose {
    Image(String),
    Registry(String),
}

/// What was found for a registry.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Credentials {
    /// What the registry's credentials are kept under; see [`registry_key`].
    pub registry: String,
    /// The credentials, if there are any.
    pub auth: Option<AuthConfig>,
    explanation: Explanation,
}

impl Credentials {
    /// As requests carry them; anonymous if there are none.
    #[inline]
    #[must_use]
    pub fn header(&self) -> RegistryAuth {
        self.auth.clone().map_or_else(RegistryAuth::anonymous, Into::into)
    }

    /// What was looked at.
    #[inline]
    pub fn explain(&self) -> &Explanation {
        &self.explanation
    }
}

impl Lookup {
    /// For the registry of an image.
    #[inline]
    pub fn image(name: impl Into<String>) -> Self {
        Self { environment: Environment::process(), whose: Whose::Image(name.into()) }
    }

    /// For a registry: its host and port, or a URL of it.
    #[inline]
    pub fn registry(name: impl Into<String>) -> Self {
        Self { environment: Environment::process(), whose: Whose::Registry(name.into()) }
    }

    /// In another environment than that of this process.
    #[inline]
    #[must_use]
    pub fn environment(mut self, environment: Environment) -> Self {
        self.environment = environment;
        self
    }
}

impl<T: Into<String>> From<T> for Lookup {
    #[inline]
    fn from(image: T) -> Self {
        Self::image(image)
    }
}

impl Inquiry for Lookup {
    type Output = Credentials;

    /// # Errors
    /// A name that is none of an image; [`Usage`](crate::ErrorKind::Usage) for a variable or file that is not JSON;
    /// [`Credentials`](crate::ErrorKind::Credentials) for an entry that cannot be read or a helper that fails.
    #[inline]
    fn run(&self, known: &mut Known) -> Result<Credentials, Stop> {
        let registry = match &self.whose {
            Whose::Image(name) => registry_key(Reference::parse(name)?.registry()),
            Whose::Registry(name) => registry_key(name),
        };
        check_key(&registry)?;
        let mut told = Explanation::default();
        let auth = self.find(&registry, known, &mut told)?;
        Ok(Credentials { registry, auth, explanation: told })
    }
}

impl Lookup {
    #[inline]
    fn find(&self, key: &str, known: &mut Known, told: &mut Explanation) -> Result<Option<AuthConfig>, Stop> {
        match variable(&self.environment, known)? {
            None => told.pass(VARIABLE, "is not set"),
            Some(auths) => match in_entries(VARIABLE, &auths, key)? {
                None => told.pass(VARIABLE, "has none for it"),
                auth => {
                    told.take(VARIABLE, "has some for it");
                    return Ok(auth);
                }
            },
        }
        let files = Files::read(&self.environment, known)?;
        if let Some(helper) = files.helper(key) {
            let name = [&*helper.origin, ", docker-credential-", &helper.name].concat();
            match helper.get(key, known)? {
                None => told.pass(name, "has none for it"),
                auth => {
                    told.take(name, "has some for it");
                    return Ok(auth);
                }
            }
        }
        let name = ["auths of ", &files.origin].concat();
        let auth = in_entries(&files.origin, &files.auths()?, key)?;
        match auth {
            None => told.pass(name, "has none for it"),
            Some(_) => told.take(name, "has some for it"),
        }
        Ok(auth)
    }
}

/// Looks up everything, for a build: it may pull from many registries.
///
/// ```
/// use docker_proto::credentials::AllCredentials;
///
/// let inquiry = AllCredentials::new();
/// // let config = docker_tokio::ask(inquiry).await?;
/// // FromTar::new().registry_config(config)
/// ```
#[derive(Clone, Debug, Default)]
pub struct AllCredentials {
    environment: Environment,
}

impl AllCredentials {
    /// In the environment of this process.
    #[inline]
    pub fn new() -> Self {
        Self::default()
    }

    /// In another.
    #[inline]
    #[must_use]
    pub fn environment(mut self, environment: Environment) -> Self {
        self.environment = environment;
        self
    }
}

impl Inquiry for AllCredentials {
    type Output = RegistryConfig;

    /// # Errors
    /// As of a [`Lookup`].
    #[inline]
    fn run(&self, known: &mut Known) -> Result<RegistryConfig, Stop> {
        let files = Files::read(&self.environment, known)?;
        // What is more important comes later, and replaces.
        let mut all = BTreeMap::new();
        let auths = files.auths()?;
        for (name, value) in &auths {
            let Some(key) = entry_key(name) else { continue };
            let value = entry::find(&auths, &key).map_or(value, |(_, value)| value);
            if let Some(auth) = entry::read(&files.origin, name, value)? {
                all.insert(key, auth);
            }
        }
        let own = files.own_helpers();
        if let Some(helper) = files.common_helper() {
            for name in helper.list(known)? {
                // It is asked for by the name that it is kept under.
                let Some(key) = entry_key(&name) else { continue };
                if own.iter().any(|(of, _)| *of == key) {
                    continue;
                }
                if let Some(auth) = helper.get(&name, known)? {
                    all.insert(key.clone(), auth.server_address(key));
                }
            }
        }
        for (key, helper) in own {
            if helper.name.is_empty() {
                continue;
            }
            if let Some(auth) = helper.get(&key, known)? {
                all.insert(key, auth);
            }
        }
        let named = variable(&self.environment, known)?.unwrap_or_default();
        for (name, value) in &named {
            let Some(key) = entry_key(name) else { continue };
            if let Some(auth) = entry::read(VARIABLE, name, value)? {
                all.insert(key, auth);
            }
        }
        Ok(RegistryConfig(all))
    }
}
