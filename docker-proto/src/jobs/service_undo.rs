//! A change of a service that is put back, because the job that made it was called off.

use super::Verbs;
use super::service_spec::{ATTEMPTS, Look, is_late};
use crate::api::services::Update;
use crate::{Error, ErrorKind, Result};
use alloc::format;
use alloc::string::String;
use serde_json::Value;

/// A change that was made. It is known again by the settings on both sides of it: the version says nothing, for the swarm
/// counts it on with every word of its own about the update.
pub(super) struct Made {
    service: String,
    before: Value,
    /// As the engine had them at the first look.
    after: Option<Value>,
}

impl Made {
    /// Of a service that had these settings before.
    #[inline]
    pub(super) fn new(service: &str, before: Value) -> Self {
        Self { service: service.into(), before, after: None }
    }

    /// Learns at the first look what the engine made of the change.
    #[inline]
    pub(super) fn see(&mut self, look: &Look) {
        if self.after.is_none() {
            self.after = Some(look.spec().clone());
        }
    }

    /// Puts the settings back, if this is still the last change. One that is not there any more needs nothing: the swarm
    /// went back by itself, or the service is gone. It does not wait until tasks run so.
    #[inline]
    pub(super) async fn undo<V: Verbs>(mut self, docker: &V) -> Result<()> {
        let docker = docker.shielded();
        let mut attempt = 1;
        loop {
            let look = match Look::at(docker, &self.service).await {
                Err(e) if e.is_not_found() => return Ok(()),
                look => look?,
            };
            self.see(&look);
            if *look.spec() == self.before {
                return Ok(());
            }
            if self.after.as_ref() != Some(look.spec()) || look.previous() != Some(&self.before) {
                let message = format!("somebody else changed the service {:?} since", self.service);
                return Err(Error::new(ErrorKind::Usage, message));
            }
            let (index, spec) = look.settings(&self.service)?;
            // The engine wants settings, and does not use them.
            let back = Update::new(&*self.service, index, spec).rollback("previous");
            match docker.call(back).await {
                Err(e) if attempt < ATTEMPTS && is_late(&e) => attempt += 1,
                done => return done.map(drop),
            }
        }
    }
}
