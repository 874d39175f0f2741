//! Logs as engines write them, taken apart in one go: each frame in a chunk of its own, and both whole in the block.
//!
//! For small frames, going from one decoder to the next takes longer than all the rest. Here nothing is decided: what looks
//! in any way different is left to the decoders, at the place where it begins.

use super::chunked::size_line;
use super::exchange::{Exchange, State};
use super::frames::{Frames, StreamKind, output_header};
use super::framing::Framing;

impl Exchange {
    /// Gives the payloads of such frames to `take`, until it refuses one, or something else comes.
    #[inline]
    pub fn whole_frames(&mut self, frames: &mut Frames, mut take: impl FnMut(StreamKind, &[u8]) -> bool) {
        let State::Body(Framing::Chunked(chunked)) = &mut self.state else { return };
        if self.piece > 0 || !frames.is_between() {
            return;
        }
        // The line end behind the data of the last chunk may be still to come.
        let Some(mut between) = chunked.between() else { return };
        let bytes = self.recv.bytes();
        let (mut rest, mut passed) = (bytes, 0);
        loop {
            let line = if between { rest.strip_prefix(b"\r\n") } else { Some(rest) };
            let Some((size, data)) = line.and_then(size_line) else { break };
            let Some((&header, behind)) = data.split_first_chunk() else { break };
            let Some((stream, length)) = output_header(header) else { break };
            if length == 0 || u64::from(length) + header.len() as u64 != size {
                break;
            }
            let Some((payload, behind)) = behind.split_at_checked(length as usize) else { break };
            if !take(stream, payload) {
                break;
            }
            (rest, between) = (behind, true);
            passed += size;
        }
        let used = bytes.len() - rest.len();
        if used > 0 {
            chunked.passed();
            frames.passed(passed);
            self.recv.skip(used);
        }
    }
}
