//! Bodies about the engine: its versions, and the parts of [`SystemInfo`](super::SystemInfo).

use super::macros::{model, open_enum};
use alloc::string::String;
use alloc::vec::Vec;
use serde_json::Value;

open_enum! {
    /// Who manages control groups.
    pub enum CgroupDriver {
        /// The engine.
        Cgroupfs = "cgroupfs",
        /// systemd.
        Systemd = "systemd",
        /// Nobody: rootless without delegation. Since API 1.40.
        None = "none",
    }

    /// The version of control groups.
    pub enum CgroupVersion {
        /// Version 1, a hierarchy for each resource.
        V1 = "1",
        /// Version 2, one hierarchy.
        V2 = "2",
    }
}

model! {
    /// Versions of the engine and of its parts.
    pub struct SystemVersion {
        /// The product.
        platform: "Platform" VersionPlatform since 1.35,
        /// The parts, the engine itself among them.
        components: "Components" [VersionComponent] since 1.35,
        /// Version of the engine.
        version: "Version" String,
        /// Newest API version it speaks.
        api_version: "ApiVersion" String,
        /// Oldest API version it speaks.
        min_api_version: "MinAPIVersion" String since 1.25,
        /// Commit it was built from.
        git_commit: "GitCommit" String,
        /// Version of its Go toolchain.
        go_version: "GoVersion" String,
        /// Operating system it runs on, in Go's terms.
        os: "Os" String,
        /// Architecture it runs on, in Go's terms.
        arch: "Arch" String,
        /// Release of the kernel.
        kernel_version: "KernelVersion" String,
        /// Whether experimental features are on; absent means off.
        experimental: "Experimental" bool,
        /// When it was built.
        build_time: "BuildTime" String,
    }

    /// The product an engine is part of.
    pub struct VersionPlatform {
        /// Its name.
        name: "Name" String since 1.35,
    }

    /// One part of an engine.
    pub struct VersionComponent {
        /// Its name.
        name: "Name" String since 1.35,
        /// Its version.
        version: "Version" String since 1.35,
        /// Whatever else it tells, mostly text.
        details: "Details" {Value} since 1.35,
    }

    /// The build of a helper program.
    pub struct Commit {
        /// Commit or version of the program in use.
        id: "ID" String since 1.32,
        /// Commit that the engine was made for.
        expected: "Expected" String since 1.32 until 1.48,
    }

    /// A program that runs containers.
    pub struct Runtime {
        /// Path or name of the program.
        path: "path" String since 1.32,
        /// Arguments it is always given.
        runtime_args: "runtimeArgs" [String] since 1.32,
        /// Facts about the runtime that are free text.
        status: "status" {String} since 1.44,
    }

    /// Plugins an engine can use, by kind.
    pub struct PluginsInfo {
        /// Volume drivers.
        volume: "Volume" [String],
        /// Network drivers.
        network: "Network" [String],
        /// Authorization plugins.
        authorization: "Authorization" [String] since 1.32,
        /// Logging drivers.
        log: "Log" [String] since 1.30,
    }

    /// How an engine reaches registries.
    pub struct RegistryServiceConfig {
        /// Networks in which registries need no valid certificate.
        insecure_registry_cidrs: "InsecureRegistryCIDRs" [String],
        /// Settings of single registries, by host.
        index_configs: "IndexConfigs" {IndexInfo},
        /// Mirrors of Docker Hub, as URLs.
        mirrors: "Mirrors" [String] since 1.32,
        /// Networks to which foreign layers may be pushed.
        allow_nondistributable_artifacts_cidrs: "AllowNondistributableArtifactsCIDRs" [String] since 1.32 until 1.48,
        /// Hosts to which foreign layers may be pushed.
        allow_nondistributable_artifacts_hostnames: "AllowNondistributableArtifactsHostnames" [String]
            since 1.32 until 1.48,
    }

    /// Settings of one registry.
    pub struct IndexInfo {
        /// Host, with a port if it has one.
        name: "Name" String,
        /// Its mirrors, as URLs.
        mirrors: "Mirrors" [String],
        /// False if plain HTTP or an invalid certificate is accepted.
        secure: "Secure" bool,
        /// True for Docker Hub.
        official: "Official" bool,
    }

    /// A range from which networks get their subnets.
    pub struct AddressPool {
        /// The range, in CIDR form.
        base: "Base" String since 1.41,
        /// Prefix length of the subnets cut from it.
        size: "Size" i64 since 1.41,
    }

    /// The firewall driver of an engine.
    pub struct FirewallInfo {
        /// Its name, such as `iptables` or `nftables`.
        driver: "Driver" String since 1.49,
        /// Pairs of a name and a value.
        info: "Info" [Vec<String>] since 1.49,
    }

    /// A device that an engine found.
    pub struct DeviceInfo {
        /// Who found it, such as `cdi`.
        source: "Source" String since 1.50,
        /// Its name there.
        id: "ID" String since 1.50,
    }

    /// The node resource interface of an engine.
    pub struct NRIInfo {
        /// Pairs of a name and a value.
        info: "Info" [Vec<String>] since 1.53,
    }

    /// The containerd an engine uses.
    pub struct ContainerdInfo {
        /// Path of its socket.
        address: "Address" String since 1.46,
        /// The namespaces in use.
        namespaces: "Namespaces" ContainerdNamespaces since 1.46,
    }

    /// Namespaces of an engine inside containerd.
    pub struct ContainerdNamespaces {
        /// Where its containers are.
        containers: "Containers" String since 1.46,
        /// Where its plugins are.
        plugins: "Plugins" String since 1.46,
    }
}
