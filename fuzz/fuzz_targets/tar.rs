//! `cargo fuzz run --features libfuzzer tar`
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| docker_fuzz::tar(data));
