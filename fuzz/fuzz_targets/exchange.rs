//! `cargo fuzz run --features libfuzzer exchange`
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| docker_fuzz::exchange(data));
