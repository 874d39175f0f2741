//! An ignore file, and what it says of each path.

use super::pattern::{Pattern, clean, refuse};
use crate::{Error, Result};
use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

/// The longest line of an ignore file, in bytes. The docker command line reads no longer ones either.
const MAX_LINE: usize = 64 * 1024;

/// What a `.dockerignore` leaves out of a build's context.
///
/// | line | meaning |
/// |---|---|
/// | `# words` | nothing: a comment, if `#` is the very first character |
/// | `target` | the file or folder of this name at the top, with all below it; so does `/target/` |
/// | `*.o`, `a?c`, `[a-c]*` | wildcards, which stop at slashes, and classes, with `^` for all others |
/// | `**/*.o` | at any depth; `target/**` is all below `target`, but not itself |
/// | `!keep.o` | not left out after all; the last line that matches decides |
/// | `a\*b` | a backslash takes the meaning from the character behind it |
///
/// Case matters. Spaces around a line and a byte order mark do not. A path is cleaned first: `./a/../b` is `b`.
///
/// These are the rules of the docker command line (26 and 28) with the classic builder: where it does not walk into a
/// folder, nothing below is sent, whatever exceptions there are. See [`buildkit`](Self::buildkit). That of 20.10 reads
/// `**x` as `**/x`.
///
/// Not taken, while the command line does: `*` or `?` or `[:` in a class, a backslash before a letter. It reads
/// them as parts of a regular expression, which nobody can have meant.
///
/// ```
/// use docker_proto::build::Ignore;
///
/// let ignore = Ignore::parse("# not in the image\n**/*.log\ntarget\n!target/app\n")?;
/// assert!(ignore.excludes("var/log/a.log") && ignore.excludes("target/debug"));
/// assert!(!ignore.excludes("target/app") && !ignore.excludes("src/main.rs"));
///
/// // For who walks a directory: what can be left out as a whole.
/// let target = ignore.root().join("target");
/// assert!(target.is_excluded() && !target.is_pruned(), "an exception is below");
/// assert!(target.join("debug").is_pruned());
/// # Ok::<(), docker_proto::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ignore {
    rules: Vec<Rule>,
    buildkit: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Rule {
    pattern: Pattern,
    /// `!`: what it matches is sent.
    exception: bool,
}

impl Ignore {
    /// Leaves out nothing.
    #[must_use]
    #[inline]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads the text of an ignore file.
    ///
    /// # Errors
    /// [`Usage`](crate::ErrorKind::Usage), with the line: one that is no UTF-8, longer than 64 KiB, or no pattern.
    #[inline]
    pub fn parse(text: impl AsRef<[u8]>) -> Result<Self> {
        let text = text.as_ref();
        let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
        let mut ignore = Self::new();
        for (number, line) in (1..).zip(text.split(|&byte| byte == b'\n')) {
            let place = || format!("line {number} of the ignore file");
            let Ok(line) = core::str::from_utf8(line) else {
                let seen = String::from_utf8_lossy(line.get(..80).unwrap_or(line)).into_owned();
                return Err(refuse(&place(), &seen, "must be UTF-8"));
            };
            // Only here: a pattern given by itself may begin so.
            if !line.starts_with('#') {
                ignore.add(&place(), line)?;
            }
        }
        Ok(ignore)
    }

    /// Adds a line, which then is the last one.
    ///
    /// # Errors
    /// [`Usage`](crate::ErrorKind::Usage) if it is no pattern.
    #[inline]
    pub fn pattern(mut self, line: impl AsRef<str>) -> Result<Self> {
        self.add("pattern", line.as_ref())?;
        Ok(self)
    }

    /// Sends a file whatever was said before: its Dockerfile and the ignore file itself, which the engine removes from
    /// the context again where that was meant. The name is taken as it is, no pattern.
    #[must_use]
    #[inline]
    pub fn keep(mut self, path: impl AsRef<str>) -> Self {
        let path = clean(path.as_ref());
        let path = path.trim_start_matches('/').to_owned();
        self.rules.push(Rule { pattern: Pattern::literal(path), exception: true });
        self
    }

    /// Finds exceptions below excluded folders as BuildKit does: all of them.
    ///
    /// The classic builder's command line looks into an excluded folder only if an exception begins with its very name:
    /// `*` and `!*/main.c` send nothing.
    #[must_use]
    #[inline]
    pub fn buildkit(mut self, yes: bool) -> Self {
        self.buildkit = yes;
        self
    }

    /// Where the ignore file for a Dockerfile is looked for, the first that exists: BuildKit prefers one of its own,
    /// beside it. The classic builder knows only the last.
    #[must_use]
    #[inline]
    pub fn names(dockerfile: &str) -> [String; 2] {
        [format!("{dockerfile}.dockerignore"), ".dockerignore".into()]
    }

    #[inline]
    fn add(&mut self, place: &str, line: &str) -> Result<()> {
        if line.len() > MAX_LINE {
            return Err(Error::usage(format!(
                "{place}: must not be longer than {MAX_LINE} bytes; it has {}",
                line.len()
            )));
        }
        let line = line.trim();
        if line.is_empty() {
            return Ok(());
        }
        let (exception, pattern) = match line.strip_prefix('!') {
            Some(rest) if rest.trim().is_empty() => (true, "/"),
            Some(rest) => (true, rest.trim()),
            None => (false, line),
        };
        let path = clean(pattern);
        // The root itself stays as it is, and matches nothing.
        let path = path.strip_prefix('/').filter(|path| exception || !path.is_empty()).unwrap_or(&path);
        // What the command line made of its file, its matcher reads once more. So `./!a` is an exception, and `!../../a` is
        // none: `!..` is a name then, and is taken back.
        let sign = if exception { "!" } else { "" };
        let again = clean(format!("{sign}{path}").trim());
        let (exception, path) = again.strip_prefix('!').map_or((false, &*again), |path| (true, path));
        if path.is_empty() {
            return Err(refuse(place, line, "an exception must have a path behind its `!`, which is not the root"));
        }
        let pattern = Pattern::new(path.to_owned()).map_err(|rule| refuse(place, line, rule))?;
        self.rules.push(Rule { pattern, exception });
        Ok(())
    }

    /// Whether a file or folder of the context is left out. Slashes part the names, whatever the system does.
    #[must_use]
    #[inline]
    pub fn excludes(&self, path: impl AsRef<[u8]>) -> bool {
        let mut place = self.root();
        for name in path.as_ref().split(|&byte| byte == b'/').filter(|name| !name.is_empty() && *name != b".") {
            if place.is_pruned() {
                return true;
            }
            place = place.join(name);
        }
        place.is_excluded()
    }

    /// The top of the context, from where a walk goes down.
    #[must_use]
    #[inline]
    pub fn root(&self) -> Place<'_> {
        self.place(Vec::new(), State { matched: vec![false; self.rules.len()], excluded: false })
    }

    /// A place of which it was said before what it is.
    #[inline]
    pub(super) fn place(&self, path: Vec<u8>, state: State) -> Place<'_> {
        Place { ignore: self, path, state }
    }
}

/// A file or folder that a walk through a context has come to.
#[derive(Clone, Debug)]
pub struct Place<'a> {
    ignore: &'a Ignore,
    path: Vec<u8>,
    state: State,
}

/// What the rules say of a place.
#[derive(Clone, Debug)]
pub(super) struct State {
    /// Which rules matched it, or a folder that it is in.
    matched: Vec<bool>,
    excluded: bool,
}

impl Place<'_> {
    /// What is called so in this folder.
    #[must_use]
    #[inline]
    pub fn join(&self, name: impl AsRef<[u8]>) -> Self {
        let mut path = self.path.clone();
        if !path.is_empty() {
            path.push(b'/');
        }
        path.extend_from_slice(name.as_ref());
        let mut excluded = false;
        let mut matched = Vec::with_capacity(self.state.matched.len());
        for (rule, &above) in self.ignore.rules.iter().zip(&self.state.matched) {
            // A rule that changes nothing is not asked, and counts as one that does not match. That can be seen: of `a/b`
            // and `!a`, the exception is not asked for `a`, and so does not hold for `a/b`.
            let matches = above || (rule.exception == excluded && rule.pattern.matches(&path));
            if matches {
                excluded = !rule.exception;
            }
            matched.push(matches);
        }
        self.ignore.place(path, State { matched, excluded })
    }

    /// Its path in the context.
    #[must_use]
    #[inline]
    pub fn path(&self) -> &[u8] {
        &self.path
    }

    /// Whether it is left out. What is below it may be sent all the same.
    #[must_use]
    #[inline]
    pub fn is_excluded(&self) -> bool {
        self.state.excluded
    }

    #[inline]
    pub(super) fn into_state(self) -> State {
        self.state
    }

    /// Whether it is left out with all that may be below it: a walk need not go there.
    #[must_use]
    #[inline]
    pub fn is_pruned(&self) -> bool {
        let mut exceptions = self.ignore.rules.iter().filter(|rule| rule.exception).map(|rule| &rule.pattern);
        let found = |pattern: &Pattern| pattern.is_below(&self.path) || (self.ignore.buildkit && pattern.is_wild());
        self.state.excluded && !exceptions.any(found)
    }
}
