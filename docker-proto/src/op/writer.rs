//! Turning an operation's values into a request, with everything refused that this API version does not know.

use super::detach;
use super::param::{Param, QueryParam};
use super::path::{encode_path, encode_query};
use super::spec::{BodySpec, OpSpec, ParamSpec, ParamType, Place};
use crate::model::{ApiVersion, Filters, Gate, Gated};
use crate::values::DetachKeys;
use crate::wire::{Names, RequestBody};
use crate::{Error, ErrorKind, Result};
use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use bytes::Bytes;
use core::fmt;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// What happens to a parameter or field that the API version in use does not know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Gating {
    /// An error before a byte leaves: engines ignore what they do not know, and the caller would believe it worked.
    #[default]
    Strict,
    /// Sent all the same.
    Off,
}

/// What an operation encoded to, before the session adds its own header fields.
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct Encoded {
    /// Path and query, without base path and version prefix.
    pub target: String,
    /// Header fields of the operation.
    pub headers: Vec<(Cow<'static, str>, String)>,
    /// The content type of the body, if there is one.
    pub content_type: Option<&'static str>,
    /// The body.
    pub body: RequestBody,
}

/// Writes one request. Values may come in any order.
pub struct RequestWriter<'a> {
    spec: &'static OpSpec,
    version: Option<ApiVersion>,
    upload: Option<u64>,
    /// Path values by the position of their parameter.
    path: Vec<(&'static str, String)>,
    query: String,
    detach_keys: Option<&'a DetachKeys>,
    out: &'a mut Encoded,
}

impl<'a> RequestWriter<'a> {
    /// Begins a request. Without a version nothing is gated. `upload` is the length of the body to come, if known.
    pub fn new(spec: &'static OpSpec, version: Option<ApiVersion>, upload: Option<u64>, out: &'a mut Encoded) -> Self {
        *out = Encoded::default();
        Self { spec, version, upload, path: Vec::new(), query: String::new(), detach_keys: None, out }
    }

    /// The keys that detach from a terminal where the operation can say so and does not.
    #[must_use]
    pub fn detach_keys(mut self, keys: Option<&'a DetachKeys>) -> Self {
        self.detach_keys = keys;
        self
    }

    /// The API version that the request is written for, if it is known and gated.
    pub fn version(&self) -> Option<ApiVersion> {
        self.version
    }

    fn param(&self, name: &str) -> Result<&'static ParamSpec> {
        self.spec.param(name).ok_or_else(|| Error::usage(format!("{} has no parameter {name:?}", self.spec.id)))
    }

    /// Sets a path argument.
    ///
    /// # Errors
    /// [`Usage`](ErrorKind::Usage) if the value would address another object.
    pub fn path(&mut self, name: &'static str, value: &str) -> Result<()> {
        let Place::Path(kind) = self.param(name)?.place else {
            return Err(Error::usage(format!("{}: {name} is not a path argument", self.spec.id)));
        };
        let mut text = String::new();
        encode_path(&mut text, self.spec.id, name, value, kind)?;
        self.path.push((name, text));
        Ok(())
    }

    /// Adds a query or header parameter, as often as it has values.
    ///
    /// # Errors
    /// [`Version`](ErrorKind::Version) if it has a value and the API version does not know it.
    pub fn set<P: QueryParam>(&mut self, name: &'static str, value: &P) -> Result<()> {
        self.set_or(name, value, None)
    }

    /// The same, with a text that is sent when there is no value.
    ///
    /// # Errors
    /// As [`set`](Self::set).
    pub fn set_or<P: QueryParam>(&mut self, name: &'static str, value: &P, default: Option<&str>) -> Result<()> {
        let texts = value.texts();
        if let (true, Some(default)) = (texts.is_empty(), default) {
            return self.text(name, default);
        }
        texts.iter().try_for_each(|text| self.text(name, text))
    }

    /// Adds a parameter that the engine does not do without.
    ///
    /// # Errors
    /// [`Usage`](ErrorKind::Usage) if the value is empty.
    pub fn required<P: Param>(&mut self, name: &'static str, value: &P) -> Result<()> {
        match value.text() {
            Some(text) if !text.is_empty() => self.text(name, &text),
            _ => Err(Error::usage(format!("{}: parameter {name} is empty", self.spec.id))),
        }
    }

    /// Adds one value of a query or header parameter as text.
    ///
    /// # Errors
    /// [`Version`](ErrorKind::Version) if the API version does not know it.
    pub fn text(&mut self, name: &str, text: &str) -> Result<()> {
        let param = self.param(name)?;
        self.gate("parameter", name, param.since, param.until)?;
        if param.ty == ParamType::Filters && self.version.is_some() {
            self.gate_filters(text)?;
        }
        detach::check(self.spec, name, text)?;
        if text.contains('\0') {
            return Err(Error::usage(format!("{}: parameter {name} holds a NUL byte", self.spec.id)));
        }
        match param.place {
            Place::Header => self.out.headers.push((param.name.into(), text.into())),
            _ => self.raw_query(param.name, text),
        }
        Ok(())
    }

    /// Sets the path itself, for an operation without a template: one slash, then no empty, `.` or `..` segments.
    ///
    /// # Errors
    /// [`Usage`](ErrorKind::Usage) if engines would clean the path, or it holds a query, a fragment or other bytes that
    /// do not stand in a path.
    pub(super) fn target(&mut self, path: &str) -> Result<()> {
        let refuse = |why: &str| Err(Error::usage(format!("the path {path:?} {why}")));
        if !path.starts_with('/') {
            return refuse("does not begin with a slash");
        }
        let mut segments = path.split('/').skip(1).peekable();
        while let Some(segment) = segments.next() {
            // A slash at the end is the one empty segment that engines keep.
            if matches!(segment, "." | "..") || segment.is_empty() && segments.peek().is_some() {
                return refuse("has a segment that engines clean away");
            }
        }
        if path.bytes().any(|b| !b.is_ascii_graphic() || matches!(b, b'?' | b'#')) {
            return refuse("holds a byte that must be percent-encoded, or a query: use query(..)");
        }
        self.out.target.push_str(path);
        Ok(())
    }

    /// Adds a query parameter that is in no table.
    pub(super) fn raw_query(&mut self, name: &str, value: &str) {
        self.query.push(if self.query.is_empty() { '?' } else { '&' });
        encode_query(&mut self.query, name);
        self.query.push('=');
        encode_query(&mut self.query, value);
    }

    /// Adds a header field that is in no table.
    pub(super) fn raw_header(&mut self, name: &str, value: &str) {
        self.out.headers.push((String::from(name).into(), value.into()));
    }

    /// Sets the body to a JSON document.
    ///
    /// # Errors
    /// [`Version`](ErrorKind::Version) if a field is set that the API version does not know.
    pub fn json<T: Serialize + Gated>(&mut self, value: &T) -> Result<()> {
        self.gate_fields(value)?;
        let text = serde_json::to_vec(value)
            .map_err(|e| Error::usage(format!("{}: the body cannot be written as JSON: {e}", self.spec.id)))?;
        self.raw_json(Bytes::from(text));
        Ok(())
    }

    /// Checks the set fields of a body against the API version.
    ///
    /// # Errors
    /// [`Version`](ErrorKind::Version), naming the first field that does not fit.
    pub fn gate_fields<T: Gated>(&self, value: &T) -> Result<()> {
        let Some(version) = self.version else { return Ok(()) };
        let id = self.spec.id;
        let mut check = |field: &str, since, until| bounds(id, "field", field, since, until, version);
        value.gates(&mut Gate::new("", &mut check))
    }

    /// Checks JSON text that is to be sent as a `T`.
    ///
    /// # Errors
    /// [`Usage`](ErrorKind::Usage) if it does not fit the type; as [`gate_fields`](Self::gate_fields).
    pub fn check_json<T: DeserializeOwned + Gated>(&self, text: &[u8]) -> Result<()> {
        let value: T = serde_json::from_slice(text)
            .map_err(|e| Error::usage(format!("{}: the body does not fit the operation: {e}", self.spec.id)))?;
        self.gate_fields(&value)
    }

    /// Sets the body to JSON text.
    pub fn raw_json(&mut self, text: Bytes) {
        self.out.content_type = Some("application/json");
        self.out.body = RequestBody::Full(text);
    }

    /// Text that is no set of filters is for the engine to refuse.
    fn gate_filters(&self, text: &str) -> Result<()> {
        let filters = Filters::from_json(text).unwrap_or_default();
        filters.iter().try_for_each(|(name, _)| self.gate("filter", name, self.spec.filter_since(name), None))
    }

    fn gate(&self, what: &str, name: &str, since: Option<ApiVersion>, until: Option<ApiVersion>) -> Result<()> {
        match self.version {
            Some(version) => bounds(self.spec.id, what, name, since, until, version),
            None => Ok(()),
        }
    }

    /// Ends the request: all path arguments must be there.
    ///
    /// # Errors
    /// [`Usage`](ErrorKind::Usage) if a path argument or the body is missing; [`Version`](ErrorKind::Version) if the API
    /// version does not have the operation.
    pub fn finish(mut self) -> Result<()> {
        if let Some(keys) = self.detach_keys.filter(|_| detach::is_unsaid(self.spec, &self.query)) {
            self.text("detachKeys", &String::from(keys.clone()))?;
        }
        detach::in_body(self.spec, self.out, self.detach_keys)?;
        self.gate("operation", self.spec.path, self.spec.since, self.spec.until)?;
        let mut rest = self.spec.path;
        while let Some((before, behind)) = rest.split_once('{') {
            self.out.target.push_str(before);
            // Templates are written with both braces; the table's own test checks them.
            let (name, after) = behind.split_once('}').unwrap_or((behind, ""));
            let value = self.path.iter().find(|(n, _)| *n == name);
            let Some((_, value)) = value else {
                return Err(Error::usage(format!("{}: path argument {name} is missing", self.spec.id)));
            };
            self.out.target.push_str(value);
            rest = after;
        }
        self.out.target.push_str(rest);
        self.out.target.push_str(&self.query);
        match self.spec.body {
            BodySpec::Upload(content_type) => {
                // A raw request names its own among its header fields.
                self.out.content_type = Some(content_type).filter(|t| !t.is_empty());
                self.out.body = RequestBody::Stream { length: self.upload };
            }
            BodySpec::Json { required: true } if self.out.body == RequestBody::None => {
                return Err(Error::usage(format!("{}: the JSON body is missing", self.spec.id)));
            }
            _ => {}
        }
        Ok(())
    }
}

fn bounds(
    id: &str,
    what: &str,
    name: &str,
    since: Option<ApiVersion>,
    until: Option<ApiVersion>,
    version: ApiVersion,
) -> Result<()> {
    let rule = match (since, until) {
        (Some(since), _) if version < since => format!("needs API {since} or later"),
        (_, Some(until)) if version > until => format!("is only understood up to API {until}"),
        _ => return Ok(()),
    };
    Err(Error::new(ErrorKind::Version, format!("{id}: {what} {name} {rule}; this connection speaks {version}")))
}

impl fmt::Debug for Encoded {
    /// Without the query and the values of fields.
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Encoded")
            .field("path", &self.target.split('?').next().unwrap_or_default())
            .field("headers", &Names(&self.headers))
            .field("content_type", &self.content_type)
            .field("body", &self.body)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for RequestWriter<'_> {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestWriter")
            .field("operation", &self.spec.id)
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}
