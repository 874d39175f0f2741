//! What those are told who observe the call.

use super::Core;
use crate::Error;
use crate::observe::{Event, Observed, Purpose, SessionTap, Tap};
use crate::wire::Request;
use alloc::boxed::Box;
use core::time::Duration;

impl Core {
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
        if let Some(tap) = &mut observed.tap {
            tap.dialled(connection);
        }
        connection
    }

    /// Whom to tell of bytes while the driver moves them; to be given back to [`put_tap`](Self::put_tap).
    #[inline]
    pub(crate) fn take_tap(&mut self) -> Option<Box<Tap>> {
        self.observed.as_mut()?.tap.take()
    }

    #[inline]
    pub(crate) fn put_tap(&mut self, tap: Option<Box<Tap>>) {
        if let Some(observed) = &mut self.observed {
            observed.tap = tap;
        }
    }

    /// Whom to tell of the input of the session.
    #[inline]
    pub(crate) fn session_tap(&self) -> Option<Box<SessionTap>> {
        self.observed.as_ref().map(|observed| Box::new(observed.session()))
    }

    /// The call is over, at this moment: done with all of its answer or not, its connection kept or not.
    #[inline]
    pub(crate) fn observe_end(&mut self, now: Duration, is_done: bool, kept: bool) {
        if let Some(observed) = self.observed.take() {
            Observed::end(observed, now, &self.client, is_done, kept);
        }
    }

    /// Whether anybody is told of the call, and not of its end yet.
    #[inline]
    pub(crate) fn is_observed(&self) -> bool {
        self.observed.is_some()
    }
}
