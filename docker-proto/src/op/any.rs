//! Answers of operations named at run time: of whatever kind the table says.

use super::answer::Answer;
use super::reply::{self, Change, Collect, Duplex, PassThrough, Ping, Reply, Streaming};
use super::spec::Kind;
use crate::model::PathStat;
use crate::tar::TarCheck;
use crate::wire::websocket::Receiver;
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
    #[inline]
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

    #[inline]
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
            Kind::Websocket => AnyDecoder::Websocket(reply::Websocket::decoder(answer)?.1),
            // One that is compressed cannot be looked through; nobody asked for that here.
            Kind::Archive | Kind::Tar => AnyDecoder::Tar(reply::Tar::decoder(answer)?.1),
            Kind::Bytes | Kind::Upgraded => AnyDecoder::Bytes(PassThrough),
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
    #[doc(hidden)]
    Websocket(Receiver),
    #[doc(hidden)]
    Tar(TarCheck),
}

/// Takes a value that was found by its brackets: what stands inside them is checked as for a type that takes anything.
#[inline]
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

    #[inline]
    fn decode(&mut self, input: &mut Input<'_>) -> Result<Option<AnyItem>> {
        Ok(match self {
            Self::Json(d) => d.decode(input)?.map(|(_, text)| AnyItem::Json(text)),
            Self::Values { failed: Some(e), .. } => return Err(e.clone()),
            Self::Values { text, progress, failed } => value(text.decode(input)?, *progress, failed)?,
            Self::One(d) => d.decode(input)?,
            Self::Text(d) => d.decode(input)?.map(AnyItem::Text),
            Self::Output(d) => d.decode(input)?.map(AnyItem::Output),
            Self::Bytes(d) => d.decode(input)?.map(AnyItem::Bytes),
            Self::Websocket(d) => d.decode(input)?.map(AnyItem::Bytes),
            Self::Tar(d) => d.decode(input)?.map(AnyItem::Bytes),
        })
    }

    #[inline]
    fn finish(&mut self) -> Result<Option<AnyItem>> {
        Ok(match self {
            Self::Json(d) => d.finish()?.map(|(_, text)| AnyItem::Json(text)),
            Self::Values { failed: Some(e), .. } => return Err(e.clone()),
            Self::Values { text, progress, failed } => value(text.finish()?, *progress, failed)?,
            Self::One(d) => d.finish()?,
            Self::Text(d) => d.finish()?.map(AnyItem::Text),
            Self::Output(d) => d.finish()?.map(AnyItem::Output),
            Self::Bytes(d) => d.finish()?.map(AnyItem::Bytes),
            Self::Websocket(d) => d.finish()?.map(AnyItem::Bytes),
            Self::Tar(d) => d.finish()?.map(AnyItem::Bytes),
        })
    }

    #[inline]
    fn has_ended(&self) -> bool {
        matches!(self, Self::Websocket(d) if d.has_ended())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind::{InStream, Protocol, TooLarge, Truncated};
    use crate::testkit::{Ends, Seen, Vector, each, every_cut};
    use crate::wire::limits;
    use alloc::vec::Vec;

    fn values(progress: bool) -> AnyDecoder {
        AnyDecoder::Values { text: JsonText::default(), progress, failed: None }
    }

    fn vector(name: &'static str, bytes: &'static str) -> Vector<AnyItem> {
        Vector::new(name, bytes.as_bytes())
    }

    fn item(text: &'static str) -> AnyItem {
        AnyItem::Json(text.into())
    }

    #[test]
    fn documents_at_any_cut() {
        let one = || AnyDecoder::Json(OneJson::default());
        let v = vector("one", " {\"a\":[1]}\n").item(item("{\"a\":[1]}")).ends_here(Ends::at(&[10]));
        assert_eq!(every_cut(one, &v, each), 1);
        every_cut(one, &vector("two", "{} {}").error(Protocol, "goes on").ends_here(Ends::at(&[2, 3])), each);
        every_cut(one, &vector("none", " ").error(Truncated, ""), each);

        let v = vector("many", "{\"a\":1}\n[2]\"x\"").item(item("{\"a\":1}")).item(item("[2]")).item(item("\"x\""));
        assert_eq!(every_cut(|| values(false), &v.ends_here(Ends::at(&[0, 7, 8, 11])), each), 4);
        let v = vector("broken", "{}{a}").item(item("{}")).error(Protocol, "no JSON").ends_here(Ends::at(&[0, 2]));
        assert_eq!(every_cut(|| values(false), &v, each), 2);
    }

    #[test]
    fn an_error_in_progress_at_any_cut() {
        let text = "{\"status\":\"a\"}{\"error\":\"boom\",\"id\":5}";
        let v = || vector("failed", text).item(item("{\"status\":\"a\"}")).ends_here(Ends::at(&[0, 14]));
        assert_eq!(every_cut(|| values(true), &v().error(InStream, "boom"), each), 2);
        // Elsewhere it is a member like any other.
        let plain = v().item(item("{\"error\":\"boom\",\"id\":5}"));
        assert_eq!(every_cut(|| values(false), &plain, each), 2);
    }

    #[test]
    fn the_rest_at_any_cut() {
        let text = vector("text", "OK\n").item(AnyItem::Text("OK\n".into()));
        let shorter = |prefix: &'static str| vector("text", prefix).item(AnyItem::Text(prefix.into()));
        for v in [text, shorter("OK"), shorter("")] {
            every_cut(|| AnyDecoder::Text(Collect::default()), &v.ends_here(Ends::Everywhere), each);
        }
        let joined = |seen: &mut Vec<Seen<Vec<u8>>>, item: AnyItem| {
            let AnyItem::Bytes(bytes) = item else { panic!("{item:?}") };
            match seen.last_mut() {
                Some(Seen::Item(all)) => all.extend_from_slice(&bytes),
                _ => seen.push(Seen::Item(bytes.to_vec())),
            }
        };
        let v = Vector::new("bytes", &b"tar\0ball"[..]).item(&b"tar\0ball"[..]).ends_here(Ends::Everywhere);
        every_cut(|| AnyDecoder::Bytes(PassThrough), &v, joined);
    }

    #[test]
    fn a_text_without_end_is_bounded() {
        let mut block = crate::wire::RecvBuf::new();
        let mut decoder = AnyDecoder::Text(Collect::default());
        let e = loop {
            block.push(&[b'x'; 4096]);
            let mut left = block.len();
            if let Err(e) = decoder.decode(&mut Input::new(&mut block, &mut left)) {
                break e;
            }
        };
        assert_eq!(e.kind(), TooLarge);
        assert!(e.message().contains(&alloc::format!("{}", limits::MAX_ERROR_BODY)), "{e}");
    }

    #[test]
    fn items_as_data() {
        assert_eq!(item("{\"a\":1}").to_value().unwrap(), json!({"a": 1}));
        assert_eq!(AnyItem::Text("OK".into()).to_value().unwrap(), json!("OK"));
        assert_eq!(AnyItem::Done(Change::Unchanged).to_value().unwrap(), Value::Null);
        let ping = Ping { api_version: Some("1.47".into()), experimental: true, ..Ping::default() };
        let value = AnyItem::Ping(ping).to_value().unwrap();
        assert_eq!((&value["ApiVersion"], &value["Experimental"]), (&json!("1.47"), &json!(true)));
        assert!(AnyItem::Bytes("tar".into()).to_value().is_err());
    }
}
