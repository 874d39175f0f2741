//! The table operation x engine x outcome.

use crate::EXCEPTIONS;
use crate::cover::{Log, Outcome};
use docker_proto::api::TABLE;
use docker_proto::op::OpSpec;
use std::collections::BTreeSet;
use std::fmt;

/// So many operations at least must have been compared with docker-py in a complete run.
const COMPARED: usize = 30;

/// See the [module documentation](self).
pub struct Table {
    engines: Vec<String>,
    logs: Vec<(String, Log)>,
    failed_cases: usize,
}

impl Table {
    /// For these engines.
    pub fn new(engines: Vec<String>) -> Self {
        Self { engines, logs: Vec::new(), failed_cases: 0 }
    }

    /// Adds what one engine brought.
    pub fn add(&mut self, engine: &str, log: Log, failed: usize) {
        self.logs.push((engine.into(), log));
        self.failed_cases += failed;
    }

    /// One engine's thread died.
    pub fn broken(&mut self) {
        self.failed_cases += 1;
    }

    fn cell(&self, engine: &str, spec: &'static OpSpec) -> Option<Outcome> {
        let (_, log) = self.logs.iter().find(|(name, _)| name == engine)?;
        let outcomes: Vec<_> = log.of(spec).collect();
        let failed = outcomes.iter().find(|o| ***o == Outcome::Failed);
        let fine = outcomes.iter().find(|o| ***o == Outcome::Ok);
        failed.or(fine).or(outcomes.first()).map(|o| (**o).clone())
    }

    /// Views that succeeded nowhere and are no exceptions, and exceptions that no engine was seen to refuse.
    fn missing(&self) -> Vec<&'static str> {
        let outcomes = |spec| self.engines.iter().filter_map(move |e| self.cell(e, spec));
        TABLE
            .iter()
            .filter(|spec| {
                let ran = outcomes(spec).any(|o| o == Outcome::Ok);
                let refused = outcomes(spec).any(|o| matches!(o, Outcome::Refused(_)));
                let exception = EXCEPTIONS.iter().any(|(id, _)| *id == spec.id);
                let shown = ran || exception && refused;
                !shown
            })
            .map(|spec| spec.name)
            .collect()
    }

    /// The operations whose answers were compared with docker-py's, on any engine.
    fn compared(&self) -> BTreeSet<&'static str> {
        self.logs.iter().flat_map(|(_, log)| log.compared()).collect()
    }

    /// Whether the run is to fail.
    pub fn fails(&self, complete: bool) -> bool {
        self.failed_cases > 0 || complete && (!self.missing().is_empty() || self.compared().len() < COMPARED)
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:28} {:24}", "type", "operation")?;
        for engine in &self.engines {
            write!(f, " {engine:>8}")?;
        }
        writeln!(f)?;
        for spec in TABLE {
            write!(f, "{:28} {:24}", spec.name, spec.id)?;
            for engine in &self.engines {
                let text = match self.cell(engine, spec) {
                    Some(Outcome::Ok) => "ok".into(),
                    Some(Outcome::Refused(status)) => format!("no: {status}"),
                    Some(Outcome::Failed) => "FAILED".into(),
                    None => "-".into(),
                };
                write!(f, " {text:>8}")?;
            }
            writeln!(f)?;
        }
        for (id, why) in EXCEPTIONS {
            writeln!(f, "exception: {id} {why}")?;
        }
        let compared: Vec<_> = self.compared().into_iter().collect();
        writeln!(f, "{} operations gave what docker-py reports: {}", compared.len(), compared.join(" "))?;
        let missing = self.missing();
        let ran = TABLE.len() - missing.len();
        writeln!(
            f,
            "{ran} of {} views executed or shown to be refused, {} cases failed",
            TABLE.len(),
            self.failed_cases
        )?;
        for name in missing {
            writeln!(f, "NOT EXECUTED: {name}")?;
        }
        Ok(())
    }
}
