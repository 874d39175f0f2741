//! Parameters in path, query and header: which each version has, and what they hold.

use crate::compare::{Found, PARAMETER_VERSIONS, PARAMETERS};
use crate::data::{OPERATIONS, Operation, Param};
use crate::operations::{own_versions, views};
use crate::versions::Versions;
use docker_proto::op::{ParamSpec, ParamType, PathKind, Place};

fn place(param: &ParamSpec) -> &'static str {
    match param.place {
        Place::Path(_) => "path",
        Place::Query => "query",
        _ => "header",
    }
}

/// The types that a parameter may have here.
fn types(operation: &Operation, param: &Param) -> &'static [ParamType] {
    let output = ["log_stream", "json_stream"].contains(&&*operation.transport);
    match (&*param.kind, &*param.name) {
        ("boolean", _) => &[ParamType::Bool],
        (_, "since" | "until") if output => &[ParamType::Timestamp],
        ("integer", _) => &[ParamType::Int, ParamType::Uint],
        (_, "X-Registry-Auth" | "X-Registry-Config") => &[ParamType::Auth],
        (_, "filters") => &[ParamType::Filters],
        _ if param.encoding.starts_with("json ") => &[ParamType::Json],
        _ => &[ParamType::Text],
    }
}

/// How a value in a path is written.
fn path_kind(operation: &Operation, param: &Param) -> PathKind {
    let first = operation.path.split('/').nth(1).unwrap_or_default();
    match (first, &*param.name) {
        ("containers", "id") => PathKind::Container,
        ("images" | "plugins" | "distribution", "name") => PathKind::Image,
        (_, "anyroute") => PathKind::Route,
        _ => PathKind::Segment,
    }
}

fn label(types: &[ParamType]) -> String {
    types.iter().map(|t| format!("{t:?}")).collect::<Vec<_>>().join(" or ")
}

#[test]
fn every_version_has_the_parameters_of_the_facts() {
    let mut found = Found::default();
    for operation in OPERATIONS.iter() {
        let mut rows = views(&operation.id).peekable();
        if rows.peek().is_none() {
            // Said by the comparison of the operations.
            continue;
        }
        for row in views(&operation.id) {
            let names: Vec<_> = row.params.iter().map(|p| p.name).collect();
            for param in row.params {
                let at = format!("{}.{}", row.name, param.name);
                let ours = Versions::bounded(param.since, param.until) & own_versions(row);
                let known = operation.param(param.name).filter(|p| p.place == place(param));
                let facts = known.map_or(Versions::NONE, |p| p.versions & operation.versions);
                found.compare(&at, "parameter versions", ours, facts);
                assert_eq!(names.iter().filter(|n| **n == param.name).count(), 1, "{at} stands there twice");
            }
        }
        // What no view has is missing.
        for param in &operation.params {
            if !views(&operation.id).any(|row| row.param(&param.name).is_some()) {
                let at = format!("{}.{}", operation.id, param.name);
                found.note(at, "parameter versions", Versions::NONE, param.versions & operation.versions);
            }
        }
    }
    found.are_those_listed(PARAMETER_VERSIONS);
}

#[test]
fn parameters_are_what_the_facts_say() {
    let mut found = Found::default();
    for operation in OPERATIONS.iter() {
        for row in views(&operation.id) {
            for param in row.params {
                let at = format!("{}.{}", row.name, param.name);
                let Some(facts) = operation.param(param.name) else { continue };
                found.compare(&at, "place", place(param), &facts.place);
                found.compare(&at, "many", param.many, facts.many && param.fixed.is_none());
                // What is always sent is never missing.
                let sent = param.required || param.fixed.is_some() || param.default.is_some();
                found.compare(&at, "required", sent, facts.required || param.fixed.is_some());
                if let Place::Path(kind) = param.place {
                    found.compare(
                        &at,
                        "path of a value",
                        format!("{kind:?}"),
                        format!("{:?}", path_kind(operation, facts)),
                    );
                }
                let types = types(operation, facts);
                if param.fixed.is_none() && !types.contains(&param.ty) {
                    found.note(&at, "type of a parameter", format!("{:?}", param.ty), label(types));
                }
            }
            for facts in operation.params.iter().filter(|p| p.required) {
                if row.param(&facts.name).is_none() {
                    found.note(format!("{}.{}", row.name, facts.name), "required", "none", "true");
                }
            }
        }
    }
    found.are_those_listed(PARAMETERS);
}
