//! Looking at one container: what it is, runs, uses and has changed.

use crate::model::{ContainerInspectResponse, ContainerStatsResponse, ContainerTopResponse, FilesystemChange};
use crate::op::{Json, Tar, Values};
use alloc::string::String;
use alloc::vec::Vec;

operation! {
    /// Tells everything about one container.
    ///
    /// Errors: 404 no such container.
    ///
    /// Next: its `state` says whether to [`Start`](super::Start) it, or how it ended.
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
    /// Lists the processes of a container, as `ps` on the engine's host shows them.
    ///
    /// Process ids are those of the host. Rows are texts in the order of the titles; the last column may hold spaces.
    ///
    /// Errors: 400 arguments that the engine does not pass on; 404 no such container; 409 it does not run; 500 `ps`
    /// failed or is not there.
    ///
    /// Next: [`Kill`](super::Kill) sends a signal to the main process.
    containers::Top = "ContainerTop", Get "/containers/{id}/top" => Json<ContainerTopResponse> {
        path {
            /// The container: id, the beginning of one, or name.
            id: Container
        }
        query {
            /// Arguments for `ps`, such as `aux`; `-ef` if left out. The process id must be among the columns.
            ps_args: String,
        }
    }
}

operation! {
    /// Lists the paths that a container changed against its image.
    ///
    /// What lies in volumes and mounts is not among them. A changed path makes its directories changed as well.
    ///
    /// Errors: 404 no such container.
    ///
    /// Next: [`images::Commit`](crate::api::images::Commit) makes an image of it with the changes.
    containers::Changes = "ContainerChanges", Get "/containers/{id}/changes" => Json<Vec<FilesystemChange>> {
        path {
            /// The container: id, the beginning of one, or name.
            id: Container
        }
        patience Slow
    }
}

operation! {
    /// Reads the whole file system of a container as one tar, without volumes.
    ///
    /// A failure on the way comes under a status of success, behind the bytes of the tar or by its missing end: both are
    /// errors of the stream. [`entries`](crate::op::Operation::entries) reads it file by file.
    ///
    /// Errors: 404 no such container; 409 it is being removed.
    ///
    /// Next: [`images::Import`](crate::api::images::Import) makes an image of the tar;
    /// [`archive::Get`](crate::api::archive::Get) reads a part.
    containers::Export = "ContainerExport", Get "/containers/{id}/export" => Tar {
        path {
            /// The container: id, the beginning of one, or name.
            id: Container
        }
        patience Slow
    }
}

operation! {
    /// Follows what a container uses: a sample a second.
    ///
    /// The first sample has nothing to compare with. A container that does not run gives samples of zeros, once a
    /// second, until it is removed. CPU load is the difference of `cpu_stats` and `precpu_stats`.
    ///
    /// Errors: 400 `one_shot` without `stream` set to false, by engines before 29; 404 no such container.
    ///
    /// Next: drop it when it has told enough; [`StatsOnce`] gives one sample.
    containers::Stats = "ContainerStats", Get "/containers/{id}/stats" => Values<ContainerStatsResponse> {
        path {
            /// The container: id, the beginning of one, or name.
            id: Container
        }
        query {
            /// False ends after the first sample; [`StatsOnce`] is that as one answer.
            stream: bool,
            /// Does not wait for a second sample to compare with; only without `stream`.
            one_shot = "one-shot": bool since 41,
        }
        patience Slow
    }
}

operation! {
    /// Tells once what a container uses.
    ///
    /// Takes the engine one to two seconds, for it takes two samples. A container that does not run gives zeros.
    ///
    /// Errors: 404 no such container.
    ///
    /// Next: [`Stats`] goes on with a sample a second.
    containers::StatsOnce = "ContainerStats", Get "/containers/{id}/stats" => Json<ContainerStatsResponse> {
        path {
            /// The container: id, the beginning of one, or name.
            id: Container
        }
        query {
            /// Takes one sample only: at once, and with nothing to compare with.
            one_shot = "one-shot": bool since 41,
        }
        fixed { "stream" = "0" }
        pick False("stream")
    }
}
