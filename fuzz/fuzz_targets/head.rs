//! `cargo fuzz run --features libfuzzer head`
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| docker_fuzz::head(data));
