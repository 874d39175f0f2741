//! What is printed with `{:?}` shows no secret, wherever one is kept.

use crate::common::pinned;
use base64::Engine as _;
use docker_proto::api::{build, containers, images, secrets, swarm, system};
use docker_proto::credentials::{Login, Store};
use docker_proto::model::{ApiVersion, AuthConfig, AuthResponse, JoinTokens, SecretSpec, SwarmJoinBody};
use docker_proto::op::{Done, Encode, Encoded, Invoke, Raw, RegistryAuth, RegistryConfig, RequestWriter};
use docker_proto::resolve::{Answer, Ask, Environment, Program};
use docker_proto::session::{
    Builder, CallOptions, Client, Config, Core, Endpoint, HostSpec, Pool, PoolLimits, Verb, VersionChoice,
};
use docker_proto::testkit::Bench;
use docker_proto::wire::{BodyPiece, Exchange, Method, RecvBuf, RequestBody, RequestHead};
use std::fmt::Debug;
use std::sync::Arc;
use std::task::{Context, Waker};

const SECRET: &str = "sw~ordf;ish";

/// What a secret looks like, however it is printed.
fn forms() -> Vec<String> {
    let listed = format!("{:?}", SECRET.as_bytes());
    let percent = SECRET.replace('~', "%7E").replace(';', "%3B");
    // Of base64 the middle: what stands at the ends depends on what is around.
    let coded = |before: &str| {
        let text = base64::engine::general_purpose::STANDARD.encode(format!("{before}{SECRET}{before}"));
        let inside = text.trim_end_matches('=');
        inside[4..inside.len() - 4].to_owned()
    };
    let mut forms = vec![SECRET.into(), percent, SECRET.replace(';', "%3B"), listed[1..listed.len() - 1].into()];
    forms.extend(["", "a", "ab"].map(coded));
    forms
}

struct Shown(Vec<(&'static str, String)>);

impl Shown {
    fn add(&mut self, name: &'static str, value: &dyn Debug) {
        self.0.push((name, format!("{value:?}\n{value:#?}")));
    }

    fn check(self) {
        let forms = forms();
        let found: Vec<_> =
            self.0.iter().filter(|(_, text)| forms.iter().any(|f| text.replace("\n", "").contains(f))).collect();
        assert!(found.is_empty(), "{found:#?}");
        // Bytes one to a line, as `{:#?}` has them.
        let lines: String = SECRET.bytes().map(|b| format!("{b},")).collect();
        for (name, text) in &self.0 {
            assert!(!text.split_whitespace().collect::<String>().contains(&lines), "{name}: {text}");
        }
    }
}

fn options() -> CallOptions {
    let mut options = CallOptions::default();
    options.headers.push(("Authorization".into(), format!("Bearer {SECRET}")));
    options
}

fn config() -> Config {
    let mut config = Config::new(&Endpoint::default());
    config.headers.push(("X-Token".into(), SECRET.into()));
    config.version = VersionChoice::Pinned(ApiVersion::new(1, 44));
    config
}

#[test]
fn settings_and_credentials() {
    let mut shown = Shown(Vec::new());
    shown.add("Config", &config());
    shown.add("Client", &Client::new(config()));
    shown.add("CallOptions", &options());
    let url = format!("tcp://me:{}@host", SECRET.replace(';', "%3B"));
    let builder = Builder::new(|_: Endpoint, _: Config, _: PoolLimits| ()).header("X-Token", SECRET).url(&*url);
    shown.add("Builder", &builder);
    shown.add("its error", &builder.build().expect_err("user information"));
    shown.add("HostSpec", &HostSpec::parse(&url).expect_err("user information"));
    let auth = AuthConfig::new().username("me").password(SECRET).identity_token(SECRET).registry_token(SECRET);
    shown.add("AuthConfig", &auth);
    shown.add("RegistryAuth", &RegistryAuth::from(auth.clone()));
    shown.add("RegistryAuth::password", &RegistryAuth::password("me", SECRET, "r:5000"));
    shown.add("RegistryConfig", &RegistryConfig::from([("r:5000", auth.clone())]));
    shown.add("Login", &Login::new("r:5000", "me", SECRET));
    shown.add("Login::check", &Login::new("r:5000", "me", SECRET).check());
    shown.add("Store", &Store::new(auth.clone()));
    shown.add("AuthResponse", &AuthResponse::new().identity_token(SECRET));
    shown.add("Environment", &Environment::from([("DOCKER_AUTH_CONFIG", SECRET)]));
    shown.add("Program", &Program::new("docker-credential-x", ["get"]).stdin(SECRET));
    shown.add("Ask", &Ask::Run(Program::new("docker-credential-x", ["get"]).stdin(SECRET)));
    shown.add("Answer", &[Answer::Text(SECRET.into()), Answer::Bytes(SECRET.into())]);
    shown.add("JoinTokens", &JoinTokens::new().worker(SECRET).manager(SECRET));
    shown.check();
}

#[test]
fn operations_and_requests() {
    let mut shown = Shown(Vec::new());
    let auth = || RegistryAuth::password("me", SECRET, "r:5000");
    let pull = images::Pull::new("r:5000/app").registry_auth(auth());
    shown.add("Pull", &pull);
    shown.add("Auth", &system::Auth::new(AuthConfig::new().password(SECRET)));
    shown.add("SecretCreate", &secrets::Create::new(SecretSpec::new().name("s").data(SECRET)));
    shown.add("SwarmJoin", &swarm::Join::new(SwarmJoinBody::new().join_token(SECRET)));
    let url = format!("https://me:{}@git.example/app.git", SECRET.replace(';', "%3B"));
    shown.add("FromRemote", &build::FromRemote::new(&*url));
    shown.add("ImportFrom", &images::ImportFrom::new(&*url));
    shown.add("BuildArgs", &build::FromTar::new().buildargs([("HTTP_PROXY", &*url)]));
    let json = format!(r#"{{"username":"me","password":{SECRET:?}}}"#);
    shown.add("Invoke", &Invoke::new("ImageCreate").unwrap().set("X-Registry-Auth", &*json).unwrap());
    shown.add("Invoke with a body", &Invoke::new("SystemAuth").unwrap().body(json.clone()).unwrap());
    let raw = Raw::<Done>::post("/x").header("X-Token", SECRET).json(&json).unwrap();
    shown.add("Raw", &raw);
    let mut encoded = Encoded::default();
    let mut writer = RequestWriter::new(images::Pull::SPEC, None, None, &mut encoded);
    pull.encode(&mut writer).unwrap();
    shown.add("RequestWriter", &writer);
    writer.finish().unwrap();
    shown.add("Encoded", &encoded);
    let mut head = RequestHead::new(Method::Post, "/auth").unwrap();
    head.header("X-Token", SECRET).unwrap();
    shown.add("RequestHead", &head);
    let request = head.finish(RequestBody::Full(json.clone().into()));
    shown.add("Request", &request);
    shown.add("BodyPiece", &BodyPiece::Owned(json.into()));
    let mut exchange = Exchange::start(request, RecvBuf::new());
    shown.add("Exchange", &exchange);
    shown.add("Wants", &exchange.wants());
    let mut recv = RecvBuf::new();
    recv.room()[..SECRET.len()].copy_from_slice(SECRET.as_bytes());
    recv.filled(SECRET.len());
    shown.add("RecvBuf", &recv);
    let mut pool = Pool::new(PoolLimits::default());
    let mut old = Vec::new();
    pool.put("link", recv, 0, std::time::Duration::ZERO, &mut old);
    shown.add("Pool", &pool);
    shown.check();
}

#[test]
fn calls_on_their_way() {
    let mut shown = Shown(Vec::new());
    let pull = || images::Pull::new("r:5000/app").registry_auth(RegistryAuth::password("me", SECRET, "r:5000"));
    let mut core = Core::new(Arc::new(Client::new(config())), Box::new(pull()), Verb::Begin, options());
    core.connected(false, RecvBuf::new());
    let _ = core.poll();
    shown.add("Core", &core);
    shown.add("Io", &core.io(std::time::Duration::ZERO));
    let bench = Bench::new(docker_proto::testkit::Script::new().jam());
    let mut items = bench.begin_with(&pinned(), pull(), options());
    let _ = items.poll_next(&mut Context::from_waker(Waker::noop()));
    shown.add("Items", &items);
    let list = bench.begin_with(&pinned(), containers::List::new(), options());
    shown.add("Items that have not begun", &list);
    let answer = "HTTP/1.1 200 OK\r\nSet-Cookie: session=sw~ordf;ish\r\nAuthorization: sw~ordf;ish\r\n\r\n";
    let mut exchange =
        Exchange::start(RequestHead::new(Method::Get, "/").unwrap().finish(RequestBody::None), RecvBuf::new());
    let room = exchange.wants().read.expect("room");
    room[..answer.len()].copy_from_slice(answer.as_bytes());
    exchange.read(answer.len());
    shown.add("ResponseHead", &exchange.poll().unwrap());
    shown.check();
}
