//! Output of a process in other shapes than pieces: lines, or all of it.

use super::{As, Duplex, OutputStream, Reply, Session, Streaming, Unary};
use crate::Result;
use crate::op::Encode;
use crate::op::answer::Answer;
use crate::op::spec::Kind;
use crate::wire::{Collected, Collector, Line, Lines, Output, ResponseHead, limits};
use core::marker::PhantomData;

/// A reply of output, which can be had as lines or collected.
#[diagnostic::on_unimplemented(
    message = "the answer of this operation, `{Self}`, is not the output of a process",
    label = "only the output of logs, attach and exec can be had as lines, or collected"
)]
pub trait OutputReply: Reply<Head = ResponseHead, Decoder = Output> {}

impl OutputReply for OutputStream {}
impl OutputReply for Session {}

/// Output line by line, where `R` gives it in pieces.
#[derive(Debug)]
pub struct InLines<R>(PhantomData<fn() -> R>);

impl<R: OutputReply> Reply for InLines<R> {
    const KIND: Kind = R::KIND;
    type Head = ResponseHead;
    type Item = Line;
    type Decoder = Lines;

    #[inline]
    fn decoder(answer: &Answer<'_>) -> Result<(Self::Head, Self::Decoder)> {
        let (head, output) = R::decoder(answer)?;
        Ok((head, Lines::new(output, answer.at_most.unwrap_or(limits::MAX_LINE))))
    }
}
impl<R: OutputReply + Streaming> Streaming for InLines<R> {}
impl<R: OutputReply + Duplex> Duplex for InLines<R> {}

impl<O: Encode, R> As<O, InLines<R>> {
    /// How long a line may be, in bytes, before it comes in parts; [`limits::MAX_LINE`] if this is not said.
    #[must_use]
    #[inline]
    pub fn at_most(self, bytes: usize) -> Self {
        self.limited(bytes)
    }
}

/// Output as one value, where `R` gives it in pieces.
#[derive(Debug)]
pub struct InOne<R>(PhantomData<fn() -> R>);

impl<R: OutputReply> Reply for InOne<R> {
    const KIND: Kind = R::KIND;
    type Head = ResponseHead;
    type Item = Collected;
    type Decoder = Collector;

    #[inline]
    fn decoder(answer: &Answer<'_>) -> Result<(Self::Head, Self::Decoder)> {
        let (head, output) = R::decoder(answer)?;
        Ok((head, Collector::new(output, answer.at_most.unwrap_or(limits::MAX_COLLECTED))))
    }
}
impl<R: OutputReply> Unary for InOne<R> {}

impl<O: Encode, R> As<O, InOne<R>> {
    /// How much both streams together may be, in bytes; [`limits::MAX_COLLECTED`] if this is not said. More is an error.
    #[must_use]
    #[inline]
    pub fn at_most(self, bytes: usize) -> Self {
        self.limited(bytes)
    }
}
