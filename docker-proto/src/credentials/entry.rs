//! An entry of `auths`.

use super::{entry_key, registry_key};
use crate::model::AuthConfig;
use crate::resolve::{member, unknown};
use crate::{Error, ErrorKind, Result};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use base64::Engine;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{self, GeneralPurpose, GeneralPurposeConfig};
use serde_json::{Map, Value, json};

/// The entry of a registry: its own, or else one whose URL has its host.
#[inline]
pub(super) fn find<'a>(auths: &'a Map<String, Value>, key: &str) -> Option<(&'a String, &'a Value)> {
    let of_host = || auths.iter().find(|(name, _)| entry_key(name).is_some_and(|of| of == key));
    auths.get_key_value(key).or_else(of_host)
}

/// What an entry says; `None` if nothing. `origin` is where it stands.
#[inline]
pub(super) fn read(origin: &str, name: &str, entry: &Value) -> Result<Option<AuthConfig>> {
    let refuse = |why: &str| Err(Error::new(ErrorKind::Credentials, unknown(origin, format!("auths {name:?}: {why}"))));
    let Value::Object(entry) = entry else {
        return if entry.is_null() { Ok(None) } else { refuse("must be an object") };
    };
    let mut texts = Vec::with_capacity(5);
    for member_name in ["auth", "username", "password", "identitytoken", "registrytoken"] {
        texts.push(match member(entry, member_name) {
            None | Some(Value::Null) => "",
            Some(Value::String(text)) => text,
            Some(_) => return refuse(&[member_name, " must be a text"].concat()),
        });
    }
    let [auth, username, password, identity_token, registry_token] = texts[..] else { return Ok(None) };
    let mut found = AuthConfig::new();
    if !auth.trim().is_empty() {
        let Some((user, password)) = decode(auth.trim()) else {
            return refuse("auth must be user:password in base64");
        };
        found.username = some(user);
        found.password = some(password).map(Into::into);
    } else {
        found.username = some(username.into());
        found.password = some(password.into()).map(Into::into);
    }
    found.identity_token = some(identity_token.into()).map(Into::into);
    found.registry_token = some(registry_token.into()).map(Into::into);
    if found == AuthConfig::new() {
        return Ok(None);
    }
    found.server_address = Some(registry_key(name));
    Ok(Some(found))
}

#[inline]
fn some(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

/// `user:password` in base64, of either alphabet, padded or not: all are found in the wild. A password may hold colons.
#[inline]
fn decode(text: &str) -> Option<(String, String)> {
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let alphabet = if text.contains(['-', '_']) { &URL_SAFE } else { &STANDARD };
    let bytes = GeneralPurpose::new(alphabet, config).decode(text).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (user, password) = text.split_once(':')?;
    // Some old writers padded with these.
    Some((user.into(), password.trim_matches('\0').into()))
}

/// An entry as the docker command writes it: a token from a login takes the password's place.
#[inline]
pub(super) fn written(auth: &AuthConfig) -> Value {
    let text = |text: Option<&str>| text.unwrap_or_default().to_string();
    let token = auth.identity_token.as_deref().filter(|token| !token.is_empty());
    let (user, password) = (text(auth.username.as_deref()), text(auth.password.as_deref().filter(|_| token.is_none())));
    let mut entry = Map::new();
    if !user.is_empty() || !password.is_empty() {
        entry.insert("auth".into(), json!(general_purpose::STANDARD.encode(format!("{user}:{password}"))));
    }
    if let Some(token) = token {
        entry.insert("identitytoken".into(), json!(token));
    }
    if let Some(token) = auth.registry_token.as_deref().filter(|token| !token.is_empty()) {
        entry.insert("registrytoken".into(), json!(token));
    }
    Value::Object(entry)
}
