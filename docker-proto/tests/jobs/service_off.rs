//! Services whose change is called off, wherever it is: they are what they were.

use super::model::called_off_everywhere;
use super::model::engine::World;
use super::model::service::Service;
use super::run as job;
use docker_proto::jobs::{
    Job, UpdateService, Updated, force_update_service, rollback_service, scale_service, update_service,
};
use docker_proto::testkit::{Script, Want};
use docker_proto::{Error, Result};
use serde_json::{Value, json};
use std::cell::Cell;
use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;

fn env() -> UpdateService {
    update_service("web", |mut spec| {
        spec.task_template.as_mut().unwrap().container_spec.as_mut().unwrap().env = vec!["A=new".into()];
        spec
    })
}

fn is_off<T>(done: &Result<T>) -> bool {
    done.as_ref().is_err_and(|e| e.is_cancelled() && e.message() == "the job was called off")
}

fn served(world: &World) -> &Service {
    world.service.as_ref().expect("it is there")
}

/// What it is called, what does it, and whether settings have it.
type Change = (&'static str, fn() -> UpdateService, fn(&Value) -> bool);

const CHANGES: [Change; 4] = [
    ("update", env, |spec| spec["TaskTemplate"]["ContainerSpec"]["Env"] == json!(["A=new"])),
    ("scale", || scale_service("web", 3), |spec| spec["Mode"]["Replicated"]["Replicas"] == 3),
    ("force", || force_update_service("web"), |spec| spec["TaskTemplate"]["ForceUpdate"] == 1),
    ("rollback", || rollback_service("web"), |spec| spec["TaskTemplate"]["ContainerSpec"]["Env"] == json!(["A=old"])),
];

#[test]
fn the_settings_are_what_they_were_or_the_job_is_done() {
    for (name, job, is_new) in CHANGES {
        let (undone, late) = (Cell::new(0), Cell::new(0));
        let world = || World::with_service(Service::updated("A=b", "A=old"));
        let steps = called_off_everywhere(world, job, |n, world, done: Result<Updated>| {
            let out_of_sequence = world.asked.iter().filter(|asked| asked.contains("rollback")).count() > 1;
            late.set(late.get() + usize::from(out_of_sequence && name != "rollback"));
            let service = served(world);
            if let Ok(updated) = done {
                assert!(updated.changed && is_new(&service.spec) && service.is_done(), "{name}, step {n}");
                return;
            }
            assert!(is_off(&done), "{name}, step {n}: {done:?}");
            // The JSON of the engine, with what this crate does not know.
            assert_eq!(service.spec, Service::new("A=b").spec, "{name}, step {n}");
            undone.set(undone.get() + usize::from(service.previous.as_ref().is_some_and(is_new)));
        });
        assert!(steps > 200, "{name}: {steps} steps");
        assert!(undone.get() > 200, "{name}: {} undone", undone.get());
        assert!(name == "rollback" || late.get() > 0, "{name}: the swarm never said anything in between");
    }
}

#[test]
fn one_that_is_to_be_kept_is_kept() {
    for (name, job, is_new) in [CHANGES[0], CHANGES[3]] {
        let kept = Cell::new(0);
        let world = || World::with_service(Service::updated("A=b", "A=old"));
        called_off_everywhere(
            world,
            || job().keep(true),
            |n, world, done| {
                assert!(is_off(&done) || done.is_ok(), "{name}, step {n}: {done:?}");
                assert!(world.asked.iter().filter(|asked| asked.contains("/update")).count() <= 1, "{name}, step {n}");
                kept.set(kept.get() + usize::from(is_new(&served(world).spec)));
            },
        );
        assert!(kept.get() > 200, "{name}: {}", kept.get());
    }
}

/// Changes the service to something else.
fn on_top(service: &mut Service) {
    let mut spec = service.spec.clone();
    spec["Labels"]["theirs"] = "1".into();
    service.update(spec);
}

/// Goes back to what was before, and from there to something else: that was before is what it is again.
fn instead(service: &mut Service) {
    service.back();
    on_top(service);
}

/// The same change once more.
fn again(service: &mut Service) {
    service.update(service.spec.clone());
}

#[test]
fn what_somebody_else_changed_since_is_left_alone() {
    for meddle in [on_top, instead, again] {
        for (name, job, _) in [CHANGES[0], CHANGES[3]] {
            let told = Cell::new(0);
            // In the first pause of the job.
            let world = || World::with_service(Service::updated("A=b", "A=old").meddled(60, meddle));
            called_off_everywhere(world, job, |n, world, done| {
                let service = served(world);
                match &service.theirs {
                    Some(theirs) => assert_eq!(service.spec, *theirs, "{name}, step {n}: {done:?}"),
                    None => assert_eq!(service.spec, Service::new("A=b").spec, "{name}, step {n}: {done:?}"),
                }
                let Err(e) = done else { return };
                assert!(e.is_cancelled() && e.message().starts_with("the job was called off"), "{name}, step {n}: {e}");
                let is_told = e.message().ends_with("somebody else changed the service \"web\" since");
                told.set(told.get() + usize::from(is_told));
            });
            assert!(told.get() > 100, "{name}: {}", told.get());
        }
    }
}

#[test]
fn what_the_swarm_put_back_itself_is_not_put_back_again() {
    /// Once it goes back, the swarm does not turn round again.
    fn goes_back(service: &mut Service) {
        if service.spec != Service::new("A=b").spec {
            service.back();
        }
    }
    let by_itself = Cell::new(0);
    let world = || World::with_service(Service::new("A=b").meddled(60, goes_back));
    called_off_everywhere(world, env, |n, world, done| {
        let service = served(world);
        assert_eq!(service.spec, Service::new("A=b").spec, "step {n}: {done:?}");
        let is_asked = world.asked.iter().any(|asked| asked.contains("rollback=previous"));
        by_itself.set(by_itself.get() + usize::from(is_off(&done) && service.theirs.is_some() && !is_asked));
    });
    assert!(by_itself.get() > 100, "{}", by_itself.get());
}

/// A service, an update and a look, at which it is called off.
fn called_off(script: fn(Script) -> Script) -> Error {
    let service = |index: u64, image: &str, more: &str| {
        let task = format!(r#"{{"ContainerSpec":{{"Image":"{image}"}}}}"#);
        format!(r#"{{"Version":{{"Index":{index}}},"Spec":{{"Name":"web","TaskTemplate":{task}}}{more}}}"#)
    };
    let (before, status) = (service(7, "a:1", ""), r#","UpdateStatus":{"State":"updating"}"#);
    let inspect = "GET /v1.41/services/web";
    let start = Script::new().expect(inspect).json(200, &before).expect(Want::any()).json(200, "{}");
    let start = start.expect(inspect).json(200, &service(8, "a:2", status)).expect(Want::any()).stall().accept();
    let off = Arc::new(AtomicBool::new(false));
    let signal = off.clone();
    let work = update_service("web", |mut spec| {
        spec.task_template.as_mut().unwrap().container_spec.as_mut().unwrap().image = Some("a:2".into());
        spec
    });
    let work = work
        .watch(move |_| off.store(true, Ordering::Relaxed))
        .until(poll_fn(move |_| if signal.load(Ordering::Relaxed) { Poll::Ready(()) } else { Poll::Pending }));
    let (done, bench) = job(script(start.expect(inspect)), work);
    bench.finish();
    done.unwrap_err()
}

#[test]
fn what_cannot_be_undone_is_told() {
    let e = called_off(|script| script.json(503, r#"{"message":"no manager"}"#));
    assert!(e.is_cancelled(), "{e}");
    assert_eq!(
        e.message(),
        "the job was called off; and the change was not undone: ServiceInspect \"web\": 503 no manager"
    );
    // Nobody changed it since, but nobody can tell what it was before.
    let e = called_off(|script| script.json(200, r#"{"Version":{"Index":9},"Spec":{"Name":"other"}}"#));
    assert!(e.message().ends_with("somebody else changed the service \"web\" since"), "{e}");
    let e = called_off(|script| script.json(404, r#"{"message":"service web not found"}"#));
    assert_eq!(e.message(), "the job was called off");
}
