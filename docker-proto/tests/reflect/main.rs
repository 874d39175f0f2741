//! What the API has, told at run time, against the facts.

use docker_proto::ErrorKind;
use docker_proto::api::{TABLE, reflect};
use docker_proto::model::{ApiVersion, Shape};
use docker_proto::op::{BodySpec, Kind, ParamType, Place};
use serde_json::Value;
use std::collections::BTreeSet;

fn v(minor: u16) -> ApiVersion {
    ApiVersion::new(1, minor)
}

/// The ids that the description of a version has.
fn documented(minor: u16) -> BTreeSet<String> {
    let facts: Vec<Value> = serde_json::from_str(include_str!("../data/facts/operations.json")).expect("a JSON list");
    let number = |row: &Value, key: &str| -> Option<u16> { row.get(key)?.as_str()?.strip_prefix("1.")?.parse().ok() };
    let known = |row: &&Value| {
        row["documented"] == Value::Bool(true)
            && number(row, "since").is_none_or(|since| since <= minor)
            && number(row, "until").is_none_or(|until| minor <= until)
    };
    facts.iter().filter(known).map(|row| row["id"].as_str().expect("an id").into()).collect()
}

#[test]
fn versions_have_as_many_operations_as_their_descriptions() {
    for (minor, categories, operations) in
        [(24, 17, 79), (25, 19, 94), (30, 21, 103), (35, 22, 105), (40, 22, 106), (41, 22, 106), (55, 22, 108)]
    {
        assert_eq!(reflect::operations(v(minor)).unwrap().len(), operations, "1.{minor}");
        assert_eq!(reflect::categories(v(minor)).unwrap().len(), categories, "1.{minor}");
    }
    for minor in 24..=55 {
        let ours: BTreeSet<String> = reflect::operations(v(minor)).unwrap().iter().map(|o| o.id().into()).collect();
        assert_eq!(ours, documented(minor), "1.{minor}");
    }
}

#[test]
fn the_categories_are_the_first_path_segments() {
    let all = [
        "_ping",
        "auth",
        "build",
        "commit",
        "configs",
        "containers",
        "distribution",
        "events",
        "exec",
        "images",
        "info",
        "networks",
        "nodes",
        "plugins",
        "secrets",
        "services",
        "session",
        "swarm",
        "system",
        "tasks",
        "version",
        "volumes",
    ];
    assert_eq!(reflect::categories(v(40)).unwrap(), all);
}

#[test]
fn a_version_that_nobody_knows_is_refused() {
    for version in [v(23), v(56), ApiVersion::new(2, 0)] {
        let e = reflect::operations(version).unwrap_err();
        assert_eq!(e.kind(), ErrorKind::Version);
        assert!(e.message().contains("1.24 to 1.55"), "{e}");
        assert_eq!(reflect::categories(version).unwrap_err().kind(), ErrorKind::Version);
    }
}

#[test]
fn each_operation_is_there_once_with_all_its_views() {
    let all: Vec<_> = reflect::all().collect();
    let ids: BTreeSet<_> = all.iter().map(|o| o.id()).collect();
    assert_eq!(ids.len(), all.len());
    assert_eq!(all.iter().map(|o| o.views().len()).sum::<usize>(), TABLE.len());
    for id in ids {
        assert_eq!(reflect::operation(id).unwrap().id(), id);
    }
    let e = reflect::operation("ImageLst").unwrap_err();
    assert!(e.message().contains("ImageList"), "{e}");
}

#[test]
fn everything_is_documented_in_plain_words() {
    for operation in reflect::all() {
        for text in [operation.summary(), operation.doc()] {
            assert!(text.len() > 10 && text.ends_with('.') && !text.starts_with(' '), "{}: {text:?}", operation.id());
            assert!(!text.contains("](") && !text.contains("[`"), "{}: {text:?}", operation.id());
        }
        assert!(!operation.summary().contains('\n'));
        for parameter in operation.parameters() {
            let fixed = parameter.views().iter().all(|(_, p)| p.fixed.is_some());
            assert!(fixed || parameter.doc().ends_with('.'), "{} {}", operation.id(), parameter.name());
        }
    }
}

#[test]
fn one_operation_in_full() {
    let logs = reflect::operation("ContainerLogs").unwrap();
    assert_eq!((logs.category(), logs.method().as_str(), logs.path()), ("containers", "GET", "/containers/{id}/logs"));
    assert_eq!(logs.documented(), Some(v(24)));
    assert_eq!(logs.views()[0].kind, Kind::Output);
    let parameters = logs.parameters();
    let named = |name: &str| parameters.iter().find(|p| p.name() == name).expect(name);
    assert!(matches!(named("id").place(), Place::Path(_)));
    assert!(named("id").is_required() && !named("follow").is_required());
    assert_eq!((named("follow").place(), named("follow").spec().ty), (Place::Query, ParamType::Bool));
    assert_eq!(named("until").spec().since, Some(v(35)));
    assert!(named("until").is_in(v(35)) && !named("until").is_in(v(34)));
    assert!(!named("until").spec().many && named("until").spec().default.is_none());
    assert!(logs.bodies().is_empty());
}

#[test]
fn views_are_told_together() {
    let create = reflect::operation("ImageCreate").unwrap();
    assert!(create.views().len() > 1);
    let parameters = create.parameters();
    let named = |name: &str| parameters.iter().find(|p| p.name() == name).expect(name);
    assert!(!named("fromImage").is_required(), "an import has none");
    assert!(parameters.iter().any(|p| p.name() == "X-Registry-Auth" && p.place() == Place::Header));
    assert!(create.bodies().iter().any(|(body, _)| matches!(body, BodySpec::Upload(_))));

    let bodies = reflect::operation("ContainerCreate").unwrap().bodies();
    let [(BodySpec::Json { required: true }, Some(Shape::Model(model)))] = bodies[..] else { panic!("{bodies:?}") };
    assert!(model.field("Image").is_some());
    let list = reflect::operation("ContainerList").unwrap();
    assert_eq!(list.views()[0].reply_shape.expect("JSON").to_string(), "[ContainerSummary]");
}

#[test]
fn what_is_routed_but_in_no_description_is_marked() {
    let hidden: Vec<_> = reflect::all().filter(|o| o.documented().is_none()).map(|o| o.id()).collect();
    assert_eq!(hidden.len(), 13, "{hidden:?}");
    for version in 24..=55 {
        assert!(reflect::operations(v(version)).unwrap().iter().all(|o| !hidden.contains(&o.id())));
    }
    assert!(reflect::operation("CheckpointList").unwrap().is_in(v(25)));
    assert!(!reflect::operation("CheckpointList").unwrap().is_in(v(24)));
    assert_eq!(reflect::operation("CheckpointList").unwrap().versions(), (Some(v(25)), None));
}
