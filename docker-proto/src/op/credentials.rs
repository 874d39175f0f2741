//! Credentials, as header fields carry them.

use super::param::Param;
use super::spec::ParamType;
use crate::model::AuthConfig;
use crate::{Error, Result};
use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE;
use core::fmt;
use serde_json::{Value, json};

/// Credentials for a registry, as the header `X-Registry-Auth` carries them. [`Debug`](fmt::Debug) does not show them.
#[derive(Clone, PartialEq, Eq)]
pub struct RegistryAuth(String);

impl RegistryAuth {
    /// No credentials.
    #[must_use]
    #[inline]
    pub fn anonymous() -> Self {
        Self::of(&json!({}))
    }

    /// A user and a password for the registry at `server`: its host and port, or `https://index.docker.io/v1/` for
    /// Docker's hub.
    #[must_use]
    #[inline]
    pub fn password(user: &str, password: &str, server: &str) -> Self {
        Self::of(&json!({ "username": user, "password": password, "serveraddress": server }))
    }

    /// A token that logging in gave instead of the password.
    #[must_use]
    #[inline]
    pub fn identity_token(token: &str, server: &str) -> Self {
        Self::of(&json!({ "identitytoken": token, "serveraddress": server }))
    }

    /// A bearer token that the registry itself takes.
    #[must_use]
    #[inline]
    pub fn registry_token(token: &str) -> Self {
        Self::of(&json!({ "registrytoken": token }))
    }

    /// What the header is to carry, already encoded: base64url with padding around a JSON document.
    ///
    /// # Errors
    /// [`Usage`](crate::ErrorKind::Usage) if it is not that: Docker ignores such a header and goes on anonymously.
    #[inline]
    pub fn encoded(text: impl Into<String>) -> Result<Self> {
        let text = text.into();
        let document = URL_SAFE.decode(&text).ok().and_then(|t| serde_json::from_slice::<Value>(&t).ok());
        match document {
            Some(Value::Object(_)) => Ok(Self(text)),
            _ => Err(Error::usage("credentials must be a JSON document in base64 of the URL alphabet, with padding")),
        }
    }

    #[inline]
    fn of(document: &Value) -> Self {
        Self(encode_auth(&document.to_string()))
    }
}

impl From<AuthConfig> for RegistryAuth {
    /// The same credentials, encoded.
    #[inline]
    fn from(auth: AuthConfig) -> Self {
        // A model of texts can always be written.
        Self::of(&serde_json::to_value(auth).unwrap_or_default())
    }
}

/// The URL alphabet, padded: anything else is ignored by engines without a word.
#[inline]
pub(super) fn encode_auth(document: &str) -> String {
    URL_SAFE.encode(document)
}

impl fmt::Debug for RegistryAuth {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RegistryAuth(..)")
    }
}

impl Param for RegistryAuth {
    const TYPE: ParamType = ParamType::Auth;
    #[inline]
    fn text(&self) -> Option<String> {
        Some(self.0.clone())
    }
}

/// Credentials for several registries, as the header `X-Registry-Config` of a build carries them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RegistryConfig(
    /// By registry: its host and port, or `https://index.docker.io/v1/` for Docker's hub.
    pub BTreeMap<String, AuthConfig>,
);

impl<K: Into<String>, I: IntoIterator<Item = (K, AuthConfig)>> From<I> for RegistryConfig {
    #[inline]
    fn from(registries: I) -> Self {
        Self(registries.into_iter().map(|(host, auth)| (host.into(), auth)).collect())
    }
}

impl Param for RegistryConfig {
    const TYPE: ParamType = ParamType::Auth;
    #[inline]
    fn text(&self) -> Option<String> {
        if self.0.is_empty() {
            return None;
        }
        serde_json::to_string(&self.0).ok().map(|document| encode_auth(&document))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    #[test]
    fn credentials_are_padded_url_safe_and_hidden() {
        // These bytes give `-` and `_` in the URL alphabet, `+` and `/` in the standard one.
        let auth = RegistryAuth::password("u", "~~~???>>>", "127.0.0.1:5000");
        let text = auth.text().unwrap();
        assert_eq!(text.len() % 4, 0);
        assert!(!text.contains(['+', '/']), "{text}");
        let document: Value = serde_json::from_slice(&URL_SAFE.decode(&text).unwrap()).unwrap();
        assert_eq!(document["password"], "~~~???>>>");
        assert_eq!(format!("{auth:?}"), "RegistryAuth(..)");
        assert_eq!(RegistryAuth::anonymous().text().unwrap(), "e30=");
        assert_eq!(RegistryAuth::encoded(text).unwrap(), auth);
        let same = AuthConfig::new().username("u").password("~~~???>>>").server_address("127.0.0.1:5000");
        assert_eq!(RegistryAuth::from(same), auth);
        assert_eq!(RegistryAuth::from(AuthConfig::new()), RegistryAuth::anonymous());
        for bad in ["", "e30", "W10=", "{}", "e30+"] {
            assert!(RegistryAuth::encoded(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_build_gets_credentials_by_registry() {
        let hub = AuthConfig::new().username("u").password("~open~");
        let config = RegistryConfig::from([("https://index.docker.io/v1/", hub)]);
        let sent: Value = serde_json::from_slice(&URL_SAFE.decode(config.text().unwrap()).unwrap()).unwrap();
        assert_eq!(sent, json!({"https://index.docker.io/v1/": {"username": "u", "password": "~open~"}}));
        let shown = format!("{config:?}");
        assert!(shown.contains("index.docker.io") && !shown.contains("open"), "{shown}");
        assert_eq!(RegistryConfig::default().text(), None);
    }
}
