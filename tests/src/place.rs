//! Where tests run, and how many of them at a time.

use crate::engine::Engine;
use crate::runtime::{self, Files, Monitors, Output};
use crate::table::Cell;
use crate::{Arguments, Case, Outcome, Run, Shared, add, attempt, cases};
use std::sync::{Arc, Mutex};
use std::thread;

/// So many tests at a time in one place; each has names of its own for what it makes. More of them win little on two
/// processors, and a dockerd that is that busy gives up its own waits: a container's output was missing behind its end.
const LANES: usize = 1;

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

    /// Runs a test. What fails on an engine has a second try, which the table shows and counts: see [`SECOND_TRIES`].
    ///
    /// [`SECOND_TRIES`]: crate::table::SECOND_TRIES
    fn cell(self, case: Case, runtime: &'static str, table: &Shared<'_>) {
        let name = case.name;
        match (case.run, self) {
            (Run::Peer(test), _) => add(table, name, "peer", runtime, attempt(name, "peer", runtime, test)),
            (Run::Live(test) | Run::Once(test), Self::Engine { engine, .. }) => {
                let (on, test) = (&engine.name, Arc::<dyn Fn(&Engine) -> Outcome + Send + Sync>::from(test));
                let once = || {
                    let (engine, test) = (engine.clone(), test.clone());
                    attempt(name, on, runtime, move || test(&engine))
                };
                let cell = match once() {
                    Cell::Failed => match once() {
                        Cell::Ok(time) => Cell::Again(time),
                        failed => failed,
                    },
                    cell => cell,
                };
                add(table, name, on, runtime, cell);
            }
            // See `has`.
            _ => {}
        }
    }
}
