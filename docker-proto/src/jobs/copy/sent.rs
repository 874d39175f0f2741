//! What is sent into a container, remembered as it passes.

use crate::drive::BodySource;
use crate::jobs::Content;
use crate::tar::Names;
use crate::wire::BodyPiece;
use crate::{Error, ErrorKind, Result, Source};
use alloc::boxed::Box;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::task::{Context, Poll};

/// How much of the names is remembered, in bytes.
const MAX_NAMES: usize = 64 * 1024 * 1024;

/// A body that is lent to a call, and knows afterwards what became of it.
///
/// If its source fails it ends as if it were complete: the engine's answer then says that nothing more comes of what it
/// has, which a connection that is closed would not tell.
pub(super) struct Sent {
    body: Box<dyn BodySource>,
    began: bool,
    failed: Option<Source>,
    watch: Option<Watch>,
}

/// What the engine may have of a body.
pub(super) struct Passed {
    /// Whether it may have anything.
    pub(super) began: bool,
    /// The names of its entries, or why they are not known.
    pub(super) names: Result<BTreeSet<Vec<u8>>, String>,
}

/// The names of the entries that pass.
struct Watch {
    tar: Names,
    /// Below the directory into which the tar is extracted, with the directories that lead to them: an engine makes those
    /// that are missing.
    names: BTreeSet<Vec<u8>>,
    size: usize,
    broken: Option<String>,
}

impl Sent {
    /// A body; whether the names of what passes are to be remembered.
    #[inline]
    pub(super) fn new(content: Content, watch: bool) -> Self {
        let watch = watch.then(|| Watch { tar: Names::new(), names: BTreeSet::new(), size: 0, broken: None });
        Self { body: content.into_source(), began: false, failed: None, watch }
    }

    /// Why its source failed, if it did.
    #[inline]
    pub(super) fn failure(&self) -> Option<Error> {
        let failed = self.failed.clone()?;
        Some(Error::transport(ErrorKind::Body, "the source of the request body failed", failed))
    }

    /// What the engine may have of it.
    #[inline]
    pub(super) fn into_passed(self) -> Passed {
        let names = match self.watch {
            None => Err("nobody looked".into()),
            Some(Watch { broken: Some(why), .. }) => Err(why),
            Some(watch) if watch.tar.is_lost() => {
                Err("it is no tar, or a compressed one, so its names are not known".into())
            }
            Some(watch) => Ok(watch.names),
        };
        Passed { began: self.began, names }
    }
}

impl Watch {
    #[inline]
    fn pass(&mut self, bytes: &[u8]) {
        let Self { tar, names, size, broken } = self;
        if broken.is_some() {
            return;
        }
        let passed = tar.pass(bytes, |path| {
            let parts: Vec<&[u8]> = path.split(|&b| b == b'/').filter(|part| !matches!(*part, [] | [b'.'])).collect();
            if parts.contains(&&b".."[..]) {
                *broken = Some(format!("the path {:?} in it leads elsewhere", String::from_utf8_lossy(path)));
                return;
            }
            for n in (1..=parts.len()).rev() {
                let name = parts.get(..n).unwrap_or_default().join(&b'/');
                let length = name.len();
                if !names.insert(name) {
                    break;
                }
                *size += length;
            }
        });
        if let Err(e) = passed {
            *broken = Some(e.message().into());
        } else if *size > MAX_NAMES {
            *broken = Some(format!("there were more than {MAX_NAMES} bytes of names"));
            names.clear();
        }
    }
}

impl BodySource for Sent {
    /// One that may end early promises no length.
    #[inline]
    fn length(&self) -> Option<u64> {
        None
    }

    #[inline]
    fn poll_piece(&mut self, cx: &mut Context<'_>, room: &mut [u8]) -> Poll<Result<BodyPiece, Source>> {
        self.began = true;
        if self.failed.is_some() {
            return Poll::Ready(Ok(BodyPiece::End));
        }
        match self.body.poll_piece(cx, room) {
            Poll::Ready(Ok(piece)) => {
                if let Some(watch) = &mut self.watch {
                    match &piece {
                        BodyPiece::Filled(n) => watch.pass(room.get(..*n).unwrap_or_default()),
                        BodyPiece::Owned(bytes) => watch.pass(bytes),
                        BodyPiece::End => {}
                    }
                }
                Poll::Ready(Ok(piece))
            }
            Poll::Ready(Err(e)) => {
                self.failed = Some(e);
                Poll::Ready(Ok(BodyPiece::End))
            }
            Poll::Pending => Poll::Pending,
        }
    }
}
