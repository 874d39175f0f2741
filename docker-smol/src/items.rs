//! What comes back: items, one value, or a two-way session.

use crate::input::Input;
use crate::link::Smol;
use docker_proto::op::{Operation, Reply, Unary};
use docker_proto::{Result, drive};
use futures_core::Stream;
use std::fmt;
use std::future::{Future, IntoFuture, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll};

/// What an item of an operation is.
pub type ItemOf<O> = <<O as Operation>::Reply as Reply>::Item;
/// What the head of an operation's answer says.
pub type HeadOf<O> = <<O as Operation>::Reply as Reply>::Head;

/// What comes back from an operation, item by item: a [`Stream`]. Dropping it cancels the call and closes its connection.
pub struct Items<O: Operation>(pub(crate) drive::Items<Smol, O>);

impl<O: Operation> Items<O> {
    pub(crate) fn new(items: drive::Items<Smol, O>) -> Self {
        Self(items)
    }

    /// The next item; `None` once the answer has ended. Waits as long as the call's deadlines allow: streams have none
    /// unless they were given one. Dropping the future loses nothing.
    pub async fn next(&mut self) -> Option<Result<ItemOf<O>>> {
        poll_fn(|cx| self.0.poll_next(cx)).await
    }

    /// The same, the other way round: `Ok(None)` once the answer has ended.
    ///
    /// # Errors
    /// As an item's.
    pub async fn try_next(&mut self) -> Result<Option<ItemOf<O>>> {
        self.next().await.transpose()
    }

    /// Waits for the head of the answer: the request was accepted, a wait is registered, a stream is open.
    ///
    /// # Errors
    /// What ended the call before.
    pub async fn head(&mut self) -> Result<&HeadOf<O>> {
        poll_fn(|cx| self.0.poll_head(cx)).await?;
        self.0.head().ok_or_else(|| docker_proto::Error::usage("the answer has no head"))
    }

    /// Reads to the end and forgets the items.
    ///
    /// # Errors
    /// The first error.
    pub async fn finish(mut self) -> Result<()> {
        while self.try_next().await?.is_some() {}
        Ok(())
    }

    /// Reads to the end and keeps the items. There is no bound on how many.
    ///
    /// # Errors
    /// The first error.
    pub async fn collect(mut self) -> Result<Vec<ItemOf<O>>> {
        let mut all = Vec::new();
        while let Some(item) = self.try_next().await? {
            all.push(item);
        }
        Ok(all)
    }
}

impl<O: Operation> Stream for Items<O> {
    type Item = Result<ItemOf<O>>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_next(cx)
    }
}

// Nothing in it is ever pinned.
impl<O: Operation> Unpin for Items<O> {}

impl<O: Operation> fmt::Debug for Items<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<O: Operation> IntoFuture for Items<O>
where
    O::Reply: Unary,
{
    type Output = Result<ItemOf<O>>;
    type IntoFuture = One<O>;

    fn into_future(self) -> One<O> {
        One { items: self.0, one: None }
    }
}

/// The one value of an operation, on its way.
pub struct One<O: Operation> {
    items: drive::Items<Smol, O>,
    one: Option<ItemOf<O>>,
}

impl<O: Operation> Unpin for One<O> {}

impl<O: Operation> Future for One<O> {
    type Output = Result<ItemOf<O>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Self { items, one } = &mut *self;
        items.poll_one(cx, one)
    }
}

impl<O: Operation> fmt::Debug for One<O> {
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
    /// Waits until the connection is a session.
    pub(crate) async fn open(mut items: drive::Items<Smol, O>) -> Result<Self> {
        poll_fn(|cx| items.poll_head(cx)).await?;
        if !items.core().is_upgraded() {
            return Err(docker_proto::Error::protocol("the engine answered, but did not open a session"));
        }
        let outgoing = drive::Outgoing::new(items.core());
        let Some(link) = items.link() else {
            return Err(docker_proto::Error::protocol("the session ended as it began"));
        };
        let input = Input::new(link.writer(), outgoing);
        Ok(Self { items: Items(items), input })
    }

    /// The next piece of output; `None` once there is no more.
    pub async fn next(&mut self) -> Option<Result<ItemOf<O>>> {
        self.items.next().await
    }

    /// The same, the other way round.
    ///
    /// # Errors
    /// As an item's.
    pub async fn try_next(&mut self) -> Result<Option<ItemOf<O>>> {
        self.items.try_next().await
    }

    /// The stdin of the process.
    pub fn input(&mut self) -> &mut Input {
        &mut self.input
    }

    /// Both sides, to be used by different tasks. The connection lives as long as the output half.
    pub fn split(self) -> (Items<O>, Input) {
        (self.items, self.input)
    }
}

impl<O: Operation> fmt::Debug for Session<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Session").field(&self.items).finish()
    }
}
