//! The head of an answer.

use docker_proto::wire::{Event, Exchange, Method, RecvBuf, Request, RequestBody, RequestHead};

/// What an engine answers to a list.
pub const HEAD: &[u8] = b"HTTP/1.1 200 OK\r\nApi-Version: 1.51\r\nContent-Type: application/json\r\n\
    Docker-Experimental: false\r\nOstype: linux\r\nServer: Docker/28.5.1 (linux)\r\n\
    Date: Mon, 10 Jun 2024 06:13:20 GMT\r\nContent-Length: 3\r\n\r\n[]\n";

/// A request, and the block that its answer will be read into.
pub fn request() -> (Request, RecvBuf) {
    let mut head = RequestHead::new(Method::Get, "/v1.51/containers/json").expect("a path");
    head.header("Host", "docker").expect("a field");
    let mut block = RecvBuf::new();
    block.room();
    (head.finish(RequestBody::None), block)
}

/// By hand: httparse alone. Status and number of fields.
pub fn httparse(bytes: &[u8]) -> (u16, usize) {
    let mut space = [httparse::EMPTY_HEADER; 32];
    let mut parsed = httparse::Response::new(&mut space);
    let complete = parsed.parse(bytes).is_ok_and(|s| s.is_complete());
    (parsed.code.filter(|_| complete).unwrap_or(0), parsed.headers.len())
}

/// A whole exchange up to its head: sent, read, parsed, kept, framing decided.
pub fn exchange((request, block): (Request, RecvBuf), bytes: &[u8]) -> (u16, usize) {
    let mut exchange = Exchange::start(request, block);
    loop {
        match exchange.poll() {
            Ok(Event::NeedIo) => {
                let wants = exchange.wants();
                let wrote = wants.write.map_or(0, |parts| parts.iter().map(|p| p.len()).sum());
                let Some(room) = wants.read else { return (0, 0) };
                room[..bytes.len()].copy_from_slice(bytes);
                exchange.wrote(wrote);
                exchange.flushed();
                exchange.read(bytes.len());
            }
            Ok(Event::Head(head)) => return (head.status(), head.fields().count()),
            _ => return (0, 0),
        }
    }
}
