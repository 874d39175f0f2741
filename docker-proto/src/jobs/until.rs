//! Jobs that can be called off, and that clean up then.

use super::race::within;
use super::{Answers, Content, HeadOf, ItemOf, Job, Verbs};
use crate::drive::BodySource;
use crate::op::{Operation, Plain, Unary, Uploads};
use crate::session::Agreed;
use crate::wire::BodyPiece;
use crate::{Error, ErrorKind, Result, Source};
use alloc::boxed::Box;
use alloc::format;
use alloc::sync::Arc;
use core::fmt;
use core::future::{Future, IntoFuture, poll_fn};
use core::pin::pin;
use core::sync::atomic::{AtomicBool, Ordering};
use core::task::{Context, Poll};
use core::time::Duration;

/// How long a job may take to end once it is called off.
const GRACE: Duration = Duration::from_secs(60);

/// A job that is called off by a signal; see [`Job::until`].
#[must_use = "a job does nothing until `docker.job(..)` does it"]
pub struct Until<J, S> {
    job: J,
    signal: S,
    grace: Duration,
}

impl<J, S> Until<J, S> {
    #[inline]
    pub(super) fn new(job: J, signal: S) -> Self {
        Self { job, signal, grace: GRACE }
    }

    /// How long it may take to clean up once it is called off; 60 seconds if this is not said.
    #[inline]
    pub fn grace(mut self, time: Duration) -> Self {
        self.grace = time;
        self
    }
}

impl<J: fmt::Debug, S> fmt::Debug for Until<J, S> {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Until").field("job", &self.job).field("grace", &self.grace).finish_non_exhaustive()
    }
}

impl<J, S> Job for Until<J, S>
where
    J: Job,
    S: IntoFuture<IntoFuture: Send, Output: Send> + Send,
{
    type Output = J::Output;

    #[inline]
    async fn run<V: Verbs>(self, docker: &V) -> Result<J::Output> {
        let off = Off::default();
        let verbs = Stoppable { docker, off: off.clone() };
        let (mut work, mut signal) = (Box::pin(self.job.run(&verbs)), Box::pin(self.signal.into_future()));
        let done = poll_fn(|cx| {
            if signal.as_mut().poll(cx).is_ready() {
                return Poll::Ready(None);
            }
            work.as_mut().poll(cx).map(Some)
        });
        if let Some(done) = done.await {
            return done;
        }
        drop(signal);
        off.call();
        let grace = self.grace;
        within(docker.shielded(), grace, work).await.unwrap_or_else(|| {
            let message = format!("{OFF}; it did not end within {grace:?}, and what it made may still be there");
            Err(Error::new(ErrorKind::Cancelled, message))
        })
    }
}

const OFF: &str = "the job was called off";

#[inline]
fn called_off() -> Error {
    Error::new(ErrorKind::Cancelled, OFF)
}

/// Whether a job was called off.
#[derive(Clone, Default)]
struct Off(Arc<AtomicBool>);

impl Off {
    /// The task that says so polls the job next, which finds it out then: nobody has to be woken.
    #[inline]
    fn call(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    #[inline]
    fn is_called(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// What comes of the work, or `None` once the job is called off.
    #[inline]
    async fn or<F: Future>(&self, work: F) -> Option<F::Output> {
        let mut work = pin!(work);
        poll_fn(|cx| match self.is_called() {
            true => Poll::Ready(None),
            false => work.as_mut().poll(cx).map(Some),
        })
        .await
    }
}

/// The verbs of a job that may be called off: from then on each of them fails, but for those that are shielded.
struct Stoppable<'a, V> {
    docker: &'a V,
    off: Off,
}

impl<V: Verbs> Verbs for Stoppable<'_, V> {
    type Answers<O: Operation> = Stopping<V::Answers<O>>;

    #[inline]
    fn begin<O: Plain>(&self, op: O) -> Self::Answers<O> {
        Stopping { answers: Some(self.docker.begin(op)), off: self.off.clone() }
    }

    #[inline]
    fn upload<O: Uploads>(&self, op: O, content: Content) -> Self::Answers<O> {
        Stopping { answers: Some(self.docker.upload(op, content)), off: self.off.clone() }
    }

    #[inline]
    fn engine(&self) -> Option<Agreed> {
        self.docker.engine()
    }

    /// Ends when the job is called off. One that begins later takes its time: whoever tries again and again, whatever
    /// the error is, does so no faster than before.
    #[inline]
    async fn sleep(&self, time: Duration) {
        let sleep = self.docker.sleep(time);
        match self.off.is_called() {
            true => sleep.await,
            false => drop(self.off.or(sleep).await),
        }
    }

    /// The verbs below do it, not their shielded ones: if they may be called off as well, they end the body too.
    #[inline]
    async fn make_from<O: Uploads>(&self, op: O, body: &mut dyn BodySource) -> Result<ItemOf<O>>
    where
        O::Reply: Unary,
    {
        self.still_wanted()?;
        let mut body = Cut { body, off: &self.off, ended: false, cut: false };
        let done = self.docker.make_from(op, &mut body).await;
        if body.cut { Err(called_off()) } else { done }
    }

    #[inline]
    fn shielded(&self) -> &impl Verbs {
        self.docker.shielded()
    }

    #[inline]
    fn still_wanted(&self) -> Result<()> {
        match self.off.is_called() {
            true => Err(called_off()),
            false => self.docker.still_wanted(),
        }
    }
}

/// Answers that end when the job is called off: their connection is closed then.
struct Stopping<A> {
    answers: Option<A>,
    off: Off,
}

impl<O: Operation, A: Answers<O>> Answers<O> for Stopping<A> {
    #[inline]
    async fn next(&mut self) -> Option<Result<ItemOf<O>>> {
        match self.off.or(self.answers.as_mut()?.next()).await {
            Some(item) => item,
            None => {
                self.answers = None;
                Some(Err(called_off()))
            }
        }
    }

    #[inline]
    async fn head(&mut self) -> Result<()> {
        match self.answers.as_mut() {
            Some(answers) => match self.off.or(answers.head()).await {
                Some(done) => done,
                None => {
                    self.answers = None;
                    Err(called_off())
                }
            },
            None => Err(called_off()),
        }
    }

    #[inline]
    fn answer_head(&self) -> Option<&HeadOf<O>> {
        self.answers.as_ref()?.answer_head()
    }
}

/// A body that ends when the job is called off.
struct Cut<'a> {
    body: &'a mut dyn BodySource,
    off: &'a Off,
    /// It has come to its own end.
    ended: bool,
    cut: bool,
}

impl BodySource for Cut<'_> {
    /// One that may end early promises no length.
    #[inline]
    fn length(&self) -> Option<u64> {
        None
    }

    #[inline]
    fn poll_piece(&mut self, cx: &mut Context<'_>, room: &mut [u8]) -> Poll<Result<BodyPiece, Source>> {
        if self.ended || self.off.is_called() {
            self.cut = !self.ended;
            return Poll::Ready(Ok(BodyPiece::End));
        }
        let piece = self.body.poll_piece(cx, room);
        self.ended = matches!(piece, Poll::Ready(Ok(BodyPiece::End)));
        piece
    }
}
