//! The policy of logs against a model of an engine: logs of two writers, of coarse and fine times, that grow, are rotated,
//! and are read over connections that break anywhere, by processes that are killed anywhere.

use docker_proto::api::containers::Logs;
use docker_proto::model::{ContainerInspectResponse, ContainerState, Timestamp};
use docker_proto::op::{Encode, Encoded, LogDecoder, LogMessage, RequestWriter};
use docker_proto::resume::{self, Entry, GapReason, Next, Resume};
use docker_proto::wire::{Decode, Input, Output, RecvBuf};

struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n as u64) as usize
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }
}

/// A message as the engine keeps it, with its time as it is not told.
#[derive(Debug)]
struct Kept {
    nanos: u64,
    message: LogMessage,
}

const BEGIN: u64 = 1_795_243_740_000_000_000;

fn timestamp(nanos: u64) -> Timestamp {
    Timestamp::new((nanos / 1_000_000_000) as i64, (nanos % 1_000_000_000) as u32)
}

/// Two writers, each in order; one may be so far behind the other.
fn log(random: &mut Random, coarse: bool, behind: u64, alike: bool) -> Vec<Kept> {
    let mut now = [BEGIN; 2];
    let steps = [0, 1, 1_000_000, 200_000_000, 3_000_000_000];
    (0..random.below(60))
        .map(|n| {
            let i = random.below(2);
            now[i] += steps[random.below(steps.len())];
            now[i] = now[i].max(now[1 - i].saturating_sub(behind));
            let shown = timestamp(if coarse { now[i] / 1_000_000_000 * 1_000_000_000 } else { now[i] });
            let words = if alike { ["tick", "tock", ""][random.below(3)].into() } else { n.to_string() };
            Kept { nanos: now[i], message: message(i == 1, shown, &words) }
        })
        .collect()
}

/// By way of the decoder, since only it makes messages.
fn message(stderr: bool, at: Timestamp, words: &str) -> LogMessage {
    let text = format!("{} {words}\n", rfc3339(at));
    let mut block = RecvBuf::new();
    block.push(&[1 + u8::from(stderr), 0, 0, 0]);
    block.push(&(text.len() as u32).to_be_bytes());
    block.push(text.as_bytes());
    let mut left = block.len();
    let mut decoder = LogDecoder::new(Output::new(false), false);
    decoder.decode(&mut Input::new(&mut block, &mut left)).expect("sound").expect("whole")
}

fn rfc3339(at: Timestamp) -> String {
    let second = at.seconds - 1_795_243_740;
    format!("2026-11-21T06:{:02}:{:02}.{:09}Z", 49 + second / 60, second % 60, at.nanos)
}

/// What a request asks for: since when, and how many of the last.
fn asked(op: &impl Encode) -> (u64, Option<usize>) {
    let mut encoded = Encoded::default();
    let mut writer = RequestWriter::new(op.spec(), None, None, &mut encoded);
    op.encode(&mut writer).expect("a sound request");
    writer.finish().expect("a sound request");
    let get = |name: &str| encoded.target.split(['?', '&']).find_map(|p| p.strip_prefix(&format!("{name}=")));
    let since = get("since").map_or(0, |s| {
        let at: Timestamp = s.parse().expect("a time");
        at.seconds as u64 * 1_000_000_000 + u64::from(at.nanos)
    });
    (since, get("tail").map(|n| n.parse().expect("a number")))
}

#[derive(Default)]
struct Seen {
    runs: usize,
    connections: usize,
    gaps: usize,
    processes: usize,
}

fn run(seed: u64, seen: &mut Seen) {
    let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let coarse = random.one_in(2);
    let tail = random.one_in(4).then(|| 1 + random.below(4));
    let rotates = random.one_in(4);
    // Nobody can tell that the first of several messages of one time that say the same were removed.
    let alike = !rotates;
    // A tail that leaves out what is younger than what it has may be taken for another log, and is a gap.
    let log = log(&mut random, coarse, if tail.is_some() { 0 } else { 500_000_000 }, alike);
    let mut policy = resume::logs(op_of(tail));
    let (mut written, mut rotated) = (random.below(log.len() + 1), 0);
    let begin = tail.map_or(0, |n| written.saturating_sub(n));
    let mut entries: Vec<Result<usize, GapReason>> = Vec::new();
    let mut first = true;
    loop {
        seen.connections += 1;
        let op = match policy.next() {
            Next::Open(op) => op,
            Next::Ask(_) => {
                let ended = written == log.len();
                let state = ContainerState::new().running(!ended);
                policy.answered(Ok(ContainerInspectResponse::new().state(state)));
                drain(&mut policy, &mut entries, &log);
                continue;
            }
            _ => break,
        };
        drain(&mut policy, &mut entries, &log);
        let (since, tail) = asked(&op);
        let from = tail.map_or(rotated, |n| written.saturating_sub(n).max(rotated));
        let backlog = written;
        let all = log.iter().enumerate().skip(from);
        let mut left = random.below(2 * log.len() + 2);
        let mut killed = false;
        for (i, kept) in all.filter(|(_, kept)| kept.nanos >= since) {
            // What is not there yet is written while it is followed.
            if left == 0 && !(first && tail.is_some()) {
                break;
            }
            left = left.saturating_sub(1);
            written = written.max(i + 1);
            policy.take(Ok(kept.message.clone()));
            drain(&mut policy, &mut entries, &log);
            if random.one_in(40) {
                killed = true;
                break;
            }
        }
        let end = written == log.len() && left > 0 && !killed;
        // An engine that shuts down ends a log in the middle, if there is more to come.
        let running = written < log.len();
        first = false;
        written = written.max(backlog) + random.below(4).min(log.len() - written.max(backlog));
        if killed {
            seen.processes += 1;
            let position = policy.position();
            policy = resume::logs(op_of(tail));
            if let Some(position) = position {
                policy = policy.from(position.to_string().parse().expect("as it was written"));
            } else {
                entries.clear();
            }
        } else if end || running && random.one_in(3) {
            policy.ended();
            drain(&mut policy, &mut entries, &log);
        } else {
            policy.broke();
        }
        if rotates && random.one_in(4) {
            rotated = rotated.max(random.below(written + 1));
        }
    }
    drain(&mut policy, &mut entries, &log);
    check(seed, &entries, &log, begin, rotates, tail.is_some());
    seen.runs += 1;
    seen.gaps += entries.iter().filter(|e| e.is_err()).count();
}

fn op_of(tail: Option<usize>) -> Logs {
    let op = Logs::new("web").stdout(true).stderr(true).follow(true);
    match tail {
        Some(n) => op.tail(n.to_string()),
        None => op,
    }
}

fn drain(policy: &mut resume::Logs, entries: &mut Vec<Result<usize, GapReason>>, log: &[Kept]) {
    while let Some(entry) = policy.give() {
        match entry.expect("no errors here") {
            Entry::Item(message) => {
                // Which one it is cannot be seen from it alone; its like are counted below.
                let i = log.iter().position(|kept| kept.message == message).expect("one of the log");
                entries.push(Ok(i));
            }
            Entry::Gap(gap) => entries.push(Err(gap.reason)),
            _ => panic!("something else"),
        }
    }
}

/// The items are the log, in order and once each, wherever no gap is told.
fn check(seed: u64, entries: &[Result<usize, GapReason>], log: &[Kept], begin: usize, rotates: bool, tail: bool) {
    let like = |i: usize| log.iter().position(|kept| kept.message == log[i].message).expect("itself");
    let wanted: Vec<usize> = (begin..log.len()).map(like).collect();
    let items: Vec<usize> = entries.iter().filter_map(|e| e.ok()).collect();
    let explain = || format!("seed {seed}\n   got {entries:?}\nwanted {wanted:?}\n{log:?}");
    if entries.iter().all(Result::is_ok) {
        // It begins with what is there: before anything was delivered that may be another tail, or less of the log.
        let whole = items == wanted || (tail || rotates) && wanted.ends_with(&items);
        assert!(whole, "{}", explain());
        return;
    }
    for reason in entries.iter().filter_map(|e| e.err()) {
        let fits = match reason {
            GapReason::Forgotten => rotates,
            GapReason::Indistinct => tail,
            _ => false,
        };
        assert!(fits, "{reason:?} {}", explain());
    }
}

#[test]
fn every_message_comes_once_or_a_gap_says_so() {
    let mut seen = Seen::default();
    for seed in 1..4000 {
        run(seed, &mut seen);
    }
    assert!(seen.runs == 3999 && seen.connections > 10_000, "{} connections", seen.connections);
    assert!(seen.gaps > 100 && seen.processes > 500, "{} gaps, {} processes", seen.gaps, seen.processes);
}
