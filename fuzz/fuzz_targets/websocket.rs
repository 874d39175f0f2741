//! `cargo fuzz run --features libfuzzer websocket`
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| docker_fuzz::websocket(data));
