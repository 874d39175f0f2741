//! Tars that the engine compresses because it was asked to.

use super::archive::coding;
use super::{Reply, Streaming, TarDecoder, TarReply};
use crate::op::answer::Answer;
use crate::op::spec::{Kind, OpSpec};
use crate::op::writer::RequestWriter;
use crate::op::{Encode, Operation, Plain};
use crate::wire::{Coding, Inflate};
use crate::{Error, Result};
use alloc::format;
use core::marker::PhantomData;

/// A request whose answer the engine may compress; made by [`Operation::compressed`].
#[derive(Clone, Debug, PartialEq)]
pub struct Compressed<O> {
    op: O,
    coding: Coding,
}

impl<O> Compressed<O> {
    #[inline]
    pub(in crate::op) fn new(op: O, coding: Coding) -> Self {
        Self { op, coding }
    }
}

impl<O: Encode> Encode for Compressed<O> {
    #[inline]
    fn spec(&self) -> &'static OpSpec {
        self.op.spec()
    }

    #[inline]
    fn encode(&self, writer: &mut RequestWriter<'_>) -> Result<()> {
        self.op.encode(writer)?;
        writer.raw_header("Accept-Encoding", self.coding.as_str());
        Ok(())
    }

    #[inline]
    fn target(&self) -> &str {
        self.op.target()
    }

    #[inline]
    fn tty(&self) -> Option<bool> {
        self.op.tty()
    }
}

impl<O: Operation<Reply: TarReply + 'static>> Operation for Compressed<O> {
    type Reply = Inflated<O::Reply>;
}
impl<O: Plain<Reply: TarReply + 'static>> Plain for Compressed<O> {}

/// The answer `R`, compressed or not, as the engine chose.
#[derive(Debug)]
pub struct Inflated<R>(PhantomData<fn() -> R>);

impl<R: TarReply> TarReply for Inflated<R> {
    type With<D: TarDecoder> = Inflated<R::With<D>>;

    #[inline]
    fn head(answer: &Answer<'_>) -> Result<R::Head> {
        R::head(answer)
    }
}

impl<R: TarReply> Reply for Inflated<R> {
    const KIND: Kind = R::KIND;
    type Head = R::Head;
    type Item = R::Item;
    type Decoder = Inflate<R::Decoder>;

    #[inline]
    fn decoder(answer: &Answer<'_>) -> Result<(R::Head, Self::Decoder)> {
        let coding = match coding(answer.head) {
            None => None,
            Some(c) if c.eq_ignore_ascii_case("gzip") || c.eq_ignore_ascii_case("x-gzip") => Some(Coding::Gzip),
            Some(c) if c.eq_ignore_ascii_case("deflate") => Some(Coding::Deflate),
            Some(c) => {
                let why = "the answer is compressed in a way that is not understood";
                return Err(Error::protocol(format!("{why}: Content-Encoding {c}")));
            }
        };
        Ok((R::head(answer)?, Inflate::new(R::Decoder::default(), coding)))
    }
}

impl<R: TarReply> Streaming for Inflated<R> {}

impl<D: TarDecoder> TarDecoder for Inflate<D> {
    const READS: bool = D::READS;
}
