//! Forms of JSON values, as the facts describe them.

use crate::versions::{Versions, minor};
use serde_json::Value;

/// The form of a value.
#[derive(Clone, Debug)]
pub(crate) enum Schema {
    Any,
    Bool,
    /// With its format, or empty.
    Integer(String),
    Number,
    Text,
    /// A text, of which these are known.
    Enum(Vec<String>),
    /// A number, of which these are known.
    Numbers(Vec<i64>),
    Bytes,
    List(Box<Self>),
    /// A list of exactly two.
    Pair(Box<Self>),
    Map(Box<Self>),
    Object(Vec<Field>),
    /// A definition.
    Ref(String),
    /// What is required of a value in all parts at once.
    All(Vec<Self>),
    /// Something that is gone; only this is known of its form.
    Gone(String),
}

/// A member of an object.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) schema: Schema,
    /// The versions that have it, as far as it says so itself.
    pub(crate) versions: Versions,
    /// The definition it belongs to, where an object is made of several.
    pub(crate) of: Option<String>,
}

/// The versions of anything: what is known of daemons counts for more than what is documented.
pub(crate) fn versions(row: &Value) -> Versions {
    let bound = |daemon: &str, documented: &str| match row.get(daemon) {
        Some(known) => known.as_str().map(minor),
        None => row.get(documented).and_then(Value::as_str).map(minor),
    };
    Versions::between(bound("since_daemon", "since"), bound("until_daemon", "until"))
}

fn list<'a>(row: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    row.get(key).and_then(Value::as_array).into_iter().flatten()
}

impl Schema {
    pub(crate) fn read(row: &Value) -> Self {
        let own = Self::read_own(row);
        let mut parts: Vec<Self> = list(row, "all_of").map(Self::read).collect();
        if let (true, Some(name)) = (parts.is_empty(), row.get("ref").and_then(Value::as_str)) {
            return Self::Ref(name.into());
        }
        parts.extend(own);
        // A part without members asks for nothing.
        parts.retain(|p| !matches!(p, Self::Object(fields) if fields.is_empty()) || row.get("all_of").is_none());
        match parts.len() {
            0 => Self::Any,
            1 => parts.remove(0),
            _ => Self::All(parts),
        }
    }

    fn read_own(row: &Value) -> Option<Self> {
        let fields = || {
            let here = list(row, "fields").map(|f| Field {
                name: f["name"].as_str().expect("a field has a name").into(),
                schema: Self::read(f),
                versions: versions(f),
                of: None,
            });
            let mut fields: Vec<Field> = here.collect();
            for gone in list(row, "removed_fields") {
                let path: Vec<&str> = gone["path"].as_str().expect("a removed field has a path").split('.').collect();
                let kind = gone["type"].as_str().expect("a removed field has a type");
                insert(&mut fields, &path, Self::Gone(kind.into()), versions(gone));
            }
            fields
        };
        let Some(kind) = row.get("type").and_then(Value::as_str) else {
            let fields = fields();
            return (!fields.is_empty()).then_some(Self::Object(fields));
        };
        let known = || list(row, "enum");
        Some(match kind {
            "string" if row.get("format").and_then(Value::as_str) == Some("binary") => Self::Bytes,
            "string" if row.get("enum").is_some() => {
                Self::Enum(known().filter_map(|v| v.as_str().map(String::from)).collect())
            }
            "string" => Self::Text,
            "boolean" => Self::Bool,
            "number" => Self::Number,
            "integer" if row.get("enum").is_some() => Self::Numbers(known().filter_map(Value::as_i64).collect()),
            "integer" => Self::Integer(row.get("format").and_then(Value::as_str).unwrap_or_default().into()),
            "array" => {
                let items = Box::new(row.get("items").map_or(Self::Any, Self::read));
                let two = |key: &str| row.get(key).and_then(Value::as_i64) == Some(2);
                if two("minItems") && two("maxItems") { Self::Pair(items) } else { Self::List(items) }
            }
            "map" => Self::Map(Box::new(row.get("values").map_or(Self::Any, Self::read))),
            "object" => Self::Object(fields()),
            "any" => Self::Any,
            other => panic!("the facts have a type {other:?}"),
        })
    }
}

/// Puts a field that is gone where it was. What is inside something else now stays a path.
fn insert(fields: &mut Vec<Field>, path: &[&str], schema: Schema, versions: Versions) {
    if let [first, rest @ ..] = path
        && !rest.is_empty()
        && let Some(Field { schema: Schema::Object(inner), .. }) = fields.iter_mut().find(|f| f.name == *first)
    {
        return insert(inner, rest, schema, versions);
    }
    let name = path.join(".");
    match fields.iter_mut().find(|f| f.name == name) {
        Some(field) => field.versions = field.versions | versions,
        None => fields.push(Field { name, schema, versions, of: None }),
    }
}

/// The members of several objects together, for a type that is all of them.
pub(crate) fn together(into: &mut Vec<Field>, more: Vec<Field>) {
    for field in more {
        match into.iter_mut().find(|f| f.name == field.name) {
            None => into.push(field),
            Some(known) => {
                known.versions = known.versions | field.versions;
                // What is known of something gone is less than what is known of what is there.
                if matches!(known.schema, Schema::Gone(_)) {
                    known.schema = field.schema;
                }
            }
        }
    }
}
