//! What is known of a program that is a connection, and what the end of its stdout means.

use super::command::Command;
use alloc::borrow::Cow;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::Display;
use core::time::Duration;

/// What was heard of a program that is a connection ([`Command`]): whether it answered, and the end of what it said on stderr.
/// An adapter tells it both, and asks it what an end of stdout means once that has come.
///
/// A program that fails closes its stdout as well as one that is done. So that its end is taken for that of an answer, it must
/// have answered before, and its status must not say otherwise.
///
/// ```
/// use docker_proto::session::{Command, Heard};
///
/// let mut heard = Heard::of(&Command::new("docker", ["system", "dial-stdio"]));
/// heard.stderr(b"unknown command\r\n");
/// let failed = heard.ended(false, &"exit status: 1").unwrap_err();
/// assert_eq!(
///     failed,
///     "the command `docker system dial-stdio` ended (exit status: 1) before it answered: unknown command"
/// );
///
/// // One that answers and ends well is a connection that was closed.
/// heard.answered();
/// assert!(heard.ended(true, &"exit status: 0").is_ok());
/// ```
#[derive(Clone, Debug)]
pub struct Heard {
    /// What the program is called in messages.
    name: String,
    /// The end of what it said.
    stderr: Vec<u8>,
    /// Whether it ever gave a byte on stdout.
    answered: bool,
}

impl Heard {
    /// As many bytes of stderr are kept, the last ones: that is where programs say why they end.
    pub const KEPT: usize = 4 * 1024;

    /// How long to wait for the status of a program that has closed its stdout: it is about to end, and why is worth a
    /// moment. If it runs on, that is [`closed`](Self::closed).
    pub const PATIENCE: Duration = Duration::from_millis(50);

    /// How long to wait between two looks at whether it has ended.
    pub const PAUSE: Duration = Duration::from_millis(1);

    /// Nothing yet.
    #[inline]
    pub fn of(command: &Command) -> Self {
        Self { name: command.to_string(), stderr: Vec::new(), answered: false }
    }

    /// It said this on stderr. Of all that it says [`KEPT`](Self::KEPT) bytes are kept.
    #[inline]
    pub fn stderr(&mut self, bytes: &[u8]) {
        let bytes = &bytes[bytes.len().saturating_sub(Self::KEPT)..];
        let over = (self.stderr.len() + bytes.len()).saturating_sub(Self::KEPT);
        self.stderr.drain(..over);
        self.stderr.extend_from_slice(bytes);
    }

    /// It gave a byte on stdout.
    #[inline]
    pub fn answered(&mut self) {
        self.answered = true;
    }

    /// Its stdout is at its end, and the program has ended: well or not, with a status as the system describes it. Take what is
    /// left on its stderr first.
    ///
    /// # Errors
    /// This is no end of a connection, but a failure: what the error of the connection says, in one line.
    #[inline]
    pub fn ended(&self, well: bool, status: &dyn Display) -> Result<(), String> {
        if well && self.answered { Ok(()) } else { Err(self.told(&format!("ended ({status})"))) }
    }

    /// Its stdout is at its end, and the program still runs after [`PATIENCE`](Self::PATIENCE).
    ///
    /// # Errors
    /// As of [`ended`](Self::ended).
    #[inline]
    pub fn closed(&self) -> Result<(), String> {
        if self.answered { Ok(()) } else { Err(self.told("closed its stdout")) }
    }

    #[inline]
    fn told(&self, how: &str) -> String {
        let when = if self.answered { "" } else { " before it answered" };
        let text = String::from_utf8_lossy(&self.stderr);
        let lines: Vec<_> = text.split(['\r', '\n']).map(str::trim).filter(|line| !line.is_empty()).collect();
        let said = if lines.is_empty() { Cow::from("nothing on stderr") } else { lines.join(" ").into() };
        format!("{} {how}{when}: {said}", self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(stderr: &str, answered: bool) -> Heard {
        let mut heard = Heard::of(&Command::new("p", ["a"]));
        heard.stderr(stderr.as_bytes());
        if answered {
            heard.answered();
        }
        heard
    }

    #[test]
    fn an_end_is_one_only_after_an_answer_and_with_a_good_status() {
        let (well, badly) = ((true, "exit status: 0"), (false, "signal: 9 (SIGKILL)"));
        let ended = |answered, (well, status): (bool, &str)| heard("why\n", answered).ended(well, &status);
        assert_eq!(ended(true, well), Ok(()));
        assert_eq!(ended(false, well), Err("the command `p a` ended (exit status: 0) before it answered: why".into()));
        assert_eq!(ended(true, badly), Err("the command `p a` ended (signal: 9 (SIGKILL)): why".into()));
        assert_eq!(
            ended(false, badly),
            Err("the command `p a` ended (signal: 9 (SIGKILL)) before it answered: why".into())
        );
        assert_eq!(heard("why", true).closed(), Ok(()));
        assert_eq!(
            heard("why", false).closed(),
            Err("the command `p a` closed its stdout before it answered: why".into())
        );
    }

    #[test]
    fn what_it_said_is_one_line() {
        let said = |stderr: &str| heard(stderr, true).ended(false, &"1").map_err(|e| e.replace("the command ", ""));
        assert_eq!(said(""), Err("`p a` ended (1): nothing on stderr".into()));
        assert_eq!(said(" \r\n\n"), Err("`p a` ended (1): nothing on stderr".into()));
        assert_eq!(said("\nfirst\r\n\r\n  second\rthird \n"), Err("`p a` ended (1): first second third".into()));
    }

    #[test]
    fn only_the_end_of_stderr_is_kept() {
        let all: Vec<u8> = (0..3 * Heard::KEPT).map(|n| b'a' + (n % 23) as u8).collect();
        for size in [1, 7, 1024, Heard::KEPT - 1, Heard::KEPT, Heard::KEPT + 1, all.len()] {
            let mut heard = heard("", false);
            for piece in all.chunks(size) {
                heard.stderr(piece);
                assert!(heard.stderr.len() <= Heard::KEPT && heard.stderr.capacity() <= 2 * Heard::KEPT, "{size}");
            }
            assert!(heard.stderr == all[2 * Heard::KEPT..], "{size}");
        }
    }

    #[test]
    fn bytes_that_are_no_text_do_no_harm() {
        let mut heard = heard("", false);
        heard.stderr(b"caf\xc3");
        assert!(heard.closed().is_err_and(|e| e.ends_with(": caf\u{fffd}")));
    }
}
