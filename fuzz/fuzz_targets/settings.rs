//! `cargo fuzz run --features libfuzzer settings`
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| docker_fuzz::settings(data));
