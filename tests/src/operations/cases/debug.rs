//! What the engine's program tells of itself.

use crate::cover::Cover;
use crate::engine::Failure;
use docker_blocking::api::debug::{Cmdline, Index, Named, Profile, Symbol, Trace, Vars};

pub fn of_the_program(cover: &Cover) -> Result<(), Failure> {
    let vars = cover.call(Vars::new())?;
    assert!(vars["memstats"]["Alloc"].as_u64() > Some(0), "{vars}");
    let line = cover.call(Cmdline::new())?;
    assert!(line.split('\0').next().is_some_and(|program| program.ends_with("dockerd")), "{line}");
    assert!(cover.call(Symbol::new())?.starts_with("num_symbols: 1"));
    Ok(())
}

pub fn profiles(cover: &Cover) -> Result<(), Failure> {
    let index = cover.call(Index::new())?;
    for name in ["heap", "goroutine", "threadcreate"] {
        assert!(index.contains(name), "{index}");
        // As packed protocol buffers.
        let profile = cover.all(Named::new(name))?.concat();
        assert!(profile.starts_with(b"\x1f\x8b"), "{name}: {profile:?}");
    }
    assert!(cover.all(Profile::new().seconds(1))?.concat().starts_with(b"\x1f\x8b"));
    let trace = cover.all(Trace::new().seconds(1))?.concat();
    assert!(trace.starts_with(b"go 1."), "{:?}", trace.get(..16));
    cover.refused(Named::new("nosuch"), 404, "Unknown profile")?;
    Ok(())
}
