//! Tasks: what services run on single nodes. All of this is for managers.

use crate::model::{Filters, Task, Timestamp};
use crate::op::{Json, OutputStream};
use alloc::string::String;
use alloc::vec::Vec;

operation! {
    /// Lists the tasks of the swarm, ended ones included, as long as it keeps them.
    ///
    /// Errors: 400 an unknown filter; 503 the engine is no manager of a swarm.
    ///
    /// Next: [`Inspect`] one; its `status` has the state, what went wrong, and the container's id.
    tasks::List = "TaskList", Get "/tasks" => Json<Vec<Task>> {
        query {
            /// Only those that fit: by `service`, `node`, `desired-state`, `id`, `name`, `label`.
            filters: Filters,
        }
    }
}

operation! {
    /// Tells everything about one task.
    ///
    /// Errors: 404 no such task; 503 the engine is no manager of a swarm.
    ///
    /// Next: [`Logs`], or on the task's node [`containers::Inspect`](crate::api::containers::Inspect) with the
    /// container's id.
    tasks::Inspect = "TaskInspect", Get "/tasks/{id}" => Json<Task> {
        path {
            /// The task: id or the beginning of one.
            id: Segment
        }
    }
}

operation! {
    /// Reads what a task wrote, on whatever node it runs, and with `follow` goes on with what it writes. At least one
    /// of `stdout` and `stderr` must be asked for.
    ///
    /// If the task has a terminal, both streams are one and unframed. Below API 1.42 the task is inspected first to
    /// know that; [`tty`](Self::tty) saves it.
    ///
    /// Errors: 404 no such task; 500 no stream was asked for; 503 the engine is no manager of a swarm. One in the
    /// middle ends the output.
    ///
    /// Next: [`Inspect`] tells how it ended.
    tasks::Logs = "TaskLogs", Get "/tasks/{id}/logs" => OutputStream {
        path {
            /// The task: id or the beginning of one.
            id: Segment
        }
        query {
            /// Puts the task's node, service and id, and the log's labels, before every line.
            details: bool,
            /// Goes on with what it writes from now on.
            follow: bool,
            /// What it wrote to stdout; everything, if it has a terminal.
            stdout: bool,
            /// What it wrote to stderr.
            stderr: bool,
            /// Only what was written at this moment or later.
            since: Timestamp,
            /// Puts the time before every line, in RFC 3339 with nine digits.
            timestamps: bool,
            /// Only so many of the last lines, or `all`.
            tail: String,
        }
        framed Task
        patience Slow
        since 29
    }
}

handle! {
    /// A task: its id or the beginning of one.
    Handle {
        inspect => Inspect,
        logs => Logs,
    }
}
