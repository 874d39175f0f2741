//! The events of an engine, opened again and again.

use super::watch::Task;
use super::{Item, Options, Tracker};
use crate::api::system;
use crate::jobs::{Answers, Verbs};
use crate::model::{EventMessage, SystemInfo};
use crate::resume::{Entry, Events, Next, Resume, events};
use crate::{Error, ErrorKind, Result};
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::future::poll_fn;
use core::task::{Context, Poll};
use core::time::Duration;

/// Engines send the head of their events at once.
const HEAD: Duration = Duration::from_secs(60);
/// The pause before the second attempt in a row that brings nothing; it doubles from one to the next, up to the longest.
const FIRST: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_secs(3);
/// So many events are read before anything else has a turn.
const BATCH: usize = 64;

/// What a step has led to, with the stream that it went with.
#[allow(clippy::large_enum_variant)] // nearly all are the largest
enum Done<A> {
    Paused,
    Told(Box<Result<SystemInfo>>),
    Opened(A, Result<()>),
    Came(A, Option<Result<EventMessage>>),
}

type Stream<V> = <V as Verbs>::Answers<system::Events>;

/// See the module.
pub(super) struct Feed<'a, V: Verbs> {
    docker: &'a V,
    policy: Events,
    step: Task<'a, Done<Stream<V>>>,
    attempts: Option<u32>,
    open: bool,
    opened: bool,
    /// The engine has answered once.
    met: bool,
    /// Subscribers know that it is out of reach.
    down: bool,
    /// Attempts in a row to reach the engine.
    failed: u32,
    /// Attempts in a row that brought nothing.
    vain: u32,
}

impl<'a, V: Verbs> Feed<'a, V> {
    pub(super) fn new(docker: &'a V, options: &Options) -> Self {
        let policy = events(system::Events::new().filters(options.labels.clone()));
        Self {
            docker,
            policy,
            step: Box::pin(core::future::ready(Done::Paused)),
            attempts: options.attempts,
            open: false,
            opened: false,
            met: false,
            down: false,
            failed: 0,
            vain: 0,
        }
    }

    /// Whether events flow.
    pub(super) fn is_open(&self) -> bool {
        self.open
    }

    /// Whether they have begun to since this was asked.
    pub(super) fn take_opened(&mut self) -> bool {
        core::mem::take(&mut self.opened)
    }

    /// They have flowed for a while.
    pub(super) fn lasted(&mut self) {
        self.vain = 0;
    }

    /// Whether anything came.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>, tracker: &mut Tracker, items: &mut Vec<Item>) -> Result<bool> {
        let mut moved = false;
        for _ in 0..BATCH {
            let Poll::Ready(done) = self.step.as_mut().poll(cx) else { break };
            moved = true;
            self.done(done, tracker, items)?;
            while let Some(entry) = self.policy.give() {
                match entry {
                    Ok(Entry::Item(event)) => {
                        self.vain = 0;
                        tracker.event(event);
                    }
                    Ok(Entry::Gap(gap)) => tracker.gap(gap),
                    Err(e) => items.push(Item::Unreadable(e)),
                }
            }
        }
        Ok(moved)
    }

    fn done(&mut self, done: Done<Stream<V>>, tracker: &mut Tracker, items: &mut Vec<Item>) -> Result<()> {
        match done {
            Done::Paused => self.next(tracker, items)?,
            Done::Told(told) => match *told {
                Err(e) => self.lost(e, true, tracker, items)?,
                told => {
                    self.policy.answered(told);
                    self.next(tracker, items)?;
                }
            },
            Done::Opened(_, Err(e)) => self.lost(e, true, tracker, items)?,
            Done::Opened(stream, Ok(())) => {
                if !stream.answer_head().is_none_or(|head| self.policy.begun(head)) {
                    return self.next(tracker, items);
                }
                (self.open, self.opened, self.met, self.failed) = (true, true, true, 0);
                if core::mem::take(&mut self.down) {
                    items.push(Item::Reconnected);
                }
                tracker.begun();
                self.step = came(stream);
            }
            Done::Came(stream, Some(Err(e))) if !e.is_final() => {
                self.policy.take(Err(e));
                self.step = came(stream);
            }
            Done::Came(_, Some(Err(e))) => self.lost(e, true, tracker, items)?,
            Done::Came(stream, Some(event)) => {
                self.policy.take(event);
                self.step = came(stream);
            }
            Done::Came(_, None) => {
                self.policy.ended();
                self.lost(Error::truncated("the engine ended its events"), false, tracker, items)?;
            }
        }
        Ok(())
    }

    /// Begins what the policy wants.
    fn next(&mut self, tracker: &mut Tracker, items: &mut Vec<Item>) -> Result<()> {
        let docker = self.docker;
        self.step = match self.policy.next() {
            Next::Ask(op) => Box::pin(async move { Done::Told(Box::new(docker.call(op).await)) }),
            Next::Open(op) => Box::pin(open(docker, op)),
            // An engine that does not tell its time; there is no end without an error.
            Next::End(e) => {
                let e = e.unwrap_or_else(|| Error::protocol("the events came to an end"));
                return self.lost(e, false, tracker, items);
            }
        };
        Ok(())
    }

    /// Events do not flow, or the engine does not answer. Tries again after a pause; the error if there is no sense in that.
    pub(super) fn lost(&mut self, e: Error, broke: bool, tracker: &mut Tracker, items: &mut Vec<Item>) -> Result<()> {
        if broke {
            self.policy.broke();
        }
        if !core::mem::take(&mut self.open) {
            self.failed = self.failed.saturating_add(1);
        }
        tracker.broke();
        if !core::mem::replace(&mut self.down, true) {
            items.push(Item::Disconnected(e.clone()));
        }
        let again = match self.attempts {
            Some(attempts) => self.failed < attempts || attempts == u32::MAX,
            None => self.met,
        };
        if !again || !may_pass(&e) {
            return Err(e);
        }
        let docker = self.docker;
        let pause = match self.vain {
            // At once.
            0 => Duration::ZERO,
            n => FIRST.saturating_mul(1u32.checked_shl(n - 1).unwrap_or(u32::MAX)).min(LONGEST),
        };
        self.vain = self.vain.saturating_add(1);
        self.step = Box::pin(async move {
            docker.sleep(pause).await;
            Done::Paused
        });
        Ok(())
    }
}

/// Whether it may be over after a while: an engine that is not there or in trouble, but not one that refuses.
fn may_pass(e: &Error) -> bool {
    match e.kind() {
        ErrorKind::Engine => e.status().is_some_and(|status| status >= 500),
        ErrorKind::Connect | ErrorKind::Transport | ErrorKind::Truncated | ErrorKind::Timeout => true,
        // Half an answer, of an engine that is killed, may be anything.
        ErrorKind::Protocol | ErrorKind::Decode | ErrorKind::InStream => true,
        _ => false,
    }
}

async fn open<V: Verbs>(docker: &V, op: system::Events) -> Done<Stream<V>> {
    let mut stream = docker.begin(op);
    let opened = {
        let (mut head, mut bell) = (Box::pin(stream.head()), Box::pin(docker.sleep(HEAD)));
        poll_fn(|cx| {
            if let Poll::Ready(opened) = head.as_mut().poll(cx) {
                return Poll::Ready(opened);
            }
            bell.as_mut().poll(cx).map(|()| Err(Error::new(ErrorKind::Timeout, "the engine does not begin its events")))
        })
        .await
    };
    Done::Opened(stream, opened)
}

fn came<'a, A: Answers<system::Events> + 'a>(mut stream: A) -> Task<'a, Done<A>> {
    Box::pin(async move {
        let item = stream.next().await;
        Done::Came(stream, item)
    })
}
