//! Every operation of the Engine API as a value: one module for each resource, one type for each verb.
//!
//! Objects are values too: `containers::named("web")` is a [handle](containers::Handle), whose methods are the operations
//! on that container, and a [`containers::Snapshot`] is what it was when somebody asked. What there is can be asked for at
//! run time: [`reflect`].
//!
//! | method and path | type |
//! |---|---|
//! | `GET /_ping` | [`system::Ping`] |
//! | `HEAD /_ping` | [`system::PingHead`] |
//! | `GET /version` | [`system::Version`] |
//! | `GET /info` | [`system::Info`] |
//! | `GET /events` | [`system::Events`] |
//! | `GET /system/df` | [`system::DataUsage`] |
//! | `POST /auth` | [`system::Auth`] |
//! | `OPTIONS /{anyroute}` | [`system::Options`] |
//! | `GET /containers/json` | [`containers::List`] |
//! | `POST /containers/create` | [`containers::Create`] |
//! | `POST /containers/prune` | [`containers::Prune`] |
//! | `GET /containers/{id}/json` | [`containers::Inspect`] |
//! | `GET /containers/{id}/top` | [`containers::Top`] |
//! | `GET /containers/{id}/logs` | [`containers::Logs`] |
//! | `GET /containers/{id}/changes` | [`containers::Changes`] |
//! | `GET /containers/{id}/export` | [`containers::Export`] |
//! | `GET /containers/{id}/stats` | [`containers::Stats`], [`containers::StatsOnce`] |
//! | `POST /containers/{id}/resize` | [`containers::Resize`] |
//! | `POST /containers/{id}/start` | [`containers::Start`] |
//! | `POST /containers/{id}/stop` | [`containers::Stop`] |
//! | `POST /containers/{id}/restart` | [`containers::Restart`] |
//! | `POST /containers/{id}/kill` | [`containers::Kill`] |
//! | `POST /containers/{id}/update` | [`containers::Update`] |
//! | `POST /containers/{id}/rename` | [`containers::Rename`] |
//! | `POST /containers/{id}/pause` | [`containers::Pause`] |
//! | `POST /containers/{id}/unpause` | [`containers::Unpause`] |
//! | `POST /containers/{id}/attach` | [`containers::Attach`], [`containers::AttachOutput`] |
//! | `GET /containers/{id}/attach/ws` | [`containers::AttachWebsocket`] |
//! | `POST /containers/{id}/wait` | [`containers::Wait`] |
//! | `DELETE /containers/{id}` | [`containers::Remove`] |
//! | `GET /containers/{id}/archive` | [`archive::Get`] |
//! | `HEAD /containers/{id}/archive` | [`archive::Stat`] |
//! | `PUT /containers/{id}/archive` | [`archive::Put`] |
//! | `POST /containers/{id}/exec` | [`exec::Create`] |
//! | `POST /exec/{id}/start` | [`exec::Start`], [`exec::StartDetached`] |
//! | `POST /exec/{id}/resize` | [`exec::Resize`] |
//! | `GET /exec/{id}/json` | [`exec::Inspect`] |
//! | `GET /containers/{id}/checkpoints` | [`checkpoints::List`] |
//! | `POST /containers/{id}/checkpoints` | [`checkpoints::Create`] |
//! | `DELETE /containers/{id}/checkpoints/{checkpoint}` | [`checkpoints::Remove`] |
//! | `GET /images/json` | [`images::List`] |
//! | `POST /images/create` | [`images::Pull`], [`images::Import`], [`images::ImportFrom`] |
//! | `GET /images/{name}/json` | [`images::Inspect`] |
//! | `GET /images/{name}/history` | [`images::History`] |
//! | `POST /images/{name}/push` | [`images::Push`] |
//! | `POST /images/{name}/tag` | [`images::Tag`] |
//! | `DELETE /images/{name}` | [`images::Remove`] |
//! | `GET /images/search` | [`images::Search`] |
//! | `POST /images/prune` | [`images::Prune`] |
//! | `POST /commit` | [`images::Commit`] |
//! | `GET /images/{name}/get` | [`images::Get`] |
//! | `GET /images/get` | [`images::GetAll`] |
//! | `POST /images/load` | [`images::Load`] |
//! | `GET /images/{name}/attestations` | [`images::Attestations`] |
//! | `GET /distribution/{name}/json` | [`distribution::Inspect`] |
//! | `POST /build` | [`build::FromTar`], [`build::FromRemote`] |
//! | `POST /build/prune` | [`build::Prune`] |
//! | `POST /build/cancel` | [`build::Cancel`] |
//! | `GET /volumes` | [`volumes::List`] |
//! | `POST /volumes/create` | [`volumes::Create`] |
//! | `GET /volumes/{name}` | [`volumes::Inspect`] |
//! | `DELETE /volumes/{name}` | [`volumes::Remove`] |
//! | `POST /volumes/prune` | [`volumes::Prune`] |
//! | `PUT /volumes/{name}` | [`volumes::Update`] |
//! | `GET /networks` | [`networks::List`] |
//! | `POST /networks/create` | [`networks::Create`] |
//! | `GET /networks/{id}` | [`networks::Inspect`] |
//! | `DELETE /networks/{id}` | [`networks::Remove`] |
//! | `POST /networks/{id}/connect` | [`networks::Connect`] |
//! | `POST /networks/{id}/disconnect` | [`networks::Disconnect`] |
//! | `POST /networks/prune` | [`networks::Prune`] |
//! | `POST /session` | [`session::Start`] |
//! | `POST /grpc` | [`session::Grpc`] |
//! | `GET /debug/vars` | [`debug::Vars`] |
//! | `GET /debug/pprof/` | [`debug::Index`] |
//! | `GET /debug/pprof/cmdline` | [`debug::Cmdline`] |
//! | `GET /debug/pprof/profile` | [`debug::Profile`] |
//! | `GET /debug/pprof/symbol` | [`debug::Symbol`] |
//! | `GET /debug/pprof/trace` | [`debug::Trace`] |
//! | `GET /debug/pprof/{name}` | [`debug::Named`] |
//! | `GET /swarm` | [`swarm::Inspect`] |
//! | `POST /swarm/init` | [`swarm::Init`] |
//! | `POST /swarm/join` | [`swarm::Join`] |
//! | `POST /swarm/leave` | [`swarm::Leave`] |
//! | `POST /swarm/update` | [`swarm::Update`] |
//! | `GET /swarm/unlockkey` | [`swarm::UnlockKey`] |
//! | `POST /swarm/unlock` | [`swarm::Unlock`] |
//! | `GET /nodes` | [`nodes::List`] |
//! | `GET /nodes/{id}` | [`nodes::Inspect`] |
//! | `DELETE /nodes/{id}` | [`nodes::Remove`] |
//! | `POST /nodes/{id}/update` | [`nodes::Update`] |
//! | `GET /services` | [`services::List`] |
//! | `POST /services/create` | [`services::Create`] |
//! | `GET /services/{id}` | [`services::Inspect`] |
//! | `DELETE /services/{id}` | [`services::Remove`] |
//! | `POST /services/{id}/update` | [`services::Update`] |
//! | `GET /services/{id}/logs` | [`services::Logs`] |
//! | `GET /tasks` | [`tasks::List`] |
//! | `GET /tasks/{id}` | [`tasks::Inspect`] |
//! | `GET /tasks/{id}/logs` | [`tasks::Logs`] |
//! | `GET /secrets` | [`secrets::List`] |
//! | `POST /secrets/create` | [`secrets::Create`] |
//! | `GET /secrets/{id}` | [`secrets::Inspect`] |
//! | `DELETE /secrets/{id}` | [`secrets::Remove`] |
//! | `POST /secrets/{id}/update` | [`secrets::Update`] |
//! | `GET /configs` | [`configs::List`] |
//! | `POST /configs/create` | [`configs::Create`] |
//! | `GET /configs/{id}` | [`configs::Inspect`] |
//! | `DELETE /configs/{id}` | [`configs::Remove`] |
//! | `POST /configs/{id}/update` | [`configs::Update`] |
//! | `GET /plugins` | [`plugins::List`] |
//! | `GET /plugins/privileges` | [`plugins::Privileges`] |
//! | `POST /plugins/pull` | [`plugins::Pull`] |
//! | `GET /plugins/{name}/json` | [`plugins::Inspect`] |
//! | `GET /plugins/{name}` | [`plugins::InspectLegacy`] |
//! | `DELETE /plugins/{name}` | [`plugins::Remove`] |
//! | `POST /plugins/{name}/enable` | [`plugins::Enable`] |
//! | `POST /plugins/{name}/disable` | [`plugins::Disable`] |
//! | `POST /plugins/create` | [`plugins::Create`] |
//! | `POST /plugins/{name}/push` | [`plugins::Push`] |
//! | `POST /plugins/{name}/set` | [`plugins::Set`] |
//! | `POST /plugins/{name}/upgrade` | [`plugins::Upgrade`] |

pub mod archive;
pub mod build;
pub mod checkpoints;
pub mod configs;
pub mod containers;
pub mod debug;
pub mod distribution;
pub mod exec;
pub mod images;
pub mod networks;
pub mod nodes;
pub mod plugins;
pub mod reflect;
pub mod secrets;
pub mod services;
pub mod session;
pub mod swarm;
pub mod system;
pub mod tasks;
pub mod volumes;

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
    system::DataUsage::SPEC,
    system::Auth::SPEC,
    system::Options::SPEC,
    containers::List::SPEC,
    containers::Create::SPEC,
    containers::Prune::SPEC,
    containers::Inspect::SPEC,
    containers::Top::SPEC,
    containers::Logs::SPEC,
    containers::Changes::SPEC,
    containers::Export::SPEC,
    containers::Stats::SPEC,
    containers::StatsOnce::SPEC,
    containers::Resize::SPEC,
    containers::Start::SPEC,
    containers::Stop::SPEC,
    containers::Restart::SPEC,
    containers::Kill::SPEC,
    containers::Update::SPEC,
    containers::Rename::SPEC,
    containers::Pause::SPEC,
    containers::Unpause::SPEC,
    containers::Attach::SPEC,
    containers::AttachOutput::SPEC,
    containers::AttachWebsocket::SPEC,
    containers::Wait::SPEC,
    containers::Remove::SPEC,
    archive::Get::SPEC,
    archive::Stat::SPEC,
    archive::Put::SPEC,
    exec::Create::SPEC,
    exec::Start::SPEC,
    exec::StartDetached::SPEC,
    exec::Resize::SPEC,
    exec::Inspect::SPEC,
    checkpoints::List::SPEC,
    checkpoints::Create::SPEC,
    checkpoints::Remove::SPEC,
    images::List::SPEC,
    images::Pull::SPEC,
    images::Import::SPEC,
    images::ImportFrom::SPEC,
    images::Inspect::SPEC,
    images::History::SPEC,
    images::Push::SPEC,
    images::Tag::SPEC,
    images::Remove::SPEC,
    images::Search::SPEC,
    images::Prune::SPEC,
    images::Commit::SPEC,
    images::Get::SPEC,
    images::GetAll::SPEC,
    images::Load::SPEC,
    images::Attestations::SPEC,
    distribution::Inspect::SPEC,
    build::FromTar::SPEC,
    build::FromRemote::SPEC,
    build::Prune::SPEC,
    build::Cancel::SPEC,
    volumes::List::SPEC,
    volumes::Create::SPEC,
    volumes::Inspect::SPEC,
    volumes::Remove::SPEC,
    volumes::Prune::SPEC,
    volumes::Update::SPEC,
    networks::List::SPEC,
    networks::Create::SPEC,
    networks::Inspect::SPEC,
    networks::Remove::SPEC,
    networks::Connect::SPEC,
    networks::Disconnect::SPEC,
    networks::Prune::SPEC,
    session::Start::SPEC,
    session::Grpc::SPEC,
    debug::Vars::SPEC,
    debug::Index::SPEC,
    debug::Cmdline::SPEC,
    debug::Profile::SPEC,
    debug::Symbol::SPEC,
    debug::Trace::SPEC,
    debug::Named::SPEC,
    swarm::Inspect::SPEC,
    swarm::Init::SPEC,
    swarm::Join::SPEC,
    swarm::Leave::SPEC,
    swarm::Update::SPEC,
    swarm::UnlockKey::SPEC,
    swarm::Unlock::SPEC,
    nodes::List::SPEC,
    nodes::Inspect::SPEC,
    nodes::Remove::SPEC,
    nodes::Update::SPEC,
    services::List::SPEC,
    services::Create::SPEC,
    services::Inspect::SPEC,
    services::Remove::SPEC,
    services::Update::SPEC,
    services::Logs::SPEC,
    tasks::List::SPEC,
    tasks::Inspect::SPEC,
    tasks::Logs::SPEC,
    secrets::List::SPEC,
    secrets::Create::SPEC,
    secrets::Inspect::SPEC,
    secrets::Remove::SPEC,
    secrets::Update::SPEC,
    configs::List::SPEC,
    configs::Create::SPEC,
    configs::Inspect::SPEC,
    configs::Remove::SPEC,
    configs::Update::SPEC,
    plugins::List::SPEC,
    plugins::Privileges::SPEC,
    plugins::Pull::SPEC,
    plugins::Inspect::SPEC,
    plugins::InspectLegacy::SPEC,
    plugins::Remove::SPEC,
    plugins::Enable::SPEC,
    plugins::Disable::SPEC,
    plugins::Create::SPEC,
    plugins::Push::SPEC,
    plugins::Set::SPEC,
    plugins::Upgrade::SPEC,
];
