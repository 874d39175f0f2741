//! The engine itself.

use crate::cover::Cover;
use crate::engine::Failure;
use docker_blocking::api::system;
use docker_blocking::model::ApiVersion;

pub fn ping_and_version(cover: &Cover) -> Result<(), Failure> {
    let ping = cover.call(system::Ping::new())?;
    let head = cover.call(system::PingHead::new())?;
    let version = cover.call(system::Version::new())?;
    assert_eq!(ping.api_version, version.api_version);
    assert_eq!(head.api_version, version.api_version);
    assert!(version.api_version.as_deref().ok_or("no version")?.parse::<ApiVersion>()? >= cover.engine.api);
    Ok(())
}

pub fn options(cover: &Cover) -> Result<(), Failure> {
    if cover.engine.podman {
        return cover.refused(system::Options::new("info"), 405, "Method Not Allowed");
    }
    for path in ["info", "containers/json", "no/such/path"] {
        let head = cover.begin(system::Options::new(path))?.head()?.clone();
        assert_eq!(head.status(), 200);
        assert!(head.get("api-version").is_some(), "{head:?}");
    }
    Ok(())
}
