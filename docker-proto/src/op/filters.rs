//! Filters that not every API version knows.
//!
//! Engines refuse a filter they do not know, so the table holds only what came later than the operation and its
//! parameter; a filter that is not in it is for the engine to judge.

use crate::model::ApiVersion;

/// Operation, filter, and the minor of the first API version whose description has it.
const SINCE: &[(&str, &str, u16)] = &[
    ("ContainerList", "expose", 28),
    ("ContainerList", "publish", 28),
    ("ContainerPrune", "label", 30),
    ("ContainerPrune", "until", 28),
    ("ImageList", "until", 44),
    ("ImagePrune", "label", 30),
    ("ImagePrune", "until", 28),
    ("NetworkList", "dangling", 40),
    ("NetworkList", "scope", 29),
    ("NetworkPrune", "label", 30),
    ("NetworkPrune", "until", 28),
    ("SecretList", "id", 29),
    ("SecretList", "label", 29),
    ("SecretList", "name", 29),
    ("ServiceList", "mode", 29),
    ("SystemEvents", "config", 33),
    ("SystemEvents", "node", 33),
    ("SystemEvents", "plugin", 27),
    ("SystemEvents", "scope", 30),
    ("SystemEvents", "secret", 33),
    ("SystemEvents", "service", 33),
    ("VolumeList", "label", 27),
    ("VolumePrune", "all", 42),
    ("VolumePrune", "label", 30),
];

/// The first API version with a filter of an operation, if that is later than the operation. A negated filter, `label!`,
/// is as old as the filter.
pub(super) fn since(operation: &str, filter: &str) -> Option<ApiVersion> {
    let filter = filter.trim_end_matches('!');
    let row = SINCE.iter().find(|(op, name, _)| *op == operation && *name == filter);
    row.map(|(_, _, minor)| ApiVersion::new(1, *minor))
}
