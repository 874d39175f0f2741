//! Event objects, one a line.

use docker_proto::model::EventMessage;
use docker_proto::wire::{Decode, Input, JsonDecoder, JsonText, RecvBuf};
use std::hint::black_box;

/// Events in a sample.
pub const EVENTS: usize = 200;

/// Events as an engine writes them, alternating between containers and networks.
pub fn sample() -> Vec<u8> {
    let id = "3f4e9c0d6b7a81523f4e9c0d6b7a81523f4e9c0d6b7a81523f4e9c0d6b7a8152";
    let mut out = String::new();
    for i in 0..EVENTS {
        let (time, nano) = (1_718_000_000 + i, 1_718_000_000_123_456_789 + i);
        out += &if i % 4 == 3 {
            format!(
                "{{\"Type\":\"network\",\"Action\":\"connect\",\"Actor\":{{\"ID\":\"{id}\",\"Attributes\":{{\"container\":\
                 \"{id}\",\"name\":\"bridge\",\"type\":\"bridge\"}}}},\"scope\":\"local\",\"time\":{time},\"timeNano\":{nano}}}\n"
            )
        } else {
            format!(
                "{{\"status\":\"start\",\"id\":\"{id}\",\"from\":\"nginx:1.27\",\"Type\":\"container\",\"Action\":\"start\",\
                 \"Actor\":{{\"ID\":\"{id}\",\"Attributes\":{{\"com.docker.compose.project\":\"shop\",\
                 \"com.docker.compose.service\":\"web\",\"image\":\"nginx:1.27\",\"maintainer\":\"NGINX Docker Maintainers \
                 <docker-maint@nginx.com>\",\"name\":\"shop-web-{i}\"}}}},\"scope\":\"local\",\"time\":{time},\
                 \"timeNano\":{nano}}}\n"
            )
        };
    }
    out.into_bytes()
}

/// By hand: lines, which is what values are if nothing is pretty-printed and nothing is missing.
pub fn lines(bytes: &[u8]) -> usize {
    let (mut count, mut from) = (0, 0);
    for lf in memchr::memchr_iter(b'\n', bytes) {
        black_box(&bytes[from..lf]);
        from = lf + 1;
        count += 1;
    }
    count
}

/// Values, undecoded.
pub fn texts(block: &mut RecvBuf) -> usize {
    let (mut decoder, mut left, mut count) = (JsonText::new(), block.len(), 0);
    let mut input = Input::new(block, &mut left);
    while let Ok(Some(text)) = decoder.decode(&mut input) {
        black_box(&text);
        count += 1;
    }
    count
}

/// By hand: lines, decoded by serde_json.
pub fn serde(bytes: &[u8]) -> usize {
    let (mut count, mut from) = (0, 0);
    for lf in memchr::memchr_iter(b'\n', bytes) {
        count += usize::from(serde_json::from_slice(&bytes[from..lf]).map(|e: EventMessage| black_box(e)).is_ok());
        from = lf + 1;
    }
    count
}

/// Values as events.
pub fn typed(block: &mut RecvBuf) -> usize {
    let (mut decoder, mut left, mut count) = (JsonDecoder::<EventMessage>::new(), block.len(), 0);
    let mut input = Input::new(block, &mut left);
    while let Ok(Some(event)) = decoder.decode(&mut input) {
        black_box(event);
        count += 1;
    }
    count
}
