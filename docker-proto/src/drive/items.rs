//! A call and its driver: items, one after another.

use super::{BodySource, Driver, Runtime};
use crate::op::{Operation, Reply};
use crate::session::{Call, CallOptions, Client, Core, Progress, Verb};
use crate::{Error, Result};
use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::task::{Context, Poll};

/// What comes back from an operation, item by item. Dropping it cancels the call and closes its connection.
pub struct Items<R: Runtime, O: Operation> {
    pub(super) call: Call<O>,
    pub(super) driver: Driver<R>,
    pub(super) state: State,
    /// An error that came behind the items of a batch.
    pub(super) held: Option<Error>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    BeforeHead,
    Open,
    /// The final error or the end was delivered, or is about to be.
    Ended,
}

type Item<O> = <<O as Operation>::Reply as Reply>::Item;
type Head<O> = <<O as Operation>::Reply as Reply>::Head;

impl<R: Runtime, O: Operation> Items<R, O> {
    /// Begins a call. Nothing happens until it is polled.
    pub fn new(
        runtime: R,
        client: Arc<Client>,
        op: O,
        verb: Verb,
        options: CallOptions,
        body: Option<Box<dyn BodySource>>,
    ) -> Self {
        let call = Call::new(client, op, verb, options);
        Self { call, driver: Driver::new(runtime, body), state: State::BeforeHead, held: None }
    }

    /// The next item; `None` once the answer has ended.
    ///
    /// # Errors
    /// One with [`is_final`](Error::is_final) false concerns one item. A final one is delivered once, then `None`.
    pub fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Item<O>>>> {
        self.poll_next_from(cx, None)
    }

    /// The next item, of a call whose request body may be lent.
    fn poll_next_from(
        &mut self,
        cx: &mut Context<'_>,
        mut lent: Option<&mut dyn BodySource>,
    ) -> Poll<Option<Result<Item<O>>>> {
        if let Some(e) = self.held.take() {
            return Poll::Ready(Some(Err(e)));
        }
        while self.state != State::Ended {
            match self.call.poll() {
                Ok(Progress::Io) => {
                    let lent = lent.as_mut().map(|lent| &mut **lent as &mut dyn BodySource);
                    if self.driver.poll_turn(cx, self.call.core(), lent).is_pending() {
                        return Poll::Pending;
                    }
                }
                Ok(Progress::Head) => self.state = State::Open,
                Ok(Progress::Item(item)) => return Poll::Ready(Some(Ok(item))),
                Ok(Progress::Done) => self.end(),
                Err(e) => {
                    if e.is_final() {
                        self.end();
                    }
                    return Poll::Ready(Some(Err(e)));
                }
            }
        }
        Poll::Ready(None)
    }

    /// Waits for an item, and adds it and all that are at hand behind it to `batch`: at most `max`, and at least one, without
    /// waiting for more. Gives how many; 0 once the answer has ended.
    ///
    /// # Errors
    /// As from [`poll_next`](Self::poll_next): the items before it come first.
    pub fn poll_batch(&mut self, cx: &mut Context<'_>, batch: &mut Vec<Item<O>>, max: usize) -> Poll<Result<usize>> {
        let first = match self.poll_next(cx) {
            Poll::Pending => return Poll::Pending,
            Poll::Ready(None) => return Poll::Ready(Ok(0)),
            Poll::Ready(Some(first)) => first?,
        };
        batch.push(first);
        let mut n = 1;
        while n < max && self.state != State::Ended {
            match self.call.poll() {
                Ok(Progress::Item(item)) => batch.push(item),
                Ok(Progress::Io) => break,
                Ok(Progress::Head) => continue,
                Ok(Progress::Done) => {
                    self.end();
                    break;
                }
                Err(e) => {
                    if e.is_final() {
                        self.end();
                    }
                    self.held = Some(e);
                    break;
                }
            }
            n += 1;
        }
        Poll::Ready(Ok(n))
    }

    /// Drives the call to the head of its answer: the request was accepted, a wait is registered, a stream is open.
    ///
    /// # Errors
    /// What ended the call before. It is not delivered again.
    pub fn poll_head(&mut self, cx: &mut Context<'_>) -> Poll<Result<()>> {
        while self.state == State::BeforeHead {
            match self.call.poll() {
                Ok(Progress::Io) => {
                    if self.driver.poll_turn(cx, self.call.core(), None).is_pending() {
                        return Poll::Pending;
                    }
                }
                Ok(Progress::Head) => self.state = State::Open,
                // Neither comes before the head.
                Ok(Progress::Item(_) | Progress::Done) => self.state = State::Open,
                Err(e) => {
                    self.end();
                    return Poll::Ready(Err(e));
                }
            }
        }
        match self.head() {
            Some(_) => Poll::Ready(Ok(())),
            None => Poll::Ready(Err(Error::usage("the call ended before the head of its answer"))),
        }
    }

    /// What the head said, once [`poll_head`](Self::poll_head) or [`poll_next`](Self::poll_next) came so far.
    pub fn head(&self) -> Option<&Head<O>> {
        self.call.head()
    }

    /// Drives the call to its end and gives its one item.
    ///
    /// # Errors
    /// The first error, of whatever kind.
    pub fn poll_one(&mut self, cx: &mut Context<'_>, one: &mut Option<Item<O>>) -> Poll<Result<Item<O>>> {
        self.poll_one_from(cx, one, None)
    }

    /// The same, of a call whose request body is lent for each poll, so that its owner has it when the call has ended. The
    /// call was begun with the length of that body and without one of its own.
    ///
    /// # Errors
    /// As [`poll_one`](Self::poll_one).
    pub fn poll_one_from(
        &mut self,
        cx: &mut Context<'_>,
        one: &mut Option<Item<O>>,
        mut lent: Option<&mut dyn BodySource>,
    ) -> Poll<Result<Item<O>>> {
        loop {
            let lent = lent.as_mut().map(|lent| &mut **lent as &mut dyn BodySource);
            match self.poll_next_from(cx, lent) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Some(Ok(item))) => *one = Some(item),
                Poll::Ready(Some(Err(e))) => {
                    self.call.core().observe_error(&e);
                    self.end();
                    return Poll::Ready(Err(e.as_final()));
                }
                Poll::Ready(None) => {
                    return Poll::Ready(one.take().ok_or_else(|| Error::truncated("the answer ended without a value")));
                }
            }
        }
    }

    pub(super) fn end(&mut self) {
        self.state = State::Ended;
        self.driver.finish(self.call.core());
    }

    /// Ends the call: its connection is closed, and the next poll gives [`Cancelled`](crate::ErrorKind::Cancelled).
    pub fn cancel(&mut self) {
        self.call.core().cancel();
    }

    /// The open connection, for a two-way session.
    pub fn link(&mut self) -> Option<&mut R::Link> {
        self.driver.link()
    }

    /// What is driven.
    pub fn core(&mut self) -> &mut Core {
        self.call.core()
    }
}

impl<R: Runtime, O: Operation> Drop for Items<R, O> {
    fn drop(&mut self) {
        self.call.core().observe_end(|| self.driver.runtime().now(), false, false);
    }
}

impl<R: Runtime, O: Operation> fmt::Debug for Items<R, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Items").field(&self.call).finish()
    }
}
