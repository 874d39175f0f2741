//! Files of containers, as tar.

use crate::cover::Cover;
use crate::engine::{Container, Failure, shell};
use crate::tar::{find, tar, untar};
use docker_blocking::api::archive::{Get, Put, Stat};

pub fn files_in_and_out(cover: &Cover) -> Result<(), Failure> {
    let c = Container::create(&cover.docker, shell("true"))?;
    let content = b"some content\n".repeat(1000);
    let files = tar(&[("one", &content), ("two", b"")]);
    cover.upload(Put::new(&*c.id, "/tmp").no_overwrite_dir_non_dir(true).copy_uid_gid(true), files)?;
    let stat = cover.call(Stat::new(&*c.id, "/tmp/one"))?;
    assert_eq!((&*stat.name, stat.size, stat.mode.permissions()), ("one", content.len() as i64, 0o644));
    assert!(stat.mode.is_file() && stat.mtime.starts_with("2013-03-"), "{stat:?}");
    assert!(cover.call(Stat::new(&*c.id, "/tmp"))?.mode.is_dir());

    let mut get = cover.begin(Get::new(&*c.id, "/tmp/."))?;
    assert!(get.head()?.mode.is_dir());
    let whole = get.collect::<Result<Vec<_>, _>>()?.concat();
    let files = untar(&whole)?;
    assert_eq!(find(&files, "one")?, content);
    assert_eq!(find(&files, "two")?, b"");
    cover.refused(Get::new(&*c.id, "/no/such"), 404, "")?;
    cover.refused(Stat::new(&*c.id, "/no/such"), 404, "")?;
    Ok(())
}
