//! What the tables share.

use docker_proto::{ErrorKind, Result};

/// The value, or what was wrong with which text.
#[track_caller]
pub(crate) fn good<T>(text: &str, read: Result<T>) -> T {
    read.unwrap_or_else(|e| panic!("{text:?} was refused: {e}"))
}

/// The text is refused as the caller's mistake, and the message has the rule.
#[track_caller]
pub(crate) fn bad<T: core::fmt::Debug>(text: &str, rule: &str, read: Result<T>) {
    let e = match read {
        Ok(value) => panic!("{text:?} was taken as {value:?}"),
        Err(e) => e,
    };
    assert_eq!(e.kind(), ErrorKind::Usage);
    assert!(e.message().contains(rule), "{text:?}: {rule:?} is not in the message: {e}");
}
