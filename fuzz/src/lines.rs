//! Output in lines.

use crate::naive::frames::{self as frames, Part};
use crate::naive::lines as naive;
use crate::source::Source;
use crate::{cut, run};
use docker_proto::ErrorKind;
use docker_proto::testkit::{Seen, each};
use docker_proto::wire::StreamKind::{self, Stderr, Stdout};
use docker_proto::wire::{Line, Lines, Output};

/// Ends of lines, and frames that cut them.
pub(crate) const WORDS: &[&[u8]] = &[
    b"\n",
    b"\r",
    b"\r\n",
    b"\n\n",
    b"10%\r",
    b"text",
    b"\xC3\xA9",
    b"\x01\0\0\0\0\0\0\x01\r",
    b"\x01\0\0\0\0\0\0\x01\n",
    b"\x02\0\0\0\0\0\0\x03a\nb",
    b"\x03\0\0\0\0\0\0\x04boom",
    b"\x01\0\0\0\0\0\0\x09",
];

/// See [`TARGETS`](crate::TARGETS).
pub fn lines(data: &[u8]) {
    // How long a line may be, then what the engine sent: as frames, and as what a terminal shows.
    let mut source = Source::new(data);
    let max = 1 + source.below(256) % 40;
    let sent = source.rest();
    let parts = frames::frames(sent);
    check(sent, max, false, &parts.parts, parts.end);
    check(sent, max, true, &[Part::Run(Stdout, sent.to_vec())], None);
    for n in cut::prefixes(sent) {
        let parts = frames::frames(&sent[..n]);
        check(&sent[..n], max, false, &parts.parts, parts.end);
    }
}

fn check(sent: &[u8], max: usize, tty: bool, parts: &[Part], end: Option<ErrorKind>) {
    let run = run::at_any_cut(sent, |set| run::run(&mut Lines::new(Output::new(tty), max), sent, set, each, |_| {}));
    assert_eq!(run.kind(), end, "another end than the naive decoder's");
    for stream in [Stdout, Stderr] {
        let text: Vec<u8> = parts.iter().flat_map(|part| text(part, stream)).copied().collect();
        let wanted = naive::lines(stream, &text, max);
        let seen = run.seen.iter().filter_map(|seen| match seen {
            Seen::Item(line) if line.stream == stream => Some(line),
            _ => None,
        });
        assert!(seen.clone().eq(&wanted), "other lines than the naive splitter: {:?}", seen.collect::<Vec<&Line>>());
    }
    let errors = |n: &Part| matches!(n, Part::Error(_));
    let seen = run.seen.iter().filter(|seen| matches!(seen, Seen::Error(..))).count();
    assert_eq!(seen, parts.iter().filter(|part| errors(part)).count(), "engine errors");
}

fn text(part: &Part, of: StreamKind) -> &[u8] {
    match part {
        Part::Run(stream, bytes) if *stream == of => bytes,
        _ => &[],
    }
}
