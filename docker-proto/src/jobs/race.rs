//! Two things at the same time, of which one may be enough.

use super::Verbs;
use crate::Result;
use alloc::boxed::Box;
use core::future::{Future, poll_fn};
use core::task::Poll;
use core::time::Duration;

/// What comes of the work, or `None` once so much time has passed; the work is dropped then.
#[inline]
pub(super) async fn within<V: Verbs, F: Future>(docker: &V, time: Duration, work: F) -> Option<F::Output> {
    let (mut work, mut bell) = (Box::pin(work), Box::pin(docker.sleep(time)));
    poll_fn(|cx| {
        // The work first: what is done is not late.
        if let Poll::Ready(done) = work.as_mut().poll(cx) {
            return Poll::Ready(Some(done));
        }
        bell.as_mut().poll(cx).map(|()| None)
    })
    .await
}

/// What comes of both, or the first error; the other is dropped then.
#[inline]
pub(super) async fn both_or_error<A, B>(
    a: impl Future<Output = Result<A>>,
    b: impl Future<Output = Result<B>>,
) -> Result<(A, B)> {
    let (mut a, mut b) = (Box::pin(a), Box::pin(b));
    let (mut first, mut second) = (None, None);
    poll_fn(|cx| {
        if first.is_none() {
            if let Poll::Ready(done) = a.as_mut().poll(cx) {
                first = Some(done?);
            }
        }
        if second.is_none() {
            if let Poll::Ready(done) = b.as_mut().poll(cx) {
                second = Some(done?);
            }
        }
        match (first.take(), second.take()) {
            (Some(a), Some(b)) => Poll::Ready(Ok((a, b))),
            one_or_none => {
                (first, second) = one_or_none;
                Poll::Pending
            }
        }
    })
    .await
}
