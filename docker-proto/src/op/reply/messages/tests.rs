//! Over every cut, and without bound.

use super::*;
use crate::ErrorKind::{Decode as Misfit, InStream, TooLarge, Truncated};
use crate::testkit::{Ends, Vector, each, every_cut};
use StreamKind::{Stderr, Stdout};
use alloc::string::ToString;

fn frames(details: bool) -> impl Fn() -> LogDecoder {
    move || LogDecoder::new(Output::new(false), details)
}

fn raw() -> LogDecoder {
    LogDecoder::new(Output::new(true), false)
}

fn frame(id: u8, text: &str) -> Vec<u8> {
    let mut frame = Vec::from([id, 0, 0, 0]);
    frame.extend_from_slice(&(text.len() as u32).to_be_bytes());
    frame.extend_from_slice(text.as_bytes());
    frame
}

fn message(stream: StreamKind, time: &str, bytes: &str) -> LogMessage {
    LogMessage {
        stream,
        timestamp: time.parse().unwrap(),
        details: Vec::new(),
        bytes: Bytes::copy_from_slice(bytes.as_bytes()),
        unfinished: false,
    }
}

fn with_details(mut message: LogMessage, details: &[(&str, &str)]) -> LogMessage {
    message.details = details.iter().map(|(n, v)| (n.to_string(), v.to_string())).collect();
    message
}

#[test]
fn frames_are_messages_at_any_cut() {
    // As dockerd writes them; a line of podman, which has neither a fraction nor, in other time zones, a Z; empty lines.
    let sent = [
        frame(1, "2026-11-21T06:49:34.430151181Z one\n"),
        frame(2, "2026-11-21T06:49:34.432716848Z two\n"),
        frame(1, ""),
        frame(1, "2026-11-21T06:49:34.438917646Z part of a long line, "),
        frame(1, "2026-11-21T06:49:34.438917646Z \n"),
        frame(1, "2026-11-21T08:49:35+02:00 nolf"),
    ]
    .concat();
    let vector = Vector::new("frames", sent)
        .ends_here(Ends::After(|sent| [0, 43, 86, 94, 154, 194].contains(&sent.len())))
        .item(message(Stdout, "1795243774.430151181", "one\n"))
        .item(message(Stderr, "1795243774.432716848", "two\n"))
        .item(message(Stdout, "1795243774.438917646", "part of a long line, "))
        .item(message(Stdout, "1795243774.438917646", "\n"))
        .item(message(Stdout, "1795243775", "nolf"));
    assert_eq!(every_cut(frames(false), &vector, each), 6);
}

#[test]
fn details_stand_behind_the_time() {
    let sent = [
        frame(1, "2026-11-21T06:49:34.430151181Z FOO=bar,a%2Cb=c%3Dd+e one\n"),
        frame(1, "2026-11-21T06:49:34.432716848Z  none\n"),
        frame(1, "2026-11-21T06:49:34.432716848Z other two\n"),
        frame(1, "2026-11-21T06:49:34.432716848Z a=%4 two\n"),
    ]
    .concat();
    let one = message(Stdout, "1795243774.430151181", "one\n");
    let vector = Vector::new("details", sent)
        .ends_here(Ends::After(|sent| [0, 65, 110, 159].contains(&sent.len())))
        .item(with_details(one, &[("FOO", "bar"), ("a,b", "c=d e")]))
        .item(message(Stdout, "1795243774.432716848", "none\n"))
        .item_error(Misfit, "no details")
        .item_error(Misfit, "no details");
    assert_eq!(every_cut(frames(true), &vector, each), 4);
}

#[test]
fn what_has_no_time_is_an_error_of_its_own() {
    let sent = [
        frame(1, "one\n"),
        frame(1, "1795243774 one\n"),
        frame(3, "Error grabbing logs: EOF\n"),
        frame(1, "2026-11-21T06:49:34Z two\n"),
    ]
    .concat();
    let vector = Vector::new("no time", sent)
        .ends_here(Ends::After(|sent| [0, 12, 35, 68].contains(&sent.len())))
        .item_error(Misfit, "does not begin with a time")
        .item_error(Misfit, "does not begin with a time")
        .item_error(InStream, "Error grabbing logs: EOF")
        .item(message(Stdout, "1795243774", "two\n"));
    assert_eq!(every_cut(frames(false), &vector, each), 4);
    let mut block = crate::wire::RecvBuf::new();
    block.push(&frame(1, "one\n"));
    let mut left = block.len();
    let error = frames(false)().decode(&mut Input::new(&mut block, &mut left)).unwrap_err();
    assert_eq!(error.raw().map(|raw| &raw[..]), Some(&b"one\n"[..]));
}

#[test]
fn an_incomplete_frame_is_no_message() {
    let mut sent = frame(2, "2026-11-21T06:49:34Z two\n");
    sent.truncate(sent.len() - 1);
    let vector = Vector::new("cut", sent).ends_here(Ends::at(&[0])).error(Truncated, "24 of 25 bytes");
    assert_eq!(every_cut(frames(false), &vector, each), 1);
}

#[test]
fn lines_of_a_terminal_are_messages_at_any_cut() {
    let sent = "2026-11-21T06:49:34.729627157Z one\r\n2026-11-21T06:49:34.729999065Z lo2026-11-21T06:49:34.729999065Z ng\r\n\
                what?\n2026-11-21T06:49:34.748092353Z a\rnolf";
    let last = LogMessage { unfinished: true, ..message(Stdout, "1795243774.748092353", "a\rnolf") };
    let vector = Vector::new("terminal", sent.as_bytes())
        // Wherever the time of a line is complete, the line is one, as far as it goes.
        .ends_here(Ends::After(|sent| match sent.rsplit(|&b| b == b'\n').next() {
            Some(line) => line.is_empty() || line.len() > 30,
            None => true,
        }))
        .item(message(Stdout, "1795243774.729627157", "one\r\n"))
        .item(message(Stdout, "1795243774.729999065", "lo2026-11-21T06:49:34.729999065Z ng\r\n"))
        .item_error(Misfit, "does not begin with a time")
        .item(last);
    assert_eq!(every_cut(raw, &vector, each), 52);
    let vector = Vector::new("prefix", &b"2026-11-21T06"[..]).ends_here(Ends::at(&[0]));
    assert_eq!(every_cut(raw, &vector.error(Truncated, "before the time"), each), 1);
}

#[test]
fn a_message_without_bound_is_left_out_in_bounded_memory() {
    for (mut decoder, terminal) in [(frames(false)(), false), (raw(), true)] {
        let mut block = crate::wire::RecvBuf::new();
        let long = alloc::vec![b'x'; 4096];
        let total = 5 * MAX_LOG_MESSAGE;
        if !terminal {
            block.push(&[1, 0, 0, 0]);
            block.push(&(total as u32).to_be_bytes());
        }
        let mut errors = Vec::new();
        for i in 0..total / long.len() {
            let mut text = long.clone();
            match (i == 0, terminal && i + 1 == total / long.len()) {
                (true, _) => text[..21].copy_from_slice(b"2026-11-21T06:49:34Z "),
                (_, true) => *text.last_mut().unwrap() = b'\n',
                _ => {}
            }
            block.push(&text);
            let mut left = block.len();
            errors.extend(decoder.decode(&mut Input::new(&mut block, &mut left)).err());
            assert!(decoder.have.capacity() <= 2 * MAX_LOG_MESSAGE);
        }
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert!(errors[0].kind() == TooLarge && !errors[0].is_final() && errors[0].message().contains("1048576"));
        assert_eq!(errors[0].raw().map(Bytes::len), Some(RAW));
        let next: &[u8] = if terminal { b"" } else { &[1, 0, 0, 0, 0, 0, 0, 25] };
        block.push(next);
        block.push(b"2026-11-21T06:49:34Z two\n");
        let mut left = block.len();
        let item = decoder.decode(&mut Input::new(&mut block, &mut left)).unwrap().unwrap();
        assert_eq!(item, message(Stdout, "1795243774", "two\n"));
    }
}
