//! The Rust blocks of the README: that this is compiled is the test.

#![allow(dead_code, unused_mut, unused_variables)] // what a newcomer reads ends where the point is made

type Outcome = Result<(), Box<dyn std::error::Error>>;
type Signal = std::future::Pending<()>;

include!(concat!(env!("OUT_DIR"), "/readme.rs"));

#[test]
fn each_adapter_has_a_block() {
    for adapter in ["docker_tokio", "docker_smol", "docker_blocking"] {
        assert!(BLOCKS.iter().any(|name| name.ends_with(adapter)), "{adapter} in {BLOCKS:?}");
    }
}
