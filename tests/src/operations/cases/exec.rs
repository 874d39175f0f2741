//! Commands in a running container.

use crate::cover::Cover;
use crate::engine::{Container, Failure, STAYS, until};
use docker_blocking::api::archive::Stat;
use docker_blocking::api::exec::{Create, Inspect, Resize, Start, StartDetached};
use docker_blocking::model::ExecConfig;
use std::io::Write;

fn create(cover: &Cover, c: &Container, config: ExecConfig) -> Result<String, Failure> {
    cover.call(Create::new(&*c.id, config))?.id.ok_or_else(|| "no id".into())
}

fn script(text: &str) -> ExecConfig {
    ExecConfig::new().cmd(["sh", "-c", text]).attach_stdout(true).attach_stderr(true)
}

pub fn input_output_and_code(cover: &Cover) -> Result<(), Failure> {
    let c = Container::run(&cover.docker, STAYS)?;
    let config = script("cat; echo $WHO >&2; pwd; exit 3").attach_stdin(true).env(["WHO=me"]).working_dir("/tmp");
    let id = create(cover, &c, config)?;
    let before = cover.call(Inspect::new(&*id))?;
    assert_eq!((before.running, before.container_id.as_deref()), (Some(false), Some(&*c.id)));
    let mut session = cover.open(Start::new(&*id))?;
    session.input().write_all(b"text\n")?;
    session.input().close()?;
    assert_eq!(session.collect_all()?, (b"text\n/tmp\n".to_vec(), b"me\n".to_vec()));
    let after = until("the command has ended", || {
        let now = cover.call(Inspect::new(&*id))?;
        Ok((now.running == Some(false)).then_some(now))
    })?;
    assert_eq!(after.exit_code, Some(3));
    let process = after.process_config.ok_or("no process")?;
    assert_eq!((process.entrypoint.as_deref(), process.tty), (Some("sh"), Some(false)));
    Ok(())
}

pub fn without_waiting(cover: &Cover) -> Result<(), Failure> {
    let c = Container::run(&cover.docker, STAYS)?;
    let id = create(cover, &c, script("touch /ran"))?;
    cover.call(StartDetached::new(&*id))?;
    until("the command has run", || match cover.docker.call(Stat::new(&*c.id, "/ran")) {
        Ok(stat) => Ok(Some(stat)),
        Err(e) if e.is_not_found() => Ok(None),
        Err(e) => Err(e.into()),
    })?;
    Ok(())
}

pub fn the_size_of_a_terminal(cover: &Cover) -> Result<(), Failure> {
    let c = Container::run(&cover.docker, STAYS)?;
    let text = "trap 'stty size; exit' WINCH; echo ready; while :; do sleep 0.1; done";
    let id = create(cover, &c, script(text).tty(true).attach_stdin(true))?;
    let mut session = cover.open(Start::new(&*id).tty(true))?;
    let (mut seen, mut resized) = (String::new(), false);
    while let Some(piece) = session.try_next()? {
        seen.push_str(&String::from_utf8_lossy(&piece.bytes));
        if seen.contains("ready") && !resized {
            cover.call(Resize::new(&*id, 33, 99))?;
            resized = true;
        }
    }
    assert_eq!(seen, "ready\r\n33 99\r\n");
    Ok(())
}
