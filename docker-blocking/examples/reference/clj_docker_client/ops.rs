//! The operations of a category, as an API version has them.

use crate::shared::Outcome;
use docker_blocking::api::reflect;

pub(crate) fn main(category: &str, version: &str) -> Outcome {
    for op in reflect::operations(version.parse()?)?.iter().filter(|op| op.category() == category) {
        println!("{}", op.id());
    }
    Ok(())
}
