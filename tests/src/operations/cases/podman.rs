//! What podman does not have, and how it says so: the client makes an error with its status and words of it.

use crate::cover::Cover;
use crate::engine::{Container, Failure, STAYS, unique};
use docker_blocking::api::{build, checkpoints, containers, debug, session};
use docker_blocking::model::{CheckpointCreateRequest, ContainerUpdateBody};

pub fn operations_it_does_not_have(cover: &Cover) -> Result<(), Failure> {
    let c = Container::run(&cover.docker, STAYS)?;
    let missing = "Not Found";
    cover.refused(containers::AttachWebsocket::new(&*c.id).stream(true), 404, missing)?;
    cover.refused(containers::Update::new(&*c.id, ContainerUpdateBody::new().pids_limit(50)), 404, missing)?;
    cover.refused(checkpoints::List::new(&*c.id), 404, missing)?;
    let body = CheckpointCreateRequest::new().checkpoint_id("one");
    cover.refused(checkpoints::Create::new(&*c.id, body), 404, missing)?;
    cover.refused(checkpoints::Remove::new(&*c.id, "one"), 404, missing)?;
    cover.refused(session::Start::new().id(unique("session")), 404, missing)?;
    cover.refused(session::Grpc::new(), 404, missing)?;
    cover.refused(build::Prune::new(), 404, missing)?;
    cover.refused(build::Cancel::new("x"), 404, missing)?;
    cover.refused(debug::Vars::new(), 404, missing)?;
    cover.refused(debug::Index::new(), 404, missing)?;
    cover.refused(debug::Cmdline::new(), 404, missing)?;
    cover.refused(debug::Symbol::new(), 404, missing)?;
    cover.refused(debug::Profile::new().seconds(1), 404, missing)?;
    cover.refused(debug::Trace::new().seconds(1), 404, missing)?;
    cover.refused(debug::Named::new("heap"), 404, missing)?;
    Ok(())
}
