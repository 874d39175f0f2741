//! Bringing images in: from a registry, from files, from a container.

use crate::model::{ContainerConfig, IdResponse};
use crate::op::{Json, PlatformJson, PlatformText, ProgressStream, RegistryAuth, Url};
use alloc::string::String;

operation! {
    /// Pulls an image from a registry.
    ///
    /// Without a tag the engine pulls every tag: say `latest` if that is meant. The status is that of the beginning: an
    /// error in the stream ends it, after the progress before it. The pull ends if the stream is dropped.
    ///
    /// Errors: 400 a name that makes no sense; 401 or 500 the registry refuses the credentials; 404 no such image, or
    /// none that may be pulled; 500 the registry cannot be reached.
    ///
    /// Next: [`containers::Create`](crate::api::containers::Create) makes a container from it.
    images::Pull = "ImageCreate", Post "/images/create" => ProgressStream {
        required {
            /// The image, with registry and path: `registry:5000/team/app`.
            from_image = "fromImage": String,
        }
        query {
            /// The tag or digest.
            tag: String,
            /// The platform; the engine's own if left out.
            platform: PlatformText since 32,
        }
        header {
            /// Credentials for the registry.
            registry_auth = "X-Registry-Auth": RegistryAuth,
        }
        patience Slow
    }
}

operation! {
    /// Makes an image from the tar of a file system, which is uploaded.
    ///
    /// The image has one layer and no history. Its id is the `status` of the last progress.
    ///
    /// Errors: 400 a name or an instruction that makes no sense; anything about the tar is an error in the stream.
    ///
    /// Next: [`containers::Create`](crate::api::containers::Create) makes a container from it.
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
            /// The platform it is for.
            platform: PlatformText since 32,
        }
        fixed { "fromSrc" = "-" }
        upload "application/x-tar"
        patience Slow
        pick Value("fromSrc", "-")
    }
}

operation! {
    /// Makes an image from the tar of a file system, which the engine fetches.
    ///
    /// The engine itself asks the server, so the URL must be reachable from its host.
    ///
    /// Errors: 400 a name or an instruction that makes no sense; 500 a URL that cannot be fetched.
    ///
    /// Next: [`containers::Create`](crate::api::containers::Create) makes a container from it.
    images::ImportFrom = "ImageCreate", Post "/images/create" => ProgressStream {
        required {
            /// The URL of the tar.
            from_src = "fromSrc": Url,
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
            /// The platform it is for.
            platform: PlatformText since 32,
        }
        patience Slow
        pick Given("fromSrc")
    }
}

operation! {
    /// Loads images from a tar that [`Get`](super::Get) or [`GetAll`](super::GetAll) made, or one in OCI's layout.
    ///
    /// Every failure is an error in the stream, under a status of success. The names that were loaded are told in the
    /// stream as text.
    ///
    /// Errors: 400 several platforms below API 1.52.
    ///
    /// Next: [`containers::Create`](crate::api::containers::Create) makes a container from one.
    images::Load = "ImageLoad", Post "/images/load" => ProgressStream {
        query {
            /// Leaves out how far each layer is, which is what engines do unless this is false.
            quiet: bool,
            /// Only these platforms of each; one at most below API 1.52.
            platform: [PlatformJson] since 48,
        }
        upload "application/x-tar"
        patience Slow
    }
}

operation! {
    /// Makes an image from a container: its file system as it is now, and its settings.
    ///
    /// Volumes are not part of it. The container is frozen meanwhile, unless `pause` is false. Settings in the body
    /// replace those of the container.
    ///
    /// Errors: 400 a name or an instruction that makes no sense; 404 no such container; 409 it is being removed.
    ///
    /// Next: [`Push`](super::Push) it, or make containers from it.
    images::Commit = "ImageCommit", Post "/commit" => Json<IdResponse> {
        required {
            /// The container: id, the beginning of one, or name.
            container: String,
        }
        query {
            /// The name of the new image.
            repo: String,
            /// Its tag; `latest` if left out.
            tag: String,
            /// A comment, kept with it.
            comment: String,
            /// Who made it: `Name <mail@example.com>`.
            author: String,
            /// Freezes the container meanwhile; it does unless this is false.
            pause: bool,
            /// Dockerfile instructions applied to it: `CMD ["sh"]`.
            changes: [String],
        }
        sent_body ContainerConfig;
        patience Slow
        status [201]
    }
}
