//! What is mounted.

use super::{CreateOptions, pairs, plain, read, set};
use crate::Error;
use crate::model::Mount;
use crate::values::{Bind, Tmpfs, VolumesFrom, check_mount};
use alloc::string::{String, ToString};

/// ```
/// use docker_proto::values::{Bind, CreateOptions};
///
/// let body = CreateOptions::new("alpine")
///     .volume("/anonymous")
///     .volume("cache:/var/cache")
///     .volume(Bind::new("/src", "/dst").read_only(true))
///     .mount("type=tmpfs,dst=/tmp,tmpfs-size=64m")
///     .tmpfs("/run:size=1m")
///     .volumes_from("data:ro")
///     .create()?
///     .body;
/// assert!(body.volumes.contains("/anonymous"));
/// assert_eq!(body.host_config.unwrap().binds, ["cache:/var/cache", "/src:/dst:ro"]);
/// # Ok::<(), docker_proto::Error>(())
/// ```
impl CreateOptions {
    /// Mounts a directory of the host or a volume: `[source:]target[:options]`. A path alone gets an anonymous volume.
    #[inline]
    pub fn volume(mut self, volume: impl TryInto<Bind, Error: Into<Error>>) -> Self {
        let Some(bind) = self.read::<Bind>("volume", volume) else { return self };
        if bind.source().is_none() && bind.options().is_empty() {
            self.body.volumes.extend([bind.target()]);
        } else {
            self.host.binds.push(bind.to_string());
        }
        self
    }

    /// Mounts something, in the structured form: `type=bind,src=/a,dst=/b,readonly`.
    #[inline]
    pub fn mount(mut self, mount: impl TryInto<Mount, Error: Into<Error>>) -> Self {
        let Some(mount) = self.read::<Mount>("mount", mount) else { return self };
        match check_mount(&mount) {
            Ok(()) => self.host.mounts.push(mount),
            Err(e) => self.fail("mount", &e),
        }
        self
    }
}

set! {
    /// Driver of the volumes that are made for it.
    volume_driver(String) => host.volume_driver;
}

plain! {
    /// Mounts its root read-only.
    read_only(bool) => host.readonly_rootfs;
}

read! {
    /// Adds a file system in memory: `/run:size=64m`, or `(path, options)`.
    tmpfs(Tmpfs) => |o, tmpfs| o.host.tmpfs.insert(tmpfs.path, tmpfs.options);
    /// Mounts the volumes of another container: `name[:ro|rw]`.
    volumes_from(VolumesFrom) => |o, from| o.host.volumes_from.push(from.to_string());
}

pairs! {
    /// Adds an option of the storage driver: `size=1g`.
    storage_opt => |o, pair| o.host.storage_opt.insert(pair.name, pair.value);
}
