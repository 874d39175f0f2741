//! Output read in other ways than item by item.

use super::Failure;
use crate::engine::{Engine, shell};
use crate::peer::Peer;
use crate::runtime::{Input, Items, Output};
use docker_proto::ErrorKind;
use docker_proto::api::containers::{AttachOutput, Export, Logs};
use docker_proto::api::exec;
use docker_proto::op::Operation;
use docker_proto::wire::{Line, LineEnd, StreamKind};
use std::io::{self, Write};

pub async fn bytes_are_read_and_a_cut_answer_never_ends_well<R: Output>() -> Result<(), Failure> {
    const SENT: usize = 300_000;
    for missing in [0, 1] {
        let peer = Peer::unix(move |mut c| {
            c.after_ping("1.45")?;
            write!(c.writer, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", SENT + missing)?;
            c.writer.write_all(&(0..SENT).map(|i| (i % 251) as u8).collect::<Vec<u8>>())
        })?;
        let docker = R::connect(&peer.url);
        let (all, ends) = R::read_to_end(docker.begin(Export::new("web").unchecked())).await;
        assert!(all.len() == SENT && all.iter().enumerate().all(|(i, &b)| b == (i % 251) as u8), "{}", all.len());
        for end in ends {
            match end {
                Ok(n) => assert_eq!((n, missing), (0, 0)),
                Err(e) => {
                    assert_eq!((e.kind(), missing), (io::ErrorKind::UnexpectedEof, 1));
                    let inner =
                        e.get_ref().and_then(|e| e.downcast_ref::<docker_proto::Error>()).ok_or("another error")?;
                    assert_eq!(inner.kind(), ErrorKind::Truncated);
                    assert!(inner.message().contains("1 bytes before"), "{inner}");
                }
            }
        }
    }
    Ok(())
}

fn both(id: &str) -> Logs {
    Logs::new(id).stdout(true).stderr(true)
}

/// Lines as text: those of stderr with a `!` before them, those over others with a `^`, those that something other than
/// `\n` ended with that behind them.
fn texts(lines: impl IntoIterator<Item = Line>) -> Vec<String> {
    let text = |line: Line| {
        let stream = if line.stream == StreamKind::Stderr { "!" } else { "" };
        let over = if line.over { "^" } else { "" };
        let end = match line.end {
            LineEnd::Newline => "",
            LineEnd::Return => "\\r",
            LineEnd::Cut => "...",
            LineEnd::End => "$",
        };
        format!("{stream}{over}{}{end}", line.text())
    };
    lines.into_iter().map(text).collect()
}

pub async fn logs_come_in_lines<R: Output>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let script = "printf 'one\\ntwo\\r\\n\\n10%%\\r20%%\\n'; sleep 0.2; echo err >&2; sleep 0.2; printf 'no newline'";
    let c = engine.shell(&docker, script).await?;
    c.start().await?;
    c.exit().await?;
    let lines = texts(docker.begin(both(&c.id).lines()).all().await?);
    assert_eq!(lines, ["one", "two\\r", "", "10%\\r", "^20%", "!err", "no newline$"]);
    // A terminal makes `\r\n` of every `\n`, and of `\r\n` `\r\r\n`.
    let c = engine.container(&docker, shell(script).tty(true)).await?;
    c.start().await?;
    c.exit().await?;
    let lines = texts(docker.begin(both(&c.id).lines()).all().await?);
    assert_eq!(lines, ["one\\r", "two\\r", "", "10%\\r", "^20%\\r", "err\\r", "no newline$"]);
    Ok(())
}

pub async fn a_long_line_is_one_or_comes_in_parts<R: Output>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    // More than the 16 KiB that an engine's log keeps together.
    let c = engine.shell(&docker, "head -c 40000 /dev/zero | tr '\\000' x; echo; echo short").await?;
    c.start().await?;
    c.exit().await?;
    let whole = docker.begin(both(&c.id).lines()).all().await?;
    let sizes: Vec<_> = whole.iter().map(|l| (l.bytes.len(), l.end)).collect();
    assert_eq!(sizes, [(40_000, LineEnd::Newline), (5, LineEnd::Newline)]);
    let parts = docker.begin(both(&c.id).lines().at_most(15_000)).all().await?;
    let sizes: Vec<_> = parts.iter().map(|l| (l.bytes.len(), l.end)).collect();
    let cut = (15_000, LineEnd::Cut);
    assert_eq!(sizes, [cut, cut, (10_000, LineEnd::Newline), (5, LineEnd::Newline)]);
    Ok(())
}

pub async fn progress_is_seen_while_it_moves<R: Output>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let c = engine.shell(&docker, "trap 'exit 0' TERM; while :; do sleep 0.1; done").await?;
    c.start().await?;
    for tty in [false, true] {
        // Goes on only when it is told that what it wrote was seen.
        let script = "stty -echo 2>/dev/null; for i in 10 20 30; do printf \"$i%%\\r\"; read go; done; echo done";
        let exec = c.exec(script, tty, true).await?;
        let (mut output, mut input) = docker.open(exec::Start::new(&*exec).tty(tty).lines()).await?;
        let mut seen = Vec::new();
        while let Some(line) = output.next().await {
            let line = line?;
            let progress = line.end == LineEnd::Return && line.text().ends_with('%');
            seen.push(line);
            if progress {
                input.write(b"go\n").await?;
            }
        }
        let done = if tty { "^done\\r" } else { "^done" };
        assert_eq!(texts(seen), ["10%\\r", "^20%\\r", "^30%\\r", done], "tty {tty}");
        assert_eq!(c.exec_code(&exec).await?, 0);
    }
    Ok(())
}

pub async fn output_is_collected<R: Output>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let c = engine.shell(&docker, "echo out; echo err >&2; trap 'exit 0' TERM; while :; do sleep 0.1; done").await?;
    c.start().await?;
    // Of a command that wants no stdin, by one call, on a connection of its own.
    let script = "head -c 100000 /dev/zero; echo err >&2";
    let exec = c.exec(script, false, false).await?;
    let all = docker.call(exec::Start::new(&*exec).collected()).await?;
    assert_eq!((all.stdout.len(), all.stderr_text()), (100_000, "err\n".into()));
    let exec = c.exec(script, false, false).await?;
    let e = docker.call(exec::Start::new(&*exec).collected().at_most(99_999)).await.err().ok_or("collected")?;
    assert!(e.kind() == ErrorKind::TooLarge && e.message().contains("99999"), "{e}");
    let exec = c.exec(script, false, false).await?;
    let (stdout, stderr) = docker.collect_at_most(exec::Start::new(&*exec), 100_004).await?;
    assert_eq!((stdout.len(), &*stderr), (100_000, &b"err\n"[..]));
    let exec = c.exec(script, false, false).await?;
    let e = docker.collect_at_most(exec::Start::new(&*exec), 99_999).await.err().ok_or("collected")?;
    assert_eq!(e.kind(), ErrorKind::TooLarge);
    let log = docker.call(both(&c.id).collected()).await?;
    assert_eq!((log.stdout_text(), log.stderr_text()), ("out\n".into(), "err\n".into()));
    // A refusal is a refusal.
    let e = docker.call(both("nobody").collected()).await.err().ok_or("a log")?;
    assert!(e.is_not_found(), "{e}");
    Ok(())
}

pub async fn output_is_copied<R: Output>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let script =
        "i=0; while [ $i -lt 200 ]; do echo out $i; echo err $i >&2; i=$((i + 1)); done; head -c 300000 /dev/zero";
    for tty in [false, true] {
        let c = engine.container(&docker, shell(script).tty(tty)).await?;
        let mut output = docker.begin(AttachOutput::new(&*c.id).stream(true).stdout(true).stderr(true));
        output.head().await?;
        c.start().await?;
        let (stdout, stderr, copied) = R::copy_to(output).await?;
        assert_eq!((copied.stdout, copied.stderr), (stdout.len() as u64, stderr.len() as u64));
        let numbers = |name: &str| (0..200).map(|i| format!("{name} {i}\n")).collect::<String>();
        if tty {
            assert_eq!((stdout.len(), stderr.len()), (300_000 + 2 * (numbers("out").len() + 200), 0));
        } else {
            let (text, zeros) = stdout.split_at(numbers("out").len());
            assert_eq!(
                (String::from_utf8_lossy(text), String::from_utf8_lossy(&stderr)),
                (numbers("out").into(), numbers("err").into())
            );
            assert!(zeros.len() == 300_000 && zeros.iter().all(|&b| b == 0), "{}", zeros.len());
        }
    }
    Ok(())
}

pub async fn items_come_in_batches<R: Output>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let c = engine.shell(&docker, "i=0; while [ $i -lt 1000 ]; do echo $i; i=$((i + 1)); done").await?;
    c.start().await?;
    c.exit().await?;
    let mut items = docker.begin(both(&c.id).lines());
    let (mut batch, mut all, mut turns) = (Vec::new(), Vec::new(), 0);
    while R::next_batch(&mut items, &mut batch, 100).await? > 0 {
        assert!(batch.len() <= 100);
        all.append(&mut batch);
        turns += 1;
    }
    assert_eq!(texts(all), (0..1000).map(|i| i.to_string()).collect::<Vec<_>>());
    assert!(turns < 1000, "{turns} turns for 1000 lines");
    Ok(())
}

pub async fn a_terminal_is_bytes_both_ways<R: Output>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let c = engine.shell(&docker, "trap 'exit 0' TERM; while :; do sleep 0.1; done").await?;
    c.start().await?;
    let exec = c
        .exec("printf 'name? '; read name; echo hello $name; printf 'more? '; read more; echo bye", true, true)
        .await?;
    let talk = [("name? ", "you\n"), ("more? ", "\n")];
    let shown = docker.dialogue(exec::Start::new(&*exec).tty(true), &talk).await?;
    assert_eq!(shown.replace("\r\n", "\n"), "name? you\nhello you\nmore? \nbye\n");
    assert_eq!(c.exec_code(&exec).await?, 0);
    // Two streams are not one.
    let exec = c.exec("echo out", false, true).await?;
    let e = docker.dialogue(exec::Start::new(&*exec), &[]).await.err().ok_or("a terminal")?;
    let e = e.get_ref().and_then(|e| e.downcast_ref::<docker_proto::Error>()).ok_or("another error")?;
    assert!(e.kind() == ErrorKind::Usage && e.message().contains("has no terminal"), "{e}");
    Ok(())
}
