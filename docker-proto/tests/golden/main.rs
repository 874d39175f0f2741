//! Every operation and every view of one as the bytes that leave: request line, header fields and body.
//!
//! What a request must be is computed from the facts, by an encoder that shares no code with the crate. What it is comes
//! from the session, off the wire: once made of typed values, which are written out one operation after another in
//! [`lines`], and once by name from the same values as text. A row of the table without a line fails.
//!
//! What belongs here: `params` says which parameters a view has;
//! `values` gives each a value that no other has, as a type and as text; `document` makes
//! bodies; `expected` is the encoder; `wire` catches what is sent; `lines` has the typed requests by resource;
//! `requests` compares; `gates` sets everything bounded in the versions beside its bounds.

#[path = "../facts/compare.rs"]
#[expect(dead_code, reason = "the comparison of the tables uses all of it")]
mod compare;
#[path = "../facts/corrections.rs"]
mod corrections;
#[path = "../facts/data.rs"]
#[expect(dead_code, reason = "the comparison of the tables uses all of it")]
mod data;
#[path = "../facts/differences.rs"]
mod differences;
mod document;
mod expected;
mod gates;
mod lines;
mod params;
mod requests;
#[path = "../facts/schema.rs"]
#[expect(dead_code, reason = "the comparison of the tables uses all of it")]
mod schema;
mod values;
#[path = "../facts/versions.rs"]
#[expect(dead_code, reason = "the comparison of the tables uses all of it")]
mod versions;
mod wire;
