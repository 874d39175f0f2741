//! Files of a container, as tar.

use crate::op::{Archive, Done, Stat as PathStatReply};
use alloc::string::String;

operation! {
    /// Reads a path of a container as a tar. The head has the stat of the path: see it before the first byte. A
    /// directory comes with its own name; with `/.` behind the path, only its contents.
    archive::Get = "ContainerArchive", Get "/containers/{id}/archive" => Archive {
        path {
            /// The container: id, the beginning of one, or name.
            id: Container
        }
        required {
            /// The path in the container.
            path: String,
        }
        patience Slow
    }
}

operation! {
    /// Tells what a path of a container is. A path that is not there is a 404.
    archive::Stat = "ContainerArchiveInfo", Head "/containers/{id}/archive" => PathStatReply {
        path {
            /// The container: id, the beginning of one, or name.
            id: Container
        }
        required {
            /// The path in the container.
            path: String,
        }
    }
}

operation! {
    /// Extracts a tar, plain or compressed, into a directory of a container, which must be there.
    archive::Put = "PutContainerArchive", Put "/containers/{id}/archive" => Done {
        path {
            /// The container: id, the beginning of one, or name.
            id: Container
        }
        required {
            /// The directory in the container.
            path: String,
        }
        query {
            /// Refuses to put a file where a directory is, and the other way round.
            no_overwrite_dir_non_dir = "noOverwriteDirNonDir": bool,
            /// Keeps user and group of the files' owners in the tar.
            copy_uid_gid = "copyUIDGID": bool since 30,
        }
        upload "application/x-tar"
        patience Slow
    }
}
