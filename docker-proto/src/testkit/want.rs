//! What a scripted engine wants a request to be.

use super::asked::{Asked, find};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

/// Rules for one request. Made from text: `"GET /x"` wants that method and target, and text with line ends wants exactly
/// that head.
///
/// ```
/// use docker_proto::testkit::Want;
///
/// let want = Want::from("POST /v1.41/containers/create?name=web")
///     .header("Content-Type", "application/json")
///     .body(r#"{"Image":"alpine"}"#);
/// ```
#[derive(Clone, Default)]
pub struct Want(Vec<Rule>);

type Check = Arc<dyn Fn(&Asked) -> bool + Send + Sync>;

#[derive(Clone)]
enum Rule {
    /// Method and target.
    Line(String),
    Head(String),
    HeadContains(String),
    Header(String, String),
    NoHeader(String),
    Body(Vec<u8>),
    BodyContains(Vec<u8>),
    BodyEndsWith(Vec<u8>),
    Check(String, Check),
}

impl Want {
    /// Any request.
    #[inline]
    pub fn any() -> Self {
        Self::default()
    }

    #[inline]
    fn and(mut self, rule: Rule) -> Self {
        self.0.push(rule);
        self
    }

    /// Wants this in the head.
    #[must_use]
    #[inline]
    pub fn head_contains(self, text: impl Into<String>) -> Self {
        self.and(Rule::HeadContains(text.into()))
    }

    /// Wants a field with this value.
    #[must_use]
    #[inline]
    pub fn header(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.and(Rule::Header(name.into(), value.into()))
    }

    /// Wants no such field.
    #[must_use]
    #[inline]
    pub fn no_header(self, name: impl Into<String>) -> Self {
        self.and(Rule::NoHeader(name.into()))
    }

    /// Wants exactly this body, however it is framed.
    #[must_use]
    #[inline]
    pub fn body(self, body: impl AsRef<[u8]>) -> Self {
        self.and(Rule::Body(body.as_ref().to_vec()))
    }

    /// Wants this in the body.
    #[must_use]
    #[inline]
    pub fn body_contains(self, part: impl AsRef<[u8]>) -> Self {
        self.and(Rule::BodyContains(part.as_ref().to_vec()))
    }

    /// Wants this at the end of the body.
    #[must_use]
    #[inline]
    pub fn body_ends_with(self, part: impl AsRef<[u8]>) -> Self {
        self.and(Rule::BodyEndsWith(part.as_ref().to_vec()))
    }

    /// Wants a request for which this is true; `what` says in words what that is.
    #[must_use]
    #[inline]
    pub fn check(self, what: impl Into<String>, check: impl Fn(&Asked) -> bool + Send + Sync + 'static) -> Self {
        self.and(Rule::Check(what.into(), Arc::new(check)))
    }

    /// The first rule that the head breaks, in words.
    #[inline]
    pub(super) fn head_breaks(&self, asked: &Asked) -> Option<String> {
        self.0.iter().filter(|r| r.is_head()).find(|r| !r.holds(asked)).map(ToString::to_string)
    }

    /// The first rule that the request breaks, in words.
    #[inline]
    pub(super) fn breaks(&self, asked: &Asked) -> Option<String> {
        self.0.iter().find(|r| !r.holds(asked)).map(ToString::to_string)
    }
}

impl Rule {
    #[inline]
    fn is_head(&self) -> bool {
        !matches!(self, Self::Body(_) | Self::BodyContains(_) | Self::BodyEndsWith(_) | Self::Check(..))
    }

    #[inline]
    fn holds(&self, asked: &Asked) -> bool {
        match self {
            Self::Line(line) => asked.line().strip_suffix(" HTTP/1.1") == Some(line),
            Self::Head(head) => asked.head() == head,
            Self::HeadContains(text) => asked.head().contains(&**text),
            Self::Header(name, value) => asked.header(name) == Some(value),
            Self::NoHeader(name) => asked.header(name).is_none(),
            Self::Body(body) => asked.body() == body,
            Self::BodyContains(part) => part.is_empty() || find(asked.body(), part).is_some(),
            Self::BodyEndsWith(part) => asked.body().ends_with(part),
            Self::Check(_, check) => check(asked),
        }
    }
}

impl fmt::Display for Rule {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(line) => f.write_str(line),
            Self::Head(head) => write!(f, "the head {head:?}"),
            Self::HeadContains(text) => write!(f, "{text:?} in the head"),
            Self::Header(name, value) => write!(f, "the field {name}: {value}"),
            Self::NoHeader(name) => write!(f, "no field {name}"),
            Self::Body(body) => write!(f, "the body \"{}\"", body.escape_ascii()),
            Self::BodyContains(part) => write!(f, "\"{}\" in the body", part.escape_ascii()),
            Self::BodyEndsWith(part) => write!(f, "\"{}\" at the end of the body", part.escape_ascii()),
            Self::Check(what, _) => f.write_str(what),
        }
    }
}

impl fmt::Display for Want {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("any request");
        }
        for (i, rule) in self.0.iter().enumerate() {
            write!(f, "{}{rule}", if i > 0 { ", " } else { "" })?;
        }
        Ok(())
    }
}

impl fmt::Debug for Want {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&format!("Want({self})"))
    }
}

impl From<&str> for Want {
    #[inline]
    fn from(text: &str) -> Self {
        Self::default().and(if text.contains("\r\n") { Rule::Head(text.into()) } else { Rule::Line(text.into()) })
    }
}

impl From<String> for Want {
    #[inline]
    fn from(text: String) -> Self {
        Self::from(&*text)
    }
}
