//! Containers, what is in them and what runs in them.

use super::{At, Line, When, line};
use crate::values::{self, filters, moment, number, segment, text};
use docker_proto::api::{archive, containers, exec};
use docker_proto::model::{ContainerCreateBody, ExecConfig};

pub(super) fn lines(at: At) -> Vec<Line> {
    let id = || segment("id");
    vec![
        line(containers::List::new(), |op| {
            let op = op.all(true).limit(number("limit").into()).size(true).filters(filters());
            op.when(at.until(51), |op| op.before(text("before")).since(text("since")))
        }),
        line(containers::Create::new(ContainerCreateBody::new()), |mut op| {
            op.body = at.body("ContainerCreate");
            op.name(text("name")).when(at.since(41), |op| op.platform(values::PLATFORM))
        }),
        line(containers::Inspect::new(id()), |op| op.size(true)),
        line(containers::Logs::new(id()).tty(true), |op| {
            let op = op.follow(true).stdout(true).stderr(true).since(moment("since")).until(moment("until"));
            op.timestamps(true).tail(text("tail")).details(true).format(text("format"))
        }),
        line(containers::Start::new(id()), |op| {
            op.detach_keys(text("detachKeys")).checkpoint(text("checkpoint")).checkpoint_dir(text("checkpoint-dir"))
        }),
        line(containers::Stop::new(id()), |op| op.t(number("t").into()).signal(text("signal"))),
        line(containers::Wait::new(id()), |op| op.condition(text("condition"))),
        line(containers::Remove::new(id()), |op| op.v(true).force(true).link(true)),
        line(containers::Attach::new(id()).tty(true), |op| {
            op.detach_keys(text("detachKeys")).logs(true).stream(true).stdin(true).stdout(true).stderr(true)
        }),
        line(containers::AttachOutput::new(id()).tty(true), |op| op.logs(true).stream(true).stdout(true).stderr(true)),
        line(archive::Get::new(id(), text("path")), |op| op),
        line(archive::Stat::new(id(), text("path")), |op| op),
        line(archive::Put::new(id(), text("path")), |op| op.no_overwrite_dir_non_dir(true).copy_uid_gid(true)),
        line(exec::Create::new(id(), ExecConfig::new()), |mut op| {
            op.body = at.body("ContainerExec");
            op
        }),
        line(exec::Start::new(id()), |op| op.body(at.body::<docker_proto::model::ExecStartConfig>("ExecStart"))),
        line(exec::StartDetached::new(id()), |op| {
            op.body(at.body::<docker_proto::model::ExecStartConfig>("ExecStart"))
        }),
        line(exec::Inspect::new(id()), |op| op),
    ]
}
