//! Plugins that an engine manages: programs that serve it volumes, networks, logs and more.
//!
//! ```
//! use docker_proto::api::plugins::{Enable, Privileges, Pull, Set};
//! use docker_proto::model::PluginPrivilege;
//!
//! // What it wants is asked for first; what it gets is what is sent back.
//! let wants = Privileges::new("vieux/sshfs:latest");
//! let pull = Pull::new("vieux/sshfs:latest").name("ssh").body([PluginPrivilege::new().name("network").value(["host"])]);
//! let set = Set::new("ssh").body(["DEBUG=1".to_string()]);
//! let enable = Enable::new("ssh", 30);
//! ```

use crate::model::{Filters, Plugin, PluginPrivilege};
use crate::op::{Done, Json, ProgressStream, RegistryAuth};
use alloc::string::String;
use alloc::vec::Vec;

operation! {
    /// Lists the plugins of the engine, whether they run or not.
    ///
    /// Errors: 400 an unknown filter.
    ///
    /// Next: [`Enable`] one, or [`Pull`] another.
    plugins::List = "PluginList", Get "/plugins" => Json<Vec<Plugin>> {
        query {
            /// Only those that fit: by `enabled` and `capability`.
            filters: Filters since 28,
        }
    }
}

operation! {
    /// Tells what a plugin in a registry wants to be allowed. A plugin that is not there gives an empty list too.
    ///
    /// Errors: 500 the registry cannot be reached, or refuses.
    ///
    /// Next: show it to whoever decides, and [`Pull`] the plugin with what they grant.
    plugins::Privileges = "GetPluginPrivileges", Get "/plugins/privileges" => Json<Vec<PluginPrivilege>> {
        required {
            /// The plugin, with registry and tag: `registry:5000/team/plugin:1`.
            remote: String,
        }
        query {
            /// The same again, for engines of API 1.25 and 1.26, whose description has it in place of `remote`.
            name: String until 26,
        }
        header {
            /// Credentials for the registry.
            registry_auth = "X-Registry-Auth": RegistryAuth,
        }
        patience Slow
        since 25
    }
}

operation! {
    /// Pulls a plugin from a registry and installs it, not yet enabled.
    ///
    /// The body is what it is allowed, which must be all that [`Privileges`] gave: otherwise the stream ends with
    /// `incorrect privileges`. An error in the stream ends it, after the progress before it. Dropped, it is cancelled.
    ///
    /// Errors: 404 no such plugin, or no permission; 409 it is there already; 500 the registry cannot be reached, or
    /// the name is none.
    ///
    /// Next: [`Set`] what must be set, then [`Enable`] it.
    plugins::Pull = "PluginPull", Post "/plugins/pull" => ProgressStream {
        required {
            /// The plugin, with registry and tag: `registry:5000/team/plugin:1`.
            remote: String,
        }
        query {
            /// Its name here; that in the registry, if left out.
            name: String,
        }
        header {
            /// Credentials for the registry.
            registry_auth = "X-Registry-Auth": RegistryAuth since 25,
        }
        sent_body Vec<PluginPrivilege>;
        patience Slow
    }
}

operation! {
    /// Tells everything about one plugin.
    ///
    /// Errors: 404 no such plugin.
    ///
    /// Next: [`Set`] what its `config` calls settable, or [`Enable`] it.
    plugins::Inspect = "PluginInspect", Get "/plugins/{name}/json" => Json<Plugin> {
        path {
            /// The plugin: its name here, with the tag if it is not `latest`, or its id.
            name: Image
        }
        since 25
    }
}

operation! {
    /// Tells everything about one plugin, on experimental engines of API 1.24. Later ones have [`Inspect`].
    ///
    /// Errors: 404 no such plugin, or no such operation.
    ///
    /// Next: [`Enable`] it.
    plugins::InspectLegacy = "PluginInspectLegacy", Get "/plugins/{name}" => Json<Plugin> {
        path {
            /// The plugin: its name here.
            name: Image
        }
        until 24
    }
}

operation! {
    /// Removes a plugin.
    ///
    /// Errors: 404 no such plugin; 409 it is enabled or in use, and not forced.
    ///
    /// Next: [`List`] what is left.
    plugins::Remove = "PluginDelete", Delete "/plugins/{name}" => Done {
        path {
            /// The plugin: its name here, with the tag if it is not `latest`, or its id.
            name: Image
        }
        query {
            /// Disables it first. What uses it fails from then on.
            force: bool since 25,
        }
        patience Slow
    }
}

operation! {
    /// Starts a plugin and waits until it answers on its socket.
    ///
    /// Errors: 404 no such plugin; 409 it is enabled already; 500 it does not start, or does not answer.
    ///
    /// Next: use it by its name, as the driver of a volume, network or log.
    plugins::Enable = "PluginEnable", Post "/plugins/{name}/enable" => Done {
        path {
            /// The plugin: its name here, with the tag if it is not `latest`, or its id.
            name: Image
        }
        required {
            /// How long one request to it may take, in seconds; 0 is no limit.
            timeout: i64,
        }
        patience Slow
    }
}

operation! {
    /// Stops a plugin and keeps it: asks first, kills after 10 seconds.
    ///
    /// Errors: 404 no such plugin; 409 it is disabled already, or in use and not forced.
    ///
    /// Next: [`Set`], [`Upgrade`] or [`Remove`] it.
    plugins::Disable = "PluginDisable", Post "/plugins/{name}/disable" => Done {
        path {
            /// The plugin: its name here, with the tag if it is not `latest`, or its id.
            name: Image
        }
        query {
            /// Even if something uses it.
            force: bool since 28,
        }
        patience Slow
    }
}

operation! {
    /// Makes a plugin from a tar, which is uploaded: `config.json`, and its root file system in `rootfs`.
    ///
    /// Errors: 409 the name is taken; 500 a name or a tar that does not fit.
    ///
    /// Next: [`Enable`] it, or [`Push`] it to a registry.
    plugins::Create = "PluginCreate", Post "/plugins/create" => Done {
        required {
            /// Its name, as it will be pushed: registry, path and tag. The tag is `latest` if left out.
            name: String,
        }
        upload "application/x-tar"
        patience Slow
        status [204]
        since 25
    }
}

operation! {
    /// Pushes a plugin to the registry in its name. An error in the stream ends it, after the progress before it.
    /// Dropped, it is cancelled.
    ///
    /// Errors: 404 no such plugin; 500 the registry cannot be reached.
    ///
    /// Next: [`Pull`] it on other engines.
    plugins::Push = "PluginPush", Post "/plugins/{name}/push" => ProgressStream {
        path {
            /// The plugin: its name here, with the tag if it is not `latest`.
            name: Image
        }
        header {
            /// Credentials for the registry.
            registry_auth = "X-Registry-Auth": RegistryAuth,
        }
        patience Slow
    }
}

operation! {
    /// Changes settings of a plugin that is disabled: those that its `config` calls settable.
    ///
    /// ```
    /// use docker_proto::api::plugins;
    ///
    /// let set = plugins::Set::new("team/plugin:1").setting("DEBUG=1").setting("data.source=/srv/data");
    /// assert_eq!(set.body, ["DEBUG=1", "data.source=/srv/data"]);
    /// ```
    ///
    /// Errors: 404 no such plugin; 500 no such setting, or the plugin is enabled.
    ///
    /// Next: [`Enable`] it.
    plugins::Set = "PluginSet", Post "/plugins/{name}/set" => Done {
        path {
            /// The plugin: its name here, with the tag if it is not `latest`, or its id.
            name: Image
        }
        sent_body Vec<String>;
        status [204]
        since 25
    }
}

operation! {
    /// Replaces a plugin that is disabled by another version from a registry. Its settings stay as far as they fit.
    ///
    /// The body is what the new one is allowed, which must be all that [`Privileges`] gave for it. An error in the
    /// stream ends it, after the progress before it; the old version is kept then. Dropped, it is cancelled.
    ///
    /// Errors: 404 no such plugin, here or there; 409 it is enabled; 500 the registry cannot be reached.
    ///
    /// Next: [`Enable`] it.
    plugins::Upgrade = "PluginUpgrade", Post "/plugins/{name}/upgrade" => ProgressStream {
        path {
            /// The plugin: its name here, with the tag if it is not `latest`, or its id.
            name: Image
        }
        required {
            /// The new version, with registry and tag: `registry:5000/team/plugin:2`.
            remote: String,
        }
        header {
            /// Credentials for the registry.
            registry_auth = "X-Registry-Auth": RegistryAuth,
        }
        sent_body Vec<PluginPrivilege>;
        patience Slow
        since 26
    }
}

impl Set {
    /// Adds a setting: `NAME=value` for a variable, `args=..` for the arguments, `mount.source=..` or `device.path=..`.
    #[must_use]
    #[inline]
    pub fn setting(mut self, setting: impl Into<String>) -> Self {
        self.body.push(setting.into());
        self
    }
}

handle! {
    /// A plugin: its name, with registry, path and tag.
    Handle {
        inspect => Inspect,
        enable(seconds: i64) => Enable,
        disable => Disable,
        set => Set,
        push => Push,
        upgrade(remote: impl Into<String>) => Upgrade,
        remove => Remove,
    }
}
