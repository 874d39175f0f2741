//! Containers: their life, limits, processes and files. What they write is in `output`.

use crate::cover::Cover;
use crate::engine::{Container, Failure, shell, unique, until};
use crate::tar::{find, untar};
use docker_blocking::api::containers::{
    Changes, Create, Export, Inspect, Kill, List, Logs, Pause, Prune, Remove, Rename, Resize, Restart, Start, Stats,
    StatsOnce, Stop, Top, Unpause, Update, Wait, WaitCondition,
};
use docker_blocking::model::{ChangeType, ContainerState, ContainerStatus, ContainerUpdateBody};
use docker_blocking::op::Change;

/// Says when it listens to signals: before that, process 1 does not hear them.
const LISTENS: &str = "trap 'exit 0' TERM; trap 'exit 7' USR1; trap 'stty size' WINCH; echo ready
    while :; do sleep 0.1; done";

/// Returns once the container has written that it listens.
fn ready(cover: &Cover, id: &str) -> Result<(), Failure> {
    let mut seen = Vec::new();
    for piece in cover.docker.stream(Logs::new(id).stdout(true).follow(true)) {
        seen.extend_from_slice(&piece?.bytes);
        if seen.windows(5).any(|w| w == b"ready") {
            return Ok(());
        }
    }
    Err("the container ended before it listened".into())
}

fn state(cover: &Cover, id: &str) -> Result<ContainerState, Failure> {
    cover.call(Inspect::new(id))?.state.ok_or_else(|| "no state".into())
}

pub fn made_started_stopped_and_removed(cover: &Cover) -> Result<(), Failure> {
    let name = unique("c");
    let body = shell(LISTENS).labels([("tests", &*name)]);
    let made = cover.call(Create::new(body).name(&*name))?;
    let id = made.id.ok_or("no id")?;
    assert_eq!((id.len(), made.warnings.len()), (64, 0), "{:?}", made.warnings);
    let seen = cover.call(Inspect::new(&*name).size(true))?;
    assert_eq!((seen.id.as_deref(), seen.name), (Some(&*id), Some(format!("/{name}"))));
    assert_eq!(seen.config.ok_or("no config")?.labels["tests"], name);
    assert!(seen.size_root_fs > Some(0), "{:?}", seen.size_root_fs);
    let listed = |all| cover.call(List::new().all(all).filters([("label", format!("tests={name}"))]));
    assert_eq!(listed(false)?.len(), 0);
    let [row] = &*listed(true)? else { return Err("not one row".into()) };
    assert_eq!((row.id.as_deref(), row.state.as_ref()), (Some(&*id), Some(&ContainerStatus::Created)));

    assert_eq!(cover.call(Start::new(&*name))?, Change::Changed);
    assert_eq!(cover.call(Start::new(&*name))?, Change::Unchanged);
    let first = state(cover, &id)?;
    assert_eq!((&first.status, first.running), (&Some(ContainerStatus::Running), Some(true)));
    assert_eq!(listed(false)?.len(), 1);
    ready(cover, &id)?;
    assert_eq!(cover.call(Stop::new(&*id).t(20))?, Change::Changed);
    assert_eq!(cover.call(Stop::new(&*id))?, Change::Unchanged);
    let stopped = state(cover, &id)?;
    assert_eq!((stopped.status, stopped.exit_code), (Some(ContainerStatus::Exited), Some(0)));
    cover.call(Restart::new(&*id).t(0))?;
    let second = state(cover, &id)?;
    assert_eq!(second.running, Some(true));
    assert!(second.started_at > first.started_at && second.pid > Some(0), "{first:?} {second:?}");

    let other = unique("c");
    cover.call(Rename::new(&*id, &*other))?;
    cover.call(Remove::new(&*other).force(true).v(true))?;
    cover.refused(Inspect::new(&*name), 404, "o such container")?;
    cover.refused(Inspect::new(&*id), 404, "o such container")?;
    Ok(())
}

pub fn a_name_is_taken_and_freed(cover: &Cover) -> Result<(), Failure> {
    let (one, two) =
        (Container::create(&cover.docker, shell("true"))?, Container::create(&cover.docker, shell("true"))?);
    cover.refused(Rename::new(&*one.id, &*two.name), 409, "in use")?;
    let name = unique("c");
    cover.call(Rename::new(&*one.id, &*name))?;
    cover.call(Rename::new(&*two.id, &*one.name))?;
    assert_eq!(cover.call(Inspect::new(&*name))?.id.as_deref(), Some(&*one.id));
    assert_eq!(cover.call(Inspect::new(&*one.name))?.id.as_deref(), Some(&*two.id));
    Ok(())
}

pub fn frozen_and_signalled(cover: &Cover) -> Result<(), Failure> {
    let c = Container::run(&cover.docker, LISTENS)?;
    ready(cover, &c.id)?;
    cover.call(Pause::new(&*c.id))?;
    let frozen = state(cover, &c.id)?;
    assert_eq!((frozen.status, frozen.paused), (Some(ContainerStatus::Paused), Some(true)));
    cover.call(Unpause::new(&*c.id))?;
    // dockerd may hear of the pause only now, and shows it for a moment (28.5.2).
    until("it runs again", || Ok((state(cover, &c.id)?.status == Some(ContainerStatus::Running)).then_some(())))?;
    if cover.engine.podman {
        // Its head comes with the exit, so there is nothing to await before the signal.
        cover.call(Kill::new(&*c.id).signal("USR1"))?;
        assert_eq!(cover.call(Wait::new(&*c.id))?.status_code, Some(7));
    } else {
        let wait = cover.begin(Wait::new(&*c.id).condition(WaitCondition::NextExit))?;
        cover.call(Kill::new(&*c.id).signal("USR1"))?;
        assert_eq!(wait.value()?.status_code, Some(7));
    }
    Ok(())
}

pub fn limits(cover: &Cover) -> Result<(), Failure> {
    let c = Container::run(&cover.docker, LISTENS)?;
    let limits = ContainerUpdateBody::new().memory(64 << 20).memory_swap(64 << 20).pids_limit(50);
    let answer = cover.call(Update::new(&*c.id, limits))?;
    let host = cover.call(Inspect::new(&*c.id))?.host_config.ok_or("no host config")?;
    assert_eq!((host.memory, host.pids_limit), (Some(64 << 20), Some(50)), "{:?}", answer.warnings);
    Ok(())
}

pub fn the_size_of_a_terminal(cover: &Cover) -> Result<(), Failure> {
    let c = Container::create(&cover.docker, shell(LISTENS).tty(true))?;
    cover.call(Start::new(&*c.id))?;
    ready(cover, &c.id)?;
    cover.call(Resize::new(&*c.id, 31, 97))?;
    let mut seen = String::new();
    for piece in cover.docker.stream(Logs::new(&*c.id).stdout(true).follow(true)) {
        seen.push_str(&String::from_utf8_lossy(&piece?.bytes));
        if seen.contains("31 97\r\n") {
            return Ok(());
        }
    }
    Err(format!("no size in {seen:?}").into())
}

pub fn processes_and_what_they_use(cover: &Cover) -> Result<(), Failure> {
    let c = Container::run(&cover.docker, "exec sleep 1000")?;
    // Podman gives what it does not know to the `ps` of the container, and does not part the columns of that.
    let columns = if cover.engine.podman { "pid,args" } else { "-o pid,args" };
    // A started container is a shell for a moment.
    until("the shell has become what it runs", || {
        let top = cover.call(Top::new(&*c.id).ps_args(columns))?;
        let column = |name| top.titles.iter().position(|t| t == name).ok_or(format!("no {name} in {:?}", top.titles));
        let [process] = &*top.processes else { return Err(format!("{:?}", top.processes).into()) };
        assert!(process[column("PID")?].parse::<u32>()? > 0);
        Ok((process[column("COMMAND")?] == "sleep 1000").then_some(()))
    })?;

    let mut samples = cover.begin(Stats::new(&*c.id))?;
    let (first, second) = (samples.next().ok_or("no sample")??, samples.next().ok_or("no second sample")??);
    assert!(first.read < second.read, "{:?} {:?}", first.read, second.read);
    // Docker's name has a slash before it.
    assert_eq!(second.name.ok_or("no name")?.trim_start_matches('/'), c.name);
    assert!(second.memory_stats.ok_or("no memory")?.usage > Some(0));
    let once = cover.call(StatsOnce::new(&*c.id))?;
    assert_eq!(once.pids_stats.ok_or("no processes")?.current, Some(1));
    assert!(once.cpu_stats.and_then(|c| c.cpu_usage).ok_or("no CPU time")?.total_usage > Some(0));
    Ok(())
}

pub fn changed_files(cover: &Cover) -> Result<(), Failure> {
    let c = Container::run(&cover.docker, "echo some text >/new; rm /etc/passwd")?;
    c.exit()?;
    let change = |path: &str| -> Result<_, Failure> {
        let all = cover.call(Changes::new(&*c.id))?;
        Ok(all.into_iter().find(|f| f.path.as_deref() == Some(path)).and_then(|f| f.kind))
    };
    assert_eq!(change("/new")?, Some(ChangeType::Added));
    assert_eq!(change("/etc")?, Some(ChangeType::Modified));
    assert_eq!(change("/etc/passwd")?, Some(ChangeType::Deleted));
    let tar = cover.all(Export::new(&*c.id))?.concat();
    let files = untar(&tar)?;
    assert_eq!(find(&files, "new")?, b"some text\n");
    assert!(find(&files, "etc/passwd").is_err());
    Ok(())
}

pub fn pruned(cover: &Cover) -> Result<(), Failure> {
    let label = unique("prune");
    let body = |script| shell(script).labels([(&*label, "")]);
    let stays = Container::create(&cover.docker, body(LISTENS))?;
    cover.docker.call(Start::new(&*stays.id))?;
    let goes = Container::create(&cover.docker, body("head -c 100000 /dev/zero >/file"))?;
    cover.docker.call(Start::new(&*goes.id))?;
    goes.exit()?;
    // A container that has exited may be on its way to that state still.
    let done = until("the container has exited", || {
        let pruned = cover.call(Prune::new().filters([("label", &*label)]))?;
        Ok((!pruned.containers_deleted.is_empty()).then_some(pruned))
    })?;
    assert_eq!(done.containers_deleted, [&*goes.id]);
    assert!(done.space_reclaimed >= Some(100_000), "{:?}", done.space_reclaimed);
    assert_eq!(state(cover, &stays.id)?.status, Some(ContainerStatus::Running));
    cover.refused(Prune::new().filters([("nosuch", "x")]), if cover.engine.podman { 500 } else { 400 }, "nosuch")?;
    Ok(())
}
