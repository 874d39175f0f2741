//! An ignore file, asked while a directory is walked.

use super::ignore::{Ignore, State};
use crate::tar::Choice;
use alloc::vec::Vec;

/// Says of each path what becomes of it. Cheapest if those in a folder follow the folder, as they do in a walk: what was
/// found out about it is kept.
pub(super) struct Walk {
    ignore: Ignore,
    /// The folders above the last path, from the top down.
    above: Vec<(Vec<u8>, State)>,
}

impl Walk {
    #[inline]
    pub(super) fn new(ignore: Ignore) -> Self {
        Self { ignore, above: Vec::new() }
    }

    #[inline]
    pub(super) fn choose(&mut self, path: &[u8]) -> Choice {
        let is_above = |folder: &[u8]| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with(b"/"));
        while self.above.last().is_some_and(|(folder, _)| !is_above(folder)) {
            self.above.pop();
        }
        let (known, mut place) = match self.above.last() {
            Some((folder, state)) => (folder.len() + 1, self.ignore.place(folder.clone(), state.clone())),
            None => (0, self.ignore.root()),
        };
        for name in path.get(known..).unwrap_or_default().split(|&byte| byte == b'/') {
            place = place.join(name);
        }
        let choice = match (place.is_excluded(), place.is_pruned()) {
            (false, _) => Choice::Take,
            (true, false) => Choice::LookBelow,
            (true, true) => Choice::Leave,
        };
        let state = place.into_state();
        self.above.push((path.to_vec(), state));
        choice
    }
}
