//! `cargo fuzz run --features libfuzzer endpoint`
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| docker_fuzz::endpoint(data));
