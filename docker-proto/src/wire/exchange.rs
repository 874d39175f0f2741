//! The exchange of one request and its answer.

use super::chunked::Chunk;
use super::decode::Input;
use super::framing::Framing;
use super::head::{self, ResponseHead};
use super::hidden::Hidden;
use super::limits::MAX_INFORMATIONAL;
use super::outbox::{BodyPiece, Outbox};
use super::recv::RecvBuf;
use super::request::{Method, Request};
use crate::{Error, ErrorKind, Result, Source};
use alloc::format;
use bytes::BytesMut;
use core::{fmt, mem};

/// What an [`Exchange`] found in the bytes so far.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event {
    /// Nothing more without input or output; see [`Exchange::wants`].
    NeedIo,
    /// The final head arrived. Reported once.
    Head(ResponseHead),
    /// The head arrived and the connection is now a stream both ways. Reported once.
    Upgraded(ResponseHead),
    /// Body bytes are at hand: see [`Exchange::input`]. Reported again until they are consumed.
    Data,
    /// The answer is complete. Reported from now on.
    End,
}

/// Everything an exchange could make progress with now.
pub struct Wants<'a> {
    /// Bytes to be written, in this order: framing, the caller's own bytes, framing. Report with [`Exchange::wrote`].
    pub write: Option<[&'a [u8]; 3]>,
    /// Bytes were written and not flushed since. Report with [`Exchange::flushed`].
    pub flush: bool,
    /// Room to read into. Report with [`Exchange::read`].
    pub read: Option<&'a mut [u8]>,
    /// Room for the next piece of the request body. Report with [`Exchange::body`].
    pub body: Option<&'a mut [u8]>,
}

impl fmt::Debug for Wants<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let room = |room: &Option<&mut [u8]>| room.as_ref().map(|r| Hidden(r.len()));
        f.debug_struct("Wants")
            .field("write", &self.write.map(|parts| parts.map(|p| Hidden(p.len()))))
            .field("flush", &self.flush)
            .field("read", &room(&self.read))
            .field("body", &room(&self.body))
            .finish()
    }
}

/// One request and its answer on one connection, full duplex: an answer may begin, and end, before the request does.
///
/// ```text
///             head found        framing says
///   Head ───────────────► Body ─────────────► End ──► the connection may carry another exchange
///    │  101, or 200 without length after an upgrade request
///    └──────────────────► Upgraded ──► End
///   any ──► Failed (sticky)
/// ```
#[derive(Debug)]
pub struct Exchange {
    out: Outbox,
    pub(super) recv: RecvBuf,
    method: Method,
    upgrade: bool,
    pub(super) state: State,
    /// Body bytes at the front of `recv` that were announced and not consumed.
    pub(super) piece: usize,
    sent: bool,
    unflushed: bool,
    received: bool,
    keep_alive: bool,
    /// No more bytes will come; the error says why if it was not a clean end.
    ended: Option<Option<Error>>,
    /// No more bytes can be written.
    write_broke: Option<Error>,
}

#[derive(Debug)]
pub(super) enum State {
    Head { searched: usize, skipped: usize },
    Body(Framing),
    End,
    Failed(Error),
}

impl Exchange {
    /// Begins an exchange on a connection whose earlier exchange left `recv`.
    pub fn start(request: Request, recv: RecvBuf) -> Self {
        let (method, upgrade) = (request.method, request.upgrade);
        let mut out = Outbox::default();
        out.start(request);
        Self {
            out,
            recv,
            method,
            upgrade,
            state: State::Head { searched: 0, skipped: 0 },
            piece: 0,
            sent: false,
            unflushed: false,
            received: false,
            keep_alive: false,
            ended: None,
            write_broke: None,
        }
    }

    /// What a driver should try now, all at once. Poll again after any report.
    pub fn wants(&mut self) -> Wants<'_> {
        let read = match self.state {
            State::End | State::Failed(_) => false,
            _ => self.ended.is_none() && self.piece == 0,
        };
        let writing = self.write_broke.is_none() && !matches!(self.state, State::Failed(_));
        let body = writing && self.out.wants_body();
        let out = &mut self.out;
        let (write, body) = match body {
            true => (None, Some(out.room())),
            false => ((writing && out.has_bytes()).then(|| out.parts()), None),
        };
        Wants { write, flush: self.unflushed && writing, read: read.then(|| self.recv.room()), body }
    }

    /// The driver wrote so many bytes.
    pub fn wrote(&mut self, n: usize) {
        self.out.wrote(n);
        self.sent |= n > 0;
        self.unflushed |= n > 0;
    }

    /// Everything written so far was handed to the peer.
    pub fn flushed(&mut self) {
        self.unflushed = false;
    }

    /// Writing failed. The answer may be there all the same, so reading goes on.
    pub fn write_broke(&mut self, source: Source) {
        let error = Error::transport(ErrorKind::Transport, "the connection broke while the request was sent", source);
        self.write_broke.get_or_insert(error);
        self.unflushed = false;
        self.out.abandon();
    }

    /// The driver read so many bytes into the room it was given; 0 is the end of the stream.
    pub fn read(&mut self, n: usize) {
        if n == 0 {
            self.ended.get_or_insert(None);
        } else {
            self.received = true;
            self.recv.filled(n);
        }
    }

    /// Reading failed: nothing more will come.
    pub fn read_broke(&mut self, source: Source) {
        let error = Error::transport(ErrorKind::Transport, "the connection broke while the answer was read", source);
        self.ended.get_or_insert(Some(error));
    }

    /// The source of the request body has the next piece.
    ///
    /// # Errors
    /// [`Body`](ErrorKind::Body) if the body does not keep to the length given for it: the request cannot be completed.
    pub fn body(&mut self, piece: BodyPiece) -> Result<()> {
        if self.write_broke.is_some() {
            return Ok(());
        }
        self.out.piece(piece)
    }

    /// What happened. Call again after any report, and after consuming [`input`](Self::input).
    ///
    /// # Errors
    /// Final and sticky: the peer broke HTTP, ended too early, or the connection failed.
    pub fn poll(&mut self) -> Result<Event> {
        match self.advance() {
            Err(e) if !matches!(self.state, State::Failed(_)) => {
                self.state = State::Failed(e.clone());
                Err(e)
            }
            other => other,
        }
    }

    fn advance(&mut self) -> Result<Event> {
        loop {
            if self.piece > 0 {
                return Ok(Event::Data);
            }
            match &mut self.state {
                State::Failed(e) => return Err(e.clone()),
                State::End => return Ok(Event::End),
                State::Head { searched, skipped } => {
                    ResponseHead::check_beginning(self.recv.bytes())?;
                    let Some(end) = head::find_end(self.recv.bytes(), searched)? else {
                        return self.more(|recv| match recv.len() {
                            0 => Error::truncated("the connection was closed before an answer"),
                            n => Error::truncated(format!(
                                "the connection was closed inside the head of the answer, after {n} bytes"
                            )),
                        });
                    };
                    let head = ResponseHead::parse(&self.recv.bytes()[..end])?;
                    self.recv.skip(end);
                    if head.status() < 200 && head.status() != 101 {
                        let skipped = *skipped + 1;
                        if skipped > MAX_INFORMATIONAL {
                            return Err(Error::too_large(format!(
                                "more than {MAX_INFORMATIONAL} informational answers"
                            )));
                        }
                        self.state = State::Head { searched: 0, skipped };
                        continue;
                    }
                    let framing = match Framing::of(&head, self.method, self.upgrade) {
                        Ok(framing) => framing,
                        // What is wrong with the body of a refusal must not hide the refusal.
                        Err(e) if head.status() >= 400 => {
                            self.state = State::Failed(e);
                            return Ok(Event::Head(head));
                        }
                        Err(e) => return Err(e),
                    };
                    self.keep_alive = head.keeps_alive();
                    let upgraded = framing == Framing::Upgraded;
                    self.state = State::Body(framing);
                    return Ok(if upgraded { Event::Upgraded(head) } else { Event::Head(head) });
                }
                State::Body(Framing::Length(0)) => self.state = State::End,
                State::Body(Framing::Length(left)) => {
                    let n = (*left).min(self.recv.len() as u64);
                    let missing = *left;
                    if n == 0 {
                        return self.more(|_| {
                            Error::truncated(format!("the body ended {missing} bytes before its Content-Length"))
                        });
                    }
                    *left -= n;
                    self.piece = n as usize;
                }
                State::Body(Framing::Chunked(chunked)) => match chunked.next(&mut self.recv)? {
                    Chunk::Data(n) => self.piece = n,
                    Chunk::End => self.state = State::End,
                    Chunk::NeedMore => {
                        let missing = chunked.missing();
                        return self.more(|_| missing);
                    }
                },
                State::Body(Framing::UntilClose | Framing::Upgraded) => {
                    self.keep_alive = false;
                    self.piece = self.recv.len();
                    if self.piece == 0 {
                        match &self.ended {
                            None => return Ok(Event::NeedIo),
                            Some(None) => self.state = State::End,
                            Some(Some(e)) => return Err(e.clone()),
                        }
                    }
                }
            }
        }
    }

    /// More input is needed: fine while there can be some, an error once there cannot.
    fn more(&self, cut: impl FnOnce(&RecvBuf) -> Error) -> Result<Event> {
        match &self.ended {
            None => Ok(Event::NeedIo),
            Some(Some(e)) => Err(e.clone()),
            // What broke the writing is the better explanation of a connection that then says nothing.
            Some(None) => Err(match (&self.write_broke, &self.state) {
                (Some(e), State::Head { .. }) if self.recv.is_empty() => e.clone(),
                _ => cut(&self.recv),
            }),
        }
    }

    /// The body bytes at hand.
    #[inline]
    pub fn input(&mut self) -> Input<'_> {
        Input::new(&mut self.recv, &mut self.piece)
    }

    /// The same, and where they are used up, those of the next chunk, if its size line lies whole in the block. `None` says
    /// nothing: poll. Many small chunks are read much faster so.
    #[inline]
    pub fn more_input(&mut self) -> Option<Input<'_>> {
        if self.piece == 0 {
            let State::Body(Framing::Chunked(chunked)) = &mut self.state else { return None };
            let (used, n) = chunked.whole_line(self.recv.bytes())?;
            self.recv.skip(used);
            self.piece = n;
        }
        Some(self.input())
    }

    /// Whether it is the source of the request body that sending waits for.
    pub fn awaits_body(&self) -> bool {
        self.write_broke.is_none() && !matches!(self.state, State::Failed(_)) && self.out.wants_body()
    }

    /// Whether the whole request was written, or can no longer be.
    pub fn is_sent(&self) -> bool {
        self.out.is_done() && !self.unflushed
    }

    /// Whether any byte of the request was written.
    pub fn has_sent(&self) -> bool {
        self.sent
    }

    /// Whether any byte of an answer was read.
    pub fn has_received(&self) -> bool {
        self.received
    }

    /// Whether the same request may be sent again on another connection without doing anything twice: nothing of an
    /// answer was read, and the method is safe or no byte was written.
    pub fn is_repeatable(&self) -> bool {
        !self.received && (self.method.is_safe() || !self.sent)
    }

    /// Whether the connection can carry another exchange: both messages complete, both sides willing, nothing stray.
    pub fn is_reusable(&self) -> bool {
        matches!(self.state, State::End)
            && self.keep_alive
            && self.is_sent()
            && self.write_broke.is_none()
            && self.ended.is_none()
            && self.recv.is_empty()
    }

    /// What the body carries says that it is complete: no more is read, and the connection carries nothing else.
    pub fn complete(&mut self) {
        if !matches!(self.state, State::Failed(_)) {
            self.state = State::End;
            self.keep_alive = false;
            self.piece = 0;
        }
    }

    /// Gives the receive block back, for the connection's next exchange.
    pub fn into_recv(mut self) -> RecvBuf {
        mem::take(&mut self.recv)
    }

    /// Gives up the receive block if nothing is in it, for a stream that waits. See [`RecvBuf::park`].
    pub fn park(&mut self) -> Option<BytesMut> {
        self.recv.park()
    }

    /// See [`RecvBuf::unpark`].
    pub fn unpark(&mut self, spare: impl FnOnce() -> Option<BytesMut>) {
        self.recv.unpark(spare);
    }
}
