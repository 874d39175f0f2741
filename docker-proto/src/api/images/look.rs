//! Which images there are, here and in registries, and what is in them.

use crate::model::{
    AttestationStatement, Filters, ImageHistoryResponseItem, ImageInspect, ImageSearchResponseItem, ImageSummary,
};
use crate::op::{Json, PlatformJson, RegistryAuth};
use alloc::string::String;
use alloc::vec::Vec;

operation! {
    /// Lists images.
    ///
    /// Errors: 400 a filter that the engine does not know, or whose value it does not take.
    ///
    /// Next: [`Inspect`] tells everything about one.
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
    /// Tells everything about one image.
    ///
    /// Errors: 400 `manifests` and `platform` together; 404 no such image, or not for that platform.
    ///
    /// Next: [`containers::Create`](crate::api::containers::Create) makes a container from it.
    images::Inspect = "ImageInspect", Get "/images/{name}/json" => Json<ImageInspect> {
        path {
            /// The image: a name with tag or digest, or an id.
            name: Image
        }
        query {
            /// Also its manifests; containerd image store only.
            manifests: bool since 48,
            /// The platform to tell about, where it has several; the engine's own if left out.
            platform: PlatformJson since 49,
        }
    }
}

operation! {
    /// Lists the steps that made an image, the last one first.
    ///
    /// Errors: 404 no such image, or not for that platform.
    ///
    /// Next: [`Inspect`] tells what came out.
    images::History = "ImageHistory", Get "/images/{name}/history" => Json<Vec<ImageHistoryResponseItem>> {
        path {
            /// The image: a name with tag or digest, or an id.
            name: Image
        }
        query {
            /// The platform to tell about, where it has several; the engine's own if left out.
            platform: PlatformJson since 48,
        }
    }
}

operation! {
    /// Searches for images in a registry, which is Docker Hub unless the term begins with another host.
    ///
    /// Takes as long as the registry does. Many registries cannot search. Podman answers with names of its own, so that
    /// all fields of its items are unset.
    ///
    /// Errors: 400 a limit or filter that the engine does not take; 400 or 500 the registry cannot be reached, or cannot
    /// search.
    ///
    /// Next: [`Pull`](super::Pull) one by its name.
    images::Search = "ImageSearch", Get "/images/search" => Json<Vec<ImageSearchResponseItem>> {
        required {
            /// What to look for.
            term: String,
        }
        query {
            /// At most so many, up to 100; 25 if left out.
            limit: i64,
            /// Only those that fit: by `is-official`, `stars`, `is-automated`.
            filters: Filters,
        }
        header {
            /// Credentials for the registry.
            registry_auth = "X-Registry-Auth": RegistryAuth,
        }
        patience Slow
    }
}

operation! {
    /// Lists the attestations of an image: signed statements on how it was made and what is in it.
    ///
    /// Only what is stored here is looked at. The statements themselves come only if asked for; nothing checks their
    /// signatures.
    ///
    /// Errors: 400 a platform that makes no sense; 404 no such image, or not for that platform; 501 the engine does not
    /// use the containerd image store.
    ///
    /// Next: check them with a tool that knows their kind.
    images::Attestations = "ImageAttestations", Get "/images/{name}/attestations" => Json<Vec<AttestationStatement>> {
        path {
            /// The image: a name with tag or digest, or an id.
            name: Image
        }
        query {
            /// The platform to tell about, where it has several; the engine's own if left out.
            platform: PlatformJson,
            /// Only those of these kinds, each a URI such as `https://slsa.dev/provenance/v1`.
            kind = "type": [String],
            /// Also the statements.
            statement: bool,
        }
        since 55
    }
}
