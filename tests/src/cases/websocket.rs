//! Attach over a websocket, on a unix socket, over TCP and over TLS.

use super::Failure;
use crate::engine::{Engine, shell};
use crate::runtime::{Input, Items, Runtime};
use crate::tls::{self, Authority, Door};
use docker_proto::api::containers::{AttachWebsocket, Pause, Unpause};
use docker_proto::model::ApiVersion;
use docker_proto::session::{Config, Endpoint, PoolLimits, VersionChoice};
use docker_proto::tls::Tls;

fn attach(engine: &Engine, id: &str) -> AttachWebsocket {
    let op = AttachWebsocket::new(id).stream(true);
    // Below API 1.42 all three are attached.
    match &*engine.name {
        "d20" | "podman" => op,
        _ => op.stdin(true).stdout(true).stderr(true),
    }
}

/// Podman has no websockets, and says so.
async fn absent<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let c = engine.shell(&docker, "exit 0").await?;
    let e = docker.open(attach(engine, &c.id)).await.err().ok_or("podman has no websockets")?;
    assert!(e.status() == Some(404) && e.message().contains("Not Found"), "{e}");
    Ok(())
}

/// The lines of stdout and stderr, which are two pipes: which of them is read first is not said.
fn lines(bytes: &[u8]) -> Vec<String> {
    let mut lines: Vec<String> = String::from_utf8_lossy(bytes).lines().map(Into::into).collect();
    lines.sort();
    lines
}

/// Reads until what came holds `text`.
async fn until<I: Items<AttachWebsocket>>(output: &mut I, seen: &mut String, text: &str) -> Result<(), Failure> {
    while !seen.contains(text) {
        let bytes = output.next().await.ok_or_else(|| format!("ended after {seen:?}"))??;
        seen.push_str(&String::from_utf8_lossy(&bytes));
    }
    Ok(())
}

pub async fn a_dialogue_over_unix_tcp_and_tls<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    if engine.is_podman() {
        return absent::<R>(engine).await;
    }
    let ca = Authority::new("the engine's authority")?;
    let door = Door::new(ca.loopback()?).open(&engine.url)?;
    let endpoints = [
        Endpoint::parse(&engine.url)?,
        Endpoint::parse(&format!("tcp://{}", tls::forward(&engine.url)?))?,
        tls::endpoint(door, Tls::new().ca(ca.certificate))?,
    ];
    let script = "echo up >&2; while read line; do echo \"got $line\"; done; echo end; exit 7";
    for endpoint in endpoints {
        let docker: R = tls::client(endpoint);
        let body = shell(script).attach_stdin(true).open_stdin(true).stdin_once(true);
        let c = engine.container(&docker, body).await?;
        let (mut output, mut input) = docker.open(attach(engine, &c.id)).await?;
        c.start().await?;
        let mut seen = String::new();
        for word in ["one", "two", "three"] {
            input.write(format!("{word}\n").as_bytes()).await?;
            until(&mut output, &mut seen, &format!("got {word}\n")).await?;
        }
        // The end of the input, and not of the output.
        input.close().await?;
        until(&mut output, &mut seen, "end\n").await?;
        if let Some(more) = output.next().await {
            return Err(format!("{more:?} behind the end").into());
        }
        assert_eq!(seen.replace("up\n", ""), "got one\ngot two\ngot three\nend\n");
        assert!(seen.contains("up\n"), "stderr is mixed in: {seen}");
        assert_eq!(c.exit().await?, 7);
    }
    Ok(())
}

pub async fn output_alone_ends_cleanly<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    if engine.is_podman() {
        return absent::<R>(engine).await;
    }
    let docker: R = engine.client();
    for tty in [false, true] {
        let c = engine.container(&docker, shell("echo first; echo last >&2").tty(tty)).await?;
        let op = AttachWebsocket::new(&*c.id).stream(true);
        let op = if engine.name == "d20" { op } else { op.stdout(true).stderr(true) };
        let (output, _input) = docker.open(op.clone()).await?;
        c.start().await?;
        let bytes = output.all().await?.concat();
        assert_eq!(lines(&bytes), ["first", "last"], "tty {tty}");
        // Nothing but the log, of a container that does not run.
        c.exit().await?;
        let bytes = docker.begin(op.stream(false).logs(true)).all().await?.concat();
        assert_eq!(lines(&bytes), ["first", "last"], "the log, tty {tty}");
    }
    Ok(())
}

pub async fn old_versions_send_text_that_is_none<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    if engine.is_podman() {
        return absent::<R>(engine).await;
    }
    let endpoint = Endpoint::parse(&engine.url)?;
    let mut config = Config::new(&endpoint);
    config.version = VersionChoice::Pinned(ApiVersion::new(1, 27));
    let docker = R::new(endpoint, config, PoolLimits::default());
    let body = shell("printf '\\377\\376'; cat; printf '\\200'").attach_stdin(true).open_stdin(true).stdin_once(true);
    let c = engine.container(&docker, body).await?;
    let (output, mut input) = docker.open(AttachWebsocket::new(&*c.id).stream(true)).await?;
    c.start().await?;
    input.write(b"\xC3").await?;
    input.close().await?;
    assert_eq!(output.all().await?.concat(), b"\xFF\xFE\xC3\x80");
    Ok(())
}

pub async fn megabytes_go_both_ways<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    if engine.is_podman() {
        return absent::<R>(engine).await;
    }
    const SIZE: usize = 4 << 20;
    let docker: R = engine.client();
    let body = shell("cat").attach_stdin(true).open_stdin(true).stdin_once(true);
    let c = engine.container(&docker, body).await?;
    let (mut output, mut input) = docker.open(attach(engine, &c.id)).await?;
    c.start().await?;
    let sent: Vec<u8> = (0..SIZE).map(|i| (i % 251) as u8).collect();
    let expected = sent.clone();
    let write = Box::pin(async move {
        input.write(&sent).await.map_err(|e| e.to_string())?;
        input.close().await.map_err(|e| e.to_string())?;
        Ok(Vec::new())
    });
    let read = Box::pin(async move {
        let mut got = Vec::new();
        while let Some(item) = output.next().await {
            got.extend_from_slice(&item.map_err(|e| e.to_string())?);
        }
        Ok(got)
    });
    let mut results = R::all::<Result<Vec<u8>, String>>(vec![write, read]).await;
    let got = results.pop().ok_or("no result")??;
    results.pop().ok_or("no result")??;
    assert!(got == expected, "the echo differs, {} of {SIZE} bytes", got.len());
    Ok(())
}

pub async fn refusals_are_the_engines_words<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    if engine.is_podman() {
        return absent::<R>(engine).await;
    }
    let docker: R = engine.client();
    let e = docker.open(attach(engine, "nobody")).await.err().ok_or("attached to nobody")?;
    assert!(e.is_not_found() && e.message().to_lowercase().contains("no such container"), "{e}");
    let c = engine.shell(&docker, "sleep 60").await?;
    c.start().await?;
    docker.call(Pause::new(&*c.id)).await?;
    let e = docker.open(attach(engine, &c.id)).await.err().ok_or("attached to a paused container")?;
    assert!(e.status() == Some(409) && e.message().contains("paused"), "{e}");
    docker.call(Unpause::new(&*c.id)).await?;
    Ok(())
}
