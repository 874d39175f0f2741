//! Checkpoints. The engines' host needs a CRIU that its kernel goes along with: where it has none, the refusal is what is
//! shown, and a complete run needs an engine that can.

use crate::cover::Cover;
use crate::engine::{Cleanup, Container, Failure, unique, until};
use docker_blocking::api::checkpoints::{Create, List, Remove};
use docker_blocking::api::containers::{Inspect, Logs, Start};
use docker_blocking::model::{CheckpointCreateRequest, ContainerState};

/// Counts, so that a restored process is told from a new one.
const COUNTS: &str = "i=0; while :; do i=$((i+1)); echo $i; sleep 0.1; done";

/// Makes a checkpoint. False if the engine's CRIU cannot. One for each container: some engines refuse a second one.
fn made(cover: &Cover, c: &Container, body: CheckpointCreateRequest) -> Result<bool, Failure> {
    match cover.call(Create::new(&*c.id, body.clone())) {
        Ok(_) => Ok(true),
        Err(e) if e.to_string().contains("criu failed") => {
            cover.refused(Create::new(&*c.id, body), 500, "criu failed")?;
            assert_eq!(cover.call(List::new(&*c.id))?, []);
            cover.refused(Remove::new(&*c.id, "nosuch"), 500, "nosuch does not exist")?;
            Ok(false)
        }
        Err(e) => Err(e),
    }
}

fn names(cover: &Cover, list: List) -> Result<Vec<String>, Failure> {
    Ok(cover.call(list)?.into_iter().filter_map(|c| c.name).collect())
}

fn state(cover: &Cover, c: &Container) -> Result<ContainerState, Failure> {
    cover.docker.call(Inspect::new(&*c.id))?.state.ok_or_else(|| "no state".into())
}

pub fn made_elsewhere_listed_and_removed(cover: &Cover) -> Result<(), Failure> {
    let dir = format!("/tmp/{}", unique("checkpoints"));
    let _gone = Cleanup(|| drop(std::fs::remove_dir_all(&dir)));
    let c = Container::run(&cover.docker, COUNTS)?;
    let body = CheckpointCreateRequest::new().checkpoint_id("one").checkpoint_dir(&*dir).exit(false);
    if !made(cover, &c, body)? {
        return Ok(());
    }
    assert_eq!(state(cover, &c)?.running, Some(true));
    assert_eq!(names(cover, List::new(&*c.id).dir(&*dir))?, ["one"]);
    assert_eq!(names(cover, List::new(&*c.id))?, [""; 0]);
    cover.call(Remove::new(&*c.id, "one").dir(&*dir))?;
    assert_eq!(names(cover, List::new(&*c.id).dir(&*dir))?, [""; 0]);
    Ok(())
}

pub fn stopped_by_one_and_restored(cover: &Cover) -> Result<(), Failure> {
    let c = Container::run(&cover.docker, COUNTS)?;
    let counted = || -> Result<Vec<String>, Failure> {
        let pieces: Vec<_> = cover.docker.stream(Logs::new(&*c.id).stdout(true)).collect::<Result<_, _>>()?;
        let text: Vec<u8> = pieces.iter().flat_map(|p| p.bytes.iter().copied()).collect();
        Ok(String::from_utf8(text)?.lines().map(str::to_owned).collect())
    };
    until("it counts", || Ok((counted()?.len() > 2).then_some(())))?;
    if !made(cover, &c, CheckpointCreateRequest::new().checkpoint_id("two").exit(true))? {
        return Ok(());
    }
    until("it has ended", || Ok((state(cover, &c)?.running == Some(false)).then_some(())))?;
    assert_eq!(names(cover, List::new(&*c.id))?, ["two"]);
    let before = counted()?.len();
    let restored = until("it is restored or cannot be", || {
        match cover.docker.call(Start::new(&*c.id).checkpoint("two")) {
            Ok(_) => Ok(Some(true)),
            // What the engine read the checkpoint into before is on its way out.
            Err(e) if e.message().contains("already exists") => Ok(None),
            // Engines of 28 give it a network namespace that is not there; and a CRIU that dumps need not restore.
            Err(e) if e.message().contains("/ns/net") || e.message().contains("criu failed") => Ok(Some(false)),
            Err(e) => Err(e.into()),
        }
    })?;
    if restored {
        cover.call(Start::new(&*c.id))?;
        until("it counts on", || Ok((counted()?.len() > before).then_some(())))?;
        let counted = counted()?;
        assert_eq!(counted.iter().filter(|line| *line == "1").count(), 1, "it began anew: {counted:?}");
    }
    cover.call(Remove::new(&*c.id, "two"))?;
    assert_eq!(names(cover, List::new(&*c.id))?, [""; 0]);
    Ok(())
}
