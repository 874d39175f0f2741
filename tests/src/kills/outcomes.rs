//! Programs that report an outcome, the examples `invoke`: not one of them may report success.

use crate::engine::{Engine, Failure};
use crate::{Arguments, Row};
use docker_blocking::api::exec;
use docker_blocking::model::ExecConfig;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};

/// Starts each of them on an exec and on an attach, and waits until it has printed something.
pub fn begin(engine: &Engine, arguments: &Arguments, container: &str) -> Result<Vec<(String, Child)>, Failure> {
    let mut programs = Vec::new();
    for (runtime, program) in &arguments.invoke {
        let config = ExecConfig::new().cmd(["sh", "-c", "while :; do echo tick; sleep 0.1; done"]).attach_stdout(true);
        let exec = engine.docker.call(exec::Create::new(container, config))?.id.ok_or("no id")?;
        let exec = vec!["ExecStart".to_owned(), format!("id={exec}")];
        let attach = ["ContainerAttach", "stream=1", "stdout=1", "stderr=1"].map(str::to_owned).to_vec();
        for words in [exec, [attach, vec![format!("id={container}")]].concat()] {
            let mut child = Command::new(program)
                .args(["--host", &engine.url])
                .args(&words)
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()?;
            let mut line = String::new();
            let mut output = BufReader::new(child.stdout.take().ok_or("no stdout")?);
            output.read_line(&mut line)?;
            // Read on, or the program would wait for us.
            std::thread::spawn(move || drop(std::io::copy(&mut output, &mut std::io::sink())));
            if line != "tick\n" {
                return Err(format!("invoke of {runtime}, {words:?}: printed {line:?}").into());
            }
            programs.push((format!("invoke of {runtime}: {}", words[0]), child));
        }
    }
    Ok(programs)
}

/// The engine was killed: each of them ends, and says why.
pub fn check(programs: Vec<(String, Child)>, rows: &mut Vec<Row>) -> Result<(), Failure> {
    for (name, mut child) in programs {
        let status = child.wait()?;
        let mut said = String::new();
        if let Some(mut stderr) = child.stderr.take() {
            stderr.read_to_string(&mut said)?;
        }
        let seen = format!("exit code {:?}: {}", status.code(), said.trim());
        let fine = status.code() == Some(3) && !said.is_empty();
        rows.push(Row::new(name, if fine { Ok(seen) } else { Err(seen) }));
    }
    Ok(())
}
