//! Jobs that are called off, or dropped, wherever they are: what they leave behind.

use super::model::engine::{Is, World};
use super::model::exec::Is::Ended;
use super::model::{Model, called_off_everywhere};
use super::run as job;
use docker_proto::api::build::FromTar;
use docker_proto::api::system::Ping;
use docker_proto::build::Context;
use docker_proto::jobs::{
    Job, Verbs, build, ensure_built, ensure_image, exec_run, remove_labelled, run, run_detached, wait_until_ready,
};
use docker_proto::testkit::{Script, Want};
use docker_proto::values::CreateOptions;
use docker_proto::{Error, ErrorKind, Result};
use std::cell::Cell;
use std::future::{Future, pending, ready};
use std::time::Duration;

fn options() -> CreateOptions {
    CreateOptions::new("image").args(["true"]).label("run=1")
}

fn docker(image: bool) -> World {
    if image { World::with_image("image") } else { World::default() }
}

fn is_off<T>(done: &Result<T>) -> bool {
    done.as_ref().is_err_and(|e| e.is_cancelled() && e.message() == "the job was called off")
}

#[test]
fn one_that_runs_leaves_no_container() {
    for (podman, image, removes_itself) in
        [(false, true, false), (true, true, false), (false, false, false), (false, true, true), (true, false, true)]
    {
        let world = || World { podman, ..docker(image) };
        let steps = called_off_everywhere(
            world,
            || run(options().rm(removes_itself)),
            |n, world, done| {
                // With `rm` the engine removes it at its end, which the model does not.
                let left = removes_itself && !podman && done.is_ok();
                assert!(is_off(&done) || done.as_ref().is_ok_and(|ran| ran.code == 3), "step {n}: {done:?}");
                assert_eq!(world.containers.len(), usize::from(left), "step {n}: {:?}", world.containers);
            },
        );
        assert!(steps > 10, "{steps} steps");
    }
}

#[test]
fn one_that_is_to_be_kept_is_kept() {
    let kept = Cell::new(0);
    called_off_everywhere(
        || docker(true),
        || run(options()).keep(true),
        |_, world, _| kept.set(kept.get() + world.containers.len()),
    );
    assert!(kept.get() > 5, "{}", kept.get());
}

#[test]
fn one_that_is_started_runs_or_is_gone() {
    for image in [true, false] {
        let steps = called_off_everywhere(
            || docker(image),
            || run_detached(options()),
            |n, world, done| match done {
                Ok(started) => assert!(world.containers[&started.id].is != Is::Created, "step {n}"),
                Err(_) => assert!(is_off(&done) && world.containers.is_empty(), "step {n}: {done:?}"),
            },
        );
        assert!(steps >= 5, "{steps} steps");
    }
}

/// A container that runs.
pub(super) fn running() -> World {
    let model = Model::new(docker(true));
    model.done(run_detached(options())).unwrap();
    let mut world = std::mem::take(&mut model.state().world);
    world.containers.values_mut().for_each(|container| container.is = Is::Running(usize::MAX));
    world.asked.clear();
    world
}

#[test]
fn a_command_goes_on_unless_it_is_killable() {
    let went_on = Cell::new(0);
    let steps = called_off_everywhere(
        running,
        || exec_run("c1", ["sleep"]).timeout(Duration::from_millis(20)),
        |n, world, done| {
            assert!(is_off(&done) || done.as_ref().is_err_and(Error::is_timeout), "step {n}: {done:?}");
            went_on.set(went_on.get() + world.running());
        },
    );
    assert!(steps > 8 && went_on.get() > 5, "{steps} steps, {}", went_on.get());
    let killed = Cell::new(0);
    for (args, kill_after) in [
        (&["true"][..], Duration::from_secs(1)),
        (&["sleep"], Duration::from_secs(1)),
        (&["sleep", "stubborn"], Duration::from_millis(25)),
        (&["sleep"], Duration::ZERO),
    ] {
        let steps = called_off_everywhere(
            running,
            || exec_run("c1", args.iter().copied()).kill_after(kill_after).timeout(Duration::from_millis(20)),
            |n, world, done| {
                let well = match &done {
                    Ok(ran) => args == ["true"] && ran.code == 0 && &*ran.output.stdout == b"hi",
                    Err(e) if e.is_timeout() => args != ["true"] && e.message().ends_with("in c1 still ran after 20ms"),
                    Err(_) => is_off(&done),
                };
                assert!(well, "step {n} of {args:?}: {done:?}");
                assert_eq!((world.running(), world.containers.len()), (0, 1), "step {n} of {args:?}: {world:#?}");
                killed.set(killed.get() + world.commands.values().filter(|c| c.is == Ended(137)).count());
            },
        );
        assert!(steps > 8, "{steps} steps of {args:?}");
    }
    assert!(killed.get() > 20, "{}", killed.get());
}

/// It is whole or not there at all; and if it is there, who called the job off gets it.
#[test]
fn an_image_is_there_or_the_job_was_called_off() {
    let steps = called_off_everywhere(
        World::default,
        || ensure_image("image"),
        |n, world, done| assert_eq!(is_off(&done), world.images.is_empty(), "step {n}: {done:?}"),
    );
    assert!(steps > 8, "{steps} steps");
}

/// What was built is had by who calls the job off only then. That it is built may just be on its way.
#[test]
fn an_image_is_built_or_the_job_was_called_off() {
    let crossed = Cell::new(0);
    let steps = called_off_everywhere(
        World::default,
        || ensure_built("image", build(FromTar::new(), Context::dockerfile("FROM scratch\n"))),
        |n, world, done| {
            assert!(is_off(&done) || (done.is_ok() && !world.images.is_empty()), "step {n}: {done:?}");
            crossed.set(crossed.get() + usize::from(is_off(&done) && !world.images.is_empty()));
        },
    );
    assert!(steps > 8 && crossed.get() <= 2, "{steps} steps, {}", crossed.get());
}

/// Nobody is left to remove what was made, but whoever looks for its label.
#[test]
fn what_is_dropped_is_found_by_its_label() {
    for n in 0.. {
        let model = Model::new(docker(true));
        let done = model.run(run(options()), n);
        if done.is_some() {
            assert!(n > 10);
            break;
        }
        // The engine may still be about to make it.
        model.done(remove_labelled("run=1").settle(Duration::from_millis(20))).unwrap();
        (0..10).for_each(|_| model.tick());
        assert!(model.state().world.containers.is_empty(), "step {n}");
    }
}

#[test]
fn without_a_signal_nothing_changes() {
    let script = Script::new().expect("GET /_ping").answer(200, "Api-Version: 1.41\r\n", "OK");
    let (done, bench) = job(script, wait_until_ready(Duration::from_secs(1)).until(pending::<()>()));
    assert!(done.is_ok());
    bench.finish();
}

/// Tries again whatever the error is.
struct Stubborn;

impl Job for Stubborn {
    type Output = ();

    async fn run<V: Verbs>(self, docker: &V) -> Result<()> {
        while docker.call(Ping::new()).await.is_err() {
            docker.sleep(Duration::from_secs(1)).await;
        }
        Ok(())
    }
}

#[test]
fn one_that_does_not_listen_is_ended() {
    let refused = || Script::new().refuse("nobody is there");
    let (done, bench) = job(refused(), Stubborn.until(SecondPoll(false)).grace(Duration::from_secs(5)));
    let e = done.unwrap_err();
    assert!(e.is_cancelled() && e.message().contains("did not end within 5s"), "{e}");
    // It was called off when it had slept once.
    assert_eq!(bench.time(), Duration::from_secs(1 + 5));
    // One inside the other: the outer signal ends both.
    let nested = Stubborn.until(pending::<()>()).until(SecondPoll(false)).grace(Duration::from_secs(3));
    let (done, bench) = job(refused(), nested);
    assert!(done.unwrap_err().is_cancelled());
    assert_eq!(bench.time(), Duration::from_secs(1 + 3));
}

struct SecondPoll(bool);

impl Future for SecondPoll {
    type Output = Result<(), Error>;

    fn poll(mut self: std::pin::Pin<&mut Self>, _: &mut std::task::Context<'_>) -> std::task::Poll<Self::Output> {
        match std::mem::replace(&mut self.0, true) {
            false => std::task::Poll::Pending,
            true => std::task::Poll::Ready(Ok(())),
        }
    }
}

#[test]
fn what_cannot_be_removed_is_told() {
    let script = Script::new().expect("POST /v1.41/containers/create").json(201, r#"{"Id":"c1"}"#);
    let script = script.expect(Want::any()).json(500, r#"{"message":"port is taken"}"#);
    let busy = |script: Script| script.expect(Want::any()).json(500, r#"{"message":"device is busy"}"#);
    let script = busy(busy(busy(busy(script))));
    let (done, bench) = job(script, run_detached(options()));
    let e = done.unwrap_err();
    assert!(e.message().starts_with("port is taken; and what was made is still there: "), "{e}");
    assert!(e.message().contains("device is busy") && e.status() == Some(500), "{e}");
    bench.finish();
}

#[test]
fn one_that_is_called_off_before_it_begins_sends_nothing() {
    let (done, bench) = job(Script::new(), run(options()).until(ready(())));
    assert_eq!((done.unwrap_err().kind(), bench.dials()), (ErrorKind::Cancelled, 0));
}
