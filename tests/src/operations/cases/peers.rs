//! What we decode, beside what docker-py reports of the same objects in the same engine.

use super::registry::there_and_back;
use crate::cover::Cover;
use crate::engine::{Cleanup, Container, Failure, IMAGE, PASSWORD, USER, shell, unique, until, variable};
use crate::index::Index;
use crate::peer::{Peer, same};
use crate::served::Served;
use crate::tar::tar;
use docker_blocking::api::{build, containers, distribution, exec, images, networks, plugins, system, volumes};
use docker_blocking::model::{ExecConfig, NetworkCreateRequest, VolumeCreateRequest};
use docker_blocking::op::RegistryAuth;
use serde_json::{Value, json};

/// Members of many documents that change from question to question.
const MOVING: &[&str] = &["Status", "NFd", "NGoroutines", "NEventsListener", "SystemTime", "Containers", "LayersSize"];

pub fn the_engine(cover: &Cover) -> Result<(), Failure> {
    let mut py = Peer::start(&cover.engine)?;
    cover.same(&mut py, system::Version::new(), "version", json!([]), json!({ "api_version": true }), &[])?;
    let moving = [MOVING, &["ContainersRunning", "ContainersStopped", "ContainersPaused", "Images"]].concat();
    cover.same(&mut py, system::Info::new(), "info", json!([]), json!({}), &moving)?;
    cover.same(&mut py, plugins::List::new(), "plugins", json!([]), json!({}), &[])?;
    Ok(())
}

pub fn containers_and_commands(cover: &Cover) -> Result<(), Failure> {
    let mut py = Peer::start(&cover.engine)?;
    let docker = &cover.docker;
    let body = shell("touch /new; sleep 1000")
        .labels([("tests", "peers")])
        .env(["A=b"])
        .exposed_ports(["80/tcp"])
        .stop_signal("SIGTERM");
    let c = Container::create(docker, body)?;
    docker.call(containers::Start::new(&*c.id))?;
    let id = &*c.id;
    // From then on nothing about it changes.
    until("its last command runs", || {
        let top = docker.call(containers::Top::new(id))?;
        Ok(top.processes.iter().flatten().any(|column| column == "sleep 1000").then_some(()))
    })?;
    let list = containers::List::new().all(true).filters([("id", id)]);
    cover.same(&mut py, list, "containers", json!([]), json!({ "all": true, "filters": { "id": id } }), &["Status"])?;
    cover.same(&mut py, containers::Inspect::new(id), "inspect_container", json!([id]), json!({}), &[])?;
    cover.same(&mut py, containers::Changes::new(id), "diff", json!([id]), json!({}), &[])?;
    let config = ExecConfig::new().cmd(["true"]).attach_stdout(true).env(["X=y"]);
    let exec = docker.call(exec::Create::new(id, config))?.id.ok_or("no id")?;
    cover.same(&mut py, exec::Inspect::new(&*exec), "exec_inspect", json!([exec]), json!({}), &[])?;
    let top = containers::Top::new(id).ps_args("-o pid,args");
    cover.same(&mut py, top, "top", json!([id, "-o pid,args"]), json!({}), &[])?;
    docker.call(containers::Kill::new(id))?;
    let ended = cover.same(&mut py, containers::Wait::new(id), "wait", json!([id]), json!({}), &[])?;
    assert_eq!(ended.status_code, Some(137));
    // Of a container that does not run, the numbers stand still.
    cover.same(&mut py, containers::StatsOnce::new(id), "stats", json!([id]), json!({ "stream": false }), &["read"])?;
    Ok(())
}

pub fn images_networks_and_volumes(cover: &Cover) -> Result<(), Failure> {
    let mut py = Peer::start(&cover.engine)?;
    let docker = &cover.docker;
    let list = images::List::new().filters([("reference", IMAGE)]);
    let filter = json!({ "filters": { "reference": IMAGE } });
    cover.same(&mut py, list, "images", json!([]), filter, &["Containers"])?;
    cover.same(&mut py, images::Inspect::new(IMAGE), "inspect_image", json!([IMAGE]), json!({}), &["LastTagTime"])?;
    cover.same(&mut py, images::History::new(IMAGE), "history", json!([IMAGE]), json!({}), &[])?;

    let name = unique("net");
    docker.call(networks::Create::new(NetworkCreateRequest::new().name(&*name).labels([("a", "b")])))?;
    let _gone = Cleanup(|| drop(docker.call(networks::Remove::new(&*name))));
    let list = networks::List::new().filters([("name", &*name)]);
    cover.same(&mut py, list, "networks", json!([[name]]), json!({}), &[])?;
    cover.same(&mut py, networks::Inspect::new(&*name), "inspect_network", json!([name]), json!({}), &[])?;

    let name = unique("vol");
    docker.call(volumes::Create::new(VolumeCreateRequest::new().name(&*name).labels([("a", "b")])))?;
    let _gone = Cleanup(|| drop(docker.call(volumes::Remove::new(&*name))));
    let list = volumes::List::new().filters([("name", &*name)]);
    cover.same(&mut py, list, "volumes", json!([]), json!({ "filters": { "name": name } }), &[])?;
    cover.same(&mut py, volumes::Inspect::new(&*name), "inspect_volume", json!([name]), json!({}), &[])?;
    Ok(())
}

pub fn events_and_disk_usage(cover: &Cover) -> Result<(), Failure> {
    let mut py = Peer::start(&cover.engine)?;
    let docker = &cover.docker;
    let name = unique("vol");
    let since = std::time::SystemTime::now();
    docker.call(volumes::Create::new(VolumeCreateRequest::new().name(&*name)))?;
    docker.call(volumes::Remove::new(&*name))?;
    let until = std::time::SystemTime::now();
    let op = system::Events::new().since(since).until(until).filters([("volume", &*name)]);
    let ours = cover.all(op)?;
    let [since, until] = [since, until].map(|t| docker_blocking::model::Timestamp::from(t).to_string());
    let kwargs = json!({ "since": since, "until": until, "filters": { "volume": name }, "decode": true });
    let theirs = py.ask("events", json!([]), kwargs)?;
    assert_eq!(ours.len(), 2, "{ours:?}");
    same(&ours, &theirs, &[])?;
    cover.compared("SystemEvents");
    // Other cases make and remove objects meanwhile, so two objects that stay are picked from both reports.
    docker.call(volumes::Create::new(VolumeCreateRequest::new().name(&*name)))?;
    let _gone = Cleanup(|| drop(docker.call(volumes::Remove::new(&*name))));
    let ours = serde_json::to_value(cover.call(system::DataUsage::new())?)?;
    let theirs = py.ask("df", json!([]), json!({}))?;
    let pick = |report: &Value, list: &str, member: &str, want: &str| {
        let items = report[list].as_array().ok_or_else(|| format!("no {list}"))?;
        let found = items.iter().find(|item| item[member].to_string().contains(want));
        found.cloned().ok_or_else(|| format!("{want} is not among {list}"))
    };
    for (list, member, want) in [("Volumes", "Name", &*name), ("Images", "RepoTags", IMAGE)] {
        same(&pick(&ours, list, member, want)?, &pick(&theirs, list, member, want)?, &["Containers"])?;
    }
    cover.compared("SystemDataUsage");
    Ok(())
}

pub fn registries(cover: &Cover) -> Result<(), Failure> {
    let mut py = Peer::start(&cover.engine)?;
    let registry = variable("DOCKER_TEST_REGISTRY_AUTH")?;
    let auth = RegistryAuth::password(USER, PASSWORD, &registry);
    let (name, _) = there_and_back(cover, &registry, Some(auth.clone()))?;
    let _gone = Cleanup(|| drop(cover.docker.call(images::Remove::new(&*name).force(true))));
    let theirs = json!({ "username": USER, "password": PASSWORD, "serveraddress": registry });
    let op = distribution::Inspect::new(&*name).registry_auth(auth.clone());
    cover.same(&mut py, op, "inspect_distribution", json!([name]), json!({ "auth_config": theirs }), &[])?;
    // All of it is there already, on both sides, so that every progress is the same.
    let repo = name.trim_end_matches(":1");
    let kwargs = json!({ "tag": "1", "auth_config": theirs, "stream": true, "decode": true });
    let push = cover.all(images::Push::new(repo).tag("1").registry_auth(auth.clone()))?;
    same(&push, &py.ask("push", json!([repo]), kwargs.clone())?, &[])?;
    cover.compared("ImagePush");
    let pull = cover.all(images::Pull::new(repo).tag("1").registry_auth(auth))?;
    same(&pull, &py.ask("pull", json!([repo]), kwargs)?, &[])?;
    cover.compared("ImageCreate");
    let term = format!("{}/proto", Index::start()?.address);
    let found = cover.same(&mut py, images::Search::new(&*term), "search", json!([term]), json!({}), &[])?;
    assert_eq!(found.len(), 2);
    Ok(())
}

pub fn a_build(cover: &Cover) -> Result<(), Failure> {
    let mut py = Peer::start(&cover.engine)?;
    let name = format!("localhost/{}:1", unique("built"));
    let file = format!("FROM {IMAGE}\nLABEL name={name}\nCOPY hello /\n");
    let served = Served::start("application/x-tar", tar(&[("Dockerfile", file.as_bytes()), ("hello", b"hi\n")]))?;
    let build = || build::FromRemote::new(served.url("files.tar")).tags([&*name]).rm(true);
    let _gone = Cleanup(|| drop(cover.docker.call(images::Remove::new(&*name).force(true))));
    cover.docker.stream(build()).finish()?;
    // From now on all comes out of the cache, so that every progress is the same; only how fast the tar came is not.
    let ours = cover.all(build())?;
    let kwargs = json!({ "tag": name, "rm": true, "decode": true });
    let theirs = py.ask("build", json!([served.url("files.tar")]), kwargs)?;
    same(&ours, &theirs, &["progress", "progressDetail"])?;
    assert!(ours.iter().any(|p| p.stream.as_deref().is_some_and(|s| s.contains("Using cache"))), "{ours:?}");
    cover.compared("ImageBuild");
    Ok(())
}
