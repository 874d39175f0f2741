//! Values of progress streams, and the body of a refusal.
//!
//! Every field can be missing, and all of them at once: a bare `{}` is a normal value.

use super::macros::model;
use alloc::string::String;
use serde_json::Value;

model! {
    /// One value of a progress stream: pull, push, build, load, import, plugins.
    pub struct Progress {
        /// Text to print as it is.
        stream: "stream" String,
        /// What is being done.
        status: "status" String,
        /// What it is done to, such as a layer; also the kind of `aux`.
        id: "id" String,
        /// A bar drawn in text, by older engines.
        progress: "progress" String,
        /// How far it is.
        progress_detail: "progressDetail" ProgressDetail,
        /// Older form of the error.
        error: "error" String,
        /// Why the operation failed; the HTTP status was success all the same.
        error_detail: "errorDetail" ErrorDetail,
        /// Results, in a form of the operation: ids, digests, build traces.
        aux: "aux" Value,
        /// Where it comes from, by older engines.
        from: "from" String,
        /// When, in seconds since 1970, by older engines.
        time: "time" i64,
        /// When, in nanoseconds since 1970, by older engines.
        time_nano: "timeNano" i64,
    }

    /// How far one step is; empty is normal.
    pub struct ProgressDetail {
        /// Done so far, in the unit below.
        current: "current" i64,
        /// To be done in all; absent or 0 when unknown.
        total: "total" i64,
        /// When it began, in seconds since 1970.
        start: "start" i64,
        /// Asks not to print the numbers.
        hidecounts: "hidecounts" bool,
        /// What is counted; bytes when absent.
        units: "units" String,
    }

    /// Why an operation failed after its answer had begun.
    pub struct ErrorDetail {
        /// Exit code of a build's command, or a status such as 401.
        code: "code" i64,
        /// The engine's words.
        message: "message" String,
    }

    /// The body of a refusal.
    pub struct ErrorResponse {
        /// Why, for people.
        message: "message" String,
        /// The innermost reason; podman only.
        cause: "cause" String,
        /// The HTTP status once more; podman only.
        response: "response" i64,
    }
}
