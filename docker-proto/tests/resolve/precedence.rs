//! What counts if several things say where the engine is.

use crate::world::World;
use docker_proto::ErrorKind;
use docker_proto::resolve::{Environment, Resolve, Resolved};

pub(crate) const ONE: &str = include_str!("fixtures/one.json");
const SKIP: &str = include_str!("fixtures/skip.json");
/// Their folders, as `docker context create` made them.
pub(crate) const ONE_FOLDER: &str = "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed";
pub(crate) const SKIP_FOLDER: &str = "42e93b9bb77d8a73e8412111b8f3d6befab66bf48fdcdefa80bb111819aa0cb1";

/// A world with the contexts `one` (a socket) and `skip` (TCP without verification).
pub(crate) fn world(env: &[(&str, &str)]) -> World {
    World::new(env)
        .file(&format!("/home/me/.docker/contexts/meta/{ONE_FOLDER}/meta.json"), ONE)
        .file(&format!("/home/me/.docker/contexts/meta/{SKIP_FOLDER}/meta.json"), SKIP)
}

fn at(resolved: &Resolved) -> (String, Option<&str>) {
    (resolved.host.to_string(), resolved.context.as_deref())
}

const ONE_AT: &str = "unix:///var/tmp/docker-proto-engines/d28.sock";

/// Each of the places set or not: the first that is set counts.
#[test]
fn the_first_that_says_something_counts() {
    for bits in 0..32u8 {
        let set = |bit: u8| bits & (1 << bit) != 0;
        let mut env = Vec::new();
        if set(1) {
            env.push(("DOCKER_HOST", "tcp://h:1"));
        }
        if set(2) {
            env.push(("DOCKER_CONTEXT", "one"));
        }
        let mut world = world(&env);
        if set(3) {
            world = world.config(r#"{"currentContext": "skip"}"#);
        }
        if set(4) {
            world = world.file("/home/me/.docker/run/docker.sock", "");
        }
        let mut resolve = Resolve::new();
        if set(0) {
            resolve = resolve.host("tcp://given:1");
        }
        let resolved = world.ask(resolve).unwrap();
        let want = match bits {
            _ if set(0) => ("tcp://given:1", None),
            _ if set(1) => ("tcp://h:1", None),
            _ if set(2) => (ONE_AT, Some("one")),
            _ if set(3) => ("tcp://engine.example:2376", Some("skip")),
            _ if set(4) => ("unix:///home/me/.docker/run/docker.sock", None),
            _ => ("unix:///var/run/docker.sock", None),
        };
        assert_eq!(at(&resolved), (want.0.to_owned(), want.1), "{bits:#b}\n{}", resolved.explain());
        let taken: Vec<_> = resolved.explain().candidates().iter().filter(|c| c.taken).collect();
        assert_eq!(taken.len(), 1, "{}", resolved.explain());
        // What was passed over is told of as well.
        let told = resolved.explain().to_string();
        for name in ["DOCKER_HOST: ", "DOCKER_CONTEXT: ", "currentContext of /home/me/.docker/config.json: "] {
            assert!(told.contains(name), "{told}");
        }
        assert_eq!(told.contains("DOCKER_CONTEXT: is \"one\", but something goes first"), set(2) && (set(0) || set(1)));
    }
}

#[test]
fn a_context_given_goes_before_a_variable() {
    let mut world = world(&[("DOCKER_HOST", "tcp://h:1"), ("DOCKER_CONTEXT", "skip")]);
    assert_eq!(at(&world.ask(Resolve::new().context("one")).unwrap()), (ONE_AT.into(), Some("one")));
    // The default context is what the environment says, without the other contexts.
    assert_eq!(at(&world.ask(Resolve::new().context("default")).unwrap()), ("tcp://h:1".into(), None));
    world.env.remove("DOCKER_HOST");
    let default = world.ask(Resolve::new().context("default")).unwrap();
    assert_eq!(at(&default), ("unix:///var/run/docker.sock".into(), None));
    let e = world.refuse(Resolve::new().context("one").host("tcp://h:1"));
    assert_eq!(e.kind(), ErrorKind::Usage, "{e}");
}

#[test]
fn the_default_context_by_name_hides_the_one_in_use() {
    let mut world = world(&[("DOCKER_CONTEXT", "default")]).config(r#"{"currentContext": "one"}"#);
    assert_eq!(at(&world.ask(Resolve::new()).unwrap()), ("unix:///var/run/docker.sock".into(), None));
}

#[test]
fn blank_variables_are_not_set() {
    let mut world = World::new(&[("DOCKER_HOST", " "), ("DOCKER_CONTEXT", ""), ("DOCKER_API_VERSION", "")]);
    let resolved = world.ask(Resolve::new()).unwrap();
    assert_eq!(at(&resolved), ("unix:///var/run/docker.sock".into(), None));
}

#[test]
fn known_sockets_are_tried_in_order() {
    let all = [
        "/var/run/docker.sock",
        "/run/user/7/docker.sock",
        "/run/user/7/podman/podman.sock",
        "/home/me/.docker/run/docker.sock",
        "/home/me/.docker/desktop/docker.sock",
        "/home/me/.colima/default/docker.sock",
        "/home/me/.config/colima/default/docker.sock",
        "/home/me/.orbstack/run/docker.sock",
        "/home/me/.rd/docker.sock",
        "/home/me/.local/share/containers/podman/machine/podman.sock",
        "/run/podman/podman.sock",
    ];
    for first in 0..all.len() {
        let mut world = World::new(&[("XDG_RUNTIME_DIR", "/run/user/7")]);
        for path in &all[first..] {
            world = world.file(path, "");
        }
        let resolved = world.ask(Resolve::new()).unwrap();
        assert_eq!(resolved.host.to_string(), format!("unix://{}", all[first]));
        let told = resolved.explain().to_string();
        for (n, path) in all.iter().enumerate() {
            let seen = match n {
                n if n < first => format!("passed  unix://{path}: does not exist"),
                n if n == first => format!("taken   unix://{path}: exists"),
                _ => format!("passed  unix://{path}: comes later"),
            };
            assert!(told.contains(&seen), "{seen}\n{told}");
        }
    }
    // What cannot be looked at is passed over, and told.
    let mut world = World::new(&[]).forbid("/home/me/.docker/run/docker.sock");
    let told = world.ask(Resolve::new()).unwrap().explain().to_string();
    assert!(told.contains("/home/me/.docker/run/docker.sock: Permission denied"), "{told}");
}

#[test]
fn what_is_malformed_is_an_error_that_names_it() {
    let broken = |env: &[(&str, &str)]| world(env).refuse(Resolve::new());
    let e = broken(&[("DOCKER_HOST", "nonsense")]);
    assert!(e.message().starts_with("DOCKER_HOST: engine address \"nonsense\""), "{e}");
    let e = broken(&[("DOCKER_API_VERSION", "one")]);
    assert!(e.message().starts_with("DOCKER_API_VERSION: "), "{e}");
    let e = broken(&[("DOCKER_CONTEXT", "nosuch")]);
    assert_eq!(e.kind(), ErrorKind::Context);
    assert!(e.message().starts_with("DOCKER_CONTEXT: context \"nosuch\": there is none in /home/me/.docker"), "{e}");
    let e = broken(&[("DOCKER_CONTEXT", "../../etc")]);
    assert!(e.message().contains("context name"), "{e}");
    for (text, why) in [("{", "is not JSON"), ("[]", "must be a JSON object"), ("{} x", "is not JSON")] {
        let e = World::new(&[]).config(text).refuse(Resolve::new());
        assert!(e.message().starts_with(&format!("/home/me/.docker/config.json {why}")), "{e}");
    }
    let e = World::new(&[]).config(r#"{"currentContext": "gone"}"#).refuse(Resolve::new());
    assert!(e.message().starts_with("currentContext of /home/me/.docker/config.json: context \"gone\""), "{e}");
    let not_docker = r#"{"Name":"kube","Endpoints":{"kubernetes":{"Host":"https://k"}}}"#;
    let path = format!("/home/me/.docker/contexts/meta/{ONE_FOLDER}/meta.json");
    let e = World::new(&[("DOCKER_CONTEXT", "one")]).file(&path, not_docker).refuse(Resolve::new());
    assert!(e.message().contains("it names no Docker engine"), "{e}");
}

#[test]
fn a_config_that_cannot_be_read_is_passed_over() {
    for text in ["", " \n"] {
        let mut world = World::new(&[]).config(text);
        assert!(world.ask(Resolve::new()).is_ok());
    }
    let mut world = World::new(&[]).forbid("/home/me/.docker/config.json");
    let told = world.ask(Resolve::new()).unwrap().explain().to_string();
    assert!(told.contains("config.json: Permission denied"), "{told}");
    // Without a home there is no file to ask for.
    let mut world = World::new(&[]);
    world.env.clear();
    assert_eq!(world.ask(Resolve::new()).unwrap().host.to_string(), "unix:///var/run/docker.sock");
    assert!(!world.asked.iter().any(|ask| ask.starts_with("File")), "{:?}", world.asked);
}

#[test]
fn another_environment_asks_for_no_variable() {
    let elsewhere = Environment::from([("DOCKER_CONTEXT", "one"), ("DOCKER_CONFIG", "/c")]);
    let mut world = World::new(&[("DOCKER_HOST", "tcp://h:1")])
        .file(&format!("/c/contexts/meta/{ONE_FOLDER}/meta.json"), ONE)
        .file("/c/config.json", r#"{"HttpHeaders": {"X-A": "1"}}"#);
    let resolved = world.ask(Resolve::new().environment(elsewhere.clone())).unwrap();
    assert_eq!(at(&resolved), (ONE_AT.into(), Some("one")));
    assert_eq!(resolved.headers, [("X-A".to_owned(), "1".to_owned())]);
    assert!(!world.asked.iter().any(|ask| ask.starts_with("Env")), "{:?}", world.asked);
    // The folder given goes before the variable.
    let e = world.refuse(Resolve::new().environment(elsewhere.config_folder("/empty")));
    assert!(e.message().contains("there is none in /empty"), "{e}");
}
