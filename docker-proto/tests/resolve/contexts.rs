//! Contexts that the docker command made, and those made here.

use crate::precedence::{ONE, ONE_FOLDER, SKIP_FOLDER, world};
use crate::world::World;
use docker_proto::ErrorKind;
use docker_proto::resolve::contexts::{Create, Inspect, List, Remove, Use};
use docker_proto::resolve::{Environment, Resolve};
use serde_json::{Value, json};

const CONFIG: &str = "/home/me/.docker/config.json";

fn meta(folder: &str) -> String {
    format!("/home/me/.docker/contexts/meta/{folder}/meta.json")
}

/// Made by docker 28.5 and, the last one, by 20.10.
#[test]
fn those_of_the_docker_command_are_read() {
    let far = "512eea46ceb3921dff4363c7069d89d4964d1d9fccaa0f411851a7aa60a5c868";
    let hop = "87a0acaec00fa34a3166f0b62b7352868c16752bf796a6af3baf0362c62361ed";
    let old = "cba06b5736faf67e54b07b561eae94395e774c517a7d910a54369e1263ccfbd4";
    for (name, folder, text, host, about, skip) in [
        ("one", ONE_FOLDER, ONE, "unix:///var/tmp/docker-proto-engines/d28.sock", Some("first <one> é"), false),
        ("far", far, include_str!("fixtures/far.json"), "tcp://engine.example:2376", None, false),
        ("skip", SKIP_FOLDER, include_str!("fixtures/skip.json"), "tcp://engine.example:2376", None, true),
        ("hop", hop, include_str!("fixtures/hop.json"), "ssh://me@engine.example:2222", None, false),
        ("old", old, include_str!("fixtures/old.json"), "unix:///x.sock", None, false),
    ] {
        let missing = World::new(&[]).refuse(Inspect::new(name));
        assert_eq!(missing.kind(), ErrorKind::Context);
        let mut world = World::new(&[]).file(&meta(folder), text);
        let context = world.ask(Inspect::new(name)).unwrap();
        assert_eq!((&*context.name, context.host.as_deref()), (name, Some(host)));
        assert_eq!((context.description.as_deref(), context.skip_tls_verify), (about, skip));
        assert_eq!(context.metadata["Name"], name);
    }
}

#[test]
fn tls_material_is_found() {
    let folder = format!("/home/me/.docker/contexts/tls/{SKIP_FOLDER}/docker");
    let mut world = world(&[]).file(&format!("{folder}/cert.pem"), "c").file(&format!("{folder}/key.pem"), "k");
    let tls = world.ask(Inspect::new("skip")).unwrap().tls;
    assert!(!tls.verify && tls.ca.is_none() && !tls.is_empty());
    assert_eq!(tls.key, Some(format!("{folder}/key.pem")));
    assert!(world.ask(Inspect::new("one")).unwrap().tls.is_empty());
}

#[test]
fn a_list_has_the_default_one_and_broken_ones() {
    let mut world = world(&[("DOCKER_HOST", "tcp://h:1")])
        .config(r#"{"currentContext": "skip"}"#)
        .file(&meta("0000"), "{")
        .file(&meta("nested/deeper"), r#"{"name": "deep", "endpoints": {"DOCKER": {"host": "tcp://d:1"}}}"#)
        .file(&meta("a/b/c/d/e"), r#"{"Name": "too deep"}"#)
        .file("/home/me/.docker/contexts/meta/stray", "");
    let all = world.ask(List::new()).unwrap();
    let told: Vec<_> = all.iter().map(|c| (&*c.name, c.host.as_deref(), c.current)).collect();
    let want = [
        ("default", Some("tcp://h:1"), false),
        ("0000", None, false),
        ("deep", Some("tcp://d:1"), false),
        ("one", Some("unix:///var/tmp/docker-proto-engines/d28.sock"), false),
        ("skip", Some("tcp://engine.example:2376"), true),
    ];
    assert_eq!(told, want);
    assert!(all[1].error.as_deref().is_some_and(|e| e.contains("0000/meta.json: is not JSON")), "{:?}", all[1]);
    let none = World::new(&[]).ask(List::new()).unwrap();
    assert_eq!(none.len(), 1);
    assert!(none[0].current && none[0].host.as_deref() == Some("unix:///var/run/docker.sock"), "{none:?}");
    // A default that cannot be understood does not hide the rest.
    let all = crate::precedence::world(&[("DOCKER_HOST", "nonsense")]).ask(List::new()).unwrap();
    assert!(all.len() == 3 && all[0].error.is_some(), "{all:?}");
}

#[test]
fn one_is_made_as_the_docker_command_makes_it() {
    let mut world = World::new(&[]);
    let host = "unix:///var/tmp/docker-proto-engines/d28.sock";
    let made = world.ask(Create::new("one", host).description("first <one> é")).unwrap();
    assert_eq!((&*made.name, made.host.as_deref()), ("one", Some(host)));
    let written: Value = serde_json::from_str(&world.files[&meta(ONE_FOLDER)]).unwrap();
    assert_eq!(written, serde_json::from_str::<Value>(ONE).unwrap());
    assert!(world.private.is_empty());
    let e = world.refuse(Create::new("one", host));
    assert!(e.message().contains("there is one already"), "{e}");

    let create = Create::new("skip", "tcp://engine.example:2376").skip_tls_verify(true);
    let create = create.ca("CA").client_certificate("CERT", "K3Y");
    assert!(!format!("{create:?}").contains("K3Y"));
    let made = world.ask(create).unwrap();
    let key = format!("/home/me/.docker/contexts/tls/{SKIP_FOLDER}/docker/key.pem");
    assert_eq!((made.tls.key.as_ref(), &*world.files[&key]), (Some(&key), "K3Y"));
    assert!(world.private.contains(&key));
    let written: Value = serde_json::from_str(&world.files[&meta(SKIP_FOLDER)]).unwrap();
    assert_eq!(written, serde_json::from_str::<Value>(include_str!("fixtures/skip.json")).unwrap());
}

#[test]
fn what_cannot_be_is_refused_before_anything_is_written() {
    let mut world = World::new(&[]);
    for (name, host, why) in [
        ("a", "unix://", "two or more"),
        ("../x", "unix://", "two or more"),
        ("default", "unix://", "cannot be made"),
        ("ok", "nonsense", "engine address"),
    ] {
        let e = world.refuse(Create::new(name, host));
        assert!(e.message().contains(why), "{e}");
    }
    for e in
        [world.refuse(Remove::new("default")), world.refuse(Remove::new("nosuch")), world.refuse(Use::new("nosuch"))]
    {
        assert_eq!(e.kind(), ErrorKind::Context, "{e}");
    }
    assert!(world.files.is_empty() && !world.asked.iter().any(|ask| ask.starts_with("Write")), "{:?}", world.asked);
}

#[test]
fn the_one_in_use_is_switched_and_the_rest_of_the_file_stays() {
    let mut world = world(&[]).config(r#"{"auths": {"r": {"auth": "YTpi"}}, "CurrentContext": "skip", "x": [1]}"#);
    world.ask(Use::new("one")).unwrap();
    let config = |world: &World| serde_json::from_str::<Value>(&world.files[CONFIG]).unwrap();
    assert_eq!(config(&world), json!({"auths": {"r": {"auth": "YTpi"}}, "currentContext": "one", "x": [1]}));
    assert!(world.private.contains(CONFIG));
    assert_eq!(world.ask(Resolve::new()).unwrap().context.as_deref(), Some("one"));
    world.ask(Use::new("default")).unwrap();
    assert_eq!(config(&world), json!({"auths": {"r": {"auth": "YTpi"}}, "x": [1]}));
    // Nothing to do is nothing done.
    let before = world.asked.len();
    world.ask(Use::new("default")).unwrap();
    assert!(!world.asked[before..].iter().any(|ask| ask.starts_with("Write")));
}

#[test]
fn one_is_removed_with_its_material() {
    let key = format!("/home/me/.docker/contexts/tls/{SKIP_FOLDER}/docker/key.pem");
    let mut world = world(&[]).config(r#"{"currentContext": "skip"}"#).file(&key, "k");
    let e = world.refuse(Remove::new("skip"));
    assert!(e.message().contains("it is in use"), "{e}");
    assert!(world.files.contains_key(&key));
    world.ask(Remove::new("skip").force(true)).unwrap();
    assert!(
        !world.files.contains_key(&key) && !world.files.contains_key(&meta(SKIP_FOLDER)),
        "{:?}",
        world.files.keys()
    );
    assert_eq!(world.files[CONFIG], "{}");
    assert!(world.files.contains_key(&meta(ONE_FOLDER)));
    // A broken one can be removed.
    let mut world = world.file(&meta(ONE_FOLDER), "{");
    world.ask(Remove::new("one")).unwrap();
    assert!(!world.files.contains_key(&meta(ONE_FOLDER)));
}

#[test]
fn a_file_that_cannot_be_read_is_not_replaced() {
    let mut world = world(&[]).forbid(CONFIG);
    let e = world.refuse(Use::new("one"));
    assert!(e.message().contains("config.json: Permission denied"), "{e}");
    let mut world = World::new(&[]);
    world.env.clear();
    let e = world.refuse(Create::new("one", "unix://"));
    assert!(e.message().contains("no home folder"), "{e}");
    let elsewhere = Environment::process().config_folder("/c");
    world.ask(Create::new("one", "unix://").environment(elsewhere)).unwrap();
    assert!(world.files.contains_key(&format!("/c/contexts/meta/{ONE_FOLDER}/meta.json")));
}
