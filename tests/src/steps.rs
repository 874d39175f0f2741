//! A job that is called off at one of its steps: when it asks for something, or when it has it.

use docker_proto::drive::BodySource;
use docker_proto::jobs::{Answers, Content, HeadOf, ItemOf, Job, Verbs};
use docker_proto::op::{Operation, Plain, Unary, Uploads};
use docker_proto::session::Agreed;
use docker_proto::wire::BodyPiece;
use docker_proto::{Error, Result, Source};
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

/// A step counts down to the one at which the job is called off.
#[derive(Clone, Default)]
pub struct Countdown(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    left: usize,
    fired: bool,
    waker: Option<Waker>,
}

impl Countdown {
    fn from(left: usize) -> Self {
        Self(Arc::new(Mutex::new(State { left, ..State::default() })))
    }

    fn step(&self) {
        let mut state = self.0.lock().expect("nobody fails with it");
        match state.left.checked_sub(1) {
            Some(left) => state.left = left,
            None => {
                state.fired = true;
                if let Some(waker) = state.waker.take() {
                    waker.wake();
                }
            }
        }
    }

    /// Whether the job came to its step.
    pub fn has_fired(&self) -> bool {
        self.0.lock().expect("nobody fails with it").fired
    }

    fn fires(&self) -> impl Future<Output = ()> + Send + use<> {
        let this = self.clone();
        poll_fn(move |cx| {
            let mut state = this.0.lock().expect("nobody fails with it");
            if state.fired {
                return Poll::Ready(());
            }
            state.waker = Some(cx.waker().clone());
            Poll::Pending
        })
    }
}

/// A job that is called off at its step of this number, from 0; and what tells whether it came so far.
pub fn stepped<J: Job>(job: J, n: usize) -> (impl Job<Output = J::Output>, Countdown) {
    let countdown = Countdown::from(n);
    (Stepped { job, countdown: countdown.clone() }.until(countdown.fires()), countdown)
}

/// Whether a job was called off, and says nothing else.
pub fn is_off(e: &Error) -> bool {
    e.is_cancelled() && e.message() == "the job was called off"
}

struct Stepped<J> {
    job: J,
    countdown: Countdown,
}

impl<J: Job> Job for Stepped<J> {
    type Output = J::Output;

    async fn run<V: Verbs>(self, docker: &V) -> Result<J::Output> {
        self.job.run(&Steps { docker, countdown: self.countdown }).await
    }
}

struct Steps<'a, V> {
    docker: &'a V,
    countdown: Countdown,
}

impl<V: Verbs> Verbs for Steps<'_, V> {
    type Answers<O: Operation> = Step<V::Answers<O>>;

    fn begin<O: Plain>(&self, op: O) -> Self::Answers<O> {
        self.countdown.step();
        Step { answers: self.docker.begin(op), countdown: self.countdown.clone() }
    }

    fn upload<O: Uploads>(&self, op: O, content: Content) -> Self::Answers<O> {
        self.countdown.step();
        Step { answers: self.docker.upload(op, content), countdown: self.countdown.clone() }
    }

    fn engine(&self) -> Option<Agreed> {
        self.docker.engine()
    }

    /// Whatever a job does that cannot be called off, it waits for the end of that as well: each look at it is a step.
    async fn sleep(&self, time: Duration) {
        let mut sleep = pin!(self.docker.sleep(time));
        poll_fn(|cx| {
            self.countdown.step();
            sleep.as_mut().poll(cx)
        })
        .await;
    }

    fn shielded(&self) -> &impl Verbs {
        self.docker.shielded()
    }

    fn still_wanted(&self) -> Result<()> {
        self.docker.still_wanted()
    }

    async fn make<O: Plain>(&self, op: O) -> Result<ItemOf<O>>
    where
        O::Reply: Unary,
    {
        self.countdown.step();
        let made = self.docker.make(op).await;
        self.countdown.step();
        made
    }

    async fn make_from<O: Uploads>(&self, op: O, body: &mut dyn BodySource) -> Result<ItemOf<O>>
    where
        O::Reply: Unary,
    {
        self.countdown.step();
        let mut body = Pieces { body, countdown: self.countdown.clone(), paused: false };
        let made = self.docker.make_from(op, &mut body).await;
        self.countdown.step();
        made
    }
}

/// Each of its pieces is a step. Before each it pauses for a turn, so that whoever calls the job off does it there.
struct Pieces<'a> {
    body: &'a mut dyn BodySource,
    countdown: Countdown,
    paused: bool,
}

impl BodySource for Pieces<'_> {
    fn length(&self) -> Option<u64> {
        self.body.length()
    }

    fn poll_piece(&mut self, cx: &mut Context<'_>, room: &mut [u8]) -> Poll<std::result::Result<BodyPiece, Source>> {
        if !self.paused {
            self.paused = true;
            self.countdown.step();
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        // Small ones, so that there are several.
        let most = room.len().min(4096);
        let piece = self.body.poll_piece(cx, &mut room[..most]);
        self.paused = piece.is_pending();
        piece
    }
}

struct Step<A> {
    answers: A,
    countdown: Countdown,
}

impl<O: Operation, A: Answers<O>> Answers<O> for Step<A> {
    async fn next(&mut self) -> Option<Result<ItemOf<O>>> {
        let item = self.answers.next().await;
        self.countdown.step();
        item
    }

    async fn head(&mut self) -> Result<()> {
        let head = self.answers.head().await;
        self.countdown.step();
        head
    }

    fn answer_head(&self) -> Option<&HeadOf<O>> {
        self.answers.answer_head()
    }
}
