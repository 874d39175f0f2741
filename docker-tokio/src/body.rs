//! Where the bytes of an upload come from.

use bytes::Bytes;
use docker_proto::Source;
use docker_proto::drive::{BodySource, Known, Whole};
use docker_proto::jobs::Content;
use docker_proto::wire::BodyPiece;
use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, ReadBuf};

/// The body of an upload: bytes at hand, or a reader.
///
/// ```
/// use docker_tokio::Body;
///
/// let whole = Body::from(vec![0; 1024]);
/// let read = Body::reader(tokio::io::empty());
/// let known = Body::reader(tokio::io::empty()).length(0);
/// ```
pub struct Body {
    pub(crate) source: Box<dyn BodySource>,
}

impl Body {
    /// What a reader gives until its end. An error of the reader abandons the request.
    pub fn reader(reader: impl AsyncRead + Send + Unpin + 'static) -> Self {
        Self { source: Box::new(Reader { reader, length: None }) }
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

struct Reader<T> {
    reader: T,
    length: Option<u64>,
}

impl<T: AsyncRead + Send + Unpin> BodySource for Reader<T> {
    fn length(&self) -> Option<u64> {
        self.length
    }

    fn poll_piece(&mut self, cx: &mut Context<'_>, room: &mut [u8]) -> Poll<Result<BodyPiece, Source>> {
        let mut buf = ReadBuf::new(room);
        ready!(Pin::new(&mut self.reader).poll_read(cx, &mut buf)).map_err(|e: io::Error| -> Source { Arc::new(e) })?;
        Poll::Ready(Ok(match buf.filled().len() {
            0 => BodyPiece::End,
            n => BodyPiece::Filled(n),
        }))
    }
}
