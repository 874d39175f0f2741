//! Containers, what is in them and what runs in them.

use super::{At, Line, When, line};
use crate::values::{filters, moment, number, platform, segment, text};
use docker_proto::api::{archive, checkpoints, containers, exec};
use docker_proto::model::{
    CheckpointCreateRequest, ContainerCreateBody, ContainerUpdateBody, ExecConfig, ExecStartConfig,
};

pub(super) fn lines(at: At) -> Vec<Line> {
    [containers(at), output(), inside(at)].into_iter().flatten().collect()
}

fn containers(at: At) -> Vec<Line> {
    let id = || segment("id");
    vec![
        line(containers::List::new(), move |op| {
            let op = op.all(true).limit(number("limit").into()).size(true).filters(filters());
            op.when(at.until(51), |op| op.before(text("before")).since(text("since")))
        }),
        line(containers::Create::new(ContainerCreateBody::new()), move |mut op| {
            op.body = at.body("ContainerCreate");
            op.name(text("name")).when(at.since(41), |op| op.platform(platform()))
        }),
        line(containers::Prune::new(), |op| op.filters(filters())),
        line(containers::Inspect::new(id()), |op| op.size(true)),
        line(containers::Top::new(id()), |op| op.ps_args(text("ps_args"))),
        line(containers::Changes::new(id()), |op| op),
        line(containers::Export::new(id()), |op| op),
        line(containers::Stats::new(id()), |op| op.stream(true).one_shot(true)),
        line(containers::StatsOnce::new(id()), |op| op.one_shot(true)),
        line(containers::Resize::new(id(), number("h").into(), number("w").into()), |op| op),
        line(containers::Start::new(id()), |op| {
            op.detach_keys(text("detachKeys")).checkpoint(text("checkpoint")).checkpoint_dir(text("checkpoint-dir"))
        }),
        line(containers::Stop::new(id()), |op| op.t(i64::from(number("t"))).signal(text("signal"))),
        line(containers::Restart::new(id()), |op| op.t(i64::from(number("t"))).signal(text("signal"))),
        line(containers::Kill::new(id()), |op| op.signal(text("signal"))),
        line(containers::Update::new(id(), ContainerUpdateBody::new()), move |mut op| {
            op.body = at.body("ContainerUpdate");
            op
        }),
        line(containers::Rename::new(id(), text("name")), |op| op),
        line(containers::Pause::new(id()), |op| op),
        line(containers::Unpause::new(id()), |op| op),
        line(containers::Wait::new(id()), |op| op.condition(text("condition"))),
        line(containers::Remove::new(id()), |op| op.v(true).force(true).link(true)),
    ]
}

fn output() -> Vec<Line> {
    let id = || segment("id");
    vec![
        line(containers::Logs::new(id()).tty(true), |op| {
            let op = op.follow(true).stdout(true).stderr(true).since(moment("since")).until(moment("until"));
            op.timestamps(true).tail(text("tail")).details(true).format(text("format"))
        }),
        line(containers::Attach::new(id()).tty(true), |op| {
            op.detach_keys(text("detachKeys")).logs(true).stream(true).stdin(true).stdout(true).stderr(true)
        }),
        line(containers::AttachOutput::new(id()).tty(true), |op| op.logs(true).stream(true).stdout(true).stderr(true)),
        line(containers::AttachWebsocket::new(id()), |op| {
            op.detach_keys(text("detachKeys")).logs(true).stream(true).stdin(true).stdout(true).stderr(true)
        }),
    ]
}

fn inside(at: At) -> Vec<Line> {
    let id = || segment("id");
    vec![
        line(archive::Get::new(id(), text("path")), |op| op),
        line(archive::Stat::new(id(), text("path")), |op| op),
        line(archive::Put::new(id(), text("path")), |op| op.no_overwrite_dir_non_dir(true).copy_uid_gid(true)),
        line(exec::Create::new(id(), ExecConfig::new()), move |mut op| {
            op.body = at.body("ContainerExec");
            op
        }),
        line(exec::Start::new(id()), move |op| op.body(at.body::<ExecStartConfig>("ExecStart"))),
        line(exec::StartDetached::new(id()), move |op| op.body(at.body::<ExecStartConfig>("ExecStart"))),
        line(exec::Resize::new(id(), number("h").into(), number("w").into()), |op| op),
        line(exec::Inspect::new(id()), |op| op),
        line(checkpoints::List::new(id()), |op| op.dir(text("dir"))),
        line(checkpoints::Create::new(id(), CheckpointCreateRequest::new()), move |mut op| {
            op.body = at.body("CheckpointCreate");
            op
        }),
        line(checkpoints::Remove::new(id(), segment("checkpoint")), |op| op.dir(text("dir"))),
    ]
}
