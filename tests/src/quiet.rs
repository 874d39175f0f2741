//! The silence: every engine and runtime side by side, for it takes minutes.

use crate::engine::Engine;
use crate::runtime::{self, Runtime};
use crate::table::{Cell, Table};
use crate::{attempt_within, cases};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// A row of the table on its way.
type Row = JoinHandle<(String, &'static str, Cell)>;

const NAME: &str = "quiet::streams_survive_silence";

/// Runs the test on all, and fills the table.
pub fn run(engines: &[Engine], silence: Duration, table: &mut Table) {
    let mut rows = Vec::new();
    for engine in engines {
        rows.push(begin::<runtime::Tokio>(engine, silence));
        rows.push(begin::<runtime::Smol>(engine, silence));
        rows.push(begin::<runtime::AsyncStd>(engine, silence));
        rows.push(begin::<runtime::Blocking>(engine, silence));
    }
    for row in rows {
        // The test itself runs on another thread, which catches its panics.
        let (engine, runtime, cell) = row.join().expect("a thread that only waits");
        table.add(NAME, &engine, runtime, cell);
    }
}

fn begin<R: Runtime>(engine: &Engine, silence: Duration) -> Row {
    let engine = engine.clone();
    thread::spawn(move || {
        let name = engine.name.clone();
        let work = move || R::block_on(cases::quiet::streams_survive_silence::<R>(&engine, silence));
        let cell = attempt_within(silence + Duration::from_secs(90), NAME, &name, R::NAME, work);
        (name, R::NAME, cell)
    })
}
