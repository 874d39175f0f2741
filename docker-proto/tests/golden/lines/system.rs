//! The engine itself.

use super::{At, Line, line};
use crate::values::{filters, moment};
use docker_proto::api::system;

pub(super) fn lines(_: At) -> Vec<Line> {
    vec![
        line(system::Ping::new(), |op| op),
        line(system::PingHead::new(), |op| op),
        line(system::Version::new(), |op| op),
        line(system::Info::new(), |op| op),
        line(system::Events::new(), |op| op.since(moment("since")).until(moment("until")).filters(filters())),
    ]
}
