//! Tars: as bytes that are looked through on their way, as entries, or as bytes that nobody looks at.

use super::{PassThrough, Reply, Streaming, stat};
use crate::model::PathStat;
use crate::op::answer::Answer;
use crate::op::spec::Kind;
use crate::tar::{TarCheck, TarReader};
use crate::wire::{Decode, ResponseHead};
use crate::{Error, Result};
use alloc::format;
use core::marker::PhantomData;

/// A reply that is a tar.
#[diagnostic::on_unimplemented(
    message = "the answer of this operation, `{Self}`, is not a tar",
    label = "only a tar has entries, and can be left unchecked"
)]
pub trait TarReply: Reply<Decoder: TarDecoder> {
    /// The same answer as another kind of items.
    type With<D: TarDecoder>: TarReply<Head = Self::Head, Item = D::Item>;

    /// What the head says of the tar.
    ///
    /// # Errors
    /// If the head does not fit the operation.
    fn head(answer: &Answer<'_>) -> Result<Self::Head>;
}

/// What a tar is decoded by.
pub trait TarDecoder: Decode<Item: Send> + Default + Send + 'static {
    /// Whether the tar is understood, so that it must not be compressed.
    const READS: bool;
}

impl TarDecoder for TarCheck {
    const READS: bool = true;
}
impl TarDecoder for TarReader {
    const READS: bool = true;
}
impl TarDecoder for PassThrough {
    const READS: bool = false;
}

/// Bytes behind the stat of what they are an archive of.
#[derive(Debug)]
pub struct ArchiveAs<D>(PhantomData<fn() -> D>);

/// Bytes behind the stat of what they are an archive of. They are a tar, and checked to be a whole one; see [`TarCheck`].
pub type Archive = ArchiveAs<TarCheck>;

/// A tar without anything in front of it.
#[derive(Debug)]
pub struct TarAs<D>(PhantomData<fn() -> D>);

/// The bytes of a tar, checked to be a whole one; see [`TarCheck`].
pub type Tar = TarAs<TarCheck>;

/// The entries of a tar, each with its data behind it.
pub type EntriesOf<R> = <R as TarReply>::With<TarReader>;

/// The bytes of a tar as they came.
pub type Unchecked<R> = <R as TarReply>::With<PassThrough>;

macro_rules! tar_reply {
    ($name:ident $kind:ident $head:ty, |$answer:ident| $make:expr) => {
        impl<D: TarDecoder> TarReply for $name<D> {
            type With<E: TarDecoder> = $name<E>;

            #[inline]
            fn head($answer: &Answer<'_>) -> Result<$head> {
                $make
            }
        }

        impl<D: TarDecoder> Reply for $name<D> {
            const KIND: Kind = Kind::$kind;
            type Head = $head;
            type Item = D::Item;
            type Decoder = D;

            #[inline]
            fn decoder(answer: &Answer<'_>) -> Result<(Self::Head, D)> {
                if D::READS {
                    uncompressed(answer.head)?;
                }
                Ok((Self::head(answer)?, D::default()))
            }
        }

        impl<D: TarDecoder> Streaming for $name<D> {}
    };
}

tar_reply!(ArchiveAs Archive PathStat, |answer| stat(answer.head));
tar_reply!(TarAs Tar ResponseHead, |answer| Ok(answer.head.clone()));

/// The coding of a body, if it has one.
#[inline]
pub(super) fn coding(head: &ResponseHead) -> Option<&str> {
    head.get("content-encoding").filter(|c| !c.is_empty() && !c.eq_ignore_ascii_case("identity"))
}

#[inline]
fn uncompressed(head: &ResponseHead) -> Result<()> {
    match coding(head) {
        None => Ok(()),
        Some(coding) => Err(Error::protocol(format!(
            "the answer is compressed, which was not asked for: Content-Encoding {coding}"
        ))),
    }
}
