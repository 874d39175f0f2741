//! Images that are to be there.

use super::run as job;
use super::run::DOCKER;
use docker_proto::ErrorKind;
use docker_proto::jobs::ensure_image;
use docker_proto::testkit::{Script, Want};
use std::sync::{Arc, Mutex};

const HERE: &str = r#"{"Id":"sha256:1","Os":"linux","Architecture":"amd64"}"#;
const GONE: &str = r#"{"message":"No such image: alpine:latest"}"#;

fn pulls(script: Script, query: &str) -> Script {
    let script = script.expect(&*format!("POST /v1.41/images/create?{query}"));
    script.chunks(200, DOCKER, &["{\"status\":\"Pulling\",\"id\":\"3\"}\r\n[]\r\n", "{\"status\":\"Done\"}\r\n"])
}

#[test]
fn one_that_is_there_is_left_alone() {
    let script = Script::new().expect("GET /v1.41/images/team/app:1/json").json(200, HERE);
    let (done, bench) = job(script, ensure_image("team/app:1"));
    let ensured = done.unwrap();
    assert_eq!((ensured.pulled, ensured.image.id.as_deref()), (false, Some("sha256:1")));
    bench.finish();
}

#[test]
fn one_that_is_missing_is_pulled() {
    for (name, query) in [
        ("alpine", "fromImage=alpine&tag=latest"),
        ("docker.io/library/alpine:3", "fromImage=alpine&tag=3"),
        ("localhost:5000/a/b:1", "fromImage=localhost%3A5000%2Fa%2Fb&tag=1"),
    ] {
        let inspect = format!("GET /v1.41/images/{name}/json");
        let script = pulls(Script::new().expect(&*inspect).json(404, GONE), query).expect(&*inspect).json(200, HERE);
        let seen = Arc::new(Mutex::new(Vec::new()));
        let kept = seen.clone();
        let work = ensure_image(name).watch(move |progress| kept.lock().unwrap().push(progress.status));
        let (done, bench) = job(script, work);
        assert!(done.unwrap().pulled);
        bench.finish();
        // What cannot be read is left out.
        assert_eq!(*seen.lock().unwrap(), [Some("Pulling".to_string()), Some("Done".to_string())]);
    }
}

#[test]
fn a_digest_is_pulled_as_one() {
    let digest = format!("sha256:{}", "a".repeat(64));
    let inspect = format!("GET /v1.41/images/alpine%40sha256%3A{}/json", "a".repeat(64));
    let inspect = Want::any().check(inspect, |asked| asked.head().starts_with("GET /v1.41/images/alpine"));
    let script = Script::new().expect(inspect.clone()).json(404, GONE);
    let script =
        pulls(script, &format!("fromImage=alpine&tag={}", digest.replace(':', "%3A"))).expect(inspect).json(200, HERE);
    let (done, bench) = job(script, ensure_image(format!("alpine@{digest}")));
    assert!(done.unwrap().pulled);
    bench.finish();
}

#[test]
fn one_for_another_platform_is_not_the_one() {
    let arm = r#"{"Id":"sha256:2","Os":"linux","Architecture":"arm64","Variant":"v8"}"#;
    for (platform, first, pulled) in [
        ("linux", arm, false),
        ("linux/arm64", arm, false),
        ("linux/arm64/v8", arm, false),
        ("linux/arm64", HERE, true),
    ] {
        let mut script = Script::new().expect("GET /v1.41/images/alpine/json").json(200, first);
        if pulled {
            script =
                pulls(script, "fromImage=alpine&tag=latest&platform=linux%2Farm64").expect(Want::any()).json(200, arm);
        }
        let (done, bench) = job(script, ensure_image("alpine").platform(platform));
        assert_eq!(done.unwrap().pulled, pulled, "{platform}");
        bench.finish();
    }
    // A registry that gives another one.
    let script = Script::new().expect(Want::any()).json(200, HERE);
    let script =
        pulls(script, "fromImage=alpine&tag=latest&platform=linux%2Farm64").expect(Want::any()).json(200, HERE);
    let (done, _) = job(script, ensure_image("alpine").platform("linux/arm64"));
    assert!(done.unwrap_err().message().contains("alpine was pulled for"));
}

#[test]
fn what_is_no_name_cannot_be_pulled() {
    let script = Script::new().expect(Want::any()).json(404, r#"{"message":"No such image: 0123"}"#);
    let (done, bench) = job(script, ensure_image(format!("sha256:{}", "0".repeat(64))));
    let e = done.unwrap_err();
    assert_eq!(e.kind(), ErrorKind::Usage);
    assert!(e.message().contains("an image id is not a name"), "{e}");
    bench.finish();
    let script = Script::new().expect(Want::any()).json(500, r#"{"message":"sick"}"#);
    assert_eq!(job(script, ensure_image("alpine")).0.unwrap_err().message(), "sick");
}
