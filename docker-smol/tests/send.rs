//! Every public future, stream and half can be used by an executor with several threads.

use docker_smol::api::{archive, containers, exec};
use docker_smol::{Body, Docker, Input, Items, One, Session};

fn send<T: Send>(_: T) {}
fn send_type<T: Send>() {}
fn unpin<T: Unpin>() {}

#[test]
fn all_are_send() {
    send_type::<Docker>();
    fn sync<T: Sync + Clone + std::fmt::Debug>() {}
    sync::<Docker>();
    send_type::<Body>();
    send_type::<Input>();
    send_type::<Items<containers::Logs>>();
    send_type::<One<containers::Inspect>>();
    send_type::<Session<exec::Start>>();
    unpin::<Items<containers::Logs>>();
    unpin::<One<containers::Inspect>>();
    unpin::<Input>();
}

#[expect(dead_code, reason = "what matters is that it compiles")]
fn futures(docker: &Docker, mut logs: Items<containers::Logs>, mut session: Session<exec::Start>) {
    send(docker.call(containers::Inspect::new("x")));
    send(docker.open(exec::Start::new("x")));
    send(docker.stream(containers::Logs::new("x")).collect());
    send(docker.stream(containers::Logs::new("x")).finish());
    send(docker.upload(archive::Put::new("x", "/"), vec![0]));
    send(IntoFuture::into_future(docker.begin(containers::Wait::new("x"))));
    send(docker.job(docker_smol::jobs::list_detailed(containers::List::new())));
    send(logs.next());
    send(logs.try_next());
    send(logs.head());
    send(session.next());
    send(session.try_next());
    send(session.input().close());
    send(session.collect());
}
