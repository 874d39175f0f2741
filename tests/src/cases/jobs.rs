//! Several operations in a row, and some at the same time.

use super::Failure;
use crate::engine::Engine;
use crate::peer::Peer;
use crate::runtime::Runtime;
use docker_proto::api::containers::{self, List};
use docker_proto::jobs::list_detailed;
use std::sync::{Arc, Barrier};

/// Of four, one is gone when it is inspected. Nobody is answered before all four have asked: they ask at the same time.
pub async fn a_container_removed_meanwhile_is_left_out<R: Runtime>() -> Result<(), Failure> {
    let all = Arc::new(Barrier::new(4));
    let peer = Peer::unix(move |mut c| {
        while let Some(head) = c.after_ping("1.45")? {
            let path = head.split(' ').nth(1).unwrap_or_default();
            let Some(id) = path.strip_prefix("/v1.45/containers/").and_then(|rest| rest.strip_suffix("/json")) else {
                c.json("200 OK", r#"[{"Id":"a"},{"Id":"b"},{"Id":"c"},{"Id":"d"}]"#)?;
                continue;
            };
            all.wait();
            match id {
                "c" => c.json("404 Not Found", r#"{"message":"No such container: c"}"#)?,
                id => c.json("200 OK", &format!(r#"{{"Id":"{id}"}}"#))?,
            }
        }
        Ok(())
    })?;
    let docker = R::connect(&peer.url);
    let left: Vec<_> = docker.job(list_detailed(List::new())).await?.into_iter().filter_map(|c| c.id).collect();
    assert_eq!(left, ["a", "b", "d"]);
    Ok(())
}

pub async fn a_list_with_everything_about_each<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let (a, b) = (engine.shell(&docker, "true").await?, engine.shell(&docker, "exit 3").await?);
    let list = || List::new().all(true).filters([("id", &*a.id), ("id", &*b.id)]);
    let all = docker.job(list_detailed(list())).await?;
    let mut ids: Vec<_> = all.iter().filter_map(|c| c.id.as_deref()).collect();
    let mut want = [&*a.id, &*b.id];
    ids.sort_unstable();
    want.sort_unstable();
    assert_eq!(ids, want);
    for container in all {
        // What only an inspect tells, and what a snapshot makes of both.
        assert!(container.host_config.is_some(), "{container:?}");
        let inspected = containers::Snapshot::from(container);
        let listed = docker.call(List::new().all(true).filters([("id", inspected.id())])).await?;
        let listed: Vec<_> = listed.into_iter().map(containers::Snapshot::from).collect();
        assert!(listed.len() == 1 && listed[0] == inspected, "{listed:?}");
        let again = docker.call(inspected.reload()).await?;
        assert_eq!(
            (&*again.name, &again.labels, &*again.image),
            (&*listed[0].name, &listed[0].labels, &*listed[0].image)
        );
        assert_eq!(again.status, listed[0].status);
    }
    Ok(())
}
