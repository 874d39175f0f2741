//! The models against the facts: every document of every type survives a round trip, whatever an engine leaves out.
//!
//! `data/examples` are the samples of the published description. The files beside that folder have, for each type, a
//! document in which every field of every API version is set, the places of enums, and the version bounds. What belongs
//! here: `kit` reads them, a file for each area says which types it has and where the description is wrong, and
//! `properties` has what must hold for all of them.

mod containers;
mod engine;
mod images;
mod kit;
mod networks;
mod properties;
mod storage;
mod swarm;

/// All areas; an example belongs to the first that has a type for it.
const AREAS: &[kit::Area] = &[engine::AREA, containers::AREA, images::AREA, networks::AREA, storage::AREA, swarm::AREA];
