//! Answers of operations named at run time: of whatever kind the table says.

use super::answer::Answer;
use super::reply::{self, Change, Collect, Duplex, PassThrough, Ping, Reply, Streaming};
use super::spec::Kind;
use crate::model::PathStat;
use crate::wire::{Decode, Input, JsonText, OneJson, Output, Piece, ResponseHead, check_json, from_text};
use crate::{Error, Result};
use alloc::string::String;
use bytes::Bytes;
use serde::de::IgnoredAny;
use serde_json::{Value, json};

/// An answer of whatever kind the operation has.
#[derive(Debug)]
pub struct AnyReply;

/// An item of whatever kind the operation gives.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum AnyItem {
    /// A JSON document, as it came.
    Json(Bytes),
    /// Output of a process.
    Output(Piece),
    /// Bytes.
    Bytes(Bytes),
    /// Text.
    Text(String),
    /// The stat of a path.
    Stat(PathStat),
    /// The header fields of a ping.
    Ping(Ping),
    /// A status.
    Done(Change),
}

impl AnyItem {
    /// The item as data: a document as it is, a text as a JSON string, a stat or a ping as an object, and `null` where
    /// the status was all that the engine had to say.
    ///
    /// # Errors
    /// [`Usage`](crate::ErrorKind::Usage) for output and bytes, which are no data but part of a stream.
    pub fn to_value(&self) -> Result<Value> {
        match self {
            Self::Json(text) => from_text(text),
            Self::Text(text) => Ok(Value::String(text.clone())),
            Self::Stat(stat) => Ok(serde_json::to_value(stat).unwrap_or_default()),
            Self::Ping(ping) => Ok(json!({
                "ApiVersion": ping.api_version,
                "OSType": ping.os_type,
                "Experimental": ping.experimental,
                "BuilderVersion": ping.builder_version,
                "Swarm": ping.swarm,
            })),
            Self::Done(_) => Ok(Value::Null),
            Self::Output(_) | Self::Bytes(_) => Err(Error::usage("part of a stream of bytes is no data")),
        }
    }
}

impl Reply for AnyReply {
    const KIND: Kind = Kind::Bytes;
    type Head = ResponseHead;
    type Item = AnyItem;
    type Decoder = AnyDecoder;

    fn decoder(answer: &Answer<'_>) -> Result<(Self::Head, Self::Decoder)> {
        let decoder = match answer.spec.kind {
            Kind::Json => AnyDecoder::Json(OneJson::default()),
            Kind::Values => AnyDecoder::Values { text: JsonText::default(), progress: false, failed: None },
            Kind::Progress => AnyDecoder::Values { text: JsonText::default(), progress: true, failed: None },
            Kind::Done => AnyDecoder::One(reply::Done::decoder(answer)?.1.map(AnyItem::Done)),
            Kind::Ping => AnyDecoder::One(reply::PingReply::decoder(answer)?.1.map(AnyItem::Ping)),
            Kind::Stat => AnyDecoder::One(reply::Stat::decoder(answer)?.1.map(AnyItem::Stat)),
            Kind::Text => AnyDecoder::Text(Collect::default()),
            Kind::Output | Kind::Session => AnyDecoder::Output(answer.output()?),
            Kind::Archive | Kind::Bytes | Kind::Upgraded => AnyDecoder::Bytes(PassThrough),
        };
        Ok((answer.head.clone(), decoder))
    }
}
impl Streaming for AnyReply {}
impl Duplex for AnyReply {}

/// The decoder for any kind of answer.
#[derive(Debug)]
#[non_exhaustive]
pub enum AnyDecoder {
    #[doc(hidden)]
    Json(OneJson<IgnoredAny>),
    #[doc(hidden)]
    Values { text: JsonText, progress: bool, failed: Option<Error> },
    #[doc(hidden)]
    One(reply::Ignore<AnyItem>),
    #[doc(hidden)]
    Text(Collect),
    #[doc(hidden)]
    Output(Output),
    #[doc(hidden)]
    Bytes(PassThrough),
}

/// Takes a value that was found by its brackets: what stands inside them is checked as for a type that takes anything.
fn value(found: Option<Bytes>, progress: bool, failed: &mut Option<Error>) -> Result<Option<AnyItem>> {
    let Some(value) = found else { return Ok(None) };
    let checked = match if progress { reply::in_stream_error(&value) } else { None } {
        Some(e) => Err(e),
        None => check_json(&value),
    };
    if let Err(e) = &checked {
        *failed = Some(e.clone());
    }
    checked.map(|()| Some(AnyItem::Json(value)))
}

impl Decode for AnyDecoder {
    type Item = AnyItem;

    fn decode(&mut self, input: &mut Input<'_>) -> Result<Option<AnyItem>> {
        Ok(match self {
            Self::Json(d) => d.decode(input)?.map(|(_, text)| AnyItem::Json(text)),
            Self::Values { failed: Some(e), .. } => return Err(e.clone()),
            Self::Values { text, progress, failed } => value(text.decode(input)?, *progress, failed)?,
            Self::One(d) => d.decode(input)?,
            Self::Text(d) => d.decode(input)?.map(AnyItem::Text),
            Self::Output(d) => d.decode(input)?.map(AnyItem::Output),
            Self::Bytes(d) => d.decode(input)?.map(AnyItem::Bytes),
        })
    }

    fn finish(&mut self) -> Result<Option<AnyItem>> {
        Ok(match self {
            Self::Json(d) => d.finish()?.map(|(_, text)| AnyItem::Json(text)),
            Self::Values { failed: Some(e), .. } => return Err(e.clone()),
            Self::Values { text, progress, failed } => value(text.finish()?, *progress, failed)?,
            Self::One(d) => d.finish()?,
            Self::Text(d) => d.finish()?.map(AnyItem::Text),
            Self::Output(d) => d.finish()?.map(AnyItem::Output),
            Self::Bytes(d) => d.finish()?.map(AnyItem::Bytes),
        })
    }
}
