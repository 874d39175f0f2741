//! Which engine is meant.

use super::ask::{Inquiry, Known, Stop, unknown};
use super::config::ConfigFile;
use super::context::{Context, DEFAULT, TlsFiles, failed};
use super::environment::{Environment, join};
use super::explain::Explanation;
use super::{headers, proxies};
use crate::model::ApiVersion;
use crate::session::{Config, Endpoint, HostSpec, Proxy, VersionChoice};
use crate::tls::Tls;
use crate::{Error, Result};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

/// Finds the engine that is meant, as the docker command does.
///
/// What comes first counts: a host or a context given here, `DOCKER_HOST`, `DOCKER_CONTEXT`, the context in use
/// (`currentContext` of config.json), the default socket, and then, if that does not exist, the sockets of rootless
/// Docker, Docker Desktop, colima, OrbStack, Rancher Desktop and podman.
///
/// `detachKeys` of config.json is the default of attach and exec. `DOCKER_API_VERSION` pins the version.
/// `DOCKER_CUSTOM_HEADERS`, or else `HttpHeaders` of config.json, add header fields.
/// For TCP, `DOCKER_TLS_VERIFY` asks for TLS, `DOCKER_TLS` and `DOCKER_CERT_PATH` for TLS without verification, whatever
/// their value, unless it is empty. `DOCKER_CONFIG` is docker's folder instead of `~/.docker`. An engine at a TCP address that
/// is not this machine's is reached through the proxy of `HTTP_PROXY`, with TLS of `HTTPS_PROXY`, unless `NO_PROXY` names it.
///
/// ```
/// use docker_proto::resolve::{Environment, Resolve};
///
/// let resolve = Resolve::new().environment(Environment::from([("DOCKER_HOST", "tcp://127.0.0.1:2375")]));
/// // let (endpoint, config) = docker_tokio::ask(resolve).await?.client()?;
/// ```
#[derive(Clone, Debug, Default)]
pub struct Resolve {
    environment: Environment,
    host: Option<String>,
    context: Option<String>,
}

/// The engine that is meant, and the settings for it.
#[derive(Clone)]
#[non_exhaustive]
pub struct Resolved {
    /// Where it is.
    pub host: HostSpec,
    /// TLS material, if TLS is asked for; sockets, pipes and SSH have none.
    pub tls: Option<TlsFiles>,
    /// The proxy that leads there.
    pub proxy: Option<Proxy>,
    /// Name of the context that it is from.
    pub context: Option<String>,
    /// The API version.
    pub version: VersionChoice,
    /// Header fields for every request.
    pub headers: Vec<(String, String)>,
    /// Keys that leave an attached container, from config.json.
    pub detach_keys: Option<String>,
    /// What the files of `tls` hold.
    material: Option<Tls>,
    explanation: Explanation,
}

impl Resolved {
    /// What was looked at, and why it was taken or passed over.
    pub fn explain(&self) -> &Explanation {
        &self.explanation
    }

    /// The endpoint and the settings of a client, whose failed connects will tell the explanation.
    ///
    /// # Errors
    /// [`Usage`](crate::ErrorKind::Usage): the TLS material or the detach keys cannot be used. The message names what is
    /// wrong, and has the explanation.
    pub fn client(self) -> Result<(Endpoint, Config)> {
        let mut endpoint = Endpoint::from(self.host);
        if let Some(tls) = self.material {
            endpoint = endpoint.with_tls(tls).map_err(|e| {
                let files = self.tls.unwrap_or_default();
                let files = Vec::from_iter([files.ca, files.cert, files.key].into_iter().flatten()).join(", ");
                Error::usage(format!("{} [in {files}] [looked at {:#}]", e.message(), self.explanation))
            })?;
        }
        if let Some(proxy) = self.proxy {
            endpoint = endpoint.with_proxy(proxy)?;
        }
        let mut config = Config::new(&endpoint);
        if let Some(keys) = self.detach_keys {
            let keys = keys.parse().map_err(|e: Error| Error::usage(format!("config.json: {}", e.message())))?;
            config.detach_keys = Some(keys);
        }
        config.version = self.version;
        config.headers = self.headers;
        config.explanation = self.explanation;
        Ok((endpoint, config))
    }
}

impl fmt::Debug for Resolved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Header values may be secrets.
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| &**name).collect();
        f.debug_struct("Resolved")
            .field("host", &self.host)
            .field("tls", &self.tls)
            .field("proxy", &self.proxy)
            .field("context", &self.context)
            .field("version", &self.version)
            .field("headers", &names)
            .field("explanation", &self.explanation)
            .finish_non_exhaustive()
    }
}

impl Resolve {
    /// With the environment of this process, and nothing given.
    pub fn new() -> Self {
        Self::default()
    }

    /// With another environment.
    #[must_use]
    pub fn environment(mut self, environment: Environment) -> Self {
        self.environment = environment;
        self
    }

    /// The engine at this host string, as `docker --host` has it: the environment still tells the settings.
    #[inline]
    #[must_use]
    pub fn host(mut self, url: impl Into<String>) -> Self {
        self.host = Some(url.into());
        self
    }

    /// The engine of this context, as `docker --context` has it.
    #[inline]
    #[must_use]
    pub fn context(mut self, name: impl Into<String>) -> Self {
        self.context = Some(name.into());
        self
    }

    /// The first that says something: where the engine is, TLS, and the context.
    fn choose(&self, config: &ConfigFile, known: &mut Known, told: &mut Explanation) -> Result<Choice, Stop> {
        let environment = &self.environment;
        let variable = environment.set("DOCKER_HOST", known)?;
        let named = environment.set("DOCKER_CONTEXT", known)?;
        let mut chosen = None;
        match (&self.host, &self.context) {
            (Some(_), Some(_)) => {
                return Err(Error::usage("a host and a context are given: only one engine can be meant").into());
            }
            (Some(url), _) => {
                let spec = HostSpec::parse(url)?;
                told.take("the host given", spec.to_string());
                chosen = Some((spec, None));
            }
            (_, Some(name)) => chosen = self.named("the context given", name, config, known, told)?,
            _ => {}
        }
        match variable {
            None => told.pass("DOCKER_HOST", "is not set"),
            Some(_) if chosen.is_some() => told.pass("DOCKER_HOST", "is set, but something goes first"),
            Some(url) => {
                let spec = HostSpec::parse(&url).map_err(|e| Error::usage(unknown("DOCKER_HOST", e.message())))?;
                told.take("DOCKER_HOST", spec.to_string());
                chosen = Some((spec, None));
            }
        }
        // The default context is whatever the environment says, but no other context.
        let mut is_taken = chosen.is_some() || self.context.is_some();
        let path = config.name();
        let current = config.current_context().map(String::from);
        for (origin, name) in [("DOCKER_CONTEXT".into(), named), (format!("currentContext of {path}"), current)] {
            match name {
                None if config.unreadable.is_some() && origin != "DOCKER_CONTEXT" => {
                    told.pass(origin, config.unreadable.clone().unwrap_or_default());
                }
                None => told.pass(origin, "is not set"),
                Some(name) if is_taken => told.pass(origin, format!("is {name:?}, but something goes first")),
                Some(name) => {
                    chosen = self.named(&origin, &name, config, known, told)?;
                    is_taken = true;
                }
            }
        }
        if let Some((spec, context @ Some(_))) = chosen {
            return Ok(Choice { spec, context });
        }
        let spec = match chosen {
            Some((spec, _)) => spec,
            None => self.probe(known, told)?,
        };
        Ok(Choice { spec, context: None })
    }

    /// The engine of a context; `None` for the default one.
    fn named(
        &self,
        origin: &str,
        name: &str,
        config: &ConfigFile,
        known: &mut Known,
        told: &mut Explanation,
    ) -> Result<Option<(HostSpec, Option<Context>)>, Stop> {
        if name == DEFAULT {
            told.pass(origin, "is the default context, which is none");
            return Ok(None);
        }
        let wrong = |e: Error| Error::new(e.kind(), unknown(origin, e.message()));
        let folder = config.folder.as_deref().ok_or_else(|| wrong(failed(name, "there is no home folder")))?;
        let read = Context::read(folder, name, known).map_err(|stop| match stop {
            Stop::Failed(e) => wrong(e).into(),
            ask => ask,
        })?;
        let context = read.ok_or_else(|| wrong(failed(name, &format!("there is none in {folder}"))))?;
        let Some(url) = &context.host else {
            return Err(wrong(failed(name, "it names no Docker engine")).into());
        };
        let spec = HostSpec::parse(url).map_err(|e| wrong(failed(name, e.message())))?;
        told.take(origin, format!("is {name:?}, the engine at {spec}"));
        Ok(Some((spec, Some(context))))
    }

    /// The first well-known socket that exists; the default one if none does.
    fn probe(&self, known: &mut Known, told: &mut Explanation) -> Result<HostSpec, Stop> {
        let environment = &self.environment;
        let default = if cfg!(windows) { "npipe://" } else { "unix://" };
        if environment.set("DOCKER_TLS_VERIFY", known)?.or(environment.set("DOCKER_TLS", known)?).is_some() {
            let local = "tcp://127.0.0.1:2376";
            told.take(local, "is the default, because TLS is asked for");
            return Ok(HostSpec::parse(local)?);
        }
        let default = HostSpec::parse(default)?;
        let HostSpec::Unix(path) = &default else {
            told.take(default.to_string(), "is the default");
            return Ok(default);
        };
        let mut paths = Vec::from([path.clone()]);
        if let Some(folder) = environment.set("XDG_RUNTIME_DIR", known)? {
            paths.push(join(&folder, "docker.sock"));
            paths.push(join(&folder, "podman/podman.sock"));
        }
        if let Some(home) = environment.home(known)? {
            paths.extend(HOME_SOCKETS.iter().map(|path| join(&home, path)));
        }
        paths.push("/run/podman/podman.sock".into());
        let mut found = None;
        for path in paths {
            let url = format!("unix://{path}");
            match known.exists(&path)? {
                _ if found.is_some() => told.pass(url, "comes later"),
                Ok(Some(())) => {
                    told.take(url, "exists");
                    found = Some(HostSpec::Unix(path));
                }
                Ok(None) => told.pass(url, "does not exist"),
                Err(why) => told.pass(url, why),
            }
        }
        Ok(found.unwrap_or_else(|| {
            told.take(default.to_string(), "is the default");
            default
        }))
    }

    /// TLS material, if TLS is asked for.
    fn tls(&self, choice: &Choice, known: &mut Known) -> Result<Option<TlsFiles>, Stop> {
        let HostSpec::Tcp { tls: https, .. } = choice.spec else { return Ok(None) };
        if let Some(context) = &choice.context {
            let asked = https || context.skip_tls_verify || !context.tls.is_empty();
            return Ok(asked.then(|| context.tls.clone()));
        }
        let environment = &self.environment;
        let verify = environment.set("DOCKER_TLS_VERIFY", known)?.is_some();
        let plain = environment.set("DOCKER_TLS", known)?.is_some();
        let folder = environment.set("DOCKER_CERT_PATH", known)?;
        if !(https || verify || plain || folder.is_some()) {
            return Ok(None);
        }
        // Who asks for nothing but `https` expects it to be verified.
        let verify = verify || (https && !plain && folder.is_none());
        let folder = match folder {
            Some(folder) => Some(folder),
            None => environment.folder(known)?,
        };
        match folder {
            Some(folder) => Ok(Some(TlsFiles::find(&folder, verify, known)?)),
            None => Ok(Some(TlsFiles { verify, ..TlsFiles::default() })),
        }
    }
}

/// Sockets in the user's own folder: rootless Docker and Docker Desktop, colima, OrbStack, Rancher Desktop, podman's
/// machine.
const HOME_SOCKETS: [&str; 7] = [
    ".docker/run/docker.sock",
    ".docker/desktop/docker.sock",
    ".colima/default/docker.sock",
    ".config/colima/default/docker.sock",
    ".orbstack/run/docker.sock",
    ".rd/docker.sock",
    ".local/share/containers/podman/machine/podman.sock",
];

struct Choice {
    spec: HostSpec,
    context: Option<Context>,
}

impl Inquiry for Resolve {
    type Output = Resolved;

    /// # Errors
    /// [`Usage`](crate::ErrorKind::Usage): a variable, config.json or a host string that cannot be understood;
    /// [`Context`](crate::ErrorKind::Context): a context that does not exist, cannot be read, or names no Docker engine.
    fn run(&self, known: &mut Known) -> Result<Resolved, Stop> {
        let environment = &self.environment;
        let named = |name: &str, e: Error| Error::usage(unknown(name, e.message()));
        let version = match environment.set("DOCKER_API_VERSION", known)? {
            None => VersionChoice::default(),
            Some(text) => {
                let version = ApiVersion::parse(text.trim()).map_err(|e| named("DOCKER_API_VERSION", e))?;
                VersionChoice::Pinned(version)
            }
        };
        let custom = environment.set("DOCKER_CUSTOM_HEADERS", known)?;
        let config = ConfigFile::read(environment, known)?;
        let headers = match custom {
            Some(text) => headers::of_variable(&text)?,
            None => config.http_headers()?,
        };
        let mut explanation = Explanation::default();
        let choice = self.choose(&config, known, &mut explanation)?;
        let tls = self.tls(&choice, known)?;
        let proxy = proxies::find(environment, &choice.spec, tls.is_some(), known, &mut explanation)?;
        let material = tls.as_ref().map(|files| files.read(known)).transpose()?;
        Ok(Resolved {
            host: choice.spec,
            tls,
            proxy,
            context: choice.context.map(|context| context.name),
            version,
            headers,
            detach_keys: config.detach_keys().map(Into::into),
            material,
            explanation,
        })
    }
}
