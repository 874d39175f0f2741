//! Traces of BuildKit.

use docker_proto::build::{Trace, TraceLog};
use docker_proto::model::Progress;
use proptest::prelude::*;
use serde_json::json;

/// A field that holds bytes.
fn field(number: u8, bytes: impl AsRef<[u8]>) -> Vec<u8> {
    let bytes = bytes.as_ref();
    let mut out = vec![number << 3 | 2];
    let mut length = bytes.len();
    while length > 0x7f {
        out.push(length as u8 | 0x80);
        length >>= 7;
    }
    out.push(length as u8);
    out.extend_from_slice(bytes);
    out
}

fn trace(bytes: Vec<u8>) -> Trace {
    use base64::Engine as _;
    let text = base64::engine::general_purpose::STANDARD.encode(&bytes);
    let trace = Trace::of(&Progress::new().id("moby.buildkit.trace").aux(json!(text))).unwrap().unwrap();
    assert_eq!(trace.bytes, bytes, "as they are");
    trace
}

fn step(name: &str, begins: bool) -> Vec<u8> {
    let time = if begins { field(5, [8, 1]) } else { Vec::new() };
    field(
        1,
        [field(1, format!("sha256:{name}")), field(2, "sha256:input"), field(3, name), vec![4 << 3, 1], time].concat(),
    )
}

fn log(text: &str) -> Vec<u8> {
    field(3, [field(1, "sha256:x"), field(2, [8, 1]), vec![3 << 3, 1], field(4, text)].concat())
}

#[test]
fn steps_and_output_are_written_down() {
    let mut written = TraceLog::new();
    assert_eq!(written.read(&trace(step("[1/2] FROM alpine", false))), "", "not begun");
    assert_eq!(written.read(&trace(step("[1/2] FROM alpine", true))), "[1/2] FROM alpine\n");
    assert_eq!(written.read(&trace([step("[1/2] FROM alpine", true), log("hello\n")].concat())), "hello\n", "once");
    assert_eq!(written.read(&trace([log("no end"), step("[2/2] RUN x", true)].concat())), "no end\n[2/2] RUN x\n");
    let warning = field(4, [field(1, "sha256:x"), vec![2 << 3, 1], field(3, "no such key")].concat());
    assert_eq!(written.read(&trace(warning)), "warning: no such key\n");
    // Fields of other kinds, and numbers to come.
    let other =
        [vec![9 << 3, 0xff, 1], vec![10 << 3 | 1, 0, 0, 0, 0, 0, 0, 0, 0], vec![11 << 3 | 5, 0, 0, 0, 0]].concat();
    assert_eq!(written.read(&trace([other, log("x")].concat())), "x");
}

#[test]
fn what_a_real_engine_sent_is_read() {
    // From 28.5: the output of a step, and its end.
    const OUTPUT: &str = "GmEKR3NoYTI1NjphMjRmNDVkZjk0ZjkyNmMyNjJlMjIzZWViMjczMzQ3YTdhYjhjNjQzNTZkZjkyNWE3Y2M0ZjU5M2QzNTM5ZDgwEgwIwt6F2AYQ0pLRsQMYASIGaGVsbG8K";
    const COPY: &str = "CqMBCkdzaGEyNTY6NDEwODk1M2I5NzM0ZTI2YTEyMDk0ZmU3ZDI4NGExYTA3MGEwNDFkZmM3NTdiYjM1OGZlY2ZkM2NjYzg5ZjAzMhJHc2hhMjU2OjhlZTg4ZGY5N2IyNzc1MTExN2ZiOGFiY2VmMzUxNTJiYzk5N2M3NTVhMTg3NzlhZDgyYmRjN2ZkNTBmOWFlYzIaD2NvcHkgL2NvbnRleHQgLw==";
    const BEGUN: &str = "CrEBCkdzaGEyNTY6NDEwODk1M2I5NzM0ZTI2YTEyMDk0ZmU3ZDI4NGExYTA3MGEwNDFkZmM3NTdiYjM1OGZlY2ZkM2NjYzg5ZjAzMhJHc2hhMjU2OjhlZTg4ZGY5N2IyNzc1MTExN2ZiOGFiY2VmMzUxNTJiYzk5N2M3NTVhMTg3NzlhZDgyYmRjN2ZkNTBmOWFlYzIaD2NvcHkgL2NvbnRleHQgLyoMCIPdhdgGEOzHgrYC";
    let mut written = TraceLog::new();
    let all = [COPY, BEGUN, OUTPUT].map(|text| {
        let item = Progress::new().id("moby.buildkit.trace").aux(json!(text));
        written.read(&Trace::of(&item).unwrap().unwrap())
    });
    assert_eq!(all, ["", "copy /context /\n", "hello\n"]);
}

#[test]
fn other_items_have_no_trace_and_broken_ones_say_so() {
    for item in [
        Progress::new().stream("x"),
        Progress::new().id("moby.image.id").aux(json!({"ID": "sha256:1"})),
        Progress::new().id("moby.buildkit.trace"),
    ] {
        assert_eq!(Trace::of(&item).unwrap(), None);
    }
    for aux in [json!("no base64!"), json!({"ID": "sha256:1"}), json!(7)] {
        let e = Trace::of(&Progress::new().id("moby.buildkit.trace").aux(aux)).unwrap_err();
        assert!(!e.is_final(), "the stream goes on");
    }
}

proptest! {
    #[test]
    fn nothing_that_comes_is_trusted(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
        TraceLog::new().read(&trace(bytes));
    }

    #[test]
    fn a_cut_message_gives_no_more_than_the_whole(cut in 0..100usize) {
        let whole = [step("[1/2] FROM alpine", true), log("hello\n")].concat();
        let part = whole[..cut.min(whole.len())].to_vec();
        let said = TraceLog::new().read(&trace(part));
        prop_assert!("[1/2] FROM alpine\nhello\n".starts_with(&said) || said == "hello\n");
    }
}
