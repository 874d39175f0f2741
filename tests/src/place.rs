//! Where tests run, and how many of them at a time.

use crate::engine::Engine;
use crate::runtime::{self, Files, Monitors, Output};
use crate::{Arguments, Case, Run, Shared, add, attempt, cases};
use std::sync::{Condvar, Mutex, OnceLock};
use std::thread;

/// So many tests at a time in one place; each has names of its own for what it makes. More of them win little on two
/// processors, and a dockerd that is that busy gives up its own waits: a container's output was missing behind its end.
const LANES: usize = 1;

/// So many tests on all engines together: a processor each, and one more, for they also wait. With every engine at work at once
/// a dockerd had no processor for longer than the two seconds that it waits for the output of a process that has ended, and that
/// container's log was empty for good.
struct Turns {
    at_once: u64,
    state: Mutex<Given>,
    done: Condvar,
}

/// Turns are given in the order they were asked for, so that no engine's tests wait for all others.
#[derive(Default)]
struct Given {
    asked: u64,
    done: u64,
}

impl Turns {
    fn all() -> &'static Self {
        static TURNS: OnceLock<Turns> = OnceLock::new();
        TURNS.get_or_init(|| {
            let processors = thread::available_parallelism().map_or(1, |n| n.get() as u64);
            Self { at_once: processors + 1, state: Mutex::default(), done: Condvar::new() }
        })
    }

    /// Does it once it is its turn. Nothing panics while it holds the lock, and tests run on threads of their own.
    fn take<T>(&self, work: impl FnOnce() -> T) -> T {
        let mut given = self.state.lock().expect("a lock that nobody poisons");
        let number = given.asked;
        given.asked += 1;
        let too_many = |given: &mut Given| number >= given.done + self.at_once;
        drop(self.done.wait_while(given, too_many).expect("a lock that nobody poisons"));
        let done = work();
        self.state.lock().expect("a lock that nobody poisons").done += 1;
        self.done.notify_all();
        done
    }
}

/// Tests that give names to the image that all use. One at a time: of two that come at the same time podman loses one.
const TAGS: &[&str] = &[
    "credentials::a_helper_serves_push_and_pull",
    "credentials::a_login_of_the_docker_command_serves",
    "credentials::a_login_serves_push_and_pull",
    "progress::a_push_without_credentials_is_refused_after_its_progress",
    "run::a_missing_image_is_pulled",
    "until::an_image_is_there_or_not",
];

/// Where tests are run.
#[derive(Clone, Copy)]
pub enum Place<'a> {
    /// Against peers of their own.
    Peers,
    /// On an engine; on one of them those too that run once.
    Engine {
        /// It.
        engine: &'a Engine,
        /// Whether it is the one for those.
        once: bool,
    },
}

impl<'a> Place<'a> {
    /// The engines. What runs once does so on the last dockerd, the newest: it has the least to do otherwise.
    pub fn engines(engines: &'a [Engine]) -> impl Iterator<Item = Self> {
        let once = engines.iter().rposition(|engine| !engine.is_podman()).unwrap_or(0);
        engines.iter().enumerate().map(move |(n, engine)| Self::Engine { engine, once: n == once })
    }

    /// Runs every test that belongs here, with every runtime that is wanted.
    pub fn run(self, arguments: &Arguments, table: &Shared<'_>) {
        let mut cells = Vec::new();
        self.add::<runtime::Tokio>(arguments, &mut cells);
        self.add::<runtime::Smol>(arguments, &mut cells);
        self.add::<runtime::AsyncStd>(arguments, &mut cells);
        self.add::<runtime::Blocking>(arguments, &mut cells);
        // The long ones first, so that nobody waits for one of them at the end.
        cells.sort_by_key(|(case, _)| !matches!(case.run, Run::Once(_)));
        let cells = Mutex::new(cells.into_iter());
        // Nothing panics while it holds this.
        let next = || cells.lock().expect("a lock that nobody poisons").next();
        let tags = Mutex::new(());
        thread::scope(|scope| {
            for _ in 0..LANES {
                scope.spawn(|| {
                    while let Some((case, runtime)) = next() {
                        let _alone = TAGS.contains(&case.name).then(|| tags.lock());
                        self.cell(case, runtime, table);
                    }
                });
            }
        });
    }

    fn add<R: Output + Files + Monitors>(self, arguments: &Arguments, cells: &mut Vec<(Case, &'static str)>) {
        if !arguments.runtime.is_empty() && arguments.runtime != R::NAME {
            return;
        }
        let wanted = cases::all::<R>().into_iter().filter(|case| case.name.contains(&arguments.filter));
        cells.extend(wanted.filter(|case| self.has(case)).map(|case| (case, R::NAME)));
    }

    fn has(self, case: &Case) -> bool {
        match case.run {
            Run::Peer(_) => matches!(self, Self::Peers),
            Run::Live(_) => matches!(self, Self::Engine { .. }),
            Run::Once(_) => matches!(self, Self::Engine { once: true, .. }),
        }
    }

    fn cell(self, case: Case, runtime: &'static str, table: &Shared<'_>) {
        let name = case.name;
        match (case.run, self) {
            (Run::Peer(test), _) => add(table, name, "peer", runtime, attempt(name, "peer", runtime, test)),
            (Run::Live(test) | Run::Once(test), Self::Engine { engine, .. }) => {
                let (engine, on) = (engine.clone(), &engine.name);
                add(table, name, on, runtime, Turns::all().take(|| attempt(name, on, runtime, move || test(&engine))));
            }
            // See `has`.
            _ => {}
        }
    }
}
