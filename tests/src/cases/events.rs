//! Events of the past and of the moment, beside what the docker command says of the same.

use super::Failure;
use super::progress::variable;
use crate::engine::{Container, Engine, shell};
use crate::runtime::{Items, Runtime};
use docker_proto::api::{containers, system};
use docker_proto::model::{EventMessage, EventType, Filters, Timestamp};
use std::process::Command;
use std::time::{Duration, Instant};

/// The engine's clock.
async fn now<R: Runtime>(docker: &R) -> Result<Timestamp, Failure> {
    Ok(docker.call(system::Info::new()).await?.now().ok_or("the engine tells no time")?)
}

/// A container that has lived and died, and when that was.
async fn lived<R: Runtime>(engine: &Engine, docker: &R) -> Result<(Container<R>, Timestamp, Timestamp), Failure> {
    let since = now(docker).await?;
    let body = shell("exit 3").labels([("docker-proto", "events \"quoted\"")]);
    let c = engine.container(docker, body).await?;
    c.start().await?;
    assert_eq!(c.exit().await?, 3);
    // Podman's clean-up comes after the exit.
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let until = now(docker).await?;
        let seen = past(engine, docker, &c, since, until).await?;
        if seen.iter().any(|event| event.action.as_deref() == Some("die")) {
            return Ok((c, since, until));
        }
        assert!(Instant::now() < deadline, "no exit among {seen:?}");
        R::sleep(Duration::from_millis(50)).await;
    }
}

/// Podman 4.3 tells what is past only if the end is still to come, in whole seconds: so much later it ends there.
const AHEAD: Duration = Duration::from_millis(1500);

async fn end<R: Runtime>(engine: &Engine, docker: &R, until: Timestamp, ahead: Duration) -> Result<Timestamp, Failure> {
    Ok(if engine.is_podman() { now(docker).await? + ahead } else { until })
}

/// Asks for what happened to a container between two moments.
async fn ask<R: Runtime>(
    engine: &Engine,
    docker: &R,
    since: Timestamp,
    until: Timestamp,
    filters: &[(&str, &str)],
) -> Result<R::Items<system::Events>, Failure> {
    let mut ahead = AHEAD;
    loop {
        let until = end(engine, docker, until, ahead).await?;
        let filters: Filters = filters.iter().copied().collect();
        let mut events = docker.begin(system::Events::new().since(since).until(until).filters(filters));
        events.head().await?;
        // On a busy machine the end may have come before the question.
        if !engine.is_podman() || now(docker).await?.seconds < until.seconds {
            return Ok(events);
        }
        ahead *= 2;
    }
}

/// What happened to a container between two moments.
async fn past<R: Runtime>(
    engine: &Engine,
    docker: &R,
    c: &Container<R>,
    since: Timestamp,
    until: Timestamp,
) -> Result<Vec<EventMessage>, Failure> {
    Ok(ask(engine, docker, since, until, &[("container", &c.id)]).await?.all().await?)
}

fn actions(events: &[EventMessage]) -> Vec<&str> {
    events.iter().filter_map(|event| event.action.as_deref()).collect()
}

pub async fn past_events_are_those_of_the_docker_command<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let Some(tool) = variable("DOCKER_TEST_TOOL")? else { return Ok(()) };
    let docker: R = engine.client();
    let (c, since, until) = lived(engine, &docker).await?;
    let ours = past(engine, &docker, &c, since, until).await?;
    let (since, mut ahead) = (since.to_string(), AHEAD);
    let out = loop {
        let until = end(engine, &docker, until, ahead).await?.to_string();
        let out = Command::new(&tool)
            .args(["cli", &engine.name, "events", "--since", &since, "--until", &until])
            .args(["--filter", &format!("container={}", c.id), "--format", "{{json .}}"])
            .output()?;
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        // As above: the command takes a while to ask.
        if !engine.is_podman() || !out.stdout.is_empty() || ahead > Duration::from_secs(20) {
            break out;
        }
        ahead *= 2;
    };
    let theirs = String::from_utf8(out.stdout)?
        .lines()
        .map(serde_json::from_str::<EventMessage>)
        .collect::<Result<Vec<_>, _>>()?;
    assert_eq!(ours, theirs);
    assert!(["create", "start", "die"].iter().all(|action| actions(&ours).contains(action)), "{ours:?}");
    for event in &ours {
        assert_eq!(event.kind, Some(EventType::Container));
        let attributes = &event.actor.as_ref().ok_or("no actor")?.attributes;
        assert_eq!(attributes.get("docker-proto").map(|label| &**label), Some("events \"quoted\""), "{event:?}");
    }
    Ok(())
}

pub async fn moments_in_any_form_are_the_same_moment<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let (c, since, until) = lived(engine, &docker).await?;
    let all = past(engine, &docker, &c, since, until).await?;
    let later = now(&docker).await?;
    let passed = Duration::from_secs((later.seconds - since.seconds).unsigned_abs());
    // A number with a fraction is off by up to 200 ns, a whole second by up to one.
    let float = Timestamp::try_from(since.seconds as f64 + f64::from(since.nanos) / 1e9)?;
    let text = docker.call(system::Info::new()).await?.system_time.ok_or("no time")?;
    // All asked for at once: podman waits for the end of each.
    let mut asked = Vec::new();
    for (since, until) in [
        (float, until),
        (Timestamp::from(since.seconds), until),
        (Timestamp::parse_at(later, &format!("{}s", passed.as_secs() + 1))?, until),
        (since, Timestamp::parse(&text)?),
    ] {
        asked.push((since, until, ask(engine, &docker, since, until, &[("container", &c.id)]).await?));
    }
    for (since, until, events) in asked {
        assert_eq!(actions(&events.all().await?), actions(&all), "since {since} until {until}");
    }
    // Between two events there are fewer.
    let die = all.iter().rposition(|event| event.action.as_deref() == Some("die")).ok_or("no exit")?;
    let at = all[die].time_nano.ok_or("no time")?;
    let after = Timestamp::new(at / 1_000_000_000, (at % 1_000_000_000) as u32) + Duration::from_nanos(1);
    let rest = past(engine, &docker, &c, after, until).await?;
    // Podman looks at whole seconds.
    assert!(rest.len() < all.len() || engine.is_podman(), "{rest:?}");
    Ok(())
}

pub async fn filters_and_the_end_of_time<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let (c, since, until) = lived(engine, &docker).await?;
    let id: &str = &c.id;
    let mut asked = Vec::new();
    for filter in [
        ("event", "start"),
        ("type", "network"),
        ("label", "docker-proto=events \"quoted\""),
        ("label", "docker-proto=other"),
    ] {
        asked.push(ask(engine, &docker, since, until, &[("container", id), filter]).await?);
    }
    let mut found = Vec::new();
    for events in asked {
        found.push(events.all().await?);
    }
    let [started, network, labelled, otherwise] = &found[..] else { return Err("four answers".into()) };
    assert_eq!(actions(started), ["start"]);
    assert_eq!(started[0].actor.as_ref().and_then(|a| a.id.as_ref()), Some(&c.id));
    assert_eq!(actions(network), [""; 0]);
    assert!(actions(labelled).contains(&"start"), "{labelled:?}");
    assert_eq!(actions(otherwise), [""; 0]);
    // An end that is still to come is waited for, and is an end.
    let at = now(&docker).await?;
    let soon = at + Duration::from_secs(2);
    let mut live = docker.begin(system::Events::new().since(at).until(soon).filters([("container", &*c.id)]));
    live.head().await?;
    assert!(live.next().await.transpose()?.is_none());
    assert!(now(&docker).await? >= soon - Duration::from_secs(1), "it ended too early");
    Ok(())
}

pub async fn what_happens_now_is_told_now<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let c = engine.shell(&docker, "while :; do sleep 1; done").await?;
    c.start().await?;
    // `since` closes the gap between the head and the moment when dockerd listens. Podman listens first.
    let mut events = system::Events::new().filters([("container", &*c.id), ("event", "rename"), ("event", "pause")]);
    if !engine.is_podman() {
        events = events.since(now(&docker).await?);
    }
    let mut events = docker.begin(events);
    events.head().await?;
    for round in 0..3 {
        let name = format!("{}-{round}", c.name);
        docker.call(containers::Rename::new(&*c.id, &*name)).await?;
        let event = events.next().await.ok_or("ended")??;
        assert_eq!(event.action.as_deref(), Some("rename"), "{event:?}");
        assert!(event.time_nano > Some(0) && event.time > Some(0), "{event:?}");
    }
    assert!(events.next_within(Duration::from_millis(200)).await.is_none(), "something else");
    Ok(())
}
