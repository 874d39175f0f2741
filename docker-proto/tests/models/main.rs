//! Every document of every model survives a round trip, whatever an engine leaves out.
//!
//! `data/examples` are the samples of the published description; full documents are made from the forms of the types.
//! That the forms are right is compared in the tests of the facts. What belongs here: `kit` reads the samples, `generate`
//! makes documents, a file for each area says which types it has and where the samples are wrong, and `properties` has
//! what must hold for all of them.

mod containers;
mod engine;
mod generate;
mod images;
mod kit;
mod mutations;
mod networks;
mod properties;
mod storage;
mod swarm;

/// All areas; an example belongs to the first that has a type for it.
const AREAS: &[kit::Area] = &[engine::AREA, containers::AREA, images::AREA, networks::AREA, storage::AREA, swarm::AREA];
