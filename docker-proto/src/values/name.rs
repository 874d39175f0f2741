//! Names of containers and volumes, and pairs of a name and a value.

use super::refuse;
use crate::{Error, Result};
use alloc::string::String;
use core::str::FromStr;

/// Whether engines take a text as the name of a container or volume.
#[inline]
pub(super) fn is_name(text: &str) -> bool {
    let first = text.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric());
    first && text.len() > 1 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.-".contains(&b))
}

/// Checks the name of a container, and gives it without the slash that engines print before it.
///
/// # Errors
/// Other than two or more letters, digits, `_`, `.` and `-`, the first a letter or digit.
///
/// ```
/// use docker_proto::values::container_name;
///
/// assert_eq!(container_name("/web_1")?, "web_1");
/// assert!(container_name("web 1").is_err());
/// # Ok::<(), docker_proto::Error>(())
/// ```
#[inline]
pub fn container_name(text: &str) -> Result<&str> {
    let name = text.strip_prefix('/').unwrap_or(text);
    if is_name(name) {
        return Ok(name);
    }
    Err(refuse(
        "container name",
        text,
        "must be two or more letters, digits, `_`, `.` and `-`, the first a letter or digit",
    ))
}

/// Takes `name=value` apart, as labels, log options, sysctls and the like are written; without `=` the value is empty.
///
/// # Errors
/// No name.
///
/// ```
/// use docker_proto::values::name_and_value;
///
/// assert_eq!(name_and_value("max-size=10m")?, ("max-size", "10m"));
/// assert_eq!(name_and_value("production")?, ("production", ""));
/// # Ok::<(), docker_proto::Error>(())
/// ```
#[inline]
pub fn name_and_value(text: &str) -> Result<(&str, &str)> {
    let (name, value) = text.split_once('=').unwrap_or((text, ""));
    if name.is_empty() {
        return Err(refuse("name=value", text, "needs a name"));
    }
    Ok((name, value))
}

/// A name and a value, written as `name=value`, as `name` with an empty value, or as a pair.
///
/// ```
/// use docker_proto::values::NameValue;
///
/// let pair: NameValue = "tier=web".parse()?;
/// assert_eq!(pair, NameValue::from(("tier", "web")));
/// # Ok::<(), docker_proto::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NameValue {
    /// The name.
    pub name: String,
    /// The value.
    pub value: String,
}

impl FromStr for NameValue {
    type Err = Error;

    #[inline]
    fn from_str(text: &str) -> Result<Self> {
        name_and_value(text).map(Self::from)
    }
}

impl<N: Into<String>, V: Into<String>> From<(N, V)> for NameValue {
    #[inline]
    fn from((name, value): (N, V)) -> Self {
        Self { name: name.into(), value: value.into() }
    }
}

super::read_from_text!(NameValue);
