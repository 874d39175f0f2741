//! What cases call operations through: it keeps what came of each.

use crate::engine::{Engine, Failure};
use crate::peer::{Peer, same};
use docker_blocking::op::Gating;
use docker_blocking::op::{Duplex, Operation, Plain, Unary, Uploads};
use docker_blocking::session::CallOptions;
use docker_blocking::wire::ResponseHead;
use docker_blocking::{Body, Docker, HeadOf, ItemOf, Items, Session};
use docker_proto::model::PathStat;
use docker_proto::op::OpSpec;
use serde::Serialize;
use serde_json::Value;
use std::sync::{Arc, Mutex};

/// What came of calling an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It succeeded, and the case held.
    Ok,
    /// The engine refused it, as the case expected.
    Refused(u16),
    /// The case failed.
    Failed,
}

/// What came of operations on one engine, by the names of their types.
#[derive(Clone, Debug, Default)]
pub struct Log {
    outcomes: Vec<(&'static OpSpec, Outcome)>,
    /// Operations whose decoded answer was found equal to what docker-py reports.
    compared: Vec<&'static str>,
}

impl Log {
    /// Adds what a case found; if it failed, nothing in it counts.
    pub fn take(&mut self, other: Self, failed: bool) {
        let outcomes = other.outcomes.into_iter();
        self.outcomes.extend(outcomes.map(|(spec, o)| (spec, if failed { Outcome::Failed } else { o })));
        if !failed {
            self.compared.extend(other.compared);
        }
    }

    /// The ids of the operations that were compared.
    pub fn compared(&self) -> impl Iterator<Item = &'static str> {
        self.compared.iter().copied()
    }

    /// The outcomes of one view.
    pub fn of(&self, spec: &'static OpSpec) -> impl Iterator<Item = &Outcome> {
        self.outcomes.iter().filter(move |(s, _)| s.name == spec.name).map(|(_, o)| o)
    }
}

/// What the head of an answer says about its success.
pub trait Status {
    /// The status, if the head has one.
    fn status(&self) -> Option<u16>;
}

impl Status for ResponseHead {
    fn status(&self) -> Option<u16> {
        Some(ResponseHead::status(self))
    }
}

impl Status for PathStat {
    fn status(&self) -> Option<u16> {
        None
    }
}

impl Status for docker_proto::op::Ping {
    fn status(&self) -> Option<u16> {
        None
    }
}

/// One case on one engine.
pub struct Cover {
    /// The engine.
    pub engine: Arc<Engine>,
    /// A client of it, for what is not part of the case.
    pub docker: Docker,
    log: Mutex<Log>,
}

impl Cover {
    pub(crate) fn new(engine: Arc<Engine>) -> Self {
        let docker = engine.client().expect("the URL was checked by Engine::new");
        Self { engine, docker, log: Mutex::default() }
    }

    /// What was kept.
    pub fn log(&self) -> Log {
        self.log.lock().unwrap_or_else(|e| e.into_inner()).clone()
    }

    fn keep(&self, spec: &'static OpSpec, outcome: Outcome) {
        self.log.lock().unwrap_or_else(|e| e.into_inner()).outcomes.push((spec, outcome));
    }

    /// One answer.
    pub fn call<O: Plain>(&self, op: O) -> Result<ItemOf<O>, Failure>
    where
        O::Reply: Unary,
        HeadOf<O>: Status,
    {
        Ok(self.begin(op)?.value()?)
    }

    /// All items of an answer.
    pub fn all<O: Plain>(&self, op: O) -> Result<Vec<ItemOf<O>>, Failure>
    where
        HeadOf<O>: Status,
    {
        Ok(self.begin(op)?.collect::<Result<_, _>>()?)
    }

    /// An answer whose head has come.
    pub fn begin<O: Plain>(&self, op: O) -> Result<Items<O>, Failure>
    where
        HeadOf<O>: Status,
    {
        let spec = op.spec();
        self.began(spec, self.docker.begin(op))
    }

    /// All items that an upload is answered with.
    pub fn upload<O: Uploads>(&self, op: O, body: impl Into<Body>) -> Result<Vec<ItemOf<O>>, Failure>
    where
        HeadOf<O>: Status,
    {
        let spec = op.spec();
        let items = self.docker.upload(op, body);
        Ok(self.began(spec, items)?.collect::<Result<_, _>>()?)
    }

    /// A two-way session.
    pub fn open<O: Plain>(&self, op: O) -> Result<Session<O>, Failure>
    where
        O::Reply: Duplex,
    {
        let spec = op.spec();
        let session = self.docker.open(op).map_err(|e| format!("{}: {e}", spec.name))?;
        self.keep(spec, Outcome::Ok);
        Ok(session)
    }

    /// One answer, which must be what docker-py reports when its `method` is called; `moving` are the names of members
    /// whose values change between two questions.
    pub fn same<O: Plain>(
        &self,
        peer: &mut Peer,
        op: O,
        method: &str,
        args: Value,
        kwargs: Value,
        moving: &[&str],
    ) -> Result<ItemOf<O>, Failure>
    where
        O::Reply: Unary,
        HeadOf<O>: Status,
        ItemOf<O>: Serialize,
    {
        let spec = op.spec();
        let ours = self.call(op)?;
        let theirs = peer.ask(method, args, kwargs)?;
        same(&ours, &theirs, moving).map_err(|e| format!("{} is not what docker-py reports: {e}", spec.id))?;
        self.compared(spec.id);
        Ok(ours)
    }

    /// Keeps that an operation's answer was found equal to what docker-py reports.
    pub fn compared(&self, id: &'static str) {
        self.log.lock().unwrap_or_else(|e| e.into_inner()).compared.push(id);
    }

    /// Expects the engine to refuse, with this status and a message that holds `text`.
    pub fn refused<O: Plain>(&self, op: O, status: u16, text: &str) -> Result<(), Failure> {
        let spec = op.spec();
        // By the engine itself, not by the client because the engine is too old for it.
        let mut options = CallOptions::default();
        options.gating = Some(Gating::Off);
        let answer: Result<Vec<_>, _> = self.docker.with_options(options).begin(op).collect();
        let Err(e) = answer else { return Err(format!("{} was not refused", spec.name).into()) };
        if e.status() != Some(status) || !e.message().contains(text) {
            return Err(
                format!("{} was refused with {:?} {e}, expected {status} {text:?}", spec.name, e.status()).into()
            );
        }
        self.keep(spec, Outcome::Refused(status));
        Ok(())
    }

    fn began<O: Operation>(&self, spec: &'static OpSpec, mut items: Items<O>) -> Result<Items<O>, Failure>
    where
        HeadOf<O>: Status,
    {
        let status = items.head().map_err(|e| format!("{}: {e}", spec.name))?.status();
        // Podman has its own ideas about which 2xx to send.
        if let Some(status) = status.filter(|_| !self.engine.podman)
            && !spec.success.contains(&status)
            && !spec.unchanged.contains(&status)
        {
            return Err(format!("{} was answered with {status}, the table says {:?}", spec.name, spec.success).into());
        }
        self.keep(spec, Outcome::Ok);
        Ok(items)
    }
}
