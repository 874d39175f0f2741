//! A program that keeps what it reads of a log together with its position, so that it can be killed at any moment.

use crate::engine::Failure;
use crate::runtime::{self, Resumed, Runtime};
use docker_proto::api::containers::Logs;
use docker_proto::op::LogMessage;
use docker_proto::resume::{self, Entry, Position};
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};

/// The log of a container, as the tests read it.
pub fn log(id: &str) -> Logs {
    Logs::new(id).stdout(true).stderr(true).follow(true)
}

/// A message as a line of the file, without the position.
pub fn line(message: &LogMessage) -> String {
    format!("{} {}", message.stream, String::from_utf8_lossy(&message.bytes).trim_end())
}

/// `reader RUNTIME URL CONTAINER FILE`.
pub fn main(words: &[String]) -> Result<(), Failure> {
    let [_, runtime, url, id, file] = words else { return Err("reader RUNTIME URL CONTAINER FILE".into()) };
    match &**runtime {
        runtime::Tokio::NAME => read::<runtime::Tokio>(url, id, file),
        runtime::Smol::NAME => read::<runtime::Smol>(url, id, file),
        runtime::AsyncStd::NAME => read::<runtime::AsyncStd>(url, id, file),
        _ => read::<runtime::Blocking>(url, id, file),
    }
}

fn read<R: Runtime>(url: &str, id: &str, path: &str) -> Result<(), Failure> {
    let (mut file, position) = open(path)?;
    let mut policy = resume::logs(log(id));
    if let Some(position) = position {
        policy = policy.from(position);
    }
    R::block_on(async {
        let mut stream = R::connect(url).resume(policy);
        while let Some(entry) = stream.next().await {
            let text = match entry? {
                Entry::Item(message) => line(&message),
                Entry::Gap(gap) => format!("gap {gap}"),
                _ => "something else".into(),
            };
            let position = stream.position().map_or("-".into(), |p| p.to_string());
            // In one write, so that a line has both or is not complete.
            file.write_all(format!("{position}\t{text}\n").as_bytes())?;
        }
        file.write_all(b"-\tend\n")?;
        Ok(())
    })
}

/// The file with what is complete in it, and the last position.
fn open(path: &str) -> Result<(File, Option<Position>), Failure> {
    let mut file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
    let mut text = String::new();
    file.read_to_string(&mut text)?;
    let complete = text.rfind('\n').map_or(0, |newline| newline + 1);
    file.set_len(complete as u64)?;
    let last = text[..complete].lines().rev().filter_map(|line| line.split('\t').next()).find(|p| *p != "-");
    Ok((file, last.map(str::parse).transpose()?))
}
