//! Images: listed, brought in, removed.

use crate::model::{Filters, ImageDeleteResponseItem, ImageSummary};
use crate::op::{Json, ProgressStream};
use alloc::string::String;
use alloc::vec::Vec;

operation! {
    /// Lists images.
    images::List = "ImageList", Get "/images/json" => Json<Vec<ImageSummary>> {
        query {
            /// Also the layers that have no name of their own.
            all: bool,
            /// Only those that fit: by `reference`, `label`, `dangling`, `before`, `since`.
            filters: Filters,
            /// Also their digests.
            digests: bool since 25,
            /// Computes how much of each is shared.
            shared_size = "shared-size": bool since 42,
            /// Also the manifests of each.
            manifests: bool since 47,
            /// Also who made and signed each; needs `manifests`.
            identity: bool since 54,
            /// Only the image of this name.
            filter: String until 40,
        }
    }
}

operation! {
    /// Pulls an image from a registry. Without a tag the engine pulls every tag: say `latest` if that is meant. An error
    /// in the stream ends it, after the progress before it.
    images::Pull = "ImageCreate", Post "/images/create" => ProgressStream {
        required {
            /// The image, with registry and path: `registry:5000/team/app`.
            from_image = "fromImage": String,
        }
        query {
            /// The tag or digest.
            tag: String,
            /// The platform, as `os[/arch[/variant]]`.
            platform: String since 32,
        }
        header {
            /// Credentials: base64url with padding of a JSON document.
            registry_auth = "X-Registry-Auth": String,
        }
        patience Slow
    }
}

operation! {
    /// Makes an image from the tar of a file system, which is uploaded.
    images::Import = "ImageCreate", Post "/images/create" => ProgressStream {
        query {
            /// The name of the new image.
            repo: String,
            /// Its tag.
            tag: String,
            /// A comment, kept with it.
            message: String,
            /// Dockerfile instructions applied to it: `CMD ["sh"]`.
            changes: [String],
            /// The platform it is for, as `os[/arch[/variant]]`.
            platform: String since 32,
        }
        fixed { "fromSrc" = "-" }
        upload "application/x-tar"
        patience Slow
        pick Value("fromSrc", "-")
    }
}

operation! {
    /// Makes an image from the tar of a file system, which the engine fetches.
    images::ImportFrom = "ImageCreate", Post "/images/create" => ProgressStream {
        required {
            /// The URL of the tar.
            from_src = "fromSrc": String,
        }
        query {
            /// The name of the new image.
            repo: String,
            /// Its tag.
            tag: String,
            /// A comment, kept with it.
            message: String,
            /// Dockerfile instructions applied to it: `CMD ["sh"]`.
            changes: [String],
            /// The platform it is for, as `os[/arch[/variant]]`.
            platform: String since 32,
        }
        patience Slow
        pick Given("fromSrc")
    }
}

operation! {
    /// Removes an image, or one of its names. One that a container uses is a 409.
    images::Remove = "ImageDelete", Delete "/images/{name}" => Json<Vec<ImageDeleteResponseItem>> {
        path {
            /// The image: a name with tag or digest, or an id.
            name: Image
        }
        query {
            /// Even if stopped containers use it or it has several names.
            force: bool,
            /// Keeps the untagged parents.
            noprune: bool,
            /// Only these platforms of it, each as a JSON document.
            platforms: [String] since 50,
        }
        patience Slow
    }
}
