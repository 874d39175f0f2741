//! The table of test x engine x runtime.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// What came of one test on one engine with one runtime.
pub enum Cell {
    /// It held.
    Ok(Duration),
    /// It did at the second try; why not at the first was printed.
    Again(Duration),
    /// It did not; the reason was printed.
    Failed,
    /// It did not end.
    Hangs,
}

/// So many tests of a run may hold at their second try only; with one more, all of those have failed.
///
/// An engine on a machine that is busy enough gives up its own waits, and then the best client has nothing to read: a dockerd
/// waits for two seconds for the output of a process that has ended, and a log was empty for good in one of 8000 cells. What
/// fails twice fails, and so does a race of ours, for that shows in several cells. Hanging is never forgiven, and nothing
/// against a scripted peer is: all of that is our own.
pub const SECOND_TRIES: usize = 2;

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
        let failed = self.cells.values().filter(|c| matches!(c, Cell::Failed | Cell::Hangs)).count() + self.empty();
        let again = self.again();
        if again > SECOND_TRIES { failed + again } else { failed }
    }

    fn again(&self) -> usize {
        self.cells.values().filter(|c| matches!(c, Cell::Again(_))).count()
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
                    Some(Cell::Again(time)) => format!("again {:.1}s", time.as_secs_f32()),
                    Some(Cell::Failed) => "FAILED".to_owned(),
                    Some(Cell::Hangs) => "HANGS".to_owned(),
                    None => "EMPTY".to_owned(),
                };
                write!(f, " {text:>10}")?;
            }
            writeln!(f)?;
        }
        let failed = self.failed();
        writeln!(f, "{} passed, {failed} failed", self.cells.len() + self.empty() - failed)?;
        match self.again() {
            0 => Ok(()),
            n => writeln!(f, "{n} only at the second try, of {SECOND_TRIES} that may"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_second_tries_than_may_be_have_failed() {
        let mut table = Table::default();
        let names = ["a", "b", "c", "d"];
        table.add(names[0], "d28", "tokio", Cell::Ok(Duration::ZERO));
        for (n, name) in names.into_iter().enumerate().skip(1) {
            assert_eq!(table.failed(), 0, "{n}");
            table.add(name, "d28", "tokio", Cell::Again(Duration::ZERO));
        }
        assert_eq!(table.failed(), 3);
        assert!(
            table.to_string().ends_with("1 passed, 3 failed\n3 only at the second try, of 2 that may\n"),
            "{table}"
        );
        for cell in [Cell::Hangs, Cell::Failed] {
            let mut table = Table::default();
            table.add("a", "d28", "tokio", cell);
            assert_eq!(table.failed(), 1);
        }
    }
}
