//! Documents made from the form of a type: every field of every API version is set.

use docker_proto::model::Shape;
use serde_json::{Map, Value, json};

/// Which values a document is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Values {
    /// The greatest numbers, texts with everything in them, the first known name.
    Greatest,
    /// The least numbers, other texts, the last known name.
    Least,
}

impl Values {
    pub(crate) const ALL: [Self; 2] = [Self::Greatest, Self::Least];

    /// A full document of this form.
    pub(crate) fn of(self, shape: &Shape) -> Value {
        let great = self == Self::Greatest;
        match shape {
            Shape::Bool => json!(great),
            Shape::I64 => json!(if great { i64::MAX } else { i64::MIN }),
            Shape::U64 => json!(if great { u64::MAX } else { 0 }),
            Shape::U32 => json!(if great { u32::MAX } else { 0 }),
            Shape::U16 => json!(if great { u16::MAX } else { 0 }),
            Shape::F64 => json!(if great { f64::MAX } else { -0.125 }),
            Shape::Text => json!(if great { "\u{fffd} \"\\\u{0}\n\u{1f600}<&>\u{2028}" } else { "0" }),
            Shape::Base64 => json!(if great { "++///g==" } else { "AAAA" }),
            Shape::Enum(known) => json!(if great { known[0] } else { known[known.len() - 1] }),
            Shape::Numbers(known) => json!(if great { known[0] } else { known[known.len() - 1] }),
            Shape::Model(spec) => {
                let fields = spec.fields.iter().map(|f| (f.name.into(), self.of(&f.shape)));
                Value::Object(fields.collect::<Map<_, _>>())
            }
            Shape::List(inner) | Shape::Pair(inner) => json!([self.of(inner), self.of(inner)]),
            Shape::Map(inner) => json!({"key": self.of(inner), "a/b ~ \u{e9}": self.of(inner)}),
            Shape::Keys => json!({"key": {}, "80/tcp": {}}),
            Shape::Any => json!({"any": [1, null, "x", {"y": 0.5}]}),
            other => panic!("{other:?} is new: what is a value of it?"),
        }
    }
}

/// What lies inside a value, as a path of JSON pointers.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) pointer: String,
    pub(crate) shape: Shape,
    /// Whether it is a member of a model, which may be missing, and not an item of a list or map.
    pub(crate) member: bool,
}

/// Every place in a full document down to the members of the next models, which have documents of their own; with
/// `deep`, of these too.
pub(crate) fn places(shape: &Shape, deep: bool) -> Vec<Place> {
    let mut all = Vec::new();
    if let Shape::Model(spec) = shape {
        for field in spec.fields {
            let pointer = format!("/{}", field.name.replace('~', "~0").replace('/', "~1"));
            all.push(Place { pointer: pointer.clone(), shape: field.shape, member: true });
            inside(&pointer, &field.shape, deep, &mut all);
        }
    } else {
        inside("", shape, deep, &mut all);
    }
    all
}

fn inside(at: &str, shape: &Shape, deep: bool, all: &mut Vec<Place>) {
    let item = |all: &mut Vec<Place>, inner: &'static Shape, key: &str| {
        let pointer = format!("{at}/{key}");
        all.push(Place { pointer: pointer.clone(), shape: *inner, member: false });
        inside(&pointer, inner, deep, all);
    };
    match shape {
        // Of two numbers that belong together, neither is ever missing.
        Shape::List(inner) => ["0", "1"].iter().for_each(|key| item(all, inner, key)),
        Shape::Map(inner) => ["key", "a~1b ~0 \u{e9}"].iter().for_each(|key| item(all, inner, key)),
        Shape::Model(_) if deep => {
            let within = places(shape, deep).into_iter();
            all.extend(within.map(|p| Place { pointer: format!("{at}{}", p.pointer), ..p }));
        }
        _ => {}
    }
}
