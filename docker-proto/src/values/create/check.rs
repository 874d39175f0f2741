//! What options mean together, and bounds that engines have.

use super::CreateOptions;
use crate::model::{EndpointSettings, LogDriver, RestartPolicyName};
use crate::values::refuse;
use crate::{Error, Result};
use alloc::format;
use alloc::string::{String, ToString};

#[inline]
fn contradict(one: &str, other: &str, why: &str) -> Error {
    Error::usage(format!("options `{one}` and `{other}` contradict each other: {why}"))
}

#[inline]
fn within(option: &str, value: Option<i64>, fits: impl Fn(i64) -> bool, rule: &str) -> Result<()> {
    match value {
        Some(value) if !fits(value) => Err(refuse(&format!("option {option}"), &value.to_string(), rule)),
        _ => Ok(()),
    }
}

impl CreateOptions {
    #[inline]
    pub(super) fn check(&mut self) -> Result<()> {
        self.check_life()?;
        self.check_numbers()?;
        self.check_memory()?;
        self.check_modes()?;
        self.check_network()
    }

    #[inline]
    fn check_life(&mut self) -> Result<()> {
        if let Some(name) = self.host.restart_policy.as_ref().and_then(|policy| policy.name.as_ref()) {
            if self.host.auto_remove == Some(true) && *name != RestartPolicyName::No {
                return Err(contradict("rm", "restart", "a container that is removed cannot be started again"));
            }
        }
        if self.no_health {
            if self.health.is_some() {
                return Err(contradict("no_healthcheck", "health_*", "there is nothing to set"));
            }
            self.health = Some(crate::values::Health::none().build()?);
        }
        if let Some(check) = &self.health {
            for (option, time) in [
                ("health_interval", check.interval),
                ("health_timeout", check.timeout),
                ("health_start_period", check.start_period),
                ("health_start_interval", check.start_interval),
            ] {
                let fits = |time| time == 0 || time >= 1_000_000;
                within(option, time, fits, "must be 0 or at least 1 ms, in nanoseconds")?;
            }
        }
        let log = self.host.log_config.as_ref();
        if log.is_some_and(|log| log.kind == Some(LogDriver::None) && !log.config.is_empty()) {
            return Err(contradict("log_driver", "log_opt", "the driver `none` has no options"));
        }
        Ok(())
    }

    #[inline]
    fn check_numbers(&self) -> Result<()> {
        let host = &self.host;
        within("oom_score_adj", host.oom_score_adj, |n| (-1000..=1000).contains(&n), "must be -1000 to 1000")?;
        within("memory_swappiness", host.memory_swappiness, |n| (-1..=100).contains(&n), "must be -1 to 100")?;
        within("cpu_shares", host.cpu_shares, |n| n >= 0, "must not be negative")?;
        within("nano_cpus", host.nano_cpus, |n| n >= 0, "must not be negative")?;
        within("stop_timeout", self.body.stop_timeout, |n| n >= -1, "must be -1 or more")?;
        let weight = |n: i64| n == 0 || (10..=1000).contains(&n);
        within("blkio_weight", host.blkio_weight.map(Into::into), weight, "must be 10 to 1000, or 0")?;
        for device in host.blkio_weight_device.iter().flatten() {
            within("blkio_weight_device", device.weight.map(Into::into), weight, "must be 10 to 1000, or 0")?;
        }
        // The option of docker-py that sets billionths sets the same field as `cpus`.
        if host.nano_cpus.unwrap_or(0) > 0 {
            for (other, value) in [("cpu_period", host.cpu_period), ("cpu_quota", host.cpu_quota)] {
                if value.unwrap_or(0) > 0 {
                    return Err(contradict("cpus", other, "both limit the same"));
                }
            }
        }
        Ok(())
    }

    #[inline]
    fn check_memory(&self) -> Result<()> {
        let host = &self.host;
        for (option, size) in [
            ("memory", host.memory),
            ("memory_reservation", host.memory_reservation),
            ("kernel_memory", host.kernel_memory),
            ("shm_size", host.shm_size),
        ] {
            within(option, size, |n| n >= 0, "must not be negative")?;
        }
        let memory = host.memory.unwrap_or(0);
        let swap = host.memory_swap.unwrap_or(0);
        within("memory_swap", host.memory_swap, |n| n >= -1, "must be -1 or more")?;
        if swap > 0 && memory == 0 {
            return Err(contradict("memory_swap", "memory", "memory and swap together are limited, but memory is not"));
        }
        if swap > 0 && swap < memory {
            return Err(contradict("memory_swap", "memory", "memory and swap together must not be less than memory"));
        }
        if memory > 0 && host.memory_reservation.unwrap_or(0) > memory {
            return Err(contradict("memory_reservation", "memory", "the soft limit exceeds the hard one"));
        }
        Ok(())
    }

    #[inline]
    fn check_modes(&self) -> Result<()> {
        let host = &self.host;
        let container = |mode: &str| mode.strip_prefix("container:").is_some_and(|name| !name.is_empty());
        let modes: [(&str, &Option<String>, &[&str], bool); 4] = [
            ("pid", &host.pid_mode, &["", "host"], true),
            ("ipc", &host.ipc_mode, &["", "none", "private", "shareable", "host"], true),
            ("uts", &host.uts_mode, &["", "host"], false),
            ("userns", &host.userns_mode, &["", "host"], false),
        ];
        for (option, mode, known, others) in modes {
            if let Some(mode) = mode {
                if !(known.contains(&&**mode) || others && container(mode)) {
                    let also = if others { " or `container:<id>`" } else { "" };
                    let rule = format!("must be one of {known:?}{also}");
                    return Err(refuse(&format!("option {option}"), mode, rule));
                }
            }
        }
        if host.uts_mode.as_deref() == Some("host") && self.body.hostname.as_ref().is_some_and(|name| !name.is_empty())
        {
            return Err(contradict("uts", "hostname", "the host keeps its own name"));
        }
        Ok(())
    }

    #[inline]
    fn check_network(&self) -> Result<()> {
        let mode = self.host.network_mode.as_deref().unwrap_or_default();
        let published = !self.ports.bindings().is_empty();
        let links = !self.host.links.is_empty();
        if mode == "host" {
            if published {
                return Err(contradict("network", "publish", "the host's network has no ports to publish"));
            }
            if links {
                return Err(contradict("network", "link", "the host's network has no links"));
            }
        }
        if mode.starts_with("container:") {
            let body = &self.body;
            for (other, set) in [
                ("hostname", body.hostname.is_some()),
                ("publish", published),
                ("publish_all", self.host.publish_all_ports == Some(true)),
                ("expose", !self.ports.exposed().is_empty()),
                ("link", links),
                ("dns", !self.host.dns.is_empty()),
                ("add_host", !self.host.extra_hosts.is_empty()),
                ("mac_address", body.mac_address.is_some()),
            ] {
                if set {
                    return Err(contradict("network", other, "the network of another container has its own"));
                }
            }
        }
        if self.body.network_disabled == Some(true) && published {
            return Err(contradict("network_disabled", "publish", "there is no network to publish from"));
        }
        self.check_endpoint(mode)
    }

    /// The settings for the main network need one that has them.
    #[inline]
    fn check_endpoint(&self, mode: &str) -> Result<()> {
        if *self.endpoint == EndpointSettings::new() {
            return Ok(());
        }
        if self.endpoints.contains_key(mode) || (mode.is_empty() && !self.endpoints.is_empty()) {
            return Err(contradict("endpoint", "network_alias", "a network has its settings in one place"));
        }
        if matches!(mode, "none" | "host") || mode.starts_with("container:") {
            return Err(contradict(
                "network",
                "ip",
                "this kind of network has no addresses, aliases or driver options",
            ));
        }
        let own = self.endpoint.ipam_config.is_some() || !self.endpoint.aliases.is_empty();
        if own && matches!(mode, "" | "default" | "bridge" | "nat") {
            return Err(contradict("network", "ip", "addresses and aliases need a network that was created for them"));
        }
        Ok(())
    }
}
