//! Every operation of the Engine API as a value: one module for each resource, one type for each verb.
//!
//! | method and path | type |
//! |---|---|
//! | `GET /_ping` | [`system::Ping`] |
//! | `HEAD /_ping` | [`system::PingHead`] |
//! | `GET /version` | [`system::Version`] |
//! | `GET /info` | [`system::Info`] |
//! | `GET /events` | [`system::Events`] |
//! | `GET /containers/json` | [`containers::List`] |
//! | `POST /containers/create` | [`containers::Create`] |
//! | `GET /containers/{id}/json` | [`containers::Inspect`] |
//! | `POST /containers/{id}/start` | [`containers::Start`] |
//! | `POST /containers/{id}/stop` | [`containers::Stop`] |
//! | `POST /containers/{id}/wait` | [`containers::Wait`] |
//! | `DELETE /containers/{id}` | [`containers::Remove`] |
//! | `GET /containers/{id}/logs` | [`containers::Logs`] |
//! | `POST /containers/{id}/attach` | [`containers::Attach`], [`containers::AttachOutput`] |
//! | `GET /containers/{id}/archive` | [`archive::Get`] |
//! | `HEAD /containers/{id}/archive` | [`archive::Stat`] |
//! | `PUT /containers/{id}/archive` | [`archive::Put`] |
//! | `POST /containers/{id}/exec` | [`exec::Create`] |
//! | `POST /exec/{id}/start` | [`exec::Start`], [`exec::StartDetached`] |
//! | `GET /exec/{id}/json` | [`exec::Inspect`] |
//! | `GET /images/json` | [`images::List`] |
//! | `POST /images/create` | [`images::Pull`], [`images::Import`], [`images::ImportFrom`] |
//! | `DELETE /images/{name}` | [`images::Remove`] |

pub mod archive;
pub mod containers;
pub mod exec;
pub mod images;
pub mod system;

use crate::op::OpSpec;

/// Every operation; views of one operation stand together.
///
/// A constant, so that only programs that name operations at run time carry all of them.
pub const TABLE: &[&OpSpec] = &[
    system::Ping::SPEC,
    system::PingHead::SPEC,
    system::Version::SPEC,
    system::Info::SPEC,
    system::Events::SPEC,
    containers::List::SPEC,
    containers::Create::SPEC,
    containers::Inspect::SPEC,
    containers::Start::SPEC,
    containers::Stop::SPEC,
    containers::Wait::SPEC,
    containers::Remove::SPEC,
    containers::Logs::SPEC,
    containers::Attach::SPEC,
    containers::AttachOutput::SPEC,
    archive::Get::SPEC,
    archive::Stat::SPEC,
    archive::Put::SPEC,
    exec::Create::SPEC,
    exec::Start::SPEC,
    exec::StartDetached::SPEC,
    exec::Inspect::SPEC,
    images::List::SPEC,
    images::Pull::SPEC,
    images::Import::SPEC,
    images::ImportFrom::SPEC,
    images::Remove::SPEC,
];
