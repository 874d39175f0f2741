//! An engine that says what a test wrote down, and only when it is spoken to.

use super::peer::Peer;
use super::transcript::Pattern;
use super::want::Want;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

/// What an engine does, connection by connection and step by step.
///
/// Steps are done in order; each `expect` waits for what it wants. Something else, or something more than the script has,
/// is a failure that names the connection, what was expected and what came. After its last step a connection stays open
/// and silent.
///
/// ```
/// use docker_proto::testkit::Script;
///
/// let script = Script::new()
///     .negotiate("1.41")
///     .expect("GET /v1.41/containers/json")
///     .json(200, "[]")
///     .accept()
///     .expect("GET /v1.41/events")
///     .reply("HTTP/1.1 200 OK\r\n\r\n{\"Type\":\"contai")
///     .stall();
/// ```
#[derive(Clone, Debug, Default)]
pub struct Script {
    plans: Vec<Plan>,
}

#[derive(Clone, Debug)]
enum Plan {
    Accept { after: Duration, steps: Vec<Step> },
    Refuse(String),
    Busy,
    Never,
}

#[derive(Clone, Debug)]
pub(super) enum Step {
    /// A whole request.
    Expect(Want),
    /// The head of a request; its body is taken as raw bytes by what follows.
    Begin(Want),
    /// These bytes, whatever they are.
    Bytes(Pattern),
    /// The client closes its writing side.
    ExpectEnd,
    /// Each piece is what one read gets.
    Reply(Vec<Vec<u8>>),
    Pause(Duration),
    Stall,
    Close,
    Reset,
    /// Takes so many bytes more, waits for an attempt to write, and lets it and all later ones fail.
    BreakWrites(usize),
    /// Takes so many bytes more and then none.
    Jam(usize),
    Window(usize),
    Ignore,
}

impl Script {
    /// An engine that nobody may connect to.
    #[inline]
    pub fn new() -> Self {
        Self::default()
    }

    /// The next connection. The first step of a script that has none yet makes one, so the first `accept` may be left
    /// out.
    #[must_use]
    #[inline]
    pub fn accept(self) -> Self {
        self.accept_after(Duration::ZERO)
    }

    /// The next connection, which takes so long to be made.
    #[must_use]
    #[inline]
    pub fn accept_after(mut self, after: Duration) -> Self {
        self.plans.push(Plan::Accept { after, steps: Vec::new() });
        self
    }

    /// The next attempt to connect is refused.
    #[must_use]
    #[inline]
    pub fn refuse(mut self, why: impl Into<String>) -> Self {
        self.plans.push(Plan::Refuse(why.into()));
        self
    }

    /// The next attempt to connect finds the backlog full.
    #[must_use]
    #[inline]
    pub fn busy(mut self) -> Self {
        self.plans.push(Plan::Busy);
        self
    }

    /// The next attempt to connect comes to nothing and does not end.
    #[must_use]
    #[inline]
    pub fn never(mut self) -> Self {
        self.plans.push(Plan::Never);
        self
    }

    #[inline]
    fn step(mut self, step: Step) -> Self {
        if !matches!(self.plans.last(), Some(Plan::Accept { .. })) {
            self = self.accept();
        }
        if let Some(Plan::Accept { steps, .. }) = self.plans.last_mut() {
            steps.push(step);
        }
        self
    }

    /// Waits for a whole request.
    #[must_use]
    #[inline]
    pub fn expect(self, want: impl Into<Want>) -> Self {
        self.step(Step::Expect(want.into()))
    }

    /// Waits for the head of a request. Its body is left to the steps that follow.
    #[must_use]
    #[inline]
    pub fn expect_head(self, want: impl Into<Want>) -> Self {
        self.step(Step::Begin(want.into()))
    }

    /// Waits for exactly these bytes.
    #[must_use]
    #[inline]
    pub fn expect_bytes(self, bytes: impl AsRef<[u8]>) -> Self {
        self.step(Step::Bytes(Pattern::exact(bytes.as_ref())))
    }

    #[inline]
    pub(super) fn expect_pattern(self, pattern: Pattern) -> Self {
        self.step(Step::Bytes(pattern))
    }

    /// Waits until the client has closed its writing side.
    #[must_use]
    #[inline]
    pub fn expect_end(self) -> Self {
        self.step(Step::ExpectEnd)
    }

    /// From now on reads away whatever comes.
    #[must_use]
    #[inline]
    pub fn ignore(self) -> Self {
        self.step(Step::Ignore)
    }

    /// Says this, in one piece.
    #[must_use]
    #[inline]
    pub fn reply(self, bytes: impl AsRef<[u8]>) -> Self {
        self.reply_cut(bytes, &[])
    }

    /// Says this byte by byte.
    #[must_use]
    #[inline]
    pub fn reply_bytewise(self, bytes: impl AsRef<[u8]>) -> Self {
        let pieces = bytes.as_ref().iter().map(|&b| Vec::from([b])).collect();
        self.step(Step::Reply(pieces))
    }

    /// Says this in pieces cut at these positions.
    #[must_use]
    #[inline]
    pub fn reply_cut(self, bytes: impl AsRef<[u8]>, cuts: &[usize]) -> Self {
        let bytes = bytes.as_ref();
        let mut from = 0;
        let ends = cuts.iter().copied().chain([bytes.len()]);
        let pieces = ends.map(|to| bytes[core::mem::replace(&mut from, to)..to].to_vec());
        self.step(Step::Reply(pieces.filter(|p| !p.is_empty()).collect()))
    }

    /// Answers with a JSON document and its length.
    #[must_use]
    #[inline]
    pub fn json(self, status: u16, body: &str) -> Self {
        self.answer(status, "Content-Type: application/json\r\n", body)
    }

    /// Answers with a status, these fields (each ended by CRLF), the length of the body, and the body.
    #[must_use]
    #[inline]
    pub fn answer(self, status: u16, fields: &str, body: impl AsRef<[u8]>) -> Self {
        let body = body.as_ref();
        let length = match status {
            204 | 304 => String::new(),
            _ => format!("Content-Length: {}\r\n", body.len()),
        };
        let head = format!("HTTP/1.1 {status} Scripted\r\n{fields}{length}\r\n");
        self.reply([head.as_bytes(), body].concat())
    }

    /// Answers with a status, these fields, and chunks that arrive one by one.
    #[must_use]
    #[inline]
    pub fn chunks(self, status: u16, fields: &str, chunks: &[&str]) -> Self {
        self.begin_chunks(status, fields).more_chunks(chunks).reply("0\r\n\r\n")
    }

    /// Begins an answer in chunks.
    #[must_use]
    #[inline]
    pub fn begin_chunks(self, status: u16, fields: &str) -> Self {
        self.reply(format!("HTTP/1.1 {status} Scripted\r\n{fields}Transfer-Encoding: chunked\r\n\r\n"))
    }

    /// Goes on with chunks that arrive one by one.
    #[must_use]
    #[inline]
    pub fn more_chunks(self, chunks: &[&str]) -> Self {
        chunks.iter().fold(self, |script, c| script.reply(format!("{:x}\r\n{c}\r\n", c.len())))
    }

    /// Answers the ping that agrees on an API version.
    #[must_use]
    #[inline]
    pub fn negotiate(self, version: &str) -> Self {
        let fields = format!("Api-Version: {version}\r\nOstype: linux\r\n");
        self.expect("HEAD /_ping").answer(200, &fields, "")
    }

    /// Does nothing for so long.
    #[must_use]
    #[inline]
    pub fn pause(self, time: Duration) -> Self {
        self.step(Step::Pause(time))
    }

    /// Says nothing more, for ever, and reads nothing more.
    #[must_use]
    #[inline]
    pub fn stall(self) -> Self {
        self.step(Step::Stall)
    }

    /// Closes the connection.
    #[must_use]
    #[inline]
    pub fn close(self) -> Self {
        self.step(Step::Close)
    }

    /// Resets the connection: reads and writes fail.
    #[must_use]
    #[inline]
    pub fn reset(self) -> Self {
        self.step(Step::Reset)
    }

    /// Waits for the next attempt to write, and lets it and all later ones fail.
    #[must_use]
    #[inline]
    pub fn break_writes(self) -> Self {
        self.break_writes_after(0)
    }

    /// Takes so many bytes more, waits for the next attempt to write, and lets it and all later ones fail. What it took
    /// is not looked at.
    #[must_use]
    #[inline]
    pub fn break_writes_after(self, bytes: usize) -> Self {
        self.step(Step::BreakWrites(bytes))
    }

    /// From now on takes no bytes: writes wait.
    #[must_use]
    #[inline]
    pub fn jam(self) -> Self {
        self.jam_after(0)
    }

    /// Takes so many bytes more and then none: writes wait. What it took is not looked at, but by the steps that follow.
    #[must_use]
    #[inline]
    pub fn jam_after(self, bytes: usize) -> Self {
        self.step(Step::Jam(bytes))
    }

    /// From now on takes at most so many bytes at once.
    #[must_use]
    #[inline]
    pub fn window(self, bytes: usize) -> Self {
        self.step(Step::Window(bytes.max(1)))
    }

    /// What becomes of each attempt to connect, for a transport of one's own.
    #[inline]
    pub fn dials(self) -> impl Iterator<Item = Dial> {
        let mut number = 0;
        self.plans.into_iter().map(move |plan| match plan {
            Plan::Accept { after, steps } => {
                number += 1;
                Dial::Accepted { after, peer: Peer::new(number, steps) }
            }
            Plan::Refuse(why) => Dial::Refused(why),
            Plan::Busy => Dial::Busy,
            Plan::Never => Dial::Never,
        })
    }
}

/// What becomes of one attempt to connect.
#[derive(Debug)]
#[non_exhaustive]
pub enum Dial {
    /// A connection.
    Accepted {
        /// How long making it takes.
        after: Duration,
        /// Its other end.
        peer: Peer,
    },
    /// An error, for this reason.
    Refused(String),
    /// The backlog is full: worth another attempt.
    Busy,
    /// Nothing, for ever.
    Never,
}
