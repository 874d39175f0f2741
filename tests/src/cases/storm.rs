//! Ten thousand calls, many at a time, of which every other one is given up at random: no answer goes to another question, and
//! at the end there is not a connection, a place or a descriptor more than at the beginning.
//!
//! The client is a process of its own, this same program begun as `suite storm ...`, so that its descriptors can be counted.

use super::Failure;
use crate::chance::Chance;
use crate::engine::Engine;
use crate::peer::{Connection, Peer};
use crate::runtime::{Items, Runtime, Work};
use docker_proto::api::{archive, containers, exec, system};
use docker_proto::model::ExecConfig;
use docker_proto::op::Operation;
use docker_proto::session::{CallOptions, PoolLimits, Timeouts};
use docker_proto::tar::Tree;
use docker_proto::{Error, ErrorKind};
use std::io::{self, Write};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

const CALLS: usize = 10_000;
const AT_A_TIME: usize = 24;

/// Against an engine: containers that have run, each with a log of its own, and one that runs.
pub async fn ten_thousand_calls_on_an_engine<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let running = engine.shell(&docker, "trap 'exit 0' TERM; while :; do sleep 0.1; done").await?;
    running.start().await?;
    let mut ended = Vec::new();
    for n in 0..8 {
        let c = engine.shell(&docker, &format!("echo log of {n}")).await?;
        c.start().await?;
        c.exit().await?;
        ended.push(c);
    }
    let ids: Vec<&str> = std::iter::once(&*running.id).chain(ended.iter().map(|c| &*c.id)).collect();
    storm::<R>(&engine.url, &ids)
}

/// Against a server that answers late, in parts, or not to the end, and dies as it likes.
pub async fn ten_thousand_calls_on_an_unreliable_server<R: Runtime>() -> Result<(), Failure> {
    static SEED: AtomicUsize = AtomicUsize::new(1);
    let serve = |mut c: Connection| {
        let mut chance = Chance::new(SEED.fetch_add(1, Ordering::Relaxed) as u64);
        while let Some(head) = c.head()? {
            let name = head.split('/').nth(3).unwrap_or_default();
            let body = format!("{{\"Id\":{name:?}}}");
            let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
            if chance.one_in(20) {
                // Twice, at once: what comes only once the next question was sent, nobody can tell from its answer.
                c.writer.write_all(answer.repeat(2).as_bytes())?;
                continue;
            }
            let cut = if chance.one_in(20) { chance.below(answer.len()) } else { answer.len() };
            let part = chance.below(cut + 1);
            c.writer.write_all(&answer.as_bytes()[..part])?;
            if chance.one_in(10) {
                std::thread::sleep(Duration::from_micros(chance.below(2000) as u64));
            }
            c.writer.write_all(&answer.as_bytes()[part..cut])?;
            if cut < answer.len() {
                return Ok(());
            }
        }
        Ok(())
    };
    for peer in [Peer::unix(serve)?, Peer::tcp(serve)?] {
        storm::<R>(&peer.url, &[])?;
        peer.until(|| peer.open() == 0)?;
    }
    Ok(())
}

fn storm<R: Runtime>(url: &str, ids: &[&str]) -> Result<(), Failure> {
    let seed = match std::env::var("DOCKER_TEST_SEED") {
        Ok(seed) => seed,
        Err(_) => SystemTime::now().duration_since(UNIX_EPOCH)?.as_nanos().to_string(),
    };
    let out = Command::new(std::env::current_exe()?).args(["storm", R::NAME, url, &seed]).args(ids).output()?;
    let (said, why) = (String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
    if !out.status.success() {
        return Err(format!("with DOCKER_TEST_SEED={seed}: {said}{why}").into());
    }
    eprint!("{said}");
    Ok(())
}

/// How a call is ended before its end.
enum GiveUp {
    /// Not at all.
    Never,
    /// Dropped when so much time has passed.
    After(Duration),
    /// Dropped in the middle of its turns, or called off by another thread.
    Midway(usize),
}

/// All items, or `None` if it was given up before the end.
async fn items<R: Runtime, O: Operation>(
    mut items: R::Items<O>,
    give_up: GiveUp,
) -> Option<Result<Vec<Item<O>>, Error>> {
    let mut all = Vec::new();
    let end = match give_up {
        GiveUp::After(time) => Some(Instant::now() + time),
        _ => None,
    };
    loop {
        let next = match (&give_up, end) {
            (GiveUp::Midway(n), _) => items.next_called_off(*n).await?,
            (_, Some(end)) => items.next_within(end.saturating_duration_since(Instant::now())).await?,
            _ => items.next().await,
        };
        match next {
            None => return Some(Ok(all)),
            Some(Ok(item)) => all.push(item),
            Some(Err(e)) => return Some(Err(e)),
        }
    }
}

type Item<O> = crate::runtime::ItemOf<O>;

/// What came of the calls.
#[derive(Default)]
struct Tally {
    answered: usize,
    given_up: usize,
    timed_out: usize,
    cancelled: usize,
    refused: usize,
    broken: usize,
}

/// One of the threads or tasks that call.
struct Worker<'a, R> {
    docker: &'a R,
    chance: Chance,
    running: Option<&'a str>,
    ended: &'a [String],
    tally: Tally,
}

impl<R: Runtime> Worker<'_, R> {
    /// Makes a call, gives it up or not, and has its answer checked.
    async fn call<O: Operation>(
        &mut self,
        begin: impl FnOnce(&R) -> R::Items<O>,
        check: impl FnOnce(Vec<Item<O>>) -> bool,
    ) -> Result<(), String> {
        let time = Duration::from_micros(self.chance.below(4000) as u64);
        let (give_up, docker) = match self.chance.below(10) {
            0..5 => (GiveUp::Never, self.docker.clone()),
            5 | 6 => (GiveUp::After(time), self.docker.clone()),
            7 | 8 => (GiveUp::Midway(self.chance.below(4)), self.docker.clone()),
            _ => {
                let options = CallOptions::new().timeouts(Timeouts::NONE.total(Some(time)));
                (GiveUp::Never, self.docker.with_options(options))
            }
        };
        let may_break = self.running.is_none();
        match items::<R, O>(begin(&docker), give_up).await {
            None => self.tally.given_up += 1,
            Some(Ok(all)) => {
                if !check(all) {
                    return Err("an answer to another question".into());
                }
                self.tally.answered += 1;
            }
            Some(Err(e)) => match e.kind() {
                ErrorKind::Timeout => self.tally.timed_out += 1,
                ErrorKind::Cancelled => self.tally.cancelled += 1,
                ErrorKind::Engine if e.is_not_found() && e.target().is_some_and(|t| t.starts_with("dp-none")) => {
                    self.tally.refused += 1
                }
                ErrorKind::Transport | ErrorKind::Truncated if may_break => self.tally.broken += 1,
                _ => return Err(e.to_string()),
            },
        }
        Ok(())
    }

    async fn one(&mut self, number: usize) -> Result<(), String> {
        let Some(running) = self.running else {
            let name = format!("c{number}");
            let asked = name.clone();
            return self.call(|d| d.begin(containers::Inspect::new(asked)), |found| found[0].id == Some(name)).await;
        };
        let n = self.chance.below(self.ended.len());
        let id = self.ended[n].clone();
        // Uploads and commands cost the engine a process each: a hundred and fifty are enough.
        match self.chance.below(400) {
            0..220 => {
                let asked = id.clone();
                self.call(|d| d.begin(containers::Inspect::new(asked)), |found| found[0].id == Some(id)).await
            }
            220..280 => {
                let list = containers::List::new().all(true).filters([("id", &*id)]);
                self.call(|d| d.begin(list), |found| found[0].len() == 1 && found[0][0].id == Some(id)).await
            }
            280..340 => {
                let logs = containers::Logs::new(id).stdout(true).stderr(true);
                let text = format!("log of {n}\n");
                self.call(|d| d.begin(logs), |found| super::output::apart(found).0 == text).await
            }
            340..360 => self.call(|d| d.begin(system::Ping::new()), |found| found[0].api_version.is_some()).await,
            360..374 => {
                let none = containers::Inspect::new(format!("dp-none-{number}"));
                self.call(|d| d.begin(none), |_| false).await
            }
            374..394 => {
                // Never answered: always given up.
                let wait = containers::Wait::new(running);
                let mut wait = self.docker.begin(wait);
                let time = Duration::from_micros(self.chance.below(4000) as u64);
                if wait.next_within(time).await.is_some() {
                    return Err("a container that runs has ended".into());
                }
                self.tally.given_up += 1;
                Ok(())
            }
            394..398 => {
                let tar = Tree::new()
                    .file(format!("{number}"), vec![7; self.chance.below(100_000)])
                    .map_err(|e| e.to_string())?;
                let put = archive::Put::new(running, "/tmp");
                self.call(|d| d.upload(put, tar.into_bytes()), |_| true).await
            }
            _ => {
                let config = ExecConfig::new().cmd(["echo", &*format!("exec {number}")]).attach_stdout(true);
                let created = self.docker.call(exec::Create::new(running, config)).await.map_err(|e| e.to_string())?;
                let text = format!("exec {number}\n");
                let start = exec::Start::new(created.id.unwrap_or_default());
                self.call(|d| d.begin(start), |found| super::output::apart(found).0 == text).await
            }
        }
    }
}

/// Descriptors of this process.
fn descriptors() -> io::Result<usize> {
    Ok(std::fs::read_dir("/proc/self/fd")?.count())
}

/// The client: `suite storm RUNTIME URL SEED [RUNNING ENDED...]`.
pub fn client<R: Runtime>(url: &str, seed: u64, ids: &[String]) -> Result<(), Failure> {
    R::block_on(async {
        let (running, ended) = match ids {
            [] => (None, ids),
            [running, ended @ ..] => (Some(running.clone()), ended),
        };
        let connect = || -> R {
            match running {
                Some(_) => R::connect(url),
                None => super::stalls::client(url, PoolLimits::default()),
            }
        };
        // What a runtime and its first connection bring along is not what is counted.
        let first = connect();
        let _ = first.call(containers::Inspect::new("warm")).await;
        first.close();
        drop(first);
        let before = descriptors()?;
        let docker = connect();
        let (next, all) = (std::sync::Arc::new(AtomicUsize::new(0)), std::sync::Arc::new(Mutex::new(Tally::default())));
        let begun = Instant::now();
        let work = (0..AT_A_TIME).map(|n| -> Work<Result<(), String>> {
            let (docker, next, all) = (docker.clone(), next.clone(), all.clone());
            let (running, ended) = (running.clone(), ended.to_vec());
            Box::pin(async move {
                let chance = Chance::new(seed.wrapping_add(n as u64));
                let mut worker = Worker {
                    docker: &docker,
                    chance,
                    running: running.as_deref(),
                    ended: &ended,
                    tally: Tally::default(),
                };
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= CALLS {
                        break;
                    }
                    worker.one(number).await.map_err(|e| format!("call {number}: {e}"))?;
                }
                let mut all = all.lock().map_err(|e| e.to_string())?;
                all.answered += worker.tally.answered;
                all.given_up += worker.tally.given_up;
                all.timed_out += worker.tally.timed_out;
                all.cancelled += worker.tally.cancelled;
                all.refused += worker.tally.refused;
                all.broken += worker.tally.broken;
                Ok(())
            })
        });
        for result in R::all(work.collect()).await {
            result?;
        }
        let c = docker.counters();
        assert_eq!((c.in_use(), c.places, c.waiting, c.open), (0, 0, 0, c.idle), "{c:?}");
        assert_eq!(c.dialled, c.open as u64 + c.expired + c.dead + c.surplus + c.shut + c.spent, "{c:?}");
        docker.close();
        drop(docker);
        let end = Instant::now() + Duration::from_secs(10);
        // A thread that has ended may still be closing what it had.
        while descriptors()? > before {
            if Instant::now() > end {
                return Err(format!("{before} descriptors before, {} after", descriptors()?).into());
            }
            R::sleep(Duration::from_millis(5)).await;
        }
        let t = all.lock().map_err(|e| e.to_string())?;
        println!(
            "storm: {} on {url}: {} answered, {} given up, {} timed out, {} cancelled, {} refused, {} broken in {:?}; {} dialled, {} reused",
            R::NAME,
            t.answered,
            t.given_up,
            t.timed_out,
            t.cancelled,
            t.refused,
            t.broken,
            begun.elapsed(),
            c.dialled,
            c.reused,
        );
        Ok(())
    })
}
