//! The parameters of a view, as engines read them: those of the facts, but for the differences that are meant.

use crate::data::{OPERATIONS, Operation, Param};
use crate::differences::ours;
use crate::versions::Versions;
use docker_proto::op::{OpSpec, ParamSpec};

/// The operation of a row.
pub(crate) fn operation(row: &OpSpec) -> &'static Operation {
    OPERATIONS.iter().find(|o| o.id == row.id).unwrap_or_else(|| panic!("the facts have no {}", row.id))
}

/// All parameters of a view, each beside its row in the table.
pub(crate) fn params(row: &'static OpSpec) -> Vec<(Param, &'static ParamSpec)> {
    let operation = operation(row);
    let known = operation.params.iter().filter_map(|facts| {
        let spec = row.param(&facts.name)?;
        Some((correct(row, facts.clone()), spec))
    });
    // What no description mentions: header fields of handshakes.
    let more = row.params.iter().filter(|p| operation.param(p.name).is_none()).map(|spec| {
        let facts = Param {
            name: spec.name.into(),
            place: "header".into(),
            kind: "string".into(),
            encoding: String::new(),
            required: false,
            many: spec.many,
            versions: Versions::NONE,
        };
        (correct(row, facts), spec)
    });
    known.chain(more).collect()
}

fn correct(row: &OpSpec, mut param: Param) -> Param {
    let at = format!("{}.{}", row.name, param.name);
    if let Some(range) = ours(&at, "parameter versions") {
        param.versions = Versions::read(range);
    }
    if let Some(many) = ours(&at, "many") {
        param.many = many == "true";
    }
    match ours(&at, "type of a parameter") {
        Some("Bool") => param.kind = "boolean".into(),
        Some(other) => panic!("{at} is a {other}"),
        None => {}
    }
    // The facts have the encoding everywhere but here.
    if row.id == "ImageBuild" && param.name == "platform" {
        param.encoding = "os[/arch[/variant]]".into();
    }
    param
}
