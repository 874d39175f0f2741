//! Waiting, one thread at a time: what would block notes what it waits for, and `poll(2)` waits for all of it.

use crate::link::Held;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use std::cell::{Cell, RefCell};
use std::future::Future;
use std::io::{Read, Write};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;
use std::time::{Duration, Instant};

/// What this thread waits for after a turn in which nothing moved.
#[derive(Default)]
struct Noted {
    links: Vec<(Arc<Held>, PollFlags)>,
    deadline: Option<Instant>,
}

thread_local! {
    static NOTED: RefCell<Noted> = const { RefCell::new(Noted { links: Vec::new(), deadline: None }) };
    static PARKER: Cell<Option<Spot>> = const { Cell::new(None) };
}

/// The longest wait when the thread cannot be woken as it should.
const BLIND: Duration = Duration::from_millis(10);

/// The turn that runs now waits for `events` on a connection.
pub(crate) fn note(link: Arc<Held>, events: PollFlags) {
    // A thread that ends has no such list any more: it waits blindly.
    let _ = NOTED.try_with(|noted| noted.borrow_mut().links.push((link, events)));
}

/// The turn that runs now waits no longer than until `at`.
pub(crate) fn note_deadline(at: Instant) {
    let _ = NOTED.try_with(|noted| {
        let deadline = &mut noted.borrow_mut().deadline;
        *deadline = Some(deadline.map_or(at, |d| d.min(at)));
    });
}

/// Takes turns until one is ready, and waits in between for what the turn noted.
pub(crate) fn block_on<T>(mut turn: impl FnMut(&mut Context<'_>) -> Poll<T>) -> T {
    // A turn may call this again: the reader of a body may itself be an answer of an engine. Then the outer call's notes
    // are put aside, and its parker is not to be found, so that no wake-up meant for it is taken.
    let _outer = Outer(NOTED.try_with(RefCell::take).unwrap_or_default());
    let spot = PARKER.try_with(Cell::take).ok().flatten().unwrap_or_else(Spot::new);
    let mut cx = Context::from_waker(&spot.waker);
    loop {
        spot.parker.woken.swap(false, Ordering::AcqRel);
        if let Poll::Ready(value) = turn(&mut cx) {
            let _ = PARKER.try_with(|idle| idle.set(Some(spot)));
            return value;
        }
        spot.parker.wait(NOTED.try_with(RefCell::take).ok());
    }
}

/// Works until it is done.
pub(crate) fn finish<T>(work: impl Future<Output = T>) -> T {
    let mut work = pin!(work);
    block_on(|cx| work.as_mut().poll(cx))
}

/// Puts the notes of an outer call back.
struct Outer(Noted);

impl Drop for Outer {
    fn drop(&mut self) {
        let _ = NOTED.try_with(|noted| noted.swap(&RefCell::new(std::mem::take(&mut self.0))));
    }
}

/// Where a thread waits, and what wakes it there.
struct Spot {
    parker: Arc<Parker>,
    waker: Waker,
}

impl Spot {
    fn new() -> Self {
        let pair = UnixStream::pair().ok().filter(|(a, b)| [a, b].iter().all(|s| s.set_nonblocking(true).is_ok()));
        let parker = Arc::new(Parker { woken: AtomicBool::new(false), pair });
        Self { waker: Waker::from(parker.clone()), parker }
    }
}

/// How other threads wake one that waits in `poll(2)`: a byte in a socket pair. A waker may outlive the thread; it keeps
/// both ends.
struct Parker {
    woken: AtomicBool,
    /// Reading and writing end; `None` if the process had no descriptors left.
    pair: Option<(UnixStream, UnixStream)>,
}

impl Parker {
    fn wait(&self, noted: Option<Noted>) {
        let blind = self.pair.is_none() || noted.is_none();
        let Noted { links, deadline } = noted.unwrap_or_default();
        let left = deadline.map(|at| at.saturating_duration_since(Instant::now()));
        let left = if blind { Some(left.unwrap_or(BLIND).min(BLIND)) } else { left };
        // A time that the system cannot express does not come.
        let timeout = left.and_then(|left| Timespec::try_from(left).ok());
        let mut fds = Vec::with_capacity(links.len() + 1);
        if let Some((end, _)) = &self.pair {
            fds.push(PollFd::from_borrowed_fd(end.as_fd(), PollFlags::IN));
        }
        fds.extend(links.iter().filter_map(|(l, events)| Some(PollFd::from_borrowed_fd(l.io().fd()?, *events))));
        match poll(&mut fds, timeout.as_ref()) {
            // The next turn tries everything anyway, and notes the rest of the time.
            Ok(_) | Err(Errno::INTR) => {}
            // The kernel is short of memory.
            Err(_) => thread::sleep(BLIND),
        }
        if let Some((end, _)) = self.pair.as_ref().filter(|_| !fds[0].revents().is_empty()) {
            // If bytes are left, the next wait ends at once, and nothing is lost.
            let mut end = end;
            let _ = end.read(&mut [0; 16]);
        }
    }
}

impl Wake for Parker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        // A turn begins with taking the flag back, so whoever finds it set comes before that turn.
        if !self.woken.swap(true, Ordering::AcqRel) {
            if let Some((_, end)) = &self.pair {
                // A full socket wakes as well.
                let mut end = end;
                let _ = end.write(&[0]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::ErrorKind::WouldBlock;
    use std::sync::atomic::AtomicUsize;

    const MS: Duration = Duration::from_millis(1);

    /// A turn that counts, and is ready once `so`.
    fn until<'a>(turns: &'a AtomicUsize, so: impl Fn() -> bool + 'a) -> impl FnMut(&mut Context<'_>) -> Poll<()> + 'a {
        move |_| {
            turns.fetch_add(1, Ordering::SeqCst);
            if so() { Poll::Ready(()) } else { Poll::Pending }
        }
    }

    #[test]
    fn a_wait_takes_two_turns() {
        let (a, mut b) = UnixStream::pair().unwrap();
        a.set_nonblocking(true).unwrap();
        let (held, turns) = (Held::new(a), AtomicUsize::new(0));
        thread::spawn(move || {
            thread::sleep(50 * MS);
            b.write_all(b"x").unwrap();
            thread::sleep(100 * MS);
        });
        let read = block_on(|cx| {
            turns.fetch_add(1, Ordering::SeqCst);
            note_deadline(Instant::now() + 1000 * MS);
            held.attempt(cx, PollFlags::IN, |io| io.read(&mut [0; 8]))
        });
        assert_eq!((read.unwrap(), turns.swap(0, Ordering::SeqCst)), (1, 2));
        let at = Instant::now() + 30 * MS;
        block_on(|cx| {
            assert!(held.attempt(cx, PollFlags::IN, |_| Err::<(), _>(WouldBlock.into())).is_pending());
            note_deadline(at + 1000 * MS);
            note_deadline(at);
            until(&turns, || Instant::now() >= at)(cx)
        });
        assert_eq!(turns.into_inner(), 2);
        // Nothing noted holds the connection.
        assert_eq!(Arc::strong_count(&held), 1);
    }

    #[test]
    fn no_wake_up_is_lost() {
        // Two threads pass a number to and fro, each woken only by the other.
        let (number, wakers) = (AtomicUsize::new(0), [const { std::sync::Mutex::new(None::<Waker>) }; 2]);
        thread::scope(|scope| {
            for me in 0..2 {
                let (number, wakers) = (&number, &wakers);
                scope.spawn(move || {
                    for round in 0..20_000 {
                        block_on(|cx| {
                            *wakers[me].lock().unwrap() = Some(cx.waker().clone());
                            match number.load(Ordering::SeqCst) {
                                n if n == 2 * round + me => Poll::Ready(()),
                                _ => Poll::Pending,
                            }
                        });
                        number.fetch_add(1, Ordering::SeqCst);
                        if let Some(other) = wakers[1 - me].lock().unwrap().take() {
                            other.wake();
                        }
                    }
                });
            }
        });
        assert_eq!(number.into_inner(), 40_000);
    }

    #[test]
    fn an_inner_call_takes_nothing_from_the_outer_one() {
        let (turns, woken) = (AtomicUsize::new(0), AtomicBool::new(false));
        let at = Instant::now() + 5000 * MS;
        block_on(|cx| {
            if turns.fetch_add(1, Ordering::SeqCst) > 0 {
                return Poll::Ready(());
            }
            note_deadline(at);
            // Woken while the inner call waits, by another thread.
            let outer = cx.waker().clone();
            let inner = thread::scope(|scope| {
                scope.spawn(|| {
                    thread::sleep(20 * MS);
                    woken.store(true, Ordering::SeqCst);
                    outer.wake();
                });
                let inner = AtomicUsize::new(0);
                let end = Instant::now() + 40 * MS;
                block_on(|cx| {
                    note_deadline(end);
                    until(&inner, || Instant::now() >= end)(cx)
                });
                inner.into_inner()
            });
            assert_eq!((inner, woken.load(Ordering::SeqCst)), (2, true));
            NOTED.with(|n| assert_eq!(n.borrow().deadline, Some(at)));
            Poll::Pending
        });
        assert!(Instant::now() < at);
    }

    #[test]
    fn without_descriptors_a_wait_is_blind_but_ends() {
        let parker = Arc::new(Parker { woken: AtomicBool::new(false), pair: None });
        PARKER.set(Some(Spot { waker: Waker::from(parker.clone()), parker }));
        let (turns, so, begun) = (AtomicUsize::new(0), Arc::new(AtomicBool::new(false)), Instant::now());
        let set = so.clone();
        thread::spawn(move || {
            thread::sleep(50 * MS);
            set.store(true, Ordering::SeqCst);
        });
        block_on(until(&turns, || so.load(Ordering::SeqCst)));
        assert!((2..=10).contains(&turns.into_inner()) && begun.elapsed() < 1000 * MS);
    }

    #[test]
    fn a_waker_outlives_its_thread() {
        let waker = thread::spawn(|| block_on(|cx| Poll::Ready(cx.waker().clone()))).join().unwrap();
        waker.wake_by_ref();
        waker.wake();
    }
}
