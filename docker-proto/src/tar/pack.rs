//! A directory as a tar: questions to a file system, and the bytes that come of the answers.

use super::entry::{Entry, EntryKind};
use super::found::Found;
use super::{BLOCK, write};
use crate::{Error, ErrorKind, Result, Source};
use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::{self, Vec};
use core::{fmt, mem};

/// What a [`Pack`] wants to know next. Paths are below the directory that is packed, without a slash in front; that of
/// the directory itself is empty.
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ask<'a> {
    /// Nothing yet: there is more to [`take`](Pack::take).
    Take,
    /// The names in this directory, in any order: [`Pack::listed`].
    List(&'a [u8]),
    /// What is at this path, a link not followed: [`Pack::found`].
    Stat(&'a [u8]),
    /// Where this symbolic link leads: [`Pack::leads`].
    Link(&'a [u8]),
    /// Open this file, and say what it is once it is open: [`Pack::opened`].
    Open(&'a [u8]),
    /// Read so many bytes of the open file at most, at least one unless it ends: [`Pack::read`].
    Read(usize),
    /// Whether the open file goes on behind what was read of it: [`Pack::ends`].
    End,
    /// Nothing more: the tar is whole.
    Done,
}

/// What becomes of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Choice {
    /// It is packed.
    Take,
    /// It is left out, and all below it.
    Leave,
    /// It is left out, but what is below it is looked at.
    LookBelow,
}

type Choose = Box<dyn FnMut(&mut Entry) -> Choice + Send>;
type LeftOut = Box<dyn FnMut(&[u8]) + Send>;

/// Packs a directory into a tar, the same one each time: names in the order of their bytes, a directory before what is in
/// it. The directory itself is no entry.
///
/// Files with several names are packed once, with hard links to the first. Named pipes and devices become entries and are
/// never opened. Sockets have no form in a tar and are left out: [`left_out`](Self::left_out) is told. A file that cannot be read, or
/// that shrinks or grows while it is, is an error that names it.
///
/// The adapters' `Body::directory` answers the questions. Whoever does so elsewhere alternates: [`take`](Self::take)
/// what there is of the tar, then answer what [`ask`](Self::ask) wants.
#[must_use]
pub struct Pack {
    state: State,
    /// Where it is, below the directory.
    path: Vec<u8>,
    levels: Vec<Level>,
    /// Framing of the tar that was not taken yet, from `taken` on.
    out: Vec<u8>,
    taken: usize,
    /// The first name of each file that has several, by device and number.
    names: BTreeMap<(u64, u64), Vec<u8>>,
    choose: Option<Choose>,
    left_out: Option<LeftOut>,
    /// What is put before all paths.
    under: Vec<u8>,
}

/// A directory whose names are being packed.
struct Level {
    names: vec::IntoIter<Vec<u8>>,
    /// How long the path is in front of them.
    prefix: usize,
}

enum State {
    List,
    Next,
    Stat,
    Link(Entry),
    Open(Entry, Found),
    Read { left: u64, size: u64 },
    End { size: u64 },
    Done,
    Failed(Error),
}

impl Default for Pack {
    #[inline]
    fn default() -> Self {
        Self::new()
    }
}

impl Pack {
    /// Everything that is in a directory.
    #[inline]
    pub fn new() -> Self {
        Self {
            state: State::List,
            path: Vec::new(),
            levels: Vec::new(),
            out: Vec::new(),
            taken: 0,
            names: BTreeMap::new(),
            choose: None,
            left_out: None,
            under: Vec::new(),
        }
    }

    /// Puts all of it into a directory of this name in the tar: the one that is packed, which becomes an entry then, with
    /// its permissions and its owner. `choose` is not asked about it, and sees paths without it.
    ///
    /// ```
    /// use docker_proto::tar::Pack;
    ///
    /// let pack = Pack::new().under("site"); // site/, site/index.html
    /// ```
    #[inline]
    pub fn under(mut self, name: impl Into<Vec<u8>>) -> Self {
        self.under = name.into();
        self.state = if self.under.is_empty() { State::List } else { State::Stat };
        self
    }

    /// Asks `choose` what becomes of each entry, before its file is opened or its directory is listed. It may change the
    /// entry as well: owner, mode, time.
    ///
    /// ```
    /// use docker_proto::tar::{Choice, Pack};
    ///
    /// let pack = Pack::new().choose(|entry| {
    ///     (entry.uid, entry.gid) = (0, 0);
    ///     if entry.path.ends_with(b".git") { Choice::Leave } else { Choice::Take }
    /// });
    /// ```
    #[inline]
    pub fn choose(mut self, choose: impl FnMut(&mut Entry) -> Choice + Send + 'static) -> Self {
        self.choose = Some(Box::new(choose));
        self
    }

    /// Tells `left_out` the path of each socket.
    #[inline]
    pub fn left_out(mut self, left_out: impl FnMut(&[u8]) + Send + 'static) -> Self {
        self.left_out = Some(Box::new(left_out));
        self
    }

    /// Moves the next bytes of the tar's framing into `room`. Data that is read goes behind them.
    #[inline]
    pub fn take(&mut self, room: &mut [u8]) -> usize {
        let rest = &self.out[self.taken..];
        let n = rest.len().min(room.len());
        room[..n].copy_from_slice(&rest[..n]);
        self.taken += n;
        if self.taken == self.out.len() {
            self.out.clear();
            self.taken = 0;
        }
        n
    }

    /// What it wants to know next.
    ///
    /// # Errors
    /// Why the directory cannot be packed, naming what is the matter in it. Final and sticky.
    #[inline]
    pub fn ask(&mut self) -> Result<Ask<'_>> {
        while matches!(self.state, State::Next) {
            self.next();
        }
        let path = &*self.path;
        Ok(match &self.state {
            State::Failed(e) => return Err(e.clone()),
            _ if self.taken < self.out.len() => Ask::Take,
            State::List => Ask::List(path),
            State::Next | State::Stat => Ask::Stat(path),
            State::Link(_) => Ask::Link(path),
            State::Open(..) => Ask::Open(path),
            State::Read { left, .. } => Ask::Read(usize::try_from(*left).unwrap_or(usize::MAX)),
            State::End { .. } => Ask::End,
            State::Done => Ask::Done,
        })
    }

    /// Goes on to the next name, or to the end.
    #[inline]
    fn next(&mut self) {
        let Some(level) = self.levels.last_mut() else {
            self.out.resize(self.out.len() + 2 * BLOCK, 0);
            self.state = State::Done;
            return;
        };
        self.path.truncate(level.prefix);
        match level.names.next() {
            None => drop(self.levels.pop()),
            Some(name) => {
                if !self.path.is_empty() {
                    self.path.push(b'/');
                }
                self.path.extend_from_slice(&name);
                self.state = State::Stat;
            }
        }
    }

    /// Answers [`Ask::List`].
    #[inline]
    pub fn listed(&mut self, names: Result<Vec<Vec<u8>>, Source>) {
        if !matches!(self.state, State::List) {
            return;
        }
        match names {
            Err(e) => self.broken("list", e),
            Ok(mut names) => {
                names.sort_unstable();
                self.levels.push(Level { names: names.into_iter(), prefix: self.path.len() });
                self.state = State::Next;
            }
        }
    }

    /// Answers [`Ask::Stat`].
    #[inline]
    pub fn found(&mut self, found: Result<Found, Source>) {
        if !matches!(self.state, State::Stat) {
            return;
        }
        let found = match found {
            Err(e) => return self.broken("look at", e),
            Ok(found) => found,
        };
        self.state = State::Next;
        let Some(kind) = found.kind() else {
            if let Some(left_out) = &mut self.left_out {
                left_out(&self.path);
            }
            return;
        };
        let mut entry = Entry {
            path: self.path.clone(),
            kind,
            mode: found.mode & 0o7777,
            uid: found.uid.into(),
            gid: found.gid.into(),
            size: if kind == EntryKind::File { found.size } else { 0 },
            mtime: found.mtime,
            ..Entry::default()
        };
        let is_root = self.path.is_empty();
        if is_root && kind != EntryKind::Directory {
            return self.changed("is no directory");
        }
        let choose = self.choose.as_mut().filter(|_| !is_root);
        let choice = choose.map_or(Choice::Take, |choose| choose(&mut entry));
        if kind == EntryKind::Directory {
            if choice != Choice::Leave {
                self.state = State::List;
            }
            if choice == Choice::Take {
                self.write(&entry);
            }
            return;
        }
        if choice != Choice::Take {
            return;
        }
        if found.links > 1 {
            if let Some(first) = self.names.get(&(found.dev, found.ino)) {
                let link = first.clone();
                return self.write(&Entry { kind: EntryKind::Hardlink, size: 0, link, ..entry });
            }
            self.names.insert((found.dev, found.ino), entry.path.clone());
        }
        match kind {
            EntryKind::Symlink => self.state = State::Link(entry),
            EntryKind::File => self.state = State::Open(entry, found),
            _ => self.write(&entry),
        }
    }

    /// Answers [`Ask::Link`].
    #[inline]
    pub fn leads(&mut self, target: Result<Vec<u8>, Source>) {
        let State::Link(entry) = &mut self.state else { return };
        match target {
            Err(e) => self.broken("read the link", e),
            Ok(link) => {
                let entry = Entry { link, ..mem::take(entry) };
                self.state = State::Next;
                self.write(&entry);
            }
        }
    }

    /// Answers [`Ask::Open`].
    #[inline]
    pub fn opened(&mut self, now: Result<Found, Source>) {
        let State::Open(entry, before) = &mut self.state else { return };
        let now = match now {
            Err(e) => return self.broken("open", e),
            Ok(now) => now,
        };
        if (now.dev, now.ino, now.kind()) != (before.dev, before.ino, Some(EntryKind::File)) {
            return self.changed("became another file");
        }
        let entry = Entry { size: now.size, ..mem::take(entry) };
        // A file that is empty now may grow before it is read like any other.
        self.state = match now.size {
            0 => State::End { size: 0 },
            size => State::Read { left: size, size },
        };
        self.write(&entry);
    }

    /// Answers [`Ask::Read`]: so many bytes were read and go behind what was taken; 0 at the end of the file.
    #[inline]
    pub fn read(&mut self, n: Result<usize, Source>) {
        let State::Read { left, size } = self.state else { return };
        match n {
            Err(e) => self.broken("read", e),
            Ok(0) => self.changed(&format!("shrank while it was read, from {size} bytes to {}", size - left)),
            Ok(n) => {
                let left = left.saturating_sub(n as u64);
                self.state = if left > 0 { State::Read { left, size } } else { State::End { size } };
            }
        }
    }

    /// Answers [`Ask::End`]: true if the file ends.
    #[inline]
    pub fn ends(&mut self, ends: Result<bool, Source>) {
        let State::End { size } = self.state else { return };
        match ends {
            Err(e) => self.broken("read", e),
            Ok(false) => self.changed(&format!("grew while it was read, beyond {size} bytes")),
            Ok(true) => {
                write::pad(size, &mut self.out);
                self.state = State::Next;
            }
        }
    }

    #[inline]
    fn write(&mut self, entry: &Entry) {
        let put = if self.under.is_empty() { Cow::Borrowed(entry) } else { self.put_under(entry) };
        if let Err(e) = write::head(&put, &mut self.out) {
            self.state = State::Failed(e);
        }
    }

    #[inline]
    fn put_under<'a>(&self, entry: &Entry) -> Cow<'a, Entry> {
        let put = |path: &[u8]| match path {
            b"" => self.under.clone(),
            path => [&*self.under, b"/", path].concat(),
        };
        let link = if entry.kind == EntryKind::Hardlink { put(&entry.link) } else { entry.link.clone() };
        Cow::Owned(Entry { path: put(&entry.path), link, ..entry.clone() })
    }

    #[inline]
    fn broken(&mut self, verb: &str, source: Source) {
        let message = format!("cannot {verb} {} of the directory to be packed", self.shown());
        self.state = State::Failed(Error::transport(ErrorKind::Body, message, source));
    }

    #[inline]
    fn changed(&mut self, how: &str) {
        let message = format!("{} of the directory to be packed {how}", self.shown());
        self.state = State::Failed(Error::new(ErrorKind::Body, message));
    }

    #[inline]
    fn shown(&self) -> String {
        format!("{:?}", String::from_utf8_lossy(if self.path.is_empty() { b"." } else { &self.path }))
    }
}

impl fmt::Debug for Pack {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pack").field("path", &self.shown()).finish_non_exhaustive()
    }
}
