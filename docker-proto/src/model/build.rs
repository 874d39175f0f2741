//! Bodies about builds: their cache and their results. Their progress is [`Progress`](super::Progress).

use super::macros::{model, open_enum};
use alloc::string::String;

open_enum! {
    /// What a record of the build cache is.
    pub enum BuildCacheType {
        /// Something the builder needs itself.
        Internal = "internal",
        /// The image of a frontend, such as that of Dockerfiles.
        Frontend = "frontend",
        /// Files that were uploaded.
        SourceLocal = "source.local",
        /// A checked-out Git repository.
        SourceGitCheckout = "source.git.checkout",
        /// A cache mount.
        ExecCacheMount = "exec.cachemount",
        /// The result of a step.
        Regular = "regular",
    }
}

model! {
    /// One record of the build cache.
    pub struct BuildCache {
        /// Its id.
        id: "ID" String since 1.39,
        /// Ids of the records it is made from.
        parents: "Parents" [String] since 1.42,
        /// What it is.
        kind: "Type" BuildCacheType since 1.39,
        /// The step it comes from, for people.
        description: "Description" String since 1.39,
        /// A build uses it right now.
        in_use: "InUse" bool since 1.39,
        /// Something else needs its content too, so that removing it frees nothing.
        shared: "Shared" bool since 1.39,
        /// Bytes it takes.
        size: "Size" i64 since 1.39,
        /// When it was made, RFC 3339.
        created_at: "CreatedAt" String since 1.39,
        /// Its last use, RFC 3339; absent before the first.
        last_used_at: "LastUsedAt" String since 1.39,
        /// How often it was used.
        usage_count: "UsageCount" i64 since 1.39,
        /// Id of the record it is made from.
        parent: "Parent" String since 1.39 until 1.41,
    }

    /// What removing build cache did.
    pub struct BuildPruneResponse {
        /// Ids of the records that are gone.
        caches_deleted: "CachesDeleted" [String] since 1.39,
        /// Bytes that became free.
        space_reclaimed: "SpaceReclaimed" i64 since 1.31,
    }

    /// The image a build made: the `aux` of its progress.
    pub struct ImageID {
        /// Digest that identifies the image in its store.
        id: "ID" String since 1.36,
    }
}
