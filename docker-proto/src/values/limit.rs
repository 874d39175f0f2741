//! Limits of processes and restarts.

use super::refuse;
use crate::model::{RestartPolicy, RestartPolicyName, Ulimit};
use crate::{Error, Result};
use core::fmt;
use core::str::FromStr;

const LIMITS: &[&str] = &[
    "core",
    "cpu",
    "data",
    "fsize",
    "locks",
    "memlock",
    "msgqueue",
    "nice",
    "nofile",
    "nproc",
    "rss",
    "rtprio",
    "rttime",
    "sigpending",
    "stack",
];

/// `name=soft[:hard]`; without a hard limit the soft one is both. -1 is none.
///
/// ```
/// use docker_proto::model::Ulimit;
///
/// let limit: Ulimit = "nofile=1024:2048".parse()?;
/// assert_eq!((limit.soft, limit.hard), (Some(1024), Some(2048)));
/// assert_eq!(limit.to_string(), "nofile=1024:2048");
/// # Ok::<(), docker_proto::Error>(())
/// ```
impl FromStr for Ulimit {
    type Err = Error;

    #[inline]
    fn from_str(text: &str) -> Result<Self> {
        let refuse = |rule: &str| refuse("ulimit", text, rule);
        let form = || refuse("must be `name=soft[:hard]` with whole numbers, -1 for none");
        let (name, limits) = text.split_once('=').ok_or_else(form)?;
        if !LIMITS.contains(&name) {
            return Err(refuse("no such limit; known are `nofile`, `nproc`, `core` and the others of setrlimit"));
        }
        let number = |part: &str| match part.parse::<i64>() {
            Ok(n) if n >= -1 && !part.starts_with('+') => Ok(n),
            _ => Err(form()),
        };
        let (soft, hard) = match limits.split_once(':') {
            Some((soft, hard)) => (number(soft)?, number(hard)?),
            None => (number(limits)?, number(limits)?),
        };
        if hard != -1 && (soft == -1 || soft > hard) {
            return Err(refuse("the soft limit must not exceed the hard one"));
        }
        Ok(Self::new().name(name).soft(soft).hard(hard))
    }
}

impl fmt::Display for Ulimit {
    /// As the command line takes it; a limit that is not set is 0, as engines read it.
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.name.as_deref().unwrap_or_default();
        write!(f, "{name}={}:{}", self.soft.unwrap_or_default(), self.hard.unwrap_or_default())
    }
}

/// `no`, `always`, `unless-stopped`, or `on-failure[:attempts]`.
///
/// ```
/// use docker_proto::model::RestartPolicy;
///
/// let policy: RestartPolicy = "on-failure:5".parse()?;
/// assert_eq!(policy.maximum_retry_count, Some(5));
/// assert!("always:5".parse::<RestartPolicy>().is_err());
/// # Ok::<(), docker_proto::Error>(())
/// ```
impl FromStr for RestartPolicy {
    type Err = Error;

    #[inline]
    fn from_str(text: &str) -> Result<Self> {
        let refuse = |rule: &str| refuse("restart policy", text, rule);
        let (name, attempts) = match text.split_once(':') {
            Some((name, attempts)) => (name, Some(attempts)),
            None => (text, None),
        };
        let name = RestartPolicyName::from(name);
        if matches!(name, RestartPolicyName::Other(_)) {
            return Err(refuse("must be `no`, `always`, `unless-stopped` or `on-failure[:attempts]`"));
        }
        let Some(attempts) = attempts else { return Ok(Self::new().name(name)) };
        if name != RestartPolicyName::OnFailure {
            return Err(refuse("only `on-failure` has a number of attempts"));
        }
        // Engines keep it in 32 bits on some platforms.
        match attempts.parse::<u32>() {
            Ok(n) if i32::try_from(n).is_ok() && !attempts.starts_with('+') => {
                Ok(Self::new().name(name).maximum_retry_count(n.into()))
            }
            _ => Err(refuse("the number of attempts must be a whole number, not negative")),
        }
    }
}

impl fmt::Display for RestartPolicy {
    /// As the command line takes it; without a name it is `no`.
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name.as_ref().map_or("no", |name| name.as_str()))?;
        match self.maximum_retry_count {
            Some(n) if n > 0 || self.name == Some(RestartPolicyName::OnFailure) => write!(f, ":{n}"),
            _ => Ok(()),
        }
    }
}

super::read_from_text!(Ulimit, RestartPolicy);
