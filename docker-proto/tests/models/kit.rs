//! Documents and types, as the areas list them.

use crate::AREAS;
use docker_proto::Result;
use docker_proto::model::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;

pub(crate) type Bounds = BTreeMap<String, (Option<String>, Option<String>)>;

/// A place in a document, what is written there, and what an engine sends (`null`: nothing).
pub(crate) type Correction = (&'static str, Value, Value);

/// The types of one kind of object, and where the facts about them are.
pub(crate) struct Area {
    /// The type of this name.
    pub(crate) of: fn(&str) -> Option<Type>,
    /// Which type reads the body of an operation, where it is not called the same.
    pub(crate) bodies: &'static [(&'static str, &'static str)],
    /// How many examples belong to this area.
    pub(crate) examples: usize,
    /// Where the samples are not what engines send.
    pub(crate) corrections: fn(&str) -> Vec<Correction>,
    /// Its full documents.
    pub(crate) full: &'static str,
    /// How many types these are of.
    pub(crate) types: usize,
    /// What the bounds of this field are, where it is not what the facts say; the type comes first.
    pub(crate) bound: fn(&str, &str) -> Option<Bound>,
}

pub(crate) struct Type {
    /// Decodes and encodes again.
    pub(crate) again: fn(&Value) -> std::result::Result<Value, String>,
    pub(crate) bounds: fn(&Value) -> Bounds,
}

/// The bounds of a field that do not follow the facts.
pub(crate) enum Bound {
    /// None: the field is as old as its parent.
    Free,
    /// The first version with it.
    Since(&'static str),
    /// The last version with it.
    Until(&'static str),
}

pub(crate) fn again<T: Serialize + DeserializeOwned>(document: &Value) -> std::result::Result<Value, String> {
    let typed: T = serde_json::from_str(&document.to_string()).map_err(|e| e.to_string())?;
    serde_json::to_value(&typed).map_err(|e| e.to_string())
}

pub(crate) fn bounds<T: DeserializeOwned + Gated>(document: &Value) -> Bounds {
    let typed: T = serde_json::from_value(document.clone()).unwrap();
    let mut found = Bounds::new();
    let mut report = |path: &str, since: Option<ApiVersion>, until: Option<ApiVersion>| -> Result<()> {
        found.insert(path.into(), (since.map(|v| v.to_string()), until.map(|v| v.to_string())));
        Ok(())
    };
    typed.gates(&mut Gate::new("", &mut report)).unwrap();
    found
}

/// A type of an area by its name, or by `name` where a list of `T` has one of its own.
macro_rules! types {
    ($($name:ident),* ; $($list:literal => [$item:ident]),* $(,)?) => {
        fn of(name: &str) -> Option<Type> {
            Some(match name {
                $(stringify!($name) => Type { again: again::<$name>, bounds: bounds::<$name> },)*
                $($list => Type { again: again::<Vec<$item>>, bounds: |_| Bounds::new() },)*
                _ => return None,
            })
        }
    };
}

pub(crate) use types;

/// What an example is of: a type, or an operation with a body. All refusals are of one type.
fn subject(file: &str) -> &str {
    let mut parts = file.split('.').skip(1);
    let name = parts.next().unwrap();
    let status: Option<u16> = parts.next().and_then(|status| status.parse().ok());
    if status.is_some_and(|status| status >= 400) { "ErrorResponse" } else { name }
}

/// Which type reads an example file, and where it belongs.
fn area_of(file: &str) -> (usize, Type) {
    let name = subject(file);
    let find = |at: usize| {
        let body = AREAS[at].bodies.iter().find(|(operation, _)| *operation == name);
        (AREAS[at].of)(body.map_or(name, |(_, body)| *body)).map(|kind| (at, kind))
    };
    (0..AREAS.len()).find_map(find).unwrap_or_else(|| panic!("no type for {file}"))
}

fn examples() -> Vec<(String, Type, Value)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/examples");
    let mut found = vec![0; AREAS.len()];
    let mut all: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let file = path.file_name().unwrap().to_str().unwrap().to_string();
            let mut document: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
            let (at, kind) = area_of(&file);
            found[at] += 1;
            for (place, written, sent) in (AREAS[at].corrections)(subject(&file)) {
                let found = document.pointer_mut(place).unwrap_or_else(|| panic!("{file} has no {place}"));
                assert_eq!(*found, written, "{file} {place}");
                *found = sent;
            }
            (file, kind, document)
        })
        .collect();
    all.sort_by(|a, b| a.0.cmp(&b.0));
    let expected: Vec<_> = AREAS.iter().map(|area| area.examples).collect();
    assert_eq!(found, expected, "an example is missing");
    all
}

/// A type with all there is to know about it.
pub(crate) struct Full {
    pub(crate) name: String,
    pub(crate) kind: Type,
    /// Every field of every version is set.
    pub(crate) document: Value,
    /// Pointers to the fields that are enums.
    pub(crate) enums: Vec<String>,
    pub(crate) bounds: Bounds,
    /// Where the bounds differ from the facts.
    pub(crate) bound: fn(&str, &str) -> Option<Bound>,
}

pub(crate) fn full() -> Vec<Full> {
    let mut all = Vec::new();
    for area in AREAS {
        let table: BTreeMap<String, Value> = serde_json::from_str(area.full).unwrap();
        assert_eq!(table.len(), area.types, "a type is missing");
        all.extend(table.into_iter().map(|(name, row)| {
            let enums: Vec<String> = serde_json::from_value(row["enums"].clone()).unwrap();
            let pointer = |place: &String| {
                format!("/{}", place.replace("[\"key\"]", "/key").replace("[0]", "/0").replace('.', "/"))
            };
            Full {
                kind: (area.of)(&name).unwrap_or_else(|| panic!("no type {name}")),
                name,
                document: row["full"].clone(),
                enums: enums.iter().map(pointer).collect(),
                bounds: serde_json::from_value(row["bounds"].clone()).unwrap(),
                bound: area.bound,
            }
        }));
    }
    all
}

/// Every document there is: the examples and the full ones.
pub(crate) fn documents() -> Vec<(String, Type, Value)> {
    let full = full().into_iter().map(|full| (full.name, full.kind, full.document));
    examples().into_iter().chain(full).collect()
}
