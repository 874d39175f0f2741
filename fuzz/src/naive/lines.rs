//! Lines, from all the text of a stream.

use docker_proto::wire::{Line, LineEnd, StreamKind};

pub(crate) fn lines(stream: StreamKind, text: &[u8], max: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    // Ends, as text that no line has: `\r`s and perhaps a `\n`, behind what stands before them.
    let mut from = 0;
    let mut over = false;
    while from < text.len() {
        let rest = &text[from..];
        let length = rest.iter().take_while(|&&b| b != b'\r' && b != b'\n').count();
        let returns = rest[length..].iter().take_while(|&&b| b == b'\r').count();
        let newline = rest.get(length + returns) == Some(&b'\n');
        from += length + returns + usize::from(newline);
        let end = match (length, returns, newline) {
            (1.., 1.., _) => LineEnd::Return,
            (_, _, true) => LineEnd::Newline,
            (0, ..) => continue,
            _ => LineEnd::End,
        };
        let count = length.div_ceil(max).max(1);
        for (i, at) in (0..count).map(|i| (i, i * max)) {
            let part = &rest[at..length.min(at + max)];
            let end = if i + 1 < count { LineEnd::Cut } else { end };
            lines.push(Line { stream, bytes: part.to_vec().into(), end, over: over && i == 0 });
        }
        over = end == LineEnd::Return && !newline;
    }
    lines
}
