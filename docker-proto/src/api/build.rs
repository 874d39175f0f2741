//! Builds: an image from a Dockerfile and its surroundings, and the cache that is left of it.
//!
//! Two builders are behind one operation: the classic one, and BuildKit with `version("2")`. BuildKit takes the
//! surroundings as a tar as well; what it needs a [`session`](super::session) for is files on demand, secrets, and
//! credentials that it asks for.
//!
//! ```
//! use docker_proto::api::build::{FromTar, Prune};
//! use docker_proto::op::BuildArgs;
//!
//! // The tar is given beside it: `docker.upload(build, tar)`.
//! let build = FromTar::new()
//!     .tags(["app:1", "app:latest"])
//!     .dockerfile("docker/Dockerfile")
//!     .buildargs(BuildArgs::new().arg("VERSION", "1.2").unset("HTTP_PROXY"))
//!     .target("runtime")
//!     .version("2");
//! let prune = Prune::new().all(true);
//! ```

use crate::model::{BuildPruneResponse, Filters};
use crate::op::{
    BuildArgs, CacheFrom, Done, Json, Labels, Outputs, PlatformText, ProgressStream, RegistryConfig, Ulimits, Url,
};
use alloc::string::String;

/// A view of the build operation: what all of them take, and what only this one does.
macro_rules! build {
    (
        $(#[doc = $doc:literal])*
        $name:ident {
            $(required { $($required:tt)+ })?
            $(upload $upload:literal)?
            $(pick $pick:ident ($($value:literal),*))?
        }
    ) => {
        operation! {
            $(#[doc = $doc])*
            build::$name = "ImageBuild", Post "/build" => ProgressStream {
                $(required { $($required)+ })?
                query {
                    /// Path of the Dockerfile in the surroundings; `Dockerfile` if left out.
                    dockerfile: String,
                    /// Names of the new image, each with a tag.
                    tags = "t": [String],
                    /// Gives nothing but the id of the image, as text.
                    q: bool,
                    /// Does every step anew.
                    nocache: bool,
                    /// Images whose layers may serve as a cache.
                    cachefrom: CacheFrom since 25,
                    /// Pulls the images it builds on even if they are here.
                    pull: bool,
                    /// Removes the containers of steps that went well; it does unless this is false. Classic builder.
                    rm: bool,
                    /// Removes them after a failure as well. Classic builder.
                    forcerm: bool,
                    /// Memory limit of each step, in bytes. Classic builder.
                    memory: i64,
                    /// Memory and swap together, in bytes; -1 is no limit. Classic builder.
                    memswap: i64,
                    /// Weight of its CPU time. Classic builder.
                    cpushares: i64,
                    /// CPUs it may run on, such as `0-2,4`. Classic builder.
                    cpusetcpus: String,
                    /// Length of a CPU scheduling period, in microseconds. Classic builder.
                    cpuperiod: i64,
                    /// CPU time in each period, in microseconds. Classic builder.
                    cpuquota: i64,
                    /// Values for the Dockerfile's `ARG`s. They can be read from the image's history: no secrets.
                    buildargs: BuildArgs,
                    /// Size of `/dev/shm`, in bytes; 64 MiB if left out.
                    shmsize: i64,
                    /// Makes one layer of the new ones; experimental. Classic builder.
                    squash: bool since 25,
                    /// Labels of the new image.
                    labels: Labels,
                    /// Network of the steps: `default`, `bridge`, `host`, `none`, `container:<id>` or a network's name.
                    networkmode: String since 25,
                    /// More lines of `/etc/hosts`, each as `name:address`.
                    extrahosts: [String] since 28,
                    /// The platform of the new image; the engine's own if left out.
                    platform: PlatformText since 32,
                    /// The stage to stop at.
                    target: String since 29,
                    /// A [`Builder`]: `1` is the classic one, which is used if this is left out, `2` is BuildKit.
                    version: String since 38,
                    /// Where the result goes; an image of this engine if left out. BuildKit.
                    outputs: Outputs since 40,
                    /// Id of a session that the builder may use.
                    session: String since 31,
                    /// Id of the build, for [`Cancel`]. `upload-request:` before it says that this is the tar for it.
                    buildid: String since 38,
                    /// Control group under which those of the steps are made. Classic builder.
                    cgroupparent: String,
                    /// NUMA nodes it may take memory from, such as `0,1`. Classic builder.
                    cpusetmems: String,
                    /// Windows: how steps are isolated: `default`, `process` or `hyperv`.
                    isolation: String,
                    /// Limits of the processes of the steps.
                    ulimits: Ulimits,
                    /// Options of security modules. Classic builder.
                    securityopt: [String] since 25,
                }
                header {
                    /// Credentials for all registries that it may pull from.
                    registry_config = "X-Registry-Config": RegistryConfig,
                }
                $(upload $upload)?
                patience Slow
                $(pick $pick($($value),*))?
            }
        }
    };
}

build! {
    /// Builds an image from an uploaded tar, plain or compressed, with the Dockerfile in it.
    ///
    /// [`jobs::build`](crate::jobs::build()) does this, packs a directory by the rules, and gives the id and the log.
    ///
    /// Works with both builders and needs no session. The result is in the `aux` of a progress, as an
    /// [`ImageID`](crate::model::ImageID); the last one counts. A step that fails is an error in the stream, whose code
    /// is the exit code of its command. The build ends if the stream is dropped; podman lets a step that runs go on to its
    /// end, and begins no other.
    ///
    /// BuildKit takes for a Dockerfile what does not begin as a tar in its first KiB: a tar whose first entry has a pax
    /// header, as for a time with a fraction, is none to it. Let it begin with a directory `.`, as `tar -c .` does.
    ///
    /// Errors: 400 settings that make no sense; 500 what was uploaded is no tar, or, by the classic builder, has no such
    /// Dockerfile; BuildKit tells that in the stream. An engine may refuse before the upload ends.
    ///
    /// Next: [`containers::Create`](crate::api::containers::Create) makes a container from the image.
    FromTar {
        upload "application/x-tar"
    }
}

build! {
    /// Builds an image from surroundings that the engine gets by itself.
    ///
    /// `remote` is the URL of a Git repository, a tar or a Dockerfile; or, with BuildKit, `client-session` for a session
    /// that serves files; or `upload-request` together with `buildid`, which waits a few seconds for a [`FromTar`] whose
    /// `buildid` is `upload-request:` and that id. Otherwise as [`FromTar`]. Podman 4.3 fetches nothing.
    ///
    /// Errors: 400 settings that make no sense; 500 what cannot be fetched, or no session of that id.
    ///
    /// Next: [`containers::Create`](crate::api::containers::Create) makes a container from the image.
    FromRemote {
        required {
            /// Where the surroundings come from.
            remote: Url,
        }
        pick Given("remote")
    }
}

/// Who builds; for the parameter `version` of a build.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Builder {
    /// The classic builder, one container a step.
    Classic,
    /// BuildKit.
    BuildKit,
}

impl From<Builder> for String {
    #[inline]
    fn from(builder: Builder) -> Self {
        match builder {
            Builder::Classic => "1",
            Builder::BuildKit => "2",
        }
        .into()
    }
}

operation! {
    /// Cancels a build by BuildKit.
    ///
    /// The stream of the build then ends with an error. An id that no build has is no error.
    ///
    /// Errors: 400 no id.
    ///
    /// Next: nothing; dropping the stream of a build cancels it as well.
    build::Cancel = "BuildCancel", Post "/build/cancel" => Done {
        required {
            /// The `buildid` that the build was given.
            id: String,
        }
        since 38
        undocumented yes
    }
}

operation! {
    /// Removes build cache that nothing needs, and tells what and how many bytes that freed.
    ///
    /// Without bounds it removes all that is dangling, or, with `all`, all that no build uses. If the call is given up,
    /// the engine stops part-way.
    ///
    /// Errors: 400 a filter that the engine does not know, or a bound that is no number.
    ///
    /// Next: later builds do again what is no longer in the cache.
    build::Prune = "BuildPrune", Post "/build/prune" => Json<BuildPruneResponse> {
        query {
            /// Bytes of cache to keep; the older name of `reserved_space`.
            keep_storage = "keep-storage": i64 since 39,
            /// Also what is not dangling.
            all: bool since 39,
            /// Only what fits: by `until`, an age, `id`, `parent`, `type`, `description`, `inuse`, `shared`, `private`.
            filters: Filters since 39,
            /// Bytes of cache that are always kept.
            reserved_space = "reserved-space": i64 since 48,
            /// Bytes of cache above which it is removed.
            max_used_space = "max-used-space": i64 since 48,
            /// Bytes of disk that shall be free afterwards.
            min_free_space = "min-free-space": i64 since 48,
        }
        patience Slow
        since 31
    }
}
