//! Bytes inside JSON.

use super::lenient::Lenient;
use super::{Described, Gated, Shape};
use crate::{Error, ErrorKind, Result};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use core::fmt;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Bytes, which JSON carries as base64: the standard alphabet, padded. Engines refuse any other form with a 400.
///
/// Made from bytes or text, it encodes them. What an engine sent is kept as it came, even if it is no base64; then
/// [`decode`](Self::decode) says so. Secrets travel in it, so `Debug` shows nothing but the length.
///
/// ```
/// use docker_proto::model::{Base64, SecretSpec};
///
/// let spec = SecretSpec::new().name("password").data("hunter2");
/// assert_eq!(serde_json::to_string(&spec).unwrap(), r#"{"Name":"password","Data":"aHVudGVyMg=="}"#);
/// assert_eq!(spec.data.unwrap().decode()?, b"hunter2");
/// assert_eq!(format!("{:?}", Base64::from("hunter2")), "Base64(12 characters)");
/// # Ok::<(), docker_proto::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct Base64(String);

impl Base64 {
    /// Takes text that is base64 already, without a check.
    #[must_use]
    pub fn from_encoded(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text as it is in JSON.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The bytes. Text that is not padded base64 of the standard alphabet is an error of
    /// [`Decode`](ErrorKind::Decode).
    pub fn decode(&self) -> Result<Vec<u8>> {
        STANDARD.decode(&self.0).map_err(|e| Error::new(ErrorKind::Decode, format!("a value is not base64: {e}")))
    }
}

impl fmt::Debug for Base64 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Base64({} characters)", self.0.len())
    }
}

impl From<&[u8]> for Base64 {
    fn from(bytes: &[u8]) -> Self {
        Self(STANDARD.encode(bytes))
    }
}

impl<const N: usize> From<&[u8; N]> for Base64 {
    fn from(bytes: &[u8; N]) -> Self {
        Self::from(&bytes[..])
    }
}

impl From<Vec<u8>> for Base64 {
    fn from(bytes: Vec<u8>) -> Self {
        Self::from(&bytes[..])
    }
}

impl From<&str> for Base64 {
    /// Encodes the text: it is content, not base64.
    fn from(content: &str) -> Self {
        Self::from(content.as_bytes())
    }
}

impl From<String> for Base64 {
    /// Encodes the text: it is content, not base64.
    fn from(content: String) -> Self {
        Self::from(content.as_bytes())
    }
}

impl Serialize for Base64 {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Base64 {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d).map(Self)
    }
}

impl Described for Base64 {
    const SHAPE: Shape = Shape::Base64;
}

impl Gated for Base64 {}

impl<'de> Lenient<'de> for Base64 {}
