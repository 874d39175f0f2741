//! Ending a call from another thread.

use crate::link::lock;
use std::fmt;
use std::future::{Future, IntoFuture};
use std::mem;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

/// Ends a call, from any thread: the call that blocks returns at once with
/// [`Cancelled`](docker_proto::ErrorKind::Cancelled), the next one otherwise. The connection is closed. Cancelling again,
/// or once the call has ended, does nothing.
///
/// ```no_run
/// # fn example(docker: docker_blocking::Docker) -> docker_blocking::Result<()> {
/// use docker_blocking::api::containers;
///
/// let logs = docker.stream(containers::Logs::new("web").stdout(true).follow(true));
/// let canceller = logs.canceller();
/// std::thread::spawn(move || {
///     std::thread::sleep(std::time::Duration::from_secs(60));
///     canceller.cancel();
/// });
/// for piece in logs {
///     print!("{}", String::from_utf8_lossy(&piece?.bytes));
/// }
/// # Ok(()) }
/// ```
///
/// A [job](crate::jobs) is called off by one that is given to it: it removes what it made before it returns.
///
/// ```no_run
/// # fn example(docker: docker_blocking::Docker) {
/// use docker_blocking::{Canceller, jobs::Job, jobs::run, values::CreateOptions};
///
/// let canceller = Canceller::default();
/// let job = run(CreateOptions::new("alpine").command("sleep 1000")).until(canceller.clone());
/// std::thread::spawn(move || canceller.cancel());
/// assert!(docker.job(job).is_err_and(|e| e.is_cancelled()));
/// # }
/// ```
#[derive(Clone, Default)]
pub struct Canceller(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    cancelled: bool,
    /// Of the thread that reads, and of the one that writes.
    wakers: [Option<Waker>; 2],
    /// Of the threads whose jobs it is the signal of.
    jobs: Vec<Waker>,
}

/// Which side of a call waits.
#[derive(Clone, Copy)]
pub(crate) enum Side {
    Output,
    Input,
}

impl Canceller {
    /// Ends the call.
    pub fn cancel(&self) {
        let mut state = lock(&self.0);
        state.cancelled = true;
        let (wakers, jobs) = (mem::take(&mut state.wakers), mem::take(&mut state.jobs));
        drop(state);
        wakers.into_iter().flatten().chain(jobs).for_each(Waker::wake);
    }

    /// Whether somebody cancelled the call; it may have ended before.
    pub fn is_cancelled(&self) -> bool {
        lock(&self.0).cancelled
    }

    /// The same, and from now on `waker` is woken when somebody does.
    pub(crate) fn watch(&self, side: Side, waker: &Waker) -> bool {
        let mut state = lock(&self.0);
        let kept = &mut state.wakers[side as usize];
        if !kept.as_ref().is_some_and(|w| w.will_wake(waker)) {
            *kept = Some(waker.clone());
        }
        state.cancelled
    }
}

impl IntoFuture for Canceller {
    type Output = ();
    type IntoFuture = Cancelled;

    fn into_future(self) -> Cancelled {
        Cancelled(self)
    }
}

/// The signal of a job: ready once somebody cancels.
#[derive(Debug)]
#[must_use = "a signal is given to a job"]
pub struct Cancelled(Canceller);

impl Future for Cancelled {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut state = lock(&self.0.0);
        if state.cancelled {
            return Poll::Ready(());
        }
        if !state.jobs.iter().any(|waker| waker.will_wake(cx.waker())) {
            state.jobs.push(cx.waker().clone());
        }
        Poll::Pending
    }
}

impl fmt::Debug for Canceller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Canceller").field("cancelled", &self.is_cancelled()).finish()
    }
}
