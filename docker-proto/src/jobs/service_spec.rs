//! Settings of a service of which nothing is lost: an update replaces all of them, those as well that this crate does not
//! know.

use super::Verbs;
use crate::api::services::{Inspect, Update};
use crate::model::{Service, ServiceSpec};
use crate::op::{Encode, OpSpec, Operation, RequestWriter};
use crate::{Error, ErrorKind, Result};
use alloc::format;
use bytes::Bytes;
use serde_json::Value;

/// How often an update is made anew that came late: the service was changed by somebody else meanwhile, or the swarm said
/// something about it.
pub(super) const ATTEMPTS: usize = 5;

/// Whether an update named a version that is not the present one.
#[inline]
pub(super) fn is_late(e: &Error) -> bool {
    e.message().contains("out of sequence")
}

/// What the engine tells about a service, and what of it is understood.
pub(super) struct Look {
    raw: Value,
    pub(super) service: Service,
}

impl Look {
    #[inline]
    pub(super) async fn at<V: Verbs>(docker: &V, name: &str) -> Result<Self> {
        let raw = docker.call(Inspect::new(name).decode_as::<Value>()).await?;
        let service = serde_json::from_value(raw.clone())
            .map_err(|e| Error::new(ErrorKind::Decode, format!("the service {name:?} cannot be read: {e}")))?;
        Ok(Self { raw, service })
    }

    /// All the settings.
    #[inline]
    pub(super) fn spec(&self) -> &Value {
        self.raw.get("Spec").unwrap_or(&Value::Null)
    }

    /// Those before the last update.
    #[inline]
    pub(super) fn previous(&self) -> Option<&Value> {
        self.raw.get("PreviousSpec")
    }

    /// The number that an update must name, and the settings as they are understood.
    #[inline]
    pub(super) fn settings(&self, name: &str) -> Result<(u64, ServiceSpec)> {
        let index = self.service.version.as_ref().and_then(|version| version.index);
        index.zip(self.service.spec.clone()).ok_or_else(|| {
            Error::new(ErrorKind::Decode, format!("the engine did not tell the settings of the service {name:?}"))
        })
    }
}

/// An update whose body has more than the typed one.
pub(super) struct Whole {
    update: Update,
    body: Bytes,
}

impl Whole {
    /// `raw` is what the engine had, `before` what was understood of it; the update has what is to be.
    #[inline]
    pub(super) fn new(update: Update, raw: Value, before: &ServiceSpec) -> Result<Self> {
        let [before, mut after] = [before, &update.body].map(|spec| serde_json::to_value(spec).unwrap_or_default());
        keep(raw, Some(&before), &mut after);
        let body = serde_json::to_vec(&after).map_err(|e| Error::usage(format!("no JSON: {e}")))?;
        Ok(Self { update, body: body.into() })
    }
}

impl Encode for Whole {
    #[inline]
    fn spec(&self) -> &'static OpSpec {
        self.update.spec()
    }

    #[inline]
    fn encode(&self, writer: &mut RequestWriter<'_>) -> Result<()> {
        // Its checks first: the fields that are known are held against the version.
        self.update.encode(writer)?;
        writer.raw_json(self.body.clone());
        Ok(())
    }

    #[inline]
    fn target(&self) -> &str {
        self.update.target()
    }
}

impl Operation for Whole {
    type Reply = <Update as Operation>::Reply;
}

impl crate::op::Plain for Whole {}

/// Puts back what is in `raw` and was not understood: what is missing in `before`.
#[inline]
fn keep(raw: Value, before: Option<&Value>, after: &mut Value) {
    match (raw, after) {
        (Value::Object(raw), Value::Object(after)) => {
            for (name, value) in raw {
                let before = before.and_then(|before| before.get(&name));
                match after.get_mut(&name) {
                    Some(after) => keep(value, before, after),
                    None if before.is_none() => drop(after.insert(name, value)),
                    // Understood, and taken away by the change.
                    None => {}
                }
            }
        }
        // Which of them is which is known only if none was added or taken away.
        (Value::Array(raw), Value::Array(after)) => {
            let before = before.and_then(Value::as_array).filter(|before| before.len() == raw.len());
            if let Some(before) = before.filter(|before| before.len() == after.len()) {
                raw.into_iter()
                    .zip(before)
                    .zip(after)
                    .for_each(|((raw, before), after)| keep(raw, Some(before), after));
            }
        }
        _ => {}
    }
}
