//! What the server sends: frames, whose payload is handed on as it arrives.

use super::pongs::Pongs;
use super::{MAX_CONTROL, opcode};
use crate::wire::head::Excerpt;
use crate::wire::{Decode, Input};
use crate::{Error, ErrorKind, Result};
use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use bytes::Bytes;
use core::str;

/// Decodes the frames of a server to what they carry: pieces of bytes, never empty, cut wherever the reads were.
///
/// It ends with the server's close frame: cleanly if that says that all is done (code 1000, or none), and with an error
/// that carries code and reason if not. A connection that ends without one was lost.
#[derive(Debug)]
pub struct Receiver {
    /// The first `have` bytes of a header that is incomplete.
    header: [u8; 10],
    have: usize,
    state: State,
    /// A message was begun, and its last frame did not come yet.
    fragmented: bool,
    /// Where in the stream the next header begins.
    at: u64,
    pongs: Arc<Pongs>,
    close: Option<Close>,
    failed: Option<Error>,
}

#[derive(Debug)]
enum State {
    Header,
    /// Inside a message: so many bytes of so many are left.
    Data {
        left: u64,
        length: u64,
    },
    Control {
        opcode: u8,
        length: usize,
        payload: Vec<u8>,
    },
    Closed,
}

/// What a close frame says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Close {
    /// Why, as RFC 6455 numbers it; 1000 is "done".
    pub code: Option<u16>,
    /// Why, in words; often empty.
    pub reason: String,
}

impl Default for Receiver {
    #[inline]
    fn default() -> Self {
        Self::new()
    }
}

impl Receiver {
    /// A decoder of what follows the handshake, for which nobody answers pings.
    #[inline]
    pub fn new() -> Self {
        Self::with_pongs(Arc::default())
    }

    #[inline]
    pub(super) fn with_pongs(pongs: Arc<Pongs>) -> Self {
        Self {
            header: [0; 10],
            have: 0,
            state: State::Header,
            fragmented: false,
            at: 0,
            pongs,
            close: None,
            failed: None,
        }
    }

    /// What the server's close frame said, once it came.
    #[inline]
    pub fn close(&self) -> Option<&Close> {
        self.close.as_ref()
    }

    #[inline]
    fn fail(&mut self, e: Error) -> Error {
        self.failed = Some(e.clone());
        e
    }

    /// Completes the header; false if the input is used up.
    #[inline]
    fn header(&mut self, input: &mut Input<'_>) -> Result<bool> {
        loop {
            let wanted = match (self.have, self.header[1] & 0x7F) {
                (0 | 1, _) => 2,
                (_, 126) => 4,
                (_, 127) => 10,
                _ => 2,
            };
            if self.have == wanted {
                return self.begin().map(|()| true);
            }
            let n = (wanted - self.have).min(input.len());
            if n == 0 {
                return Ok(false);
            }
            self.header[self.have..self.have + n].copy_from_slice(&input.bytes()[..n]);
            input.skip(n);
            self.have += n;
        }
    }

    /// The header is complete.
    #[inline]
    fn begin(&mut self) -> Result<()> {
        let [first, second, extended @ ..] = self.header;
        let refuse = |why: String| Err(Error::protocol(format!("a websocket frame {why}, at byte {}", self.at)));
        if first & 0x70 != 0 {
            return refuse(format!("has reserved bits set ({first:#04x}), and no extension was offered"));
        }
        if second & 0x80 != 0 {
            return refuse("of the server is masked".into());
        }
        let (fin, opcode) = (first & 0x80 != 0, first & 0x0F);
        let (length, least) = match second & 0x7F {
            126 => (u64::from(u16::from_be_bytes([extended[0], extended[1]])), 126),
            127 => (u64::from_be_bytes(extended), 1 << 16),
            short => (u64::from(short), 0),
        };
        if length < least || length > i64::MAX as u64 {
            return refuse(format!("has its length of {length} written in a way that is not allowed"));
        }
        match opcode {
            opcode::CONTINUATION if !self.fragmented => {
                return refuse("goes on with a message that was not begun".into());
            }
            opcode::TEXT | opcode::BINARY if self.fragmented => {
                return refuse("begins a message inside another".into());
            }
            opcode::CONTINUATION | opcode::TEXT | opcode::BINARY => {
                self.fragmented = !fin;
                self.state = State::Data { left: length, length };
            }
            opcode::CLOSE | opcode::PING | opcode::PONG => {
                if !fin {
                    return refuse(format!("of control (type {opcode}) is fragmented"));
                }
                if length > MAX_CONTROL as u64 {
                    return refuse(format!("of control (type {opcode}) has {length} bytes, more than {MAX_CONTROL}"));
                }
                // Bounded by the line above.
                self.state = State::Control { opcode, length: length as usize, payload: Vec::new() };
            }
            _ => return refuse(format!("has the type {opcode}, which means nothing")),
        }
        self.at = self.at.saturating_add(self.have as u64).saturating_add(length);
        self.have = 0;
        Ok(())
    }

    /// A control frame is complete.
    #[inline]
    fn control(&mut self, opcode: u8, payload: &[u8]) -> Result<()> {
        self.state = State::Header;
        match opcode {
            opcode::PING => self.pongs.put(payload),
            opcode::CLOSE => {
                self.state = State::Closed;
                let close = Close::parse(payload)?;
                self.close = Some(close.clone());
                // What is left of a message does not come any more.
                if !matches!(close.code, None | Some(1000)) {
                    let code = close.code.unwrap_or_default();
                    let reason = if close.reason.is_empty() { "no reason given" } else { &close.reason };
                    let message = format!("the websocket was closed with code {code}: {reason}");
                    return Err(Error::new(ErrorKind::InStream, message));
                }
                if self.fragmented {
                    return Err(Error::truncated("the websocket was closed inside a message"));
                }
            }
            // Nobody asked, nobody cares.
            _ => {}
        }
        Ok(())
    }

    #[inline]
    fn step(&mut self, input: &mut Input<'_>) -> Result<Option<Bytes>> {
        loop {
            match &mut self.state {
                State::Header => {
                    if !self.header(input)? {
                        return Ok(None);
                    }
                }
                State::Data { left: 0, .. } => self.state = State::Header,
                State::Data { left, .. } => {
                    let n = usize::try_from(*left).unwrap_or(usize::MAX).min(input.len());
                    // `n` is at most `left`.
                    *left -= n as u64;
                    return Ok((n > 0).then(|| input.take(n)));
                }
                State::Control { opcode, length, payload } => {
                    let n = (*length - payload.len()).min(input.len());
                    payload.extend_from_slice(&input.bytes()[..n]);
                    input.skip(n);
                    if payload.len() < *length {
                        return Ok(None);
                    }
                    let (opcode, payload) = (*opcode, core::mem::take(payload));
                    self.control(opcode, &payload)?;
                }
                // Nothing that follows a close frame means anything.
                State::Closed => {
                    input.skip(input.len());
                    return Ok(None);
                }
            }
        }
    }
}

impl Decode for Receiver {
    type Item = Bytes;

    #[inline]
    fn decode(&mut self, input: &mut Input<'_>) -> Result<Option<Bytes>> {
        match &self.failed {
            Some(e) => Err(e.clone()),
            None => self.step(input).map_err(|e| self.fail(e)),
        }
    }

    #[inline]
    fn finish(&mut self) -> Result<Option<Bytes>> {
        if let Some(e) = &self.failed {
            return Err(e.clone());
        }
        let inside = match &self.state {
            State::Closed => return Ok(None),
            State::Header if self.have > 0 => format!("inside the header of a frame, after {} bytes of it", self.have),
            State::Header | State::Data { left: 0, .. } => {
                "without a close frame: the other side died, or was cut off".into()
            }
            State::Data { left, length } => format!("inside a frame: {} of {length} bytes", length - left),
            State::Control { length, payload, .. } => {
                format!("inside a control frame: {} of {length} bytes", payload.len())
            }
        };
        Err(self.fail(Error::truncated(format!("the websocket ended {inside}"))))
    }

    #[inline]
    fn has_ended(&self) -> bool {
        matches!(self.state, State::Closed) && self.failed.is_none()
    }
}

impl Close {
    #[inline]
    fn parse(payload: &[u8]) -> Result<Self> {
        let Some((code, reason)) = payload.split_first_chunk::<2>() else {
            return match payload {
                [] => Ok(Self { code: None, reason: String::new() }),
                _ => Err(Error::protocol("a websocket's close frame has half a code")),
            };
        };
        let code = u16::from_be_bytes(*code);
        // Those that RFC 6455 and its registry have for the wire; the ranges of libraries and applications.
        if !matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999) {
            return Err(Error::protocol(format!("a websocket was closed with code {code}, which is not for the wire")));
        }
        let Ok(text) = str::from_utf8(reason) else {
            return Err(Error::protocol(format!(
                "a websocket was closed with code {code} and a reason that is not UTF-8: {:?}",
                Excerpt(reason)
            )));
        };
        Ok(Self { code: Some(code), reason: text.into() })
    }
}
