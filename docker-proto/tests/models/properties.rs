//! What holds for every type.

use crate::generate::{Place, Values, places};
use crate::kit::{Bounds, Type, all_types, examples};
use docker_proto::api::TABLE;
use docker_proto::model::{ModelSpec, Shape};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

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

impl Type {
    #[track_caller]
    fn survives(&self, document: &Value, what: &str) -> Value {
        (self.again)(document).unwrap_or_else(|e| panic!("{} {what}: {e}: {document}", self.name))
    }
}

fn pointer_mut<'a>(document: &'a mut Value, pointer: &str) -> &'a mut Value {
    document.pointer_mut(pointer).unwrap_or_else(|| panic!("no {pointer}"))
}

/// Takes the place out of the object it is in.
fn remove(document: &mut Value, pointer: &str) {
    let (parent, name) = pointer.rsplit_once('/').expect("a pointer begins with a slash");
    let name = name.replace("~1", "/").replace("~0", "~");
    match pointer_mut(document, parent) {
        Value::Object(fields) => drop(fields.remove(&name).unwrap_or_else(|| panic!("no {pointer}"))),
        other => panic!("{pointer} is not in an object: {other}"),
    }
}

/// All models that bodies and answers are made of.
fn models() -> BTreeMap<&'static str, &'static ModelSpec> {
    fn walk(shape: &Shape, all: &mut BTreeMap<&'static str, &'static ModelSpec>) {
        match shape {
            Shape::Model(spec) => {
                all.insert(spec.name, spec);
                spec.fields.iter().for_each(|f| walk(&f.shape, all));
            }
            Shape::List(inner) | Shape::Pair(inner) | Shape::Map(inner) => walk(inner, all),
            _ => {}
        }
    }
    let mut all = BTreeMap::new();
    TABLE.iter().flat_map(|row| [row.body_shape, row.reply_shape]).flatten().for_each(|shape| walk(&shape, &mut all));
    all_types().for_each(|kind| walk(&kind.shape, &mut all));
    all
}

#[test]
fn every_model_is_tested_and_only_once() {
    let listed: Vec<_> = all_types().map(|kind| kind.name).collect();
    let set: BTreeSet<_> = listed.iter().copied().collect();
    assert_eq!(set.len(), listed.len(), "a type is listed twice");
    let missing: Vec<_> = models().into_keys().filter(|name| !set.contains(name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    for kind in all_types() {
        if let Shape::Model(spec) = kind.shape {
            assert_eq!(kind.name, spec.name);
        }
    }
}

#[test]
fn every_example_survives() {
    for (file, kind, document) in examples() {
        assert_same(&document, &kind.survives(&document, &file), &file);
    }
}

/// Samples with any of their members removed, or null.
#[test]
fn any_member_of_an_example_may_be_missing() {
    fn members(value: &Value, at: &str, all: &mut Vec<String>) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    let pointer = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
                    members(value, &pointer, all);
                    all.push(pointer);
                }
            }
            Value::Array(items) => {
                items.iter().enumerate().for_each(|(i, value)| members(value, &format!("{at}/{i}"), all))
            }
            _ => {}
        }
    }
    for (file, kind, document) in examples() {
        let mut all = Vec::new();
        members(&document, "", &mut all);
        for pointer in all {
            let (mut without, mut null) = (document.clone(), document.clone());
            remove(&mut without, &pointer);
            assert_same(&without, &kind.survives(&without, &file), &format!("{file} without {pointer}"));
            *pointer_mut(&mut null, &pointer) = Value::Null;
            kind.survives(&null, &format!("{file} with {pointer} null"));
        }
    }
}

/// Nothing is lost, whatever is in it, and nothing comes out that was not in it.
#[test]
fn every_full_document_survives() {
    for kind in all_types() {
        for values in Values::ALL {
            let document = values.of(&kind.shape);
            assert_eq!(kind.survives(&document, "in full"), document, "{} {values:?}", kind.name);
        }
    }
}

#[test]
fn any_member_may_be_missing_or_null() {
    for kind in all_types() {
        // Lists of answers are never lists of nothing.
        if matches!(kind.shape, Shape::List(_)) {
            continue;
        }
        let full = Values::Greatest.of(&kind.shape);
        for Place { pointer, member, shape } in places(&kind.shape, false) {
            let mut null = full.clone();
            *pointer_mut(&mut null, &pointer) = Value::Null;
            // An item of a list or map that is nothing is the empty value of its type.
            let got = kind.survives(&null, &format!("with {pointer} null"));
            if member {
                let mut without = full.clone();
                remove(&mut without, &pointer);
                assert_eq!(kind.survives(&without, &pointer), without, "{} without {pointer}", kind.name);
                assert_eq!(got, without, "{} with {pointer} null", kind.name);
                // Alone it is all there is.
                let value = full.pointer(&pointer).expect("a full document has it").clone();
                let name = pointer.trim_start_matches('/').replace("~1", "/").replace("~0", "~");
                let alone = json!({ name: value });
                assert_eq!(kind.survives(&alone, &pointer), alone, "{} with {pointer} alone", kind.name);
            } else if matches!(shape, Shape::List(_) | Shape::Map(_) | Shape::Model(_) | Shape::Keys) {
                let back = got.pointer(&pointer).unwrap_or(&Value::Null);
                assert!(is_empty(back), "{} with {pointer} null: {back}", kind.name);
            }
        }
    }
}

#[test]
fn a_document_may_be_empty() {
    for kind in all_types() {
        if matches!(kind.shape, Shape::Model(_) | Shape::Map(_)) {
            assert_eq!(kind.survives(&json!({}), "empty"), json!({}), "{}", kind.name);
        }
    }
}

#[test]
fn unknown_members_are_ignored() {
    for kind in all_types() {
        let full = Values::Greatest.of(&kind.shape);
        let own = [Place { pointer: String::new(), shape: kind.shape, member: false }];
        for place in own.into_iter().chain(places(&kind.shape, true)) {
            let Shape::Model(spec) = place.shape else { continue };
            let mut more = full.clone();
            for (name, value) in [("AddedInSomeLaterVersion", json!({"a": [1, null]})), ("", json!(0))] {
                assert!(spec.field(name).is_none());
                pointer_mut(&mut more, &place.pointer)[name] = value;
            }
            assert_eq!(kind.survives(&more, &place.pointer), full, "{} {}", kind.name, place.pointer);
        }
    }
}

/// False, 0 and an empty text are values; only the empty name of an enum is none.
#[test]
fn falsy_values_are_values() {
    fn falsy(value: &mut Value) {
        match value {
            Value::Object(fields) => fields.values_mut().for_each(falsy),
            Value::Array(items) => items.iter_mut().for_each(falsy),
            Value::Bool(b) => *b = false,
            // A fraction stays one.
            Value::Number(n) if n.is_f64() => *value = json!(0.0),
            Value::Number(_) => *value = json!(0),
            Value::String(text) => text.clear(),
            Value::Null => {}
        }
    }
    for kind in all_types() {
        let mut document = Values::Greatest.of(&kind.shape);
        falsy(&mut document);
        let got = kind.survives(&document, "falsy");
        for place in places(&kind.shape, true) {
            if place.member && matches!(place.shape, Shape::Enum(_)) {
                assert_eq!(got.pointer(&place.pointer), None, "{} {}", kind.name, place.pointer);
                remove(&mut document, &place.pointer);
            }
        }
        assert_eq!(got, document, "{}", kind.name);
    }
}

#[test]
fn enums_keep_every_name() {
    let mut seen = 0;
    for kind in all_types() {
        let full = Values::Greatest.of(&kind.shape);
        let own = [Place { pointer: String::new(), shape: kind.shape, member: false }];
        for Place { pointer, shape, .. } in own.into_iter().chain(places(&kind.shape, false)) {
            let names: Vec<Value> = match shape {
                Shape::Enum(known) => {
                    known.iter().copied().chain(["not invented \u{fffd} yet"]).map(Value::from).collect()
                }
                Shape::Numbers(known) => known.iter().copied().chain([7, -1]).map(Value::from).collect(),
                _ => continue,
            };
            for name in names {
                let mut changed = full.clone();
                *pointer_mut(&mut changed, &pointer) = name;
                assert_eq!(kind.survives(&changed, &pointer), changed, "{} {pointer}", kind.name);
                seen += 1;
            }
        }
    }
    assert!(seen > 200, "{seen} names");
}

/// What a walk over a value reports is what the form of its type says; and that is compared with the facts.
#[test]
fn bounds_are_those_of_the_form() {
    fn walk(at: &str, shape: &Shape, all: &mut Bounds) {
        match shape {
            Shape::Model(spec) => {
                for field in spec.fields {
                    let at = if at.is_empty() { field.name.into() } else { format!("{at}.{}", field.name) };
                    if field.since.is_some() || field.until.is_some() {
                        all.insert(at.clone(), (field.since, field.until));
                    }
                    walk(&at, &field.shape, all);
                }
            }
            Shape::List(inner) => (0..2).for_each(|i| walk(&format!("{at}[{i}]"), inner, all)),
            Shape::Map(inner) => {
                ["key", "a/b ~ \u{e9}"].iter().for_each(|key| walk(&format!("{at}[{key:?}]"), inner, all));
            }
            _ => {}
        }
    }
    let mut seen = 0;
    for kind in all_types() {
        let mut expected = Bounds::new();
        walk("", &kind.shape, &mut expected);
        seen += expected.len();
        assert_eq!((kind.bounds)(&Values::Greatest.of(&kind.shape)), expected, "{}", kind.name);
        assert_eq!((kind.bounds)(&json!(null_of(&kind.shape))), Bounds::new(), "{}: nothing is set", kind.name);
    }
    assert!(seen > 1000, "{seen} bounds");
}

/// The value of a form in which nothing is set.
fn null_of(shape: &Shape) -> Value {
    match shape {
        Shape::Model(_) | Shape::Map(_) => json!({}),
        Shape::List(_) => json!([]),
        other => Values::Greatest.of(other),
    }
}
