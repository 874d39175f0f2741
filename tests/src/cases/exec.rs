//! Commands in a running container.

use super::Failure;
use super::output::apart;
use crate::engine::{Container, Engine};
use crate::runtime::{Input, Items, Runtime};
use docker_proto::api::archive::Stat;
use docker_proto::api::exec::{Start, StartDetached};
use docker_proto::wire::Piece;
use std::time::Duration;

async fn sleeper<R: Runtime>(engine: &Engine, docker: &R) -> Result<Container<R>, Failure> {
    let c = engine.shell(docker, "trap 'exit 0' TERM; while :; do sleep 0.1; done").await?;
    c.start().await?;
    Ok(c)
}

pub async fn output_and_code_without_a_terminal<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let c = sleeper(engine, &docker).await?;
    let exec = c.exec("echo out; echo err >&2; exit 3", false, false).await?;
    let (output, _input) = docker.open(Start::new(&*exec)).await?;
    assert_eq!(apart(output.all().await?), ("out\n".into(), "err\n".into()));
    assert_eq!(c.exec_code(&exec).await?, 3);
    // What cannot start says so in its output; only the code tells.
    let exec = c.exec("exec /no/such/program", false, false).await?;
    let (output, _input) = docker.open(Start::new(&*exec)).await?;
    apart(output.all().await?);
    assert_eq!(c.exec_code(&exec).await?, 127);
    Ok(())
}

pub async fn output_and_code_with_a_terminal<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let c = sleeper(engine, &docker).await?;
    let exec = c.exec("printf '\\001\\000prompt$ '; echo err >&2; exit 4", true, false).await?;
    let (output, _input) = docker.open(Start::new(&*exec).tty(true)).await?;
    assert_eq!(apart(output.all().await?), ("\u{1}\u{0}prompt$ err\r\n".into(), String::new()));
    assert_eq!(c.exec_code(&exec).await?, 4);
    Ok(())
}

pub async fn half_close_with_output_still_to_come<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let c = sleeper(engine, &docker).await?;
    let exec = c.exec("wc -c; sleep 0.3; echo late; echo late >&2; exit 5", false, true).await?;
    let (output, mut input) = docker.open(Start::new(&*exec)).await?;
    input.write(b"12345").await?;
    input.close().await?;
    assert_eq!(apart(output.all().await?), ("5\nlate\n".into(), "late\n".into()));
    assert_eq!(c.exec_code(&exec).await?, 5);
    Ok(())
}

pub async fn dropping_the_writer_half_closes<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let c = sleeper(engine, &docker).await?;
    let exec = c.exec("cat; echo end", false, true).await?;
    let (output, mut input) = docker.open(Start::new(&*exec)).await?;
    input.write(b"text\n").await?;
    drop(input);
    assert_eq!(apart(output.all().await?).0, "text\nend\n");
    assert_eq!(c.exec_code(&exec).await?, 0);
    Ok(())
}

pub async fn a_detached_exec_runs<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let c = sleeper(engine, &docker).await?;
    let exec = c.exec("touch /tmp/ran; exit 6", false, false).await?;
    docker.call(StartDetached::new(&*exec)).await?;
    while docker.call(Stat::new(&*c.id, "/tmp/ran")).await.is_err_and(|e| e.is_not_found()) {
        R::sleep(Duration::from_millis(10)).await;
    }
    // Podman 4.3 says of a detached command for ever that it runs.
    if !engine.is_podman() {
        assert_eq!(c.exec_code(&exec).await?, 6);
    }
    Ok(())
}

pub async fn a_big_echo_does_not_deadlock<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    const SIZE: usize = 4 << 20;
    let docker: R = engine.client();
    let c = sleeper(engine, &docker).await?;
    let exec = c.exec("cat", false, true).await?;
    let (mut output, mut input) = docker.open(Start::new(&*exec)).await?;
    let sent: Vec<u8> = (0..SIZE).map(|i| (i % 251) as u8).collect();
    let expected = sent.clone();
    // Writer and reader at the same time: neither the engine nor the client can hold it all.
    let write = Box::pin(async move {
        input.write(&sent).await.map_err(|e| e.to_string())?;
        input.close().await.map_err(|e| e.to_string())?;
        Ok(Vec::new())
    });
    let read = Box::pin(async move {
        let mut got = Vec::new();
        while let Some(item) = output.next().await {
            let Piece { bytes, .. } = item.map_err(|e| e.to_string())?;
            got.extend_from_slice(&bytes);
        }
        Ok(got)
    });
    let mut results = R::all::<Result<Vec<u8>, String>>(vec![write, read]).await;
    let got = results.pop().ok_or("no result")??;
    results.pop().ok_or("no result")??;
    assert_eq!(got.len(), SIZE);
    assert!(got == expected, "the echo differs");
    Ok(())
}
