//! A docker context: an engine with a name, kept in docker's folder, in the docker command's own format.

use super::ask::{Known, Stop, unknown};
use super::config::member;
use super::environment::join;
use crate::tls::Tls;
use crate::{Error, ErrorKind, Result};
use alloc::format;
use alloc::string::String;
use serde_json::{Map, Value};

/// The context that is no file: whatever the environment says without contexts.
pub(super) const DEFAULT: &str = "default";
/// The files of TLS material.
const TLS_FILES: [&str; 3] = ["ca.pem", "cert.pem", "key.pem"];

/// An engine with a name.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Context {
    /// Its name.
    pub name: String,
    /// What its maker wrote about it.
    pub description: Option<String>,
    /// The engine's host string; `None` if the context is about something else.
    pub host: Option<String>,
    /// The engine's certificate is not verified.
    pub skip_tls_verify: bool,
    /// Its TLS material.
    pub tls: TlsFiles,
    /// Everything that its file holds.
    pub metadata: Value,
}

/// Files of TLS material that exist.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TlsFiles {
    /// Whether the engine's certificate is verified.
    pub verify: bool,
    /// Certificates of authorities.
    pub ca: Option<String>,
    /// The client's certificate.
    pub cert: Option<String>,
    /// Its key.
    pub key: Option<String>,
}

impl TlsFiles {
    /// Those in a folder.
    pub(super) fn find(folder: &str, verify: bool, known: &mut Known) -> Result<Self, Stop> {
        let mut found = Self { verify, ..Self::default() };
        for (name, place) in TLS_FILES.into_iter().zip([&mut found.ca, &mut found.cert, &mut found.key]) {
            let path = join(folder, name);
            // What cannot be looked at is named: reading it will tell why.
            if known.exists(&path)? != Ok(None) {
                *place = Some(path);
            }
        }
        Ok(found)
    }

    /// What they hold.
    ///
    /// # Errors
    /// [`Usage`](ErrorKind::Usage): one cannot be read, or a certificate is there without its key.
    pub(super) fn read(&self, known: &mut Known) -> Result<Tls, Stop> {
        let mut read = |path: &str| match known.file(path)? {
            Ok(Some(bytes)) => Ok(bytes),
            Ok(None) => Err(Stop::from(Error::usage(unknown(path, "has gone")))),
            Err(why) => Err(Error::usage(unknown(path, why)).into()),
        };
        let mut tls = Tls::new().verify(self.verify);
        // The authorities of an engine that is not verified may be anything.
        if let (Some(ca), true) = (&self.ca, self.verify) {
            tls = tls.ca(read(ca)?);
        }
        match (&self.cert, &self.key) {
            (Some(cert), Some(key)) => Ok(tls.client_certificate(read(cert)?, read(key)?)),
            (None, None) => Ok(tls),
            (Some(path), None) => Err(Error::usage(unknown(path, "its key, key.pem, is not beside it")).into()),
            (None, Some(path)) => {
                Err(Error::usage(unknown(path, "its certificate, cert.pem, is not beside it")).into())
            }
        }
    }

    /// Whether there is any.
    pub fn is_empty(&self) -> bool {
        self.ca.is_none() && self.cert.is_none() && self.key.is_none()
    }
}

impl Context {
    /// Reads a context by its name; `None` if there is none.
    pub(super) fn read(folder: &str, name: &str, known: &mut Known) -> Result<Option<Self>, Stop> {
        check_name(name)?;
        let path = meta_path(folder, name);
        let bytes = match known.file(&path)? {
            Ok(None) => return Ok(None),
            Ok(Some(bytes)) => bytes,
            Err(why) => return Err(failed(name, &unknown(&path, why)).into()),
        };
        let mut context = Self::parse(&bytes).map_err(|why| failed(name, &unknown(&path, why)))?;
        context.name = name.into();
        context.find_tls(folder, known)?;
        Ok(Some(context))
    }

    pub(super) fn find_tls(&mut self, folder: &str, known: &mut Known) -> Result<(), Stop> {
        self.tls = TlsFiles::find(&tls_folder(folder, &self.name), !self.skip_tls_verify, known)?;
        Ok(())
    }

    /// Reads a context's file, the names of its members in any case.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, String> {
        let value: Value = serde_json::from_slice(bytes).map_err(|e| format!("is not JSON: {e}"))?;
        let Value::Object(meta) = &value else { return Err("must be a JSON object".into()) };
        let text = |object: &Map<String, Value>, name: &str| {
            Some(String::from(member(object, name)?.as_str()?)).filter(|text| !text.is_empty())
        };
        let object = |name: &str| member(meta, name).and_then(Value::as_object);
        let docker = object("Endpoints").and_then(|all| member(all, "docker")).and_then(Value::as_object);
        Ok(Self {
            name: text(meta, "Name").unwrap_or_default(),
            description: object("Metadata").and_then(|about| text(about, "Description")),
            host: docker.and_then(|docker| text(docker, "Host")),
            skip_tls_verify: docker.and_then(|d| member(d, "SkipTLSVerify")) == Some(&Value::Bool(true)),
            tls: TlsFiles::default(),
            metadata: value,
        })
    }
}

/// A context must be named as the docker command wants it: its name is hashed, and never part of a path.
pub(super) fn check_name(name: &str) -> Result<()> {
    let mut bytes = name.bytes();
    let fits = bytes.next().is_some_and(|b| b.is_ascii_alphanumeric())
        && name.len() > 1
        && bytes.all(|b| b.is_ascii_alphanumeric() || b"_.+-".contains(&b));
    if fits {
        return Ok(());
    }
    Err(Error::usage(format!(
        "context name: must be two or more letters, digits, `_`, `.`, `+` and `-`, a letter or digit first; it is {name:?}"
    )))
}

pub(super) fn failed(name: &str, why: &str) -> Error {
    Error::new(ErrorKind::Context, format!("context {name:?}: {why}"))
}

pub(super) fn contexts_folder(folder: &str) -> String {
    join(folder, "contexts/meta")
}

pub(super) fn meta_folder(folder: &str, name: &str) -> String {
    join(&contexts_folder(folder), &id(name))
}

pub(super) fn meta_path(folder: &str, name: &str) -> String {
    join(&meta_folder(folder, name), "meta.json")
}

/// Where the material of all endpoints of a context is.
pub(super) fn all_tls_folder(folder: &str, name: &str) -> String {
    join(folder, &["contexts/tls/", &id(name)].concat())
}

pub(super) fn tls_folder(folder: &str, name: &str) -> String {
    join(&all_tls_folder(folder, name), "docker")
}

/// What the docker command calls a context's folders.
fn id(name: &str) -> String {
    hmac_sha256::Hash::hash(name.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_those_of_the_docker_command() {
        // Made by `docker context create one`.
        let want = "/c/contexts/meta/7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed/meta.json";
        assert_eq!(meta_path("/c/", "one"), want);
    }

    #[test]
    fn names_are_those_of_the_docker_command() {
        for name in ["ab", "1b", "a_.+-", "desktop-linux"] {
            assert!(check_name(name).is_ok(), "{name}");
        }
        for name in ["", "a", "-a", "a/b", "../..", "a b", "é1", "a\0"] {
            assert!(check_name(name).is_err(), "{name}");
        }
    }
}
