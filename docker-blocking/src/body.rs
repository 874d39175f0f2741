//! Where the bytes of an upload come from.

use bytes::Bytes;
use docker_proto::Source;
use docker_proto::drive::{BodySource, Known, Whole};
use docker_proto::jobs::Content;
use docker_proto::wire::BodyPiece;
use std::fmt;
use std::io::{ErrorKind, Read};
use std::sync::Arc;
use std::task::{Context, Poll};

/// The body of an upload: bytes at hand, or a reader.
///
/// ```
/// use docker_blocking::Body;
///
/// let whole = Body::from(vec![0; 1024]);
/// let read = Body::reader(std::io::empty());
/// let known = Body::reader(std::io::empty()).length(0);
/// ```
pub struct Body {
    pub(crate) source: Box<dyn BodySource>,
}

impl Body {
    /// What a reader gives until its end. An error of the reader abandons the request.
    ///
    /// The reader is called from the thread that makes the call, and may block: a file, a pipe, a program's output. While
    /// it does, nothing else happens to the call: no deadline passes, no canceller is heard, no early answer is seen.
    pub fn reader(reader: impl Read + Send + 'static) -> Self {
        Self { source: Box::new(Reader(reader)) }
    }

    /// Says how many bytes will come, so that the request need not be chunked. Fewer are an error, and so
    /// are more in the piece that reaches the end; beyond that the reader is not asked.
    #[must_use]
    pub fn length(self, length: u64) -> Self {
        Self { source: Box::new(Known::new(self.source, length)) }
    }

    pub(crate) fn into_source(self) -> Box<dyn BodySource> {
        self.source
    }
}

impl<T: Into<Bytes>> From<T> for Body {
    fn from(bytes: T) -> Self {
        Self { source: Box::new(Whole::new(bytes)) }
    }
}

/// For a [job](crate::jobs) that uploads.
impl From<Body> for Content {
    fn from(body: Body) -> Self {
        body.into_source().into()
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Body").field("length", &self.source.length()).finish()
    }
}

struct Reader<T>(T);

impl<T: Read + Send> BodySource for Reader<T> {
    fn length(&self) -> Option<u64> {
        None
    }

    fn poll_piece(&mut self, _: &mut Context<'_>, room: &mut [u8]) -> Poll<Result<BodyPiece, Source>> {
        loop {
            return Poll::Ready(match self.0.read(room) {
                Ok(0) => Ok(BodyPiece::End),
                Ok(n) => Ok(BodyPiece::Filled(n)),
                Err(e) if e.kind() == ErrorKind::Interrupted => continue,
                Err(e) => Err(Arc::new(e)),
            });
        }
    }
}
