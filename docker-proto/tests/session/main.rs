//! One call from its first connection to its last byte, against a scripted engine and in virtual time.

mod common;
mod copy;
mod counters;
mod deadlines;
mod detach;
mod framing;
mod framing_swarm;
mod invoke;
mod invoke_values;
mod limits;
mod meaning;
mod negotiation;
mod output;
mod places;
mod progress;
mod raw;
mod redial;
mod refusals;
mod requests;
mod reuse;
mod shaped;
mod swarm;
mod tars;
mod values;
mod waits;
mod websocket;
