use docker_proto::api::{containers, system};
use docker_proto::model::{ApiVersion, AuthConfig, ContainerCreateBody};
use docker_proto::observe::{Observer, Printer, Reveal};
use docker_proto::op::{Raw, Upgraded};
use docker_proto::session::{Client, VersionChoice};
use docker_proto::testkit::{Bench, Recording, Script, Transcript, Want};
use std::sync::{Arc, Mutex};

fn client(observer: impl Observer + 'static) -> Arc<Client> {
    Bench::client_with(|config| {
        config.version = VersionChoice::Pinned(ApiVersion::new(1, 41));
        config.headers.push(("X-Key".into(), "hush".into()));
        config.observers.clear();
        config.observers.push(observer);
    })
}

fn create() -> containers::Create {
    let body = ContainerCreateBody::new().image("alpine").env(["TOKEN=s3cret", "B"]).cmd(["sh"]);
    containers::Create::new(body).name("web")
}

#[test]
fn what_is_printed_reads_like_http_and_holds_no_secret() {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let printer = || {
        let lines = lines.clone();
        Printer::new(move |line| lines.lock().unwrap().push(line.to_owned()))
    };
    let script = |cut: bool| {
        let script = Script::new().expect(Want::from("POST /v1.41/containers/create?name=web"));
        let answer = "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nX-Own: o\r\nContent-Length: 38\r\n\r\n\
                      {\"Id\":\"abc\",\"Warnings\":[],\"Token\":\"t\"}";
        if cut { script.reply_bytewise(answer) } else { script.reply(answer) }
    };
    for cut in [false, true] {
        Bench::new(script(cut)).call(&client(printer()), create()).unwrap();
        let printed = std::mem::take(&mut *lines.lock().unwrap());
        assert_eq!(
            printed,
            [
                "1 + dialled",
                "1 > POST /v1.41/containers/create?name=web HTTP/1.1",
                "1 > Host: docker",
                concat!("1 > User-Agent: docker-proto/", env!("CARGO_PKG_VERSION")),
                "1 > X-Key: ***",
                "1 > Content-Type: application/json",
                "1 > Content-Length: 58",
                "1 >",
                "1 > {",
                "1 >   \"Env\": [",
                "1 >     \"TOKEN=***\",",
                "1 >     \"B\"",
                "1 >   ],",
                "1 >   \"Cmd\": [",
                "1 >     \"sh\"",
                "1 >   ],",
                "1 >   \"Image\": \"alpine\"",
                "1 > }",
                "1 < HTTP/1.1 201 Created",
                "1 < Content-Type: application/json",
                "1 < X-Own: ***",
                "1 < Content-Length: 38",
                "1 <",
                "1 < {",
                "1 <   \"Id\": \"abc\",",
                "1 <   \"Warnings\": [],",
                "1 <   \"Token\": \"***\"",
                "1 < }",
            ],
            "in single bytes: {cut}"
        );
    }
    let shows = printer().reveal(Reveal::new().field("X-Key"));
    Bench::new(script(false)).call(&client(shows), create()).unwrap();
    assert!(lines.lock().unwrap().contains(&"1 > X-Key: hush".to_owned()));
}

#[test]
fn a_recording_is_played_back() {
    let script = || {
        Script::new()
            .expect("POST /v1.41/auth")
            .json(200, r#"{"Status":"in","IdentityToken":"t0ken"}"#)
            .expect("POST /v1.41/containers/create?name=web")
            .json(201, r#"{"Id":"abc","Warnings":[]}"#)
    };
    let recording = Recording::new();
    let engine = Bench::new(script());
    let auth = || system::Auth::new(AuthConfig::new().username("u").password("~open~"));
    let calls = |bench: &Bench, client: &Arc<Client>| {
        let token = bench.call(client, auth()).unwrap().identity_token.unwrap();
        (token.to_string(), bench.call(client, create()).unwrap().id)
    };
    let seen = calls(&engine, &client(recording.clone()));
    assert_eq!(seen.0, "t0ken");
    let text = recording.transcript().to_string();
    for secret in ["t0ken", "open", "s3cret", "hush"] {
        assert!(!text.contains(secret), "{text}");
    }
    for line in ["1 > X-Key: \\*\\r\\n", "\"TOKEN=\\*\",\"B\"", "\"IdentityToken\":\"*****\""] {
        assert!(text.contains(line), "{line} in {text}");
    }
    let replay = Bench::new(Script::from(Transcript::parse(&text).unwrap()));
    let played = calls(&replay, &client(Recording::new()));
    assert_eq!(played, ("*****".into(), seen.1));
    replay.finish();
}

#[test]
fn the_input_of_a_session_is_seen_and_counted() {
    use docker_proto::drive::Outgoing;
    use std::task::Poll;

    let told = super::Told::default();
    let recording = Recording::new();
    let both = client(recording.clone());
    let mut config = both.config().clone();
    config.observers.push(told.clone());
    let both = Arc::new(Client::new(config));
    let head = "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n";
    let bench = Bench::new(Script::new().expect("POST /v1.41/x").reply(head).reply("hi").close());
    let mut session = bench.begin(&both, Raw::<Upgraded>::upgrade_tcp("/x"));
    bench.run(|cx| session.poll_head(cx)).unwrap();
    let mut outgoing = Outgoing::new(session.core());
    // A transport that takes two bytes at a time.
    let mut write = |bytes: &[u8]| Poll::Ready(Ok::<_, ()>(bytes.len().min(2)));
    assert_eq!(outgoing.poll_write(b"typed", &mut write), Poll::Ready(Ok(2)));
    assert_eq!(outgoing.poll_write(b"ped", &mut write), Poll::Ready(Ok(2)));
    assert_eq!(outgoing.poll_write(b"d", &mut write), Poll::Ready(Ok(1)));
    assert_eq!(outgoing.poll_close(&mut write), Poll::Ready(Ok(true)));
    assert_eq!(outgoing.poll_close(&mut write), Poll::Ready(Ok(true)));
    bench.collect(&mut session);
    let text = recording.transcript().to_string();
    assert!(text.ends_with("1 > typed\n1 |\n1 < hi\n1 -\n"), "{text}");
    let ended = told.ended().remove(0);
    assert_eq!(ended.bytes.1, (head.len() + 2) as u64);
    let lines = told.lines();
    let Some(request) = lines.iter().find_map(|line| line.split_once("Sent { bytes: ")) else { panic!("{lines:?}") };
    assert_eq!(ended.bytes.0, request.1.trim_end_matches(" }").parse::<u64>().unwrap() + 5);
}
