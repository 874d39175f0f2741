//! What a subscriber that never reads costs: its ring, and nothing more, however much happens. A test of its own, for it
//! measures its process.
#![cfg(target_os = "linux")]

use docker_blocking::Docker;
use docker_blocking::model::ApiVersion;
use docker_blocking::monitor::{Item, Options};
use docker_blocking::session::{Config, Endpoint, PoolLimits, VersionChoice};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::thread;
use std::time::Duration;

const EVENTS: usize = 50_000;
const ALLOWED_KIB: u64 = 8 << 10;

/// An engine in which a great deal happens: of one container, that is started and ends and has another name each time.
fn serve(stream: UnixStream) -> std::io::Result<()> {
    let (mut requests, mut answers) = (BufReader::new(stream.try_clone()?), stream);
    let mut line = String::new();
    while requests.read_line(&mut line)? > 0 {
        let mut field = String::new();
        while field != "\r\n" {
            field.clear();
            requests.read_line(&mut field)?;
        }
        let target = line.split(' ').nth(1).unwrap_or_default().to_owned();
        line.clear();
        if target.contains("/events") {
            return happen(&mut answers);
        }
        let body = match &*target {
            t if t.contains("/info") => r#"{"SystemTime":"2026-11-21T06:00:00Z"}"#.to_owned(),
            t if t.contains("/containers/json") => r#"[{"Id":"a","Names":["/x"]}]"#.to_owned(),
            _ => r#"{"Name":"/x","State":{"Status":"exited"},"Config":{"Env":["A=b"]}}"#.to_owned(),
        };
        write!(answers, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len())?;
    }
    Ok(())
}

fn happen(answers: &mut UnixStream) -> std::io::Result<()> {
    answers.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")?;
    // The first picture comes before all that.
    thread::sleep(Duration::from_millis(500));
    for n in 0..EVENTS {
        let action = ["start", "rename", "die", "exec_create: true"][n % 4];
        let event = format!(
            r#"{{"Type":"container","Action":"{action}","Actor":{{"ID":"a","Attributes":{{"name":"web-{n}","exitCode":"0","long":"{:0>200}"}}}},"timeNano":{}}}"#,
            n,
            1_795_244_168_000_000_000 + n
        );
        write!(answers, "{:x}\r\n{event}\r\n", event.len())?;
    }
    thread::sleep(Duration::from_secs(60));
    Ok(())
}

/// The most that this process had in memory so far, in KiB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    peak.trim().trim_end_matches(" kB").parse().unwrap()
}

#[test]
fn a_subscriber_that_never_reads_costs_its_ring_and_no_more() {
    let path = std::env::temp_dir().join(format!("docker-monitor-{}.sock", std::process::id()));
    let listener = UnixListener::bind(&path).unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            thread::spawn(|| serve(stream.unwrap()));
        }
    });
    let mut config = Config::new(&Endpoint::default());
    config.version = VersionChoice::Pinned(ApiVersion::new(1, 45));
    let endpoint = Endpoint::parse(&format!("unix://{}", path.display())).unwrap();
    let docker = Docker::new(endpoint, config, PoolLimits::default());
    let (driver, monitor) = docker.monitor(Options::new());
    let driver = thread::spawn(|| driver.run());
    // One that reads as fast as it is let; how fast that is, the machine decides, so its ring is bounded as well.
    let (mut reads, mut never) = (monitor.subscribe(), monitor.subscribe());
    let last = format!("web-{}", EVENTS - 1);
    let (mut events, mut missed, mut base) = (0, 0, 0);
    loop {
        match reads.next_within(Duration::from_secs(60)).expect("something happens").expect("the driver runs") {
            Item::Snapshot(_) if base == 0 => base = peak(),
            Item::Lagged(n) => missed += n,
            Item::Event(event) => {
                events += 1;
                // The oldest are dropped, so this one comes.
                if event.actor.as_ref().is_some_and(|actor| actor.attributes.get("name") == Some(&last)) {
                    break;
                }
            }
            _ => {}
        }
    }
    let grown = peak() - base;
    println!("{events} events, {missed} missed; {base} KiB grew by {grown} KiB");
    assert!(grown < ALLOWED_KIB, "{base} KiB grew by {grown} KiB");
    let Some(Item::Lagged(lagged)) = never.now() else { panic!("nothing was dropped") };
    let mut kept = 0;
    while never.now().is_some() {
        kept += 1;
    }
    // A snapshot, and what fits.
    assert!(lagged as usize + kept > EVENTS && kept <= 1025, "{lagged} dropped, {kept} kept");
    assert_eq!(never.picture(), monitor.picture());
    drop((reads, never, monitor));
    driver.join().unwrap().unwrap();
    let _ = std::fs::remove_file(path);
}
