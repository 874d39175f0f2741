//! Questions about the world around the program, and how they are asked without touching it.

use crate::{Error, Result};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use core::time::Duration;

/// The most that a driver reads of a file, and takes of what a program prints: 4 MiB. Files of docker's are a few
/// kilobytes; one that is longer is no such file.
pub const MAX_ANSWER: usize = 4 << 20;

/// How long a program may run. Helpers may wait for somebody who unlocks a keychain.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a driver is asked to look at or to do. It decides nothing, and answers with what fits.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ask {
    /// The value of an environment variable: [`Text`](Answer::Text) or [`Nothing`](Answer::Nothing);
    /// [`Failed`](Answer::Failed) if it is not Unicode.
    Env(String),
    /// What a file holds, up to [`MAX_ANSWER`]: [`Bytes`](Answer::Bytes), [`Nothing`](Answer::Nothing) or
    /// [`Failed`](Answer::Failed).
    File(String),
    /// Whether something is at a path: [`Done`](Answer::Done), [`Nothing`](Answer::Nothing) or
    /// [`Failed`](Answer::Failed).
    Exists(String),
    /// The names in a folder: [`Names`](Answer::Names), [`Nothing`](Answer::Nothing) or [`Failed`](Answer::Failed).
    List(String),
    /// Write a file, and make the folders above it that are missing: [`Done`](Answer::Done) or
    /// [`Failed`](Answer::Failed). Readers see the old file or the new one, never a part.
    Write {
        /// The file. If it is a link, what it points to is written.
        path: String,
        /// All of it.
        contents: Vec<u8>,
        /// Nobody but the owner may read it, nor enter a folder that is made for it.
        private: bool,
    },
    /// Remove a file, or a folder with all that is in it: [`Done`](Answer::Done), [`Nothing`](Answer::Nothing) or
    /// [`Failed`](Answer::Failed).
    Remove(String),
    /// Run a program: [`Ran`](Answer::Ran), [`Nothing`](Answer::Nothing) if there is no such program, or
    /// [`Failed`](Answer::Failed).
    Run(Program),
}

impl fmt::Debug for Ask {
    /// Without what is written: it may be a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Env(name) => write!(f, "Env({name:?})"),
            Self::File(path) => write!(f, "File({path:?})"),
            Self::Exists(path) => write!(f, "Exists({path:?})"),
            Self::List(path) => write!(f, "List({path:?})"),
            Self::Write { path, .. } => write!(f, "Write({path:?}, ..)"),
            Self::Remove(path) => write!(f, "Remove({path:?})"),
            Self::Run(program) => program.fmt(f),
        }
    }
}

/// A program to run: found as the system finds programs, its stdin written and closed, its stdout read to the end, its
/// stderr thrown away.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Program {
    /// Its name.
    pub name: String,
    /// Its arguments.
    pub args: Vec<String>,
    /// What it reads.
    pub stdin: Vec<u8>,
    /// Variables that it gets beside those of this process, or instead.
    pub env: Vec<(String, String)>,
    /// How long it may run; then it is killed.
    pub timeout: Duration,
}

impl Program {
    /// A program with arguments, nothing to read, and a minute.
    #[inline]
    pub fn new<S: Into<String>>(name: impl Into<String>, args: impl IntoIterator<Item = S>) -> Self {
        let args = args.into_iter().map(Into::into).collect();
        Self { name: name.into(), args, stdin: Vec::new(), env: Vec::new(), timeout: PATIENCE }
    }

    /// What it reads.
    #[inline]
    #[must_use]
    pub fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.stdin = bytes.into();
        self
    }
}

impl fmt::Debug for Program {
    /// Without its stdin and variables, which may be secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Run({:?}, {:?}, ..)", self.name, self.args)
    }
}

/// What a driver answers; see [`Ask`] for which fits what.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Answer {
    /// There is no such variable, file, folder or program.
    Nothing,
    /// It is there, or it is done.
    Done,
    /// The value of a variable.
    Text(String),
    /// What a file holds.
    Bytes(Vec<u8>),
    /// The names in a folder, in any order. What is no Unicode is left out.
    Names(Vec<String>),
    /// What came of a program.
    Ran {
        /// Its exit code; `None` if a signal ended it.
        code: Option<i32>,
        /// What it printed on stdout.
        stdout: Vec<u8>,
    },
    /// It could not be found out or done, and why.
    Failed(String),
}

impl fmt::Debug for Answer {
    /// Only what kind of answer it is: files and programs tell secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(why) => write!(f, "Failed({why:?})"),
            other => f.write_str(other.name()),
        }
    }
}

impl Answer {
    fn name(&self) -> &'static str {
        match self {
            Self::Nothing => "Nothing",
            Self::Done => "Done",
            Self::Text(_) => "Text(..)",
            Self::Bytes(_) => "Bytes(..)",
            Self::Names(_) => "Names(..)",
            Self::Ran { .. } => "Ran(..)",
            Self::Failed(_) => "Failed(..)",
        }
    }
}

/// Why an inquiry does not go on for now, or for good.
#[derive(Debug)]
pub enum Stop {
    /// It has to know this first.
    Ask(Ask),
    /// It has failed.
    Failed(Error),
}

impl From<Error> for Stop {
    fn from(e: Error) -> Self {
        Self::Failed(e)
    }
}

/// What is, is not, or cannot be found out.
pub(crate) type Seen<T> = Result<Option<T>, String>;

/// The exit code of a program and what it printed.
pub(crate) type Ran = (Option<i32>, Vec<u8>);

/// What has been answered so far, in the order of the questions.
#[derive(Debug, Default)]
pub struct Known {
    answers: Vec<Answer>,
    at: usize,
}

impl Known {
    /// The answer to the next question, if it has been answered.
    ///
    /// # Errors
    /// [`Stop::Ask`] if not.
    pub fn ask(&mut self, ask: Ask) -> Result<Answer, Stop> {
        let answer = self.answers.get(self.at).cloned().ok_or(Stop::Ask(ask))?;
        self.at += 1;
        Ok(answer)
    }

    pub(crate) fn env(&mut self, name: &str) -> Result<Seen<String>, Stop> {
        self.seen(Ask::Env(name.into()), |answer| match answer {
            Answer::Text(text) => Ok(text),
            other => Err(other),
        })
    }

    pub(crate) fn file(&mut self, path: &str) -> Result<Seen<Vec<u8>>, Stop> {
        self.seen(Ask::File(path.into()), |answer| match answer {
            Answer::Bytes(bytes) => Ok(bytes),
            other => Err(other),
        })
    }

    pub(crate) fn exists(&mut self, path: &str) -> Result<Seen<()>, Stop> {
        self.done(Ask::Exists(path.into()))
    }

    #[inline]
    pub(crate) fn list(&mut self, path: &str) -> Result<Seen<Vec<String>>, Stop> {
        self.seen(Ask::List(path.into()), |answer| match answer {
            Answer::Names(names) => Ok(names),
            other => Err(other),
        })
    }

    #[inline]
    pub(crate) fn write(&mut self, path: &str, contents: Vec<u8>, private: bool) -> Result<Seen<()>, Stop> {
        self.done(Ask::Write { path: path.into(), contents, private })
    }

    #[inline]
    pub(crate) fn remove(&mut self, path: &str) -> Result<Seen<()>, Stop> {
        self.done(Ask::Remove(path.into()))
    }

    #[inline]
    pub(crate) fn run(&mut self, program: Program) -> Result<Seen<Ran>, Stop> {
        self.seen(Ask::Run(program), |answer| match answer {
            Answer::Ran { code, stdout } => Ok((code, stdout)),
            other => Err(other),
        })
    }

    fn done(&mut self, ask: Ask) -> Result<Seen<()>, Stop> {
        self.seen(ask, |answer| match answer {
            Answer::Done => Ok(()),
            other => Err(other),
        })
    }

    fn seen<T>(&mut self, ask: Ask, take: impl FnOnce(Answer) -> Result<T, Answer>) -> Result<Seen<T>, Stop> {
        let about = format!("{ask:?}");
        match take(self.ask(ask)?) {
            Ok(value) => Ok(Ok(Some(value))),
            Err(Answer::Nothing) => Ok(Ok(None)),
            Err(Answer::Failed(why)) => Ok(Err(why)),
            Err(other) => Err(Error::usage(format!("the driver answered {about} with {}", other.name())).into()),
        }
    }
}

/// Something that is found out, or done, by asking.
///
/// It is written as if the answers were at hand, and run from its beginning whenever another one is: so it must ask the
/// same questions in the same order if it gets the same answers. [`Asking`] runs it.
///
/// ```
/// use docker_proto::resolve::{Answer, Ask, Inquiry, Known, Stop};
///
/// struct Shell;
///
/// impl Inquiry for Shell {
///     type Output = String;
///
///     fn run(&self, known: &mut Known) -> Result<String, Stop> {
///         match known.ask(Ask::Env("SHELL".into()))? {
///             Answer::Text(path) => Ok(path),
///             _ => Ok("/bin/sh".into()),
///         }
///     }
/// }
/// ```
pub trait Inquiry {
    /// What is found out.
    type Output;

    /// Goes as far as the answers reach.
    ///
    /// # Errors
    /// [`Stop::Ask`] for a question that is not answered yet; [`Stop::Failed`] if nothing can come of it.
    fn run(&self, known: &mut Known) -> Result<Self::Output, Stop>;
}

/// What is next in an [`Asking`].
#[derive(Debug)]
pub enum Step<T> {
    /// This is to be answered.
    Ask(Ask),
    /// This came of it.
    Done(T),
}

/// An inquiry on its way. A driver takes steps and answers until it is done; how often it takes the same step does not
/// matter, and an answer that nobody asked for is not taken.
///
/// ```
/// use docker_proto::resolve::{Answer, Ask, Asking, Resolve, Step};
///
/// let mut asking = Asking::new(Resolve::new());
/// let resolved = loop {
///     match asking.step()? {
///         Step::Done(resolved) => break resolved,
///         Step::Ask(Ask::Env(name)) => asking.answer(std::env::var(name).map_or(Answer::Nothing, Answer::Text)),
///         Step::Ask(_) => asking.answer(Answer::Nothing), // a world without files
///     }
/// };
/// println!("{}", resolved.explain());
/// # Ok::<(), docker_proto::Error>(())
/// ```
#[derive(Debug)]
pub struct Asking<I> {
    inquiry: I,
    known: Known,
    open: bool,
}

impl<I: Inquiry> Asking<I> {
    /// Begins.
    #[inline]
    pub fn new(inquiry: I) -> Self {
        Self { inquiry, known: Known::default(), open: false }
    }

    /// What is to be answered next, or what came of it.
    ///
    /// # Errors
    /// Those of the inquiry.
    #[inline]
    pub fn step(&mut self) -> Result<Step<I::Output>> {
        self.known.at = 0;
        self.open = false;
        match self.inquiry.run(&mut self.known) {
            Ok(value) => Ok(Step::Done(value)),
            Err(Stop::Failed(e)) => Err(e),
            Err(Stop::Ask(ask)) => {
                self.open = true;
                Ok(Step::Ask(ask))
            }
        }
    }

    /// Answers the last question.
    #[inline]
    pub fn answer(&mut self, answer: Answer) {
        if self.open {
            self.open = false;
            self.known.answers.push(answer);
        }
    }
}

/// Something that could not be found out, as part of a message.
#[inline]
pub(crate) fn unknown(what: &str, why: impl fmt::Display) -> String {
    [what, ": ", &why.to_string()].concat()
}
