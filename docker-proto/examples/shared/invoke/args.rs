//! The command line.

use super::{Stop, list};
use docker_proto::api::TABLE;
use docker_proto::model::ApiVersion;
use docker_proto::op::{BodySpec, Invoke, Kind, Pick};
use docker_proto::resolve::{Answer, Ask as Question, Asking, Resolve, Step};
use docker_proto::session::{Config, Endpoint, VersionChoice};
use std::fs::File;
use std::io::{self, Write};

const USAGE: &str = "\
usage: invoke [OPTION ...] OPERATION [name=value ...]
       invoke --list [CATEGORY] [--api VERSION]
       invoke --doc OPERATION [--api VERSION]

OPERATION is an operation id. A name=value that takes many values is repeated. --list shows both: [name=TYPE] may be left
out, name=TYPE may not, TYPE... may be repeated. CATEGORY is the first segment of a path, such as containers. With --api
it shows what the published description of that version has. --doc tells all about one operation.

  --host URL       the engine, instead of DOCKER_HOST or the default socket
  --api VERSION    speak this version, or `none`, instead of DOCKER_API_VERSION or the newest that both know
  --body JSON      the JSON body; @FILE reads it from a file
  --upload FILE    the bytes to send; - is standard input
  --stdin          send standard input to the process and half-close at its end; implies stdin=1 where there is such
                   a parameter
  --tty, --no-tty  whether output comes from a terminal, where the engine does not say: saves asking it
  --runtime NAME   smol or async-std, where the adapter has the choice
";

/// What the command line asks for.
pub(crate) struct Command {
    pub(crate) endpoint: Endpoint,
    pub(crate) config: Config,
    pub(crate) invoke: Invoke,
    pub(crate) verb: Verb,
    #[allow(dead_code, reason = "one adapter has a choice")]
    pub(crate) runtime: Option<String>,
}

/// How to send it.
pub(crate) enum Verb {
    Begin,
    Upload(Source),
    Open { stdin: bool },
}

/// Where an upload comes from.
pub(crate) enum Source {
    Stdin,
    /// With its length, if it has one.
    File(File, Option<u64>),
}

impl Command {
    /// Reads the command line. `runtimes` are the values that `--runtime` can have.
    pub(crate) fn from_args(runtimes: &[&str]) -> Result<Self, Stop> {
        let Options { host, api, body, upload, stdin, tty, runtime, operation, values, ask } = Options::read(runtimes)?;
        if let Some(ask) = ask {
            let version = api.as_deref().map(ApiVersion::parse).transpose()?;
            return show(&match ask {
                Ask::List => list::list(Some(&*operation).filter(|category| !category.is_empty()), version)?,
                Ask::Doc => list::doc(&operation, version)?,
            });
        }
        let (endpoint, config) = settings(host, api)?;
        let mut invoke = Invoke::new(&operation)?;
        for (name, value) in values {
            invoke = invoke.set(&name, value)?;
        }
        if let Some(body) = body {
            invoke = invoke.body(json(body)?)?;
        }
        if let Some(tty) = tty {
            invoke = invoke.tty(tty);
        }
        // Engines never read the input of a session that did not ask for it.
        if stdin && invoke.view().param("stdin").is_some() && invoke.get("stdin").is_none() {
            invoke = invoke.set("stdin", "1")?;
        }
        let verb = verb(&invoke, upload, stdin)?;
        Ok(Self { endpoint, config, invoke, verb, runtime })
    }
}

/// The options as text.
#[derive(Default)]
struct Options {
    host: Option<String>,
    api: Option<String>,
    body: Option<String>,
    upload: Option<String>,
    stdin: bool,
    tty: Option<bool>,
    runtime: Option<String>,
    operation: String,
    values: Vec<(String, String)>,
    ask: Option<Ask>,
}

/// What to show instead of sending something. What it is about stands where an operation does.
#[derive(Clone, Copy, PartialEq)]
enum Ask {
    List,
    Doc,
}

impl Options {
    fn read(runtimes: &[&str]) -> Result<Self, Stop> {
        let mut options = Self::default();
        let mut operation = None;
        let mut words = std::env::args_os().skip(1).map(|word| {
            word.into_string().map_err(|word| Stop::Usage(format!("{} is not UTF-8", word.to_string_lossy())))
        });
        while let Some(word) = words.next().transpose()? {
            let slot = match &*word {
                "--list" | "--doc" => {
                    options.ask = Some(if word == "--list" { Ask::List } else { Ask::Doc });
                    continue;
                }
                "--help" | "-h" => return show(USAGE),
                "--stdin" => {
                    options.stdin = true;
                    continue;
                }
                "--tty" | "--no-tty" => {
                    options.tty = Some(word == "--tty");
                    continue;
                }
                "--host" => &mut options.host,
                "--api" => &mut options.api,
                "--body" => &mut options.body,
                "--upload" => &mut options.upload,
                "--runtime" if !runtimes.is_empty() => &mut options.runtime,
                _ if word.starts_with('-') => return usage(format!("there is no option {word}; see --help")),
                _ => {
                    match word.split_once('=') {
                        Some((name, value)) => options.values.push((name.into(), value.into())),
                        None if operation.is_none() => operation = Some(word),
                        None => return usage(format!("{word:?} is a second operation; parameters are name=value")),
                    }
                    continue;
                }
            };
            let Some(value) = words.next().transpose()? else { return usage(format!("{word} needs a value")) };
            if slot.replace(value).is_some() {
                return usage(format!("{word} is given twice"));
            }
        }
        if let Some(runtime) = options.runtime.as_deref().filter(|r| !runtimes.contains(r)) {
            return usage(format!("there is no runtime {runtime:?}, only {}", runtimes.join(" and ")));
        }
        match operation {
            Some(operation) => options.operation = operation,
            None if options.ask == Some(Ask::List) => {}
            None => return usage(format!("no operation is given\n{USAGE}")),
        }
        Ok(options)
    }
}

fn usage<T>(message: String) -> Result<T, Stop> {
    Err(Stop::Usage(message))
}

fn show<T>(text: &str) -> Result<T, Stop> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(Stop::Output)?;
    Err(Stop::Shown)
}

/// The environment's settings, except for what the command line says: a variable that it overrides does not matter.
fn settings(host: Option<String>, api: Option<String>) -> Result<(Endpoint, Config), Stop> {
    let resolve = host.into_iter().fold(Resolve::new(), Resolve::host);
    let mut asking = Asking::new(resolve);
    let (endpoint, mut config) = loop {
        match asking.step()? {
            Step::Done(resolved) => break resolved.client()?,
            Step::Ask(Question::Env(name)) if name == "DOCKER_API_VERSION" && api.is_some() => {
                asking.answer(Answer::Nothing);
            }
            Step::Ask(question) => asking.answer(look(question)),
        }
    };
    match api.as_deref() {
        None => {}
        Some("none") => config.version = VersionChoice::Unversioned,
        Some(version) => config.version = VersionChoice::Pinned(ApiVersion::parse(version)?),
    }
    Ok((endpoint, config))
}

/// Answers what finding an engine asks. The adapters do the same.
fn look(question: Question) -> Answer {
    let found = match question {
        Question::Env(name) => return std::env::var(name).map_or(Answer::Nothing, Answer::Text),
        Question::File(path) => std::fs::read(path).map(Answer::Bytes),
        Question::Exists(path) => std::fs::metadata(path).map(|_| Answer::Done),
        _ => Err(io::ErrorKind::Unsupported.into()),
    };
    found.unwrap_or_else(|e| {
        if e.kind() == io::ErrorKind::NotFound { Answer::Nothing } else { Answer::Failed(e.to_string()) }
    })
}

fn json(body: String) -> Result<Vec<u8>, Stop> {
    match body.strip_prefix('@') {
        None => Ok(body.into_bytes()),
        Some(path) => std::fs::read(path).or_else(|e| usage(format!("cannot read {path}: {e}"))),
    }
}

/// The verb that this view of the operation takes, if the options are made for it.
fn verb(invoke: &Invoke, upload: Option<String>, stdin: bool) -> Result<Verb, Stop> {
    let view = invoke.view();
    let id = view.id;
    let session = matches!(view.kind, Kind::Session | Kind::Upgraded | Kind::Websocket);
    if stdin && !session {
        return usage(format!("{id} is no session here: it takes no --stdin"));
    }
    match (view.body, upload) {
        (BodySpec::Upload(_), Some(path)) if path == "-" => Ok(Verb::Upload(Source::Stdin)),
        (BodySpec::Upload(_), Some(path)) => match open(&path) {
            Ok(source) => Ok(Verb::Upload(source)),
            Err(e) => usage(format!("cannot read {path}: {e}")),
        },
        (BodySpec::Upload(_), None) => usage(format!("{id} sends bytes: it needs --upload FILE, or --upload -")),
        (_, Some(_)) => {
            let with = TABLE.iter().find_map(|v| match (v.id == id, v.body, v.pick) {
                (true, BodySpec::Upload(_), Pick::Value(name, value)) => Some(format!(" without {name}={value}")),
                _ => None,
            });
            usage(format!("{id} takes no --upload{}", with.unwrap_or_default()))
        }
        (_, None) if session => Ok(Verb::Open { stdin }),
        (_, None) => Ok(Verb::Begin),
    }
}

fn open(path: &str) -> io::Result<Source> {
    let file = File::open(path)?;
    let facts = file.metadata()?;
    if facts.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    // Pipes and devices tell no length.
    Ok(Source::File(file, facts.is_file().then_some(facts.len())))
}
