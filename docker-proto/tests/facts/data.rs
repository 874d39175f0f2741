//! The facts, read.

use crate::schema::{Field, Schema, together, versions};
use crate::versions::{Versions, minor};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// An operation of the API.
pub(crate) struct Operation {
    pub(crate) id: String,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) versions: Versions,
    /// Whether a version stands before its path in every API version.
    pub(crate) versioned: bool,
    /// What kind of answer it has.
    pub(crate) transport: String,
    pub(crate) params: Vec<Param>,
    pub(crate) body: Option<Body>,
    /// The statuses of success that engines send.
    pub(crate) success: Vec<u16>,
    /// Whether "already so" is an answer.
    pub(crate) unchanged: bool,
    /// The form of a successful answer, where it is JSON.
    pub(crate) reply: Option<Schema>,
    /// Whether the head of the answer tells about the path it is an archive of.
    pub(crate) stat: bool,
}

/// A parameter outside of the body.
#[derive(Clone)]
pub(crate) struct Param {
    pub(crate) name: String,
    /// `path`, `query` or `header`.
    pub(crate) place: String,
    pub(crate) kind: String,
    /// How a value is written, if it is not plain.
    pub(crate) encoding: String,
    pub(crate) required: bool,
    pub(crate) many: bool,
    /// The versions that have it, as far as it says so itself.
    pub(crate) versions: Versions,
}

/// The body of a request.
pub(crate) struct Body {
    pub(crate) required: bool,
    pub(crate) schema: Schema,
    /// The content types of a body that is not JSON.
    pub(crate) upload: Vec<String>,
}

fn rows(text: &str) -> Vec<Value> {
    serde_json::from_str(text).expect("the facts are JSON lists")
}

fn text(row: &Value, key: &str) -> String {
    row.get(key).and_then(Value::as_str).unwrap_or_default().into()
}

fn list<'a>(row: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    row.get(key).and_then(Value::as_array).into_iter().flatten()
}

/// All operations.
pub(crate) static OPERATIONS: LazyLock<Vec<Operation>> =
    LazyLock::new(|| rows(include_str!("../data/facts/operations.json")).iter().map(Operation::read).collect());

/// All definitions by name, those that are gone with them: their form, and the versions that have them.
pub(crate) static DEFINITIONS: LazyLock<BTreeMap<String, (Schema, Versions)>> = LazyLock::new(|| {
    let rows = rows(include_str!("../data/facts/definitions.json"));
    rows.iter().map(|row| (text(row, "name"), (Schema::read(row), versions(row)))).collect()
});

fn is_content_type(param: &Value) -> bool {
    text(param, "name").eq_ignore_ascii_case("content-type")
}

impl Operation {
    fn read(row: &Value) -> Self {
        let own = match row.get("daemon_min_version").and_then(Value::as_str) {
            Some(version) => Versions::between(Some(minor(version)), None),
            None => versions(row),
        };
        let documented = text(row, "since");
        // What is as old as its operation in the documentation is so in the engine.
        let of = |part: &Value| {
            let known = versions(part);
            let same = part.get("since_daemon").is_none() && text(part, "since") == documented;
            if same { known | own & !versions(row) } else { known }
        };
        let success: Vec<u16> = list(row, "daemon_success").filter_map(|s| s.as_str()?.parse().ok()).collect();
        let statuses = || list(row, "responses").map(|r| (text(r, "status"), r));
        let good = statuses().find(|(status, _)| success.iter().any(|s| s.to_string() == *status));
        let params = list(row, "params").filter(|p| p["in"] != "body" && !is_content_type(p));
        let body = list(row, "params").find(|p| p["in"] == "body");
        Self {
            id: text(row, "id"),
            method: text(row, "method"),
            path: text(row, "path"),
            versions: own,
            versioned: row.get("versioned_since").is_none(),
            transport: text(row, "transport"),
            params: params.map(|p| Param::read(p, of(p))).collect(),
            body: body.map(|b| Body::read(b, row)),
            success,
            unchanged: statuses().any(|(status, _)| status == "304"),
            reply: good.as_ref().and_then(|(_, r)| match r.get("ref") {
                Some(_) => Some(Schema::read(r)),
                None => r.get("schema").map(Schema::read),
            }),
            stat: good.is_some_and(|(_, r)| list(r, "headers").any(|h| h["name"] == "X-Docker-Container-Path-Stat")),
        }
    }

    /// The parameter of this name.
    pub(crate) fn param(&self, name: &str) -> Option<&Param> {
        self.params.iter().find(|p| p.name == name)
    }
}

impl Param {
    fn read(row: &Value, versions: Versions) -> Self {
        let is = |key: &str| row.get(key) == Some(&Value::Bool(true));
        Self {
            name: text(row, "name"),
            place: text(row, "in"),
            kind: text(row, "type"),
            encoding: text(row, "encoding"),
            required: is("required") || is("required_daemon"),
            many: text(row, "collectionFormat") == "multi" || text(row, "type") == "array",
            versions,
        }
    }
}

impl Body {
    fn read(param: &Value, operation: &Value) -> Self {
        // The type of a body is a header field like any other in some places.
        let field = list(operation, "params").filter(|p| is_content_type(p)).flat_map(|p| list(p, "enum"));
        let types = list(operation, "request_content_types").chain(field);
        let types = types.filter(|_| text(operation, "request_body") != "json");
        Self {
            required: param.get("required") == Some(&Value::Bool(true)),
            schema: param.get("schema").map_or(Schema::Any, Schema::read),
            upload: types.filter_map(|t| t.as_str().map(String::from)).collect(),
        }
    }
}

/// The members of a form that is an object; definitions that it is made of are followed.
pub(crate) fn members(schema: &Schema) -> Option<Vec<Field>> {
    match schema {
        Schema::Object(fields) => Some(fields.clone()),
        Schema::Ref(name) => members(&DEFINITIONS.get(name)?.0),
        Schema::All(parts) => {
            let mut all = Vec::new();
            for part in parts {
                let mut more = members(part)?;
                if let Schema::Ref(name) = part {
                    more.iter_mut().for_each(|f| f.of = f.of.take().or_else(|| Some(name.clone())));
                }
                together(&mut all, more);
            }
            Some(all)
        }
        _ => None,
    }
}
