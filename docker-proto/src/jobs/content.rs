//! What a job uploads.

use crate::drive::{BodySource, Whole};
use alloc::boxed::Box;
use bytes::Bytes;
use core::fmt;

/// The bytes of an upload: at hand, or as they come from an adapter's `Body`, which turns into this.
///
/// ```
/// use docker_proto::jobs::Content;
/// use docker_proto::tar::Tree;
///
/// let bytes = Content::from(vec![0; 1024]);
/// let tar = Content::from(Tree::new().file("Dockerfile", "FROM scratch\n")?);
/// # Ok::<(), docker_proto::Error>(())
/// ```
pub struct Content(Box<dyn BodySource>);

impl Content {
    /// What a source gives until its end. An error of the source abandons the request.
    #[inline]
    pub fn new(source: impl BodySource + 'static) -> Self {
        Self(Box::new(source))
    }

    /// The source, for a driver.
    #[inline]
    pub fn into_source(self) -> Box<dyn BodySource> {
        self.0
    }
}

impl<T: Into<Bytes>> From<T> for Content {
    #[inline]
    fn from(bytes: T) -> Self {
        Self::new(Whole::new(bytes))
    }
}

impl From<Box<dyn BodySource>> for Content {
    #[inline]
    fn from(source: Box<dyn BodySource>) -> Self {
        Self(source)
    }
}

impl fmt::Debug for Content {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Content").field("length", &self.0.length()).finish_non_exhaustive()
    }
}
