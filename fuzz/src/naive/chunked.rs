//! The chunked coding, a line at a time.

use docker_proto::ErrorKind::{self, Protocol, TooLarge, Truncated};
use docker_proto::wire::limits::{MAX_CHUNK_LINE, MAX_TRAILERS};

/// The data of all chunks, and how many bytes the body took, or what is wrong behind the data.
pub(crate) fn chunked(body: &[u8]) -> (Vec<u8>, Result<usize, ErrorKind>) {
    let (mut data, mut at) = (Vec::new(), 0);
    loop {
        let size = match size_line(&body[at..]) {
            Ok((size, length)) => {
                at += length;
                size
            }
            Err(kind) => return (data, Err(kind)),
        };
        if size == 0 {
            return (data, trailers(&body[at..]).map(|length| at + length));
        }
        let there = size.min((body.len() - at) as u64) as usize;
        data.extend_from_slice(&body[at..at + there]);
        at += there;
        match &body[at..] {
            _ if (there as u64) < size => return (data, Err(Truncated)),
            [b'\r', b'\n', ..] => at += 2,
            [] | [b'\r'] => return (data, Err(Truncated)),
            _ => return (data, Err(Protocol)),
        }
    }
}

/// A chunk's size and the length of its line.
fn size_line(bytes: &[u8]) -> Result<(u64, usize), ErrorKind> {
    let (content, ended) = match bytes.iter().position(|&b| b == b'\n') {
        Some(lf) => (&bytes[..lf], true),
        None => (bytes, false),
    };
    let digits = content.iter().take_while(|b| b.is_ascii_hexdigit()).count();
    let zeros = content[..digits].iter().take_while(|&&b| b == b'0').count();
    let padding = content[digits..].iter().take_while(|b| b" \t".contains(b)).count();
    let behind = digits + padding;
    // The first byte that cannot be there, if any.
    let wrong = if digits - zeros > 16 {
        Some(zeros + 16)
    } else if digits == 0 {
        (!content.is_empty() || ended).then_some(0)
    } else if !matches!(content.get(behind), None | Some(b';' | b'\r')) {
        Some(behind)
    } else {
        match content[behind..].iter().position(|&b| b == b'\r') {
            Some(cr) => (behind + cr + 1 < content.len()).then_some(behind + cr + 1),
            None => ended.then_some(content.len()),
        }
    };
    match wrong {
        Some(at) if at <= MAX_CHUNK_LINE => Err(Protocol),
        _ if content.len() > MAX_CHUNK_LINE => Err(TooLarge),
        Some(_) => Err(Protocol),
        None if !ended => Err(Truncated),
        None => {
            let size = content[zeros..digits]
                .iter()
                .fold(0, |n, &b| n * 16 + u64::from((b as char).to_digit(16).unwrap_or(0)));
            Ok((size, content.len() + 1))
        }
    }
}

/// The length of the trailers with the empty line behind them.
fn trailers(bytes: &[u8]) -> Result<usize, ErrorKind> {
    let mut at = 0;
    let result = loop {
        match &bytes[at..] {
            [b'\r', b'\n', ..] => break Ok(at + 2),
            [b'\r', _, ..] => break Err((Protocol, at + 1)),
            [b'\n', ..] => break Err((Protocol, at)),
            line => match line.iter().position(|&b| b == b'\n') {
                Some(lf) => at += lf + 1,
                None => break Err((Truncated, bytes.len())),
            },
        }
    };
    match result {
        Ok(n) if n <= MAX_TRAILERS => Ok(n),
        Err((kind, at)) if at <= MAX_TRAILERS => Err(kind),
        _ => Err(TooLarge),
    }
}

/// A chunk.
pub(crate) fn encode(data: &[u8], out: &mut Vec<u8>) {
    out.extend(format!("{:x}\r\n", data.len()).bytes());
    out.extend_from_slice(data);
    out.extend_from_slice(b"\r\n");
}
