//! The samples of the description as a later engine might send them: with members and names that nobody knows today.

use crate::kit::examples;
use docker_proto::model::Shape;
use serde_json::{Value, json};

/// Every object of a model and every name of an enum in a sample, as JSON pointers.
fn places(value: &Value, shape: &Shape, at: &str, found: &mut Vec<(String, Shape)>) {
    let inside = |name: &str| format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
    match (shape, value) {
        (Shape::Model(spec), Value::Object(members)) => {
            found.push((at.into(), *shape));
            for (name, value) in members {
                if let Some(field) = spec.field(name) {
                    places(value, &field.shape, &inside(name), found);
                }
            }
        }
        (Shape::Map(inner), Value::Object(items)) => {
            items.iter().for_each(|(name, value)| places(value, inner, &inside(name), found));
        }
        (Shape::List(inner), Value::Array(items)) => {
            items.iter().enumerate().for_each(|(i, value)| places(value, inner, &inside(&i.to_string()), found));
        }
        (Shape::Enum(_), Value::String(_)) => found.push((at.into(), *shape)),
        _ => {}
    }
}

#[test]
fn examples_with_unknown_members_and_names_lose_nothing() {
    let (mut objects, mut names) = (0, 0);
    for (file, kind, document) in examples() {
        let before = (kind.again)(&document).unwrap();
        let mut found = Vec::new();
        places(&document, &kind.shape, "", &mut found);
        for (pointer, shape) in found {
            let mut changed = document.clone();
            let place = changed.pointer_mut(&pointer).unwrap();
            if let Shape::Enum(_) = shape {
                *place = json!("not invented \u{fffd} yet");
                names += 1;
            } else {
                place["AddedInSomeLaterVersion"] = json!({ "a": [1, null] });
                objects += 1;
            }
            let got = (kind.again)(&changed).unwrap_or_else(|e| panic!("{file} {pointer}: {e}"));
            let mut expected = before.clone();
            if let Shape::Enum(_) = shape {
                let name = changed.pointer(&pointer).unwrap().clone();
                match expected.pointer_mut(&pointer) {
                    Some(place) => *place = name,
                    // The sample has the empty name there, which is none.
                    None => continue,
                }
            }
            assert_eq!(got, expected, "{file} {pointer}");
        }
    }
    assert!(objects > 300 && names > 50, "{objects} objects, {names} names");
}
