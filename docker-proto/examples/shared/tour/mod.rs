//! What the `tour` of every adapter has in common: what is asked for, what is shown, and the engine in memory. Nothing here
//! talks to an engine; that is in the example itself.

mod program;
pub(crate) mod replay;
mod show;
mod tar;

pub(crate) use replay::{Played, Replay};
pub(crate) use show::Show;
pub(crate) use tar::{tar, untar};

use docker_proto::model::{ContainerCreateBody, ExecConfig, HostConfig, SystemVersion};
use std::process::{self, ExitCode};
use std::{env, fs};

/// The result of everything in the tour.
pub(crate) type Outcome<T = ()> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Where the program stands in the container.
const PROGRAM: &str = "docker-proto-tour";
/// What the command gets on its stdin.
pub(crate) const INPUT: &[u8] = b"good morning\n";

/// What this run calls the things it makes, and whether it makes its own image.
pub(crate) struct Plan {
    /// The name of the container.
    pub(crate) name: String,
    /// The name of the image, and its tag.
    pub(crate) image: [String; 2],
    /// Does not look for a local image.
    pub(crate) import: bool,
}

impl Plan {
    /// Names that no other run on this machine has.
    pub(crate) fn live(import: bool) -> Self {
        Self::named(process::id().to_string(), import)
    }

    /// The names in the recording.
    pub(crate) fn recorded() -> Self {
        Self::named("recorded".into(), true)
    }

    fn named(run: String, import: bool) -> Self {
        Self { name: format!("{PROGRAM}-{run}"), image: [PROGRAM.into(), run], import }
    }

    /// The container: the tour's program in this image, without a network, and nothing of what the image says.
    pub(crate) fn container(&self, image: &str) -> ContainerCreateBody {
        ContainerCreateBody::new()
            .image(image)
            .entrypoint([format!("/{PROGRAM}")])
            .user("0:0")
            .stop_signal("SIGTERM")
            .host_config(HostConfig::new().network_mode("none"))
    }

    /// The command: the program once more, told to echo.
    pub(crate) fn command(&self) -> ExecConfig {
        ExecConfig::new()
            .cmd([&*format!("/{PROGRAM}"), "echo"])
            .attach_stdin(true)
            .attach_stdout(true)
            .attach_stderr(true)
    }
}

/// What the tour made, to be removed at the end.
#[derive(Default)]
pub(crate) struct Made {
    /// The container's id.
    pub(crate) container: Option<String>,
    /// The image's id.
    pub(crate) image: Option<String>,
}

/// A tar with the program for this engine: an image, and what goes into the container.
pub(crate) fn program(version: &SystemVersion) -> Outcome<Vec<u8>> {
    let platform = (version.os.as_deref().unwrap_or_default(), version.arch.as_deref().unwrap_or_default());
    match platform {
        ("linux", arch) => program::program(arch),
        _ => None,
    }
    .map(|program| tar(PROGRAM, 0o755, &program))
    .ok_or_else(|| format!("the tour has no program for containers on {platform:?}").into())
}

/// A tar with something to read, and where it is then.
pub(crate) fn letter() -> (Vec<u8>, &'static str) {
    (tar("letter.txt", 0o640, b"Dear engine,\nplease keep this for a moment.\n"), "/letter.txt")
}

/// What the command line asks for.
pub(crate) struct Args {
    /// `--replay [FILE]`: does not look for an engine. The text is the recording.
    pub(crate) replay: Option<String>,
    /// `--record FILE`: records the engine.
    pub(crate) record: Option<String>,
    /// `--import`: does not look for a local image.
    pub(crate) import: bool,
    /// `--runtime NAME`.
    pub(crate) runtime: Option<String>,
}

/// The recording that is built in.
pub(crate) const RECORDING: &str = include_str!("../../../../tests/transcripts/tour-d28.txt");

impl Args {
    /// Reads the command line, of which this example knows so much.
    pub(crate) fn parse(known: &[&str]) -> Outcome<Self> {
        let mut args = env::args().skip(1).peekable();
        let mut all = Self { replay: None, record: None, import: false, runtime: None };
        while let Some(arg) = args.next() {
            let mut value = || args.next_if(|a| !a.starts_with("--"));
            match &*arg {
                _ if !known.contains(&&*arg) => return Err(format!("{arg}? There is: {}", known.join(", ")).into()),
                "--replay" => {
                    all.replay = Some(value().map_or_else(|| Ok(RECORDING.into()), fs::read_to_string)?);
                }
                "--record" => all.record = Some(value().ok_or("--record needs a file")?),
                "--runtime" => all.runtime = Some(value().ok_or("--runtime needs a name")?),
                _ => all.import = true,
            }
        }
        Ok(all)
    }
}

/// The end of the program.
pub(crate) fn exit(outcome: Outcome) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("the tour failed: {e}");
            ExitCode::FAILURE
        }
    }
}
