//! The containers of a service.

use crate::model::macros::{model, open_enum};
use crate::model::{Base64, HealthConfig, Isolation, Mount, Ulimit};
use alloc::string::String;

open_enum! {
    /// Which seccomp profile applies.
    pub enum SeccompMode {
        /// The engine's own.
        Default = "default",
        /// None.
        Unconfined = "unconfined",
        /// The one that is sent along.
        Custom = "custom",
    }

    /// Whether AppArmor applies.
    pub enum AppArmorMode {
        /// With the engine's own profile.
        Default = "default",
        /// Not at all.
        Disabled = "disabled",
    }
}

model! {
    /// What the containers of a service are made from.
    pub struct ContainerSpec {
        /// The image. Engines add the digest they resolved it to.
        image: "Image" String,
        /// Free metadata.
        labels: "Labels" {String},
        /// The program, in place of the image's entry point.
        command: "Command" [String],
        /// Its arguments, in place of the image's command.
        args: "Args" [String],
        /// Host name inside, as a valid name of RFC 1123.
        hostname: "Hostname" String since 1.27,
        /// Environment, as `NAME=value`.
        env: "Env" [String],
        /// Directory the program starts in.
        dir: "Dir" String,
        /// Who runs it: a name or number.
        user: "User" String,
        /// More groups of the process.
        groups: "Groups" [String] since 1.27,
        /// Security settings.
        privileges: "Privileges" Privileges since 1.30,
        /// Gives the program a terminal; its logs are then one raw stream.
        tty: "TTY" bool since 1.25,
        /// Keeps standard input open.
        open_stdin: "OpenStdin" bool since 1.27,
        /// Mounts the root read-only.
        read_only: "ReadOnly" bool since 1.27,
        /// What is mounted.
        mounts: "Mounts" [Mount],
        /// Signal that asks the program to end.
        stop_signal: "StopSignal" String since 1.28,
        /// Nanoseconds between that signal and killing.
        stop_grace_period: "StopGracePeriod" i64,
        /// How health is checked; unset inherits from the image.
        healthcheck: "Healthcheck" HealthConfig since 1.27,
        /// More lines of `/etc/hosts`, as `address name [alias..]`.
        hosts: "Hosts" [String] since 1.27,
        /// How names are resolved.
        dns_config: "DNSConfig" DNSConfig since 1.25,
        /// Secrets to hand over.
        secrets: "Secrets" [SecretReference] since 1.27,
        /// Shift of the OOM killer's score, -1000 to 1000.
        oom_score_adj: "OomScoreAdj" i64 since 1.46,
        /// Configs to hand over.
        configs: "Configs" [SwarmConfigReference] since 1.30,
        /// Windows: how it is isolated.
        isolation: "Isolation" Isolation since 1.35,
        /// Runs an init as process 1; as the engine is set up, when unset.
        init: "Init" bool since 1.38,
        /// Kernel parameters of its namespaces.
        sysctls: "Sysctls" {String} since 1.40,
        /// Kernel capabilities to add.
        capability_add: "CapabilityAdd" [String] since 1.41,
        /// Kernel capabilities to drop.
        capability_drop: "CapabilityDrop" [String] since 1.41,
        /// Resource limits of its processes.
        ulimits: "Ulimits" [Ulimit] since 1.41,
    }

    /// Security settings of the containers of a service.
    pub struct Privileges {
        /// Windows: the managed service account.
        credential_spec: "CredentialSpec" CredentialSpec since 1.30,
        /// SELinux labels.
        se_linux_context: "SELinuxContext" SELinuxContext since 1.30,
        /// The seccomp profile.
        seccomp: "Seccomp" SeccompOptions since 1.44,
        /// AppArmor.
        app_armor: "AppArmor" AppArmorOptions since 1.44,
        /// Lets processes gain no more rights than they start with.
        no_new_privileges: "NoNewPrivileges" bool since 1.44,
    }

    /// Where the specification of a managed service account is. One field is set.
    pub struct CredentialSpec {
        /// Id of a config, which the service must also list, with a runtime as its target.
        config: "Config" String since 1.40,
        /// Name of a file in the engine's folder for them.
        file: "File" String since 1.30,
        /// Name of a value in the registry of Windows.
        registry: "Registry" String since 1.30,
    }

    /// SELinux labels of a container.
    pub struct SELinuxContext {
        /// Switches SELinux off for it.
        disable: "Disable" bool since 1.30,
        /// The user.
        user: "User" String since 1.30,
        /// The role.
        role: "Role" String since 1.30,
        /// The type.
        kind: "Type" String since 1.30,
        /// The level.
        level: "Level" String since 1.30,
    }

    /// The seccomp profile of a container.
    pub struct SeccompOptions {
        /// Which one.
        mode: "Mode" SeccompMode since 1.44,
        /// The profile itself, a JSON document; with `custom` only.
        profile: "Profile" Base64 since 1.44,
    }

    /// AppArmor for a container.
    pub struct AppArmorOptions {
        /// Whether it applies.
        mode: "Mode" AppArmorMode since 1.44,
    }

    /// How names are resolved in a container.
    pub struct DNSConfig {
        /// Addresses of name servers.
        nameservers: "Nameservers" [String] since 1.25,
        /// Domains to try.
        search: "Search" [String] since 1.25,
        /// Options of the resolver.
        options: "Options" [String],
    }

    /// A secret handed to a container.
    pub struct SecretReference {
        /// The file it becomes.
        file: "File" SecretReferenceFile since 1.27,
        /// Id of the secret.
        secret_id: "SecretID" String since 1.27,
        /// Its name; only for people.
        secret_name: "SecretName" String since 1.27,
    }

    /// The file of a secret.
    pub struct SecretReferenceFile {
        /// Its name, below `/run/secrets`, or an absolute path.
        name: "Name" String since 1.27,
        /// Owner, as a number.
        uid: "UID" String since 1.27,
        /// Group, as a number.
        gid: "GID" String since 1.27,
        /// Permission bits.
        mode: "Mode" u32 since 1.27,
    }

    /// A config handed to a container, as a file or otherwise.
    pub struct SwarmConfigReference {
        /// The file it becomes.
        file: "File" SwarmConfigReferenceFile since 1.30,
        /// Set in place of a file if the container itself does not see it: a credential specification.
        runtime: "Runtime" SwarmConfigReferenceRuntime since 1.40,
        /// Id of the config.
        config_id: "ConfigID" String since 1.30,
        /// Its name; only for people.
        config_name: "ConfigName" String since 1.30,
    }

    /// The file of a config.
    pub struct SwarmConfigReferenceFile {
        /// Its path; a relative one is below the root.
        name: "Name" String since 1.30,
        /// Owner, as a number.
        uid: "UID" String since 1.30,
        /// Group, as a number.
        gid: "GID" String since 1.30,
        /// Permission bits.
        mode: "Mode" u32 since 1.30,
    }

    /// A config that the container itself does not see. Sent, it says so; it has no settings.
    pub struct SwarmConfigReferenceRuntime {}
}
