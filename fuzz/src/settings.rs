//! config.json, contexts and variables: whatever they hold, nothing panics or goes on for ever, and what is kept is found.

use docker_proto::Result;
use docker_proto::credentials::{AllCredentials, Login, Logout, Lookup};
use docker_proto::model::AuthResponse;
use docker_proto::op::RegistryAuth;
use docker_proto::resolve::contexts::{Create, Inspect, List, Remove, Use};
use docker_proto::resolve::{Answer, Ask, Asking, Inquiry, Program, Resolve, Step};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Parts of these files.
pub(crate) const WORDS: &[&[u8]] = &[
    b"\xFF",
    b"{",
    b"}",
    b"[]",
    b",",
    b":",
    b"null",
    b"{}",
    b"\"\"",
    b"\"x\"",
    b"\"auths\"",
    b"\"auth\"",
    b"\"bWU6cA==\"",
    b"\"identitytoken\"",
    b"\"credsStore\"",
    b"\"credHelpers\"",
    b"\"HttpHeaders\"",
    b"\"currentContext\"",
    b"\"one\"",
    b"\"proxies\"",
    b"\"default\"",
    b"\"reg:5000\"",
    b"\"https://reg:5000/v1/\"",
    b"\"https://index.docker.io/v1/\"",
    b"\"docker.io\"",
    b"\"Endpoints\"",
    b"\"docker\"",
    b"\"Host\"",
    b"\"unix:///run/x.sock\"",
    b"\"SkipTLSVerify\":true",
    b"tcp://h:1",
    b"a=b,",
    b"auth = bWU6cA==\n",
];

const HOME: &str = "/h";
const CONFIG: &str = "/h/.docker/config.json";
const USER: &str = "us~er";
const PASSWORD: &str = "s3cret:~?>\"\u{20ac}";

/// More questions than any input can give reason for: each member of a file is a few bytes.
const MAX_STEPS: usize = 4000;

/// See [`TARGETS`](crate::TARGETS).
pub fn settings(data: &[u8]) {
    let mut parts = data.splitn(4, |&byte| byte == 0xFF).map(|part| String::from_utf8_lossy(part).into_owned());
    let mut part = || parts.next().unwrap_or_default();
    let mut world = World::default();
    world.files.insert(CONFIG.into(), part());
    world.context = part();
    world.variables.insert("HOME".into(), HOME.into());
    let (legacy, text) = (part(), part());
    world.files.insert("/h/.dockercfg".into(), legacy);

    for name in ["", "DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CUSTOM_HEADERS", "DOCKER_AUTH_CONFIG"] {
        world.variables.retain(|name, _| name == "HOME");
        world.variables.insert(name.into(), text.clone());
        if let Ok(resolved) = world.ask(Resolve::new()) {
            assert!(!resolved.explain().candidates().is_empty());
            let _ = resolved.client();
        }
        let _ = world.ask(Lookup::registry("reg:5000"));
        let _ = world.ask(AllCredentials::new());
    }
    world.variables.retain(|name, _| name == "HOME");
    if world.ask(List::new()).is_ok_and(|all| all.len() > 1) {
        let _ = world.ask(Inspect::new("one"));
    }
    account(&mut world, "reg:5000");
    account(&mut world, "docker.io");
    contexts(&mut world);
}

/// What is made is found and used, and the rest of config.json stays as it is.
fn contexts(world: &mut World) {
    world.context.clear();
    world.ask(Create::new("fresh", "tcp://fresh:1")).expect("nothing is in its way");
    let before = world.config_without("currentContext");
    if world.ask(Use::new("fresh")).is_ok() {
        assert_eq!(world.config_without("currentContext"), before);
        let found = world.ask(Resolve::new());
        // Header fields may still be wrong.
        assert!(found.is_err() || found.is_ok_and(|found| found.context.as_deref() == Some("fresh")));
        world.ask(Remove::new("fresh").force(true)).expect("it is there");
        let e = world.ask(Inspect::new("fresh")).expect_err("it is gone");
        assert_eq!(e.kind(), docker_proto::ErrorKind::Context);
    }
}

/// What is kept is found, and forgotten; no other member of config.json changes.
fn account(world: &mut World, registry: &str) {
    let login = Login::new(registry, USER, PASSWORD);
    let before = world.config_without("auths");
    match world.ask(login.store(&AuthResponse::new())) {
        Err(e) => assert!(!format!("{e:?}").contains("s3cret"), "{e}"),
        Ok(stored) => {
            let found = world.ask(Lookup::registry(registry)).expect("it is kept");
            assert_eq!(found.header(), RegistryAuth::password(USER, PASSWORD, &stored.registry));
            assert!(!format!("{found:?}").contains("s3cret"));
            assert_eq!(world.config_without("auths"), before);
            world.ask(Logout::new(registry)).expect("it can be forgotten");
            let found = world.ask(Lookup::registry(registry)).expect("all was read before");
            assert_eq!(found.header(), RegistryAuth::anonymous());
            assert_eq!(world.config_without("auths"), before);
        }
    }
}

/// Variables, files, one text for all contexts that are not written, and helpers that keep what they get.
#[derive(Default)]
struct World {
    variables: BTreeMap<String, String>,
    files: BTreeMap<String, String>,
    context: String,
    kept: BTreeMap<String, Value>,
}

impl World {
    /// The members of config.json but one.
    fn config_without(&self, member: &str) -> Map<String, Value> {
        let value: Value = serde_json::from_str(&self.files[CONFIG]).unwrap_or_default();
        let mut map = value.as_object().cloned().unwrap_or_default();
        map.retain(|name, _| !name.eq_ignore_ascii_case(member));
        map
    }

    fn ask<I: Inquiry>(&mut self, inquiry: I) -> Result<I::Output> {
        let mut asking = Asking::new(inquiry);
        for _ in 0..MAX_STEPS {
            match asking.step()? {
                Step::Done(value) => return Ok(value),
                Step::Ask(ask) => asking.answer(self.answer(ask)),
            }
        }
        panic!("no end of questions")
    }

    fn answer(&mut self, ask: Ask) -> Answer {
        match ask {
            Ask::Env(name) => self.variables.get(&name).cloned().map_or(Answer::Nothing, Answer::Text),
            Ask::File(path) => match self.files.get(&path) {
                Some(text) => Answer::Bytes(text.clone().into()),
                None if path.ends_with("/meta.json") && !self.context.is_empty() => {
                    Answer::Bytes(self.context.clone().into())
                }
                None => Answer::Nothing,
            },
            Ask::Exists(path) if self.files.contains_key(&path) => Answer::Done,
            Ask::List(_) => Answer::Names(vec!["a".into(), "b".into()]),
            Ask::Write { path, contents, .. } => {
                self.files.insert(path, String::from_utf8(contents).expect("JSON"));
                Answer::Done
            }
            Ask::Remove(path) => {
                self.files.retain(|file, _| !file.starts_with(&path));
                Answer::Done
            }
            Ask::Run(program) => self.run(&program),
            _ => Answer::Nothing,
        }
    }

    fn run(&mut self, program: &Program) -> Answer {
        let stdin = String::from_utf8_lossy(&program.stdin).into_owned();
        let mut told = String::new();
        let code = match &*program.args.concat() {
            "store" => {
                let value: Value = serde_json::from_str(&stdin).expect("a document");
                self.kept.insert(format!("{} {}", program.name, value["ServerURL"].as_str().expect("a URL")), value);
                0
            }
            "list" => {
                told = json!({ "reg:5000": "x" }).to_string();
                0
            }
            verb => match self.kept.get(&format!("{} {stdin}", program.name)) {
                None => {
                    told = "credentials not found in native keychain".into();
                    1
                }
                Some(value) => {
                    told = value.to_string();
                    if verb == "erase" {
                        self.kept.remove(&format!("{} {stdin}", program.name));
                    }
                    0
                }
            },
        };
        Answer::Ran { code: Some(code), stdout: told.into() }
    }
}
