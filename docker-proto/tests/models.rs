//! The models against the facts: every document of every type survives a round trip, whatever an engine leaves out.
//!
//! `data/examples` are the samples of the published description; `data/models.json` has, for each type, a document in
//! which every field of every API version is set, the places of enums, and the version bounds.

use docker_proto::Result;
use docker_proto::model::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;

type Bounds = BTreeMap<String, (Option<String>, Option<String>)>;

struct Type {
    /// Decodes and encodes again.
    again: fn(&Value) -> std::result::Result<Value, String>,
    bounds: fn(&Value) -> Bounds,
}

fn again<T: Serialize + DeserializeOwned>(document: &Value) -> std::result::Result<Value, String> {
    let typed: T = serde_json::from_str(&document.to_string()).map_err(|e| e.to_string())?;
    serde_json::to_value(&typed).map_err(|e| e.to_string())
}

fn bounds<T: DeserializeOwned + Gated>(document: &Value) -> Bounds {
    let typed: T = serde_json::from_value(document.clone()).unwrap();
    let mut found = Bounds::new();
    let mut report = |path: &str, since: Option<ApiVersion>, until: Option<ApiVersion>| -> Result<()> {
        found.insert(path.into(), (since.map(|v| v.to_string()), until.map(|v| v.to_string())));
        Ok(())
    };
    typed.gates(&mut Gate::new("", &mut report)).unwrap();
    found
}

fn of_list<T: Serialize + DeserializeOwned + Gated>() -> Option<Type> {
    Some(Type { again: again::<Vec<T>>, bounds: |_| Bounds::new() })
}

macro_rules! types {
    ($($name:ident),* $(,)?) => {
        fn of(name: &str) -> Option<Type> {
            match name {
                $(stringify!($name) => Some(Type { again: again::<$name>, bounds: bounds::<$name> }),)*
                "GenericResources" => of_list::<GenericResource>(),
                "ImageDelete" => of_list::<ImageDeleteResponseItem>(),
                _ => None,
            }
        }
    };
}

types!(
    ClusterInfo,
    ContainerConfig,
    ContainerCreateBody,
    ContainerCreateResponse,
    ContainerInspectResponse,
    ContainerSummary,
    ContainerUpdateBody,
    ContainerWaitResponse,
    DeviceRequest,
    DriverData,
    EndpointSettings,
    ErrorResponse,
    EventActor,
    EventMessage,
    ExecConfig,
    ExecInspectResponse,
    ExecStartConfig,
    Health,
    HostConfig,
    IdResponse,
    ImageDeleteResponseItem,
    ImageManifestSummary,
    ImageSummary,
    Mount,
    MountPoint,
    NetworkSettings,
    NetworkingConfig,
    OCIDescriptor,
    OCIPlatform,
    PortSummary,
    RegistryServiceConfig,
    Runtime,
    SwarmInfo,
    SwarmSpec,
    SystemInfo,
    SystemVersion,
);

/// Which type reads an example file.
fn type_of(file: &str) -> Type {
    let name = match file.split('.').nth(1).unwrap() {
        "ContainerCreate" => "ContainerCreateBody",
        "ContainerUpdate" => "ContainerUpdateBody",
        "ContainerExec" => "ExecConfig",
        "ExecInspect" => "ExecInspectResponse",
        "ExecStart" => "ExecStartConfig",
        name => name,
    };
    of(name).unwrap_or_else(|| panic!("no type for {file}"))
}

/// Where the samples are not what engines send: place, what is written there, what an engine sends (`null`: nothing).
fn corrections(file: &str) -> Vec<(&'static str, Value, Value)> {
    match file.split('.').nth(1).unwrap() {
        "EndpointSettings" => vec![("/GwPriority", json!([10]), json!(10))],
        "ContainerSummary" => vec![
            ("/Created", json!("1739811096"), json!(1739811096)),
            ("/SizeRw", json!("122880"), json!(122880)),
            ("/SizeRootFs", json!("1653948416"), json!(1653948416)),
        ],
        "ContainerInspectResponse" => {
            vec![("/SizeRw", json!("122880"), json!(122880)), ("/SizeRootFs", json!("1653948416"), json!(1653948416))]
        }
        "ImageSummary" => vec![("/Created", json!("1644009612"), json!(1644009612))],
        "SystemInfo" => vec![
            ("/DefaultAddressPools/0/Size", json!("24"), json!(24)),
            ("/Swarm/Cluster/DefaultAddrPool/0", json!(["10.10.0.0/16", "20.20.0.0/16"]), json!("10.10.0.0/16")),
        ],
        "SwarmInfo" => {
            vec![("/Cluster/DefaultAddrPool/0", json!(["10.10.0.0/16", "20.20.0.0/16"]), json!("10.10.0.0/16"))]
        }
        "ClusterInfo" => vec![("/DefaultAddrPool/0", json!(["10.10.0.0/16", "20.20.0.0/16"]), json!("10.10.0.0/16"))],
        "ContainerCreate" => vec![
            // The older form, a text instead of a list.
            ("/Entrypoint", json!(""), json!([""])),
            // No engine knows these three.
            ("/HostConfig/MaximumIOps", json!(0), json!(null)),
            ("/HostConfig/MaximumIOBps", json!(0), json!(null)),
            (
                "/HostConfig/DeviceRequests/0/DeviceIDs\"",
                json!(["0", "1", "GPU-fef8089b-4820-abfc-e83e-94318197576e"]),
                json!(null),
            ),
            // The empty name of an enum is the same as none.
            ("/HostConfig/RestartPolicy/Name", json!(""), json!(null)),
        ],
        _ => vec![],
    }
}

fn examples() -> Vec<(String, Value)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/examples");
    let mut all: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let file = path.file_name().unwrap().to_str().unwrap().to_string();
            let mut document: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
            for (place, written, sent) in corrections(&file) {
                let found = document.pointer_mut(place).unwrap_or_else(|| panic!("{file} has no {place}"));
                assert_eq!(*found, written, "{file} {place}");
                *found = sent;
            }
            (file, document)
        })
        .collect();
    all.sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!(all.len(), 35, "an example is missing");
    all
}

/// For each type: the full document, the places of its enums, its bounds.
fn full() -> Vec<(String, Value, Vec<String>, Bounds)> {
    let text = include_str!("data/models.json");
    let table: BTreeMap<String, Value> = serde_json::from_str(text).unwrap();
    assert_eq!(table.len(), 19, "a type is missing");
    table
        .into_iter()
        .map(|(name, row)| {
            let enums = serde_json::from_value(row["enums"].clone()).unwrap();
            let bounds = serde_json::from_value(row["bounds"].clone()).unwrap();
            (name, row["full"].clone(), enums, bounds)
        })
        .collect()
}

fn documents() -> Vec<(String, Type, Value)> {
    let examples = examples().into_iter().map(|(file, document)| (file.clone(), type_of(&file), document));
    let full = full().into_iter().map(|(name, document, ..)| (name.clone(), of(&name).unwrap(), document));
    examples.chain(full).collect()
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        _ => false,
    }
}

/// Equal, except that null, `[]`, `{}` and absence are one.
fn assert_same(expected: &Value, got: &Value, at: &str) {
    match (expected, got) {
        (Value::Object(expected), Value::Object(got)) => {
            for (name, value) in expected {
                match got.get(name) {
                    Some(other) => assert_same(value, other, &format!("{at}.{name}")),
                    None => assert!(is_empty(value), "{at}.{name} is lost: {value}"),
                }
            }
            for (name, value) in got {
                assert!(expected.contains_key(name), "{at}.{name} appeared: {value}");
            }
        }
        (Value::Array(expected), Value::Array(got)) => {
            assert_eq!(expected.len(), got.len(), "{at}");
            for (i, (expected, got)) in expected.iter().zip(got).enumerate() {
                assert_same(expected, got, &format!("{at}[{i}]"));
            }
        }
        _ => assert!(expected == got || (is_empty(expected) && is_empty(got)), "{at}: {expected} became {got}"),
    }
}

/// Calls `change` with a copy of the document for every place in it that is a field or an item of a map.
fn at_every_field(
    document: &Value,
    change: &mut dyn FnMut(&mut serde_json::Map<String, Value>, &str),
    check: &mut dyn FnMut(&str, &Value),
) {
    fn places(value: &Value, at: &str, out: &mut Vec<(String, String)>) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    out.push((at.into(), name.clone()));
                    places(value, &format!("{at}/{}", name.replace('~', "~0").replace('/', "~1")), out);
                }
            }
            Value::Array(items) => {
                items.iter().enumerate().for_each(|(i, value)| places(value, &format!("{at}/{i}"), out));
            }
            _ => {}
        }
    }
    let mut all = Vec::new();
    places(document, "", &mut all);
    for (parent, name) in all {
        let mut changed = document.clone();
        change(changed.pointer_mut(&parent).unwrap().as_object_mut().unwrap(), &name);
        check(&format!("{parent}/{name}"), &changed);
    }
}

fn map_leaves(value: &mut Value, change: &dyn Fn(&mut Value)) {
    match value {
        Value::Object(fields) => fields.values_mut().for_each(|value| map_leaves(value, change)),
        Value::Array(items) => items.iter_mut().for_each(|value| map_leaves(value, change)),
        leaf => change(leaf),
    }
}

#[test]
fn every_document_survives() {
    for (name, kind, document) in documents() {
        assert_same(&document, &(kind.again)(&document).unwrap_or_else(|e| panic!("{name}: {e}")), &name);
    }
}

#[test]
fn any_field_may_be_absent_or_null() {
    for (name, kind, document) in documents() {
        let mut check = |at: &str, changed: &Value| {
            assert_same(changed, &(kind.again)(changed).unwrap_or_else(|e| panic!("{name} {at}: {e}")), &name);
        };
        at_every_field(&document, &mut |parent, field| drop(parent.remove(field)), &mut check);
        let mut check = |at: &str, changed: &Value| {
            let got = (kind.again)(changed).unwrap_or_else(|e| panic!("{name} {at}: {e}"));
            // A null text inside a map or list becomes the default text; everything else stays empty.
            if at.split('/').next_back() != Some("key") && !name.starts_with("def.") && !name.starts_with("op.") {
                assert_same(changed, &got, &format!("{name} {at}"));
            }
        };
        at_every_field(&document, &mut |parent, field| drop(parent.insert(field.into(), Value::Null)), &mut check);
    }
}

#[test]
fn unknown_fields_are_ignored() {
    for (name, document, ..) in full() {
        let kind = of(&name).unwrap();
        let before = (kind.again)(&document).unwrap();
        at_every_field(
            &document,
            &mut |parent, field| {
                // The documents call every name in a map `key`; there, any name is a value.
                if field != "key" {
                    parent.insert("AddedInSomeLaterVersion".into(), json!({"a": [1, null]}));
                }
            },
            &mut |at, changed| assert_eq!((kind.again)(changed).unwrap(), before, "{name} {at}"),
        );
    }
}

#[test]
fn falsy_values_are_values() {
    for (name, document, enums, _) in full() {
        let kind = of(&name).unwrap();
        let mut falsy = document.clone();
        map_leaves(&mut falsy, &|leaf| {
            *leaf = match leaf {
                Value::Bool(_) => json!(false),
                Value::Number(_) => json!(0),
                Value::String(_) => json!("0"),
                _ => return,
            }
        });
        assert_same(&falsy, &(kind.again)(&falsy).unwrap_or_else(|e| panic!("{name}: {e}")), &name);
        map_leaves(&mut falsy, &|leaf| {
            if leaf.is_string() {
                *leaf = json!("");
            }
        });
        let got = (kind.again)(&falsy).unwrap();
        for place in &enums {
            let pointer = format!("/{}", place.replace("[\"key\"]", "/key").replace("[0]", "/0").replace('.', "/"));
            assert_eq!(got.pointer(&pointer), None, "{name}: an empty enum is unset at {place}");
            *falsy.pointer_mut(&pointer).unwrap() = Value::Null;
        }
        assert_same(&falsy, &got, &name);
    }
}

#[test]
fn enums_keep_unknown_names() {
    for (name, document, enums, _) in full() {
        let kind = of(&name).unwrap();
        for place in &enums {
            let pointer = format!("/{}", place.replace("[\"key\"]", "/key").replace("[0]", "/0").replace('.', "/"));
            let mut changed = document.clone();
            *changed.pointer_mut(&pointer).unwrap() = json!("not invented \u{fffd} yet");
            assert_same(&changed, &(kind.again)(&changed).unwrap(), &name);
        }
    }
}

#[test]
fn empty_lists_that_mean_something_are_sent() {
    let host = HostConfig::new().masked_paths([""; 0]).readonly_paths([""; 0]).devices([] as [DeviceMapping; 0]);
    assert_eq!(serde_json::to_value(&host).unwrap(), json!({"MaskedPaths": [], "ReadonlyPaths": []}));
    let body = ContainerCreateBody::new().entrypoint([""; 0]).user("0").tty(false).stop_timeout(0);
    let sent = serde_json::to_value(&body).unwrap();
    assert_eq!(sent, json!({"Entrypoint": [], "User": "0", "Tty": false, "StopTimeout": 0}));
    assert_eq!(serde_json::from_value::<ContainerCreateBody>(sent).unwrap(), body);
    assert_eq!(serde_json::to_value(ContainerCreateBody::new()).unwrap(), json!({}));
}

/// Where the models do not follow the documentation: these exist before it mentions them.
fn documented_late(path: &str) -> bool {
    // Port bindings and descriptors are as old as their parents; only their types got names later.
    let last = path.rsplit('.').next().unwrap();
    let named_late = path.contains("PortBindings[\"key\"]") || path.contains("Ports[\"key\"]");
    let descriptor = path.contains("escriptor") || path.contains("Platform.") || path.contains("platform.");
    let health = path.starts_with("State.Health.");
    named_late
        || health
        || (descriptor
            && ["mediaType", "digest", "size", "architecture", "os", "version", "features", "variant"].contains(&last))
}

#[test]
fn bounds_are_those_of_the_facts() {
    for (name, document, _, expected) in full() {
        let got = (of(&name).unwrap().bounds)(&document);
        for (path, bound) in &expected {
            let got = got.get(path);
            match path.as_str() {
                "HostConfig.KernelMemory" | "KernelMemory" if name != "SystemInfo" => {
                    assert_eq!(got, Some(&(None, Some("1.41".into()))), "{name} {path}");
                }
                _ if documented_late(path) => assert_eq!(got, None, "{name} {path}"),
                _ => assert_eq!(got, Some(bound), "{name} {path}"),
            }
        }
        for path in got.keys() {
            assert!(
                expected.contains_key(path) || path.ends_with("KernelMemory"),
                "{name} has a bound of its own: {path}"
            );
        }
    }
}
