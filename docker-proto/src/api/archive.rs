//! Files of a container, as tar. It need not run.
//!
//! ```
//! use docker_proto::api::archive::{Get, Put, Stat};
//!
//! let stat = Stat::new("web", "/etc/nginx/nginx.conf");
//! // A stream of bytes, and before them the stat, from its head.
//! let get = Get::new("web", "/etc/nginx/.");
//! // The tar is given beside it: `docker.upload(put, tar)`.
//! let put = Put::new("web", "/etc/nginx").no_overwrite_dir_non_dir(true);
//! ```

use crate::op::{Archive, Done, Stat as PathStatReply};
use alloc::string::String;

operation! {
    /// Reads a path of a container as a tar.
    ///
    /// The head has the stat of the path: see it before the first byte. A directory comes with its own name; with `/.`
    /// behind the path, only its contents. A failure on the way, which leaves the tar without its end or appends an error
    /// to it, is an error of the stream. [`entries`](crate::op::Operation::entries) reads it file by file.
    ///
    /// Errors: 400 no path, or one that has something behind a file; 404 no such container or path.
    ///
    /// Next: unpack it, or hand it to [`Put`] for another container.
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
    /// Tells what a path of a container is.
    ///
    /// A symbolic link is told of as a link, with its target. There is no body, so a refusal is told by its status alone.
    ///
    /// Errors: 400 no path; 404 no such container or path.
    ///
    /// Next: [`Get`] reads it.
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
    ///
    /// Compression is told from the bytes: gzip, bzip2, xz, and zstd by engines after 20.10. What was extracted before a
    /// failure stays.
    ///
    /// Errors: 400 the path is no directory, the tar is broken, or the file system is read-only (500 by older engines);
    /// 404 no such container or path. An engine may refuse before the upload ends.
    ///
    /// Next: [`Stat`] tells what is there now.
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
            /// Gives the files to the container's user instead of the owners in the tar. Podman always does.
            copy_uid_gid = "copyUIDGID": bool since 30,
        }
        upload "application/x-tar"
        patience Slow
    }
}
