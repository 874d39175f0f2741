//! Any operation by its name, with its parameters as text.

use super::any::AnyReply;
use super::credentials::{RegistryAuth, encode_auth};
use super::params::Seconds;
use super::spec::{BodySpec, Framed, OpSpec, ParamSpec, ParamType, Patience, Pick, Place};
use super::writer::RequestWriter;
use super::{Encode, Operation, Plain, Uploads};
use crate::api;
use crate::model::{Filters, Shape, Timestamp};
use crate::wire::Hidden;
use crate::{Error, Result};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use bytes::Bytes;
use core::fmt;
use core::time::Duration;
use serde::de::IgnoredAny;

/// An operation named at run time.
///
/// Parameters are set as text by the names that the Engine API has for them; whether one goes into the path, the query
/// or a header is the table's business. Everything the table can tell to be wrong is refused before a byte is sent:
/// an unknown operation or parameter, a value of the wrong kind, a second value for a parameter that takes one.
///
/// ```
/// use docker_proto::op::Invoke;
///
/// let logs = Invoke::new("ContainerLogs")?.set("id", "web")?.set("stdout", "1")?;
/// let error = Invoke::new("ContainerLogs")?.set("stdut", "1").unwrap_err();
/// assert!(error.to_string().contains("stdout"));
/// # Ok::<(), docker_proto::Error>(())
/// ```
#[derive(Clone)]
pub struct Invoke {
    spec: &'static OpSpec,
    values: Vec<(&'static ParamSpec, String)>,
    body: Option<Bytes>,
    tty: Option<bool>,
}

impl Invoke {
    /// An operation by its id, for example `ContainerList`.
    ///
    /// # Errors
    /// [`Usage`](crate::ErrorKind::Usage), naming the nearest operation, if there is none of that id.
    #[inline]
    pub fn new(operation: &str) -> Result<Self> {
        let Some(spec) = views(operation).find(|s| s.pick == Pick::Default) else {
            let known = api::TABLE.iter().map(|s| s.id);
            return Err(Error::usage(format!("there is no operation {operation:?}{}", nearest(operation, known))));
        };
        Ok(Self { spec, values: Vec::new(), body: None, tty: None })
    }

    /// Sets a parameter; repeat it for one that takes many values.
    ///
    /// # Errors
    /// [`Usage`](crate::ErrorKind::Usage) if the operation has no such parameter, the text is not of its type, or it
    /// takes one value and has one.
    #[inline]
    pub fn set(mut self, name: &str, text: impl Into<String>) -> Result<Self> {
        let id = self.spec.id;
        let Some(param) = views(id).find_map(|v| v.param(name)) else {
            let known = views(id).flat_map(|v| v.params).map(|p| p.name);
            return Err(Error::usage(format!("{id} has no parameter {name:?}{}", nearest(name, known))));
        };
        let text = text.into();
        check(id, param, &text)?;
        if !param.many && self.values.iter().any(|(p, _)| p.name == param.name) {
            return Err(Error::usage(format!("{id}: parameter {name} takes one value, a second one was given")));
        }
        self.values.push((param, text));
        self.spec = self.pick();
        Ok(self)
    }

    /// Sets the JSON body.
    ///
    /// # Errors
    /// [`Usage`](crate::ErrorKind::Usage) if the operation takes none, or the text is not JSON.
    #[inline]
    pub fn body(mut self, json: impl Into<Bytes>) -> Result<Self> {
        let (id, json) = (self.spec.id, json.into());
        if !views(id).any(|v| matches!(v.body, BodySpec::Json { .. })) {
            return Err(Error::usage(format!("{id} takes no JSON body")));
        }
        if let Err(e) = serde_json::from_slice::<IgnoredAny>(&json) {
            return Err(Error::usage(format!("{id}: the body is not JSON: {e}")));
        }
        self.body = Some(json);
        self.spec = self.pick();
        Ok(self)
    }

    /// Says whether the output comes from a terminal, where the engine does not.
    #[must_use]
    #[inline]
    pub fn tty(mut self, tty: bool) -> Self {
        self.tty = Some(tty);
        self
    }

    /// The view of the operation that the values given so far mean.
    #[inline]
    pub fn view(&self) -> &'static OpSpec {
        self.spec
    }

    /// The value of a parameter that was set.
    #[inline]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.iter().find(|(p, _)| p.name == name).map(|(_, v)| &**v)
    }

    #[inline]
    fn body_member(&self, name: &str) -> Option<serde_json::Value> {
        let body: serde_json::Value = serde_json::from_slice(self.body.as_ref()?).ok()?;
        body.get(name).cloned()
    }

    #[inline]
    fn pick(&self) -> &'static OpSpec {
        let meant = |v: &&OpSpec| match v.pick {
            Pick::Default | Pick::Never => false,
            Pick::Given(name) => self.get(name).is_some(),
            Pick::Value(name, value) => self.get(name) == Some(value),
            Pick::False(name) => self.get(name).is_some_and(|v| bool_of(v) == Some(false)),
            Pick::BodyTrue(name) => self.body_member(name) == Some(serde_json::Value::Bool(true)),
        };
        let id = self.spec.id;
        views(id).find(meant).or_else(|| views(id).find(|v| v.pick == Pick::Default)).unwrap_or(self.spec)
    }
}

#[inline]
pub(super) fn views(id: &str) -> impl Iterator<Item = &'static OpSpec> {
    api::TABLE.iter().copied().filter(move |s| s.id == id)
}

#[inline]
fn bool_of(text: &str) -> Option<bool> {
    match text {
        "1" | "true" => Some(true),
        "0" | "false" => Some(false),
        _ => None,
    }
}

/// Refuses text that cannot be of the parameter's type.
#[inline]
fn check(id: &str, param: &ParamSpec, text: &str) -> Result<()> {
    let rule = match param.ty {
        ParamType::Bool if bool_of(text).is_none() => "is a boolean: 1, 0, true or false",
        // A sign that the engine's own parser takes or leaves is not for it to decide.
        ParamType::Int if text.starts_with('+') || text.parse::<i64>().is_err() => "is a whole number",
        ParamType::Uint if text.starts_with('+') || text.parse::<u64>().is_err() => "is a whole number, not negative",
        ParamType::Timestamp if Timestamp::parse(text).is_err() => "is a time: seconds[.nanoseconds] or RFC 3339",
        ParamType::Filters if Filters::from_json(text).is_err() => "is a JSON object of filters",
        ParamType::Json if serde_json::from_str::<IgnoredAny>(text).is_err() => "is a JSON document",
        ParamType::Auth if !is_auth(text) => {
            // The value may be a secret, so it is not repeated.
            let rule = "is a JSON object, or one in base64 of the URL alphabet, with padding";
            return Err(Error::usage(format!("{id}: parameter {} {rule}", param.name)));
        }
        _ => return Ok(()),
    };
    Err(Error::usage(format!("{id}: parameter {} {rule}; it is {text:?}", param.name)))
}

/// Engines go on without credentials where they cannot read them, so they are read here first.
#[inline]
fn is_auth(text: &str) -> bool {
    match text.trim_start().starts_with('{') {
        true => serde_json::from_str::<IgnoredAny>(text).is_ok(),
        false => RegistryAuth::encoded(text).is_ok(),
    }
}

/// `; did you mean ...?`, if something known is near.
#[inline]
pub(super) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    let best = known.map(|k| (distance(&name.to_lowercase(), &k.to_lowercase()), k)).min();
    match best {
        Some((d, k)) if d <= 2.max(name.len() / 3) => format!("; did you mean {k}?"),
        _ => String::new(),
    }
}

/// Levenshtein's distance, one row at a time.
#[inline]
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (cell, y) in row.iter_mut().skip(1).zip(b.chars()) {
            left = (diagonal + usize::from(x != y)).min(*cell + 1).min(left + 1);
            diagonal = core::mem::replace(cell, left);
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

impl Encode for Invoke {
    #[inline]
    fn spec(&self) -> &'static OpSpec {
        self.spec
    }

    #[inline]
    fn encode(&self, writer: &mut RequestWriter<'_>) -> Result<()> {
        for (param, text) in &self.values {
            match param.place {
                Place::Path(_) => writer.path(param.name, text)?,
                _ => writer.text(param.name, &normal(param.ty, text))?,
            }
        }
        for param in self.spec.params {
            if let (None, Some(text)) =
                (self.get(param.name), param.fixed.filter(|_| param.place == Place::Header).or(param.default))
            {
                writer.text(param.name, text)?;
            }
            if param.required && self.get(param.name).is_none() {
                return Err(Error::usage(format!("{}: parameter {} is missing", self.spec.id, param.name)));
            }
        }
        match (&self.body, self.spec.body) {
            (Some(body), _) => {
                if let Some(check) = self.spec.check_body {
                    check(body, writer)?;
                }
                writer.raw_json(body.clone());
            }
            // Some engines refuse a missing document where an empty one means the same.
            (None, BodySpec::Json { required: false }) => {
                let list = matches!(self.spec.body_shape, Some(Shape::List(_)));
                writer.raw_json(Bytes::from_static(if list { b"[]" } else { b"{}" }));
            }
            _ => {}
        }
        Ok(())
    }

    #[inline]
    fn target(&self) -> &str {
        // As of the typed operations: what is in the path, or else the first thing that is needed.
        let about = self.spec.params.iter().find(|p| p.required && p.ty == ParamType::Text);
        about.and_then(|p| self.get(p.name)).unwrap_or_default()
    }

    #[inline]
    fn tty(&self) -> Option<bool> {
        match self.spec.framed {
            Some(Framed::Exec) => Some(self.body_member("Tty") == Some(serde_json::Value::Bool(true))),
            _ => self.tty,
        }
    }

    #[inline]
    fn grace(&self) -> Option<Duration> {
        Seconds(self.get("t")?.parse().ok()?).duration().filter(|_| self.spec.patience == Patience::Grace)
    }
}

impl fmt::Debug for Invoke {
    /// Without the values of header fields and the body: they carry credentials.
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut d = f.debug_struct("Invoke");
        d.field("operation", &self.spec.id);
        for (param, text) in &self.values {
            match param.place {
                Place::Header => d.field(param.name, &Hidden(text.len())),
                _ => d.field(param.name, text),
            };
        }
        d.field("body", &self.body.as_ref().map(|b| Hidden(b.len()))).field("tty", &self.tty).finish()
    }
}

/// The text as an engine understands it in every version.
#[inline]
fn normal(ty: ParamType, text: &str) -> String {
    match ty {
        ParamType::Bool => if bool_of(text) == Some(true) { "1" } else { "0" }.into(),
        ParamType::Auth if text.trim_start().starts_with('{') => encode_auth(text),
        ParamType::Timestamp => Timestamp::parse(text).map_or_else(|_| text.into(), |t| t.to_string()),
        _ => text.into(),
    }
}

impl Operation for Invoke {
    type Reply = AnyReply;
}
// Which verb an operation by name takes is known at run time only; the session refuses the wrong one.
impl Plain for Invoke {}
impl Uploads for Invoke {}
