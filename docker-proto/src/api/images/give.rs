//! Passing images on: under another name, to a registry, into a file.

use crate::op::{Done, PlatformJson, ProgressStream, RegistryAuth, Tar};
use alloc::string::String;

operation! {
    /// Gives an image one more name.
    ///
    /// An image that had the name loses it.
    ///
    /// Errors: 400 a name or tag that makes no sense; 404 no such image; 409 the engine does not give that name.
    ///
    /// Next: [`Push`] it under that name; [`Remove`](super::Remove) takes the name away.
    images::Tag = "ImageTag", Post "/images/{name}/tag" => Done {
        path {
            /// The image: a name with tag or digest, or an id.
            name: Image
        }
        required {
            /// The new name, with registry and path: `registry:5000/team/app`.
            repo: String,
        }
        query {
            /// The new tag; `latest` if left out.
            tag: String,
        }
        status [201]
    }
}

operation! {
    /// Pushes an image to the registry that its name begins with.
    ///
    /// What the registry has to say, a refusal too, comes in the stream under a status of success. The digest is in the
    /// `aux` of a late progress, or, with the containerd image store, in its text only.
    ///
    /// Errors: 400 a name that makes no sense; 404 no such image.
    ///
    /// Next: [`distribution::Inspect`](crate::api::distribution::Inspect) tells what the registry has now.
    images::Push = "ImagePush", Post "/images/{name}/push" => ProgressStream {
        path {
            /// The image's name, without a tag.
            name: Image
        }
        query {
            /// The tag; all of them if left out.
            tag: String,
            /// Only this platform of it; all that are here if left out.
            platform: PlatformJson since 46,
        }
        header {
            /// Credentials for the registry; none if left out.
            registry_auth = "X-Registry-Auth": RegistryAuth or "e30=",
        }
        patience Slow
    }
}

operation! {
    /// Reads one image as a tar, with all its layers and, if it was named so, its name.
    ///
    /// A failure on the way comes under a status of success, behind the bytes of the tar or by its missing end: both are
    /// errors of the stream. [`entries`](crate::op::Operation::entries) reads it file by file.
    ///
    /// Errors: 400 several platforms below API 1.52; 404 no such image (500 by older engines).
    ///
    /// Next: [`Load`](super::Load) brings it into another engine.
    images::Get = "ImageGet", Get "/images/{name}/get" => Tar {
        path {
            /// The image: a name with tag or digest, or an id. A name without a tag means all its tags.
            name: Image
        }
        query {
            /// Only these platforms of it; one at most below API 1.52.
            platform: [PlatformJson] since 48,
        }
        patience Slow
    }
}

operation! {
    /// Reads several images as one tar, in which layers they share are there once.
    ///
    /// A failure on the way comes under a status of success, behind the bytes of the tar or by its missing end: both are
    /// errors of the stream.
    ///
    /// Errors: 400 several platforms below API 1.52; 404 no such image (500 by older engines).
    ///
    /// Next: [`Load`](super::Load) brings them into another engine.
    images::GetAll = "ImageGetAll", Get "/images/get" => Tar {
        query {
            /// The images: names with tags, or ids.
            names: [String],
            /// Only these platforms of each; one at most below API 1.52.
            platform: [PlatformJson] since 48,
        }
        patience Slow
    }
}
