//! Requests that are in no table: endpoints of plugins and proxies, of Podman's own API, of engines to come.

use super::reply::Reply;
use super::spec::{BodySpec, Kind, OpSpec, Patience, Pick};
use super::writer::RequestWriter;
use super::{Encode, Operation, Plain, Uploads};
use crate::wire::Method;
use crate::{Error, Result};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use bytes::Bytes;
use core::fmt;
use core::marker::PhantomData;
use serde::Serialize;

/// Any request, with the connection handling, deadlines and errors of the operations in the table.
///
/// `R` says how the answer is read: [`Json`](super::Json), [`RawBytes`](super::RawBytes), [`Text`](super::Text), [`Done`](super::Done),
/// [`Values`](super::Values), [`ProgressStream`](super::ProgressStream), [`Upgraded`](super::Upgraded). The engine may
/// take as long as it needs for it. The path is sent as it is, behind the version prefix.
///
/// ```
/// use docker_proto::op::{Done, Json, Raw};
/// use serde_json::{Value, json};
///
/// let info = Raw::<Json<Value>>::get("/libpod/info").unversioned();
/// let made = Raw::<Done>::post("/widgets/create").query("name", "a b").json(&json!({ "Size": 1 }))?;
/// # Ok::<(), docker_proto::Error>(())
/// ```
pub struct Raw<R> {
    spec: &'static OpSpec,
    path: String,
    query: Vec<(String, String)>,
    headers: Vec<(String, String)>,
    body: Option<Bytes>,
    tty: Option<bool>,
    reply: PhantomData<fn() -> R>,
}

/// A [`Raw`] request whose body is a stream of bytes: for `docker.upload(operation, body)`.
pub struct RawUpload<R>(Raw<R>);

const fn spec(method: Method, kind: Kind, upgrade: Option<&'static str>, body: BodySpec, versioned: bool) -> OpSpec {
    OpSpec {
        id: "Raw",
        name: "op::Raw",
        doc: "",
        documented: None,
        method,
        path: "",
        since: None,
        until: None,
        params: &[],
        body,
        check_body: None,
        body_shape: None,
        kind,
        reply_shape: None,
        success: &[200],
        unchanged: &[304],
        upgrade,
        framed: None,
        versioned,
        patience: Patience::Slow,
        pick: Pick::Never,
    }
}

/// The rows of the raw requests: one for each method, versioned or not.
macro_rules! rows {
    ($($name:ident $bare:ident $method:ident),*) => {$(
        const $name: &'static OpSpec = &spec(Method::$method, R::KIND, None, BodySpec::None, true);
        const $bare: &'static OpSpec = &spec(Method::$method, R::KIND, None, BodySpec::None, false);
    )*};
}

struct Rows<R>(PhantomData<R>);

impl<R: Reply> Rows<R> {
    rows!(GET GET_BARE Get, HEAD HEAD_BARE Head, POST POST_BARE Post, PUT PUT_BARE Put, DELETE DELETE_BARE Delete);
    const TCP: &'static OpSpec = &spec(Method::Post, R::KIND, Some("tcp"), BodySpec::None, true);
    const TCP_BARE: &'static OpSpec = &spec(Method::Post, R::KIND, Some("tcp"), BodySpec::None, false);
    const H2C: &'static OpSpec = &spec(Method::Post, R::KIND, Some("h2c"), BodySpec::None, true);
    const H2C_BARE: &'static OpSpec = &spec(Method::Post, R::KIND, Some("h2c"), BodySpec::None, false);
    const POST_UPLOAD: &'static OpSpec = &spec(Method::Post, R::KIND, None, BodySpec::Upload(""), true);
    const POST_UPLOAD_BARE: &'static OpSpec = &spec(Method::Post, R::KIND, None, BodySpec::Upload(""), false);
    const PUT_UPLOAD: &'static OpSpec = &spec(Method::Put, R::KIND, None, BodySpec::Upload(""), true);
    const PUT_UPLOAD_BARE: &'static OpSpec = &spec(Method::Put, R::KIND, None, BodySpec::Upload(""), false);
}

impl<R: Reply> Raw<R> {
    #[inline]
    fn new(spec: &'static OpSpec, path: impl Into<String>) -> Self {
        let path = path.into();
        Self { spec, path, query: Vec::new(), headers: Vec::new(), body: None, tty: None, reply: PhantomData }
    }

    /// A GET.
    #[inline]
    pub fn get(path: impl Into<String>) -> Self {
        Self::new(Rows::<R>::GET, path)
    }

    /// A HEAD.
    #[inline]
    pub fn head(path: impl Into<String>) -> Self {
        Self::new(Rows::<R>::HEAD, path)
    }

    /// A POST.
    #[inline]
    pub fn post(path: impl Into<String>) -> Self {
        Self::new(Rows::<R>::POST, path)
    }

    /// A PUT.
    #[inline]
    pub fn put(path: impl Into<String>) -> Self {
        Self::new(Rows::<R>::PUT, path)
    }

    /// A DELETE.
    #[inline]
    pub fn delete(path: impl Into<String>) -> Self {
        Self::new(Rows::<R>::DELETE, path)
    }

    /// A POST that makes the connection a two-way stream of bytes, as attach and exec do.
    #[inline]
    pub fn upgrade_tcp(path: impl Into<String>) -> Self {
        Self::new(Rows::<R>::TCP, path)
    }

    /// A POST that hands the connection over to HTTP/2.
    #[inline]
    pub fn upgrade_h2c(path: impl Into<String>) -> Self {
        Self::new(Rows::<R>::H2C, path)
    }

    /// Sends the path without a version prefix.
    #[must_use]
    #[inline]
    pub fn unversioned(mut self) -> Self {
        self.spec = match (self.spec.method, self.spec.upgrade) {
            (_, Some("h2c")) => Rows::<R>::H2C_BARE,
            (_, Some(_)) => Rows::<R>::TCP_BARE,
            (Method::Head, _) => Rows::<R>::HEAD_BARE,
            (Method::Post, _) => Rows::<R>::POST_BARE,
            (Method::Put, _) => Rows::<R>::PUT_BARE,
            (Method::Delete, _) => Rows::<R>::DELETE_BARE,
            _ => Rows::<R>::GET_BARE,
        };
        self
    }

    /// Adds a query parameter; it is percent-encoded.
    #[must_use]
    #[inline]
    pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.query.push((name.into(), value.into()));
        self
    }

    /// Adds a header field.
    #[must_use]
    #[inline]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Sets a JSON body.
    ///
    /// # Errors
    /// [`Usage`](crate::ErrorKind::Usage) if the value cannot be written as JSON.
    #[inline]
    pub fn json<T: Serialize + ?Sized>(mut self, value: &T) -> Result<Self> {
        let text = serde_json::to_vec(value)
            .map_err(|e| Error::usage(format!("{}: the body cannot be written as JSON: {e}", self.path)))?;
        self.body = Some(text.into());
        Ok(self)
    }

    /// Says whether output comes from a terminal, where the engine does not; for output only.
    #[must_use]
    #[inline]
    pub fn tty(mut self, tty: bool) -> Self {
        self.tty = Some(tty);
        self
    }

    /// The same request with a stream of bytes as its body; POST if it is not a PUT. Say its type with
    /// [`header`](Self::header).
    #[must_use]
    #[inline]
    pub fn upload(mut self) -> RawUpload<R> {
        self.spec = match (self.spec.method, self.spec.versioned) {
            (Method::Put, true) => Rows::<R>::PUT_UPLOAD,
            (Method::Put, false) => Rows::<R>::PUT_UPLOAD_BARE,
            (_, true) => Rows::<R>::POST_UPLOAD,
            (_, false) => Rows::<R>::POST_UPLOAD_BARE,
        };
        RawUpload(self)
    }
}

impl<R: Reply + 'static> Encode for Raw<R> {
    #[inline]
    fn spec(&self) -> &'static OpSpec {
        self.spec
    }

    #[inline]
    fn encode(&self, writer: &mut RequestWriter<'_>) -> Result<()> {
        writer.target(&self.path)?;
        for (name, value) in &self.query {
            writer.raw_query(name, value);
        }
        for (name, value) in &self.headers {
            writer.raw_header(name, value);
        }
        if let Some(body) = &self.body {
            writer.raw_json(body.clone());
        }
        Ok(())
    }

    #[inline]
    fn target(&self) -> &str {
        &self.path
    }

    #[inline]
    fn tty(&self) -> Option<bool> {
        self.tty
    }
}

impl<R: Reply + 'static> Encode for RawUpload<R> {
    #[inline]
    fn spec(&self) -> &'static OpSpec {
        self.0.spec
    }

    #[inline]
    fn encode(&self, writer: &mut RequestWriter<'_>) -> Result<()> {
        self.0.encode(writer)
    }

    #[inline]
    fn target(&self) -> &str {
        &self.0.path
    }
}

impl<R: Reply + 'static> Operation for Raw<R> {
    type Reply = R;
}
impl<R: Reply + 'static> Plain for Raw<R> {}

impl<R: Reply + 'static> Operation for RawUpload<R> {
    type Reply = R;
}
impl<R: Reply + 'static> Uploads for RawUpload<R> {}

impl<R> fmt::Debug for Raw<R> {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Raw({} {})", self.spec.method.as_str(), self.path)
    }
}

impl<R> fmt::Debug for RawUpload<R> {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
