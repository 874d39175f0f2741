//! Everything that not every version has, set alone: refused in the versions beside those that have it, sent in the
//! first and the last one that does, and sent in any version if nobody is to check.

use crate::expected::path_value;
use crate::params::operation;
use crate::requests::{by_name, for_each, line};
use crate::versions::{NEWEST, OLDEST, Versions};
use crate::wire;
use docker_proto::api::TABLE;
use docker_proto::model::{ApiVersion, FieldSpec, Shape};
use docker_proto::op::{BodySpec, Gating, Invoke, OpSpec, ParamSpec, ParamType, Pick, Place};
use docker_proto::{Error, ErrorKind};
use serde_json::{Value, json};
use std::cell::Cell;

/// The bounds of something: the first and the last version that has it.
type Bounds = (Option<ApiVersion>, Option<ApiVersion>);

/// Something with bounds, and what an error calls it.
struct Bounded {
    name: String,
    bounds: Bounds,
}

fn has(bounds: Bounds, version: ApiVersion) -> bool {
    bounds.0.is_none_or(|since| version >= since) && bounds.1.is_none_or(|until| version <= until)
}

/// The versions beside the bounds, and some that only a comparison of texts would put on the other side.
fn outside(bounds: Bounds) -> Vec<ApiVersion> {
    let before = bounds.0.into_iter().flat_map(|v| [ApiVersion::new(1, v.minor - 1), ApiVersion::new(1, 9)]);
    let behind = bounds
        .1
        .into_iter()
        .flat_map(|v| [ApiVersion::new(1, v.minor + 1), ApiVersion::new(1, v.minor + 100), ApiVersion::new(2, 0)]);
    before.chain(behind).collect()
}

/// The first and the last of the versions that have all of these.
fn inside(all: &[Bounded], row: &OpSpec) -> [ApiVersion; 2] {
    let own = Versions::bounded(row.since, row.until);
    let both = all.iter().fold(own, |set, b| set & Versions::bounded(b.bounds.0, b.bounds.1));
    let minors: Vec<u16> = both.iter().collect();
    let (Some(first), Some(last)) = (minors.first(), minors.last()) else {
        panic!("{}: no version has all of {:?}", row.name, all.iter().map(|b| &b.name).collect::<Vec<_>>());
    };
    [ApiVersion::new(1, *first), ApiVersion::new(1, *last)]
}

/// The error names what is refused, the versions that have it, and the version in use.
#[track_caller]
fn names(e: &Error, refused: &Bounded, version: ApiVersion, row: &OpSpec) {
    let range = match refused.bounds {
        (Some(since), _) if version < since => format!("needs API {since} or later"),
        (_, Some(until)) => format!("is only understood up to API {until}"),
        bounds => panic!("{} fits {bounds:?}", refused.name),
    };
    let message = format!("{}: {} {range}; this connection speaks {version}", row.id, refused.name);
    assert_eq!((e.kind(), e.message()), (ErrorKind::Version, &*message), "{}", row.name);
}

/// An operation with nothing but what it needs, by name.
fn base(row: &OpSpec) -> Invoke {
    let facts = operation(row);
    let mut op = Invoke::new(row.id).unwrap_or_else(|e| panic!("{}: {e}", row.id));
    for param in row.params {
        let text = match (param.fixed, param.place) {
            (Some(fixed), Place::Query) => fixed.into(),
            (_, Place::Path(_)) => path_value(facts, facts.param(param.name).expect("a path argument is known")),
            _ if param.required => sample(param),
            _ => continue,
        };
        op = op.set(param.name, text).unwrap_or_else(|e| panic!("{}: {e}", row.name));
    }
    if let (BodySpec::Json { required }, pick) = (row.body, row.pick) {
        let list = matches!(row.body_shape, Some(Shape::List(_)));
        let document = match pick {
            Pick::BodyTrue(member) => Some(json!({ member: true })),
            _ => required.then(|| if list { json!([]) } else { json!({}) }),
        };
        if let Some(document) = document {
            op = op.body(document.to_string()).unwrap_or_else(|e| panic!("{}: {e}", row.name));
        }
    }
    if row.framed.is_some() { op.tty(true) } else { op }
}

fn sample(param: &ParamSpec) -> String {
    match param.ty {
        ParamType::Bool | ParamType::Int | ParamType::Uint | ParamType::Timestamp => "1".into(),
        ParamType::Filters | ParamType::Auth => "{}".into(),
        ParamType::Json => r#"{"os":"linux"}"#.into(),
        _ => "x".into(),
    }
}

/// Sends it in all the versions that matter. `all` are the things with bounds in it, outermost first, and the last one is
/// the one it is about.
fn check(row: &'static OpSpec, op: &Invoke, all: &[Bounded]) {
    assert_eq!(op.view().name, row.name, "what the values mean");
    let about = all.last().expect("it is about something");
    let send = |version, gating| wire::sent(&wire::client(version), op.clone(), gating, None);
    for version in outside(about.bounds) {
        let e = match send(version, Gating::Strict) {
            Ok(asked) => panic!("{} at {version}: {} was sent: {asked:?}", row.name, about.name),
            Err(e) => e,
        };
        let refused = all.iter().find(|b| !has(b.bounds, version)).expect("the last one is refused");
        names(&e, refused, version, row);
        send(version, Gating::Off).unwrap_or_else(|e| panic!("{} at {version}, not gated: {e}", row.name));
    }
    for version in inside(all, row) {
        send(version, Gating::Strict).unwrap_or_else(|e| panic!("{} at {version}: {}: {e}", row.name, about.name));
    }
}

fn named() -> impl Iterator<Item = &'static OpSpec> {
    TABLE.iter().copied().filter(|row| row.pick != Pick::Never)
}

#[test]
fn operations_are_refused_where_they_are_not() {
    let bounded = named().filter(|row| row.since.is_some() || row.until.is_some());
    for_each(bounded, |row| {
        check(row, &base(row), &[Bounded { name: format!("operation {}", row.path), bounds: (row.since, row.until) }]);
    });
}

#[test]
fn parameters_are_refused_where_they_are_not() {
    let count = Cell::new(0);
    for_each(named(), |row| {
        for param in row.params.iter().filter(|p| p.since.is_some() || p.until.is_some()) {
            let op = base(row).set(param.name, sample(param)).unwrap_or_else(|e| panic!("{}: {e}", row.name));
            let bounds = (param.since, param.until);
            check(row, &op, &[Bounded { name: format!("parameter {}", param.name), bounds }]);
            count.set(count.get() + 1);
        }
    });
    assert!(count.get() >= 75, "{} parameters with bounds", count.get());
}

/// A value of this form that counts as set.
fn some(shape: &Shape) -> Value {
    match shape {
        Shape::Bool => json!(true),
        Shape::F64 => json!(0.5),
        Shape::Text | Shape::Base64 => json!("text"),
        Shape::Enum(known) => json!(known[0]),
        Shape::Numbers(known) => json!(known[0]),
        Shape::Model(_) => json!({}),
        Shape::List(inner) => json!([some(inner)]),
        Shape::Pair(inner) => json!([some(inner), some(inner)]),
        Shape::Map(inner) => json!({"key": some(inner)}),
        Shape::Keys => json!({"key": {}}),
        Shape::Any => json!({"any": "thing"}),
        _ => json!(1),
    }
}

/// The members that lead to one, each with its path, and the one itself.
type Chain = [(String, &'static FieldSpec)];

/// Calls `found` for each member with bounds: the members that lead to it, and a document in which only it is set.
fn members(
    shape: &Shape,
    at: &str,
    within: &mut Vec<(String, &'static FieldSpec)>,
    wrap: &dyn Fn(Value) -> Value,
    found: &mut dyn FnMut(&Chain, Value),
) {
    match shape {
        Shape::Model(spec) => {
            for field in spec.fields {
                let at = if at.is_empty() { field.name.into() } else { format!("{at}.{}", field.name) };
                within.push((at.clone(), field));
                let wrap = |value: Value| wrap(json!({ field.name: value }));
                if field.since.is_some() || field.until.is_some() {
                    found(within, wrap(some(&field.shape)));
                }
                members(&field.shape, &at, within, &wrap, found);
                within.pop();
            }
        }
        Shape::List(inner) => members(inner, &format!("{at}[0]"), within, &|value| wrap(json!([value])), found),
        Shape::Map(inner) => {
            members(inner, &format!("{at}[\"key\"]"), within, &|value| wrap(json!({ "key": value })), found);
        }
        _ => {}
    }
}

#[test]
fn members_of_bodies_are_refused_where_they_are_not() {
    let count = Cell::new(0);
    let rows = named().filter(|row| row.body_shape.is_some());
    for_each(rows, |row| {
        let shape = row.body_shape.expect("only those with a form are looked at");
        members(&shape, "", &mut Vec::new(), &|value| value, &mut |within, mut document| {
            if let Pick::BodyTrue(member) = row.pick {
                document[member] = json!(true);
            }
            let op = base(row).body(document.to_string()).unwrap_or_else(|e| panic!("{}: {e}", row.name));
            let field =
                |(at, f): &(String, &FieldSpec)| Bounded { name: format!("field {at}"), bounds: (f.since, f.until) };
            check(row, &op, &within.iter().map(field).collect::<Vec<_>>());
            count.set(count.get() + 1);
        });
    });
    assert!(count.get() >= 395, "{} members with bounds", count.get());
}

/// What the tests above find by name holds for typed values: everything at once, in a version that lacks some of it.
#[test]
fn typed_values_are_gated_too() {
    for_each(TABLE.iter().copied(), |row| {
        let minor = row.until.map_or(NEWEST, |v| v.minor);
        let line = line(row, minor);
        let oldest = ApiVersion::new(1, OLDEST);
        let length = Some(wire::UPLOAD.len() as u64);
        let typed = (line.full)(&wire::client(oldest), Gating::Strict, length).map(drop);
        let said = |sent: &Result<(), Error>| sent.as_ref().map_err(|e| (e.kind(), e.message().to_string())).copied();
        if row.pick != Pick::Never {
            let op = by_name(row, minor, true);
            let named = wire::sent(&wire::client(oldest), op, Gating::Strict, length).map(drop);
            assert_eq!(said(&typed), said(&named), "{}", row.name);
        }
        assert!(typed.is_ok() || said(&typed).is_err_and(|(kind, _)| kind == ErrorKind::Version), "{typed:?}");
        let open = (line.full)(&wire::client(oldest), Gating::Off, length);
        open.unwrap_or_else(|e| panic!("{}, not gated: {e}", row.name));
    });
}
