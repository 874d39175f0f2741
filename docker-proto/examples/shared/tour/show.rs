//! What the tour shows, and what has to be true of it.

use super::{Outcome, Plan, untar};
use docker_proto::model::{
    EventMessage, EventType, ImageDeleteResponseItem, ImageSummary, PathStat, Progress, SystemVersion,
};
use docker_proto::op::Change;
use docker_proto::session::Agreed;
use docker_proto::wire::{Piece, StreamKind};
use std::fmt::Display;
use std::io::{self, Write as _};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Prints, and remembers what it printed: a replay has to show what the recording showed.
#[derive(Default)]
pub(crate) struct Show(Mutex<Shown>);

#[derive(Default)]
struct Shown {
    lines: Vec<String>,
    /// Apart, because they come when they come.
    events: Vec<String>,
    /// Output that waits for the end of its line.
    stdout: Vec<u8>,
    stderr: Vec<u8>,
    heard: Vec<StreamKind>,
    /// What happened, and to which container.
    happened: Vec<(String, String)>,
    container: String,
    first_event: Option<i64>,
}

/// Nobody may be reading. What was made is to be removed all the same.
fn print(line: &str) {
    let _ = writeln!(io::stdout(), "{line}");
}

/// Enough of an id to know it by.
fn short(id: &str) -> &str {
    let id = id.strip_prefix("sha256:").unwrap_or(id);
    id.get(..12).unwrap_or(id)
}

impl Show {
    fn shown(&self) -> MutexGuard<'_, Shown> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn say(&self, what: &str, text: impl Display) {
        let line = format!("{what:10} {text}");
        print(&line);
        self.shown().lines.push(line);
    }

    /// Everything shown, the events last.
    pub(crate) fn lines(&self) -> Vec<String> {
        let shown = self.shown();
        shown.lines.iter().chain(&shown.events).cloned().collect()
    }

    /// Which engine answers.
    pub(crate) fn engine(&self, version: &SystemVersion, agreed: Option<Agreed>) -> Outcome {
        let text = |v: &Option<String>| v.clone().unwrap_or_default();
        let (name, agreed) = match agreed {
            Some(a) => (a.engine.map(|e| format!("{e:?}")), a.version.map(|v| v.to_string())),
            None => (None, None),
        };
        let (name, api) = (name.unwrap_or_default(), agreed.ok_or("no API version was agreed on")?);
        let oldest = text(&version.min_api_version);
        let newest = text(&version.api_version);
        self.say(
            "engine",
            format_args!("{name} {} on {}/{}", text(&version.version), text(&version.os), text(&version.arch)),
        );
        self.say("api", format_args!("{api}; the engine speaks {oldest} to {newest}"));
        Ok(())
    }

    /// The smallest of the local images, if the plan is to use one.
    pub(crate) fn smallest(&self, images: Vec<ImageSummary>, plan: &Plan) -> Option<String> {
        let count = images.len();
        let image = images.into_iter().filter(|_| !plan.import).min_by_key(|i| i.size.unwrap_or(i64::MAX))?;
        let name = image.repo_tags.iter().chain(&image.repo_digests).find(|n| !n.contains("<none>"));
        let name = name.cloned().or(image.id)?;
        self.say("image", format_args!("{name}, the smallest of {count} local ones"));
        Some(name)
    }

    /// The image that an import made.
    pub(crate) fn imported(&self, progress: &[Progress]) -> Outcome<String> {
        let id = progress.iter().rev().find_map(|p| p.status.clone()).ok_or("the import named no image")?;
        self.say("image", format_args!("imported as {}", short(&id)));
        Ok(id)
    }

    /// The container that was made.
    pub(crate) fn created(&self, name: &str, id: Option<String>) -> Outcome<String> {
        let id = id.ok_or("the engine named no container")?;
        self.say("container", format_args!("{name}, {}", short(&id)));
        self.shown().container.clone_from(&id);
        Ok(id)
    }

    /// Output, as it comes: whole lines.
    pub(crate) fn output(&self, piece: &Piece) {
        let mut shown = self.shown();
        shown.heard.push(piece.stream);
        let waiting = match piece.stream {
            StreamKind::Stdout => &mut shown.stdout,
            StreamKind::Stderr => &mut shown.stderr,
        };
        waiting.extend_from_slice(&piece.bytes);
        let whole = waiting.iter().rposition(|&b| b == b'\n').map_or(0, |n| n + 1);
        let lines: Vec<u8> = waiting.drain(..whole).collect();
        drop(shown);
        for line in lines.split_inclusive(|&b| b == b'\n') {
            self.say(&piece.stream.to_string(), line.trim_ascii_end().escape_ascii());
        }
    }

    /// Whether both streams have said something.
    pub(crate) fn heard_both(&self) -> bool {
        let shown = self.shown();
        [StreamKind::Stdout, StreamKind::Stderr].iter().all(|s| shown.heard.contains(s))
    }

    /// The container was started or stopped, or was so already: Podman starts one that is attached to.
    pub(crate) fn done(&self, what: &str, change: Change) {
        self.say(what, if change == Change::Changed { "done" } else { "was so already" });
    }

    /// The command ran, and did with its input what it should have.
    pub(crate) fn executed(&self, sent: &[u8], (stdout, stderr): (&[u8], &[u8]), code: i64) -> Outcome {
        self.say("exec", format_args!("stdin  {}", sent.escape_ascii()));
        self.say("exec", format_args!("stdout {}", stdout.escape_ascii()));
        self.say("exec", format_args!("stderr {}", stderr.escape_ascii()));
        self.say("exec", format_args!("exit code {code}"));
        match (stdout == sent, stderr, code) {
            (true, b"stdin has ended\n", 7) => Ok(()),
            _ => Err("the command did not echo its input and end with code 7".into()),
        }
    }

    /// The file came out as it went in.
    pub(crate) fn file(&self, put: &[u8], stat: &PathStat, got: &[u8]) -> Outcome {
        self.say("file", format_args!("{} {} {} {}", stat.mode, stat.size, stat.mtime, stat.name));
        let (name, mode, content) = untar(got)?;
        self.say("file", content.escape_ascii());
        let same = name == stat.name && mode == u64::from(stat.mode.permissions()) && stat.size == content.len() as i64;
        match same && untar(put)? == (name, mode, content) {
            true => Ok(()),
            false => Err("the file did not come out of the container as it went in".into()),
        }
    }

    /// The container stopped by itself when it was asked to.
    pub(crate) fn stopped(&self, code: Option<i64>) -> Outcome {
        let code = code.ok_or("the engine gave no exit code")?;
        self.say("stopped", format_args!("exit code {code}"));
        let shown = self.shown();
        let said = |line: &str| shown.lines.iter().any(|l| l == line);
        let all = ["stdout     this goes to stdout", "stderr     and this to stderr"].into_iter().all(said);
        match all && said("stdout     told to stop, so goodbye") && code == 0 {
            true => Ok(()),
            false => Err("the container did not say what it should, or not where it should".into()),
        }
    }

    /// The container is gone.
    pub(crate) fn removed(&self, id: &str) {
        self.say("removed", format_args!("container {}", short(id)));
    }

    /// The image is gone, and not only one of its names.
    pub(crate) fn removed_image(&self, id: &str, items: &[ImageDeleteResponseItem]) -> Outcome {
        self.say("removed", format_args!("image {}", short(id)));
        match items.iter().any(|item| item.deleted.as_deref().is_some_and(|deleted| short(deleted) == short(id))) {
            true => Ok(()),
            false => Err("the engine kept the image".into()),
        }
    }

    /// Something happened. True if it was the end of the container.
    pub(crate) fn event(&self, event: &EventMessage) -> Outcome<bool> {
        let actor = event.actor.as_ref().ok_or("an event without an actor")?;
        if event.kind != Some(EventType::Container) {
            return Err("an event that was not asked for".into());
        }
        let action = event.action.as_deref().unwrap_or_default();
        let time = event.time_nano.unwrap_or_default();
        let mut shown = self.shown();
        let since = time - *shown.first_event.get_or_insert(time);
        let mut line = format!("{:10} {:7.3} s  {action}", "event", since as f64 / 1e9);
        for name in ["signal", "exitCode"] {
            if let Some(value) = actor.attributes.get(name) {
                line += &format!(", {name} {value}");
            }
        }
        print(&line);
        shown.events.push(line);
        shown.happened.push((action.into(), actor.id.clone().unwrap_or_default()));
        // Docker's word and Podman's.
        Ok(matches!(action, "destroy" | "remove"))
    }

    /// The events told the story.
    pub(crate) fn followed(&self) -> Outcome {
        let shown = self.shown();
        let seen = |what: &str| shown.happened.iter().any(|(action, _)| action.starts_with(what));
        if shown.happened.iter().any(|(_, id)| *id != shown.container) {
            return Err("an event was not about the container".into());
        }
        match ["create", "start", "exec", "die"].into_iter().find(|what| !seen(what)) {
            Some(missing) => Err(format!("no event told of: {missing}").into()),
            None => Ok(()),
        }
    }

    /// What went wrong, said before what was made is removed.
    pub(crate) fn failed(&self, why: impl Display) {
        eprintln!("failed: {why}; removing what was made");
    }
}
