//! Which set fields an API version does not know.

use super::{ApiVersion, Keys};
use crate::{Error, ErrorKind, Result};
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write;
use serde_json::Value;

/// Refuses `body` if one of its set fields is not in `version`; the error names the field, its range and the version.
///
/// `within` is the name that the path of a field starts with, or empty.
pub fn check<T: Gated>(body: &T, within: &str, version: ApiVersion) -> Result<()> {
    let mut refuse = |path: &str, since: Option<ApiVersion>, until: Option<ApiVersion>| {
        if since.is_none_or(|since| since <= version) && until.is_none_or(|until| version <= until) {
            return Ok(());
        }
        let range = match (since, until) {
            (Some(since), Some(until)) => format!("exists from API {since} to {until}"),
            (Some(since), None) => format!("exists since API {since}"),
            (None, Some(until)) => format!("exists until API {until}"),
            (None, None) => return Ok(()),
        };
        Err(Error::new(ErrorKind::Version, format!("field {path} {range}, this call uses {version}")))
    };
    body.gates(&mut Gate::new(within, &mut refuse))
}

/// What a [`Gate`] calls for each set field with a bound: its path, the first and the last version that has it.
/// An error stops the walk.
pub type OnBound<'a> = dyn FnMut(&str, Option<ApiVersion>, Option<ApiVersion>) -> Result<()> + 'a;

/// A walk over the set fields of a body.
pub struct Gate<'a> {
    path: String,
    found: &'a mut OnBound<'a>,
}

impl<'a> Gate<'a> {
    /// A walk that reports to `found`; every path starts with `within`, unless that is empty.
    pub fn new(within: &str, found: &'a mut OnBound<'a>) -> Self {
        Self { path: within.into(), found }
    }

    /// Reports the field `name` if it is set and bounded, then walks into it.
    pub fn field<T: Gated>(
        &mut self,
        name: &str,
        since: Option<ApiVersion>,
        until: Option<ApiVersion>,
        value: &T,
    ) -> Result<()> {
        if !value.is_set() {
            return Ok(());
        }
        let length = self.path.len();
        if length > 0 {
            self.path.push('.');
        }
        self.path.push_str(name);
        if since.is_some() || until.is_some() {
            (self.found)(&self.path, since, until)?;
        }
        value.gates(self)?;
        self.path.truncate(length);
        Ok(())
    }

    fn item<T: Gated>(&mut self, key: core::fmt::Arguments<'_>, value: &T) -> Result<()> {
        let length = self.path.len();
        // Writing into a String does not fail.
        let _ = write!(self.path, "[{key}]");
        value.gates(self)?;
        self.path.truncate(length);
        Ok(())
    }
}

/// A value that knows which API versions its fields belong to.
pub trait Gated {
    /// Whether the value would be sent at all.
    fn is_set(&self) -> bool {
        true
    }

    /// Reports every set field with a bound, nested ones included.
    fn gates(&self, gate: &mut Gate<'_>) -> Result<()> {
        let _ = gate;
        Ok(())
    }
}

macro_rules! plain {
    ($($t:ty),*) => { $(impl Gated for $t {})* };
}

plain!(bool, i64, u64, u32, u16, f64, String, Value);

impl Gated for Keys {
    fn is_set(&self) -> bool {
        !self.is_empty()
    }
}

impl<T: Gated> Gated for Option<T> {
    fn is_set(&self) -> bool {
        self.is_some()
    }

    fn gates(&self, gate: &mut Gate<'_>) -> Result<()> {
        self.as_ref().map_or(Ok(()), |value| value.gates(gate))
    }
}

impl<T: Gated> Gated for Vec<T> {
    fn is_set(&self) -> bool {
        !self.is_empty()
    }

    fn gates(&self, gate: &mut Gate<'_>) -> Result<()> {
        self.iter().enumerate().try_for_each(|(at, value)| gate.item(format_args!("{at}"), value))
    }
}

impl<T: Gated> Gated for BTreeMap<String, T> {
    fn is_set(&self) -> bool {
        !self.is_empty()
    }

    fn gates(&self, gate: &mut Gate<'_>) -> Result<()> {
        self.iter().try_for_each(|(key, value)| gate.item(format_args!("{key:?}"), value))
    }
}
