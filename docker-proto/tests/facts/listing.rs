//! The list of operations in the documentation of `api`, and what else each row of the table must be.

use crate::data::OPERATIONS;
use docker_proto::api::TABLE;
use std::collections::BTreeMap;

/// Method and path, and the types beside them, as the documentation has them.
fn listed() -> Vec<(String, Vec<String>)> {
    let source = include_str!("../../src/api/mod.rs");
    let rows = source.lines().filter_map(|line| line.strip_prefix("//! | `"));
    let read = |row: &str| {
        let (line, types) = row.split_once("` | ").unwrap_or_else(|| panic!("{row:?} is no row"));
        let types = types.strip_suffix(" |").unwrap_or_else(|| panic!("{row:?} does not end"));
        let name = |t: &str| -> Option<String> { Some(t.strip_prefix("[`")?.strip_suffix("`]")?.into()) };
        let types = types.split(", ").map(|t| name(t).unwrap_or_else(|| panic!("{t:?} is no link")));
        (line.to_string(), types.collect())
    };
    rows.map(read).collect()
}

#[test]
fn the_documentation_lists_exactly_the_table() {
    let listed = listed();
    let mut ours: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for row in TABLE {
        ours.entry(format!("{} {}", row.method.as_str(), row.path)).or_default().push(row.name);
    }
    assert_eq!(listed.len(), ours.len(), "lines of the documentation, and pairs of method and path in the table");
    for (line, types) in &listed {
        assert_eq!(Some(types.iter().map(|t| &**t).collect()), ours.remove(line), "{line}");
    }
}

#[test]
fn views_of_an_operation_stand_together() {
    let mut ids: Vec<_> = TABLE.iter().map(|row| row.id).collect();
    ids.dedup();
    let rows = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), rows, "the rows of one operation are apart");
    let mut names: Vec<_> = TABLE.iter().map(|row| row.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), TABLE.len(), "two rows have one name");
}

#[test]
fn every_row_says_where_it_belongs() {
    for row in TABLE {
        let (module, verb) = row.name.split_once("::").unwrap_or_else(|| panic!("{} has no module", row.name));
        assert!(module.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{}", row.name);
        assert!(verb.starts_with(|c: char| c.is_ascii_uppercase()), "{}", row.name);
        let first = row.path.split('/').nth(1).unwrap_or_default();
        assert_eq!(row.category(), first, "{}", row.name);
        let braces = row.path.matches('{').count();
        let template = row.params.iter().filter(|p| row.path.contains(&format!("{{{}}}", p.name))).count();
        assert_eq!((row.path.matches('}').count(), template), (braces, braces), "{}: {}", row.name, row.path);
        for param in row.params {
            assert!(std::ptr::eq(row.param(param.name).expect("a row finds its own parameter"), param));
        }
        assert!(row.param("no such parameter").is_none());
    }
    // A documented operation is found under the same first segment.
    for operation in OPERATIONS.iter() {
        let first = operation.path.split('/').nth(1);
        for row in TABLE.iter().filter(|row| row.id == operation.id) {
            assert_eq!(Some(row.category()), first, "{}", row.name);
        }
    }
}
