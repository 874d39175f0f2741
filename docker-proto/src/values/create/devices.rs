//! Devices.

use super::{CreateOptions, read};
use crate::model::{DeviceMapping, DeviceRequest};
use crate::values::device_cgroup_rule;

/// ```
/// use docker_proto::values::CreateOptions;
///
/// let host = CreateOptions::new("alpine")
///     .device("/dev/fuse")
///     .device_cgroup_rule("c 13:* rwm")
///     .gpus("all")
///     .create()?
///     .body
///     .host_config
///     .unwrap();
/// assert_eq!(host.devices[0].cgroup_permissions.as_deref(), Some("rwm"));
/// assert_eq!(host.device_requests[0].count, Some(-1));
/// # Ok::<(), docker_proto::Error>(())
/// ```
impl CreateOptions {
    /// Adds a rule for further devices: `c 13:* rwm`. Since API 1.28.
    #[inline]
    pub fn device_cgroup_rule(mut self, rule: impl AsRef<str>) -> Self {
        match device_cgroup_rule(rule.as_ref()) {
            Ok(rule) => self.host.device_cgroup_rules.push(rule.into()),
            Err(e) => self.fail("device_cgroup_rule", &e),
        }
        self
    }

    /// Adds devices that a driver provides, whole. Since API 1.40.
    #[inline]
    pub fn device_request(mut self, request: DeviceRequest) -> Self {
        self.host.device_requests.push(request);
        self
    }
}

read! {
    /// Adds a device of the host: `/dev/a[:/dev/b][:rwm]`.
    device(DeviceMapping) => |o, device| o.host.devices.push(device);
    /// Adds GPUs: `all`, a number, or `"device=0,2"`. Since API 1.40.
    gpus(DeviceRequest) => |o, request| o.host.device_requests.push(request);
}
