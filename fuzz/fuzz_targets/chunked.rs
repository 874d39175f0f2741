//! `cargo fuzz run --features libfuzzer chunked`
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| docker_fuzz::chunked(data));
