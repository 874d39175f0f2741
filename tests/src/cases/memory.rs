//! What a reader that stops costs: the engine waits, and the client keeps nothing.
//!
//! The reader is a process of its own, this same program begun as `suite reader ...`, so that its memory can be read from
//! outside.

use super::Failure;
use crate::engine::{Engine, shell};
use crate::runtime::{Items, Output, Rests};
use docker_proto::api::containers::{AttachOutput, Start};
use docker_proto::model::{HostConfig, LogConfig};
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::time::Duration;

const SIZE: u64 = 1 << 30;
const ALLOWED_KIB: u64 = 8 << 10;
const REST: Duration = Duration::from_secs(3);

pub async fn a_reader_that_stops_keeps_little<R: Output>(engine: &Engine) -> Result<(), Failure> {
    keeps_little::<R>(engine, "items").await
}

pub async fn a_copy_to_a_writer_that_stops_keeps_little<R: Output>(engine: &Engine) -> Result<(), Failure> {
    keeps_little::<R>(engine, "copy").await
}

async fn keeps_little<R: Output>(engine: &Engine, how: &str) -> Result<(), Failure> {
    let docker: R = engine.client();
    let host = HostConfig::new().network_mode("none").log_config(LogConfig::new().kind("none"));
    let c = engine.container(&docker, shell("dd if=/dev/zero bs=1M count=1024 2>/dev/null").host_config(host)).await?;
    let mut reader = Command::new(std::env::current_exe()?)
        .args(["reader", R::NAME, &engine.url, &c.id, how])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut said = BufReader::new(reader.stdout.take().ok_or("no stdout")?).lines();
    let said = said.next().ok_or("the reader said nothing")??;
    let (total, base) = said.split_once(' ').ok_or("the reader said too little")?;
    let (total, base): (u64, u64) = (total.parse()?, base.parse()?);
    let peak = peak(&format!("/proc/{}/status", reader.id()))?;
    reader.stdin.take().ok_or("no stdin")?.write_all(b"\n")?;
    reader.wait()?;
    assert_eq!(total, SIZE);
    let grown = peak.saturating_sub(base);
    assert!(grown < ALLOWED_KIB, "{} grew by {grown} KiB while it read {total} bytes", R::NAME);
    eprintln!("memory: {} ({how}) read {total} bytes from {}, {base} KiB grew by {grown} KiB", R::NAME, engine.name);
    Ok(())
}

/// The most that a process had in memory so far, in KiB.
fn peak(status: &str) -> Result<u64, Failure> {
    let status = std::fs::read_to_string(status)?;
    let peak = status.lines().find_map(|l| l.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    Ok(peak.trim().trim_end_matches(" kB").parse()?)
}

/// The reader: attaches, starts the container, reads, stops for a while, reads on, and says how much came.
pub fn reader<R: Output>(url: &str, id: &str, how: &str) -> Result<(), Failure> {
    let (total, base) = R::block_on(async {
        let docker = R::connect(url);
        let mut output = docker.begin(AttachOutput::new(id).stream(true).stdout(true).stderr(true));
        output.head().await?;
        // The program itself, which is the whole suite and grows with it, is not what is measured.
        let base = peak("/proc/self/status")?;
        docker.call(Start::new(id)).await?;
        // Neither rest is a wait for something: the test is what happens meanwhile.
        if how == "copy" {
            let mut writer = Rests { written: 0, after: SIZE / 4, rest: Some(REST) };
            R::copy_merged(output, &mut writer).await?;
            assert_eq!(writer.rest, None);
            return Ok((writer.written, base));
        }
        let (mut total, mut rested) = (0, false);
        while let Some(piece) = output.next().await {
            total += piece?.bytes.len() as u64;
            if total > SIZE / 4 && !rested {
                R::sleep(REST).await;
                rested = true;
            }
        }
        Ok::<_, Failure>((total, base))
    })?;
    println!("{total} {base}");
    // Stays until its memory was read.
    std::io::stdin().read_line(&mut String::new())?;
    Ok(())
}
