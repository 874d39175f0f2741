//! Values of operations by name: which texts are taken, and what they become.

use docker_proto::ErrorKind::Usage;
use docker_proto::api::TABLE;
use docker_proto::model::ApiVersion;
use docker_proto::op::{Encode, Encoded, Invoke, ParamType, Pick, RequestWriter};
use serde_json::json;

/// What a request with this one value is, path and query.
fn target(id: &str, path: &str, name: &str, text: &str) -> String {
    let op = Invoke::new(id).unwrap();
    let op = if path.is_empty() { op } else { op.set(path, "x").unwrap() };
    encoded(&op.set(name, text).unwrap_or_else(|e| panic!("{name}: {text:?}: {e}"))).target
}

fn encoded(op: &Invoke) -> Encoded {
    let mut out = Encoded::default();
    let mut writer = RequestWriter::new(op.view(), Some(ApiVersion::new(1, 55)), None, &mut out);
    op.encode(&mut writer).unwrap();
    writer.finish().unwrap();
    out
}

fn refused(id: &str, name: &str, text: &str) -> String {
    let e = Invoke::new(id).unwrap().set(name, text).expect_err(text);
    assert_eq!(e.kind(), Usage);
    assert!(e.message().starts_with(&format!("{id}: parameter {name} ")), "{e}");
    e.message().into()
}

#[test]
fn booleans() {
    for (text, sent) in [("1", "1"), ("true", "1"), ("0", "0"), ("false", "0")] {
        assert_eq!(target("ContainerList", "", "all", text), format!("/containers/json?all={sent}"));
    }
    // Engines take some of these as true and some as false, each in its own way.
    for text in ["", "yes", "no", "True", "FALSE", "on", "t", "2", " 1", "1 ", "none"] {
        assert!(refused("ContainerList", "all", text).contains("is a boolean"));
    }
}

#[test]
fn numbers() {
    let most = i64::MAX.to_string();
    for text in ["0", "-1", "10", &most] {
        assert_eq!(target("ContainerList", "", "limit", text), format!("/containers/json?limit={text}"));
    }
    for text in ["", "1.0", "1e3", "+5", " 5", "0x10", "9223372036854775808", "ten", "5s"] {
        assert!(refused("ContainerList", "limit", text).contains("is a whole number"));
    }
    let most = u64::MAX.to_string();
    let update = |version: &str| {
        Invoke::new("NodeUpdate").unwrap().set("id", "x").unwrap().set("version", version).unwrap().body("{}").unwrap()
    };
    assert_eq!(encoded(&update(&most)).target, format!("/nodes/x/update?version={most}"));
    for text in ["-1", "+1", "18446744073709551616", ""] {
        assert!(refused("NodeUpdate", "version", text).contains("not negative"));
    }
}

#[test]
fn moments() {
    for (text, sent) in [
        ("1704161045", "1704161045"),
        ("1704161045.5", "1704161045.500000000"),
        ("2024-01-02T03:04:05.5+01:00", "1704161045.500000000"),
        ("2024-01-02T02:04:05Z", "1704161045"),
        ("0", "0"),
    ] {
        assert_eq!(target("ContainerLogs", "id", "since", text), format!("/containers/x/logs?since={sent}"));
        assert_eq!(target("SystemEvents", "", "until", text), format!("/events?until={sent}"));
    }
    for text in ["", "yesterday", "10m", "2024-01-02", "1.2.3", "2024-13-01T00:00:00Z"] {
        assert!(refused("ContainerLogs", "since", text).contains("is a time"));
    }
    // The other `since` is a container.
    let op = Invoke::new("ContainerList").unwrap().set("since", "web").unwrap();
    assert_eq!(op.get("since"), Some("web"));
}

#[test]
fn filters() {
    // The older form is understood as well as the newer one.
    for text in [r#"{"label":{"a=b":true}}"#, r#"{"label":["a=b"]}"#, "{}"] {
        let target = target("ContainerList", "", "filters", text);
        let sent = target.strip_prefix("/containers/json?filters=").unwrap();
        assert_eq!(
            sent,
            text.replace('{', "%7B")
                .replace('}', "%7D")
                .replace('"', "%22")
                .replace(':', "%3A")
                .replace('[', "%5B")
                .replace(']', "%5D")
                .replace('=', "%3D")
        );
    }
    for text in ["", "label=a", "[]", "null", r#"{"label":"a"}"#, r#"{"label":["#, "{} {}"] {
        assert!(refused("ContainerList", "filters", text).contains("JSON object of filters"), "{text}");
    }
}

#[test]
fn documents_in_a_query() {
    let sent = target("ImageHistory", "name", "platform", r#"{"os":"linux"}"#);
    assert_eq!(sent, "/images/x/history?platform=%7B%22os%22%3A%22linux%22%7D");
    for text in ["", "linux/amd64", "{", "{}{}"] {
        assert!(refused("ImageHistory", "platform", text).contains("is a JSON document"));
    }
    // Where an engine wants a text, any text goes.
    let sent = target("ImageCreate", "fromImage", "platform", "linux/amd64");
    assert_eq!(sent, "/images/create?fromImage=x&platform=linux%2Famd64");
}

#[test]
fn credentials() {
    let sent = |text: &str| {
        let op = Invoke::new("ImagePush").unwrap().set("name", "x").unwrap().set("X-Registry-Auth", text).unwrap();
        encoded(&op).headers
    };
    let field = |value: &str| vec![("X-Registry-Auth".into(), value.to_string())];
    // These bytes have `-` and `_` in the URL alphabet.
    assert_eq!(sent(r#"{"a":"~~~???"}"#), field("eyJhIjoifn5-Pz8_In0="));
    assert_eq!(sent(" {}"), field("IHt9"));
    assert_eq!(sent("eyJhIjoifn5-Pz8_In0="), field("eyJhIjoifn5-Pz8_In0="));
    // Without a word, engines would go on anonymously.
    for text in ["", "hunter2", "{hunter2", "eyJhIjoifn5+Pz8/In0=", "eyJhIjoifn5-Pz8_In0", "aHVudGVyMg=="] {
        let message = refused("ImagePush", "X-Registry-Auth", text);
        assert!(text.is_empty() || !message.contains(text), "a secret is shown: {message}");
    }
    // A push never goes without.
    let op = Invoke::new("ImagePush").unwrap().set("name", "x").unwrap();
    assert_eq!(encoded(&op).headers, field("e30="));
}

#[test]
fn one_value_or_many() {
    let mut checked = 0;
    for row in TABLE.iter().filter(|row| row.pick == Pick::Default) {
        for param in row.params.iter().filter(|p| p.fixed.is_none()) {
            let text = match param.ty {
                ParamType::Text => "a",
                ParamType::Filters | ParamType::Json | ParamType::Auth => "{}",
                _ => "1",
            };
            let once = Invoke::new(row.id).unwrap().set(param.name, text).unwrap();
            let what = format!("{}.{}", row.id, param.name);
            assert_eq!(once.get(param.name), Some(text), "{what}");
            match once.set(param.name, text) {
                Ok(_) => assert!(param.many, "{what} was taken twice"),
                Err(e) => assert!(!param.many && e.message().contains("takes one value, a second one"), "{what}: {e}"),
            }
            checked += 1;
        }
    }
    assert!(checked > 250, "{checked}");
}

#[test]
fn near_names_are_found_for_every_operation() {
    for row in TABLE {
        // One letter too many.
        let e = Invoke::new(&format!("{}x", row.id)).expect_err("no such operation");
        assert!(e.message().ends_with(&format!("did you mean {}?", row.id)), "{e}");
    }
}

#[test]
fn what_belongs_to_another_view_is_refused() {
    let op = Invoke::new("ImageCreate").unwrap().set("fromImage", "a").unwrap().set("fromSrc", "-").unwrap();
    assert_eq!(op.view().name, "images::Import");
    let mut out = Encoded::default();
    let e = op.encode(&mut RequestWriter::new(op.view(), None, None, &mut out)).unwrap_err();
    assert!(e.kind() == Usage && e.message().contains("no parameter \"fromImage\""), "{e}");
}

#[test]
fn one_object_of_values() {
    let list = |values| Invoke::new("ContainerList").unwrap().set_all(&values);
    let op = list(json!({"all": true, "limit": 5, "filters": {"status": ["exited"]}, "size": null})).unwrap();
    let filters = "%7B%22status%22%3A%5B%22exited%22%5D%7D";
    let target = encoded(&op).target;
    for part in ["all=1", "limit=5", &format!("filters={filters}")] {
        assert!(target.contains(part), "{part} is not in {target}");
    }
    assert!(!target.contains("size"));
    for (values, part) in [
        (json!([]), "must be a JSON object"),
        (json!({"al": true}), "did you mean all?"),
        (json!({"all": "maybe"}), "is a boolean"),
        (json!({"all": [true]}), "is a boolean"),
        (json!({"limit": 1.5}), "is a whole number"),
        (json!({"body": {}}), "no parameter and no body member \"body\""),
    ] {
        let e = list(values.clone()).expect_err("refused");
        assert!(e.kind() == Usage && e.message().contains(part), "{values}: {e}");
    }
    let create = |values| Invoke::new("ContainerCreate").unwrap().set_all(&values);
    let op = create(json!({"name": "web", "Image": "nginx", "Env": ["A=b"]})).unwrap();
    let out = encoded(&op);
    assert_eq!(out.target, "/containers/create?name=web");
    let e = create(json!({"Imgae": "nginx"})).unwrap_err();
    assert!(e.message().contains("did you mean Image?"), "{e}");
    let e = create(json!({"Image": "nginx", "body": {}})).unwrap_err();
    assert!(e.message().contains("whole and in parts"), "{e}");
    let names = Invoke::new("ImageGetAll").unwrap().set_all(&json!({"names": ["a", "b"]})).unwrap();
    assert_eq!(encoded(&names).target, "/images/get?names=a&names=b");
}

#[test]
fn a_start_without_a_document_is_a_start() {
    let op = Invoke::new("ExecStart").unwrap().set("id", "e").unwrap();
    assert_eq!((op.view().name, encoded(&op).content_type), ("exec::Start", Some("application/json")));
    assert_eq!(encoded(&op).body, docker_proto::wire::RequestBody::Full("{}".into()));
}
