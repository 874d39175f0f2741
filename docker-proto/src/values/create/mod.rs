//! A container described by the options of `docker run`.
//!
//! Each file has the options of one subject. An option belongs here if the docker command line or docker-py has it; it
//! takes texts as they are written there as well as finished values, and its mistakes are kept until
//! [`CreateOptions::create`]. What options mean together is in `check`.

mod check;
mod devices;
mod host;
mod network;
mod program;
mod resources;
mod storage;

use super::PortMap;
use crate::api::containers;
use crate::model::{ContainerCreateBody, EndpointSettings, HealthConfig, HostConfig};
use crate::op::PlatformText;
use crate::{Error, Result};
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// What `docker run` would make, option by option; the result is a [`containers::Create`].
///
/// The order of the options does not matter, but that lists keep theirs. An option that takes one value takes the last.
/// Options that contradict each other are refused, with those that the engine would refuse. Options with a bound in the
/// API are refused by versions that do not have them when the operation is sent. What has no option here is set with
/// [`edit`](Self::edit), which runs last and is not checked.
///
/// ```
/// use docker_proto::values::CreateOptions;
///
/// let create = CreateOptions::new("alpine:3.22")
///     .name("web")
///     .publish("127.0.0.1:8080:80")
///     .volume("/srv:/srv:ro")
///     .env("MODE=test")
///     .env(("EMPTY", ""))
///     .memory("64m")
///     .memory_swap(-1)
///     .restart("on-failure:3")
///     .user(0)
///     .command("sh -c 'echo hello'")
///     .edit(|body| body.host_config.get_or_insert_default().masked_paths = Some(Vec::new()))
///     .create()?;
/// assert_eq!(create.name.as_deref(), Some("web"));
/// assert_eq!(create.body.cmd, ["sh", "-c", "echo hello"]);
/// assert_eq!(create.body.host_config.unwrap().memory, Some(64 << 20));
///
/// let error = CreateOptions::new("alpine").rm(true).restart("always").create().unwrap_err();
/// assert!(error.message().contains("`rm` and `restart`"));
/// # Ok::<(), docker_proto::Error>(())
/// ```
#[derive(Default)]
#[must_use]
pub struct CreateOptions {
    name: Option<String>,
    platform: Option<PlatformText>,
    // The large ones are boxed: every option moves the whole.
    body: Box<ContainerCreateBody>,
    host: Box<HostConfig>,
    ports: PortMap,
    health: Option<HealthConfig>,
    no_health: bool,
    /// Settings of the first network, which it is given when all is known.
    endpoint: Box<EndpointSettings>,
    /// Networks with settings of their own.
    endpoints: BTreeMap<String, EndpointSettings>,
    /// Variables that yield to those of the caller.
    proxies: Vec<(String, String)>,
    edits: Vec<Edit>,
    error: Option<Error>,
}

type Edit = Box<dyn FnOnce(&mut ContainerCreateBody) + Send>;

impl CreateOptions {
    /// A container of an image: a name, an id or a digest.
    #[inline]
    pub fn new(image: impl Into<String>) -> Self {
        let mut options = Self::default();
        options.body.image = Some(image.into());
        options
    }

    /// The container's name.
    #[inline]
    pub fn name(mut self, name: impl AsRef<str>) -> Self {
        match super::container_name(name.as_ref()) {
            Ok(name) => self.name = Some(name.into()),
            Err(e) => self.fail("name", &e),
        }
        self
    }

    /// The platform of the image: `linux/arm64/v8`. Since API 1.41.
    #[inline]
    pub fn platform(mut self, platform: impl Into<PlatformText>) -> Self {
        self.platform = Some(platform.into());
        self
    }

    /// Changes the whole body, after all options and after their checks; may be repeated.
    #[inline]
    pub fn edit(mut self, edit: impl FnOnce(&mut ContainerCreateBody) + Send + 'static) -> Self {
        self.edits.push(Box::new(edit));
        self
    }

    /// The operation.
    ///
    /// # Errors
    /// The first option that could not be read, by its name; options that contradict each other; values that engines
    /// refuse.
    #[inline]
    pub fn create(mut self) -> Result<containers::Create> {
        if let Some(e) = self.error.take() {
            return Err(e);
        }
        self.check()?;
        self.join_networks();
        self.add_proxies();
        self.body.healthcheck = self.health;
        (self.body.exposed_ports, self.host.port_bindings) = self.ports.into_parts();
        if *self.host != HostConfig::new() {
            self.body.host_config = Some(*self.host);
        }
        for edit in self.edits {
            edit(&mut self.body);
        }
        let mut create = containers::Create::new(*self.body);
        create.name = self.name;
        create.platform = self.platform;
        Ok(create)
    }

    /// Keeps the first mistake, with the option it was made in.
    #[inline]
    fn fail(&mut self, option: &str, e: &Error) {
        if self.error.is_none() {
            self.error = Some(Error::usage(format!("option {option}: {}", e.message())));
        }
    }

    /// The value that an option was given, unless it cannot be read.
    #[inline]
    fn read<T>(&mut self, option: &str, value: impl TryInto<T, Error: Into<Error>>) -> Option<T> {
        value.try_into().map_err(|e| self.fail(option, &e.into())).ok()
    }
}

impl fmt::Debug for CreateOptions {
    /// Without the environment, which may hold secrets.
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CreateOptions")
            .field("name", &self.name)
            .field("image", &self.body.image)
            .finish_non_exhaustive()
    }
}

/// Options that set one field of the body or of the host settings to a value.
macro_rules! set {
    ($($(#[$doc:meta])* $name:ident($t:ty) => $($at:ident).+;)+) => {
        impl CreateOptions {$(
            $(#[$doc])*
            #[inline]
            pub fn $name(mut self, value: impl Into<$t>) -> Self {
                self.$($at).+ = Some(value.into());
                self
            }
        )+}
    };
}

/// Options that set one number or flag.
macro_rules! plain {
    ($($(#[$doc:meta])* $name:ident($t:ty) => $($at:ident).+;)+) => {
        impl CreateOptions {$(
            $(#[$doc])*
            #[inline]
            pub fn $name(mut self, value: $t) -> Self {
                self.$($at).+ = Some(value);
                self
            }
        )+}
    };
}

/// Options that add to a list.
macro_rules! add {
    ($($(#[$doc:meta])* $name:ident => $($at:ident).+;)+) => {
        impl CreateOptions {$(
            $(#[$doc])*
            #[inline]
            pub fn $name(mut self, value: impl Into<alloc::string::String>) -> Self {
                self.$($at).+.push(value.into());
                self
            }
        )+}
    };
}

/// Options whose value is read, and then used by an expression.
macro_rules! read {
    ($($(#[$doc:meta])* $name:ident($t:ty) => |$options:ident, $value:ident| $use:expr;)+) => {
        impl CreateOptions {$(
            $(#[$doc])*
            #[inline]
            pub fn $name(mut self, value: impl TryInto<$t, Error: Into<crate::Error>>) -> Self {
                if let Some($value) = self.read::<$t>(stringify!($name), value) {
                    let $options = &mut self;
                    $use;
                }
                self
            }
        )+}
    };
}

/// Options that are a name and a value: `(name, value)`, or as one text `name=value`.
macro_rules! pairs {
    ($($(#[$doc:meta])* $name:ident => |$options:ident, $pair:ident| $use:expr;)+) => {
        $crate::values::create::read!($($(#[$doc])* $name($crate::values::NameValue) => |$options, $pair| $use;)+);
    };
}

use {add, pairs, plain, read, set};
