//! What the counterparts of other systems' examples share: how text is shown, how speed is told.

use std::io::{self, Read, Write};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

pub(crate) type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

/// The end of a program: an error in words, and exit code 1.
pub(crate) fn exit(outcome: Outcome) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("Error: {e}");
            ExitCode::FAILURE
        }
    }
}

/// The arguments of this program without that flag, and whether it was among them.
pub(crate) fn args(flag: &str) -> (Vec<String>, bool) {
    let (flags, args): (Vec<_>, Vec<_>) = std::env::args().skip(1).partition(|arg| arg == flag);
    (args, !flags.is_empty())
}

/// The command whose output is measured if no other is given: a thousand times 1 MiB.
pub(crate) fn payload<'a>(cmd: &'a [&'a str]) -> &'a [&'a str] {
    match cmd {
        [] => &["dd", "if=/dev/zero", "bs=1M", "count=1000"],
        own => own,
    }
}

/// Shows what was written for one terminal safely on another: `^[` for escape, and so on. The rest goes out as it is, for a
/// piece of output may end in the middle of a character.
pub(crate) fn show(bytes: &[u8]) -> io::Result<()> {
    let mut shown = Vec::with_capacity(bytes.len());
    for &byte in bytes {
        match byte {
            b'\t' | b'\n' | b'\r' => shown.push(byte),
            0..=0x1f | 0x7f => shown.extend([b'^', byte ^ 0x40]),
            _ => shown.push(byte),
        }
    }
    io::stdout().write_all(&shown)
}

/// Bytes in how much time, and how many millions of them a second.
pub(crate) fn received(bytes: u64, time: Duration) -> String {
    let seconds = time.as_secs_f64();
    format!("Received {bytes} bytes in {seconds:.2} s: {:.1} MB/s", bytes as f64 / seconds / 1e6)
}

/// The same by the docker command, its output read by this program: as much and in how much time.
pub(crate) fn by_docker(args: &[&str], cmd: &[&str]) -> Outcome<String> {
    let begun = Instant::now();
    let mut child = Command::new("docker").args(args).args(cmd).stdout(Stdio::piped()).spawn()?;
    let mut output = child.stdout.take().ok_or("the docker command has no output")?;
    let (mut bytes, mut block) = (0, vec![0; 256 * 1024]);
    loop {
        match output.read(&mut block)? {
            0 => break,
            n => bytes += n as u64,
        }
    }
    match child.wait()? {
        end if end.success() => Ok(received(bytes, begun.elapsed())),
        end => Err(format!("docker {}: {end}", args.join(" ")).into()),
    }
}
