//! Variables of the environment, one by one or from the text of a file.

use super::refuse;
use crate::{Error, Result};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

/// A variable: `NAME=value`, `NAME=` with an empty value, or `NAME` without any, which takes the image's variable away.
///
/// ```
/// use docker_proto::values::Env;
///
/// let var: Env = "OPTS=a=b".parse()?;
/// assert_eq!((&*var.name, var.value.as_deref()), ("OPTS", Some("a=b")));
/// assert_eq!(Env::from(("EMPTY", "")).to_string(), "EMPTY=");
/// assert_eq!(Env::from(("GONE", None::<&str>)).to_string(), "GONE");
/// # Ok::<(), docker_proto::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Env {
    /// The name.
    pub name: String,
    /// The value; an empty one is a value.
    pub value: Option<String>,
}

impl fmt::Debug for Env {
    /// Without the value, which may be a secret.
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Env({}{})", self.name, if self.value.is_some() { "=***" } else { "" })
    }
}

impl FromStr for Env {
    type Err = Error;

    /// # Errors
    /// No name.
    #[inline]
    fn from_str(text: &str) -> Result<Self> {
        let (name, value) = match text.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (text, None),
        };
        if name.is_empty() {
            return Err(refuse("environment variable", name, "needs a name"));
        }
        Ok(Self { name: name.into(), value: value.map(Into::into) })
    }
}

impl fmt::Display for Env {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        match &self.value {
            Some(value) => write!(f, "={value}"),
            None => Ok(()),
        }
    }
}

super::read_from_text!(Env);

impl<N: Into<String>, V: Into<String>> From<(N, Option<V>)> for Env {
    #[inline]
    fn from((name, value): (N, Option<V>)) -> Self {
        Self { name: name.into(), value: value.map(Into::into) }
    }
}

macro_rules! from_pairs {
    ($($v:ty),*) => {$(
        impl<N: Into<String>> From<(N, $v)> for Env {
            #[inline]
            fn from((name, value): (N, $v)) -> Self {
                Self { name: name.into(), value: Some(value.into()) }
            }
        }
    )*};
}

from_pairs!(&str, String);

/// The variables in the text of an env file, by the rules of the docker command line.
///
/// One variable a line. Lines that are empty or begin with `#` are skipped, and so is what comes before the first
/// character that is not white; a byte order mark at the beginning is dropped. The value is all that follows the first
/// `=`, quotes and white space included (docker-py drops white space at the end). For a line with only a name, `lookup`
/// is asked for the value, and the line is skipped if there is none; docker-py refuses such lines.
///
/// # Errors
/// A line without a name, or with white space in it; the message has the number of the line, never a value.
///
/// ```
/// use docker_proto::values::env_file;
///
/// let text = "# settings\nUSER=jdoe\nPASS=sec==ret\nHOME\n";
/// let vars = env_file(text, |name| (name == "HOME").then(|| "/root".into()))?;
/// let texts: Vec<_> = vars.iter().map(ToString::to_string).collect();
/// assert_eq!(texts, ["USER=jdoe", "PASS=sec==ret", "HOME=/root"]);
/// # Ok::<(), docker_proto::Error>(())
/// ```
#[inline]
pub fn env_file(text: &str, lookup: impl Fn(&str) -> Option<String>) -> Result<Vec<Env>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut vars = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let line = line.trim_start();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (name, value) = match line.split_once('=') {
            Some((name, value)) => (name, Some(value.into())),
            None => (line.trim_end(), None),
        };
        let what = format!("line {} of an env file", at + 1);
        if name.is_empty() {
            return Err(refuse(&what, name, "needs a name before `=`"));
        }
        // A line without `=` may be anything, a secret included, so its text is not shown.
        if name.contains(char::is_whitespace) {
            let shown = name.split_whitespace().next().unwrap_or_default();
            return Err(refuse(&what, shown, "a name must not have white space in it"));
        }
        if let Some(value) = value.or_else(|| lookup(name)) {
            vars.push(Env { name: name.into(), value: Some(value) });
        }
    }
    Ok(vars)
}
