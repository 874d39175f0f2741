//! What the recorded streams do not hold: other stores, other tries, and streams that never stop.

use crate::{items, outcome, track};
use docker_proto::model::{Progress, ProgressDetail};
use docker_proto::progress::{MAX_LAYERS, MAX_TEXT, Phase, Tracker, Update};

fn layer(id: impl Into<String>, status: &str, current: i64, total: i64) -> Progress {
    let detail = ProgressDetail::new().current(current).total(total);
    Progress::new().id(id).status(status).progress_detail(detail)
}

fn tracker(text: &str) -> Tracker {
    let (items, error) = items(text.as_bytes());
    assert!(error.is_none(), "{error:?}");
    track(&items)
}

#[test]
fn the_containerd_store_counts_seconds_and_sends_no_member() {
    let tracker = tracker(
        r#"{"status":"Pulling from library/app","id":"latest"}
        {"status":"Pulling fs layer","progressDetail":{},"id":"aaaaaaaaaaaa"}
        {"status":"Downloading","progressDetail":{"current":1048576,"total":4194304},"id":"aaaaaaaaaaaa"}
        {"status":"Download complete","progressDetail":{"hidecounts":true},"id":"aaaaaaaaaaaa"}
        {"status":"Extracting","progressDetail":{"current":3,"units":"s"},"id":"aaaaaaaaaaaa"}
        {"status":"Digest: sha256:1234567890abcdef"}
        {"status":"latest: digest: sha256:fedcba9876543210 size: 855"}
        {"progressDetail":{},"aux":{"manifestPushedInsteadOfIndex":true,"originalIndex":{},"selectedManifest":{}}}"#,
    );
    let layer = &tracker.layers()[0];
    assert_eq!((layer.current, layer.units.as_deref(), layer.phase), (3, Some("s"), Phase::Extracting));
    assert_eq!((layer.transferred, layer.size), (4_194_304, Some(4_194_304)));
    assert_eq!(outcome(&tracker), "pulled latest 12345678, pushed latest fedcba98 855");
}

#[test]
fn a_download_that_is_tried_again_begins_again() {
    let mut tracker = Tracker::new();
    let mut percent = |item: Progress| {
        tracker.update(&item);
        tracker.totals().fraction().map(|f| f * 100.0)
    };
    assert_eq!(percent(layer("a", "Pulling fs layer", 0, 0)), None);
    assert_eq!(percent(layer("a", "Downloading", 50, 100)), Some(50.0));
    assert_eq!(percent(layer("a", "Retrying in 5 seconds", 0, 0)), Some(50.0));
    assert_eq!(percent(layer("a", "Downloading", 10, 100)), Some(10.0));
    assert_eq!(percent(layer("a", "Download complete", 0, 0)), Some(100.0));
    // Unpacking begins at nothing, the bytes do not.
    assert_eq!(percent(layer("a", "Extracting", 1, 100)), Some(100.0));
    // Another layer, and nothing is known again.
    assert_eq!(percent(layer("b", "Waiting", 0, 0)), None);
}

#[test]
fn numbers_that_make_no_sense_are_no_numbers() {
    let mut tracker = Tracker::new();
    tracker.update(&layer("a", "Downloading", -5, -1));
    let totals = tracker.totals();
    assert_eq!((totals.transferred, totals.size(), totals.unknown), (0, None, 1));
    for id in ["b", "c", "d"] {
        tracker.update(&layer(id, "Downloading", i64::MAX, i64::MAX));
    }
    assert_eq!(tracker.totals().transferred, u64::MAX);
    assert_eq!(tracker.totals().known, u64::MAX);
    assert_eq!(Tracker::new().totals().fraction(), None);
    // More than was announced is what there is.
    let mut tracker = Tracker::new();
    tracker.update(&layer("a", "Pushing", 2048, 162));
    assert_eq!((tracker.totals().size(), tracker.totals().fraction()), (Some(2048), Some(1.0)));
}

#[test]
fn items_of_no_kind_are_nothing() {
    let mut tracker = Tracker::new();
    for text in ["{}", r#"{"progressDetail":{}}"#, r#"{"aux":[1]}"#, r#"{"id":"x"}"#, r#"{"stream":"","status":""}"#] {
        let item: Progress = serde_json::from_str(text).unwrap();
        assert_eq!(tracker.update(&item), Update::Nothing, "{text}");
    }
    let trace = Progress::new().id("moby.buildkit.trace").aux(serde_json::json!("CnwK"));
    assert_eq!(tracker.update(&trace), Update::Nothing);
    assert_eq!(tracker.layers(), []);
    assert_eq!(tracker.update(&Progress::new().stream("a\n")), Update::Text("a\n"));
    assert_eq!(tracker.update(&Progress::new().status("Verified")), Update::Line("Verified"));
    assert_eq!(outcome(&tracker), "");
}

#[test]
fn a_stream_without_end_is_kept_in_bounds() {
    let mut tracker = Tracker::new();
    for i in 0..MAX_LAYERS {
        assert!(matches!(tracker.update(&layer(format!("{i:012x}"), "Downloading", 1, 1)), Update::Layer(_)));
    }
    assert_eq!(tracker.totals().size(), Some(MAX_LAYERS as u64));
    assert_eq!(tracker.update(&layer("one more", "Downloading", 1, 1)), Update::Line("Downloading"));
    let totals = tracker.totals();
    assert_eq!((totals.layers, totals.unknown, totals.size()), (MAX_LAYERS, 1, None), "not complete, and says so");
    // Those that are known go on.
    assert!(matches!(tracker.update(&layer("000000000000", "Download complete", 0, 0)), Update::Layer(_)));

    let mut tracker = Tracker::new();
    let long = "x".repeat(MAX_TEXT + 1);
    assert_eq!(tracker.update(&layer(&*long, "Waiting", 0, 0)), Update::Line("Waiting"));
    let euro = "€".repeat(MAX_TEXT);
    tracker.update(&layer("a", &euro, 0, 0));
    assert_eq!(tracker.layers()[0].status.len(), MAX_TEXT / 3 * 3);
    for i in 0..=MAX_LAYERS {
        tracker.update(&Progress::new().status(format!("{i}: digest: sha256:ab size: 1")));
        tracker.update(&Progress::new().status(format!("Digest: {i}{long}")));
        tracker.update(&Progress::new().stream(format!("Loaded image: a,{i}")));
        tracker.update(&Progress::new().aux(serde_json::json!({ "ID": i.to_string() })));
        tracker.update(&Progress::new().stream(format!("Successfully tagged {i}\n")));
    }
    let found = tracker.outcome();
    let counts = [found.pushed.len(), found.pulled.len(), found.loaded.len(), found.image_ids.len()];
    assert_eq!(counts, [MAX_LAYERS; 4]);
    assert!(found.tagged.len() <= MAX_LAYERS && found.pulled.iter().all(|p| p.digest.len() <= MAX_TEXT));
    // The last one is the result, whatever had to go.
    assert_eq!(found.image_id(), Some(&*MAX_LAYERS.to_string()));
}

#[test]
fn the_text_of_a_quiet_build_is_an_id_only_if_it_is_all() {
    let id = format!("sha256:{:064}", 7);
    let alone = tracker(&format!(r#"{{"stream":"{id}\n"}}"#));
    assert_eq!(alone.outcome().image_id(), Some(&*id));
    let printed = tracker(&format!(r#"{{"stream":"{id}\n"}}{{"stream":"and more\n"}}"#));
    assert_eq!(printed.outcome().image_id(), None);
}
