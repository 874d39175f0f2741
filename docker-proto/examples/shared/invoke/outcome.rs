//! What became of a process whose output has ended.
//!
//! The end of a hijacked stream proves nothing: it has no other end marker than the end of the connection, and an engine
//! that is killed looks the same. So the engine is asked, until it knows or time is up:
//!
//! | the output ended, and then | exit code |
//! |---|---|
//! | the command has ended: its code, if not 0, is told on stderr | 0 |
//! | its record is gone, or it still does not end | 1 |
//! | the container runs on, after its input was half-closed: many engines detach then | 0 |
//! | the container runs on, and nothing could have detached us | 1 |
//! | only the log of the container was asked for, whatever it does | 0 |
//! | the engine cannot be reached | 3 |

use super::args::Verb;
use super::{Stop, say};
use docker_proto::jobs;
use docker_proto::model::{ContainerInspectResponse, ContainerState};
use docker_proto::op::{AnyItem, Invoke, Kind};
use docker_proto::{Error, Result};
use std::time::{Duration, Instant};

/// Engines close the output before they note the end of the process.
const PATIENCE: Duration = Duration::from_secs(10);
/// The same where the process may just as well live on.
const SHORT_PATIENCE: Duration = Duration::from_secs(2);
const PAUSE: Duration = Duration::from_millis(20);

/// Asks the engine, if the operation is one after which it must be asked. The adapter sends the question.
pub(crate) struct Outcome {
    question: Option<Invoke>,
    subject: Subject,
    until: Option<Instant>,
}

#[derive(Clone, Copy)]
enum Subject {
    Exec,
    /// An attach, and whether it was to go on with live output, and whether it got input.
    Container {
        live: bool,
        input: bool,
    },
}

impl Outcome {
    pub(crate) fn new(invoke: &Invoke, verb: &Verb) -> Result<Self> {
        let live = invoke.get("stream").is_some_and(|v| matches!(v, "1" | "true"));
        let (question, subject) = match (invoke.view().kind, invoke.view().id) {
            (Kind::Session, "ExecStart") => (Some("ExecInspect"), Subject::Exec),
            (Kind::Session | Kind::Websocket, _) => {
                let input = matches!(verb, Verb::Open { stdin: true });
                (Some("ContainerInspect"), Subject::Container { live, input })
            }
            _ => (None, Subject::Exec),
        };
        let question = match (question, invoke.get("id")) {
            (Some(question), Some(id)) => Some(Invoke::new(question)?.set("id", id)?),
            // Without an id the call itself is refused.
            _ => None,
        };
        Ok(Self { question, subject, until: None })
    }

    /// What to ask now; `None` once the outcome is known.
    pub(crate) fn question(&self) -> Option<Invoke> {
        self.question.clone()
    }

    /// Takes the answer and says how long to wait before the next question.
    pub(crate) fn answer(&mut self, answer: Result<Vec<AnyItem>>) -> Result<Duration, Stop> {
        let answer = match answer {
            Ok(items) => items,
            Err(e) if e.is_not_found() => return Err(Stop::Unknown(format!("{e}"))),
            Err(e) => return Err(e.into()),
        };
        let Some(AnyItem::Json(text)) = answer.first() else {
            return Err(Error::protocol("the engine does not say how the process is").into());
        };
        let end = match self.subject {
            Subject::Exec => jobs::Outcome::of_exec(&serde_json::from_slice(text).map_err(broken)?)?.code(),
            Subject::Container { live: true, .. } => container(&serde_json::from_slice(text).map_err(broken)?),
            Subject::Container { live: false, .. } => Some(0),
        };
        if let Some(code) = end {
            self.question = None;
            if code != 0 {
                say(&format!("exit code {code}"));
            }
            return Ok(Duration::ZERO);
        }
        let detached = matches!(self.subject, Subject::Container { input: true, .. });
        let patience = if detached { SHORT_PATIENCE } else { PATIENCE };
        if Instant::now() < *self.until.get_or_insert_with(|| Instant::now() + patience) {
            return Ok(PAUSE);
        }
        if !detached {
            return Err(Stop::Unknown("the output ended, but the process has not, as the engine says".into()));
        }
        self.question = None;
        say("detached: the container runs on");
        Ok(Duration::ZERO)
    }
}

fn broken(e: serde_json::Error) -> Error {
    Error::protocol(format!("the engine's answer cannot be understood: {e}"))
}

fn container(container: &ContainerInspectResponse) -> Option<i64> {
    let state: &ContainerState = container.state.as_ref()?;
    let began = state.started_at.as_deref().is_some_and(|t| !t.starts_with("0001-"));
    // One that is about to be restarted counts as running too, but has ended.
    let ended = state.running == Some(false) || state.restarting == Some(true);
    if began && ended { state.exit_code } else { None }
}
