//! Helper programs, `docker-credential-NAME`: they keep credentials in keychains.
//!
//! `get`, `erase`: the registry on stdin. `store`: a JSON document on stdin. `list`: nothing. What they tell comes on stdout,
//! reasons of failures as well.

use crate::model::AuthConfig;
use crate::resolve::{Environment, Known, Program, Stop, member, unknown};
use crate::{Error, ErrorKind, Result};
use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::{Map, Value, json};

/// The user name that says that the secret is an identity token.
const TOKEN: &str = "<token>";
/// How much of what a helper says about a failure becomes part of an error, in characters.
const MAX_REASON: usize = 300;

/// A helper that is configured.
pub(super) struct Helper<'a> {
    /// Its name, without what all have in common.
    pub(super) name: String,
    /// What configures it.
    pub(super) origin: String,
    pub(super) environment: &'a Environment,
}

impl Helper<'_> {
    /// What it has for a registry.
    #[inline]
    pub(super) fn get(&self, key: &str, known: &mut Known) -> Result<Option<AuthConfig>, Stop> {
        let Some(told) = self.run("get", key.into(), &[], known)? else { return Ok(None) };
        let told = self.object("get", &told)?;
        let text =
            |name: &str| member(&told, name).and_then(Value::as_str).filter(|t| !t.is_empty()).map(str::to_owned);
        let (user, secret) = (text("Username"), text("Secret"));
        let mut auth = AuthConfig::new().server_address(key);
        match (user, secret) {
            (None, None) => return Ok(None),
            (Some(user), secret) if user == TOKEN => auth.identity_token = secret.map(Into::into),
            (user, secret) => {
                auth.username = user;
                auth.password = secret.map(Into::into);
            }
        }
        Ok(Some(auth))
    }

    /// Gives it something to keep.
    #[inline]
    pub(super) fn store(&self, key: &str, auth: &AuthConfig, known: &mut Known) -> Result<(), Stop> {
        let token = auth.identity_token.as_deref().filter(|token| !token.is_empty());
        let user = if token.is_some() { TOKEN } else { auth.username.as_deref().unwrap_or_default() };
        let secret = token.or(auth.password.as_deref()).unwrap_or_default();
        let document = json!({ "ServerURL": key, "Username": user, "Secret": secret });
        self.run("store", format!("{document}"), &[secret], known).map(drop)
    }

    /// Makes it forget a registry.
    #[inline]
    pub(super) fn erase(&self, key: &str, known: &mut Known) -> Result<(), Stop> {
        self.run("erase", key.into(), &[], known).map(drop)
    }

    /// The registries that it knows.
    #[inline]
    pub(super) fn list(&self, known: &mut Known) -> Result<Vec<String>, Stop> {
        let told = self.run("list", String::new(), &[], known)?.unwrap_or_default();
        Ok(self.object("list", &told)?.into_iter().map(|(name, _)| name).collect())
    }

    #[inline]
    fn object(&self, verb: &str, told: &[u8]) -> Result<Map<String, Value>> {
        match serde_json::from_slice(told) {
            Ok(Value::Object(object)) => Ok(object),
            Ok(Value::Null) => Ok(Map::new()),
            // What it printed may be a secret.
            _ => Err(self.failed(verb, "did not print a JSON object")),
        }
    }

    #[inline]
    fn failed(&self, verb: &str, why: &str) -> Error {
        let Self { name, origin, .. } = self;
        Error::new(ErrorKind::Credentials, format!("docker-credential-{name} {verb} ({origin}): {why}"))
    }

    /// What it prints; `None` if it says that it has nothing of that kind.
    #[inline]
    fn run(&self, verb: &str, stdin: String, secrets: &[&str], known: &mut Known) -> Result<Option<Vec<u8>>, Stop> {
        // The name comes from a file, and becomes that of a program: it must not lead elsewhere.
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"._-".contains(&b);
        if self.name.is_empty() || !self.name.bytes().all(plain) {
            return Err(self.failed(verb, "is no name of a helper").into());
        }
        let mut program = Program::new(format!("docker-credential-{}", self.name), [verb]).stdin(stdin);
        program.env = self.environment.for_programs();
        let (code, stdout) = match known.run(program)? {
            Ok(Some(ran)) => ran,
            Ok(None) => return Err(self.failed(verb, "there is no such program in PATH").into()),
            Err(why) => return Err(self.failed(verb, &why).into()),
        };
        if code == Some(0) {
            return Ok(Some(stdout));
        }
        let said = String::from_utf8_lossy(&stdout);
        let said = said.trim();
        if said.contains("credentials not found") {
            return Ok(None);
        }
        let ended = code.map_or_else(|| "ended by a signal".to_owned(), |code| format!("exit code {code}"));
        let mut masked = said.to_owned();
        for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
            // As it is, and as it stood in the document.
            let quoted = Value::from(*secret).to_string();
            masked = masked.replace(*secret, "***").replace(quoted.trim_matches('"'), "***");
        }
        let reason: String = masked.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MAX_REASON).collect();
        let why = if reason.is_empty() { ended } else { unknown(&ended, reason) };
        Err(self.failed(verb, &why).into())
    }
}
