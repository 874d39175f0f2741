//! The inside of the engine's own process: counters and profiles of its Go runtime.
//!
//! For those who debug the engine. Paths are sent without a version, which every engine takes. An engine that does not
//! offer them answers 404.

use crate::op::{Json, RawBytes, Text};
use serde_json::Value;

operation! {
    /// Gives the engine's counters, in whatever form it has them.
    ///
    /// Errors: 404 the engine does not offer it.
    ///
    /// Next: nothing.
    debug::Vars = "DebugVars", Get "/debug/vars" => Json<Value> { unversioned yes undocumented yes }
}

operation! {
    /// Lists the profiles there are, as a page of HTML.
    ///
    /// Errors: 404 the engine does not offer it.
    ///
    /// Next: [`Named`] gives one.
    debug::Index = "DebugPprofIndex", Get "/debug/pprof/" => Text { unversioned yes undocumented yes }
}

operation! {
    /// Tells the command line of the engine, its arguments with a NUL byte between them.
    ///
    /// Errors: 404 the engine does not offer it.
    ///
    /// Next: nothing.
    debug::Cmdline = "DebugPprofCmdline", Get "/debug/pprof/cmdline" => Text { unversioned yes undocumented yes }
}

operation! {
    /// Profiles the CPU time of the engine, for a while.
    ///
    /// The bytes come at the end, in the format of pprof.
    ///
    /// Errors: 404 the engine does not offer it; 500 another profile is being taken.
    ///
    /// Next: read it with `go tool pprof`.
    debug::Profile = "DebugPprofProfile", Get "/debug/pprof/profile" => RawBytes {
        query {
            /// How long, in seconds; 30 if left out.
            seconds: i64,
        }
        patience Slow
        unversioned yes
        undocumented yes
    }
}

operation! {
    /// Tells whether the engine can name the functions at program addresses.
    ///
    /// Errors: 404 the engine does not offer it.
    ///
    /// Next: nothing.
    debug::Symbol = "DebugPprofSymbol", Get "/debug/pprof/symbol" => Text { unversioned yes undocumented yes }
}

operation! {
    /// Records what the engine's scheduler does, for a while.
    ///
    /// The bytes come as they are made, in the format of Go's execution traces.
    ///
    /// Errors: 404 the engine does not offer it; 500 another trace is being taken.
    ///
    /// Next: read it with `go tool trace`.
    debug::Trace = "DebugPprofTrace", Get "/debug/pprof/trace" => RawBytes {
        query {
            /// How long, in seconds; 1 if left out.
            seconds: i64,
        }
        patience Slow
        unversioned yes
        undocumented yes
    }
}

operation! {
    /// Gives one profile by its name: `heap`, `goroutine`, `allocs`, `block`, `mutex`, `threadcreate`.
    ///
    /// Errors: 404 no such profile, or the engine does not offer it.
    ///
    /// Next: read it with `go tool pprof`.
    debug::Named = "DebugPprof", Get "/debug/pprof/{name}" => RawBytes {
        path {
            /// Name of the profile.
            name: Segment
        }
        patience Slow
        unversioned yes
        undocumented yes
    }
}
