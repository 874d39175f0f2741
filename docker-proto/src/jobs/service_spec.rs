//! Settings of a service of which nothing is lost: an update replaces all of them, those as well that this crate does not
//! know.

use crate::api::services::Update;
use crate::model::ServiceSpec;
use crate::op::{Encode, OpSpec, Operation, RequestWriter};
use crate::{Error, Result};
use alloc::format;
use bytes::Bytes;
use serde_json::Value;

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
