//! Devices of the host, and rules for them.

use super::fields::fields;
use super::refuse;
use crate::model::{DeviceMapping, DeviceRequest};
use crate::{Error, Result};
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

/// `host[:container][:rwm]`: the path inside the container is the same if none is written, and all is permitted.
///
/// What follows the first colon is a path if it begins with a slash, else permissions, as on the docker command line;
/// docker-py always takes it for a path.
///
/// ```
/// use docker_proto::model::DeviceMapping;
///
/// let device: DeviceMapping = "/dev/sda1:/dev/mnt1:r".parse()?;
/// assert_eq!(device.path_in_container.as_deref(), Some("/dev/mnt1"));
/// assert_eq!("/dev/fuse".parse::<DeviceMapping>()?.to_string(), "/dev/fuse:/dev/fuse:rwm");
/// # Ok::<(), docker_proto::Error>(())
/// ```
impl FromStr for DeviceMapping {
    type Err = Error;

    #[inline]
    fn from_str(text: &str) -> Result<Self> {
        let refuse = |rule: &str| refuse("device", text, rule);
        let parts: Vec<&str> = text.split(':').collect();
        let (host, container, permissions) = match &*parts {
            [host] => (*host, *host, "rwm"),
            [host, path] if path.starts_with('/') => (*host, *path, "rwm"),
            [host, permissions] => (*host, *host, *permissions),
            [host, path, permissions] => (*host, *path, *permissions),
            _ => return Err(refuse("must be `host[:container][:rwm]`")),
        };
        if !host.starts_with('/') || !container.starts_with('/') {
            return Err(refuse("the paths must be absolute"));
        }
        if !are_permissions(permissions) {
            return Err(refuse("the permissions must be `r`, `w` and `m`, each once at most"));
        }
        Ok(Self::new().path_on_host(host).path_in_container(container).cgroup_permissions(permissions))
    }
}

impl fmt::Display for DeviceMapping {
    /// As the command line takes it.
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = self.path_on_host.as_deref().unwrap_or_default();
        let container = self.path_in_container.as_deref().unwrap_or(host);
        write!(f, "{host}:{container}:{}", self.cgroup_permissions.as_deref().unwrap_or("rwm"))
    }
}

#[inline]
fn are_permissions(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b"rwm".contains(&b)) && "rwm".chars().all(|c| text.matches(c).count() < 2)
}

/// Checks a rule for devices: `a`, `b` or `c`, major and minor number or `*`, permissions; as `c 13:* rwm`.
///
/// # Errors
/// Any other form.
///
/// ```
/// use docker_proto::values::device_cgroup_rule;
///
/// assert_eq!(device_cgroup_rule("c 7:128 rwm")?, "c 7:128 rwm");
/// assert!(device_cgroup_rule("7:128 rwm").is_err());
/// # Ok::<(), docker_proto::Error>(())
/// ```
#[inline]
pub fn device_cgroup_rule(text: &str) -> Result<&str> {
    let number = |part: &str| part == "*" || (!part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
    let parts: Vec<&str> = text.split(' ').collect();
    let fits = match &*parts {
        ["a" | "b" | "c", numbers, permissions] => {
            numbers.split_once(':').is_some_and(|(major, minor)| number(major) && number(minor))
                && are_permissions(permissions)
        }
        _ => false,
    };
    if fits {
        Ok(text)
    } else {
        Err(refuse("device cgroup rule", text, "must be `a|b|c major:minor rwm`, such as `c 13:* rwm`"))
    }
}

/// What the docker command line takes as `--gpus`: `all`, a number, or `count=`, `device=`, `driver=`, `capabilities=` and
/// `options=` joined by commas. Quotes keep a comma inside a field: `"device=0,2"`. The capability `gpu` is asked for
/// always; of count and devices, only one may be given.
///
/// ```
/// use docker_proto::model::DeviceRequest;
///
/// assert_eq!("all".parse::<DeviceRequest>()?.count, Some(-1));
/// let request: DeviceRequest = r#"driver=nvidia,"device=0,2""#.parse()?;
/// assert_eq!(request.device_ids, ["0", "2"]);
/// assert_eq!(request.capabilities, [["gpu"]]);
/// # Ok::<(), docker_proto::Error>(())
/// ```
impl FromStr for DeviceRequest {
    type Err = Error;

    #[inline]
    fn from_str(text: &str) -> Result<Self> {
        let refuse = |rule: &str| refuse("device request", text, rule);
        let count = |value: &str| match value {
            "all" => Ok(-1),
            value => match value.parse::<u32>() {
                Ok(n) if n > 0 => Ok(n.into()),
                _ => Err(refuse("the count must be `all` or a number above 0")),
            },
        };
        let mut request = Self::new();
        let mut capabilities = vec![String::from("gpu")];
        for field in fields(text).map_err(refuse)? {
            match field.split_once('=') {
                None => request = request.count(count(&field)?),
                Some(("count", value)) => request = request.count(count(value)?),
                Some(("driver", value)) => request = request.driver(value),
                Some(("device", value)) => request = request.device_ids(value.split(',')),
                Some(("capabilities", value)) => capabilities.extend(value.split(',').map(Into::into)),
                Some(("options", value)) => {
                    let pair = |option: &str| {
                        let (name, value) = option.split_once('=').unwrap_or((option, ""));
                        (String::from(name), String::from(value))
                    };
                    request.options = value.split(',').map(pair).collect::<BTreeMap<_, _>>();
                }
                Some(_) => {
                    return Err(refuse("the fields must be `count`, `device`, `driver`, `capabilities`, `options`"));
                }
            }
        }
        match (request.count, request.device_ids.is_empty()) {
            (Some(_), false) => return Err(refuse("needs either a count or devices")),
            (None, true) => request.count = Some(1),
            _ => {}
        }
        capabilities.dedup();
        request.capabilities = vec![capabilities];
        Ok(request)
    }
}

super::read_from_text!(DeviceMapping, DeviceRequest);
