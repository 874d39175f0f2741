//! Answers to the questions of [`resolve`](crate::resolve) and [`credentials`](crate::credentials): the environment, files
//! and helper programs of this process.

#[cfg(feature = "smol")]
use crate::Docker;
use crate::Result;
use crate::program::run;
use docker_proto::resolve::{Answer, Ask, Asking, Inquiry, MAX_ANSWER, Resolve, Step};
use docker_proto::session::{Config, Endpoint};
use std::env;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::sync::atomic::{AtomicUsize, Ordering};

#[cfg(feature = "smol")]
impl Docker {
    /// The engine that the environment means, found as the docker command finds it: `DOCKER_HOST`, `DOCKER_CONTEXT`, the
    /// context in use, the default socket, and then those of rootless Docker, Docker Desktop, colima, OrbStack and podman;
    /// see [`Resolve`] for these and for the variables that say how to speak to it. Reads a few small files. What was looked
    /// at is part of the error of a connect that fails.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`](crate::ErrorKind::Usage) for what cannot be understood, or an endpoint that cannot be dialled;
    /// [`ErrorKind::Context`](crate::ErrorKind::Context) for a context that is not there.
    pub fn from_env() -> Result<Self> {
        let (endpoint, config) = from_env()?;
        let limits = endpoint.pool_limits();
        Ok(Self::new(endpoint, config, limits))
    }
}

/// The engine that the environment means.
pub(crate) fn from_env() -> Result<(Endpoint, Config)> {
    let mut asking = Asking::new(Resolve::new());
    loop {
        match asking.step()? {
            Step::Done(resolved) => return resolved.client(),
            Step::Ask(ask) => asking.answer(look(&ask)),
        }
    }
}

/// Finds something out, or does it: contexts, config.json, credentials.
///
/// Files are read and written at once; they are small. A helper program is awaited, on a unix system without a thread. If
/// the future is dropped, the program is killed.
///
/// ```no_run
/// # async fn example() -> docker_smol::Result<()> {
/// use docker_smol::resolve::contexts;
///
/// for context in docker_smol::ask(contexts::List::new()).await? {
///     println!("{} {:?}", context.name, context.host);
/// }
/// # Ok(()) }
/// ```
///
/// # Errors
/// Those of the inquiry.
pub async fn ask<I: Inquiry>(inquiry: I) -> Result<I::Output> {
    let mut asking = Asking::new(inquiry);
    loop {
        let answer = match asking.step()? {
            Step::Done(value) => return Ok(value),
            Step::Ask(Ask::Run(program)) => run(&program).await,
            Step::Ask(ask) => answer(&ask),
        };
        asking.answer(answer);
    }
}

/// Answers a question, unless it is about a program. Files of docker's are small, and read at once.
#[inline]
fn answer(ask: &Ask) -> Answer {
    match ask {
        Ask::List(path) => told(list(path), Answer::Names),
        Ask::Write { path, contents, private } => told(write(path, contents, *private), |()| Answer::Done),
        Ask::Remove(path) => told(remove(path), |()| Answer::Done),
        other => look(other),
    }
}

/// Answers what a client asks that is made of the environment. What more there is is generated in the programs that use it.
fn look(ask: &Ask) -> Answer {
    match ask {
        Ask::Env(name) => match env::var(name) {
            Ok(text) => Answer::Text(text),
            Err(env::VarError::NotPresent) => Answer::Nothing,
            Err(env::VarError::NotUnicode(_)) => Answer::Failed("is not Unicode".into()),
        },
        Ask::File(path) => told(read(path), Answer::Bytes),
        Ask::Exists(path) => told(fs::metadata(path), |_| Answer::Done),
        other => Answer::Failed(format!("{other:?} cannot be answered here")),
    }
}

pub(crate) fn told<T>(result: io::Result<T>, tell: impl FnOnce(T) -> Answer) -> Answer {
    match result {
        Ok(value) => tell(value),
        Err(e) if matches!(e.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Answer::Nothing,
        Err(e) => Answer::Failed(e.to_string()),
    }
}

fn read(path: &str) -> io::Result<Vec<u8>> {
    // A pipe might never end.
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::other("is not a file"));
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(MAX_ANSWER as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > MAX_ANSWER { Err(io::Error::other("is too long")) } else { Ok(bytes) }
}

#[inline]
fn list(path: &str) -> io::Result<Vec<String>> {
    fs::read_dir(path)?.filter_map(|entry| entry.map(|e| e.file_name().into_string().ok()).transpose()).collect()
}

/// Writes a new file beside the old one, and puts it in its place.
#[inline]
fn write(path: &str, contents: &[u8], private: bool) -> io::Result<()> {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.into());
    let (mut folders, mut options) = (fs::DirBuilder::new(), File::options());
    #[cfg(unix)]
    {
        use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
        folders.mode(if private { 0o700 } else { 0o755 });
        options.mode(if private { 0o600 } else { 0o644 });
    }
    folders.recursive(true).create(path.parent().unwrap_or(&path))?;
    let mut beside = path.clone().into_os_string();
    beside.push(format!(".{}.{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed)));
    let mut file = options.write(true).create_new(true).open(&beside)?;
    let written = file.write_all(contents).and_then(|()| file.sync_all()).and_then(|()| fs::rename(&beside, &path));
    written.inspect_err(|_| drop(fs::remove_file(&beside)))
}

#[inline]
fn remove(path: &str) -> io::Result<()> {
    if fs::symlink_metadata(path)?.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) }
}
