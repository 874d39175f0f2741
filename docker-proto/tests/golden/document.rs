//! Bodies in which everything is set that a version knows, made from the facts.

use crate::corrections;
use crate::data::{DEFINITIONS, members};
use crate::differences::ours;
use crate::schema::{Field, Schema};
use crate::versions::Versions;
use serde_json::{Map, Value, json};

/// A document of this form, with every member that this minor version has. No two texts or numbers in it are the same.
pub(crate) fn full(schema: &Schema, minor: u16) -> Value {
    Maker { minor, made: 0 }.value("", schema)
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

    /// A value for this place in a definition.
    fn value(&mut self, at: &str, schema: &Schema) -> Value {
        match schema {
            // Keys are read before they are sent.
            Schema::Text if at.ends_with(".DetachKeys") => json!("ctrl-^,\",ctrl-\\,DEL"),
            Schema::Bool => json!(true),
            Schema::Integer(_) => json!(self.next()),
            Schema::Number => json!(f64::from(self.next()) + 0.25),
            // Also fit for bytes: a whole number of groups of four.
            Schema::Text | Schema::Bytes => json!(format!("text{:08}", self.next())),
            // The empty name of an enum is the same as none.
            Schema::Enum(known) => json!(known.iter().rfind(|k| !k.is_empty()).expect("an enum has names")),
            Schema::Numbers(known) => json!(known.last().expect("an enum has numbers")),
            Schema::List(items) => {
                let item = self.value(at, items);
                // Its own type, because its members are in small letters.
                let small = ours(&format!("{at}[]"), "type") == Some("PluginSpecPrivilege");
                json!([if small { in_small_letters(item) } else { item }])
            }
            Schema::Pair(items) => json!([self.value(at, items), self.value(at, items)]),
            Schema::Map(values) => json!({"key": self.value(at, values)}),
            Schema::Any => json!({}),
            Schema::Gone(kind) => self.gone(kind),
            Schema::Ref(name) => match members(schema) {
                Some(fields) => self.object(name, &fields),
                None => self.value(name, &DEFINITIONS[name].0),
            },
            Schema::All(_) | Schema::Object(_) => {
                let fields = members(schema).unwrap_or_else(|| panic!("{schema:?} is not made of objects"));
                self.object(at, &fields)
            }
        }
    }

    fn object(&mut self, at: &str, fields: &[Field]) -> Value {
        let mut all = Map::new();
        for field in corrections::moved(at, fields).0 {
            if field.versions.has(self.minor) {
                let at = format!("{}.{}", field.of.as_deref().unwrap_or(at), field.name);
                all.insert(corrections::name(&at, &field.name).into(), self.value(&at, &field.schema));
            }
        }
        Value::Object(all)
    }

    fn gone(&mut self, kind: &str) -> Value {
        match kind {
            "string" => self.value("", &Schema::Text),
            "integer" => self.value("", &Schema::Integer(String::new())),
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

fn in_small_letters(value: Value) -> Value {
    match value {
        Value::Object(members) => members.into_iter().map(|(name, value)| (name.to_lowercase(), value)).collect(),
        other => other,
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
