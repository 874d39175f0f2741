//! Credentials in files and variables.

use crate::world::World;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE};
use docker_proto::ErrorKind;
use docker_proto::credentials::{AllCredentials, Login, Logout, Lookup, Store, registry_key};
use docker_proto::model::{AuthConfig, AuthResponse};
use docker_proto::op::RegistryAuth;
use docker_proto::resolve::Environment;
use serde_json::{Value, json};

pub(crate) const CONFIG: &str = "/home/me/.docker/config.json";
pub(crate) const HUB: &str = "https://index.docker.io/v1/";

pub(crate) fn user(auth: &Option<AuthConfig>) -> Option<(&str, &str)> {
    let auth = auth.as_ref()?;
    Some((auth.username.as_deref()?, auth.password.as_deref().unwrap_or_default()))
}

fn entry(user: &str, password: &str) -> Value {
    json!({ "auth": STANDARD.encode(format!("{user}:{password}")) })
}

pub(crate) fn config(world: &World) -> Value {
    serde_json::from_str(&world.files[CONFIG]).unwrap()
}

/// docker-py's table, and that of the hub's names: which of the entries an image or a registry finds.
#[test]
fn an_entry_is_found_by_every_name_of_its_registry() {
    let auths = json!({
        HUB: entry("hub", "p"),
        "my.registry.net": entry("own", "p"),
        "http://legacy.registry.url/v1/": entry("legacy", "p"),
        "https://with.port:5000/v2/": entry("port", "p"),
        "[::1]:5000": entry("six", "p"),
        "empty.registry": {},
    });
    let mut world = World::new(&[]).config(&json!({ "auths": auths }).to_string());
    for (image, want) in [
        ("alpine", Some("hub")),
        ("library/alpine:3", Some("hub")),
        ("docker.io/library/alpine", Some("hub")),
        ("index.docker.io/me/app", Some("hub")),
        ("my.registry.net/app", Some("own")),
        ("my.registry.net:80/app", None),
        ("legacy.registry.url/app", Some("legacy")),
        ("with.port:5000/app@sha256:0123456789012345678901234567890123456789012345678901234567890123", Some("port")),
        ("with.port/app", None),
        ("[::1]:5000/app", Some("six")),
        ("empty.registry/app", None),
        ("other.registry/app", None),
        ("localhost/app", None),
    ] {
        let found = world.ask(Lookup::from(image)).unwrap();
        assert_eq!(user(&found.auth).map(|(user, _)| user), want, "{image}");
        let told = found.explain().to_string();
        assert_eq!(told.contains("taken   auths of /home/me/.docker/config.json"), want.is_some(), "{told}");
        assert_eq!(found.header() == RegistryAuth::anonymous(), want.is_none(), "{image}");
    }
    for registry in
        ["", "docker.io", "index.docker.io", HUB, "https://docker.io", "http://index.docker.io/v1", "my.registry.net"]
    {
        let found = world.ask(Lookup::registry(registry)).unwrap();
        let want = if registry == "my.registry.net" { "own" } else { "hub" };
        assert_eq!(user(&found.auth), Some((want, "p")), "{registry}");
        assert_eq!(found.auth.unwrap().server_address, Some(registry_key(registry)));
    }
    for name in ["docker.io", "index.docker.io", "https://index.docker.io/v1/", "https://docker.io/v2/"] {
        let mut world = World::new(&[]).config(&json!({ "auths": { name: entry("hub", "p") } }).to_string());
        assert!(world.ask(Lookup::image("alpine")).unwrap().auth.is_some(), "{name}");
    }
    for bad in ["Not/Valid", "reg.example/a b", ""] {
        assert_eq!(world.refuse(Lookup::image(bad)).kind(), ErrorKind::Usage, "{bad}");
    }
    assert_eq!(world.refuse(Lookup::registry("reg\nx")).kind(), ErrorKind::Usage);
}

#[test]
fn an_entry_of_its_own_goes_before_one_with_its_host() {
    let auths =
        json!({ "http://reg:5/": entry("url", "p"), "reg:5": entry("own", "p"), "https://reg:5/": entry("s", "p") });
    let mut world = World::new(&[]).config(&json!({ "auths": auths }).to_string());
    assert_eq!(user(&world.ask(Lookup::registry("reg:5")).unwrap().auth), Some(("own", "p")));
    let all = world.ask(AllCredentials::new()).unwrap();
    assert_eq!(all.0.len(), 1);
    assert_eq!(all.0["reg:5"].username.as_deref(), Some("own"));
}

/// Forms of `auth` and what stands beside it.
#[test]
fn entries_in_every_form() {
    let hard = "~?>\"ü:\\ x";
    let text = format!("me:{hard}");
    for auth in [STANDARD.encode(&text), STANDARD_NO_PAD.encode(&text), URL_SAFE.encode(&text)] {
        let mut world =
            World::new(&[]).config(&json!({ "auths": { "reg": { "auth": auth, "email": "x" } } }).to_string());
        let found = world.ask(Lookup::registry("reg")).unwrap();
        assert_eq!(user(&found.auth), Some(("me", hard)), "{auth}");
        assert!(!format!("{found:?}").contains(hard), "{found:?}");
        // The header is what the engine decodes: padded, of the URL alphabet.
        assert_eq!(found.header(), RegistryAuth::password("me", hard, "reg"));
    }
    let lookup = |entry: Value| {
        let text = json!({ "AUTHS": { "reg": entry } }).to_string();
        World::new(&[]).config(&text).ask(Lookup::registry("reg"))
    };
    let found = lookup(json!({ "username": "me", "password": "p" })).unwrap();
    assert_eq!(user(&found.auth), Some(("me", "p")));
    let found = lookup(json!({ "auth": STANDARD.encode("me:"), "identitytoken": "t0k" })).unwrap().auth.unwrap();
    assert_eq!((found.identity_token.as_deref(), found.password.as_deref()), (Some("t0k"), None));
    let found = lookup(json!({ "registrytoken": "t0k" })).unwrap().auth.unwrap();
    assert_eq!(found.registry_token.as_deref(), Some("t0k"));
    let found = lookup(json!({ "auth": STANDARD.encode("me:old\0\0") })).unwrap();
    assert_eq!(user(&found.auth), Some(("me", "old")));
    for nothing in [json!({}), json!({ "auth": "" }), json!({ "auth": null }), Value::Null] {
        assert!(lookup(nothing).unwrap().auth.is_none());
    }
    for bad in
        [json!({ "auth": "s3cret!" }), json!({ "auth": STANDARD.encode("s3cret") }), json!({ "auth": 7 }), json!([])]
    {
        let e = lookup(bad).unwrap_err();
        assert_eq!(e.kind(), ErrorKind::Credentials);
        assert!(e.message().starts_with("/home/me/.docker/config.json: auths \"reg\": "), "{e}");
        assert!(!e.message().contains("s3cret"), "{e}");
    }
}

#[test]
fn the_variable_goes_first_and_the_older_file_last() {
    let named = json!({ "auths": { "reg": entry("env", "p") } }).to_string();
    let mut world = World::new(&[("DOCKER_AUTH_CONFIG", &named)])
        .config(&json!({ "auths": { "reg": entry("file", "p"), "other": entry("other", "p") } }).to_string())
        .file("/home/me/.dockercfg", &json!({ "reg": entry("legacy", "p") }).to_string());
    let who = |world: &mut World, registry: &str| {
        world.ask(Lookup::registry(registry)).unwrap().auth.and_then(|auth| auth.username)
    };
    assert_eq!(who(&mut world, "reg").as_deref(), Some("env"));
    assert_eq!(who(&mut world, "other").as_deref(), Some("other"));
    world.env.remove("DOCKER_AUTH_CONFIG");
    assert_eq!(who(&mut world, "reg").as_deref(), Some("file"));
    world.files.remove(CONFIG);
    assert_eq!(who(&mut world, "reg").as_deref(), Some("legacy"));
    // Whoever names a folder means that one, and no other file.
    world.env.insert("DOCKER_CONFIG".into(), "/c".into());
    assert_eq!(who(&mut world, "reg"), None);
    let named = Environment::process().config_folder("/d");
    world.env.remove("DOCKER_CONFIG");
    assert!(world.ask(Lookup::registry("reg").environment(named)).unwrap().auth.is_none());
    for bad in ["{", "[]", r#"{"auths": 1}"#] {
        let e = World::new(&[("DOCKER_AUTH_CONFIG", bad)]).refuse(Lookup::registry("reg"));
        assert!(e.message().starts_with("DOCKER_AUTH_CONFIG: "), "{e}");
    }
}

#[test]
fn the_older_file_has_two_forms() {
    let two_lines = format!("auth = {}\nemail = me@example.com\n", STANDARD.encode("me:p"));
    let mut world = World::new(&[]).file("/home/me/.dockercfg", &two_lines);
    let found = world.ask(Lookup::image("alpine")).unwrap();
    assert_eq!(user(&found.auth), Some(("me", "p")));
    assert!(found.explain().to_string().contains("taken   auths of /home/me/.dockercfg"), "{}", found.explain());
    let nested = json!({ "auths": { "reg": entry("me", "p") } }).to_string();
    let mut world = World::new(&[]).file("/home/me/.dockercfg", &nested);
    assert!(world.ask(Lookup::registry("reg")).unwrap().auth.is_some());
    let e = World::new(&[]).file("/home/me/.dockercfg", "nonsense").refuse(Lookup::registry("reg"));
    assert!(e.message().starts_with("/home/me/.dockercfg: "), "{e}");
    // What it holds is carried over when config.json is made.
    let mut world = World::new(&[]).file("/home/me/.dockercfg", &two_lines);
    world.ask(Store::new(AuthConfig::new().username("u").password("p").server_address("reg"))).unwrap();
    assert_eq!(config(&world)["auths"].as_object().map(|auths| auths.len()), Some(2));
}

#[test]
fn a_login_is_kept_as_the_docker_command_keeps_it() {
    // Written by `docker login` of 28.5, beside what was there.
    let theirs = "{\n\t\"auths\": {\n\t\t\"127.0.0.1:5200\": {\n\t\t\t\"auth\": \"dGVzdGVyOnN3fm9yZGY7aXNo\"\n\t\t}\n\t},\n\t\
                  \"currentContext\": \"one\"\n}";
    let mut world = World::new(&[]).config(r#"{"auths": {}, "currentContext": "one"}"#);
    let login = Login::new("http://127.0.0.1:5200/v2/", "tester", "sw~ordf;ish");
    assert!(!format!("{login:?}").contains("ordf"), "{login:?}");
    let stored = world.ask(login.clone().store(&AuthResponse::new())).unwrap();
    assert_eq!((&*stored.registry, stored.helper, stored.file.as_deref()), ("127.0.0.1:5200", None, Some(CONFIG)));
    assert_eq!(config(&world), serde_json::from_str::<Value>(theirs).unwrap());
    assert!(world.private.contains(CONFIG));
    let found = world.ask(Lookup::image("127.0.0.1:5200/x")).unwrap();
    assert_eq!(user(&found.auth), Some(("tester", "sw~ordf;ish")));
    // The same again writes nothing.
    assert_eq!(world.ask(login.clone().store(&AuthResponse::new())).unwrap().file, None);

    // A token takes the place of the password.
    let checked = AuthResponse::new().identity_token("t0k");
    world.ask(login.store(&checked)).unwrap();
    let kept = config(&world)["auths"]["127.0.0.1:5200"].clone();
    assert_eq!(kept, json!({ "auth": STANDARD.encode("tester:"), "identitytoken": "t0k" }));

    assert_eq!(world.ask(Logout::new("127.0.0.1:5200")).unwrap().file.as_deref(), Some(CONFIG));
    assert_eq!(config(&world), json!({ "auths": {}, "currentContext": "one" }));
    assert_eq!(world.ask(Logout::new("127.0.0.1:5200")).unwrap().file, None);
}

#[test]
fn the_hub_is_kept_once_and_forgotten_with_its_tokens() {
    let before = json!({ "auths": {
        "docker.io": entry("old", "p"),
        "https://index.docker.io/v1/access-token": { "auth": "eDp5" },
        "https://index.docker.io/v1/refresh-token": { "auth": "eDp5" },
        "reg": entry("me", "p"),
    }});
    let mut world = World::new(&[]).config(&before.to_string());
    world.ask(Login::new("", "new", "p").store(&AuthResponse::new())).unwrap();
    assert_eq!(config(&world)["auths"]["docker.io"], Value::Null);
    assert_eq!(config(&world)["auths"][HUB], entry("new", "p"));
    // A token is not taken for the account.
    let all = world.ask(AllCredentials::new()).unwrap().0;
    assert_eq!(all.keys().collect::<Vec<_>>(), [HUB, "reg"]);
    assert_eq!(all[HUB].username.as_deref(), Some("new"));
    world.ask(Logout::new("docker.io")).unwrap();
    assert_eq!(config(&world), json!({ "auths": { "reg": entry("me", "p") } }));
}

#[test]
fn what_cannot_be_read_is_neither_used_nor_replaced() {
    for mut world in
        [World::new(&[]).forbid(CONFIG), World::new(&[]).config("{"), World::new(&[]).config(r#"{"auths": []}"#)]
    {
        let store = Store::new(AuthConfig::new().username("u").password("p").server_address("reg"));
        for e in [world.refuse(Lookup::registry("reg")), world.refuse(store), world.refuse(Logout::new("reg"))] {
            assert!(e.message().starts_with(CONFIG), "{e}");
        }
        assert!(!world.asked.iter().any(|ask| ask.starts_with("Write")), "{:?}", world.asked);
    }
}
