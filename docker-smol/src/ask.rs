//! Answers to the questions of [`resolve`](crate::resolve) and [`credentials`](crate::credentials): the environment, files
//! and helper programs of this process.

use crate::{Docker, Result};
#[cfg(unix)]
use async_io::Async;
use async_io::Timer;
use docker_proto::credentials::{AllCredentials, Login, Logout, Lookup, Stored};
use docker_proto::op::{RegistryAuth, RegistryConfig};
use docker_proto::resolve::{Answer, Ask, Asking, Inquiry, MAX_ANSWER, Program, Resolve, Step};
use docker_proto::session::{Config, Endpoint};
#[cfg(unix)]
use futures_io::{AsyncRead, AsyncWrite};
use std::env;
use std::fs::{self, File};
use std::future::{Future, poll_fn};
use std::io::{self, ErrorKind, Read, Write};
use std::pin::{Pin, pin};
use std::process::{Child, Command, Stdio};
#[cfg(unix)]
use std::process::{ChildStdin, ChildStdout};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;
use std::time::Duration;

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
        Ok(Self::new(endpoint, config, docker_proto::session::PoolLimits::default()))
    }
}

/// The engine that the environment means.
#[cfg_attr(not(any(feature = "smol", feature = "async-std")), allow(dead_code))]
pub(crate) fn from_env() -> Result<(Endpoint, Config)> {
    let mut asking = Asking::new(Resolve::new());
    loop {
        match asking.step()? {
            Step::Done(resolved) => return resolved.client(),
            Step::Ask(ask) => asking.answer(answer(&ask)),
        }
    }
}

/// Credentials.
impl Docker {
    /// The credentials for the registry of an image, found where the docker command keeps them; anonymous if there are none.
    /// See [`credentials`](crate::credentials) for the places, and [`Lookup`] for more choices.
    ///
    /// ```no_run
    /// # async fn example(docker: docker_smol::Docker) -> docker_smol::Result<()> {
    /// use docker_smol::api::images::Pull;
    ///
    /// let image = "reg.example:5200/team/app";
    /// let pull = Pull::new(image).tag("1").registry_auth(docker.auth_for(image).await?);
    /// let mut pull = docker.stream(pull);
    /// while let Some(progress) = pull.try_next().await? {
    ///     println!("{:?}", progress.status);
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// A file, variable or helper program that is there and does not work.
    pub async fn auth_for(&self, image: impl Into<Lookup>) -> Result<RegistryAuth> {
        Ok(ask(image.into()).await?.header())
    }

    /// All credentials that there are, for a build.
    ///
    /// # Errors
    /// As of [`auth_for`](Self::auth_for).
    pub async fn auths(&self) -> Result<RegistryConfig> {
        ask(AllCredentials::new()).await
    }

    /// Has the engine check an account at a registry, and keeps it where the docker command does.
    ///
    /// ```no_run
    /// # async fn example(docker: docker_smol::Docker) -> docker_smol::Result<()> {
    /// use docker_smol::credentials::Login;
    ///
    /// docker.login(Login::new("reg.example:5200", "me", "open sesame")).await?;
    /// docker.logout("reg.example:5200").await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// The registry refuses the account, and nothing is kept; or it cannot be kept.
    pub async fn login(&self, login: Login) -> Result<Stored> {
        let checked = self.call(login.check()).await?;
        ask(login.store(&checked)).await
    }

    /// Forgets the account at a registry.
    ///
    /// # Errors
    /// It cannot be taken out of the place where it is kept.
    pub async fn logout(&self, registry: &str) -> Result<Stored> {
        ask(Logout::new(registry)).await
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
fn answer(ask: &Ask) -> Answer {
    match ask {
        Ask::Env(name) => match env::var(name) {
            Ok(text) => Answer::Text(text),
            Err(env::VarError::NotPresent) => Answer::Nothing,
            Err(env::VarError::NotUnicode(_)) => Answer::Failed("is not Unicode".into()),
        },
        Ask::File(path) => told(read(path), Answer::Bytes),
        Ask::Exists(path) => told(fs::metadata(path), |_| Answer::Done),
        Ask::List(path) => told(list(path), Answer::Names),
        Ask::Write { path, contents, private } => told(write(path, contents, *private), |()| Answer::Done),
        Ask::Remove(path) => told(remove(path), |()| Answer::Done),
        other => Answer::Failed(format!("{other:?} cannot be answered here")),
    }
}

fn told<T>(result: io::Result<T>, tell: impl FnOnce(T) -> Answer) -> Answer {
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

fn list(path: &str) -> io::Result<Vec<String>> {
    fs::read_dir(path)?.filter_map(|entry| entry.map(|e| e.file_name().into_string().ok()).transpose()).collect()
}

/// Writes a new file beside the old one, and puts it in its place.
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

fn remove(path: &str) -> io::Result<()> {
    if fs::symlink_metadata(path)?.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) }
}

/// What a program printed so far. One that prints too much is stopped.
fn room_left(stdout: &[u8]) -> io::Result<()> {
    if stdout.len() > MAX_ANSWER { Err(io::Error::other("printed too much")) } else { Ok(()) }
}

/// A program that runs. Dropping it kills and reaps it.
struct Running(Child);

impl Running {
    fn start(program: &Program) -> io::Result<Self> {
        let mut command = Command::new(&program.name);
        command.args(&program.args).envs(program.env.iter().map(|(name, value)| (name, value)));
        Ok(Self(command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Nothing happens to one that has ended and was waited for.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn run(program: &Program) -> Answer {
    let mut talking = pin!(talk(program));
    let mut timer = Timer::after(program.timeout);
    let talked = poll_fn(|cx| match talking.as_mut().poll(cx) {
        Poll::Ready(talked) => Poll::Ready(Some(talked)),
        Poll::Pending => Pin::new(&mut timer).poll(cx).map(|_| None),
    });
    match talked.await {
        Some(talked) => told(talked, |(code, stdout)| Answer::Ran { code, stdout }),
        None => Answer::Failed(format!("took longer than {:?}", program.timeout)),
    }
}

#[cfg(unix)]
async fn talk(program: &Program) -> io::Result<(Option<i32>, Vec<u8>)> {
    let mut running = Running::start(program)?;
    let feed = feed(running.0.stdin.take(), &program.stdin);
    let stdout = hear(running.0.stdout.take(), feed).await?;
    // Its stdout is closed: it ends at once, or as soon as it pleases.
    loop {
        match running.0.try_wait()? {
            Some(status) => return Ok((status.code(), stdout)),
            None => Timer::after(Duration::from_millis(2)).await,
        };
    }
}

/// Writes all, and closes the pipe.
#[cfg(unix)]
async fn feed(pipe: Option<ChildStdin>, mut rest: &[u8]) -> io::Result<()> {
    let Some(pipe) = pipe else { return Ok(()) };
    let mut pipe = Async::new(pipe)?;
    while !rest.is_empty() {
        let n = poll_fn(|cx| Pin::new(&mut pipe).poll_write(cx, rest)).await?;
        rest = &rest[n..];
    }
    Ok(())
}

/// Reads to the end, and feeds meanwhile. If it does not want to be fed, what it prints tells why.
#[cfg(unix)]
async fn hear(pipe: Option<ChildStdout>, feed: impl Future<Output = io::Result<()>>) -> io::Result<Vec<u8>> {
    let (mut feed, mut fed) = (pin!(feed), false);
    let mut all = pin!(async {
        let (mut stdout, mut room) = (Vec::new(), [0; 4096]);
        let Some(pipe) = pipe else { return Ok(stdout) };
        let mut pipe = Async::new(pipe)?;
        loop {
            match poll_fn(|cx| Pin::new(&mut pipe).poll_read(cx, &mut room)).await? {
                0 => return Ok(stdout),
                n => stdout.extend_from_slice(&room[..n]),
            }
            room_left(&stdout)?;
        }
    });
    poll_fn(|cx| {
        fed = fed || feed.as_mut().poll(cx).is_ready();
        all.as_mut().poll(cx)
    })
    .await
}

/// Where pipes cannot be awaited, the thread waits.
#[cfg(not(unix))]
async fn talk(program: &Program) -> io::Result<(Option<i32>, Vec<u8>)> {
    let mut running = Running::start(program)?;
    let mut stdout = Vec::new();
    if let Some(mut pipe) = running.0.stdin.take() {
        let _ = pipe.write_all(&program.stdin);
    }
    if let Some(pipe) = running.0.stdout.take() {
        pipe.take(MAX_ANSWER as u64 + 1).read_to_end(&mut stdout)?;
    }
    room_left(&stdout)?;
    Ok((running.0.wait()?.code(), stdout))
}
