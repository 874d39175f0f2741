//! Requests as they leave, against what they must be.

use crate::data::{OPERATIONS, Operation};
use crate::expected::{Body, Request, Sent, path_value, value};
use crate::lines::{Line, fixed_in_body, lines};
use crate::params::{operation, params};
use crate::versions::Versions;
use crate::{document, wire};
use docker_proto::api::TABLE;
use docker_proto::model::ApiVersion;
use docker_proto::op::{BodySpec, Gating, Invoke, Kind, OpSpec, Pick};
use docker_proto::testkit::Asked;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The minor versions at which a view has to be looked at.
fn minors(row: &'static OpSpec) -> Vec<u16> {
    let operation = operation(row);
    let params = params(row).into_iter().map(|(p, _)| p.versions);
    let body = operation.body.iter().flat_map(|b| document::versions(&b.schema));
    let own = Versions::bounded(row.since, row.until) & operation.versions;
    wire::worth_looking_at(own, params.chain(body))
}

/// The request of a view with everything that this version has, or with nothing that could be left out.
fn wanted(row: &'static OpSpec, minor: u16, full: bool) -> Request {
    let operation = operation(row);
    let mut request = Request::begin(operation, minor);
    for (param, ours) in params(row).iter().filter(|(p, _)| p.place != "path") {
        match (ours.fixed, ours.default) {
            (Some(fixed), _) => request.set(param, vec![Sent::Text(fixed.into())]),
            _ if (full || ours.required) && param.versions.has(minor) => {
                request.set(param, value(operation, param));
            }
            // Nothing but empty credentials is sent unasked.
            (_, Some(_)) if param.name == "X-Registry-Auth" => {
                request.set(param, vec![Sent::Credentials(json!({}))]);
            }
            (_, Some(default)) => request.set(param, vec![Sent::Text(default.into())]),
            _ => {}
        }
    }
    if let (Some(upgrade), true) = (upgrade(operation), row.kind != Kind::Done) {
        request.field("connection", "Upgrade");
        request.field("upgrade", upgrade);
        if upgrade == "websocket" {
            // RFC 6455; the first key of a client without a random number.
            request.field("sec-websocket-version", "13");
            request.field("sec-websocket-key", "4iCoOXsdza9ueJ5qobll9A==");
        }
    }
    match row.body {
        BodySpec::Upload(content_type) => {
            request.field("content-type", content_type);
            request.body = Body::Bytes(wire::UPLOAD.into());
            match full {
                true => request.field("content-length", &wire::UPLOAD.len().to_string()),
                false => request.field("transfer-encoding", "chunked"),
            }
        }
        BodySpec::Json { .. } => {
            let document = body(row, minor, full);
            request.field("content-type", "application/json");
            request.field("content-length", &document.to_string().len().to_string());
            request.body = Body::Json(document);
        }
        _ if ["POST", "PUT"].contains(&&*operation.method) => request.field("content-length", "0"),
        _ => {}
    }
    request
}

fn upgrade(operation: &Operation) -> Option<&'static str> {
    match &*operation.transport {
        "hijack" => Some("tcp"),
        "h2c_upgrade" => Some("h2c"),
        "websocket" => Some("websocket"),
        _ => None,
    }
}

/// The JSON body of a view. One that may be left out is sent empty: some engines refuse none.
fn body(row: &OpSpec, minor: u16, full: bool) -> Value {
    let facts = operation(row).body.as_ref().unwrap_or_else(|| panic!("{} has no body", row.id));
    let mut document = if full { document::full(&facts.schema, minor) } else { document::empty(&facts.schema) };
    if let Some((name, value)) = fixed_in_body(row.id, row.name) {
        document[name] = value;
    }
    document
}

/// The same request by name, its values as text.
pub(crate) fn by_name(row: &'static OpSpec, minor: u16, full: bool) -> Invoke {
    let operation = operation(row);
    let mut op = Invoke::new(row.id).unwrap_or_else(|e| panic!("{}: {e}", row.id));
    let mut set = |name: &str, text: String| {
        op = op.clone().set(name, text).unwrap_or_else(|e| panic!("{}: {e}", row.name));
    };
    for (param, ours) in &params(row) {
        match ours.fixed {
            Some(fixed) => set(&param.name, fixed.into()),
            None if param.place == "path" => set(&param.name, path_value(operation, param)),
            None if (full || ours.required) && param.versions.has(minor) => {
                for sent in value(operation, param) {
                    let text = match sent {
                        // The other way to say so.
                        Sent::Text(text) if param.kind == "boolean" && text == "1" => "true".into(),
                        Sent::Text(text) => text,
                        Sent::Json(document) | Sent::Credentials(document) => document.to_string(),
                    };
                    set(&param.name, text);
                }
            }
            None => {}
        }
    }
    // An empty document need not be said.
    let said = row.body == (BodySpec::Json { required: true }) || fixed_in_body(row.id, row.name).is_some();
    if matches!(row.body, BodySpec::Json { .. }) && (full || said) {
        op = op.body(body(row, minor, full).to_string()).unwrap_or_else(|e| panic!("{}: {e}", row.name));
    }
    assert_eq!(op.view().name, row.name, "what the values mean");
    if row.framed.is_some() { op.tty(true) } else { op }
}

/// The same request by name, from one object in which members of the body stand beside the parameters.
fn from_one_object(row: &'static OpSpec, minor: u16) -> Invoke {
    let operation = operation(row);
    let mut all = Map::new();
    for (param, ours) in &params(row) {
        if param.place == "path" {
            all.insert(param.name.clone(), path_value(operation, param).into());
        } else if let Some(fixed) = ours.fixed.filter(|_| param.place == "query") {
            all.insert(param.name.clone(), if fixed == "0" { json!(false) } else { fixed.into() });
        } else if ours.fixed.is_none() && param.versions.has(minor) {
            let mut values: Vec<Value> = value(operation, param)
                .into_iter()
                .map(|sent| match sent {
                    Sent::Text(_) if param.kind == "boolean" => json!(true),
                    Sent::Text(text) => text.parse::<i64>().map_or_else(|_| json!(text), Value::from),
                    Sent::Json(document) | Sent::Credentials(document) => document,
                })
                .collect();
            all.insert(param.name.clone(), if param.many { values.into() } else { values.remove(0) });
        }
    }
    if matches!(row.body, BodySpec::Json { .. }) {
        match body(row, minor, true) {
            // What is called the same stays apart.
            Value::Object(body) if !body.keys().any(|name| all.contains_key(name)) => all.extend(body),
            body => drop(all.insert("body".into(), body)),
        }
    }
    all.insert("AddedLater".into(), Value::Null);
    let op = Invoke::new(row.id).and_then(|op| op.set_all(&Value::Object(all)));
    let op = op.unwrap_or_else(|e| panic!("{}: {e}", row.name));
    assert_eq!(op.view().name, row.name, "what the values mean");
    if row.framed.is_some() { op.tty(true) } else { op }
}

fn send_by_name(row: &'static OpSpec, minor: u16, full: bool) -> Asked {
    let client = wire::client(ApiVersion::new(1, minor));
    let length = full.then_some(wire::UPLOAD.len() as u64);
    let sent = wire::sent(&client, by_name(row, minor, full), Gating::Strict, length);
    sent.unwrap_or_else(|e| panic!("{} at 1.{minor}: {e}", row.name))
}

/// The typed values of a view.
pub(crate) fn line(row: &OpSpec, minor: u16) -> Line {
    let line = lines(minor).into_iter().find(|l| l.name == row.name);
    line.unwrap_or_else(|| panic!("{} has no line", row.name))
}

fn send(line: &Line, minor: u16, full: bool) -> Asked {
    let client = wire::client(ApiVersion::new(1, minor));
    let sent = match full {
        true => (line.full)(&client, Gating::Strict, Some(wire::UPLOAD.len() as u64)),
        false => (line.bare)(&client, Gating::Strict, None),
    };
    sent.unwrap_or_else(|e| panic!("{} at 1.{minor}: {e}", line.name))
}

/// Does something for rows of the table; says at the end for which of them it failed.
#[track_caller]
pub(crate) fn for_each(rows: impl Iterator<Item = &'static OpSpec>, check: impl Fn(&'static OpSpec)) {
    let (mut done, mut failed) = (0, Vec::new());
    for row in rows {
        done += 1;
        if catch_unwind(AssertUnwindSafe(|| check(row))).is_err() {
            failed.push(row.name);
        }
    }
    assert!(done > 0, "no row was looked at");
    assert!(failed.is_empty(), "{} of {done} failed: {}", failed.len(), failed.join(", "));
}

#[test]
fn every_view_has_a_line() {
    let lines: Vec<_> = lines(crate::versions::NEWEST).iter().map(|l| l.name).collect();
    let set: BTreeSet<_> = lines.iter().copied().collect();
    assert_eq!(set.len(), lines.len(), "a view has two lines");
    let table: BTreeSet<_> = TABLE.iter().map(|row| row.name).collect();
    assert_eq!(set, table);
    let facts: BTreeSet<_> = OPERATIONS.iter().map(|o| &*o.id).collect();
    let ours: BTreeSet<_> = TABLE.iter().map(|row| row.id).collect();
    assert_eq!(ours, facts);
}

#[test]
fn typed_requests_are_those_of_the_facts() {
    for_each(TABLE.iter().copied(), |row| {
        for minor in minors(row) {
            let line = line(row, minor);
            for full in [true, false] {
                let what = format!("{} at 1.{minor}, full: {full}", row.name);
                wanted(row, minor, full).is(&send(&line, minor, full), &what);
            }
        }
    });
}

#[test]
fn requests_by_name_are_those_of_the_facts() {
    for_each(TABLE.iter().copied().filter(|row| row.pick != Pick::Never), |row| {
        for minor in minors(row) {
            for full in [true, false] {
                let what = format!("{} by name at 1.{minor}, full: {full}", row.name);
                wanted(row, minor, full).is(&send_by_name(row, minor, full), &what);
            }
        }
    });
}

#[test]
fn requests_from_one_object_are_those_of_the_facts() {
    for_each(TABLE.iter().copied().filter(|row| row.pick != Pick::Never), |row| {
        for minor in minors(row) {
            let client = wire::client(ApiVersion::new(1, minor));
            let length = Some(wire::UPLOAD.len() as u64);
            let sent = wire::sent(&client, from_one_object(row, minor), Gating::Strict, length);
            let what = format!("{} from an object at 1.{minor}", row.name);
            wanted(row, minor, true).is(&sent.unwrap_or_else(|e| panic!("{what}: {e}")), &what);
        }
    });
}
