//! The engine itself, its volumes and networks.

use super::{At, Line, line};
use crate::values::{filters, moment, number, route, segment, text, texts};
use docker_proto::api::{debug, networks, session, system, volumes};
use docker_proto::model::{
    AuthConfig, NetworkConnectRequest, NetworkCreateRequest, NetworkDisconnectRequest, VolumeCreateRequest,
    VolumeUpdateBody,
};

pub(super) fn lines(at: At) -> Vec<Line> {
    [engine(at), debugging(), storage(at), networks(at)].into_iter().flatten().collect()
}

fn engine(at: At) -> Vec<Line> {
    vec![
        line(system::Ping::new(), |op| op),
        line(system::PingHead::new(), |op| op),
        line(system::Version::new(), |op| op),
        line(system::Info::new(), |op| op),
        line(system::Events::new(), |op| op.since(moment("since")).until(moment("until")).filters(filters())),
        line(system::DataUsage::new(), |op| op.kind(texts("type")).verbose(true)),
        line(system::Auth::new(AuthConfig::new()), move |mut op| {
            op.body = at.body("SystemAuth");
            op
        }),
        line(system::Options::new(route("anyroute")), |op| op),
        line(session::Start::new(), |op| {
            let op = op.id(text("X-Docker-Expose-Session-Uuid")).name(text("X-Docker-Expose-Session-Name"));
            let op = op.shared_key(text("X-Docker-Expose-Session-Sharedkey"));
            op.methods(texts("X-Docker-Expose-Session-Grpc-Method"))
        }),
        line(session::Grpc::new(), |op| op),
    ]
}

fn debugging() -> Vec<Line> {
    vec![
        line(debug::Vars::new(), |op| op),
        line(debug::Index::new(), |op| op),
        line(debug::Cmdline::new(), |op| op),
        line(debug::Profile::new(), |op| op.seconds(number("seconds").into())),
        line(debug::Symbol::new(), |op| op),
        line(debug::Trace::new(), |op| op.seconds(number("seconds").into())),
        line(debug::Named::new(segment("name")), |op| op),
    ]
}

fn storage(at: At) -> Vec<Line> {
    let name = || segment("name");
    vec![
        line(volumes::List::new(), |op| op.filters(filters())),
        line(volumes::Create::new(VolumeCreateRequest::new()), move |mut op| {
            op.body = at.body("VolumeCreate");
            op
        }),
        line(volumes::Inspect::new(name()), |op| op),
        line(volumes::Remove::new(name()), |op| op.force(true)),
        line(volumes::Prune::new(), |op| op.filters(filters())),
        line(volumes::Update::new(name(), number("version").into(), VolumeUpdateBody::new()), move |mut op| {
            op.body = at.body("VolumeUpdate");
            op
        }),
    ]
}

fn networks(at: At) -> Vec<Line> {
    let id = || segment("id");
    vec![
        line(networks::List::new(), |op| op.filters(filters())),
        line(networks::Create::new(NetworkCreateRequest::new()), move |mut op| {
            op.body = at.body("NetworkCreate");
            op
        }),
        line(networks::Inspect::new(id()), |op| op.verbose(true).scope(text("scope"))),
        line(networks::Remove::new(id()), |op| op),
        line(networks::Connect::new(id(), NetworkConnectRequest::new()), move |mut op| {
            op.body = at.body("NetworkConnect");
            op
        }),
        line(networks::Disconnect::new(id(), NetworkDisconnectRequest::new()), move |mut op| {
            op.body = at.body("NetworkDisconnect");
            op
        }),
        line(networks::Prune::new(), |op| op.filters(filters())),
    ]
}
