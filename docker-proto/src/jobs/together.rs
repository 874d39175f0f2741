//! Many futures at the same time, on one thread.

use crate::Result;
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::future::{Future, poll_fn};
use core::pin::Pin;
use core::task::Poll;

/// Awaits all, at most `limit` at a time, and gives what came of them in their order. The first error ends it; what runs
/// by then is dropped.
#[inline]
pub(super) async fn together<T, F>(limit: usize, work: impl IntoIterator<Item = F>) -> Result<Vec<T>>
where
    F: Future<Output = Result<T>>,
{
    let mut waiting = work.into_iter();
    let mut running: Vec<(usize, Pin<Box<F>>)> = Vec::new();
    // One place for each that was begun; filled when it is done.
    let mut done: Vec<Option<T>> = Vec::new();
    poll_fn(|cx| {
        // Those that are begun now are polled at the end of the list, before the loop ends.
        let mut at = 0;
        loop {
            while running.len() < limit.max(1) {
                let Some(next) = waiting.next() else { break };
                running.push((done.len(), Box::pin(next)));
                done.push(None);
            }
            let Some((place, future)) = running.get_mut(at) else { break };
            match future.as_mut().poll(cx) {
                Poll::Pending => at += 1,
                Poll::Ready(Err(e)) => return Poll::Ready(Err(e)),
                Poll::Ready(Ok(value)) => {
                    // The place was made when the future was begun.
                    if let Some(empty) = done.get_mut(*place) {
                        *empty = Some(value);
                    }
                    running.remove(at);
                }
            }
        }
        if running.is_empty() { Poll::Ready(Ok(())) } else { Poll::Pending }
    })
    .await?;
    Ok(done.into_iter().flatten().collect())
}
