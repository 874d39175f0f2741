//! The row of facts about one operation.

use super::path::PathKind;
use super::writer::RequestWriter;
use crate::Result;
use crate::model::{ApiVersion, Shape};
use crate::wire::Method;

/// One way to call one operation of the Engine API.
///
/// Most operations have one row. Where a parameter chooses the request's body or the answer's kind, several rows share
/// the [`id`](Self::id) as views, and [`Pick`] says which parameter values mean which.
#[derive(Debug)]
#[non_exhaustive]
pub struct OpSpec {
    /// The operation id of the Engine API's description.
    pub id: &'static str,
    /// The Rust type, as `resource::Verb`.
    pub name: &'static str,
    /// What it is for and what can go wrong: the documentation of the Rust type, as written.
    /// [`api::reflect`](crate::api::reflect) gives it as plain text.
    pub doc: &'static str,
    /// The first API version whose description has it. Engines route more than any of them tells of.
    pub documented: Option<ApiVersion>,
    /// The method.
    pub method: Method,
    /// The path template, without version prefix: `/containers/{id}/logs`.
    pub path: &'static str,
    /// The API versions that have it, inclusive.
    pub since: Option<ApiVersion>,
    /// The last API version that has it.
    pub until: Option<ApiVersion>,
    /// Everything that is not the body.
    pub params: &'static [ParamSpec],
    /// The request's body.
    pub body: BodySpec,
    /// Checks a JSON body given as text against its type and the API version.
    pub check_body: Option<BodyCheck>,
    /// The form of a JSON body.
    pub body_shape: Option<Shape>,
    /// What the answer is.
    pub kind: Kind,
    /// The form of the JSON document, or documents, of the answer.
    pub reply_shape: Option<Shape>,
    /// Statuses that engines answer with when it went well. Any other 2xx is taken as well.
    pub success: &'static [u16],
    /// Statuses that mean "already so": 304 for start and stop.
    pub unchanged: &'static [u16],
    /// The protocol to upgrade to.
    pub upgrade: Option<&'static str>,
    /// Whose TTY decides whether the output is multiplexed.
    pub framed: Option<Framed>,
    /// Whether the path is sent with a version prefix.
    pub versioned: bool,
    /// How long a head may take; [`Timeouts`](crate::session::Timeouts) has the table of it.
    pub patience: Patience,
    /// When [`Invoke`](super::Invoke) means this view.
    pub pick: Pick,
}

impl OpSpec {
    /// The first segment of the path: `containers`, `images`, `_ping`.
    pub fn category(&self) -> &'static str {
        self.path.trim_start_matches('/').split('/').next().unwrap_or_default()
    }

    /// The first API version with a filter, where that is later than the operation and its `filters`; `None` for all others, known or not.
    pub fn filter_since(&self, filter: &str) -> Option<ApiVersion> {
        super::filters::since(self.id, filter)
    }

    /// The parameter of that name, compared exactly.
    pub fn param(&self, name: &str) -> Option<&'static ParamSpec> {
        self.params.iter().find(|p| p.name == name)
    }
}

/// Checks a JSON body given as text.
pub type BodyCheck = fn(&[u8], &RequestWriter<'_>) -> Result<()>;

/// One parameter.
#[derive(Debug)]
#[non_exhaustive]
pub struct ParamSpec {
    /// The name on the wire.
    pub name: &'static str,
    /// What it means, as [`OpSpec::doc`]; empty for a value that is fixed.
    pub doc: &'static str,
    /// Where it goes.
    pub place: Place,
    /// What it holds.
    pub ty: ParamType,
    /// Whether the engine refuses a request without it.
    pub required: bool,
    /// Whether the key may be repeated.
    pub many: bool,
    /// The value that a typed view always sends.
    pub fixed: Option<&'static str>,
    /// What is sent when no value is set, because some engines refuse a request without it.
    pub default: Option<&'static str>,
    /// The first API version that reads it, if later than 1.24.
    pub since: Option<ApiVersion>,
    /// The last API version that reads it.
    pub until: Option<ApiVersion>,
}

/// Where a parameter goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// In the path, encoded by this rule.
    Path(PathKind),
    /// In the query.
    Query,
    /// As a header field.
    Header,
}

/// What a parameter's text must look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParamType {
    /// `0` or `1`.
    Bool,
    /// A signed integer.
    Int,
    /// An unsigned integer.
    Uint,
    /// Any text.
    Text,
    /// `seconds[.nanoseconds]`.
    Timestamp,
    /// A JSON object of filters.
    Filters,
    /// A JSON document.
    Json,
    /// Credentials: JSON in base64url with padding; JSON is taken too and encoded.
    Auth,
}

/// The body of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BodySpec {
    /// None.
    None,
    /// A JSON document.
    Json {
        /// Whether the engine refuses a request without it.
        required: bool,
    },
    /// A stream of bytes of this content type.
    Upload(&'static str),
}

/// What an answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// One JSON document.
    Json,
    /// A status; the body means nothing.
    Done,
    /// Text.
    Text,
    /// The headers of a ping.
    Ping,
    /// The stat header of an archive.
    Stat,
    /// JSON documents, one after another.
    Values,
    /// JSON progress, in which an error may appear.
    Progress,
    /// Output of a process, multiplexed or raw.
    Output,
    /// A tar, behind a stat header.
    Archive,
    /// A tar.
    Tar,
    /// Bytes.
    Bytes,
    /// Output of a process one way, its stdin the other.
    Session,
    /// Bytes both ways, of a protocol that is not spoken here.
    Upgraded,
    /// Bytes both ways, in the frames of a websocket.
    Websocket,
}

/// Whose TTY decides how output is framed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Framed {
    /// The container's.
    Container,
    /// The one that starting the exec asks for; on podman the one that creating it asked for.
    Exec,
    /// The service's.
    Service,
    /// The task's.
    Task,
}

/// How long an engine may think before it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Patience {
    /// An answer comes at once; the call takes a place under the connection limit.
    Quick,
    /// The engine first waits for a process to end, as long as the request says: the head may take so much longer. A request
    /// that says nothing, or for ever, is as [`Slow`](Self::Slow): what holds then is a setting of the container, which is
    /// not known here. No place under the connection limit.
    Grace,
    /// The engine may take as long as it needs: no deadline for the head, no place under the connection limit.
    Slow,
}

/// When the values given for an operation id mean this view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Pick {
    /// When no other view is meant.
    Default,
    /// Never by name: a narrower type of what another view does.
    Never,
    /// When this parameter is given, whatever its value.
    Given(&'static str),
    /// When this parameter is given with this value.
    Value(&'static str, &'static str),
    /// When this parameter is false.
    False(&'static str),
    /// When this member of the JSON body is true.
    BodyTrue(&'static str),
}
