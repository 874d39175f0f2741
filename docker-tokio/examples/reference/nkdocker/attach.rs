//! Talks to the shell of a container: asks for its host name, and reads the answer on the same connection.

use crate::shared::Outcome;
use docker_tokio::Docker;
use docker_tokio::api::containers::Attach;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};

pub(crate) async fn main(docker: &Docker, container: &str) -> Outcome {
    let attach = Attach::new(container).stream(true).stdin(true).stdout(true).stderr(true);
    let (shown, mut typed) = docker.open(attach).await?.into_terminal()?.split();
    // What comes back first is what was typed: a terminal shows it.
    typed.write_all(b"cat /etc/hostname; echo end of $((6 * 7))\r\n").await?;
    let mut lines = BufReader::new(shown).lines();
    while let Some(line) = lines.next_line().await? {
        println!("{}", line.trim_end());
        if line.contains("end of 42") {
            break;
        }
    }
    Ok(())
}
