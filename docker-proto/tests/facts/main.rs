//! The table of operations and the models against the facts, for every version of the API from 1.24 to 1.55.
//!
//! `../data/facts` says what engines have: operations, parameters, bodies and definitions, each with the versions that
//! have it. A comparison finds every place where this crate says something else. Each of these must stand in
//! [`differences`], and each entry there must be found; so the list is complete, and nothing in it is out of date.
//!
//! What belongs here: `data` and `schema` read the facts, `versions` is a set of API versions; `operations`,
//! `parameters` and `models` compare one kind of thing each; `listing` holds the documentation's table against both.

mod compare;
mod corrections;
mod data;
mod differences;
mod filters;
mod listing;
mod models;
mod operations;
mod parameters;
mod reading;
mod schema;
mod versions;
