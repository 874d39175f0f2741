//! What comes back: items, one value, or a two-way session.

use crate::cancel::{Canceller, Cancellers};
use crate::input::Input;
use crate::link::{Blocking, WriteHalf};
use crate::wait::note_deadline;
use docker_proto::op::{Duplex, Operation, Reply, Unary};
use docker_proto::{Error, Result, drive};
use std::fmt;
use std::iter::FusedIterator;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

/// What an item of an operation is.
pub type ItemOf<O> = <<O as Operation>::Reply as Reply>::Item;
/// What the head of an operation's answer says.
pub type HeadOf<O> = <<O as Operation>::Reply as Reply>::Head;

/// What comes back from an operation, item by item: an [`Iterator`]. Dropping it cancels the call and closes its
/// connection.
///
/// Each method waits as long as the call's deadlines allow: streams have none unless they were given one. Another thread
/// ends the wait with a [`Canceller`].
#[must_use = "nothing is sent before the first item, the head or the value is asked for"]
pub struct Items<O: Operation> {
    pub(crate) items: drive::Items<Blocking, O>,
    cancellers: Cancellers,
}

impl<O: Operation> Items<O> {
    pub(crate) fn new(items: drive::Items<Blocking, O>, canceller: Option<Canceller>) -> Self {
        Self { items, cancellers: Cancellers::new(canceller) }
    }

    /// What ends this call from another thread.
    pub fn canceller(&self) -> Canceller {
        self.cancellers.own()
    }

    pub(crate) fn block<T>(
        &mut self,
        mut turn: impl FnMut(&mut drive::Items<Blocking, O>, &mut Context<'_>) -> Poll<T>,
    ) -> T {
        let Self { items, cancellers } = self;
        cancellers.block_on(|cx, cancelled| {
            if cancelled {
                items.cancel();
            }
            turn(items, cx)
        })
    }

    /// The next item, if it comes within `time`; `None` if it does not. Nothing is lost: it comes the next time.
    pub fn next_within(&mut self, time: Duration) -> Option<Option<Result<ItemOf<O>>>> {
        let end = Instant::now().checked_add(time);
        self.block(|items, cx| match items.poll_next(cx) {
            Poll::Ready(item) => Poll::Ready(Some(item)),
            Poll::Pending if end.is_some_and(|end| end <= Instant::now()) => Poll::Ready(None),
            Poll::Pending => {
                end.into_iter().for_each(note_deadline);
                Poll::Pending
            }
        })
    }

    /// The next item, the other way round: `Ok(None)` once the answer has ended.
    ///
    /// # Errors
    /// As an item's.
    pub fn try_next(&mut self) -> Result<Option<ItemOf<O>>> {
        self.next().transpose()
    }

    /// Waits for the head of the answer: the request was accepted, a wait is registered, a stream is open.
    ///
    /// # Errors
    /// What ended the call before.
    pub fn head(&mut self) -> Result<&HeadOf<O>> {
        self.block(drive::Items::poll_head)?;
        self.items.head().ok_or_else(|| Error::usage("the answer has no head"))
    }

    /// Reads to the end and gives the one value of the answer.
    ///
    /// # Errors
    /// The first error.
    pub fn value(mut self) -> Result<ItemOf<O>>
    where
        O::Reply: Unary,
    {
        let mut one = None;
        self.block(|items, cx| items.poll_one(cx, &mut one))
    }

    /// Waits until the connection is a two-way session. [`Docker::open`](crate::Docker::open) does the same in one step;
    /// here a [`canceller`](Self::canceller) can be had before.
    ///
    /// # Errors
    /// What kept the session from being opened.
    pub fn open(mut self) -> Result<Session<O>>
    where
        O::Reply: Duplex,
    {
        self.head()?;
        if !self.items.core().is_upgraded() {
            return Err(Error::protocol("the engine answered, but did not open a session"));
        }
        let outgoing = drive::Outgoing::new(self.items.core());
        let link = self.items.link().ok_or_else(|| Error::protocol("the session ended as it began"))?;
        let input = Input::new(WriteHalf::new(link), self.cancellers.shared(), outgoing);
        Ok(Session { items: self, input })
    }

    /// Reads to the end and forgets the items.
    ///
    /// # Errors
    /// The first error.
    pub fn finish(mut self) -> Result<()> {
        self.try_for_each(|item| item.map(drop))
    }
}

impl<O: Operation> Iterator for Items<O> {
    type Item = Result<ItemOf<O>>;

    fn next(&mut self) -> Option<Self::Item> {
        self.block(drive::Items::poll_next)
    }
}

impl<O: Operation> FusedIterator for Items<O> {}

impl<O: Operation> fmt::Debug for Items<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.items.fmt(f)
    }
}

/// A two-way session: the output of a process as items, its stdin as a writer.
///
/// The end of the output says that the connection ended, not how the process did: ask the engine for that.
pub struct Session<O: Operation> {
    pub(crate) items: Items<O>,
    pub(crate) input: Input,
}

impl<O: Operation> Session<O> {
    /// The next piece of output, the other way round: `Ok(None)` once there is no more.
    ///
    /// # Errors
    /// As an item's.
    pub fn try_next(&mut self) -> Result<Option<ItemOf<O>>> {
        self.items.try_next()
    }

    /// The stdin of the process.
    ///
    /// A process that answers while it reads may stop reading until its output is read: what is long is better written
    /// by another thread, after [`split`](Self::split).
    pub fn input(&mut self) -> &mut Input {
        &mut self.input
    }

    /// What ends this session from another thread: reading and writing.
    pub fn canceller(&self) -> Canceller {
        self.items.canceller()
    }

    /// Both sides, to be used by different threads. The connection lives as long as the output half.
    pub fn split(self) -> (Items<O>, Input) {
        (self.items, self.input)
    }
}

impl<O: Operation> Iterator for Session<O> {
    type Item = Result<ItemOf<O>>;

    fn next(&mut self) -> Option<Self::Item> {
        self.items.next()
    }
}

impl<O: Operation> FusedIterator for Session<O> {}

impl<O: Operation> fmt::Debug for Session<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Session").field(&self.items).finish()
    }
}
