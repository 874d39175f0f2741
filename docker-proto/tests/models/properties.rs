//! What holds for every type.

use crate::kit::{Bound, Full, documents, full};
use serde_json::{Value, json};

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
    for Full { name, kind, document, .. } in full() {
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
    for Full { name, kind, document, enums, .. } in full() {
        let mut falsy = document.clone();
        map_leaves(&mut falsy, &|leaf| {
            *leaf = match leaf {
                Value::Bool(_) => json!(false),
                // A fraction stays one.
                Value::Number(n) if n.is_f64() => json!(0.0),
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
        // An item of a list keeps its place.
        for pointer in enums.iter().filter(|pointer| !pointer.ends_with("/0")) {
            assert_eq!(got.pointer(pointer), None, "{name}: an empty enum is unset at {pointer}");
            *falsy.pointer_mut(pointer).unwrap() = Value::Null;
        }
        assert_same(&falsy, &got, &name);
    }
}

#[test]
fn enums_keep_unknown_names() {
    for Full { name, kind, document, enums, .. } in full() {
        for pointer in &enums {
            let mut changed = document.clone();
            *changed.pointer_mut(pointer).unwrap() = json!("not invented \u{fffd} yet");
            assert_same(&changed, &(kind.again)(&changed).unwrap(), &name);
        }
    }
}

#[test]
fn bounds_are_those_of_the_facts() {
    for Full { name, kind, document, bounds, bound, .. } in full() {
        let got = (kind.bounds)(&document);
        for (path, facts) in &bounds {
            let expected = match bound(&name, path) {
                None => Some(facts.clone()),
                Some(Bound::Free) => None,
                Some(Bound::Since(version)) => Some((Some(version.to_string()), None)),
                Some(Bound::Until(version)) => Some((None, Some(version.to_string()))),
            };
            assert_eq!(got.get(path), expected.as_ref(), "{name} {path}");
        }
        for path in got.keys() {
            let known = bounds.contains_key(path) || bound(&name, path).is_some();
            assert!(known, "{name} has a bound of its own: {path}");
        }
    }
}
