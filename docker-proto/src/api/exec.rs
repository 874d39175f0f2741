//! Further commands in a running container: created, started, and asked for their outcome.

use crate::model::{ConsoleSize, ExecConfig, ExecInspectResponse, ExecStartConfig, IdResponse};
use crate::op::{Done, Json, Session};

operation! {
    /// Prepares a command in a running container; [`Start`] runs it. Ask for the streams that are wanted.
    exec::Create = "ContainerExec", Post "/containers/{id}/exec" => Json<IdResponse> {
        path {
            /// The container: id, the beginning of one, or name.
            id: Container
        }
        body ExecConfig;
    }
}

operation! {
    /// Runs a prepared command: its output one way, its stdin the other. The end of the output says nothing of the
    /// outcome: ask [`Inspect`] for it.
    exec::Start = "ExecStart", Post "/exec/{id}/start" => Session {
        path {
            /// The id that [`Create`] gave.
            id: Segment
        }
        sent_body ExecStartConfig { detach: Some(false) };
        upgrade "tcp"
        framed_by_body Exec
        patience Slow
    }
}

operation! {
    /// Runs a prepared command and does not wait for it.
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
    /// Tells the state of a command: whether it runs, and its exit code once it does not.
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
    pub fn tty(mut self, tty: bool) -> Self {
        self.body.tty = Some(tty);
        self
    }

    /// The first size of the terminal, in characters.
    #[must_use]
    pub fn console_size(mut self, height: u32, width: u32) -> Self {
        self.body.console_size = Some(ConsoleSize { height, width });
        self
    }
}
