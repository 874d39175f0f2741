//! Changing a container that is there.

use crate::model::{ContainerUpdateBody, ContainerUpdateResponse};
use crate::op::{Done, Json};
use alloc::string::String;

operation! {
    /// Changes the limits and the restart policy of a container, whether it runs or not.
    ///
    /// What is left out stays as it is. Limits of a running container hold at once. Limits of single block devices are
    /// taken since API 1.55.
    ///
    /// Errors: 400 limits that make no sense or do not fit together; 404 no such container; 500 the host does not go
    /// along.
    ///
    /// Next: [`Inspect`](super::Inspect) tells what holds now.
    containers::Update = "ContainerUpdate", Post "/containers/{id}/update" => Json<ContainerUpdateResponse> {
        path {
            /// The container: id, the beginning of one, or name.
            id: Container
        }
        body ContainerUpdateBody;
    }
}

operation! {
    /// Gives a container another name.
    ///
    /// Errors: 400 a name with other characters than letters, digits, `_`, `.` and `-`; 404 no such container; 409 the
    /// name is taken.
    ///
    /// Next: the old name is free at once.
    containers::Rename = "ContainerRename", Post "/containers/{id}/rename" => Done {
        path {
            /// The container: id, the beginning of one, or name.
            id: Container
        }
        required {
            /// The new name.
            name: String,
        }
        status [204]
    }
}

operation! {
    /// Changes the size of a container's terminal, in characters.
    ///
    /// The program in it gets `SIGWINCH` if the size is another than before. To have a program draw again after
    /// attaching to it, change the size and change it back.
    ///
    /// Errors: 400 a size that is no number; 404 no such container; 409 it does not run.
    ///
    /// Next: the first size is better given when creating, as `console_size`, where the engine knows it.
    containers::Resize = "ContainerResize", Post "/containers/{id}/resize" => Done {
        path {
            /// The container: id, the beginning of one, or name.
            id: Container
        }
        required {
            /// Rows.
            h: u32,
            /// Columns.
            w: u32,
        }
    }
}
