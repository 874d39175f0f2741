//! Documents and types, as the areas list them.

use crate::AREAS;
use docker_proto::Result;
use docker_proto::model::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;

pub(crate) type Bounds = BTreeMap<String, (Option<ApiVersion>, Option<ApiVersion>)>;

/// A place in a document, what is written there, and what an engine sends (`null`: nothing).
pub(crate) type Correction = (&'static str, Value, Value);

/// The types of one kind of object, and the examples of them.
pub(crate) struct Area {
    /// Its types, each once.
    pub(crate) types: &'static [Type],
    /// Which type reads an example that is called by an operation or has another name.
    pub(crate) bodies: &'static [(&'static str, &'static str)],
    /// How many examples belong to this area.
    pub(crate) examples: usize,
    /// Where the samples are not what engines send.
    pub(crate) corrections: fn(&str) -> Vec<Correction>,
}

/// A type, and what can be done with it.
pub(crate) struct Type {
    pub(crate) name: &'static str,
    pub(crate) shape: Shape,
    /// Decodes and encodes again.
    pub(crate) again: fn(&Value) -> std::result::Result<Value, String>,
    /// The bounds of everything that is set.
    pub(crate) bounds: fn(&Value) -> Bounds,
}

pub(crate) fn again<T: Serialize + DeserializeOwned>(document: &Value) -> std::result::Result<Value, String> {
    let typed: T = serde_json::from_str(&document.to_string()).map_err(|e| e.to_string())?;
    serde_json::to_value(&typed).map_err(|e| e.to_string())
}

pub(crate) fn bounds<T: DeserializeOwned + Gated>(document: &Value) -> Bounds {
    let typed: T = serde_json::from_value(document.clone()).unwrap();
    let mut found = Bounds::new();
    let mut report = |path: &str, since: Option<ApiVersion>, until: Option<ApiVersion>| -> Result<()> {
        found.insert(path.into(), (since, until));
        Ok(())
    };
    typed.gates(&mut Gate::new("", &mut report)).unwrap();
    found
}

/// The types of an area by their names, those that have a name only in the examples, and others.
macro_rules! types {
    ($($name:ident),* $(,)? ; $($alias:literal => $other:ty),* $(,)? $(; $($more:expr),*)?) => {
        const TYPES: &[Type] = &[
            $(types!(@one stringify!($name), $name),)*
            $(types!(@one $alias, $other),)*
            $($($more),*)?
        ];
    };
    (@one $name:expr, $t:ty) => {
        Type { name: $name, shape: <$t as Described>::SHAPE, again: again::<$t>, bounds: bounds::<$t> }
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
fn area_of(file: &str) -> (usize, &'static Type) {
    let name = subject(file);
    let find = |at: usize| {
        let body = AREAS[at].bodies.iter().find(|(example, _)| *example == name);
        let name = body.map_or(name, |(_, body)| *body);
        AREAS[at].types.iter().find(|t| t.name == name).map(|kind| (at, kind))
    };
    (0..AREAS.len()).find_map(find).unwrap_or_else(|| panic!("no type for {file}"))
}

/// All samples of the description, each with the type that reads it.
pub(crate) fn examples() -> Vec<(String, &'static Type, Value)> {
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
    assert_eq!(found, expected, "examples by area");
    assert_eq!(all.len(), 183, "an example is missing");
    all
}

/// All types.
pub(crate) fn all_types() -> impl Iterator<Item = &'static Type> {
    AREAS.iter().flat_map(|area| area.types)
}
