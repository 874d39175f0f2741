//! The table of test x engine x runtime.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// What came of one test on one engine with one runtime.
pub enum Cell {
    /// It held.
    Ok(Duration),
    /// It did not; the reason was printed.
    Failed,
}

/// See the [module documentation](self).
#[derive(Default)]
pub struct Table {
    /// Test and engine, in the order they ran.
    rows: Vec<(&'static str, String)>,
    runtimes: Vec<&'static str>,
    cells: BTreeMap<(usize, &'static str), Cell>,
}

impl Table {
    /// Adds a result.
    pub fn add(&mut self, test: &'static str, engine: &str, runtime: &'static str, cell: Cell) {
        if !self.runtimes.contains(&runtime) {
            self.runtimes.push(runtime);
            self.runtimes.sort_unstable();
        }
        let row = self.rows.iter().position(|(t, e)| *t == test && e == engine).unwrap_or_else(|| {
            self.rows.push((test, engine.to_owned()));
            self.rows.len() - 1
        });
        self.cells.insert((row, runtime), cell);
    }

    /// How many cells are not `ok`.
    pub fn failed(&self) -> usize {
        self.cells.values().filter(|c| matches!(c, Cell::Failed)).count() + self.empty()
    }

    fn empty(&self) -> usize {
        self.rows.len() * self.runtimes.len() - self.cells.len()
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut order: Vec<usize> = (0..self.rows.len()).collect();
        order.sort_by_key(|&row| (self.rows[row].1 != "peer", self.rows[row].0));
        write!(f, "{:44} {:8}", "test", "engine")?;
        for runtime in &self.runtimes {
            write!(f, " {runtime:>10}")?;
        }
        writeln!(f)?;
        for row in order {
            let (test, engine) = &self.rows[row];
            write!(f, "{test:44} {engine:8}")?;
            for runtime in &self.runtimes {
                let text = match self.cells.get(&(row, *runtime)) {
                    Some(Cell::Ok(time)) => format!("ok {:.1}s", time.as_secs_f32()),
                    Some(Cell::Failed) => "FAILED".to_owned(),
                    None => "EMPTY".to_owned(),
                };
                write!(f, " {text:>10}")?;
            }
            writeln!(f)?;
        }
        let failed = self.failed();
        writeln!(f, "{} passed, {failed} failed", self.cells.len() + self.empty() - failed)
    }
}
