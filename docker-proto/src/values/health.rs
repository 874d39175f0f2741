//! Health checks.

use super::{Nanoseconds, refuse};
use crate::model::HealthConfig;
use crate::{Error, Result};
use alloc::format;
use alloc::string::{String, ToString};

/// A check of health in the making: what runs, and how often.
///
/// ```
/// use docker_proto::values::Health;
///
/// let check = Health::shell("curl -f localhost").interval("30s").retries(3).build()?;
/// assert_eq!(check.test, ["CMD-SHELL", "curl -f localhost"]);
/// assert_eq!(check.interval, Some(30_000_000_000));
/// assert_eq!(Health::none().build()?.test, ["NONE"]);
/// assert!(Health::none().retries(3).build().is_err());
/// # Ok::<(), docker_proto::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct Health {
    config: HealthConfig,
    error: Option<Error>,
}

impl Health {
    /// A line for the shell of the image.
    #[inline]
    pub fn shell(line: impl Into<String>) -> Self {
        Self::test(["CMD-SHELL".into(), line.into()])
    }

    /// A program and its arguments.
    #[inline]
    pub fn command(words: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self::test(core::iter::once("CMD".into()).chain(words.into_iter().map(Into::into)))
    }

    /// No check, also if the image has one.
    #[inline]
    pub fn none() -> Self {
        Self::test(["NONE".into()])
    }

    /// The image's check; for other times than the image has.
    #[inline]
    pub fn inherited() -> Self {
        Self::default()
    }

    #[inline]
    fn test(test: impl IntoIterator<Item = String>) -> Self {
        Self { config: HealthConfig::new().test(test), error: None }
    }

    #[inline]
    fn time(mut self, name: &str, time: Result<Nanoseconds>, into: fn(HealthConfig, i64) -> HealthConfig) -> Self {
        let checked = time.and_then(|time| match time.0 {
            0 | 1_000_000.. => Ok(time.0),
            _ => Err(refuse(name, &time.to_string(), "must be 0 or at least 1ms")),
        });
        match checked {
            Ok(time) => self.config = into(self.config, time),
            Err(e) => self.error = self.error.or(Some(e)),
        }
        self
    }

    /// Time between checks; 0 inherits.
    #[inline]
    pub fn interval(self, time: impl TryInto<Nanoseconds, Error: Into<Error>>) -> Self {
        self.time("health interval", time.try_into().map_err(Into::into), HealthConfig::interval)
    }

    /// Time after which a check counts as hung; 0 inherits.
    #[inline]
    pub fn timeout(self, time: impl TryInto<Nanoseconds, Error: Into<Error>>) -> Self {
        self.time("health timeout", time.try_into().map_err(Into::into), HealthConfig::timeout)
    }

    /// Grace after the start, in which failures do not count; 0 inherits.
    #[inline]
    pub fn start_period(self, time: impl TryInto<Nanoseconds, Error: Into<Error>>) -> Self {
        self.time("health start period", time.try_into().map_err(Into::into), HealthConfig::start_period)
    }

    /// Time between checks during the grace; 0 inherits.
    #[inline]
    pub fn start_interval(self, time: impl TryInto<Nanoseconds, Error: Into<Error>>) -> Self {
        self.time("health start interval", time.try_into().map_err(Into::into), HealthConfig::start_interval)
    }

    /// Failures in a row that make the container unhealthy; 0 inherits.
    #[inline]
    pub fn retries(mut self, times: u32) -> Self {
        self.config = self.config.retries(times.into());
        self
    }

    /// The body.
    ///
    /// # Errors
    /// A time that cannot be read, is negative or below 1 ms; times without a check; an empty command.
    #[inline]
    pub fn build(self) -> Result<HealthConfig> {
        if let Some(e) = self.error {
            return Err(e);
        }
        let HealthConfig { test, interval, timeout, retries, start_period, start_interval } = &self.config;
        let settings = [interval, timeout, retries, start_period, start_interval];
        let refuse = |rule: &str| Err(refuse("health check", &format!("{test:?}"), rule));
        match test.first().map(|kind| &**kind) {
            Some("NONE") if settings.iter().any(|setting| setting.is_some()) => {
                refuse("a check that is switched off has no times or retries")
            }
            Some("CMD") if test.len() < 2 => refuse("needs a program"),
            Some("CMD-SHELL") if test.get(1).is_none_or(String::is_empty) => refuse("needs a command line"),
            _ => Ok(self.config),
        }
    }
}
