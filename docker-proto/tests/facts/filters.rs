//! Filters against the facts: those that came after their operation are refused below the version that has them.

use docker_proto::ErrorKind;
use docker_proto::api::TABLE;
use docker_proto::model::{ApiVersion, Filters};
use docker_proto::op::{Encode, Encoded, Invoke, OpSpec, RequestWriter};
use std::collections::BTreeMap;

/// Operation, filter, minor of the first description that has it. The first description of all is that of 1.25.
fn facts() -> BTreeMap<String, BTreeMap<String, u16>> {
    serde_json::from_str(include_str!("../data/facts/filters.json")).unwrap()
}

fn row(id: &str) -> &'static OpSpec {
    TABLE.iter().find(|row| row.id == id).unwrap_or_else(|| panic!("no operation {id}"))
}

fn encode(id: &str, filter: &str, version: Option<ApiVersion>) -> docker_proto::Result<String> {
    let op = Invoke::new(id)?.set("filters", Filters::new().add(filter, "x").to_json())?;
    let op = if id == "ImageSearch" { op.set("term", "x")? } else { op };
    let mut encoded = Encoded::default();
    let mut writer = RequestWriter::new(op.spec(), version, None, &mut encoded);
    op.encode(&mut writer)?;
    writer.finish()?;
    Ok(encoded.target)
}

#[test]
fn bounds_of_filters_are_those_of_the_facts() {
    let mut bounded = 0;
    for (id, filters) in facts() {
        let row = row(&id);
        let parameter = row.param("filters").unwrap_or_else(|| panic!("{id} takes no filters"));
        let first = [row.since, parameter.since].into_iter().flatten().map(|v| v.minor).max().unwrap_or(0).max(25);
        for (filter, &minor) in &filters {
            let expected = (minor > first).then(|| ApiVersion::new(1, minor));
            assert_eq!(row.filter_since(filter), expected, "{id} {filter}");
            bounded += usize::from(expected.is_some());
        }
    }
    assert_eq!(bounded, 24);
}

#[test]
fn a_filter_that_the_version_lacks_is_refused() {
    for (id, filters) in facts() {
        for filter in filters.keys() {
            let Some(since) = row(&id).filter_since(filter) else { continue };
            for filter in [filter.clone(), format!("{filter}!")] {
                let before = ApiVersion::new(1, since.minor - 1);
                let e = encode(&id, &filter, Some(before)).expect_err(&filter);
                assert_eq!(e.kind(), ErrorKind::Version, "{id} {filter}: {e}");
                for part in [&*filter, &since.to_string(), &before.to_string()] {
                    assert!(e.message().contains(part), "{id} {filter}: {e}");
                }
                assert!(encode(&id, &filter, Some(since)).is_ok_and(|target| target.contains("filters=")));
                assert!(encode(&id, &filter, None).is_ok(), "nobody is to check");
            }
        }
    }
}

#[test]
fn what_is_not_known_is_for_the_engine_to_judge() {
    let oldest = Some(ApiVersion::new(1, 24));
    assert!(encode("ContainerList", "invented", oldest).is_ok());
    assert!(encode("ContainerList", "status", oldest).is_ok());
    assert!(encode("ContainerList", "health", oldest).is_ok());
}
