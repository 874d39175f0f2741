//! Every view of every operation as typed values: first with what it needs, then with all it can have.
//!
//! A file for each family of resources. Each has one function that takes the version: what is gone is only set where it was still there.

mod containers;
mod images;
mod plugins;
mod swarm;
mod system;

use crate::data::OPERATIONS;
use crate::{document, wire};
use docker_proto::Error;
use docker_proto::api::TABLE;
use docker_proto::op::{Gating, Operation, Pick};
use docker_proto::session::Client;
use docker_proto::testkit::Asked;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::sync::Arc;

/// Sends a request and gives what was sent. The number is the length of an upload, if it is told.
type Send = Box<dyn Fn(&Arc<Client>, Gating, Option<u64>) -> Result<Asked, Error>>;

/// A view as typed values.
pub(crate) struct Line {
    /// Its name in the table.
    pub(crate) name: &'static str,
    /// With nothing that could be left out.
    pub(crate) bare: Send,
    /// With everything.
    pub(crate) full: Send,
}

/// A view: what `new` takes, and all the rest.
fn line<O: Operation + Clone>(bare: O, fill: impl FnOnce(O) -> O) -> Line {
    let full = fill(bare.clone());
    let send =
        |op: O| -> Send { Box::new(move |client, gating, length| wire::sent(client, op.clone(), gating, length)) };
    Line { name: bare.spec().name, bare: send(bare), full: send(full) }
}

/// The minor version that a line is for.
#[derive(Clone, Copy)]
struct At(u16);

impl At {
    fn since(self, minor: u16) -> bool {
        self.0 >= minor
    }

    fn until(self, minor: u16) -> bool {
        self.0 <= minor
    }

    /// The full body of an operation.
    fn body<T: DeserializeOwned>(self, id: &str) -> T {
        let operation = OPERATIONS.iter().find(|o| o.id == id).unwrap_or_else(|| panic!("no operation {id}"));
        let body = operation.body.as_ref().unwrap_or_else(|| panic!("{id} has no body"));
        let document = document::full(&body.schema, self.0);
        serde_json::from_value(document).unwrap_or_else(|e| panic!("the body of {id}: {e}"))
    }
}

trait When: Sized {
    /// Fills in more, in versions that have it.
    fn when(self, known: bool, fill: impl FnOnce(Self) -> Self) -> Self {
        if known { fill(self) } else { self }
    }
}

impl<O: Operation> When for O {}

/// All lines for a minor version.
pub(crate) fn lines(minor: u16) -> Vec<Line> {
    let at = At(minor);
    let all = [containers::lines(at), images::lines(at), plugins::lines(at), swarm::lines(at), system::lines(at)];
    all.into_iter().flatten().collect()
}

/// What a view always says in its body.
pub(crate) fn fixed_in_body(id: &str, name: &str) -> Option<(&'static str, Value)> {
    TABLE.iter().filter(|row| row.id == id).find_map(|row| match row.pick {
        Pick::BodyTrue(member) => Some((member, json!(row.name == name))),
        _ => None,
    })
}
