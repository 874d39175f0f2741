//! What a comparison finds, held against the differences that are meant.

use crate::differences::{DIFFERENCES, Difference};
use std::collections::BTreeSet;
use std::fmt::Display;

/// Places where this crate and the facts say different things.
#[derive(Default)]
pub(crate) struct Found(BTreeSet<(String, &'static str, String, String)>);

impl Found {
    /// Notes a difference, if it is one: the place, what of it, and both sides.
    pub(crate) fn compare(&mut self, at: impl Display, what: &'static str, ours: impl Display, facts: impl Display) {
        let (ours, facts) = (ours.to_string(), facts.to_string());
        if ours != facts {
            self.note(at, what, ours, facts);
        }
    }

    /// Notes a difference.
    pub(crate) fn note(&mut self, at: impl Display, what: &'static str, ours: impl Display, facts: impl Display) {
        self.0.insert((at.to_string(), what, ours.to_string(), facts.to_string()));
    }

    /// Everything that was found is listed as meant, and everything of these kinds that is listed was found.
    #[track_caller]
    pub(crate) fn are_those_listed(self, kinds: &[&str]) {
        let listed: BTreeSet<_> = DIFFERENCES.iter().filter(|d| kinds.contains(&d.what)).collect();
        let is = |d: &Difference, (at, what, ours, facts): &(String, &str, String, String)| {
            d.at == at && d.what == *what && d.ours == ours && d.facts == facts
        };
        let new = self.0.iter().filter(|found| !listed.iter().any(|d| is(d, found)));
        let new: Vec<_> = new.map(|(at, what, ours, facts)| format!("{at}: {what}: {ours}, not {facts}")).collect();
        let unused = listed.iter().filter(|d| !self.0.iter().any(|found| is(d, found)));
        let unused: Vec<_> = unused.map(|d| format!("{}: {}: {}, not {}", d.at, d.what, d.ours, d.facts)).collect();
        assert!(
            new.is_empty() && unused.is_empty(),
            "{} differences are not listed:\n{}\n{} are listed, but not there:\n{}",
            new.len(),
            new.join("\n"),
            unused.len(),
            unused.join("\n")
        );
    }
}
