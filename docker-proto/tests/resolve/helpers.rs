//! Credential helpers: what they are given, and what is made of what they say.

use crate::credentials::{CONFIG, HUB, config, user};
use crate::world::World;
use docker_proto::credentials::{AllCredentials, Login, Logout, Lookup};
use docker_proto::model::AuthResponse;
use docker_proto::resolve::{Answer, Environment, Program};
use docker_proto::{Error, ErrorKind};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// A keychain: by the helper's name and the registry.
type Keychain = Rc<RefCell<BTreeMap<(String, String), (String, String)>>>;

fn ran(code: i32, stdout: &str) -> Answer {
    Answer::Ran { code: Some(code), stdout: stdout.into() }
}

/// Helpers that do what the protocol says.
fn keychain(config: &str) -> (World, Keychain) {
    let keychain = Keychain::default();
    let kept = keychain.clone();
    let mut world = World::new(&[]).config(config);
    world.helper = Some(Box::new(move |program: &Program| {
        let name = program.name.strip_prefix("docker-credential-").expect("a helper").to_owned();
        let stdin = String::from_utf8(program.stdin.clone()).unwrap();
        let mut kept = kept.borrow_mut();
        match &*program.args.concat() {
            "get" => match kept.get(&(name, stdin.clone())) {
                None => ran(1, "credentials not found in native keychain\n"),
                Some((user, secret)) => {
                    ran(0, &json!({ "ServerURL": stdin, "Username": user, "Secret": secret }).to_string())
                }
            },
            "store" => {
                let told: Value = serde_json::from_str(&stdin).unwrap();
                let text = |member: &str| told[member].as_str().unwrap().to_owned();
                kept.insert((name, text("ServerURL")), (text("Username"), text("Secret")));
                ran(0, "")
            }
            "erase" => match kept.remove(&(name, stdin)) {
                None => ran(1, "credentials not found in native keychain"),
                Some(_) => ran(0, ""),
            },
            "list" => {
                let mine = kept.iter().filter(|((of, _), _)| *of == name);
                let list: BTreeMap<_, _> = mine.map(|((_, url), (user, _))| (url.clone(), user.clone())).collect();
                ran(0, &json!(list).to_string())
            }
            other => panic!("{other}"),
        }
    }));
    (world, keychain)
}

fn put(keychain: &Keychain, helper: &str, key: &str, user: &str, secret: &str) {
    keychain.borrow_mut().insert((helper.into(), key.into()), (user.into(), secret.into()));
}

#[test]
fn a_registrys_own_helper_goes_before_the_common_one() {
    let config = json!({
        "credsStore": "common",
        "credHelpers": { "own.example": "own", "off.example": "", "docker.io": "hub" },
        "auths": { "own.example": { "auth": "ZmlsZTpw" }, "off.example": { "auth": "ZmlsZTpw" }, "gap.example": { "auth": "ZmlsZTpw" } },
    });
    let (mut world, keychain) = keychain(&config.to_string());
    put(&keychain, "own", "own.example", "own", "~?>\"ü");
    put(&keychain, "common", "own.example", "wrong", "p");
    put(&keychain, "common", "other.example:5000", "common", "p");
    put(&keychain, "hub", HUB, "hub", "p");
    put(&keychain, "common", "off.example", "wrong", "p");
    for (registry, want) in [
        ("own.example", Some(("own", "~?>\"ü"))),
        ("other.example:5000", Some(("common", "p"))),
        ("docker.io", Some(("hub", "p"))),
        // Without a helper, and where the helper has none, the file counts.
        ("off.example", Some(("file", "p"))),
        ("gap.example", Some(("file", "p"))),
        ("none.example", None),
    ] {
        let found = world.ask(Lookup::registry(registry)).unwrap();
        assert_eq!(user(&found.auth), want, "{registry}");
    }
    let found = world.ask(Lookup::registry("own.example")).unwrap();
    let told = found.explain().to_string();
    let origin = "credHelpers of /home/me/.docker/config.json, docker-credential-own: has some for it";
    assert!(told.contains(origin) && !told.contains("~?>"), "{told}");

    let all = world.ask(AllCredentials::new()).unwrap().0;
    let users: Vec<_> = all.iter().map(|(key, auth)| (&**key, auth.username.as_deref().unwrap())).collect();
    let want = [
        ("gap.example", "file"),
        (HUB, "hub"),
        ("off.example", "file"),
        ("other.example:5000", "common"),
        ("own.example", "own"),
    ];
    assert_eq!(users, want);
}

#[test]
fn a_token_and_nothing_are_told_apart() {
    let (mut world, keychain) = keychain(r#"{"credsStore": "k"}"#);
    put(&keychain, "k", "token", "<token>", "t0k");
    put(&keychain, "k", "empty", "", "");
    put(&keychain, "k", "https://index.docker.io/v1/refresh-token", "me", "r3fresh");
    put(&keychain, "k", HUB, "me", "p");
    let found = world.ask(Lookup::registry("token")).unwrap().auth.unwrap();
    assert_eq!((found.identity_token.as_deref(), found.username), (Some("t0k"), None));
    assert!(world.ask(Lookup::registry("empty")).unwrap().auth.is_none());
    let all = world.ask(AllCredentials::new()).unwrap().0;
    assert_eq!(all.keys().collect::<Vec<_>>(), [HUB, "token"]);
    assert_eq!(all[HUB].password.as_deref(), Some("p"));
}

#[test]
fn a_login_goes_to_the_helper_and_leaves_an_empty_entry() {
    let (mut world, keychain) = keychain(r#"{"credHelpers": {"reg": "k"}}"#);
    let login = Login::new("reg", "me", "p~?");
    let stored = world.ask(login.clone().store(&AuthResponse::new())).unwrap();
    assert_eq!((stored.helper.as_deref(), stored.file.as_deref()), (Some("k"), Some(CONFIG)));
    assert_eq!(keychain.borrow()[&("k".into(), "reg".into())], ("me".into(), "p~?".into()));
    assert_eq!(config(&world)["auths"], json!({ "reg": {} }));
    world.ask(login.store(&AuthResponse::new().identity_token("t0k"))).unwrap();
    assert_eq!(keychain.borrow()[&("k".into(), "reg".into())], ("<token>".into(), "t0k".into()));
    // Only the helper's: nothing of it is in a file, or in what was asked.
    assert!(!world.files[CONFIG].contains("t0k") && !world.asked.concat().contains("t0k"));
    let stored = world.ask(Logout::new("reg")).unwrap();
    assert_eq!(stored.helper.as_deref(), Some("k"));
    assert!(keychain.borrow().is_empty());
    assert_eq!(config(&world)["auths"], json!({}));
    // Once more: nothing to forget is no error.
    world.ask(Logout::new("reg")).unwrap();
}

fn failing(helper: impl Fn(&Program) -> Answer + 'static) -> Error {
    let mut world = World::new(&[]).config(r#"{"credsStore": "k"}"#);
    world.helper = Some(Box::new(helper));
    world.refuse(Login::new("reg", "me", "s3cret").store(&AuthResponse::new()))
}

#[test]
fn failures_name_the_helper_and_no_secret() {
    let started = "docker-credential-k store (credsStore of /home/me/.docker/config.json): ";
    for (answer, why) in [
        (Answer::Nothing, "there is no such program in PATH"),
        (Answer::Failed("took longer than 60s".into()), "took longer than 60s"),
        (ran(1, "no s3cret\r\n\x1b[31m kept"), "exit code 1: no ***   [31m kept"),
        (ran(2, ""), "exit code 2"),
        (Answer::Ran { code: None, stdout: Vec::new() }, "ended by a signal"),
    ] {
        let e = failing(move |_| answer.clone());
        assert_eq!(e.kind(), ErrorKind::Credentials);
        assert!(e.message().starts_with(started) && e.message().ends_with(why), "{e}");
    }
    let long = failing(|_| ran(1, &"x".repeat(10_000)));
    assert!(long.message().len() < 500);
    // What was printed instead of a document may be a secret.
    let mut world = World::new(&[]).config(r#"{"credsStore": "k"}"#);
    world.helper = Some(Box::new(|_| ran(0, "s3cret")));
    let e = world.refuse(Lookup::registry("reg"));
    assert!(e.message().ends_with("did not print a JSON object") && !e.message().contains("s3cret"), "{e}");
}

#[test]
fn a_helper_is_named_and_not_pointed_to() {
    for name in ["../evil", "a b", "a/b", "a;b"] {
        let mut world = World::new(&[]).config(&json!({ "credsStore": name }).to_string());
        world.helper = Some(Box::new(|_| panic!("it was run")));
        assert!(world.refuse(Lookup::registry("reg")).message().contains("is no name of a helper"));
    }
}

#[test]
fn a_helper_gets_the_variables_of_its_environment() {
    let mut world = World::new(&[]).file("/c/config.json", r#"{"credsStore": "k"}"#);
    world.helper = Some(Box::new(|program: &Program| {
        assert!(program.env.contains(&("PATH".into(), "/opt/bin".into())), "{:?}", program.env);
        assert!(!format!("{program:?}").contains("/opt/bin"), "{program:?}");
        ran(0, r#"{"username": "me", "secret": "p"}"#)
    }));
    let elsewhere = Environment::from([("DOCKER_CONFIG", "/c"), ("PATH", "/opt/bin")]);
    let found = world.ask(Lookup::registry("reg").environment(elsewhere)).unwrap();
    assert_eq!(user(&found.auth), Some(("me", "p")));
}
