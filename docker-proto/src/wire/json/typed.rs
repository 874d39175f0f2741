//! JSON values as types.

use super::{Decode, Input, JsonText, raw};
use crate::{Error, ErrorKind, Result};
use alloc::format;
use alloc::string::String;
use bytes::Bytes;
use core::fmt;
use core::marker::PhantomData;
use serde::de::{DeserializeOwned, IgnoredAny};

/// Decodes each JSON value of a stream as a `T`.
///
/// A value that is JSON but no `T` is an error of that item alone, with its text attached, and the stream goes on; text
/// that is no JSON ends the stream. Invalid UTF-8 in a string becomes U+FFFD.
pub struct JsonDecoder<T> {
    text: JsonText,
    as_type: PhantomData<fn() -> T>,
}

impl<T> JsonDecoder<T> {
    /// A decoder that refuses values of more than [`MAX_JSON`](crate::wire::limits::MAX_JSON) bytes.
    pub fn new() -> Self {
        Self::from(JsonText::new())
    }
}

impl<T> From<JsonText> for JsonDecoder<T> {
    /// Decodes what `text` finds, which may have a limit of its own.
    fn from(text: JsonText) -> Self {
        Self { text, as_type: PhantomData }
    }
}

impl<T> Default for JsonDecoder<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> fmt::Debug for JsonDecoder<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("JsonDecoder").field(&self.text).finish()
    }
}

impl<T: DeserializeOwned> JsonDecoder<T> {
    fn typed(&mut self, text: Option<Bytes>) -> Result<Option<T>> {
        let Some(text) = text else { return Ok(None) };
        match from_text(&text) {
            Ok(value) => Ok(Some(value)),
            Err(error) if error.is_final() => self.text.fail(error),
            Err(error) => Err(error),
        }
    }
}

impl<T: DeserializeOwned> Decode for JsonDecoder<T> {
    type Item = T;

    fn decode(&mut self, input: &mut Input<'_>) -> Result<Option<T>> {
        let text = self.text.decode(input)?;
        self.typed(text)
    }

    fn finish(&mut self) -> Result<Option<T>> {
        let text = self.text.finish()?;
        self.typed(text)
    }
}

/// Decodes a body that is exactly one JSON value, and hands it out with its text when the body has ended.
///
/// That the value waits for the end is on purpose: an answer that goes on with something else, or breaks off after the
/// value, was not what it seemed.
pub struct OneJson<T> {
    text: JsonText,
    /// The value, until it is handed out.
    value: Option<Bytes>,
    /// Whether a value was seen.
    seen: bool,
    as_type: PhantomData<fn() -> T>,
}

impl<T> OneJson<T> {
    /// A decoder that refuses a body of more than [`MAX_JSON`](crate::wire::limits::MAX_JSON) bytes.
    pub fn new() -> Self {
        Self::from(JsonText::new())
    }

    fn see(&mut self, text: Option<Bytes>) -> Result<bool> {
        let Some(text) = text else { return Ok(false) };
        if self.seen {
            self.value = None;
            let error = Error::protocol("the answer goes on behind its JSON value");
            return self.text.fail(error.with_raw(raw(&text)));
        }
        self.seen = true;
        self.value = Some(text);
        Ok(true)
    }
}

impl<T> From<JsonText> for OneJson<T> {
    /// Decodes what `text` finds, which may have a limit of its own.
    fn from(text: JsonText) -> Self {
        Self { text, value: None, seen: false, as_type: PhantomData }
    }
}

impl<T> Default for OneJson<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> fmt::Debug for OneJson<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OneJson").field("text", &self.text).field("value", &self.value).finish()
    }
}

impl<T: DeserializeOwned> Decode for OneJson<T> {
    type Item = (T, Bytes);

    /// Collects the value. It comes out of [`finish`](Self::finish).
    fn decode(&mut self, input: &mut Input<'_>) -> Result<Option<Self::Item>> {
        loop {
            let text = self.text.decode(input)?;
            if !self.see(text)? {
                return Ok(None);
            }
        }
    }

    fn finish(&mut self) -> Result<Option<Self::Item>> {
        let text = self.text.finish()?;
        self.see(text)?;
        match self.value.take() {
            Some(text) => match whole(&text) {
                Ok(value) => Ok(Some((value, text))),
                Err(error) => self.text.fail(error.as_final()),
            },
            None if self.seen => Ok(None),
            None => self.text.fail(Error::truncated("the answer has no body")),
        }
    }
}

/// A whole answer as a `T`. Engines write `null` for an empty list, also where the list is the answer.
fn whole<T: DeserializeOwned>(text: &Bytes) -> Result<T> {
    from_text(text).or_else(|e| match &text[..] {
        b"null" => serde_json::from_slice(b"[]").map_err(|_| e),
        _ => Err(e),
    })
}

/// Whether text that was found by its brackets is JSON throughout.
pub(crate) fn check_json(text: &Bytes) -> Result<()> {
    from_text::<IgnoredAny>(text).map(drop)
}

/// One complete value as a `T`: an item error if it is JSON but no `T`, a final error if it is no JSON.
pub(crate) fn from_text<T: DeserializeOwned>(text: &Bytes) -> Result<T> {
    let reason = match serde_json::from_slice(text) {
        Ok(value) => return Ok(value),
        Err(reason) => reason,
    };
    // Engines pass on what programs wrote; one bad byte in a label or a log line is no reason to lose the value.
    let (reason, json) = match core::str::from_utf8(text) {
        Ok(text) => (reason, serde_json::from_str::<IgnoredAny>(text).is_ok()),
        Err(_) => {
            let text = String::from_utf8_lossy(text);
            match serde_json::from_str(&text) {
                Ok(value) => return Ok(value),
                Err(reason) => (reason, serde_json::from_str::<IgnoredAny>(&text).is_ok()),
            }
        }
    };
    // What counts is whether the text is JSON, not how serde classifies the reason: it meets a wrong type before broken
    // text behind it, and calls numbers out of range and lone surrogates broken text.
    Err(if json {
        Error::new(ErrorKind::Decode, format!("a JSON value does not fit its type: {reason}"))
            .with_raw(text.clone())
            .as_item()
    } else {
        Error::protocol(format!("a value is no JSON: {reason}")).with_raw(raw(text))
    })
}
