//! What is read from the facts is all of them.

use crate::data::{DEFINITIONS, OPERATIONS, members};
use crate::versions::Versions;

#[test]
fn nothing_is_missing_from_the_facts() {
    assert_eq!((OPERATIONS.len(), DEFINITIONS.len()), (122, 170));
    let params: usize = OPERATIONS.iter().map(|o| o.params.len()).sum();
    let bodies = OPERATIONS.iter().filter(|o| o.body.is_some()).count();
    assert_eq!((params, bodies), (279, 31));
    let fields: usize = DEFINITIONS.values().filter_map(|(schema, _)| members(schema)).map(|f| f.len()).sum();
    assert!(fields > 1000, "{fields}");
}

#[test]
fn ranges_read_as_ranges() {
    assert_eq!(Versions::ALL.to_string(), "1.24-");
    assert_eq!(Versions::NONE.to_string(), "never");
    assert_eq!(Versions::between(None, Some(31)).to_string(), "1.24-1.31");
    assert_eq!((Versions::between(Some(25), Some(25)) | Versions::between(Some(44), None)).to_string(), "1.25, 1.44-");
    assert_eq!(Versions::between(Some(30), None) & Versions::between(None, Some(29)), Versions::NONE);
    for text in ["1.24-", "1.24-1.31", "1.44", "never"] {
        assert_eq!(Versions::read(text).to_string(), text);
    }
    assert_eq!(Versions::between(Some(56), None), Versions::NONE);
}
