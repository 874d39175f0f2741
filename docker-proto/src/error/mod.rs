//! One error for everything that can go wrong between a caller and an engine.
//!
//! A clone is cheap, so that a stream can deliver an error and keep it. What the transport reported stays reachable as
//! [`core::error::Error::source`].
//!
//! What an error means in the terms of containers, images and builds is in `meaning`.

#[cfg(feature = "std")]
mod io;
mod meaning;
mod text;

pub(crate) use self::text::without_users;
use crate::wire::ResponseHead;
use alloc::borrow::Cow;
use alloc::string::String;
use alloc::sync::Arc;
use bytes::Bytes;
use core::fmt::{self, Write};

/// The result of everything in this crate that can fail.
pub type Result<T, E = Error> = core::result::Result<T, E>;

/// What went wrong, in the terms a caller acts on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The caller's mistake: a value, a name or a combination that no engine would take. No byte was sent.
    Usage,
    /// A parameter, field or operation that the negotiated API version does not have, or no common version at all.
    Version,
    /// The engine refused: an HTTP status of 400 or more. See [`Error::status`].
    Engine,
    /// The engine began with success and reported an error inside the stream (`errorDetail`, a frame of type 3).
    InStream,
    /// The peer broke HTTP, the frame format or JSON.
    Protocol,
    /// The peer ended before the message did.
    Truncated,
    /// A named limit was exceeded. See [`crate::wire::limits`].
    TooLarge,
    /// A deadline passed. See [`Error::phase`].
    Timeout,
    /// No connection could be made.
    Connect,
    /// The connection failed while it was used.
    Transport,
    /// A complete value arrived that does not fit the type it was asked as. See [`Error::raw`].
    Decode,
    /// The source of a request body failed, or gave more or less than it had said; the request was abandoned.
    Body,
    /// A writer of the caller's, to which output was copied, failed.
    Writer,
    /// The call was cancelled from elsewhere.
    Cancelled,
    /// A docker context does not exist, or is not fit for what was asked of it. No byte was sent.
    Context,
    /// Credentials could not be looked up or kept: a file or a helper program failed. No byte was sent.
    Credentials,
    /// Everything was done, and the process that was run says that it failed. See [`Error::exit_code`].
    Exit,
}

/// The part of a call in which an error happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Phase {
    /// Before a connection was asked for.
    Prepare,
    /// While waiting for a free place under the connection limit, or dialling.
    Connect,
    /// While agreeing on an API version.
    Negotiate,
    /// While asking the engine how the answer will be framed.
    Inspect,
    /// While sending the request.
    Send,
    /// While waiting for the head of the answer.
    Head,
    /// While reading the body of the answer.
    Body,
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Prepare => "preparing the request",
            Self::Connect => "connecting",
            Self::Negotiate => "agreeing on an API version",
            Self::Inspect => "asking how the answer is framed",
            Self::Send => "sending the request",
            Self::Head => "waiting for the answer",
            Self::Body => "reading the answer",
        })
    }
}

/// Anything that went wrong. See [`ErrorKind`] for the classes.
///
/// Printed it is one line: operation, target, status, the engine's words, phase and cause. Neither that nor
/// [`message`](Self::message) ever shows the user information of a URL; no header field and no body of a request gets into
/// an error at all. What the engine or the transport wrote is not looked through for other secrets.
///
/// # What to do
///
/// | it is | means | do |
/// |---|---|---|
/// | [`is_invalid_argument`](Self::is_invalid_argument) | a value makes no sense, to us or to the engine | correct it; the message names it |
/// | [`is_unsupported_version`](Self::is_unsupported_version) | the API version does not have it | do without, or ask another engine |
/// | [`is_image_not_found`](Self::is_image_not_found) | the image is not there | pull [`missing_image`](Self::missing_image), or correct the name |
/// | [`is_not_found`](Self::is_not_found) | no such object | where it was to be removed, nothing; else look at the name |
/// | [`is_conflict`](Self::is_conflict) | the name is taken, or the object in another state | look at its state |
/// | [`is_unauthorized`](Self::is_unauthorized), [`is_forbidden`](Self::is_forbidden) | credentials, or rights, are missing | log in; ask whoever runs it |
/// | [`is_rate_limited`](Self::is_rate_limited), [`is_unavailable`](Self::is_unavailable) | not now | wait, then again |
/// | [`is_not_implemented`](Self::is_not_implemented) | this engine cannot, as it is set up | do without |
/// | other [`is_server_error`](Self::is_server_error) | the engine failed | read its words, and its log |
/// | [`is_build_failed`](Self::is_build_failed), [`is_load_failed`](Self::is_load_failed), [`InStream`](ErrorKind::InStream) | it began well | read the words, and of a build the [`output`](Self::output); what came before is valid |
/// | [`Exit`](ErrorKind::Exit) | the process itself failed | look at [`exit_code`](Self::exit_code) and its output |
/// | [`Connect`](ErrorKind::Connect) | nobody is there | the message tells where was looked, the [source](core::error::Error::source) why not |
/// | [`is_timeout`](Self::is_timeout), [`Transport`](ErrorKind::Transport), [`Truncated`](ErrorKind::Truncated) | the answer is not known | see below |
/// | [`is_malformed`](Self::is_malformed) otherwise | what answers is no engine, or newer than this crate | look at [`raw`](Self::raw) |
/// | [`TooLarge`](ErrorKind::TooLarge) | more than a [named limit](crate::wire::limits) | read it as a stream, or as text |
/// | [`Context`](ErrorKind::Context), [`Credentials`](ErrorKind::Credentials) | files and programs of the docker command line | the message names them |
/// | [`Body`](ErrorKind::Body), [`Writer`](ErrorKind::Writer) | the caller's own reader or writer failed | the source is its error |
/// | [`is_cancelled`](Self::is_cancelled) | as was wanted | nothing |
///
/// Whether a request may have been carried out though its answer is not known, the [`phase`](Self::phase) tells: up to
/// [`Inspect`](Phase::Inspect) nothing of it was sent. From [`Send`](Phase::Send) on it may have been, and may still be: to
/// look before doing it again is safe, and so is to do again what says of itself that nothing changed (start, stop).
#[derive(Clone)]
pub struct Error(Arc<Inner>);

#[derive(Clone)]
struct Inner {
    kind: ErrorKind,
    message: Cow<'static, str>,
    status: Option<u16>,
    exit_code: Option<i64>,
    phase: Option<Phase>,
    operation: Option<&'static str>,
    target: Option<String>,
    item: bool,
    raw: Option<Bytes>,
    output: Option<Arc<str>>,
    head: Option<Arc<ResponseHead>>,
    source: Option<Source>,
}

/// The error of a transport or a body, shared so that [`Error`] can be cloned.
pub type Source = Arc<dyn core::error::Error + Send + Sync>;

impl Error {
    /// An error of `kind` with a message for people.
    pub fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Arc::new(Inner {
            kind,
            message: without_users(message.into()),
            status: None,
            exit_code: None,
            phase: None,
            operation: None,
            target: None,
            item: false,
            raw: None,
            output: None,
            head: None,
            source: None,
        }))
    }

    /// The caller's mistake, found before a byte was sent.
    pub fn usage(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Usage, message)
    }

    /// The peer broke the protocol.
    pub fn protocol(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Protocol, message)
    }

    /// The peer ended too early.
    pub fn truncated(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Truncated, message)
    }

    /// A named limit was exceeded.
    pub fn too_large(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::TooLarge, message)
    }

    /// The engine's own refusal.
    pub fn engine(status: u16, message: impl Into<Cow<'static, str>>) -> Self {
        let mut e = Self::new(ErrorKind::Engine, message);
        e.edit().status = Some(status);
        e
    }

    /// A process that ended with this code, which is not 0.
    pub fn exit(code: i64, message: impl Into<Cow<'static, str>>) -> Self {
        let mut e = Self::new(ErrorKind::Exit, message);
        e.edit().exit_code = Some(code);
        e
    }

    /// A failure of the connection, with the transport's own error as its source.
    pub fn transport(kind: ErrorKind, message: impl Into<Cow<'static, str>>, source: Source) -> Self {
        let mut e = Self::new(kind, message);
        e.edit().source = Some(source);
        e
    }

    fn edit(&mut self) -> &mut Inner {
        Arc::make_mut(&mut self.0)
    }

    /// Marks an error that concerns one item of a stream: the stream goes on.
    #[must_use]
    pub fn as_item(mut self) -> Self {
        self.edit().item = true;
        self
    }

    /// Marks an error that ends its stream, whatever it was before.
    #[must_use]
    pub fn as_final(mut self) -> Self {
        self.edit().item = false;
        self
    }

    /// Attaches the bytes that could not be understood.
    #[must_use]
    pub fn with_raw(mut self, raw: Bytes) -> Self {
        self.edit().raw = Some(raw);
        self
    }

    /// Attaches what a process, such as a step of a build, wrote before it failed. Nothing is nothing.
    #[must_use]
    #[inline]
    pub fn with_output(mut self, output: impl Into<Arc<str>>) -> Self {
        self.edit().output = Some(output.into()).filter(|output| !output.is_empty());
        self
    }

    /// Says more at the end of the message.
    #[must_use]
    #[inline]
    pub(crate) fn with_note(mut self, note: &str) -> Self {
        self.edit().message.to_mut().push_str(note);
        self
    }

    /// Says in which phase it happened, unless an earlier report already did.
    #[must_use]
    pub fn in_phase(mut self, phase: Phase) -> Self {
        if self.0.phase.is_none() {
            self.edit().phase = Some(phase);
        }
        self
    }

    /// Says which operation on which target failed, unless an earlier report already did.
    #[must_use]
    pub fn of(mut self, operation: &'static str, target: &str) -> Self {
        if self.0.operation.is_none() {
            let inner = self.edit();
            inner.operation = Some(operation);
            let target = without_users(Cow::Borrowed(target));
            inner.target = (!target.is_empty()).then(|| target.into_owned());
        }
        self
    }

    /// The class of the error.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The message alone, without operation, target and phase: the engine's own words where it had some.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The HTTP status, if the engine answered with one that means refusal; the `code` of an error in a stream.
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// Adds a status code, as an `errorDetail` with a `code` has it.
    #[must_use]
    pub fn with_status(mut self, status: u16) -> Self {
        self.edit().status = Some(status);
        self
    }

    /// The phase of the call, where it is known.
    pub fn phase(&self) -> Option<Phase> {
        self.0.phase
    }

    /// The operation id, for example `ContainerInspect`, where it is known.
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation
    }

    /// What the operation addressed: a container, an image, a path.
    pub fn target(&self) -> Option<&str> {
        self.0.target.as_deref()
    }

    /// The bytes that could not be understood, for [`ErrorKind::Decode`] and broken streams.
    pub fn raw(&self) -> Option<&Bytes> {
        self.0.raw.as_ref()
    }

    /// What was written before it failed, as far as it was kept: the log of a build.
    #[inline]
    pub fn output(&self) -> Option<&str> {
        self.0.output.as_deref()
    }

    /// The head of the answer that refused, with its header fields: `Retry-After`, `Server`.
    pub fn head(&self) -> Option<&ResponseHead> {
        self.0.head.as_deref()
    }

    /// Attaches the head of the answer that refused.
    #[must_use]
    pub fn with_head(mut self, head: ResponseHead) -> Self {
        self.edit().head = Some(Arc::new(head));
        self
    }

    /// False for an error that concerns one item of a stream, which then goes on; true for all others.
    pub fn is_final(&self) -> bool {
        !self.0.item
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        if let Some(operation) = inner.operation {
            f.write_str(operation)?;
            if let Some(target) = &inner.target {
                write!(f, " {target:?}")?;
            }
            f.write_str(": ")?;
        }
        if inner.kind == ErrorKind::Engine {
            if let Some(status) = inner.status {
                write!(f, "{status} ")?;
            }
        }
        write!(text::OneLine::new(f), "{}", inner.message)?;
        if let Some(phase) = inner.phase.filter(|_| inner.kind != ErrorKind::Usage && inner.kind != ErrorKind::Engine) {
            write!(f, " (while {phase})")?;
        }
        if let Some(source) = &inner.source {
            write!(text::OneLine::new(f), ": {source}")?;
        }
        match &inner.output {
            Some(output) => {
                let end = without_users(crate::jobs::end_of(output.as_bytes()).into());
                text::OneLine::new(f).write_str(&end)
            }
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({:?}, {:?})", self.0.kind, alloc::format!("{self}"))
    }
}

impl From<core::convert::Infallible> for Error {
    /// For functions that take whatever can be turned into a value, the value itself included.
    fn from(never: core::convert::Infallible) -> Self {
        match never {}
    }
}

impl core::error::Error for Error {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match &self.0.source {
            Some(source) => Some(&**source),
            None => None,
        }
    }
}
