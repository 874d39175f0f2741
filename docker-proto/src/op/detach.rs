//! Detach keys in requests: looked at before a byte leaves, and the client's where a call says nothing.

use super::spec::{OpSpec, Place};
use super::writer::Encoded;
use crate::values::DetachKeys;
use crate::wire::RequestBody;
use crate::{Error, Result};
use alloc::format;
use alloc::string::{String, ToString};
use bytes::Bytes;
use serde_json::{Map, Value};

/// The query parameter.
const PARAM: &str = "detachKeys";
/// The member of the body that prepares a command.
const MEMBER: &str = "DetachKeys";

/// Refuses keys that no engine would take. An empty text is the engine's default.
#[inline]
pub(super) fn check(spec: &OpSpec, name: &str, text: &str) -> Result<()> {
    if name != PARAM && name != MEMBER || text.is_empty() {
        return Ok(());
    }
    match text.parse::<DetachKeys>() {
        Ok(_) => Ok(()),
        Err(e) => Err(Error::usage(format!("{}: {}", spec.id, e.message()))),
    }
}

/// Whether an operation attaches, and `query` does not have keys. Starting a container takes some too, and engines have
/// no use for them there.
#[inline]
pub(super) fn is_unsaid(spec: &OpSpec, query: &str) -> bool {
    let takes = spec.upgrade.is_some() && spec.param(PARAM).is_some_and(|p| p.place == Place::Query);
    takes && !query.split(['?', '&']).any(|pair| pair.split('=').next() == Some(PARAM))
}

/// Looks at the keys in the body of an exec, and puts the client's there if it has none.
#[inline]
pub(super) fn in_body(spec: &OpSpec, out: &mut Encoded, default: Option<&DetachKeys>) -> Result<()> {
    let RequestBody::Full(text) = &out.body else { return Ok(()) };
    if spec.id != "ContainerExec" {
        return Ok(());
    }
    // What is no object is for the engine to refuse.
    let Ok(mut members) = serde_json::from_slice::<Map<String, Value>>(text) else { return Ok(()) };
    match (members.get(MEMBER), default) {
        (Some(Value::String(keys)), _) => check(spec, MEMBER, keys),
        (None | Some(Value::Null), Some(default)) => {
            members.insert(MEMBER.into(), default.to_string().into());
            // A map of values that were JSON cannot fail to become it again.
            out.body = RequestBody::Full(Bytes::from(Value::Object(members).to_string()));
            Ok(())
        }
        _ => Ok(()),
    }
}
