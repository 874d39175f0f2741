//! Our errors where the standard library wants its own.

use super::{Error, ErrorKind};
use core::error::Error as _;
use std::io;

impl From<Error> for io::Error {
    /// The nearest kind, with the error itself inside: `get_ref` and `downcast` find it.
    ///
    /// Never `Interrupted` or `WouldBlock`, which callers take as a reason to try again.
    fn from(e: Error) -> Self {
        let kind = match e.kind() {
            ErrorKind::Usage | ErrorKind::Version => io::ErrorKind::InvalidInput,
            ErrorKind::Engine if e.is_not_found() => io::ErrorKind::NotFound,
            ErrorKind::Protocol | ErrorKind::Decode => io::ErrorKind::InvalidData,
            ErrorKind::Truncated => io::ErrorKind::UnexpectedEof,
            ErrorKind::Timeout => io::ErrorKind::TimedOut,
            ErrorKind::Cancelled => io::ErrorKind::ConnectionAborted,
            _ => match e.source().and_then(|s| s.downcast_ref::<Self>()).map(Self::kind) {
                None | Some(io::ErrorKind::Interrupted | io::ErrorKind::WouldBlock) => io::ErrorKind::Other,
                Some(kind) => kind,
            },
        };
        Self::new(kind, e)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::sync::Arc;

    #[test]
    fn the_kind_is_the_nearest_and_never_asks_to_be_tried_again() {
        let kinds = [
            (Error::truncated("short"), io::ErrorKind::UnexpectedEof),
            (Error::protocol("odd"), io::ErrorKind::InvalidData),
            (Error::engine(404, "none"), io::ErrorKind::NotFound),
            (Error::engine(500, "sick"), io::ErrorKind::Other),
            (Error::new(ErrorKind::Cancelled, "off"), io::ErrorKind::ConnectionAborted),
        ];
        for (e, kind) in kinds {
            assert_eq!(io::Error::from(e).kind(), kind);
        }
        for (was, kind) in [
            (io::ErrorKind::ConnectionReset, io::ErrorKind::ConnectionReset),
            (io::ErrorKind::Interrupted, io::ErrorKind::Other),
            (io::ErrorKind::WouldBlock, io::ErrorKind::Other),
        ] {
            let e = Error::transport(ErrorKind::Transport, "broke", Arc::new(io::Error::from(was)));
            let e = io::Error::from(e);
            assert_eq!(e.kind(), kind);
            assert!(e.get_ref().is_some_and(|e| e.is::<Error>()));
        }
    }
}
