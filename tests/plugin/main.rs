//! An engine plugin that does nothing but what the plugin calls of the API need to be shown: it listens where the engine
//! dials, and says what it was started with. `tests/plugin/build` makes it a program without libraries, for a plugin's root
//! file system has only what one puts in.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};

/// `Interface.Socket` of the plugin's config.json; engines bind this folder into every plugin.
const SOCKET: &str = "/run/docker/plugins/proto.sock";

fn main() -> io::Result<()> {
    // Left behind if the plugin was killed.
    let _ = std::fs::remove_file(SOCKET);
    let listener = UnixListener::bind(SOCKET)?;
    // What a plugin prints is in the engine's log.
    println!("arguments {:?}, GREETING {:?}", std::env::args().skip(1).collect::<Vec<_>>(), std::env::var("GREETING"));
    for stream in listener.incoming() {
        // One that only looks whether somebody listens closes without a word.
        let _ = serve(stream?);
    }
    Ok(())
}

/// Answers every request as if it were `POST /Plugin.Activate`.
fn serve(stream: UnixStream) -> io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut writer = stream;
    loop {
        let mut length = 0;
        let mut line = String::new();
        while line != "\r\n" {
            line.clear();
            if reader.read_line(&mut line)? == 0 {
                return Ok(());
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or(0);
            }
        }
        io::copy(&mut reader.by_ref().take(length), &mut io::sink())?;
        let body = r#"{"Implements":["dummy"]}"#;
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.plugins.v1+json\r\nContent-Length:";
        write!(writer, "{head} {}\r\n\r\n{body}", body.len())?;
    }
}
