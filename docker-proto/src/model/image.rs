//! Bodies of the image operations, and the OCI's descriptors. The long answer of an inspect is in `image_inspect`.

use super::macros::{model, open_enum};
use super::{Base64, Identity};
use alloc::string::String;
use serde_json::Value;

open_enum! {
    /// What a manifest of an image is.
    pub enum ImageManifestKind {
        /// An image for one platform.
        Image = "image",
        /// A statement about another manifest.
        Attestation = "attestation",
        /// The engine cannot tell.
        Unknown = "unknown",
    }
}

model! {
    /// One row of an image listing.
    pub struct ImageSummary {
        /// Digest that identifies the image in its store.
        id: "Id" String,
        /// Image it was built from; empty for pulled ones.
        parent_id: "ParentId" String,
        /// Names with tags.
        repo_tags: "RepoTags" [String],
        /// Names with digests.
        repo_digests: "RepoDigests" [String],
        /// Build time, in seconds since 1970.
        created: "Created" i64,
        /// Bytes of all layers, shared ones included.
        size: "Size" i64,
        /// Bytes shared with other images; -1 when not computed.
        shared_size: "SharedSize" i64 since 1.25,
        /// Labels of the image.
        labels: "Labels" {String},
        /// Containers made from it; -1 when not counted.
        containers: "Containers" i64 since 1.25,
        /// One entry a platform or attestation; only when asked for.
        manifests: "Manifests" [ImageManifestSummary] since 1.47,
        /// What its digest points to; containerd image store only.
        descriptor: "Descriptor" OCIDescriptor since 1.48,
        /// The same as the size.
        virtual_size: "VirtualSize" i64 until 1.43,
    }

    /// One thing that removing an image did; one of the two is set.
    pub struct ImageDeleteResponseItem {
        /// A name that was taken away.
        untagged: "Untagged" String,
        /// An image or layer that was deleted.
        deleted: "Deleted" String,
    }

    /// One manifest of an image.
    pub struct ImageManifestSummary {
        /// Digest of the manifest.
        id: "ID" String since 1.47,
        /// What the digest points to.
        descriptor: "Descriptor" OCIDescriptor since 1.47,
        /// Everything it needs is stored locally.
        available: "Available" bool since 1.47,
        /// How much it takes.
        size: "Size" ImageManifestSize since 1.47,
        /// What it is.
        kind: "Kind" ImageManifestKind since 1.47,
        /// For an image: more about it.
        image_data: "ImageData" ImageManifestImage since 1.47,
        /// For an attestation: more about it.
        attestation_data: "AttestationData" ImageManifestAttestation since 1.47,
    }

    /// How much a manifest takes.
    pub struct ImageManifestSize {
        /// Bytes of content and snapshots together.
        total: "Total" i64 since 1.47,
        /// Bytes of its content.
        content: "Content" i64 since 1.47,
    }

    /// A manifest that is an image.
    pub struct ImageManifestImage {
        /// What it runs on.
        platform: "Platform" OCIPlatform since 1.47,
        /// Where it comes from.
        identity: "Identity" Identity since 1.54,
        /// Ids of containers that use it.
        containers: "Containers" [String] since 1.47,
        /// How much it takes unpacked.
        size: "Size" ImageManifestImageSize since 1.47,
    }

    /// How much an image takes unpacked.
    pub struct ImageManifestImageSize {
        /// Bytes of its snapshots.
        unpacked: "Unpacked" i64 since 1.47,
    }

    /// A manifest that is an attestation.
    pub struct ImageManifestAttestation {
        /// Digest of the image it is about.
        for_image: "For" String since 1.47,
    }

    /// A pointer to content, as the OCI defines it.
    pub struct OCIDescriptor {
        /// Media type of the content.
        media_type: "mediaType" String,
        /// Its digest.
        digest: "digest" String,
        /// Its length, in bytes.
        size: "size" i64,
        /// Where else it can be had.
        urls: "urls" [String] since 1.48,
        /// Free metadata.
        annotations: "annotations" {String} since 1.48,
        /// The content itself.
        data: "data" Base64 since 1.48,
        /// What it runs on.
        platform: "platform" OCIPlatform since 1.48,
        /// Type of an artifact.
        artifact_type: "artifactType" String since 1.48,
    }

    /// What an image runs on.
    pub struct OCIPlatform {
        /// CPU architecture, in Go's terms.
        architecture: "architecture" String,
        /// Operating system, in Go's terms.
        os: "os" String,
        /// Version of the operating system; Windows.
        os_version: "os.version" String,
        /// Features the operating system must have; Windows.
        os_features: "os.features" [String],
        /// Variant of the architecture, such as `v7`.
        variant: "variant" String,
    }

    /// One step of the history of an image, the last one first.
    pub struct ImageHistoryResponseItem {
        /// Id of the image as it was after the step; `<missing>` where it is not kept.
        id: "Id" String,
        /// When, in seconds since 1970.
        created: "Created" i64,
        /// The instruction.
        created_by: "CreatedBy" String,
        /// Names of that image.
        tags: "Tags" [String],
        /// Bytes the step added.
        size: "Size" i64,
        /// What was said about it.
        comment: "Comment" String,
    }

    /// One image that a search in a registry found.
    pub struct ImageSearchResponseItem {
        /// What it is, in its maker's words.
        description: "description" String,
        /// True for images of Docker's own programme.
        is_official: "is_official" bool,
        /// Always false: automated builds are no longer told.
        is_automated: "is_automated" bool,
        /// Name to pull it by.
        name: "name" String,
        /// How many people like it.
        star_count: "star_count" i64,
    }

    /// What removing unused images did.
    pub struct ImagePruneResponse {
        /// Names taken away, images and layers deleted.
        images_deleted: "ImagesDeleted" [ImageDeleteResponseItem] since 1.25,
        /// Bytes that became free.
        space_reclaimed: "SpaceReclaimed" i64 since 1.25,
    }

    /// A statement about an image, such as its provenance or its parts list.
    pub struct AttestationStatement {
        /// Where the statement is kept.
        descriptor: "Descriptor" OCIDescriptor since 1.55,
        /// URI of its kind, such as `https://slsa.dev/provenance/v1`.
        predicate_type: "PredicateType" String since 1.55,
        /// The statement itself; only when asked for.
        statement: "Statement" Value since 1.55,
    }
}
