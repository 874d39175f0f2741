//! Progress, in which the engine's error may come at any place and in several shapes.

use super::{Reply, Streaming};
use crate::model;
use crate::op::answer::Answer;
use crate::op::spec::Kind;
use crate::wire::{Decode, Input, JsonDecoder, ResponseHead, from_text};
use crate::{Error, ErrorKind, Result};
use alloc::string::String;
use bytes::Bytes;
use serde_json::{Map, Value};

/// JSON progress of a pull, push, import, load or build. The engine's error, in whatever shape it comes, ends the stream.
#[derive(Debug)]
pub struct ProgressStream;

impl Reply for ProgressStream {
    const KIND: Kind = Kind::Progress;
    type Head = ResponseHead;
    type Item = model::Progress;
    type Decoder = ProgressDecoder;

    #[inline]
    fn decoder(answer: &Answer<'_>) -> Result<(Self::Head, Self::Decoder)> {
        Ok((answer.head.clone(), ProgressDecoder::default()))
    }
}
impl Streaming for ProgressStream {}

/// Decodes progress and turns an error inside it into the error of the stream.
#[derive(Debug, Default)]
pub struct ProgressDecoder {
    values: JsonDecoder<model::Progress>,
    failed: Option<Error>,
}

impl ProgressDecoder {
    #[inline]
    fn check(&mut self, found: Result<Option<model::Progress>>) -> Result<Option<model::Progress>> {
        if let Some(e) = &self.failed {
            return Err(e.clone());
        }
        let failure = match &found {
            Ok(item) => item.as_ref().and_then(in_item),
            // What does not fit may hold an error all the same.
            Err(e) if !e.is_final() => e.raw().and_then(in_stream_error),
            Err(_) => None,
        };
        match failure {
            None => found,
            Some(e) => {
                self.failed = Some(e.clone());
                Err(e)
            }
        }
    }
}

impl Decode for ProgressDecoder {
    type Item = model::Progress;

    #[inline]
    fn decode(&mut self, input: &mut Input<'_>) -> Result<Option<Self::Item>> {
        let found = self.values.decode(input);
        self.check(found)
    }

    #[inline]
    fn finish(&mut self) -> Result<Option<Self::Item>> {
        let found = self.values.finish();
        self.check(found)
    }
}

/// The error in the text of a progress item, whether or not the rest of the item is as expected.
#[inline]
pub(crate) fn in_stream_error(text: &Bytes) -> Option<Error> {
    if let Ok(item) = from_text(text) {
        return in_item(&item);
    }
    let mut members: Map<String, Value> = from_text(text).ok()?;
    members.retain(|name, _| matches!(&**name, "error" | "errorDetail"));
    in_item(&serde_json::from_value(Value::Object(members)).ok()?)
}

/// The error that a progress item carries: `errorDetail` first, for the plain `error` is on its way out.
#[inline]
fn in_item(item: &model::Progress) -> Option<Error> {
    let plain = item.error.as_deref().filter(|e| !e.is_empty());
    let (message, code) = match (&item.error_detail, plain) {
        (None, None) => return None,
        (None, Some(plain)) => (plain, None),
        (Some(detail), plain) => {
            let message = detail.message.as_deref().filter(|m| !m.is_empty()).or(plain);
            (message.unwrap_or("the engine reported an error without a message"), detail.code)
        }
    };
    let e = Error::new(ErrorKind::InStream, String::from(message));
    Some(match code.and_then(|c| u16::try_from(c).ok()).filter(|&c| c != 0) {
        Some(code) => e.with_status(code),
        None => e,
    })
}
