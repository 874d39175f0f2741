//! The life of a container: made, started, frozen, stopped, awaited, removed.

use crate::model::{ContainerCreateBody, ContainerCreateResponse, ContainerWaitResponse};
use crate::op::{Done, Json, PlatformText, Seconds, Signal};
use alloc::string::String;

operation! {
    /// Makes a container, which does not run yet.
    ///
    /// Nothing is pulled: a missing image is an error. Warnings in the answer name settings that the engine left out.
    ///
    /// Errors: 400 settings that make no sense; 404 no such image, also where another platform of it is there; 409 the
    /// name is taken.
    ///
    /// Next: [`Attach`](super::Attach) to it to miss nothing of its output, then [`Start`] it. After a 404
    /// [`images::Pull`](crate::api::images::Pull) the image and try again.
    containers::Create = "ContainerCreate", Post "/containers/create" => Json<ContainerCreateResponse> {
        query {
            /// Its name: letters, digits, `_`, `.` and `-`; the engine invents one if there is none.
            name: String,
            /// The platform of the image.
            platform: PlatformText since 41,
        }
        body ContainerCreateBody;
        status [201]
    }
}

operation! {
    /// Starts a container. One that runs already is [`Unchanged`](crate::op::Change::Unchanged).
    ///
    /// Answers once its process runs, or could not be made to.
    ///
    /// Errors: 400 its program cannot be run; 404 no such container; 409 it is paused or being removed; 500 the host
    /// does not go along, for example because a port is taken.
    ///
    /// Next: [`Wait`] for its end, or read its [`Logs`](super::Logs).
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
        status [204]
        unchanged [304]
    }
}

operation! {
    /// Stops a container: asks first, kills after a grace. One that does not run is
    /// [`Unchanged`](crate::op::Change::Unchanged).
    ///
    /// Answers once it has stopped. The engine goes on stopping it even if the call is given up. A restart policy does
    /// not start it again.
    ///
    /// Errors: 404 no such container.
    ///
    /// Next: [`Remove`] it, or [`Start`] it again.
    containers::Stop = "ContainerStop", Post "/containers/{id}/stop" => Done {
        path {
            /// The container: id, the beginning of one, or name.
            id: Container
        }
        query {
            /// The grace in seconds; -1 is for ever. Left out, the container's own setting holds, usually 10.
            t: Seconds,
            /// The signal that asks, by name or number. Left out, the container's own setting holds, usually `TERM`.
            signal: Signal since 42,
        }
        patience Grace
        status [204]
        unchanged [304]
    }
}

operation! {
    /// Stops a container, if it runs, and starts it.
    ///
    /// Answers once it runs again. The engine goes on even if the call is given up.
    ///
    /// Errors: 404 no such container; the errors of [`Start`] otherwise, after which it does not run.
    ///
    /// Next: [`Inspect`](super::Inspect) tells its new process id and when it started.
    containers::Restart = "ContainerRestart", Post "/containers/{id}/restart" => Done {
        path {
            /// The container: id, the beginning of one, or name.
            id: Container
        }
        query {
            /// The grace in seconds; -1 is for ever. Left out, the container's own setting holds, usually 10.
            t: Seconds,
            /// The signal that asks, by name or number. Left out, the container's own setting holds, usually `TERM`.
            signal: Signal since 42,
        }
        patience Grace
        status [204]
    }
}

operation! {
    /// Sends a signal to the main process of a container.
    ///
    /// `KILL` ends it, and the answer comes when it has ended; of any other signal the answer says only that it was
    /// sent. What ends by `KILL`, or by its own stop signal, is not started again by a restart policy.
    ///
    /// Errors: 400 no such signal; 404 no such container; 409 it does not run (500 below API 1.37).
    ///
    /// Next: [`Wait`] gives its exit code.
    containers::Kill = "ContainerKill", Post "/containers/{id}/kill" => Done {
        path {
            /// The container: id, the beginning of one, or name.
            id: Container
        }
        query {
            /// The signal, by name or number; `KILL` if left out.
            signal: Signal,
        }
        patience Slow
        status [204]
    }
}

operation! {
    /// Freezes all processes of a container.
    ///
    /// They do not notice: no signal is sent, they get no more CPU time. Memory and connections stay as they are.
    ///
    /// Errors: 404 no such container; 409 it does not run, or is paused already.
    ///
    /// Next: [`Unpause`] lets them go on.
    containers::Pause = "ContainerPause", Post "/containers/{id}/pause" => Done {
        path {
            /// The container: id, the beginning of one, or name.
            id: Container
        }
        status [204]
    }
}

operation! {
    /// Lets the processes of a paused container go on.
    ///
    /// Errors: 404 no such container; 500 it is not paused.
    ///
    /// Next: nothing; it runs as before [`Pause`].
    containers::Unpause = "ContainerUnpause", Post "/containers/{id}/unpause" => Done {
        path {
            /// The container: id, the beginning of one, or name.
            id: Container
        }
        status [204]
    }
}

operation! {
    /// Waits for a container to stop and gives its exit code.
    ///
    /// Since API 1.30 the head of the answer comes at once and means that the wait is registered: `begin` it and await
    /// the head before starting, and no exit is missed. Waits without bound.
    ///
    /// Errors: 400 no such condition; 404 no such container.
    ///
    /// Next: [`Remove`] it, unless it removes itself.
    containers::Wait = "ContainerWait", Post "/containers/{id}/wait" => Json<ContainerWaitResponse> {
        path {
            /// The container: id, the beginning of one, or name.
            id: Container
        }
        query {
            /// A [`WaitCondition`]: `not-running` (also if it never ran), `next-exit`, or `removed`.
            condition: String since 30,
        }
        patience Slow
    }
}

operation! {
    /// Removes a container.
    ///
    /// Named volumes stay. With `link`, `id` is a link as `container/alias`, and only that is removed.
    ///
    /// Errors: 404 no such container or link; 409 it runs and `force` was not given, or its removal is going on already.
    ///
    /// Next: its id and its name are free; [`volumes::Prune`](crate::api::volumes::Prune) removes volumes nobody uses.
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
        status [204]
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
    #[inline]
    fn from(condition: WaitCondition) -> Self {
        match condition {
            WaitCondition::NotRunning => "not-running",
            WaitCondition::NextExit => "next-exit",
            WaitCondition::Removed => "removed",
        }
        .into()
    }
}
