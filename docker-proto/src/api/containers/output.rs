//! What a container writes and reads: its log, and connections to its process.

use crate::model::Timestamp;
use crate::op::{OutputStream, Session, Websocket};
use alloc::string::String;

operation! {
    /// Reads what a container wrote, and with `follow` goes on with what it writes.
    ///
    /// At least one of `stdout` and `stderr` must be asked for. A last line is in the log once its newline is written,
    /// or 16 KiB, or the output has ended.
    ///
    /// Errors: 400 neither of the two was asked for; 404 no such container; 409 it is being removed; 501 its log driver
    /// cannot read.
    ///
    /// Next: to go on after a break, ask `since` the time of the last line and leave out what was seen.
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
    /// Attaches to a container: its output one way, its stdin the other.
    ///
    /// Say which streams; without `stream` only the log is replayed. Attached before the start, nothing of the output
    /// is missed. A container that does not run is no error: the connection stays silent until it does. Ending the input
    /// ends the output as well, unless the container was made with `stdin_once` and without a terminal. The end of the
    /// output says nothing of the exit code.
    ///
    /// Errors, before the connection is handed over: 400 keys that make no sense; 404 no such container; 409 it is
    /// paused or restarting.
    ///
    /// Next: [`Start`](super::Start) it, [`Resize`](super::Resize) its terminal, [`Wait`](super::Wait) for the exit
    /// code.
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
        status [101, 200]
    }
}

operation! {
    /// Attaches to the output of a container, without its stdin.
    ///
    /// As [`Attach`], for callers that only read.
    ///
    /// Errors: 404 no such container; 409 it is paused or restarting.
    ///
    /// Next: [`Start`](super::Start) it, [`Wait`](super::Wait) for the exit code.
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
        status [101, 200]
        pick Never()
    }
}

operation! {
    /// Attaches to a container over a websocket.
    ///
    /// Output comes as bytes, stdout and stderr mixed and not told apart; where one message ends means nothing, and is
    /// not shown. Input is sent in binary messages; closing it ends the stdin of the process. An end of the connection
    /// without a close frame is an error. Where [`Attach`] works it is the better choice; this one passes proxies that
    /// know websockets only.
    ///
    /// Errors: 400 keys that make no sense, or a handshake the engine refuses; 404 no such container, or an engine
    /// without websockets (podman); 409 it is paused or restarting.
    ///
    /// Next: [`Wait`](super::Wait) for the exit code.
    containers::AttachWebsocket = "ContainerAttachWebsocket", Get "/containers/{id}/attach/ws" => Websocket {
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
            /// Takes input for the process. Always, below API 1.42.
            stdin: bool since 42,
            /// Gives what is written to stdout. Always, below API 1.42.
            stdout: bool since 42,
            /// Gives what is written to stderr. Always, below API 1.42.
            stderr: bool since 42,
        }
        upgrade "websocket"
        patience Slow
        status [101]
    }
}
