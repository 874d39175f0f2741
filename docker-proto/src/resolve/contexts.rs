//! Contexts: listed, looked at, made, made current, removed. The docker command uses what is made here, and the other way
//! round.
//!
//! ```
//! use docker_proto::resolve::contexts;
//!
//! let create = contexts::Create::new("lab", "tcp://lab.example:2375").description("the machine under the desk");
//! let list = contexts::List::new();
//! // docker_tokio::ask(create).await?;
//! // for context in docker_tokio::ask(list).await? {
//! //     println!("{}: {:?}", context.name, context.host);
//! // }
//! ```

use super::ask::{Inquiry, Known, Stop, unknown};
use super::config::ConfigFile;
use super::context::{self, Context, DEFAULT, check_name, failed};
use super::environment::{Environment, join};
use super::target::Resolve;
use crate::session::HostSpec;
use crate::{Error, ErrorKind, Result};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use serde_json::{Value, json};

/// How deep folders of contexts may lie in each other: docker itself makes one level.
const MAX_DEPTH: usize = 4;

macro_rules! environment {
    ($($name:ident),*) => {$(
        impl $name {
            /// In another environment than that of this process.
            #[inline]
            #[must_use]
            pub fn environment(mut self, environment: Environment) -> Self {
                self.environment = environment;
                self
            }
        }
    )*};
}
environment!(List, Inspect, Create, Use, Remove);

/// The folder of a set of contexts.
#[inline]
fn folder(environment: &Environment, known: &mut Known) -> Result<String, Stop> {
    let folder = environment.folder(known)?;
    let none = || Error::new(ErrorKind::Context, "contexts: there is no home folder, and DOCKER_CONFIG is not set");
    folder.ok_or_else(|| none().into())
}

#[inline]
fn done<T>(name: &str, path: &str, seen: Result<T, String>) -> Result<T, Stop> {
    seen.map_err(|why| failed(name, &unknown(path, why)).into())
}

/// Lists all contexts by name, the default one first: what the environment says without contexts.
#[derive(Clone, Debug, Default)]
pub struct List {
    environment: Environment,
}

/// A context in a list.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Listed {
    /// Its name; that of its folder, if it is broken.
    pub name: String,
    /// What its maker wrote about it.
    pub description: Option<String>,
    /// The engine's host string; `None` if the context is about something else, or broken.
    pub host: Option<String>,
    /// Whether it is the one that config.json says is in use. A variable may go before it.
    pub current: bool,
    /// What is wrong with it.
    pub error: Option<String>,
}

impl List {
    /// All contexts.
    #[inline]
    pub fn new() -> Self {
        Self::default()
    }
}

impl Inquiry for List {
    type Output = Vec<Listed>;

    /// # Errors
    /// config.json or the folder of contexts cannot be read. A broken context is listed, with what is wrong.
    #[inline]
    fn run(&self, known: &mut Known) -> Result<Vec<Listed>, Stop> {
        let config = ConfigFile::read(&self.environment, known)?;
        let current = config.current_context().unwrap_or(DEFAULT);
        let default = Resolve::new().environment(self.environment.clone()).context(DEFAULT).run(known);
        let (host, error) = match default {
            Ok(resolved) => (Some(format!("{}", resolved.host)), None),
            Err(Stop::Failed(e)) => (None, Some(e.message().into())),
            Err(ask) => return Err(ask),
        };
        let is_current = current == DEFAULT;
        let mut all = Vec::from([Listed { name: DEFAULT.into(), description: None, host, current: is_current, error }]);
        let Some(folder) = &config.folder else { return Ok(all) };
        let mut found = Vec::new();
        gather(&context::contexts_folder(folder), MAX_DEPTH, known, &mut found)?;
        found.sort_by(|a, b| a.name.cmp(&b.name));
        for listed in &mut found {
            listed.current = listed.name == current;
        }
        all.append(&mut found);
        Ok(all)
    }
}

/// All contexts below a folder, in whatever order.
#[inline]
fn gather(folder: &str, depth: usize, known: &mut Known, found: &mut Vec<Listed>) -> Result<(), Stop> {
    // Folders still to be looked into, and how deep below each may be looked.
    let mut folders = Vec::from([(String::from(folder), depth)]);
    while let Some((folder, depth)) = folders.pop() {
        let mut names = match known.list(&folder)? {
            Ok(names) => names.unwrap_or_default(),
            Err(why) => return Err(Error::new(ErrorKind::Context, unknown(&folder, why)).into()),
        };
        names.sort();
        for name in names {
            let below = join(&folder, &name);
            let path = join(&below, "meta.json");
            let read = match known.file(&path)? {
                Ok(None) if depth > 1 => {
                    folders.push((below, depth - 1));
                    continue;
                }
                Ok(None) => continue,
                Ok(Some(bytes)) => Context::parse(&bytes),
                Err(why) => Err(why),
            };
            found.push(match read {
                Ok(Context { name, description, host, .. }) => {
                    Listed { name, description, host, current: false, error: None }
                }
                Err(why) => {
                    let error = Some(unknown(&path, why));
                    Listed { name, description: None, host: None, current: false, error }
                }
            });
        }
    }
    Ok(())
}

/// Looks at one context.
#[derive(Clone, Debug)]
pub struct Inspect {
    environment: Environment,
    name: String,
}

impl Inspect {
    /// The context of this name. The default one is no context.
    #[inline]
    pub fn new(name: impl Into<String>) -> Self {
        Self { environment: Environment::process(), name: name.into() }
    }
}

impl Inquiry for Inspect {
    type Output = Context;

    /// # Errors
    /// [`Context`](ErrorKind::Context): there is none of this name, or it cannot be read.
    #[inline]
    fn run(&self, known: &mut Known) -> Result<Context, Stop> {
        let folder = folder(&self.environment, known)?;
        find(&folder, &self.name, known)
    }
}

#[inline]
fn find(folder: &str, name: &str, known: &mut Known) -> Result<Context, Stop> {
    let found = Context::read(folder, name, known)?;
    found.ok_or_else(|| failed(name, &format!("there is none in {folder}")).into())
}

/// Makes a context.
#[derive(Clone)]
pub struct Create {
    environment: Environment,
    name: String,
    host: String,
    description: Option<String>,
    skip_tls_verify: bool,
    material: [Option<Vec<u8>>; 3],
}

impl Create {
    /// A context of this name for the engine at this host string.
    #[inline]
    pub fn new(name: impl Into<String>, host: impl Into<String>) -> Self {
        Self {
            environment: Environment::process(),
            name: name.into(),
            host: host.into(),
            description: None,
            skip_tls_verify: false,
            material: [const { None }; 3],
        }
    }

    /// What it is.
    #[inline]
    #[must_use]
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.description = Some(text.into());
        self
    }

    /// Do not verify the engine's certificate.
    #[inline]
    #[must_use]
    pub fn skip_tls_verify(mut self, skip: bool) -> Self {
        self.skip_tls_verify = skip;
        self
    }

    /// Certificates of authorities, as PEM.
    #[inline]
    #[must_use]
    pub fn ca(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.material[0] = Some(pem.into());
        self
    }

    /// The client's certificate and its key, as PEM.
    #[inline]
    #[must_use]
    pub fn client_certificate(mut self, certificate: impl Into<Vec<u8>>, key: impl Into<Vec<u8>>) -> Self {
        self.material[1] = Some(certificate.into());
        self.material[2] = Some(key.into());
        self
    }
}

impl core::fmt::Debug for Create {
    /// Without the key.
    #[inline]
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Create").field("name", &self.name).field("host", &self.host).finish_non_exhaustive()
    }
}

impl Inquiry for Create {
    type Output = Context;

    /// # Errors
    /// A name or a host string that cannot be; [`Context`](ErrorKind::Context): there is one of this name already, or it
    /// cannot be written.
    #[inline]
    fn run(&self, known: &mut Known) -> Result<Context, Stop> {
        let name = &self.name;
        check_name(name)?;
        if name == DEFAULT {
            return Err(failed(name, "the default context is no file, and cannot be made").into());
        }
        HostSpec::parse(&self.host).map_err(|e| failed(name, e.message()))?;
        let folder = folder(&self.environment, known)?;
        let path = context::meta_path(&folder, name);
        if done(name, &path, known.file(&path)?)?.is_some() {
            return Err(failed(name, "there is one already").into());
        }
        let tls = context::tls_folder(&folder, name);
        for (file, pem) in ["ca.pem", "cert.pem", "key.pem"].into_iter().zip(&self.material) {
            if let Some(pem) = pem {
                let path = join(&tls, file);
                done(name, &path, known.write(&path, pem.clone(), true)?)?;
            }
        }
        let about = self.description.as_ref().map_or_else(|| json!({}), |text| json!({ "Description": text }));
        let endpoint = json!({ "Host": self.host.trim(), "SkipTLSVerify": self.skip_tls_verify });
        let meta = json!({ "Name": name, "Metadata": about, "Endpoints": { "docker": endpoint } });
        // Last: the context exists from here on.
        done(name, &path, known.write(&path, format!("{meta}").into(), false)?)?;
        find(&folder, name, known)
    }
}

/// Makes a context the one in use, for the docker command too: `currentContext` of config.json.
#[derive(Clone, Debug)]
pub struct Use {
    environment: Environment,
    name: String,
}

impl Use {
    /// The context of this name; `default` for none.
    #[inline]
    pub fn new(name: impl Into<String>) -> Self {
        Self { environment: Environment::process(), name: name.into() }
    }
}

impl Inquiry for Use {
    type Output = ();

    /// # Errors
    /// [`Context`](ErrorKind::Context): there is none of this name, or config.json cannot be written.
    #[inline]
    fn run(&self, known: &mut Known) -> Result<(), Stop> {
        let mut config = ConfigFile::read(&self.environment, known)?;
        if self.name == DEFAULT {
            if config.current_context().is_none() {
                return Ok(());
            }
            config.set("currentContext", None);
        } else {
            let folder = folder(&self.environment, known)?;
            find(&folder, &self.name, known)?;
            config.set("currentContext", Some(Value::String(self.name.clone())));
        }
        config.write(known).map(drop)
    }
}

/// Removes a context with its TLS material.
#[derive(Clone, Debug)]
pub struct Remove {
    environment: Environment,
    name: String,
    force: bool,
}

impl Remove {
    /// The context of this name.
    #[inline]
    pub fn new(name: impl Into<String>) -> Self {
        Self { environment: Environment::process(), name: name.into(), force: false }
    }

    /// Even if it is in use; then the default one is from now on.
    #[inline]
    #[must_use]
    pub fn force(mut self, force: bool) -> Self {
        self.force = force;
        self
    }
}

impl Inquiry for Remove {
    type Output = ();

    /// # Errors
    /// [`Context`](ErrorKind::Context): there is none of this name, it is in use, or it cannot be removed.
    #[inline]
    fn run(&self, known: &mut Known) -> Result<(), Stop> {
        let name = &self.name;
        if name == DEFAULT {
            return Err(failed(name, "the default context is no file, and cannot be removed").into());
        }
        let folder = folder(&self.environment, known)?;
        check_name(name)?;
        // One that is broken can be removed as well.
        let path = context::meta_path(&folder, name);
        if known.exists(&path)? == Ok(None) {
            return Err(failed(name, &format!("there is none in {folder}")).into());
        }
        let mut config = ConfigFile::read(&self.environment, known)?;
        if config.current_context() == Some(name) {
            if !self.force {
                return Err(failed(name, "it is in use; use another one first, or remove it by force").into());
            }
            config.set("currentContext", None);
            config.write(known)?;
        }
        for path in [context::meta_folder(&folder, name), context::all_tls_folder(&folder, name)] {
            done(name, &path, known.remove(&path)?)?;
        }
        Ok(())
    }
}
