//! What a container is made from: the program and its surroundings.

use super::macros::model;
use super::{HostConfig, NetworkingConfig};
use alloc::string::String;

/// The fields that are in a container's configuration and again, at the same depth, in the body that creates one.
macro_rules! with_config {
    ($(#[$meta:meta])* pub struct $name:ident { $($own:tt)* }) => {
        model! {
            $(#[$meta])*
            pub struct $name {
                /// Host name inside the container; the engine takes the start of the id when unset.
                hostname: "Hostname" String,
                /// Domain name inside the container.
                domainname: "Domainname" String,
                /// Who runs the command: a name or number, with `:group` if wanted; `0` is root.
                user: "User" String,
                /// Whether standard input was attached at creation.
                attach_stdin: "AttachStdin" bool,
                /// Whether standard output was attached at creation.
                attach_stdout: "AttachStdout" bool,
                /// Whether standard error was attached at creation.
                attach_stderr: "AttachStderr" bool,
                /// Ports the program listens on, as `80/tcp`.
                exposed_ports: "ExposedPorts" Keys,
                /// Gives the command a terminal; output is then one raw stream.
                tty: "Tty" bool,
                /// Keeps standard input open; without it nothing can ever be written there.
                open_stdin: "OpenStdin" bool,
                /// Closes standard input when the first attached client goes away.
                stdin_once: "StdinOnce" bool,
                /// Environment as `NAME=value`; a bare `NAME` removes the image's variable.
                env: "Env" [String],
                /// Command, or the arguments of the entry point.
                cmd: "Cmd" [String],
                /// How health is checked; unset inherits from the image.
                healthcheck: "Healthcheck" HealthConfig,
                /// Windows: the command line is already escaped.
                args_escaped: "ArgsEscaped" bool since 1.25,
                /// Image to start from: a name, an id or a digest.
                image: "Image" String,
                /// Paths that get an anonymous volume.
                volumes: "Volumes" Keys,
                /// Directory the command starts in.
                working_dir: "WorkingDir" String,
                /// Program to run; an empty list or `[""]` drops the image's, unset keeps it.
                entrypoint: "Entrypoint" (opt [String]),
                /// Leaves the container without any network.
                network_disabled: "NetworkDisabled" bool,
                /// Instructions that run when the image is built upon.
                on_build: "OnBuild" [String],
                /// Free metadata.
                labels: "Labels" {String},
                /// Signal that asks the program to end, by name or number.
                stop_signal: "StopSignal" String,
                /// Seconds between that signal and killing; -1 waits for ever.
                stop_timeout: "StopTimeout" i64 since 1.25,
                /// What runs commands given in shell form.
                shell: "Shell" [String] since 1.25,
                /// MAC address; newer engines take it from the endpoint of the network.
                mac_address: "MacAddress" String until 1.51,
                $($own)*
            }
        }
    };
}

with_config! {
    /// The program of a container and its surroundings.
    pub struct ContainerConfig {}
}

with_config! {
    /// Everything a new container is made from.
    pub struct ContainerCreateBody {
        /// Settings that concern the host: mounts, ports, limits.
        host_config: "HostConfig" HostConfig,
        /// Endpoints to create, by network.
        networking_config: "NetworkingConfig" NetworkingConfig,
    }
}

model! {
    /// How the health of a container is checked.
    pub struct HealthConfig {
        /// `NONE`, or `CMD` and arguments, or `CMD-SHELL` and one command line; empty inherits from the image.
        test: "Test" [String],
        /// Nanoseconds between checks; 0 inherits, else 1 ms at least.
        interval: "Interval" i64,
        /// Nanoseconds after which a check counts as hung; 0 inherits, else 1 ms at least.
        timeout: "Timeout" i64,
        /// Failures in a row that make the container unhealthy; 0 inherits.
        retries: "Retries" i64,
        /// Nanoseconds of grace after the start, in which failures do not count; 0 inherits, else 1 ms at least.
        start_period: "StartPeriod" i64 since 1.29,
        /// Nanoseconds between checks during the grace; 0 inherits, else 1 ms at least.
        start_interval: "StartInterval" i64 since 1.44,
    }
}
