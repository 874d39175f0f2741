//! An engine that keeps what a build sends to it.

use crate::Failure;
use crate::peer::{Connection, Peer};
use crate::tree::Tree;
use std::collections::BTreeSet;
use std::io::{self, BufRead, Read, Write};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

/// The engine.
pub struct Captured {
    peer: Peer,
    tar: Arc<Mutex<Option<Vec<u8>>>>,
}

impl Captured {
    /// Waits for builds.
    pub fn listen() -> Result<Self, Failure> {
        let tar = Arc::new(Mutex::new(None));
        let kept = tar.clone();
        let peer = Peer::unix(move |mut connection| {
            while let Some(head) = connection.head()? {
                if head.contains("/_ping ") {
                    let head = "HTTP/1.1 200 OK\r\nApi-Version: 1.45\r\nOstype: linux\r\nBuilder-Version: 1";
                    connection.writer.write_all(format!("{head}\r\nContent-Length: 0\r\n\r\n").as_bytes())?;
                } else if head.starts_with("POST ") && head.contains("/build?") {
                    let body = chunked(&mut connection)?;
                    // Whoever failed while it held the lock has said why.
                    *kept.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(body);
                    connection.json("200 OK", "{\"stream\":\"Successfully built 0123456789ab\\n\"}\r\n")?;
                } else {
                    connection.json("404 Not Found", r#"{"message":"only builds are taken here"}"#)?;
                }
            }
            Ok(())
        })?;
        Ok(Self { peer, tar })
    }

    /// What the command line sends of a tree; what it said, if it refused.
    pub fn build(&self, command: &[String], tree: &Tree) -> Result<Result<BTreeSet<String>, String>, Failure> {
        self.take();
        let (program, arguments) = command.split_first().ok_or("no command")?;
        let done = Command::new(program)
            .args(arguments)
            .args(["--host", &self.peer.url, "build", "--file"])
            .arg(tree.path.join(&tree.dockerfile))
            .arg(&tree.path)
            .env("DOCKER_BUILDKIT", "0")
            .stdin(Stdio::null())
            .output()?;
        let said = String::from_utf8_lossy(&done.stderr).trim().to_owned();
        match self.take() {
            Some(tar) if done.status.success() => Ok(Ok(names(&tar)?)),
            _ if [".dockerignore", "pattern", "permission"].iter().any(|word| said.contains(word)) => Ok(Err(said)),
            _ => Err(format!("the command line failed: {said}").into()),
        }
    }

    fn take(&self) -> Option<Vec<u8>> {
        self.tar.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take()
    }
}

fn chunked(connection: &mut Connection) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let mut line = String::new();
        connection.reader.read_line(&mut line)?;
        let size = u64::from_str_radix(line.trim(), 16).map_err(io::Error::other)?;
        let read = (&mut connection.reader).take(size).read_to_end(&mut body)? as u64;
        connection.reader.read_line(&mut line)?;
        match size {
            0 => return Ok(body),
            _ if read < size => return Err(io::ErrorKind::UnexpectedEof.into()),
            _ => {}
        }
    }
}

/// The paths in a tar, which is ustar with pax records.
pub fn names(tar: &[u8]) -> Result<BTreeSet<String>, Failure> {
    let (mut names, mut rest, mut record) = (BTreeSet::new(), tar, None);
    loop {
        let (head, behind) = rest.split_at_checked(512).ok_or("the tar has no end")?;
        if head.iter().all(|&byte| byte == 0) {
            return Ok(names);
        }
        let text = |from: usize, to: usize| head[from..to].split(|&byte| byte == 0).next().unwrap_or_default();
        let size = usize::from_str_radix(str::from_utf8(text(124, 136))?.trim(), 8)?;
        let content = behind.get(..size).ok_or("the tar is cut off")?;
        rest = behind.get(size.next_multiple_of(512)..).ok_or("the tar is cut off")?;
        if head[156] == b'x' {
            record = path_record(content);
            continue;
        }
        let prefix = text(345, 500);
        let whole = if prefix.is_empty() { text(0, 100).to_vec() } else { [prefix, b"/", text(0, 100)].concat() };
        let path = record.take().unwrap_or(whole);
        if !names.insert(shown(path.strip_suffix(b"/").unwrap_or(&path))) {
            return Err(format!("{} is in the tar twice", shown(&path)).into());
        }
    }
}

/// A path as it is compared and printed: names that are no UTF-8 with their bytes escaped, as everything else.
fn shown(path: &[u8]) -> String {
    path.escape_ascii().to_string()
}

/// The record `path` of a pax header: `LENGTH path=VALUE\n`, where the length is that of all of it.
fn path_record(mut records: &[u8]) -> Option<Vec<u8>> {
    while let Some(space) = records.iter().position(|&byte| byte == b' ') {
        let length: usize = str::from_utf8(&records[..space]).ok()?.parse().ok()?;
        let record = records.get(space + 1..length)?;
        if let Some(value) = record.strip_prefix(b"path=") {
            return Some(value.strip_suffix(b"\n")?.to_vec());
        }
        records = records.get(length..)?;
    }
    None
}
