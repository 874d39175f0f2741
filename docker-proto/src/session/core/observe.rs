//! What those are told who observe the call.

use super::Core;
use crate::Error;
use crate::observe::{Event, Observing, Purpose, Session};
use crate::op::OpSpec;
use crate::session::{CallOptions, Client};
use crate::wire::Request;
use alloc::boxed::Box;
use core::time::Duration;

impl Core {
    /// `None` if nobody observes.
    #[inline]
    pub(super) fn begin_observed(
        client: &Client,
        options: &CallOptions,
        spec: &'static OpSpec,
        target: &str,
    ) -> Option<Box<dyn Observing>> {
        let begin = options.observers.begin().or_else(|| client.config().observers.begin())?;
        Some(begin(client, options, spec, target))
    }

    /// Tells of a step.
    #[inline]
    pub(crate) fn tell(&mut self, event: &Event<'_>) {
        if let Some(observed) = &mut self.observed {
            observed.tell(event);
        }
    }

    /// The call failed; of several errors the first counts.
    #[inline]
    pub(crate) fn observe_error(&mut self, e: &Error) {
        if let Some(observed) = &mut self.observed {
            observed.failed(e);
        }
    }

    #[inline]
    pub(super) fn observe_request(&mut self, purpose: Purpose, request: &Request) {
        if let Some(observed) = &mut self.observed {
            observed.request(self.recv.connection, purpose, request.head());
        }
    }

    /// The call waits for a place under the limit of calls, or has one.
    #[inline]
    pub(crate) fn observe_queue(&mut self, is_queued: bool) {
        if let Some(observed) = &mut self.observed {
            observed.queued(is_queued);
        }
    }

    /// A number for a connection that was made just now; 0 if nobody is told of it.
    #[inline]
    pub(crate) fn observe_dial(&mut self) -> u64 {
        let Some(observed) = &mut self.observed else { return 0 };
        let connection = self.client.next_connection();
        observed.dialled(connection);
        connection
    }

    /// Whom to tell of bytes while the driver moves them, at this moment; to be given back to
    /// [`put_observed`](Self::put_observed).
    #[inline]
    pub(crate) fn take_observed(&mut self, now: impl FnOnce() -> Duration) -> Option<Box<dyn Observing>> {
        let mut observed = self.observed.take()?;
        observed.turn(now(), self.phase());
        Some(observed)
    }

    #[inline]
    pub(crate) fn put_observed(&mut self, observed: Option<Box<dyn Observing>>) {
        self.observed = observed;
    }

    /// Whom to tell of the input of the session.
    #[inline]
    pub(crate) fn observe_session(&self) -> Option<Box<dyn Session>> {
        self.observed.as_ref().map(|observed| observed.session())
    }

    /// The call is over, at this moment: done with all of its answer or not, its connection kept or not.
    #[inline]
    pub(crate) fn observe_end(&mut self, now: impl FnOnce() -> Duration, is_done: bool, kept: bool) {
        if let Some(observed) = self.observed.take() {
            let version = self.client.agreed().and_then(|agreed| agreed.version);
            observed.end(now(), version, is_done, kept);
        }
    }
}
