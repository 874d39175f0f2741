//! Containers: from creation to removal, and their output while they live.

use crate::model::{
    ContainerCreateBody, ContainerCreateResponse, ContainerInspectResponse, ContainerSummary, ContainerWaitResponse,
    Filters, Timestamp,
};
use crate::op::{Done, Json, OutputStream, Session};
use alloc::string::String;
use alloc::vec::Vec;

operation! {
    /// Lists containers: the running ones, or all.
    containers::List = "ContainerList", Get "/containers/json" => Json<Vec<ContainerSummary>> {
        query {
            /// Also those that do not run.
            all: bool,
            /// At most so many, the youngest first, in whatever state.
            limit: i64,
            /// Also computes the sizes of their file systems, which takes the engine a while.
            size: bool,
            /// Only those that fit: by `status`, `label`, `name`, `ancestor` and others.
            filters: Filters,
            /// Only those created before this one.
            before: String until 51,
            /// Only those created after this one.
            since: String until 51,
        }
    }
}

operation! {
    /// Makes a container, which does not run yet: see [`Start`]. A missing image is a 404; pull it and try again.
    containers::Create = "ContainerCreate", Post "/containers/create" => Json<ContainerCreateResponse> {
        query {
            /// Its name; the engine invents one if there is none. Taken names are a 409.
            name: String,
            /// The platform of the image, as `os[/arch[/variant]]`.
            platform: String since 41,
        }
        body ContainerCreateBody;
    }
}

operation! {
    /// Tells everything about one container.
    containers::Inspect = "ContainerInspect", Get "/containers/{id}/json" => Json<ContainerInspectResponse> {
        path {
            /// The container: id, the beginning of one, or name.
            id: Container
        }
        query {
            /// Also computes the sizes of its file system.
            size: bool,
        }
    }
}

operation! {
    /// Starts a container. One that runs already is [`Unchanged`](crate::op::Change::Unchanged).
    containers::Start = "ContainerStart", Post "/containers/{id}/start" => Done {
        path {
            /// The container: id, the beginning of one, or name.
            id: Container
        }
        query {
            /// The keys that detach from its terminal.
            detach_keys = "detachKeys": String,
            /// Restores this checkpoint; experimental.
            checkpoint: String since 25,
            /// Where checkpoints are, if not with the container; experimental.
            checkpoint_dir = "checkpoint-dir": String since 25,
        }
        patience Slow
        unchanged [304]
    }
}

operation! {
    /// Stops a container: asks first, kills after a grace. One that does not run is
    /// [`Unchanged`](crate::op::Change::Unchanged). Answers once it has stopped.
    containers::Stop = "ContainerStop", Post "/containers/{id}/stop" => Done {
        path {
            /// The container: id, the beginning of one, or name.
            id: Container
        }
        query {
            /// The grace in seconds; -1 is for ever. Left out, the container's own setting holds, usually 10.
            t: i64,
            /// The signal that asks, by name or number.
            signal: String since 42,
        }
        patience Slow
        unchanged [304]
    }
}

operation! {
    /// Waits for a container to stop and gives its exit code. The head of the answer comes at once and means that the
    /// wait is registered: `begin` it and await the head before starting, and no exit is missed. Waits without bound.
    containers::Wait = "ContainerWait", Post "/containers/{id}/wait" => Json<ContainerWaitResponse> {
        path {
            /// The container: id, the beginning of one, or name.
            id: Container
        }
        query {
            /// `not-running` (also if it never ran), `next-exit`, or `removed`.
            condition: String since 30,
        }
        patience Slow
    }
}

operation! {
    /// Removes a container. A running one is a 409 unless forced.
    containers::Remove = "ContainerDelete", Delete "/containers/{id}" => Done {
        path {
            /// The container: id, the beginning of one, or name.
            id: Container
        }
        query {
            /// Also removes its anonymous volumes.
            v: bool,
            /// Kills it first if it runs.
            force: bool,
            /// Removes a link between containers instead.
            link: bool,
        }
        patience Slow
    }
}

operation! {
    /// Reads what a container wrote, and with `follow` goes on with what it writes. At least one of `stdout` and
    /// `stderr` must be asked for.
    containers::Logs = "ContainerLogs", Get "/containers/{id}/logs" => OutputStream {
        path {
            /// The container: id, the beginning of one, or name.
            id: Container
        }
        query {
            /// Goes on until the container stops.
            follow: bool,
            /// What it wrote to stdout; everything, if it has a terminal.
            stdout: bool,
            /// What it wrote to stderr.
            stderr: bool,
            /// Only what was written at this moment or later.
            since: Timestamp,
            /// Only what was written before this moment.
            until: Timestamp since 35,
            /// Puts the time before every line, in RFC 3339 with nine digits.
            timestamps: bool,
            /// Only so many of the last lines of both streams together, or `all`.
            tail: String,
            /// Puts the log's labels and environment before every line.
            details: bool,
            /// `json` for records instead of output; experimental.
            format: String since 54,
        }
        framed Container
        patience Slow
    }
}

operation! {
    /// Attaches to a container: its output one way, its stdin the other. Say which streams; without `stream` only the
    /// log is replayed. Attached before the start, nothing of the output is missed.
    containers::Attach = "ContainerAttach", Post "/containers/{id}/attach" => Session {
        path {
            /// The container: id, the beginning of one, or name.
            id: Container
        }
        query {
            /// The keys that detach from its terminal.
            detach_keys = "detachKeys": String,
            /// First replays what was written before.
            logs: bool,
            /// Goes on with what is written from now on.
            stream: bool,
            /// Takes input for the process. Only for a container created with an open stdin: elsewhere nobody reads it.
            stdin: bool,
            /// Gives what is written to stdout; everything, if there is a terminal.
            stdout: bool,
            /// Gives what is written to stderr.
            stderr: bool,
        }
        upgrade "tcp"
        framed Container
        patience Slow
    }
}

operation! {
    /// Attaches to the output of a container, without its stdin.
    containers::AttachOutput = "ContainerAttach", Post "/containers/{id}/attach" => OutputStream {
        path {
            /// The container: id, the beginning of one, or name.
            id: Container
        }
        query {
            /// First replays what was written before.
            logs: bool,
            /// Goes on with what is written from now on.
            stream: bool,
            /// Gives what is written to stdout; everything, if there is a terminal.
            stdout: bool,
            /// Gives what is written to stderr.
            stderr: bool,
        }
        upgrade "tcp"
        framed Container
        patience Slow
        pick Never()
    }
}

/// What [`Wait`] waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WaitCondition {
    /// It does not run, be it that it never did.
    NotRunning,
    /// It stops the next time.
    NextExit,
    /// It is removed.
    Removed,
}

impl From<WaitCondition> for String {
    fn from(condition: WaitCondition) -> Self {
        match condition {
            WaitCondition::NotRunning => "not-running",
            WaitCondition::NextExit => "next-exit",
            WaitCondition::Removed => "removed",
        }
        .into()
    }
}
