//! A program that leads to an engine: what `docker system dial-stdio` does, and what goes wrong with such programs.

use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::{fs, process, thread};

/// `suite bridge SOCKET PIDFILE plain|loud|dies`.
///
/// A loud one says half a megabyte on stderr, which is more than fits anywhere, before it does anything. One that dies does so once the engine says
/// `DIE`.
pub fn main(arguments: &[String]) -> crate::Outcome {
    let [_, socket, file, how] = arguments else { return Err("bridge SOCKET PIDFILE plain|loud|dies".into()) };
    fs::write(file, process::id().to_string())?;
    // Behind the name, which may hold anything: state, parent, group.
    let stat = fs::read_to_string("/proc/self/stat")?;
    let group = stat.rsplit_once(')').and_then(|(_, rest)| rest.split_whitespace().nth(2)?.parse().ok());
    if group != Some(process::id()) {
        return Err(format!("is in the group {group:?}, and a Ctrl-C for that would end it").into());
    }
    if how == "loud" {
        for n in 0..512 {
            let _ = io::stderr().write(format!("{n:1023}\n").as_bytes());
        }
    }
    let mut down = UnixStream::connect(socket)?;
    let mut up = down.try_clone()?;
    thread::spawn(move || {
        let _ = io::copy(&mut io::stdin(), &mut up);
        up.shutdown(std::net::Shutdown::Write)
    });
    let (mut room, mut stdout) = ([0; 4096], io::stdout());
    loop {
        let n = down.read(&mut room)?;
        if n == 0 {
            return Ok(());
        }
        let death = room[..n].windows(3).position(|w| w == b"DIE").filter(|_| how == "dies");
        stdout.write_all(&room[..death.unwrap_or(n)])?;
        stdout.flush()?;
        if death.is_some() {
            eprintln!("the line was cut");
            process::exit(9);
        }
    }
}
