//! What users hold: the monitor and its subscribers.

use super::hub::{Hub, Lock, locked};
use super::{Item, Picture};
use crate::Result;
use crate::session::Agreed;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::future::poll_fn;
use core::marker::PhantomData;
use core::task::{Context, Poll, Waker};

/// A handle on what is known about an engine. Cheap to clone; every clone is of the same monitor.
///
/// It works as long as its driver runs. The driver ends once the last handle and the last subscriber are dropped.
pub struct Monitor<S = Subscription> {
    hub: Arc<dyn Lock>,
    subscriber: PhantomData<fn() -> S>,
}

impl<S> Monitor<S> {
    /// The first handle, which a hub counts from its beginning.
    #[inline]
    pub(super) fn first(hub: Arc<dyn Lock>) -> Self {
        Self { hub, subscriber: PhantomData }
    }

    /// What is known now: all containers. Cheap. Empty before everything was seen once: a subscriber gets a
    /// [`Snapshot`](Item::Snapshot) then.
    #[must_use]
    #[inline]
    pub fn picture(&self) -> Picture {
        locked(&*self.hub, |hub| hub.picture().clone())
    }

    /// What is known about the engine itself; nothing before its first answer.
    #[must_use]
    #[inline]
    pub fn engine(&self) -> Option<Agreed> {
        locked(&*self.hub, |hub| hub.engine())
    }

    /// Samples of what a container uses, about one a second, are to be given to all subscribers as
    /// [`Stats`](Item::Stats): found by name, by id or by the beginning of one.
    ///
    /// Over one connection, however often it is asked for and however many subscribers there are; while the container
    /// runs, and again when it is started again, until it is removed or [`stop_stats`](Self::stop_stats) is called. If nothing
    /// is known yet the container is looked up later, and [`StatsFailed`](Item::StatsFailed) says if there is none.
    ///
    /// # Errors
    /// [`Usage`](crate::ErrorKind::Usage): there is no such container, or several ids begin so.
    #[inline]
    pub fn stats(&self, container: &str) -> Result<()> {
        let (done, waker) = locked(&*self.hub, |hub| (hub.want_stats(container), hub.look()));
        wake(waker);
        done
    }

    /// Samples of this container are not wanted any more: the connection is closed.
    #[inline]
    pub fn stop_stats(&self, container: &str) {
        wake(locked(&*self.hub, |hub| {
            hub.unwant_stats(container);
            hub.look()
        }));
    }

    /// Ends the driver: every connection is closed. Subscribers get what is left for them, and then the end.
    #[inline]
    pub fn stop(&self) {
        wake(locked(&*self.hub, |hub| {
            hub.stopped = true;
            hub.look()
        }));
    }
}

impl<S: From<Subscription>> Monitor<S> {
    /// A new subscriber. Its first item is a [`Snapshot`](Item::Snapshot), at once if everything was seen already; events may
    /// come before it if not. What comes behind it follows on it without a gap.
    #[must_use]
    #[inline]
    pub fn subscribe(&self) -> S {
        Subscription::new(self.hub.clone(), None).into()
    }

    /// The same for a subscriber that may fall behind by so many items and bytes, instead of those of the
    /// [`Options`](super::Options).
    #[must_use]
    #[inline]
    pub fn subscribe_within(&self, items: usize, bytes: usize) -> S {
        Subscription::new(self.hub.clone(), Some((items.max(1), bytes))).into()
    }
}

impl<S> Clone for Monitor<S> {
    #[inline]
    fn clone(&self) -> Self {
        locked(&*self.hub, |hub| hub.handles += 1);
        Self::first(self.hub.clone())
    }
}

impl<S> Drop for Monitor<S> {
    #[inline]
    fn drop(&mut self) {
        wake(locked(&*self.hub, |hub| {
            hub.handles -= 1;
            hub.look()
        }));
    }
}

impl<S> fmt::Debug for Monitor<S> {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug(&*self.hub, "Monitor", f)
    }
}

/// A subscriber: the items of a monitor from one moment on. An adapter wraps it in a stream or an iterator.
///
/// What it has not taken is kept for it up to a bound; see [`Options::capacity`](super::Options::capacity) and
/// [`Lagged`](Item::Lagged). A clone is another subscriber, which begins with a snapshot of its own.
#[must_use]
pub struct Subscription {
    hub: Arc<dyn Lock>,
    id: u64,
    bounds: Option<(usize, usize)>,
}

impl Subscription {
    #[inline]
    fn new(hub: Arc<dyn Lock>, bounds: Option<(usize, usize)>) -> Self {
        let (id, waker) = locked(&*hub, |hub| hub.subscribe(bounds));
        wake(waker);
        Self { hub, id, bounds }
    }

    /// The next item; `None` once the driver has ended and nothing is left.
    #[inline]
    pub fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Item>> {
        locked(&*self.hub, |hub| {
            let ended = hub.has_ended();
            // It is there as long as this is.
            let Some(ring) = hub.ring(self.id) else { return Poll::Ready(None) };
            match ring.take() {
                None if !ended => {
                    ring.waker = Some(cx.waker().clone());
                    Poll::Pending
                }
                item => Poll::Ready(item),
            }
        })
    }

    /// The next item; `None` once the driver has ended and nothing is left. Waits without a bound. Dropping the future
    /// loses nothing.
    #[inline]
    pub async fn next(&mut self) -> Option<Item> {
        poll_fn(|cx| self.poll_next(cx)).await
    }

    /// An item that is there already.
    #[must_use]
    #[inline]
    pub fn now(&mut self) -> Option<Item> {
        locked(&*self.hub, |hub| hub.ring(self.id)?.take())
    }

    /// All containers as of the last item that was taken: what one gets by applying the items to the first snapshot.
    #[must_use]
    #[inline]
    pub fn picture(&self) -> Picture {
        locked(&*self.hub, |hub| hub.ring(self.id).map(|ring| ring.seen().clone()).unwrap_or_default())
    }
}

impl Clone for Subscription {
    #[inline]
    fn clone(&self) -> Self {
        Self::new(self.hub.clone(), self.bounds)
    }
}

impl Drop for Subscription {
    #[inline]
    fn drop(&mut self) {
        let (ring, waker) = locked(&*self.hub, |hub| hub.unsubscribe(self.id));
        drop(ring);
        wake(waker);
    }
}

impl fmt::Debug for Subscription {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug(&*self.hub, "Subscription", f)
    }
}

/// Whoever holds this is the driver: when it goes, subscribers are told.
pub(super) struct Driving(pub(super) Arc<dyn Lock>);

impl Drop for Driving {
    #[inline]
    fn drop(&mut self) {
        let wakers: Vec<Waker> = locked(&*self.0, Hub::end);
        wakers.into_iter().for_each(Waker::wake);
    }
}

#[inline]
fn wake(waker: Option<Waker>) {
    if let Some(waker) = waker {
        waker.wake();
    }
}

#[inline]
fn debug(hub: &dyn Lock, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    locked(hub, |hub| f.debug_tuple(name).field(&*hub).finish())
}
