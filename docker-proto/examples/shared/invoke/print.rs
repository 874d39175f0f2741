//! What comes out.

use super::{Stop, tell};
use docker_proto::op::AnyItem;
use docker_proto::wire::StreamKind;
use docker_proto::{Error, Result};
use std::io::{self, Write};

/// Prints items as they come, each at once: whoever follows a stream through a pipe waits for it.
#[derive(Default)]
pub(crate) struct Printer {
    /// The first error that did not end the stream.
    error: Option<Error>,
}

impl Printer {
    /// Prints an item. An error that does not end the stream is told in its place, and kept for [`finish`](Self::finish).
    pub(crate) fn print(&mut self, item: Result<AnyItem>) -> Result<(), Stop> {
        match item {
            Ok(item) => write(&item),
            Err(e) if e.is_final() => Err(e.into()),
            Err(e) => {
                tell(&e);
                self.error.get_or_insert(e);
                Ok(())
            }
        }
    }

    /// Whether all went well.
    pub(crate) fn finish(self) -> Result<(), Stop> {
        self.error.map_or(Ok(()), |e| Err(Stop::Told(e)))
    }
}

fn write(item: &AnyItem) -> Result<(), Stop> {
    let out = |bytes: &[u8]| {
        let mut out = io::stdout().lock();
        out.write_all(bytes).and_then(|()| out.flush()).map_err(Stop::Output)
    };
    match item {
        AnyItem::Json(text) => out(&line(text)),
        AnyItem::Output(piece) if piece.stream == StreamKind::Stderr => {
            io::stderr().write_all(&piece.bytes).map_err(Stop::Output)
        }
        AnyItem::Output(piece) => out(&piece.bytes),
        AnyItem::Bytes(bytes) => out(bytes),
        AnyItem::Text(text) if text.ends_with('\n') => out(text.as_bytes()),
        AnyItem::Text(text) => out(format!("{text}\n").as_bytes()),
        AnyItem::Stat(stat) => match serde_json::to_vec(stat) {
            Ok(text) => out(&line(&text)),
            Err(e) => Err(Error::protocol(format!("the path's description cannot be printed: {e}")).into()),
        },
        AnyItem::Ping(_) => out(b"OK\n"),
        // The exit code says it.
        AnyItem::Done(_) => Ok(()),
        _ => Err(Error::protocol("an item of a kind that this program does not know").into()),
    }
}

/// JSON text on one line. Only the space between tokens goes: a number of any size stays as the engine wrote it.
fn line(text: &[u8]) -> Vec<u8> {
    let mut line = Vec::with_capacity(text.len() + 1);
    let (mut string, mut escaped) = (false, false);
    for &byte in text {
        if string {
            string = escaped || byte != b'"';
            escaped = !escaped && byte == b'\\';
        } else if byte.is_ascii_whitespace() {
            continue;
        } else {
            string = byte == b'"';
        }
        line.push(byte);
    }
    line.push(b'\n');
    line
}
