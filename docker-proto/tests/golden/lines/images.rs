//! Images: made, named, moved and removed.

use super::{At, Line, line};
use crate::values::{image, platforms};
use docker_proto::api::images;

pub(super) fn lines(_: At) -> Vec<Line> {
    let name = || image("name");
    vec![line(images::Remove::new(name()), |op| op.force(true).noprune(true))]
}
