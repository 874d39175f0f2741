//! Logs and attach: what comes out of a container, framed or not.

use super::Failure;
use crate::engine::{Engine, shell};
use crate::runtime::{Input, Items, Runtime};
use docker_proto::api::containers::{Attach, AttachOutput, Logs};
use docker_proto::model::{ApiVersion, HostConfig};
use docker_proto::session::{Config, Endpoint, PoolLimits, VersionChoice};
use docker_proto::wire::{Piece, StreamKind};

/// Stdout and stderr of pieces.
pub fn apart(pieces: Vec<Piece>) -> (String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    for piece in pieces {
        match piece.stream {
            StreamKind::Stderr => err.extend_from_slice(&piece.bytes),
            StreamKind::Stdout => out.extend_from_slice(&piece.bytes),
        }
    }
    (String::from_utf8_lossy(&out).into_owned(), String::from_utf8_lossy(&err).into_owned())
}

fn both(id: &str) -> Logs {
    Logs::new(id).stdout(true).stderr(true)
}

const SCRIPT: &str = "echo out; echo err >&2; printf 'no newline'";

pub async fn logs_without_a_terminal_come_apart<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let c = engine.shell(&docker, SCRIPT).await?;
    c.start().await?;
    c.exit().await?;
    let expected = ("out\nno newline".to_owned(), "err\n".to_owned());
    assert_eq!(apart(docker.begin(both(&c.id)).all().await?), expected);
    // Said by the caller, nothing need be asked.
    assert_eq!(apart(docker.begin(both(&c.id).tty(false)).all().await?), expected);
    assert_eq!(apart(docker.begin(Logs::new(&*c.id).stderr(true)).all().await?), (String::new(), "err\n".into()));
    let stamped = apart(docker.begin(both(&c.id).timestamps(true)).all().await?).1;
    assert!(stamped.starts_with("20") && stamped.ends_with(" err\n"), "{stamped}");
    Ok(())
}

pub async fn logs_with_a_terminal_come_raw<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    // Bytes that a guess from the payload takes for frame headers.
    let c = engine.container(&docker, shell("printf '\\001\\002abc\\n'; echo err >&2").tty(true)).await?;
    c.start().await?;
    c.exit().await?;
    let expected = ("\u{1}\u{2}abc\r\nerr\r\n".to_owned(), String::new());
    assert_eq!(apart(docker.begin(both(&c.id)).all().await?), expected);
    assert_eq!(apart(docker.begin(both(&c.id).tty(true)).all().await?), expected);
    Ok(())
}

pub async fn follow_ends_with_the_container<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    for tty in [false, true] {
        let c = engine.container(&docker, shell("echo one; sleep 0.3; echo two").tty(tty)).await?;
        c.start().await?;
        let (out, _) = apart(docker.begin(both(&c.id).follow(true)).all().await?);
        assert_eq!(out.replace('\r', ""), "one\ntwo\n", "tty {tty}");
    }
    Ok(())
}

pub async fn a_pinned_version_reads_the_same<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    // Below 1.42 the content type lies, above it does not: the same engine on both sides of it.
    for version in [ApiVersion::new(1, 41), ApiVersion::new(1, 44)] {
        let endpoint = Endpoint::parse(&engine.url)?;
        let mut config = Config::new(&endpoint);
        config.version = VersionChoice::Pinned(version);
        let docker = R::new(endpoint, config, PoolLimits::default());
        let newest: R = engine.client();
        newest.call(docker_proto::api::containers::List::new()).await?;
        let knows = newest.call(docker_proto::api::system::Ping::new()).await?.api_version;
        if version > ApiVersion::parse(&knows.unwrap_or_default())? {
            continue;
        }
        for tty in [false, true] {
            let c = engine.container(&docker, shell("echo out; echo err >&2").tty(tty)).await?;
            c.start().await?;
            c.exit().await?;
            let (out, err) = apart(docker.begin(both(&c.id)).all().await?);
            match tty {
                false => assert_eq!((&*out, &*err), ("out\n", "err\n"), "{version}"),
                true => assert_eq!((&*out, &*err), ("out\r\nerr\r\n", ""), "{version}"),
            }
        }
    }
    Ok(())
}

pub async fn attach_before_start_misses_nothing<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    for tty in [false, true] {
        let c = engine.container(&docker, shell("echo first; echo last").tty(tty)).await?;
        let mut output = docker.begin(AttachOutput::new(&*c.id).stream(true).stdout(true).stderr(true));
        output.head().await?;
        c.start().await?;
        let (out, _) = apart(output.all().await?);
        assert_eq!(out.replace('\r', ""), "first\nlast\n", "tty {tty}");
    }
    let e = docker.begin(AttachOutput::new("nobody").stream(true).stdout(true)).head().await.err().ok_or("attached")?;
    assert!(e.is_not_found() && e.message().to_lowercase().contains("no such container"), "{e}");
    Ok(())
}

pub async fn attach_takes_stdin<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let body = shell("read line; echo \"got $line\"; cat; echo end")
        .open_stdin(true)
        .stdin_once(true)
        .attach_stdin(true)
        .host_config(HostConfig::new().network_mode("none"));
    let c = engine.container(&docker, body).await?;
    let attach = Attach::new(&*c.id).stream(true).stdin(true).stdout(true).stderr(true);
    let (mut output, mut input) = docker.open(attach).await?;
    c.start().await?;
    input.write(b"hello\nrest\n").await?;
    // The process has read its line before its input ends.
    let mut seen = String::new();
    while !seen.contains("got hello") {
        let piece = output.next().await.ok_or("ended early")??;
        seen.push_str(std::str::from_utf8(&piece.bytes)?);
    }
    input.close().await?;
    seen.push_str(&apart(output.all().await?).0);
    assert_eq!(seen, "got hello\nrest\nend\n");
    assert_eq!(c.exit().await?, 0);
    Ok(())
}
