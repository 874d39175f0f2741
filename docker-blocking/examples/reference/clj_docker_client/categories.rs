//! The categories that the operations of an API version are in. No engine is asked.

use crate::shared::Outcome;
use docker_blocking::api::reflect;

pub(crate) fn main(version: &str) -> Outcome {
    for category in reflect::categories(version.parse()?)? {
        println!("{category}");
    }
    Ok(())
}
