//! How things are done here, for those who know how they are done elsewhere. Pages only: nothing in this module is code.
//!
//! A page belongs here if it goes across modules: what one item does stands with the item.
//!
//! | page | for |
//! |---|---|
//! | [`streams`] | one value, or items as they come; stdout and stderr together or apart; lines; limits |
//! | [`terminals`] | what a terminal changes, at create and at start; sizes, input, detaching |
//! | [`monitor`](crate::monitor) | a picture of an engine that many look at, over its restarts |
//! | [`switching`] | from docker-py, the Go client or bollard: what their calls are here |
//!
//! The examples say `docker.call(..)` and `docker.begin(..)` through [`Verbs`](crate::jobs::Verbs), the verbs that jobs
//! have; a client of an adapter has the same and more. `docker-*/examples/reference` has short programs, counterparts of
//! the examples of five other clients.

#[doc = include_str!("streams.md")]
pub mod streams {}

#[doc = include_str!("terminals.md")]
pub mod terminals {}

pub mod switching {
    //! What the calls of other clients are here.
    //!
    //! Each row is a call there and the operation, job or function here. The pages end with what has no counterpart.

    #[doc = include_str!("switching/docker_py.md")]
    pub mod docker_py {}

    #[doc = include_str!("switching/go.md")]
    pub mod go {}

    #[doc = include_str!("switching/bollard.md")]
    pub mod bollard {}
}
