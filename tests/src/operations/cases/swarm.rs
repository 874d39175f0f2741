//! Swarms as a whole. The engines share the machine's network: each has ports of its own, and only one makes swarms at a
//! time.

use crate::cover::Cover;
use crate::engine::{Engine, Failure, until, variable};
use docker_blocking::Docker;
use docker_blocking::api::{nodes, swarm, system};
use docker_blocking::model::{
    EncryptionConfig, LocalNodeState, NodeRole, ObjectVersion, OrchestrationConfig, SwarmInfo, SwarmInitBody,
    SwarmJoinBody, SwarmSpec, SwarmUnlockKey,
};
use std::net::TcpListener;
use std::process::Command;
use std::sync::OnceLock;

/// The engine is in a swarm until this is dropped.
pub struct Member {
    docker: Docker,
}

impl Member {
    /// For an engine that is about to join one.
    pub fn of(docker: &Docker) -> Self {
        // What a run that was broken off left.
        let _ = docker.call(swarm::Leave::new().force(true));
        Self { docker: docker.clone() }
    }

    /// Makes a swarm with this engine alone; the calls are not part of the case.
    pub fn alone(cover: &Cover) -> Result<Self, Failure> {
        let member = Self::of(&cover.docker);
        cover.docker.call(swarm::Init::new(init(&cover.engine)))?;
        Ok(member)
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        // Cases that left already have nothing to leave.
        let _ = self.docker.call(swarm::Leave::new().force(true));
    }
}

/// A number below 100 that no other engine of the tests has.
fn number(engine: &Engine) -> u32 {
    engine.name.get(1..3).and_then(|digits| digits.parse().ok()).unwrap_or(99)
}

/// Two hundred ports that nobody uses, for as long as the program runs: whoever listens on the first has them all, so that
/// two runs on one machine do not meet.
fn ports() -> u32 {
    static TAKEN: OnceLock<(u32, TcpListener)> = OnceLock::new();
    let (first, _) = TAKEN.get_or_init(|| {
        let all_free = |first: u16| (1..200).all(|n| TcpListener::bind(("127.0.0.1", first + n)).is_ok());
        let mut blocks = (24..240).map(|block| block * 100).step_by(2);
        let found = blocks.find_map(|first| {
            let held = TcpListener::bind(("127.0.0.1", first)).ok()?;
            all_free(first).then_some((u32::from(first), held))
        });
        found.expect("two hundred free ports below 24000")
    });
    *first
}

/// Where an engine is to listen as a manager.
pub fn address(engine: &Engine) -> String {
    format!("127.0.0.1:{}", ports() + number(engine) + 1)
}

fn data_port(engine: &Engine) -> u32 {
    ports() + number(engine) + 100
}

pub fn init(engine: &Engine) -> SwarmInitBody {
    SwarmInitBody::new()
        .listen_addr(address(engine))
        .advertise_addr(address(engine))
        .data_path_port(data_port(engine))
        .spec(SwarmSpec::new().labels([("k", "v")]))
}

/// How `engine` joins the swarm of `manager`.
pub fn join(engine: &Engine, manager: &Engine, token: &str) -> SwarmJoinBody {
    SwarmJoinBody::new()
        .listen_addr(address(engine))
        .advertise_addr(address(engine))
        .remote_addrs([address(manager)])
        .join_token(token)
}

/// Another Docker that the tests started: the next one, so that all pairs of versions come together. None if only one
/// was started; then the case says what it left out.
pub fn other(cover: &Cover) -> Result<Option<Engine>, Failure> {
    let variable = variable("DOCKER_TEST_ENGINES")?;
    let engines: Vec<_> = variable.split_whitespace().map(Engine::new).collect::<Result<_, _>>()?;
    let mut dockers: Vec<_> = engines.into_iter().filter(|e| e.own && e.docker_since(41)).collect();
    if let Some(ours) = dockers.iter().position(|e| e.url == cover.engine.url) {
        dockers.rotate_left(ours);
    }
    let other = dockers.into_iter().find(|e| e.url != cover.engine.url);
    if other.is_none() {
        println!("SKIPPED: what needs two engines, on {}: no other one is up", cover.engine.name);
    }
    Ok(other)
}

/// The number that an update must name.
pub fn index(version: &Option<ObjectVersion>) -> Result<u64, Failure> {
    version.as_ref().and_then(|v| v.index).ok_or_else(|| "no version".into())
}

pub fn made_and_left(cover: &Cover) -> Result<(), Failure> {
    let docker = &cover.docker;
    let _member = Member::of(docker);
    cover.refused(swarm::Inspect::new(), 503, "not a swarm manager")?;
    let mut body = init(&cover.engine);
    body.spec = body.spec.map(|s| s.orchestration(OrchestrationConfig::new().task_history_retention_limit(3)));
    let node = cover.call(swarm::Init::new(body))?;
    cover.refused(swarm::Init::new(init(&cover.engine)), 503, "already part of a swarm")?;
    let info = docker.call(system::Info::new())?.swarm.ok_or("no swarm")?;
    assert_eq!((info.node_id, info.local_node_state), (Some(node), Some(LocalNodeState::Active)));
    assert_eq!((info.control_available, info.managers), (Some(true), Some(1)));

    let swarm = cover.call(swarm::Inspect::new())?;
    assert_eq!(swarm.data_path_port, Some(data_port(&cover.engine)));
    let spec = swarm.spec.ok_or("no spec")?;
    assert_eq!(spec.labels["k"], "v");
    assert_eq!(spec.orchestration.and_then(|o| o.task_history_retention_limit), Some(3));
    let tls = swarm.tls_info.ok_or("no TLS")?;
    assert!(tls.trust_root.is_some_and(|pem| pem.starts_with("-----BEGIN CERTIFICATE")));
    // DER: a sequence.
    assert_eq!(tls.cert_issuer_public_key.ok_or("no key")?.decode()?[0], 0x30);

    cover.refused(swarm::Leave::new(), 503, "last manager")?;
    cover.call(swarm::Leave::new().force(true))?;
    cover.refused(swarm::Leave::new(), 503, "not part of a swarm")?;
    let info = docker.call(system::Info::new())?.swarm.ok_or("no swarm")?;
    assert_eq!(info.local_node_state, Some(LocalNodeState::Inactive));
    Ok(())
}

pub fn changed(cover: &Cover) -> Result<(), Failure> {
    let _member = Member::alone(cover)?;
    let swarm = cover.call(swarm::Inspect::new())?;
    let (version, spec) = (index(&swarm.version)?, swarm.spec.ok_or("no spec")?.labels([("k", "w")]));
    let update = swarm::Update::new(version, spec.clone()).rotate_worker_token(true).rotate_manager_token(true);
    cover.call(update)?;
    let old = swarm.join_tokens.ok_or("no tokens")?;
    let swarm = cover.call(swarm::Inspect::new())?;
    let new = swarm.join_tokens.clone().ok_or("no tokens")?;
    for (old, new) in [(old.worker, new.worker), (old.manager, new.manager)] {
        let [old, new] = [old.ok_or("no token")?, new.ok_or("no token")?];
        assert!(new.starts_with("SWMTKN-1-") && new != old && !format!("{swarm:?}").contains(&*new));
    }
    assert_eq!(swarm.spec.ok_or("no spec")?.labels["k"], "w");
    cover.refused(swarm::Update::new(version, spec.clone()), 500, "out of sequence")?;

    // Managers are not locked.
    assert!(cover.call(swarm::UnlockKey::new())?.unlock_key.is_none_or(|key| key.is_empty()));
    cover.refused(swarm::Unlock::new(SwarmUnlockKey::new().unlock_key("sesame")), 409, "not locked")
}

pub fn locked_and_unlocked(cover: &Cover) -> Result<(), Failure> {
    let docker = &cover.docker;
    let _member = Member::of(docker);
    let mut body = init(&cover.engine);
    body.spec = body.spec.map(|s| s.encryption_config(EncryptionConfig::new().auto_lock_managers(true)));
    let node = cover.call(swarm::Init::new(body))?;
    let first = cover.call(swarm::UnlockKey::new())?;
    assert!(first.unlock_key.as_ref().is_some_and(|key| key.starts_with("SWMKEY-1-")));
    let swarm = cover.call(swarm::Inspect::new())?;
    let version = index(&swarm.version)?;
    cover.call(swarm::Update::new(version, swarm.spec.ok_or("no spec")?).rotate_manager_unlock_key(true))?;
    let key = cover.call(swarm::UnlockKey::new())?;
    assert_ne!(key, first);
    // The manager locks what it keeps on disk with the new key a moment later, and nothing but its file tells when.
    let file =
        docker.call(system::Info::new())?.docker_root_dir.ok_or("no folder")? + "/swarm/certificates/swarm-node.key";
    until("the new lock", || {
        let text = std::fs::read_to_string(&file).map_err(|e| format!("{file}: {e}"))?;
        let of = text.lines().find_map(|line| line.strip_prefix("kek-version: ")?.parse().ok());
        Ok(of.filter(|of: &u64| *of > version))
    })?;
    let name = cover.engine.name.split('@').next().unwrap_or_default();
    let status = Command::new(variable("DOCKER_TEST_TOOL")?).args(["restart", name]).status()?;
    assert!(status.success(), "{status}");
    let state = || Ok(docker.call(system::Info::new())?.swarm.and_then(|s| s.local_node_state));
    let locked = |state: Option<LocalNodeState>| (state == Some(LocalNodeState::Locked)).then_some(());
    until("the lock", || state().map(locked))?;

    cover.refused(swarm::Inspect::new(), 503, "encrypted")?;
    cover.refused(swarm::Unlock::new(first), 401, "invalid key")?;
    cover.refused(swarm::Unlock::new(SwarmUnlockKey::new().unlock_key("sesame")), 400, "invalid key")?;
    cover.call(swarm::Unlock::new(key))?;
    let info = docker.call(system::Info::new())?.swarm.ok_or("no swarm")?;
    assert_eq!((info.node_id, info.local_node_state), (Some(node), Some(LocalNodeState::Active)));
    assert_eq!(cover.call(swarm::Inspect::new())?.spec.ok_or("no spec")?.labels["k"], "v");
    Ok(())
}

pub fn joined(cover: &Cover) -> Result<(), Failure> {
    let docker = &cover.docker;
    let _member = Member::of(docker);
    let nonsense = join(&cover.engine, &cover.engine, "nonsense");
    cover.refused(swarm::Join::new(nonsense), 500, "invalid join token")?;
    let Some(manager) = other(cover)? else { return Ok(()) };
    let theirs = manager.client()?;
    let _manager = Member::of(&theirs);
    theirs.call(swarm::Init::new(init(&manager)))?;
    let tokens = theirs.call(swarm::Inspect::new())?.join_tokens.ok_or("no tokens")?;
    let [worker, manages] = [tokens.worker.ok_or("no token")?, tokens.manager.ok_or("no token")?];
    // Right but for the last part, which is the secret.
    let (known, _) = worker.rsplit_once('-').ok_or("an odd token")?;
    let wrong = format!("{known}-0123456789abcdefghijklmno");
    cover.refused(swarm::Join::new(join(&cover.engine, &manager, &wrong)), 400, "valid join token is necessary")?;

    for (token, control) in [(worker, false), (manages, true)] {
        cover.call(swarm::Join::new(join(&cover.engine, &manager, &token)))?;
        let info = until("its role", || Ok(role(docker)?.filter(|info| info.control_available == Some(control))))?;
        assert_eq!(info.local_node_state, Some(LocalNodeState::Active));
        assert!(info.remote_managers.iter().any(|peer| peer.addr == Some(address(&manager))), "{info:?}");
        match control {
            true => assert_eq!(cover.call(swarm::Inspect::new())?.spec.ok_or("no spec")?.labels["k"], "v"),
            false => cover.refused(swarm::Inspect::new(), 503, "Worker nodes can't")?,
        }
        if control {
            // One of two managers that leaves by force would take the majority along.
            let node = theirs.call(nodes::Inspect::new(info.node_id.ok_or("no id")?))?;
            let (id, version) = (node.id.ok_or("no id")?, index(&node.version)?);
            theirs.call(nodes::Update::new(id, version, node.spec.ok_or("no spec")?.role(NodeRole::Worker)))?;
            until("the demotion", || Ok(role(docker)?.filter(|info| info.control_available == Some(false))))?;
        }
        cover.call(swarm::Leave::new())?;
    }
    Ok(())
}

/// What the engine is in a swarm.
fn role(docker: &Docker) -> Result<Option<SwarmInfo>, Failure> {
    Ok(docker.call(system::Info::new())?.swarm)
}
