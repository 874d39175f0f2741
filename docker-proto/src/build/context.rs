//! The files that a build is made from, as the tar that it is sent.

use super::ignore::Ignore;
use super::walk::Walk;
use crate::api::build::FromTar;
use crate::drive::{BodySource, Disk, Packed};
use crate::jobs::Content;
use crate::model::Timestamp;
use crate::tar::{Choice, EntryKind, Pack, Tree};
use crate::wire::BodyPiece;
use crate::{Error, ErrorKind, Result, Source};
use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use bytes::Bytes;
use core::fmt;
use core::task;

/// The longest ignore file, and the longest Dockerfile from elsewhere, in bytes: what people write has less than a tenth
/// of it, and it is all in memory.
pub const MAX_FILE: usize = 4 * 1024 * 1024;

const DOCKERFILE: &str = "Dockerfile";
const IGNORE: &str = ".dockerignore";

/// What a build is made from: a tar that is ready, a directory that becomes one, or a Dockerfile alone.
///
/// A tar may be compressed: gzip, bzip2 or xz. It is sent as it is.
///
/// Of a directory the `context` of an adapter's `Body` makes one. It is looked at when the build begins:
///
/// - What its `.dockerignore` leaves out is not sent; see [`Ignore`]. With BuildKit (`version("2")`) a file
///   `<Dockerfile>.dockerignore` goes before it, as on the docker command line.
/// - [`dockerfile`](FromTar::dockerfile) is a path from the directory, or absolute. One that leads out of it, also by a
///   link, is read, and sent under a name that follows from its content.
/// - The Dockerfile is sent in any case, and so is the `.dockerignore` to the classic builder, which reads it to leave both
///   out of what a `COPY` sees if that was meant; a Dockerfile from elsewhere it never shows. BuildKit does not read it: there a
///   `COPY .` sees the Dockerfile.
/// - Links are sent as links, also broken ones. Sockets are left out; named pipes are sent as such, never read. All belongs
///   to root, and times are in whole seconds. The same files make the same tar, byte for byte.
/// - A file that cannot be read is an error that names it.
///
/// ```
/// use docker_proto::build::Context;
/// use docker_proto::jobs::build;
/// use docker_proto::api::build::FromTar;
/// use docker_proto::tar::Tree;
///
/// let alone = build(FromTar::new().tags(["app:1"]), Context::dockerfile("FROM alpine\nRUN apk add curl\n"));
/// let tree = Tree::new().file("Dockerfile", "FROM scratch\nCOPY app /\n")?.file("app", "...")?;
/// let tar = build(FromTar::new().tags(["app:2"]), tree);
/// # Ok::<(), docker_proto::Error>(())
/// ```
pub struct Context(Kind);

enum Kind {
    Ready(Content),
    Alone(Bytes),
    Directory(Box<dyn Directory>),
}

/// A disk, whatever its files are.
trait Directory: Send {
    fn prepare(self: Box<Self>, build: FromTar) -> Result<(FromTar, Content)>;
}

impl Context {
    /// A Dockerfile, and nothing to copy from. It is sent under the name that the build gives it.
    #[inline]
    pub fn dockerfile(text: impl Into<Bytes>) -> Self {
        Self(Kind::Alone(text.into()))
    }

    /// A directory of a disk. An adapter's `Body::context` is this.
    #[inline]
    pub fn directory(disk: impl Disk + 'static) -> Self {
        Self(Kind::Directory(Box::new(disk)))
    }

    /// What is to be sent: the operation, with the path of the Dockerfile as it is in the tar, and the tar. A
    /// [build](crate::jobs::build()) does this; here it is for who uploads by hand.
    ///
    /// ```no_run
    /// use docker_proto::api::build::FromTar;
    /// use docker_proto::build::Context;
    ///
    /// # fn example(context: Context) -> docker_proto::Result<()> {
    /// let (build, tar) = context.prepare(FromTar::new().dockerfile("../Dockerfile"))?;
    /// // let mut progress = docker.upload(build, tar);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`Usage`](ErrorKind::Usage): the ignore file has a line that is no pattern, or the path of the Dockerfile is no
    /// UTF-8. [`Body`](ErrorKind::Body): a file that is needed cannot be read, or is no file.
    /// [`TooLarge`](ErrorKind::TooLarge): it is longer than [`MAX_FILE`].
    #[inline]
    pub fn prepare(self, build: FromTar) -> Result<(FromTar, Content)> {
        match self.0 {
            Kind::Ready(content) => Ok((build, content)),
            Kind::Alone(text) => {
                let tree = Tree::new().file(build.dockerfile.as_deref().unwrap_or(DOCKERFILE), text)?;
                Ok((build, tree.into()))
            }
            Kind::Directory(disk) => disk.prepare(build),
        }
    }
}

impl<D: Disk + 'static> Directory for D {
    fn prepare(mut self: Box<Self>, mut build: FromTar) -> Result<(FromTar, Content)> {
        let disk = &mut *self;
        let names = disk.list(b"").map_err(|e| unreadable("list", "", e))?;
        let has = |name: &str| names.iter().any(|n| n == name.as_bytes());
        // So does the command line.
        let usual = if !has(DOCKERFILE) && has("dockerfile") { "dockerfile" } else { DOCKERFILE };
        let asked = build.dockerfile.as_deref().filter(|name| !name.is_empty()).unwrap_or(usual);
        let real = disk.follow(asked.as_bytes()).map_err(|e| unreadable("find", asked, e))?;

        is_file(disk, &real, asked)?;

        let buildkit = build.version.as_deref() == Some("2");
        let rules = match ignore_file(disk, asked, buildkit)? {
            Some(name) => Some(read(disk, &name)?),
            None => None,
        };
        let ignore = Ignore::parse(rules.as_deref().unwrap_or_default())?.buildkit(buildkit);

        // BuildKit looks at the first KiB to tell a tar from a Dockerfile, and sees none if the first entry has a pax header.
        let mut head = if buildkit { Tree::new().dir(".")? } else { Tree::new() };
        // What of the directory is replaced by that.
        let mut own: Vec<Vec<u8>> = Vec::new();
        let dockerfile = if is_outside(&real) {
            let text = read(disk, asked)?;
            let digest = sha1_smol::Sha1::from(&text).digest().to_string();
            let name = format!(".dockerfile.{}", digest.get(..20).unwrap_or_default());
            if !buildkit {
                // What was not there is not to be seen by the build.
                let shown = if rules.is_some() { "" } else { IGNORE };
                let rules =
                    [&*rules.unwrap_or_default(), b"\n", shown.as_bytes(), b"\n", name.as_bytes(), b"\n"].concat();
                head = head.file(IGNORE, rules)?;
                own.push(IGNORE.into());
            }
            head = head.file(&*name, text)?;
            own.push(name.clone().into());
            name
        } else {
            let refuse = |e: alloc::string::FromUtf8Error| {
                Error::usage(format!("dockerfile: must be UTF-8; it is {:?}", String::from_utf8_lossy(e.as_bytes())))
            };
            String::from_utf8(real).map_err(refuse)?
        };
        let ignore = if buildkit { ignore } else { ignore.keep(IGNORE) };
        let mut walk = Walk::new(ignore.keep(&dockerfile));
        let pack = Pack::new().choose(move |entry| {
            (entry.uid, entry.gid) = (0, 0);
            // So does the command line; most entries then need no pax header.
            entry.mtime = Timestamp { nanos: 0, ..entry.mtime };
            if own.contains(&entry.path) { Choice::Leave } else { walk.choose(&entry.path) }
        });
        build.dockerfile = Some(dockerfile);
        Ok((build, Content::new(Headed { head: Some(head.into_entries().into()), rest: Packed::new(pack, *self) })))
    }
}

/// The name of the ignore file that counts, if there is one.
fn ignore_file<D: Disk>(disk: &mut D, dockerfile: &str, buildkit: bool) -> Result<Option<String>> {
    let names = Ignore::names(dockerfile);
    for name in if buildkit { &names[..] } else { &names[1..] } {
        let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
        let folder = if folder.is_empty() && name.starts_with('/') { "/" } else { folder };
        let all = disk.list(folder.as_bytes()).map_err(|e| unreadable("list", folder, e))?;
        if all.iter().any(|other| other == file.as_bytes()) {
            return Ok(Some(name.clone()));
        }
    }
    Ok(None)
}

/// A whole file.
fn read<D: Disk>(disk: &mut D, name: &str) -> Result<Vec<u8>> {
    let failed = |e| unreadable("read", name, e);
    let real = disk.follow(name.as_bytes()).map_err(failed)?;
    // Looked at before it is opened: who opens a named pipe may wait for ever.
    is_file(disk, &real, name)?;
    let (mut file, _) = disk.open(&real).map_err(failed)?;
    let mut text = Vec::new();
    loop {
        let at = text.len();
        text.resize(at + 8 * 1024, 0);
        let n = disk.read(&mut file, &mut text[at..]).map_err(failed)?;
        text.truncate(at + n);
        if n == 0 {
            return Ok(text);
        }
        if text.len() > MAX_FILE {
            return Err(Error::too_large(format!("{name:?} of the build: must not be longer than {MAX_FILE} bytes")));
        }
    }
}

fn is_file<D: Disk>(disk: &mut D, real: &[u8], name: &str) -> Result<()> {
    match disk.stat(real).map_err(|e| unreadable("look at", name, e))?.kind() {
        Some(EntryKind::File) => Ok(()),
        _ => Err(Error::new(ErrorKind::Body, format!("{name:?} of the build is no file"))),
    }
}

fn is_outside(path: &[u8]) -> bool {
    path.starts_with(b"/") || path.starts_with(b"../") || path == b".."
}

fn unreadable(verb: &str, name: &str, source: Source) -> Error {
    let name = if name.is_empty() { "." } else { name };
    Error::transport(ErrorKind::Body, format!("cannot {verb} {name:?} of the build"), source)
}

/// Entries of a tar, and the rest of it.
struct Headed<B> {
    head: Option<Bytes>,
    rest: B,
}

impl<B: BodySource> BodySource for Headed<B> {
    fn length(&self) -> Option<u64> {
        None
    }

    fn poll_piece(&mut self, cx: &mut task::Context<'_>, room: &mut [u8]) -> task::Poll<Result<BodyPiece, Source>> {
        match self.head.take().filter(|head| !head.is_empty()) {
            Some(head) => task::Poll::Ready(Ok(BodyPiece::Owned(head))),
            None => self.rest.poll_piece(cx, room),
        }
    }
}

impl<T: Into<Content>> From<T> for Context {
    #[inline]
    fn from(tar: T) -> Self {
        Self(Kind::Ready(tar.into()))
    }
}

impl fmt::Debug for Context {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Ready(content) => f.debug_tuple("Context").field(content).finish(),
            Kind::Alone(text) => f.debug_struct("Context").field("dockerfile", &text.len()).finish(),
            Kind::Directory(_) => f.write_str("Context(directory)"),
        }
    }
}
