//! Jobs that make nothing, called off wherever they are: they end at once, and leave nothing running.

use super::model::engine::World;
use super::model::{At, Model};
use super::until::running;
use docker_proto::api::{containers, exec};
use docker_proto::jobs::{
    Job, container_outcome, exec_outcome, exec_run, list_detailed, remove_labelled, resize, wait_until_healthy,
    wait_until_log, wait_until_port, wait_until_ready,
};
use std::fmt::Debug;
use std::time::Duration;

/// Longer than a pause between two looks, in ticks.
const PATIENCE: Duration = Duration::from_millis(230);
/// How many ticks it may take to remove a container, which is not given up in the middle.
const REMOVES: usize = 5;

/// A container that runs, with a command that does.
fn world() -> World {
    let model = Model::new(running());
    model.done(exec_run("c1", ["sleep"]).timeout(Duration::from_millis(9))).unwrap_err();
    std::mem::take(&mut model.state().world)
}

/// Calls a job off at each poll until it is done before that, with or without an error. Gives the number of polls.
fn promptly<J: Job>(name: &str, job: impl Fn() -> J) -> usize
where
    J::Output: Debug,
{
    for n in 0.. {
        let model = Model::new(world());
        let done = model.done(job().until(At(n)));
        let ended = model.state().now();
        let is_off = done.as_ref().is_err_and(|e| e.is_cancelled() && e.message() == "the job was called off");
        let counters = model.counters();
        assert_eq!((counters.in_use(), counters.places, counters.waiting), (0, 0, 0), "{name}, poll {n}: {counters:?}");
        // A `cat` that was running ends by itself.
        (0..10).for_each(|_| model.tick());
        assert_eq!(model.state().world.running(), 1, "{name}, poll {n}");
        if !is_off && ended < n {
            return n;
        }
        assert!(is_off || ended == n || name == "remove_labelled", "{name}, poll {n}: {done:?}");
        assert!(ended <= n + if name == "remove_labelled" { REMOVES } else { 0 }, "{name}, poll {n}: ended at {ended}");
    }
    unreachable!("it returns")
}

#[test]
fn what_makes_nothing_ends_at_once() {
    let list = || containers::List::new().all(true).filters([("label", "run=1")]);
    let polls = [
        promptly("healthy", || wait_until_healthy("c1", PATIENCE)),
        promptly("log", || wait_until_log("c1", "never", PATIENCE)),
        promptly("port", || wait_until_port("c1", 80, PATIENCE)),
        promptly("exec_outcome", || exec_outcome("e1").patience(PATIENCE)),
        promptly("container_outcome", || container_outcome("c1").patience(PATIENCE)),
        promptly("resize an exec", || resize(exec::Resize::new("e1", 1u32, 2u32)).patience(PATIENCE)),
        promptly("resize a container", || resize(containers::Resize::new("c1", 1u32, 2u32)).patience(PATIENCE)),
    ];
    // Each of these came to its end without what it waited for.
    assert!(polls.iter().all(|polls| *polls > 200), "{polls:?}");
    let polls = [
        promptly("ready", || wait_until_ready(PATIENCE)),
        promptly("list_detailed", || list_detailed(list())),
        promptly("a line that is there", || wait_until_log("c1", "a line", PATIENCE)),
        promptly("remove_labelled", || remove_labelled("run=1")),
    ];
    assert!(polls.iter().all(|polls| (3..50).contains(polls)), "{polls:?}");
}
