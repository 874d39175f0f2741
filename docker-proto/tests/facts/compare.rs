//! What a comparison finds, held against the differences that are meant.

use crate::differences::DIFFERENCES;
use std::collections::BTreeSet;
use std::fmt::Display;

/// What may differ, by the test that finds it.
pub(crate) const OPERATION_VERSIONS: &[&str] = &["operation versions"];
pub(crate) const OPERATIONS_THEMSELVES: &[&str] = &[
    "method",
    "path",
    "versions of the view",
    "versioned",
    "unchanged",
    "kind",
    "upgrade",
    "statuses",
    "views by default",
];
pub(crate) const BODIES: &[&str] = &["body", "content type"];
pub(crate) const PARAMETER_VERSIONS: &[&str] = &["parameter versions"];
pub(crate) const PARAMETERS: &[&str] = &["place", "many", "required", "path of a value", "type of a parameter"];
pub(crate) const MEMBERS: &[&str] = &[
    "field versions",
    "form",
    "type",
    "names missing",
    "names more",
    "numbers",
    "definition",
    "name",
    "place of a member",
];

/// Places where this crate and the facts say different things.
#[derive(Default)]
pub(crate) struct Found(BTreeSet<(String, &'static str, String, String)>);

/// Whether some test looks for such differences.
pub(crate) fn is_known(what: &str) -> bool {
    let all = [OPERATION_VERSIONS, OPERATIONS_THEMSELVES, BODIES, PARAMETER_VERSIONS, PARAMETERS, MEMBERS];
    all.concat().contains(&what)
}

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
        assert!(is_known(what), "{what:?} is looked for by no test");
        self.0.insert((at.to_string(), what, ours.to_string(), facts.to_string()));
    }

    /// Everything that was found is listed as meant, and everything of these kinds that is listed was found.
    #[track_caller]
    pub(crate) fn are_those_listed(self, kinds: &[&str]) {
        let kind = DIFFERENCES.iter().filter(|d| kinds.contains(&d.what));
        let listed = kind.flat_map(|d| d.places.iter().map(move |(at, ours, facts)| (*at, d.what, *ours, *facts)));
        let listed: BTreeSet<_> = listed.collect();
        let found = self.0.iter().map(|(at, what, ours, facts)| (&**at, *what, &**ours, &**facts));
        let found: BTreeSet<_> = found.collect();
        let line = |(at, what, ours, facts): &(&str, &str, &str, &str)| format!("{at}: {what}: {ours}, not {facts}");
        let new: Vec<_> = found.difference(&listed).map(line).collect();
        let unused: Vec<_> = listed.difference(&found).map(line).collect();
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
