//! Every place where the table and the models differ from the facts, and why.

/// One difference.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Difference {
    /// An operation, one of its parameters, or a member of a type.
    pub(crate) at: &'static str,
    /// What differs there.
    pub(crate) what: &'static str,
    /// What this crate says.
    pub(crate) ours: &'static str,
    /// What the facts say.
    pub(crate) facts: &'static str,
    /// Why it is meant.
    pub(crate) why: &'static str,
}

const fn is(
    at: &'static str,
    what: &'static str,
    ours: &'static str,
    facts: &'static str,
    why: &'static str,
) -> Difference {
    Difference { at, what, ours, facts, why }
}

#[rustfmt::skip]
pub(crate) const DIFFERENCES: &[Difference] = &[
];

/// Members without a form of their own: whatever comes is kept.
#[rustfmt::skip]
pub(crate) const UNTYPED: &[&str] = &[
];

#[test]
fn every_difference_has_a_reason() {
    for (i, d) in DIFFERENCES.iter().enumerate() {
        assert!(d.why.len() > 10, "{} {}: why?", d.at, d.what);
        let same = DIFFERENCES.iter().skip(i + 1).any(|o| (o.at, o.what) == (d.at, d.what));
        assert!(!same, "{} {} is listed twice", d.at, d.what);
    }
    assert!(UNTYPED.len() <= 20, "{} members have no form", UNTYPED.len());
}
