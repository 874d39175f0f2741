//! A search index on the loopback. A search for `HOST:PORT/text` makes an engine ask it: dockerd `/v1/_ping` and then
//! `/v1/search?q=text&n=25`, podman `/v2/` in place of the ping. Both try TLS first.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// What every search finds, in the words of the index.
const RESULTS: &str = r#"{"query":"","num_results":2,"num_pages":1,"page":1,"page_size":25,"results":[
    {"name":"proto/first","description":"official","star_count":7,"is_official":true,"is_automated":false,"is_trusted":true},
    {"name":"proto/second","description":"of somebody","star_count":2,"is_official":false,"is_automated":true,"is_trusted":false}]}"#;

/// An index that finds `proto/first` (official, 7 stars) and `proto/second` (automated, 2 stars), whatever is searched for.
pub struct Index {
    /// Where it listens; the first part of a term.
    pub address: SocketAddr,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Index {
    /// Starts one on a free port. It ends with the process.
    pub fn start() -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let heads = Arc::default();
        let kept = Arc::clone(&heads);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let kept = Arc::clone(&kept);
                // What went wrong on a connection is the engine's to report.
                thread::spawn(move || serve(&stream, &kept));
            }
        });
        Ok(Self { address, heads })
    }

    /// The heads of the requests so far, with their credentials.
    pub fn asked(&self) -> Vec<String> {
        self.heads.lock().unwrap_or_else(|e| e.into_inner()).clone()
    }
}

fn serve(stream: &TcpStream, heads: &Mutex<Vec<String>>) -> io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    // More than any head of an engine.
    let mut reader = BufReader::new(stream).take(1 << 16);
    loop {
        // An engine that begins with TLS waits for an answer, and gets the end of the connection.
        if !reader.fill_buf()?.first().is_some_and(u8::is_ascii_uppercase) {
            return Ok(());
        }
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if reader.read_line(&mut head)? == 0 {
                return Ok(());
            }
        }
        let path = head.split(' ').nth(1).unwrap_or_default();
        let (status, body) = match path.split('?').next().unwrap_or_default() {
            "/v1/search" => ("200 OK", RESULTS),
            "/v1/_ping" | "/v2/" => ("200 OK", "{}"),
            _ => ("404 Not Found", "{}"),
        };
        heads.lock().unwrap_or_else(|e| e.into_inner()).push(head);
        let fields = "Content-Type: application/json\r\nContent-Length:";
        let mut writer = stream;
        writer.write_all(format!("HTTP/1.1 {status}\r\n{fields} {}\r\n\r\n{body}", body.len()).as_bytes())?;
    }
}

#[cfg(test)]
mod tests {
    use super::Index;
    use std::io::{Read, Write};
    use std::net::{Shutdown, TcpStream};

    fn ask(index: &Index, bytes: &[u8]) -> String {
        let mut stream = TcpStream::connect(index.address).expect("it listens");
        stream.write_all(bytes).expect("it reads");
        let _ = stream.shutdown(Shutdown::Write);
        let mut answer = String::new();
        // A connection it does not like ends in a reset if it had more to say.
        let _ = stream.read_to_string(&mut answer);
        answer
    }

    #[test]
    fn a_search_finds_two_images() {
        let index = Index::start().expect("a port is free");
        assert!(ask(&index, b"GET /v1/_ping HTTP/1.1\r\nHost: x\r\n\r\n").ends_with("\r\n\r\n{}"));
        let answer = ask(&index, b"GET /v1/search?q=a&n=25 HTTP/1.1\r\nHost: x\r\n\r\n");
        assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains("proto/second"), "{answer}");
        let asked = index.asked();
        assert_eq!(asked.len(), 2);
        assert!(asked[1].starts_with("GET /v1/search?q=a&n=25 "));
    }

    #[test]
    fn whoever_begins_with_tls_is_not_kept_waiting() {
        let index = Index::start().expect("a port is free");
        let mut stream = TcpStream::connect(index.address).expect("it listens");
        stream.write_all(b"\x16\x03\x01\x02\x00\x01").expect("it reads");
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        assert!(answer.is_empty());
    }
}
