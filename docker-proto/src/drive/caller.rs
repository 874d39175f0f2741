//! The verbs of a client on any runtime, for jobs.

use super::{BodySource, Items, Runtime, Timer};
use crate::Result;
use crate::jobs::{Answers, Content, HeadOf, ItemOf, Verbs};
use crate::op::{Operation, Plain, Unary, Uploads};
use crate::session::{Agreed, CallOptions, Client, Verb};
use alloc::sync::Arc;
use core::fmt;
use core::future::{Future, poll_fn};
use core::time::Duration;

/// What an adapter gives to a [`Job`](crate::jobs::Job).
///
/// Its futures are polled like everything else here: a thread that waits for all that a turn noted drives them as well as
/// an executor does.
pub struct Caller<R: Runtime> {
    runtime: R,
    client: Arc<Client>,
    options: CallOptions,
}

impl<R: Runtime> Caller<R> {
    /// The verbs of a client whose calls have these options.
    pub fn new(runtime: R, client: Arc<Client>, options: CallOptions) -> Self {
        Self { runtime, client, options }
    }
}

impl<R: Runtime> Verbs for Caller<R> {
    type Answers<O: Operation> = Items<R, O>;

    fn begin<O: Plain>(&self, op: O) -> Items<R, O> {
        Items::new(self.runtime.clone(), self.client.clone(), op, Verb::Begin, self.options.clone(), None)
    }

    fn upload<O: Uploads>(&self, op: O, content: Content) -> Items<R, O> {
        let source = content.into_source();
        let verb = Verb::Upload(source.length());
        Items::new(self.runtime.clone(), self.client.clone(), op, verb, self.options.clone(), Some(source))
    }

    #[inline]
    async fn make_from<O: Uploads>(&self, op: O, body: &mut dyn BodySource) -> Result<ItemOf<O>>
    where
        O::Reply: Unary,
    {
        let verb = Verb::Upload(body.length());
        let (client, options) = (self.client.clone(), self.options.clone());
        let mut items: Items<R, O> = Items::new(self.runtime.clone(), client, op, verb, options, None);
        let mut one = None;
        poll_fn(|cx| items.poll_one_from(cx, &mut one, Some(&mut *body))).await
    }

    fn engine(&self) -> Option<Agreed> {
        self.client.agreed()
    }

    fn sleep(&self, time: Duration) -> impl Future<Output = ()> + Send {
        let mut timer = self.runtime.timer();
        let at = self.runtime.now().saturating_add(time);
        poll_fn(move |cx| timer.poll_at(cx, at))
    }
}

impl<R: Runtime, O: Operation> Answers<O> for Items<R, O> {
    async fn next(&mut self) -> Option<Result<ItemOf<O>>> {
        poll_fn(|cx| self.poll_next(cx)).await
    }

    async fn head(&mut self) -> Result<()> {
        poll_fn(|cx| self.poll_head(cx)).await
    }

    fn answer_head(&self) -> Option<&HeadOf<O>> {
        self.head()
    }
}

impl<R: Runtime> fmt::Debug for Caller<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Caller").field("client", &self.client).finish_non_exhaustive()
    }
}
