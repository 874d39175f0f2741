//! Privileges, namespaces and logs.

use super::{CreateOptions, add, pairs, plain, set};
use crate::model::{CgroupnsMode, ConsoleSize, Isolation, LogDriver};
use alloc::string::{String, ToString};
use core::fmt::Display;

/// ```
/// use docker_proto::values::CreateOptions;
///
/// let host = CreateOptions::new("alpine")
///     .cap_add("NET_ADMIN")
///     .group_add(0)
///     .log_driver("json-file")
///     .log_opt("max-size=10m")
///     .sysctl(("net.core.somaxconn", "1024"))
///     .create()?
///     .body
///     .host_config
///     .unwrap();
/// assert_eq!(host.group_add, ["0"]);
/// assert_eq!(host.log_config.unwrap().config["max-size"], "10m");
/// # Ok::<(), docker_proto::Error>(())
/// ```
impl CreateOptions {
    /// Adds a group of the process, by name or number.
    #[inline]
    pub fn group_add(mut self, group: impl Display) -> Self {
        self.host.group_add.push(group.to_string());
        self
    }

    /// The log driver.
    #[inline]
    pub fn log_driver(mut self, driver: impl Into<LogDriver>) -> Self {
        self.host.log_config.get_or_insert_default().kind = Some(driver.into());
        self
    }
}

set! {
    /// `host`, or `container:<id>`; its own when unset.
    pid(String) => host.pid_mode;
    /// `none`, `private`, `shareable`, `host`, or `container:<id>`.
    ipc(String) => host.ipc_mode;
    /// `host`; its own when unset.
    uts(String) => host.uts_mode;
    /// `host` switches user remapping off.
    userns(String) => host.userns_mode;
    /// `host` or `private`. Since API 1.41.
    cgroupns(CgroupnsMode) => host.cgroupns_mode;
    /// Windows: `process` or `hyperv`.
    isolation(Isolation) => host.isolation;
    /// First size of the terminal, as `(height, width)`.
    console_size(ConsoleSize) => host.console_size;
}

plain! {
    /// Gives it every capability and device.
    privileged(bool) => host.privileged;
}

add! {
    /// Adds a kernel capability.
    cap_add => host.cap_add;
    /// Drops a kernel capability.
    cap_drop => host.cap_drop;
    /// Adds an option of a security module: `no-new-privileges`, `seccomp=unconfined`.
    security_opt => host.security_opt;
}

pairs! {
    /// Adds an option of the log driver: `max-size=10m`.
    log_opt => |o, pair| o.host.log_config.get_or_insert_default().config.insert(pair.name, pair.value);
    /// Sets a kernel parameter of its namespaces: `net.core.somaxconn=1024`.
    sysctl => |o, pair| o.host.sysctls.insert(pair.name, pair.value);
}
