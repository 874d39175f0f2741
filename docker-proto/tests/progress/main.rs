//! What progress streams add up to: `transcripts/` holds answers as d20 (20.10.24), d26 (26.1.5), d28 (28.5.2) and podman
//! 4.3.1 sent them, with other names of images.

mod made;

use docker_proto::ErrorKind::InStream;
use docker_proto::model::Progress;
use docker_proto::op::ProgressDecoder;
use docker_proto::progress::{Phase, Totals, Tracker, Update};
use docker_proto::wire::{Decode, Input, RecvBuf};

fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/progress/transcripts/{name}.json", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// The items of a stream and its error, as every client gets them.
fn items(bytes: &[u8]) -> (Vec<Progress>, Option<docker_proto::Error>) {
    let (mut decoder, mut block, mut left) = (ProgressDecoder::default(), RecvBuf::from(bytes), bytes.len());
    let mut items = Vec::new();
    loop {
        match decoder.decode(&mut Input::new(&mut block, &mut left)) {
            Ok(Some(item)) => items.push(item),
            Ok(None) => return (items, decoder.finish().err()),
            Err(e) => return (items, Some(e)),
        }
    }
}

/// Feeds a tracker, and checks what must hold after every item.
fn track(items: &[Progress]) -> Tracker {
    let mut tracker = Tracker::new();
    let mut before = Totals::default();
    for item in items {
        tracker.update(item);
        let now = tracker.totals();
        assert!(now.transferred <= now.known, "{now:?} after {item:?}");
        assert!(now.layers >= before.layers && now.known >= before.known, "{now:?} after {item:?}");
        if now.layers == before.layers && before.unknown == 0 {
            assert_eq!(now.size().is_some(), now.layers > 0);
            assert!(now.fraction() >= before.fraction(), "{now:?} after {before:?} by {item:?}");
        }
        before = now;
    }
    tracker
}

/// The outcome in a line, digests short.
fn outcome(tracker: &Tracker) -> String {
    let short = |digest: &str| digest.strip_prefix("sha256:").unwrap_or(digest)[..8].to_owned();
    let found = tracker.outcome();
    let mut all: Vec<String> = Vec::new();
    let tag = |tag: &Option<String>| tag.clone().unwrap_or_default();
    all.extend(found.pulled.iter().map(|p| format!("pulled {} {}", tag(&p.tag), short(&p.digest))));
    all.extend(found.is_newer.map(|newer| if newer { "newer".into() } else { "up to date".into() }));
    all.extend(
        found.pushed.iter().map(|p| format!("pushed {} {} {}", p.tag, short(&p.digest), p.size.unwrap_or_default())),
    );
    all.extend(found.image_ids.iter().map(|id| format!("image {}", short(id))));
    all.extend(found.loaded.iter().chain(&found.tagged).map(|name| format!("named {name}")));
    all.extend(tracker.step().map(|step| format!("step {}/{} {}", step.number, step.total, step.instruction)));
    all.join(", ")
}

/// Name, layers, bytes in all, outcome.
const ENDS: &[(&str, usize, u64, &str)] = &[
    ("d20-pull", 4, 6_202_506, "pulled v1 cda05ac8, newer"),
    ("d20-pull-again", 0, 0, "pulled v1 cda05ac8, up to date"),
    ("d20-pull-all", 0, 0, "pulled v1 cda05ac8, pulled v2 cda05ac8, newer"),
    ("d20-pull-big", 3, 50_015_643, "pulled v1 3c01774a, newer"),
    ("d26-pull", 4, 6_202_486, "pulled v1 1b9668f4, newer"),
    ("d28-pull", 4, 6_202_993, "pulled v1 424e4c07, newer"),
    ("d28-pull-big", 3, 50_006_170, "pulled v1 46c9fadb, newer"),
    ("podman-pull", 5, 0, ""),
    ("podman-pull-again", 5, 0, ""),
    ("d20-push", 4, 6_205_440, "pushed v1 cda05ac8 1156"),
    ("d20-push-all", 4, 0, "pushed v1 cda05ac8 1156, pushed v2 cda05ac8 1156"),
    ("d26-push", 4, 6_205_440, "pushed v1 1b9668f4 1156"),
    ("d28-push", 4, 6_205_440, "pushed v1 424e4c07 1156"),
    ("d28-push-big", 3, 50_003_456, "pushed v1 46c9fadb 952"),
    ("podman-push", 0, 0, "pushed v1 87d28e7a 896"),
    ("d20-load", 3, 6_205_440, "named 127.0.0.1:5100/app:v1, named 127.0.0.1:5100/app:v2"),
    ("d20-load-again", 0, 0, "named 127.0.0.1:5100/app:v1"),
    ("d26-load", 3, 6_205_440, "named 127.0.0.1:5100/app:v1, named 127.0.0.1:5100/app:v2"),
    ("d28-load", 3, 6_205_440, "named 127.0.0.1:5100/app:v1, named 127.0.0.1:5100/app:v2"),
    ("podman-load", 0, 0, "named 127.0.0.1:5100/app:v1, named 127.0.0.1:5100/app:v2"),
    ("d20-import", 0, 0, "image ade4ca84"),
    ("podman-import", 0, 0, "image a053aa92"),
    ("d20-import-url", 1, 10240, "image 6c8e336a"),
    ("d28-import-url", 1, 10240, "image 3d793b5d"),
    ("podman-import-url", 0, 0, "image 144e33cd"),
    (
        "d20-build",
        0,
        0,
        "image 6243710b, named 127.0.0.1:5100/app:v1, named 127.0.0.1:5100/app:v2, step 5/5 CMD [\"sh\"]",
    ),
    (
        "d26-build",
        0,
        0,
        "image 67eeb8d1, named 127.0.0.1:5100/app:v1, named 127.0.0.1:5100/app:v2, step 5/5 CMD [\"sh\"]",
    ),
    (
        "d28-build",
        0,
        0,
        "image e0f4de9f, named 127.0.0.1:5100/app:v1, named 127.0.0.1:5100/app:v2, step 5/5 CMD [\"sh\"]",
    ),
    (
        "podman-build",
        0,
        0,
        "image 9bc310e6, named 127.0.0.1:5100/app:v1, named 127.0.0.1:5100/app:v2, step 5/5 CMD [\"sh\"]",
    ),
    ("d20-build-quiet", 0, 0, "image 6243710b"),
    ("podman-build-quiet", 0, 0, "image 9bc310e6"),
    ("d20-buildkit", 0, 0, "image 759ffddf, named app:v1"),
    ("d28-buildkit", 0, 0, "image 93bd52f9"),
    ("d20-plugin-pull", 1, 0, "pulled 1 c67a5cdf"),
    ("d26-plugin-pull", 1, 0, "pulled 1 5bfb12d9"),
    ("d28-plugin-pull", 1, 0, "pulled 1 64470d48"),
    ("d20-plugin-push", 3, 0, "pushed 1 c67a5cdf 418"),
];

#[test]
fn what_engines_sent_adds_up() {
    for (name, layers, size, result) in ENDS {
        let (items, error) = items(&bytes(name));
        assert!(error.is_none(), "{name}: {error:?}");
        let mut tracker = track(&items);
        tracker.finish();
        let totals = tracker.totals();
        assert_eq!(outcome(&tracker), *result, "{name}");
        assert_eq!((totals.layers, totals.finished), (*layers, *layers), "{name}: {:?}", tracker.layers());
        assert_eq!((totals.transferred, totals.known, totals.unknown), (*size, *size, 0), "{name}");
        assert_eq!(totals.fraction(), (*layers > 0).then_some(1.0), "{name}");
    }
}

/// `RUN` prints everything that could be taken for a result.
#[test]
fn what_programs_print_is_no_result() {
    let run = "RUN echo sha256:0000000000000000000000000000000000000000000000000000000000000007; \
               echo Successfully built 0123456789ab; echo Step 9/9 : NONE";
    for (name, step, result) in [
        ("d20-build-stages", "5/5", "image 27053610, image 6cab0a39, named app:latest"),
        // Before API 1.30 the id is short, and in the text.
        ("d20-build-stages-api-1.29", "5/5", "image ab6cdeac, named app:latest"),
        ("d28-build-stages", "5/5", "image 9dd3dd75, image c4142651, named app:latest"),
        ("podman-build-stages", "3/3", "image e1563f6d, named app"),
    ] {
        let (items, error) = items(&bytes(name));
        assert!(error.is_none(), "{name}: {error:?}");
        assert_eq!(outcome(&track(&items)), format!("{result}, step {step} {run}"), "{name}");
    }
}

/// Name, items before the error, its code, its words.
const ERRORS: &[(&str, usize, Option<u16>, &str)] = &[
    ("d20-build-fails", 7, Some(42), "returned a non-zero code: 42"),
    ("podman-build-fails", 3, None, "exit status 42"),
    ("d20-buildkit-fails", 14, None, "exit code: 42"),
    ("d28-buildkit-fails", 15, None, "exit code: 42"),
    ("d20-push-refused", 5, None, "no basic auth credentials"),
    ("d28-push-refused", 5, None, "no basic auth credentials"),
    ("podman-push-refused", 1, None, "authentication required"),
    ("d26-push-nothing", 1, None, "does not exist locally"),
    ("podman-pull-missing", 0, None, "manifest unknown"),
    ("d20-load-corrupt", 0, None, "unexpected EOF"),
    ("d26-load-corrupt", 0, None, "unexpected EOF"),
    ("d28-load-garbage", 0, None, "invalid tar header"),
    ("d20-plugin-privileges", 7, None, "incorrect privileges"),
];

#[test]
fn errors_come_after_the_items_before_them() {
    for (name, before, code, words) in ERRORS {
        let (items, error) = items(&bytes(name));
        let e = error.unwrap_or_else(|| panic!("{name} ended well"));
        assert_eq!((items.len(), e.kind(), e.status()), (*before, InStream, *code), "{name}: {e}");
        assert!(e.message().contains(words), "{name}: {e}");
        track(&items);
    }
}

#[test]
fn every_transcript_is_looked_at_and_gives_the_same_at_any_cut() {
    let folder = format!("{}/tests/progress/transcripts", env!("CARGO_MANIFEST_DIR"));
    for entry in std::fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned();
        let listed = ENDS.iter().any(|e| e.0 == name) || ERRORS.iter().any(|e| e.0 == name);
        assert!(listed || name.contains("-stages"), "{name}");
        let all = bytes(&name);
        let whole = items(&all);
        for cut in (0..all.len()).step_by(if all.len() > 2000 { 37 } else { 1 }) {
            let (mut decoder, mut block, mut seen) = (ProgressDecoder::default(), RecvBuf::new(), 0);
            let mut last = None;
            for part in [&all[..cut], &all[cut..]] {
                block.push(part);
                let mut left = block.len();
                while last.is_none() {
                    match decoder.decode(&mut Input::new(&mut block, &mut left)) {
                        Ok(Some(item)) => {
                            assert_eq!(item, whole.0[seen], "{name} cut at {cut}");
                            seen += 1;
                        }
                        Ok(None) => break,
                        Err(e) => last = Some(e),
                    }
                }
            }
            let words = |e: &docker_proto::Error| (e.kind(), e.message().to_owned(), e.status());
            assert_eq!((seen, last.as_ref().map(words)), (whole.0.len(), whole.1.as_ref().map(words)), "{name}");
        }
    }
}

#[test]
fn a_pull_in_the_middle() {
    let (items, _) = items(&bytes("d28-pull-big"));
    let mut tracker = Tracker::new();
    let mut seen = Vec::new();
    for item in &items {
        let shown = match tracker.update(item) {
            Update::Layer(layer) => format!("{} {:?}", &layer.id[..4], layer.phase),
            Update::Line(line) => line.split_whitespace().next().unwrap().to_owned(),
            other => panic!("{other:?}"),
        };
        let totals = tracker.totals();
        let percent = totals.fraction().map(|f| (f * 100.0) as u32);
        seen.push((shown, totals.unknown, totals.finished, percent));
    }
    let expected: [(&str, usize, usize, Option<u32>); 18] = [
        ("Pulling", 0, 0, None),
        ("08b0 Exists", 0, 1, Some(100)),
        ("1990 Waiting", 1, 1, None),
        ("0b2c Waiting", 2, 1, None),
        ("0b2c Downloading", 1, 1, None),
        // Only now is the size in all known.
        ("1990 Downloading", 0, 1, Some(1)),
        ("0b2c Verifying", 0, 1, Some(40)),
        ("0b2c Downloaded", 0, 1, Some(40)),
        ("1990 Verifying", 0, 1, Some(100)),
        ("1990 Downloaded", 0, 1, Some(100)),
        ("1990 Extracting", 0, 1, Some(100)),
        ("1990 Extracting", 0, 1, Some(100)),
        ("1990 Done", 0, 2, Some(100)),
        ("0b2c Extracting", 0, 2, Some(100)),
        ("0b2c Extracting", 0, 2, Some(100)),
        ("0b2c Done", 0, 3, Some(100)),
        ("Digest:", 0, 3, Some(100)),
        ("Status:", 0, 3, Some(100)),
    ];
    for (seen, expected) in seen.iter().zip(expected) {
        assert_eq!((&*seen.0, seen.1, seen.2, seen.3), expected);
    }
    assert_eq!(tracker.layers()[1].phase, Phase::Done);
}
