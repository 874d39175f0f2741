//! The long answer about one image.

use super::macros::model;
use super::{ContainerConfig, DriverData, HealthConfig, Identity, ImageManifestSummary, OCIDescriptor};
use alloc::string::String;

model! {
    /// Everything an engine tells about one image.
    pub struct ImageInspect {
        /// Digest that identifies the image in its store.
        id: "Id" String,
        /// What its digest points to; containerd image store only.
        descriptor: "Descriptor" OCIDescriptor since 1.48,
        /// One entry a platform or attestation; only when asked for.
        manifests: "Manifests" [ImageManifestSummary] since 1.48,
        /// Where it comes from, as far as that was verified.
        identity: "Identity" Identity since 1.53,
        /// Names with tags.
        repo_tags: "RepoTags" [String],
        /// Names with digests.
        repo_digests: "RepoDigests" [String],
        /// What was said when it was committed or imported.
        comment: "Comment" String,
        /// Build time, RFC 3339; absent or empty when the image does not tell.
        created: "Created" String,
        /// Who made it, in their own words.
        author: "Author" String,
        /// What containers made from it start with.
        config: "Config" ImageConfig,
        /// CPU architecture, in Go's terms.
        architecture: "Architecture" String,
        /// Variant of the architecture, such as `v7`.
        variant: "Variant" String since 1.39,
        /// Operating system, in Go's terms.
        os: "Os" String,
        /// Version of the operating system; Windows.
        os_version: "OsVersion" String since 1.28,
        /// Bytes of all layers, shared ones included.
        size: "Size" i64,
        /// Its layers, with a storage driver; absent with a snapshotter.
        graph_driver: "GraphDriver" DriverData,
        /// Digests of its layers.
        root_fs: "RootFS" ImageRootFS,
        /// What only this engine knows about it.
        metadata: "Metadata" ImageMetadata since 1.31,
        /// Id of the container it was committed from.
        container: "Container" String until 1.44,
        /// Settings of that container.
        container_config: "ContainerConfig" ContainerConfig until 1.44,
        /// Version of the engine that built it.
        docker_version: "DockerVersion" String until 1.51,
        /// Id of the image it was built from; empty for pulled ones.
        parent: "Parent" String until 1.51,
        /// The same as the size.
        virtual_size: "VirtualSize" i64 until 1.43,
    }

    /// What containers made from an image start with.
    pub struct ImageConfig {
        /// Who runs the command: a name or number, with `:group` if wanted.
        user: "User" String,
        /// Ports the program listens on, as `80/tcp`.
        exposed_ports: "ExposedPorts" Keys,
        /// Environment as `NAME=value`.
        env: "Env" [String],
        /// Command, or the arguments of the entry point.
        cmd: "Cmd" [String],
        /// How health is checked.
        healthcheck: "Healthcheck" HealthConfig since 1.25,
        /// Windows: the command line is already escaped.
        args_escaped: "ArgsEscaped" bool since 1.25,
        /// Paths that get an anonymous volume.
        volumes: "Volumes" Keys,
        /// Directory the command starts in.
        working_dir: "WorkingDir" String,
        /// Program to run.
        entrypoint: "Entrypoint" [String],
        /// Instructions that run when the image is built upon.
        on_build: "OnBuild" [String],
        /// Free metadata.
        labels: "Labels" {String},
        /// Signal that asks the program to end, by name or number.
        stop_signal: "StopSignal" String since 1.25,
        /// What runs commands given in shell form.
        shell: "Shell" [String] since 1.25,
        /// Says nothing about an image, like all fields below: they are those of the container it was made from.
        attach_stderr: "AttachStderr" bool until 1.49,
        /// See `attach_stderr`.
        attach_stdin: "AttachStdin" bool until 1.49,
        /// See `attach_stderr`.
        attach_stdout: "AttachStdout" bool until 1.49,
        /// See `attach_stderr`.
        domainname: "Domainname" String until 1.49,
        /// See `attach_stderr`.
        hostname: "Hostname" String until 1.49,
        /// See `attach_stderr`.
        image: "Image" String until 1.49,
        /// See `attach_stderr`.
        mac_address: "MacAddress" String until 1.49,
        /// See `attach_stderr`.
        network_disabled: "NetworkDisabled" bool until 1.49,
        /// See `attach_stderr`.
        open_stdin: "OpenStdin" bool until 1.49,
        /// See `attach_stderr`.
        stdin_once: "StdinOnce" bool until 1.49,
        /// See `attach_stderr`.
        stop_timeout: "StopTimeout" i64 since 1.25 until 1.49,
        /// See `attach_stderr`.
        tty: "Tty" bool until 1.49,
    }

    /// The layers of an image.
    pub struct ImageRootFS {
        /// How they are told: `layers`.
        kind: "Type" String,
        /// Digests of the unpacked layers, the lowest first.
        layers: "Layers" [String],
    }

    /// What only one engine knows about an image.
    pub struct ImageMetadata {
        /// When it was last given a name here, RFC 3339; year 1 if never.
        last_tag_time: "LastTagTime" String since 1.31,
    }
}
