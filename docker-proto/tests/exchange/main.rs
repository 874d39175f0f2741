//! One request and its answer, without a socket: every vector at every cut, every report in every order.

mod framing;
mod golden;
mod heads;
mod kit;
mod orders;
mod sending;
mod tunnel;
