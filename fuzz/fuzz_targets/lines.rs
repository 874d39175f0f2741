//! `cargo fuzz run --features libfuzzer lines`
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| docker_fuzz::lines(data));
