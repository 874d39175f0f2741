//! Operations: which there are, where, since when, and what they take and answer.

use crate::compare::{BODIES, Found, OPERATION_VERSIONS, OPERATIONS_THEMSELVES};
use crate::data::{OPERATIONS, Operation};
use crate::versions::Versions;
use docker_proto::api::TABLE;
use docker_proto::op::{BodySpec, Kind, OpSpec, Pick};

/// The rows of an operation: one, or several views of it.
pub(crate) fn views(id: &str) -> impl Iterator<Item = &'static OpSpec> {
    TABLE.iter().copied().filter(move |row| row.id == id)
}

pub(crate) fn own_versions(row: &OpSpec) -> Versions {
    Versions::bounded(row.since, row.until)
}

/// The kinds of an answer that fit; the first one is that of the view which needs nothing said.
fn kinds(operation: &Operation) -> &'static [Kind] {
    match &*operation.transport {
        // The engine answers at once and completes the document when it is done.
        "json" | "json_late_body" => &[Kind::Json],
        "empty" => &[Kind::Done],
        "text" if operation.id == "SystemPing" => &[Kind::Ping],
        "text" => &[Kind::Text],
        "header_only" if operation.stat => &[Kind::Stat],
        "header_only" => &[Kind::Ping],
        "json_progress_stream" => &[Kind::Progress],
        "tar_download" if operation.stat => &[Kind::Archive],
        "tar_download" => &[Kind::Tar],
        "bytes" => &[Kind::Bytes],
        "log_stream" => &[Kind::Output],
        // A view may ask for one value only.
        "json_stream" => &[Kind::Values, Kind::Json],
        // A view may take the output alone, or nothing.
        "hijack" => &[Kind::Session, Kind::Output, Kind::Done],
        "h2c_upgrade" => &[Kind::Upgraded],
        "websocket" => &[Kind::Websocket],
        other => panic!("the facts have a transport {other:?}"),
    }
}

fn upgrade(operation: &Operation) -> &'static str {
    match &*operation.transport {
        "hijack" => "tcp",
        "h2c_upgrade" => "h2c",
        "websocket" => "websocket",
        _ => "none",
    }
}

fn statuses(all: &[u16]) -> String {
    all.iter().map(u16::to_string).collect::<Vec<_>>().join(" ")
}

#[test]
fn every_version_has_the_operations_of_the_facts() {
    let mut found = Found::default();
    for operation in OPERATIONS.iter() {
        let ours = views(&operation.id).fold(Versions::NONE, |all, row| all | own_versions(row));
        found.compare(&operation.id, "operation versions", ours, operation.versions);
    }
    for row in TABLE {
        if !OPERATIONS.iter().any(|o| o.id == row.id) {
            found.note(row.id, "operation versions", own_versions(row), Versions::NONE);
        }
    }
    found.are_those_listed(OPERATION_VERSIONS);
}

#[test]
fn operations_are_what_the_facts_say() {
    let mut found = Found::default();
    for operation in OPERATIONS.iter() {
        for row in views(&operation.id) {
            let at = row.name;
            found.compare(at, "method", row.method.as_str(), &operation.method);
            found.compare(at, "path", row.path, &operation.path);
            found.compare(at, "versions of the view", own_versions(row), operation.versions);
            found.compare(at, "versioned", row.versioned, operation.versioned);
            found.compare(at, "unchanged", statuses(row.unchanged), if operation.unchanged { "304" } else { "" });
            let fitting = kinds(operation);
            if !fitting.contains(&row.kind) || (row.pick == Pick::Default && row.kind != fitting[0]) {
                found.note(at, "kind", format!("{:?}", row.kind), format!("{:?}", fitting[0]));
            }
            // A view that takes nothing from the connection does not ask for another protocol.
            if row.kind != Kind::Done || fitting[0] == Kind::Done {
                found.compare(at, "upgrade", row.upgrade.unwrap_or("none"), upgrade(operation));
            }
        }
        if views(&operation.id).next().is_some() {
            let mut ours: Vec<u16> = views(&operation.id).flat_map(|row| row.success).copied().collect();
            let switched = views(&operation.id).any(|row| row.upgrade.is_some());
            ours.extend(switched.then_some(101));
            ours.sort_unstable();
            ours.dedup();
            found.compare(&operation.id, "statuses", statuses(&ours), statuses(&operation.success));
            let default = views(&operation.id).filter(|row| row.pick == Pick::Default).count();
            found.compare(&operation.id, "views by default", default, 1);
        }
    }
    found.are_those_listed(OPERATIONS_THEMSELVES);
}

#[test]
fn bodies_are_asked_for_where_the_facts_have_them() {
    let mut found = Found::default();
    for operation in OPERATIONS.iter() {
        let facts = match &operation.body {
            None => "none",
            Some(body) if !body.upload.is_empty() => "upload",
            Some(body) if body.required => "required JSON",
            Some(_) => "optional JSON",
        };
        // One view uploads what another lets the engine fetch.
        let uploads = views(&operation.id).any(|row| matches!(row.body, BodySpec::Upload(_)));
        for row in views(&operation.id) {
            let ours = match row.body {
                BodySpec::None => "none",
                BodySpec::Upload(_) => "upload",
                BodySpec::Json { required: true } => "required JSON",
                _ => "optional JSON",
            };
            if ours != "none" || !uploads {
                found.compare(row.name, "body", ours, facts);
            }
            if let (BodySpec::Upload(ours), Some(body)) = (row.body, &operation.body)
                && !body.upload.iter().any(|t| t == ours)
            {
                found.note(row.name, "content type", ours, body.upload.join(" "));
            }
            assert_eq!(row.body_shape.is_some(), matches!(row.body, BodySpec::Json { .. }), "{}", row.name);
            assert_eq!(row.check_body.is_some(), row.body_shape.is_some(), "{}", row.name);
            let documents = matches!(row.kind, Kind::Json | Kind::Values);
            assert_eq!(row.reply_shape.is_some(), documents, "{}", row.name);
        }
    }
    found.are_those_listed(BODIES);
}
