//! What an operation does, and which parameters it takes.

use crate::shared::Outcome;
use docker_blocking::api::reflect;

pub(crate) fn main(operation: &str) -> Outcome {
    let op = reflect::operation(operation)?;
    println!("{}", op.doc());
    for parameter in op.parameters() {
        println!("{}: {:?}", parameter.name(), parameter.spec().ty);
    }
    Ok(())
}
