//! What a request is on the wire.

use crate::versions::Versions;
use docker_proto::api::system;
use docker_proto::model::ApiVersion;
use docker_proto::op::{BodySpec, Gating, Operation};
use docker_proto::session::{CallOptions, Client, VersionChoice};
use docker_proto::testkit::{Asked, Bench, MemoryBody, Script, Want};
use docker_proto::{Error, ErrorKind, Phase};
use std::sync::{Arc, Mutex};

/// What is uploaded.
pub(crate) const UPLOAD: &[u8] = b"a tar, as it were";

pub(crate) const HOST: &str = "engine.test";
pub(crate) const AGENT: &str = "golden/1";

/// A client that speaks this version to Docker, which it knows.
pub(crate) fn client(version: ApiVersion) -> Arc<Client> {
    let client = Bench::client_with(|c| {
        c.version = VersionChoice::Pinned(version);
        c.host = HOST.into();
        c.user_agent = AGENT.into();
    });
    let bench = Bench::new(Script::new().expect("GET /_ping").answer(200, "Api-Version: 1.55\r\n", "OK"));
    bench.call(&client, system::Ping::new()).expect("a ping needs no version");
    client
}

/// The minor versions at which a request must be looked at: the newest that has it, and the last one of each thing that
/// is gone since.
pub(crate) fn worth_looking_at(operation: Versions, parts: impl IntoIterator<Item = Versions>) -> Vec<u16> {
    let last = |v: Versions| (v & operation).iter().next_back();
    let mut all: Vec<u16> = [operation].into_iter().chain(parts).filter_map(last).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// Does a call whose request is caught and then refused.
///
/// # Errors
/// What the request was refused with before anything was sent.
pub(crate) fn sent<O: Operation>(
    client: &Arc<Client>,
    op: O,
    gating: Gating,
    upload_length: Option<u64>,
) -> Result<Asked, Error> {
    let caught = Arc::new(Mutex::new(None));
    let catch = caught.clone();
    let want = Want::any().check("anything at all", move |asked| {
        *catch.lock().expect("nobody panics with it") = Some(asked.clone());
        true
    });
    let bench = Bench::new(Script::new().expect(want).answer(418, "Connection: close\r\n", "").close());
    let mut options = CallOptions::default();
    options.gating = Some(gating);
    let spec = op.spec();
    let mut items = match spec.body {
        BodySpec::Upload(_) => {
            let body = MemoryBody::new().piece(UPLOAD);
            let body = match upload_length {
                Some(length) => body.length(length),
                None => body,
            };
            bench.upload_with(client, op, body, options)
        }
        _ => bench.begin_with(client, op, options),
    };
    let e = match bench.run(|cx| items.poll_head(cx)) {
        Ok(()) => panic!("{}: a refusal was taken for an answer", spec.name),
        Err(e) => e,
    };
    let caught = caught.lock().expect("nobody panics with it").take();
    match caught {
        Some(asked) => {
            assert_eq!((e.kind(), e.status()), (ErrorKind::Engine, Some(418)), "{}: {e}", spec.name);
            bench.finish();
            Ok(asked)
        }
        None => {
            assert_eq!((bench.dials(), e.phase()), (0, Some(Phase::Prepare)), "{}: {e}", spec.name);
            Err(e)
        }
    }
}
