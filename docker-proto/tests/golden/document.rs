//! Bodies in which everything is set that a version knows, made from the facts.

use crate::data::{DEFINITIONS, members};
use crate::schema::Schema;
use crate::versions::Versions;
use serde_json::{Map, Value, json};

/// A document of this form, with every member that this minor version has. No two texts or numbers in it are the same.
pub(crate) fn full(schema: &Schema, minor: u16) -> Value {
    Maker { minor, made: 0 }.value(schema)
}

/// The empty document of this form.
pub(crate) fn empty(schema: &Schema) -> Value {
    if matches!(schema, Schema::List(_)) { json!([]) } else { json!({}) }
}

struct Maker {
    minor: u16,
    made: u16,
}

impl Maker {
    fn next(&mut self) -> u16 {
        self.made += 1;
        self.made
    }

    fn value(&mut self, schema: &Schema) -> Value {
        match schema {
            Schema::Bool => json!(true),
            Schema::Integer(_) => json!(self.next()),
            Schema::Number => json!(f64::from(self.next()) + 0.25),
            // Also fit for bytes: a whole number of groups of four.
            Schema::Text | Schema::Bytes => json!(format!("text{:08}", self.next())),
            Schema::Enum(known) => json!(known.last().expect("an enum has names")),
            Schema::Numbers(known) => json!(known.last().expect("an enum has numbers")),
            Schema::List(items) => json!([self.value(items)]),
            Schema::Pair(items) => json!([self.value(items), self.value(items)]),
            Schema::Map(values) => json!({"key": self.value(values)}),
            Schema::Any => json!({}),
            Schema::Gone(kind) => self.gone(kind),
            Schema::Ref(_) | Schema::All(_) | Schema::Object(_) => match members(schema) {
                Some(fields) => {
                    let minor = self.minor;
                    let known = fields.iter().filter(|f| f.versions.has(minor));
                    Value::Object(known.map(|f| (f.name.clone(), self.value(&f.schema))).collect::<Map<_, _>>())
                }
                None => match schema {
                    Schema::Ref(name) => self.value(&DEFINITIONS[name].0),
                    other => panic!("{other:?} has no members"),
                },
            },
        }
    }

    fn gone(&mut self, kind: &str) -> Value {
        match kind {
            "string" => self.value(&Schema::Text),
            "integer" => self.value(&Schema::Integer(String::new())),
            "boolean" => json!(true),
            "object" => json!({}),
            _ => match kind.strip_suffix('>').and_then(|k| k.split_once('<')) {
                Some(("array", items)) => json!([self.gone(items)]),
                Some(("map", values)) => json!({"key": self.gone(values)}),
                _ => panic!("the facts have a type {kind:?}"),
            },
        }
    }
}

/// The versions of every member of a form, of those inside them too.
pub(crate) fn versions(schema: &Schema) -> Vec<Versions> {
    match schema {
        Schema::List(inner) | Schema::Pair(inner) | Schema::Map(inner) => versions(inner),
        Schema::Ref(_) | Schema::All(_) | Schema::Object(_) => match (members(schema), schema) {
            (Some(fields), _) => fields.iter().flat_map(|f| [vec![f.versions], versions(&f.schema)].concat()).collect(),
            (None, Schema::Ref(name)) => versions(&DEFINITIONS[name].0),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}
