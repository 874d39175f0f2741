//! Ending a call from another thread.

use crate::Docker;
use crate::link::lock;
use crate::wait::block_on;
use std::fmt;
use std::future::{Future, IntoFuture};
use std::mem;
use std::pin::Pin;
use std::sync::{Arc, Mutex, OnceLock};
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
    /// Of the threads that wait now: a waker keeps descriptors.
    wakers: Vec<Waker>,
}

impl Canceller {
    /// Ends the call.
    pub fn cancel(&self) {
        let mut state = lock(&self.0);
        state.cancelled = true;
        let wakers = mem::take(&mut state.wakers);
        drop(state);
        wakers.into_iter().for_each(Waker::wake);
    }

    /// Whether somebody cancelled the call; it may have ended before.
    pub fn is_cancelled(&self) -> bool {
        lock(&self.0).cancelled
    }

    /// The same, and if not, `waker` is woken when somebody does, until it is forgotten.
    fn watch(&self, waker: &Waker) -> bool {
        let mut state = lock(&self.0);
        if !state.cancelled && !state.wakers.iter().any(|w| w.will_wake(waker)) {
            state.wakers.push(waker.clone());
        }
        state.cancelled
    }

    fn forget(&self, waker: &Waker) {
        lock(&self.0).wakers.retain(|w| !w.will_wake(waker));
    }
}

/// What may end a call: a canceller of its own, once somebody has it, and that of the client it was begun with.
#[derive(Clone, Default)]
pub(crate) struct Cancellers {
    own: OnceLock<Canceller>,
    clients: Option<Canceller>,
}

impl Cancellers {
    pub(crate) fn new(clients: Option<Canceller>) -> Self {
        Self { own: OnceLock::new(), clients }
    }

    pub(crate) fn own(&self) -> Canceller {
        self.own.get_or_init(Canceller::default).clone()
    }

    /// For the other side of a session.
    pub(crate) fn shared(&self) -> Self {
        self.own();
        self.clone()
    }

    /// Takes turns until one is ready, and tells each whether somebody cancelled.
    pub(crate) fn block_on<T>(&self, mut turn: impl FnMut(&mut Context<'_>, bool) -> Poll<T>) -> T {
        let all = || self.own.get().into_iter().chain(&self.clients);
        block_on(|cx| {
            let cancelled = all().any(|c| c.watch(cx.waker()));
            let polled = turn(cx, cancelled);
            if polled.is_ready() {
                all().for_each(|c| c.forget(cx.waker()));
            }
            polled
        })
    }
}

impl Docker {
    /// The same client with a canceller for all that is done through it, from any number of threads: calls, streams,
    /// sessions, and jobs, which remove what they made. Once somebody cancels, what blocks ends with
    /// [`Cancelled`](crate::ErrorKind::Cancelled), and so does whatever is begun later. The client that it was made of is as
    /// before.
    ///
    /// ```no_run
    /// # fn example(docker: docker_blocking::Docker) {
    /// use docker_blocking::{Canceller, api::containers::Wait};
    ///
    /// let canceller = Canceller::default();
    /// let docker = docker.with_canceller(&canceller);
    /// std::thread::spawn(move || {
    ///     std::thread::sleep(std::time::Duration::from_secs(60));
    ///     canceller.cancel();
    /// });
    /// match docker.call(Wait::new("job")) {
    ///     Err(e) if e.is_cancelled() => println!("not within a minute"),
    ///     other => println!("{other:?}"),
    /// }
    /// # }
    /// ```
    #[must_use]
    pub fn with_canceller(&self, canceller: &Canceller) -> Self {
        Self { canceller: Some(canceller.clone()), ..self.clone() }
    }
}

impl IntoFuture for Canceller {
    type Output = ();
    type IntoFuture = Cancelled;

    fn into_future(self) -> Cancelled {
        Cancelled { canceller: self, waker: None }
    }
}

/// The signal of a job: ready once somebody cancels.
#[derive(Debug)]
#[must_use = "a signal is given to a job"]
pub struct Cancelled {
    canceller: Canceller,
    /// To be forgotten at the end.
    waker: Option<Waker>,
}

impl Future for Cancelled {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.canceller.watch(cx.waker()) {
            return Poll::Ready(());
        }
        self.waker.get_or_insert_with(|| cx.waker().clone());
        Poll::Pending
    }
}

impl Drop for Cancelled {
    fn drop(&mut self) {
        if let Some(waker) = &self.waker {
            self.canceller.forget(waker);
        }
    }
}

impl fmt::Debug for Canceller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = lock(&self.0);
        f.debug_struct("Canceller").field("cancelled", &state.cancelled).field("waiting", &state.wakers.len()).finish()
    }
}
