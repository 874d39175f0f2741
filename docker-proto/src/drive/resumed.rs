//! A stream that goes on over several connections.

use super::{Items, Runtime, Timer};
use crate::jobs::ItemOf;
use crate::observe::Resuming;
use crate::op::Encode;
use crate::resume::{Next, Patience, Position, Resume};
use crate::session::{CallOptions, Client, Verb};
use crate::{Error, ErrorKind, Result};
use alloc::boxed::Box;
use alloc::sync::Arc;
use core::fmt;
use core::task::{Context, Poll, ready};
use core::time::Duration;

/// Drives a policy: opens its streams one after another, asks what it asks, waits between attempts. Dropping it closes the
/// connection.
pub struct Resumed<R: Runtime, P: Resume> {
    runtime: R,
    client: Arc<Client>,
    options: CallOptions,
    policy: P,
    patience: Patience,
    state: State<R, P>,
    timer: Option<R::Timer>,
    cancelled: bool,
    begun: bool,
    /// What ended the last connection.
    broke: Option<Error>,
}

enum State<R: Runtime, P: Resume> {
    Next,
    Pause(Duration, Next<P::Op, P::Check>),
    BeforeHead(Box<Items<R, P::Op>>),
    Stream(Box<Items<R, P::Op>>),
    Check(Box<Items<R, P::Check>>, Option<ItemOf<P::Check>>),
    Ended,
}

impl<R: Runtime, P: Resume> Resumed<R, P> {
    /// Begins. Nothing happens until it is polled.
    pub fn new(runtime: R, client: Arc<Client>, policy: P, options: CallOptions) -> Self {
        let patience = Patience::new(policy.position().is_some());
        Self {
            runtime,
            client,
            options,
            policy,
            patience,
            state: State::Next,
            timer: None,
            cancelled: false,
            begun: false,
            broke: None,
        }
    }

    /// Says how long the engine may be out of reach, two minutes if nothing is said, before the error of the last attempt
    /// ends it all. An engine that answers and breaks off again is in reach; one that has never answered is not waited for,
    /// unless the policy goes on from a position.
    pub fn give_up_after(&mut self, time: Duration) {
        self.patience.give_up_after = time;
    }

    /// Up to where everything was delivered; `None` before the first item.
    pub fn position(&self) -> Option<Position> {
        self.policy.position()
    }

    /// What is driven.
    pub fn policy(&self) -> &P {
        &self.policy
    }

    /// Ends it: the connection is closed, and the next poll gives [`Cancelled`](ErrorKind::Cancelled), unless it has ended
    /// before.
    pub fn cancel(&mut self) {
        self.cancelled = true;
    }

    /// The next item; `None` once it has ended.
    ///
    /// # Errors
    /// One with [`is_final`](Error::is_final) false concerns one item. A final one is delivered once, then `None`.
    pub fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<P::Item>>> {
        if self.cancelled && !matches!(self.state, State::Ended) {
            self.state = State::Ended;
            return Poll::Ready(Some(Err(Error::new(ErrorKind::Cancelled, "the call was cancelled"))));
        }
        loop {
            if let State::Ended = self.state {
                return Poll::Ready(None);
            }
            let before = self.policy.position();
            if let Some(item) = self.policy.give() {
                // An error that the engine repeats each time brings nothing forward.
                if self.policy.position() != before {
                    self.patience.delivered();
                }
                return Poll::Ready(Some(item));
            }
            if let Err(e) = ready!(self.poll_step(cx)) {
                self.state = State::Ended;
                return Poll::Ready(Some(Err(e)));
            }
        }
    }

    fn poll_step(&mut self, cx: &mut Context<'_>) -> Poll<Result<()>> {
        match &mut self.state {
            State::Next => {
                let next = self.policy.next();
                let now = self.runtime.now();
                self.state = match next {
                    Next::End(Some(e)) => return Poll::Ready(Err(e)),
                    Next::End(None) => State::Ended,
                    next => {
                        let pause = self.patience.pause(now);
                        self.observe(&next, pause);
                        State::Pause(now.saturating_add(pause), next)
                    }
                };
            }
            State::Pause(until, _) => {
                if *until > self.runtime.now() {
                    let timer = self.timer.get_or_insert_with(|| self.runtime.timer());
                    ready!(timer.poll_at(cx, *until));
                }
                self.begin();
            }
            State::BeforeHead(items) => match ready!(items.poll_head(cx)) {
                Ok(()) => {
                    self.patience.met();
                    let goes_on = items.head().is_none_or(|head| self.policy.begun(head));
                    self.state = match core::mem::replace(&mut self.state, State::Next) {
                        State::BeforeHead(items) if goes_on => State::Stream(items),
                        _ => State::Next,
                    };
                }
                Err(e) => return Poll::Ready(self.failed(e)),
            },
            State::Stream(items) => match ready!(items.poll_next(cx)) {
                Some(Err(e)) if e.is_final() => return Poll::Ready(self.failed(e)),
                Some(item) => self.policy.take(item),
                None => {
                    self.policy.ended();
                    self.state = State::Next;
                }
            },
            State::Check(items, one) => {
                let answer = ready!(items.poll_one(cx, one));
                match answer {
                    Err(e) if crate::resume::is_outage(&e) => return Poll::Ready(self.failed(e)),
                    answer => {
                        self.patience.met();
                        self.policy.answered(answer);
                        self.state = State::Next;
                    }
                }
            }
            State::Ended => {}
        }
        Poll::Ready(Ok(()))
    }

    /// Tells of another connection, if it is not the first.
    #[inline]
    fn observe(&mut self, next: &Next<P::Op, P::Check>, pause: Duration) {
        let operation = match next {
            Next::Open(op) => op.spec().id,
            Next::Ask(op) => op.spec().id,
            Next::End(_) => return,
        };
        let (goes_on, broke) = (core::mem::replace(&mut self.begun, true), self.broke.take());
        let observers = self.client.config().observers.iter().chain(self.options.observers.iter());
        if goes_on {
            let resuming = Resuming { operation, error: broke.as_ref(), pause };
            observers.for_each(|observer| observer.resuming(&resuming));
        }
    }

    /// Does what the pause was before.
    fn begin(&mut self) {
        let State::Pause(_, next) = core::mem::replace(&mut self.state, State::Next) else { return };
        let (runtime, client, options) = (self.runtime.clone(), self.client.clone(), self.options.clone());
        self.state = match next {
            Next::Open(op) => State::BeforeHead(Box::new(Items::new(runtime, client, op, Verb::Begin, options, None))),
            Next::Ask(op) => State::Check(Box::new(Items::new(runtime, client, op, Verb::Begin, options, None)), None),
            Next::End(_) => State::Next,
        };
    }

    fn failed(&mut self, e: Error) -> Result<()> {
        if !self.patience.goes_on(&e, self.runtime.now()) {
            return Err(e);
        }
        self.policy.broke();
        self.broke = Some(e);
        self.state = State::Next;
        Ok(())
    }
}

impl<R: Runtime, P: Resume + fmt::Debug> fmt::Debug for Resumed<R, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Resumed").field(&self.policy).finish()
    }
}
