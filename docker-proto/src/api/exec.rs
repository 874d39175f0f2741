//! Further commands in a running container: created, started, and asked for their outcome.
//!
//! ```
//! use docker_proto::api::exec::{Create, Inspect, Resize, Start};
//! use docker_proto::model::ExecConfig;
//!
//! let create = Create::new("web", ExecConfig::new().cmd(["sh", "-c", "cat >/tmp/in"]).attach_stdin(true).attach_stdout(true));
//! // `docker.open(start)` is the two-way session; the exit code is asked for once its output has ended.
//! let start = Start::new("id of the answer");
//! let code = Inspect::new("id of the answer");
//! ```

use crate::model::{ConsoleSize, ExecConfig, ExecInspectResponse, ExecStartConfig, IdResponse};
use crate::op::{Done, Json, Session};

operation! {
    /// Prepares a command in a running container.
    ///
    /// Ask for the streams that are wanted. The engine forgets the command some minutes after its end.
    ///
    /// Errors: 400 keys that make no sense; 404 no such container; 409 it does not run (podman: 500), or is paused.
    ///
    /// Next: [`Start`] runs it.
    exec::Create = "ContainerExec", Post "/containers/{id}/exec" => Json<IdResponse> {
        path {
            /// The container: id, the beginning of one, or name.
            id: Container
        }
        body ExecConfig;
        status [201]
    }
}

operation! {
    /// Runs a prepared command: its output one way, its stdin the other.
    ///
    /// Ending the input leaves the output alone, except with a terminal: there it ends both. A command that cannot be
    /// run, or was started before, is told of as text in the output. It goes on if the connection is dropped.
    ///
    /// Errors, before the connection is handed over: 404 no such command; 409 its container does not run, or is paused.
    ///
    /// Next: the end of the output says nothing of the outcome: ask [`Inspect`] for it.
    exec::Start = "ExecStart", Post "/exec/{id}/start" => Session {
        path {
            /// The id that [`Create`] gave.
            id: Segment
        }
        sent_body ExecStartConfig { detach: Some(false) };
        upgrade "tcp"
        framed_by_body Exec
        patience Slow
        status [101, 200]
    }
}

operation! {
    /// Runs a prepared command and does not wait for it.
    ///
    /// Its output is lost, whatever streams it was created with.
    ///
    /// Errors: 404 no such command; 409 its container does not run, or is paused.
    ///
    /// Next: [`Inspect`] tells whether it still runs.
    exec::StartDetached = "ExecStart", Post "/exec/{id}/start" => Done {
        path {
            /// The id that [`Create`] gave.
            id: Segment
        }
        sent_body ExecStartConfig { detach: Some(true) };
        pick BodyTrue("Detach")
    }
}

operation! {
    /// Changes the size of a command's terminal, in characters.
    ///
    /// Waits for a command that is just being started, up to 10 s.
    ///
    /// Errors: 400 a size that is no number; 404 no such command; 409 its container does not run; 500 it was not
    /// started in time.
    ///
    /// Next: the first size is better given to [`Create`] or [`Start`], where the engine knows it.
    exec::Resize = "ExecResize", Post "/exec/{id}/resize" => Done {
        path {
            /// The id that [`Create`] gave.
            id: Segment
        }
        required {
            /// Rows.
            h: u32,
            /// Columns.
            w: u32,
        }
        patience Slow
    }
}

operation! {
    /// Tells the state of a command: whether it runs, and its exit code once it does not.
    ///
    /// A program that is not there gives 126 or 127.
    ///
    /// Errors: 404 no such command, or it ended minutes ago.
    ///
    /// Next: nothing; commands are forgotten by themselves.
    exec::Inspect = "ExecInspect", Get "/exec/{id}/json" => Json<ExecInspectResponse> {
        path {
            /// The id that [`Create`] gave.
            id: Segment
        }
    }
}

impl Start {
    /// Says whether the command has a terminal: give what [`Create`] was given.
    #[must_use]
    #[inline]
    pub fn tty(mut self, tty: bool) -> Self {
        self.body.tty = Some(tty);
        self
    }

    /// The first size of the terminal, in characters.
    #[must_use]
    #[inline]
    pub fn console_size(mut self, height: u32, width: u32) -> Self {
        self.body.console_size = Some(ConsoleSize { height, width });
        self
    }
}

handle! {
    /// A prepared command: the id that [`Create`] gave.
    Handle from [IdResponse] {
        start => Start,
        start_detached => StartDetached,
        resize(rows: u32, columns: u32) => Resize,
        inspect => Inspect,
    }
}
