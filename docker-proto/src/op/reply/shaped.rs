//! Answers in another type than the one the table gives them: the caller's own, or the text beside the value.

use super::progress::in_stream_error;
use super::{Json, ProgressStream, Reply, Streaming, Unary, Values};
use crate::op::answer::Answer;
use crate::op::spec::{Kind, OpSpec};
use crate::op::writer::RequestWriter;
use crate::op::{Encode, Operation, Plain, Uploads};
use crate::wire::{Decode, Input, JsonText, OneJson, ResponseHead, from_text};
use crate::{Error, Result, model};
use bytes::Bytes;
use core::fmt;
use core::marker::PhantomData;
use serde::de::DeserializeOwned;

/// A reply of JSON, whose documents can be decoded as something else.
#[diagnostic::on_unimplemented(
    message = "the answer of this operation, `{Self}`, is not JSON",
    label = "only JSON can be decoded into another type"
)]
pub trait JsonReply: Reply {
    /// The same answer with documents of another type.
    type As<T: DeserializeOwned + Send + 'static>: Reply<Item = T>;
    /// The same answer, each value with its text.
    type WithText: Reply<Item = (Self::Item, Bytes)>;
}

impl<U: DeserializeOwned + Send + 'static> JsonReply for Json<U> {
    type As<T: DeserializeOwned + Send + 'static> = Json<T>;
    type WithText = Document<U>;
}

impl<U: DeserializeOwned + Send + 'static> JsonReply for Values<U> {
    type As<T: DeserializeOwned + Send + 'static> = Values<T>;
    type WithText = Documents<U, false>;
}

impl JsonReply for ProgressStream {
    type As<T: DeserializeOwned + Send + 'static> = Only<Documents<T, true>>;
    type WithText = Documents<model::Progress, true>;
}

impl<U: DeserializeOwned + Send + 'static> JsonReply for Only<Documents<U, true>> {
    type As<T: DeserializeOwned + Send + 'static> = Only<Documents<T, true>>;
    type WithText = Documents<U, true>;
}

/// An operation whose answer is read as an `R`; made by [`Operation::decode_as`], [`Operation::with_text`],
/// [`Operation::lines`] and [`Operation::collected`].
pub struct As<O, R> {
    op: O,
    at_most: Option<usize>,
    reply: PhantomData<fn() -> R>,
}

impl<O, R> As<O, R> {
    #[inline]
    pub(in crate::op) fn new(op: O) -> Self {
        Self { op, at_most: None, reply: PhantomData }
    }

    #[inline]
    pub(super) fn limited(self, bytes: usize) -> Self {
        Self { at_most: Some(bytes), ..self }
    }
}

impl<O: Clone, R> Clone for As<O, R> {
    #[inline]
    fn clone(&self) -> Self {
        Self { op: self.op.clone(), at_most: self.at_most, reply: PhantomData }
    }
}

impl<O: fmt::Debug, R> fmt::Debug for As<O, R> {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("As").field(&self.op).finish()
    }
}

impl<O: Encode, R: 'static> Encode for As<O, R> {
    #[inline]
    fn spec(&self) -> &'static OpSpec {
        self.op.spec()
    }

    #[inline]
    fn encode(&self, writer: &mut RequestWriter<'_>) -> Result<()> {
        self.op.encode(writer)
    }

    #[inline]
    fn target(&self) -> &str {
        self.op.target()
    }

    #[inline]
    fn tty(&self) -> Option<bool> {
        self.op.tty()
    }

    #[inline]
    fn at_most(&self) -> Option<usize> {
        self.at_most.or_else(|| self.op.at_most())
    }
}

impl<O: Encode, R: Reply + 'static> Operation for As<O, R> {
    type Reply = R;
}
impl<O: Plain, R: Reply + 'static> Plain for As<O, R> {}
impl<O: Uploads, R: Reply + 'static> Uploads for As<O, R> {}

/// One JSON document and its text.
#[derive(Debug)]
pub struct Document<T>(PhantomData<fn() -> T>);

impl<T: DeserializeOwned + Send + 'static> Reply for Document<T> {
    const KIND: Kind = Kind::Json;
    type Head = ResponseHead;
    type Item = (T, Bytes);
    type Decoder = OneJson<T>;

    #[inline]
    fn decoder(answer: &Answer<'_>) -> Result<(Self::Head, Self::Decoder)> {
        Ok((answer.head.clone(), OneJson::default()))
    }
}
impl<T: DeserializeOwned + Send + 'static> Unary for Document<T> {}

/// JSON documents one after another, each with its text. With `PROGRESS`, the engine's error among them ends the stream.
#[derive(Debug)]
pub struct Documents<T, const PROGRESS: bool>(PhantomData<fn() -> T>);

impl<T: DeserializeOwned + Send + 'static, const PROGRESS: bool> Reply for Documents<T, PROGRESS> {
    const KIND: Kind = if PROGRESS { Kind::Progress } else { Kind::Values };
    type Head = ResponseHead;
    type Item = (T, Bytes);
    type Decoder = Texts<T, PROGRESS>;

    #[inline]
    fn decoder(answer: &Answer<'_>) -> Result<(Self::Head, Self::Decoder)> {
        Ok((answer.head.clone(), Texts { text: JsonText::default(), failed: None, as_type: PhantomData }))
    }
}
impl<T: DeserializeOwned + Send + 'static, const PROGRESS: bool> Streaming for Documents<T, PROGRESS> {}

/// The decoder of [`Documents`].
pub struct Texts<T, const PROGRESS: bool> {
    text: JsonText,
    failed: Option<Error>,
    as_type: PhantomData<fn() -> T>,
}

impl<T, const PROGRESS: bool> fmt::Debug for Texts<T, PROGRESS> {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Texts").field(&self.text).finish()
    }
}

impl<T: DeserializeOwned, const PROGRESS: bool> Texts<T, PROGRESS> {
    #[inline]
    fn typed(&mut self, text: Option<Bytes>) -> Result<Option<(T, Bytes)>> {
        let Some(text) = text else { return Ok(None) };
        let decoded = match if PROGRESS { in_stream_error(&text) } else { None } {
            Some(e) => Err(e),
            None => from_text(&text).map(|value| Some((value, text))),
        };
        self.failed = decoded.as_ref().err().filter(|e| e.is_final()).cloned();
        decoded
    }
}

impl<T: DeserializeOwned, const PROGRESS: bool> Decode for Texts<T, PROGRESS> {
    type Item = (T, Bytes);

    #[inline]
    fn decode(&mut self, input: &mut Input<'_>) -> Result<Option<Self::Item>> {
        if let Some(e) = &self.failed {
            return Err(e.clone());
        }
        let text = self.text.decode(input)?;
        self.typed(text)
    }

    #[inline]
    fn finish(&mut self) -> Result<Option<Self::Item>> {
        if let Some(e) = &self.failed {
            return Err(e.clone());
        }
        let text = self.text.finish()?;
        self.typed(text)
    }
}

/// A reply without the texts beside its values.
#[derive(Debug)]
pub struct Only<R>(PhantomData<fn() -> R>);

impl<T: Send + 'static, R: Reply<Item = (T, Bytes)>> Reply for Only<R> {
    const KIND: Kind = R::KIND;
    type Head = R::Head;
    type Item = T;
    type Decoder = Value<R::Decoder>;

    #[inline]
    fn decoder(answer: &Answer<'_>) -> Result<(Self::Head, Self::Decoder)> {
        R::decoder(answer).map(|(head, decoder)| (head, Value(decoder)))
    }
}
impl<T: Send + 'static, R: Reply<Item = (T, Bytes)> + Streaming> Streaming for Only<R> {}

/// The decoder of [`Only`].
#[derive(Debug)]
pub struct Value<D>(D);

impl<T, D: Decode<Item = (T, Bytes)>> Decode for Value<D> {
    type Item = T;

    #[inline]
    fn decode(&mut self, input: &mut Input<'_>) -> Result<Option<T>> {
        Ok(self.0.decode(input)?.map(|(value, _)| value))
    }

    #[inline]
    fn finish(&mut self) -> Result<Option<T>> {
        Ok(self.0.finish()?.map(|(value, _)| value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind::{Decode as Misfit, InStream, Protocol, Truncated};
    use crate::testkit::{Ends, Seen, Vector, every_cut};
    use alloc::string::String;
    use alloc::vec::Vec;

    /// What an item was, and the text it was in.
    type Pair = (String, String);

    fn texts<const PROGRESS: bool>() -> Texts<String, PROGRESS> {
        Texts { text: JsonText::default(), failed: None, as_type: PhantomData }
    }

    fn pair(seen: &mut Vec<Seen<Pair>>, (value, text): (String, Bytes)) {
        seen.push(Seen::Item((value, String::from_utf8_lossy(&text).into_owned())));
    }

    fn item(value: &str, text: &str) -> Pair {
        (value.into(), text.into())
    }

    #[test]
    fn values_and_their_texts_at_any_cut() {
        let vector = Vector::new("texts", &b"\"a\"\n \"\\u0062\"[7]\"c\""[..])
            .item(item("a", "\"a\""))
            .item(item("b", "\"\\u0062\""))
            .item_error(Misfit, "does not fit")
            .item(item("c", "\"c\""))
            .ends_here(Ends::at(&[0, 3, 4, 5, 13, 16]));
        assert_eq!(every_cut(texts::<false>, &vector, pair), 6);
        // Without their texts they are the same.
        let alone = |seen: &mut Vec<Seen<Pair>>, value: String| {
            let text = if value == "b" { "\"\\u0062\"".into() } else { alloc::format!("{value:?}") };
            seen.push(Seen::Item((value, text)));
        };
        assert_eq!(every_cut(|| Value(texts::<false>()), &vector, alone), 6);
    }

    #[test]
    fn what_ends_a_stream_ends_it_at_any_cut() {
        let broken = Vector::new("no JSON", &b"\"a\" {nonsense}"[..]).item(item("a", "\"a\""));
        let broken = broken.ends_here(Ends::at(&[0, 3, 4])).error(Protocol, "no JSON");
        assert_eq!(every_cut(texts::<false>, &broken, pair), 3);
        let short = Vector::new("cut", &b"\"a\"{\"b"[..]).item(item("a", "\"a\"")).ends_here(Ends::at(&[0, 3]));
        assert_eq!(every_cut(texts::<false>, &short.error(Truncated, ""), pair), 2);
        // Only progress has errors of the engine in it. Here no prefix of the item is one already.
        let failed = &b"\"a\"{\"error\":\"boom\"}"[..];
        let vector = Vector::new("failed", failed).item(item("a", "\"a\"")).ends_here(Ends::at(&[0, 3]));
        assert_eq!(every_cut(texts::<true>, &vector.clone().error(InStream, "boom"), pair), 2);
        assert_eq!(every_cut(texts::<false>, &vector.item_error(Misfit, "does not fit"), pair), 2);
    }
}
