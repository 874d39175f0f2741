//! Directories on their way into a container: whatever ends that, what was there before is there, and nothing else.

use super::model::archive::Files;
use super::model::engine::World;
use super::model::{Model, called_off_everywhere};
use super::run as job;
use docker_proto::drive::BodySource;
use docker_proto::jobs::{Content, CopyIn, Job, copy_in};
use docker_proto::tar::{Pack, Tree};
use docker_proto::testkit::{MemoryBody, Script, Want};
use docker_proto::wire::BodyPiece;
use docker_proto::{Error, ErrorKind, Result, Source};
use std::cell::Cell;
use std::collections::BTreeSet;
use std::future::{pending, poll_fn};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

/// A tar that comes in pieces, with a pause before each; at its end there may be an error.
struct Slow {
    tar: Vec<u8>,
    at: usize,
    paused: bool,
    fails: bool,
}

impl BodySource for Slow {
    fn length(&self) -> Option<u64> {
        None
    }

    fn poll_piece(&mut self, _: &mut Context<'_>, room: &mut [u8]) -> Poll<std::result::Result<BodyPiece, Source>> {
        self.paused = !self.paused;
        if self.paused {
            return Poll::Pending;
        }
        let n = (self.tar.len() - self.at).min(room.len()).min(700);
        room[..n].copy_from_slice(&self.tar[self.at..self.at + n]);
        self.at += n;
        match n {
            0 if self.fails => Poll::Ready(Err(Arc::new(Error::usage("the disk is gone")))),
            0 => Poll::Ready(Ok(BodyPiece::End)),
            n => Poll::Ready(Ok(BodyPiece::Filled(n))),
        }
    }
}

fn slow(tree: Tree, fails: bool) -> Content {
    Content::new(Slow { tar: tree.into_bytes().to_vec(), at: 0, paused: false, fails })
}

/// A directory with `f`, `old` and `d/g`, as it is packed, under its name if it has one.
fn site(root: &str) -> Tree {
    let root = if root.is_empty() { String::new() } else { format!("{root}/") };
    let tree = if root.is_empty() { Tree::new() } else { Tree::new().dir(root.as_str()).unwrap() };
    let tree = tree.file(format!("{root}f"), "1").unwrap().file(format!("{root}old"), "2").unwrap();
    tree.dir(format!("{root}d")).unwrap().file(format!("{root}d/g"), "3").unwrap()
}

fn copy(path: &str, root: &'static str) -> CopyIn {
    copy_in("web", path, move |_: Pack| slow(site(root), false))
}

fn web(podman: bool, files: &Files) -> World {
    World { podman, files: Some(files.clone()), ..World::default() }
}

fn is_off<T>(done: &Result<T>) -> bool {
    done.as_ref().is_err_and(|e| e.is_cancelled() && e.message() == "the job was called off")
}

fn there(world: &World) -> &BTreeSet<String> {
    &world.files.as_ref().unwrap().now
}

/// Calls it off at each poll: either all of it is there, or nothing of it.
fn all_or_nothing(files: &Files, made: &[&str], job: impl Fn() -> CopyIn) {
    for podman in [false, true] {
        let whole = files.clone().with(made).now;
        let steps = called_off_everywhere(
            || web(podman, files),
            &job,
            |n, world, done| match &done {
                Ok(_) => assert_eq!(*there(world), whole, "step {n}"),
                Err(e) => assert!(is_off(&done) && *there(world) == files.now, "step {n}: {e} {:#?}", world.asked),
            },
        );
        assert!(steps >= 14, "{steps} steps");
    }
}

#[test]
fn into_a_place_where_nothing_was() {
    let files = Files::new(&["/srv/", "/srv/own"]);
    let made = ["/srv/site/", "/srv/site/f", "/srv/site/old", "/srv/site/d/", "/srv/site/d/g"];
    all_or_nothing(&files, &made, || copy("/srv/site", "site"));
    // Under its name, in a directory that is there.
    all_or_nothing(&files, &made, || copy("/srv", "site").named("site"));
}

#[test]
fn with_what_was_there_before() {
    let files = Files::new(&["/srv/", "/srv/old", "/srv/gone"]).with(&["/srv/own", "/srv/d/", "/srv/d/own"]);
    all_or_nothing(&files, &["/srv/f", "/srv/d/g"], || copy("/srv", ""));
    let files = Files::new(&["/srv/", "/srv/site/", "/srv/site/old"]).with(&["/srv/site/own"]);
    let made = ["/srv/site/f", "/srv/site/d/", "/srv/site/d/g"];
    all_or_nothing(&files, &made, || copy("/srv", "site").named("site"));
    // What the image has and the container had removed.
    let mut files = Files::new(&["/srv/", "/srv/d/", "/srv/d/g"]);
    files.now.retain(|path| !path.starts_with("/srv/d"));
    all_or_nothing(&files, &["/srv/f", "/srv/old", "/srv/d/", "/srv/d/g"], || copy("/srv", ""));
}

#[test]
fn what_the_container_makes_meanwhile_stays() {
    let mut files = Files::new(&["/srv/"]);
    files.busy = true;
    called_off_everywhere(
        || web(false, &files),
        || copy("/srv", ""),
        |n, world, done| {
            assert!(done.is_ok() || *there(world) == Files::new(&["/srv/", "/srv/own"]).now, "step {n}");
        },
    );
}

/// Podman makes the directory in which it is to be as well.
#[test]
fn what_is_missing_above_it_is_removed_too() {
    for (podman, path) in [(true, "/srv/new/site"), (true, "/new/site"), (false, "/srv/new/site")] {
        let files = Files::new(&["/srv/"]);
        let ok = Cell::new(0);
        called_off_everywhere(
            || web(podman, &files),
            || copy(path, "site"),
            |n, world, done| {
                ok.set(ok.get() + usize::from(done.is_ok()));
                assert!(done.is_ok() || *there(world) == files.now, "step {n}: {:?}", there(world));
            },
        );
        assert_eq!(ok.get() > 0, podman, "dockerd refuses it");
    }
}

#[test]
fn one_signal_in_another_does_the_same() {
    let files = Files::new(&["/srv/"]);
    called_off_everywhere(
        || web(true, &files),
        || copy("/srv", "").until(pending::<()>()),
        |n, world, done| assert!(done.is_ok() || *there(world) == files.now, "step {n}: {:?}", there(world)),
    );
}

#[test]
fn a_source_that_fails_leaves_nothing() {
    for (path, root, podman) in [("/srv", "", false), ("/srv/site", "site", false), ("/srv/site", "site", true)] {
        let files = Files::new(&["/srv/", "/srv/old"]);
        let model = Model::new(web(podman, &files));
        let done = model.done(copy_in("web", path, move |_: Pack| slow(site(root), true)));
        let e = done.unwrap_err();
        assert!(e.kind() == ErrorKind::Body && e.to_string().contains("the disk is gone"), "{e}");
        assert_eq!(*there(&model.state().world), files.now);
    }
}

#[test]
fn what_is_in_the_way_leaves_nothing_of_the_rest() {
    // A file where there is to be a directory.
    let files = Files::new(&["/srv/", "/srv/old", "/srv/d"]);
    let model = Model::new(web(false, &files));
    let e = model.done(copy("/srv", "")).unwrap_err();
    assert!(e.status() == Some(500) && e.message() == "/srv/d is in the way", "{e}");
    assert_eq!(*there(&model.state().world), files.now);
    // As it was before there was a way to remove it.
    let model = Model::new(web(false, &files));
    model.done(copy("/srv", "").keep_partial(true)).unwrap_err();
    assert_eq!(*there(&model.state().world), files.with(&["/srv/f"]).now);
    assert!(!model.state().world.asked.iter().any(|asked| asked.contains("changes")));
}

#[test]
fn what_is_mounted_is_never_emptied() {
    // Nobody knows what was in it before; and what it is mounted in was made by the engine.
    let files = Files::new(&["/srv/", "/srv/old"]).with(&["/srv/d/", "/srv/d/own"]).mounted("/srv/d");
    let model = Model::new(web(false, &files));
    let e = model.done(copy_in("web", "/srv", |_: Pack| slow(site(""), true))).unwrap_err();
    let message = e.message();
    assert!(message.contains("what was made is still there") && message.contains("\"/srv/d\""), "{e}");
    assert_eq!(*there(&model.state().world), files.with(&["/srv/d/g"]).now);
    // Made since, with something mounted into it.
    let files = Files::new(&["/srv/"]).mounted("/srv/d");
    let model = Model::new(web(false, &files));
    let e = model.done(copy_in("web", "/srv", |_: Pack| slow(site(""), true))).unwrap_err();
    assert!(e.message().contains("\"/srv/d\", for \"/srv/d\" is mounted there"), "{e}");
    assert_eq!(*there(&model.state().world), files.with(&["/srv/d/", "/srv/d/g"]).now);
}

#[test]
fn what_cannot_be_told_is_said() {
    let files = Files::new(&["/srv/"]);
    let model = Model::new(web(false, &files));
    let body = || MemoryBody::new().piece(vec![0x1f; 2048]).fail("the disk is gone");
    let e = model.done(copy_in("web", "/srv", move |_: Pack| Content::new(body()))).unwrap_err();
    assert!(e.message().contains("what of it is in \"/srv\" cannot be told: it is no tar, or a compressed one"), "{e}");
}

/// Tells when it was asked for its second piece, which does not come.
struct Stuck(Arc<AtomicUsize>);

impl BodySource for Stuck {
    fn length(&self) -> Option<u64> {
        None
    }

    fn poll_piece(&mut self, cx: &mut Context<'_>, _: &mut [u8]) -> Poll<std::result::Result<BodyPiece, Source>> {
        match self.0.fetch_add(1, Ordering::Relaxed) {
            0 => Poll::Ready(Ok(BodyPiece::Owned(vec![0; 512].into()))),
            _ => {
                cx.waker().wake_by_ref();
                Poll::Pending
            }
        }
    }
}

/// A source that gives nothing is not waited for; the grace bounds an engine that does not answer any more.
#[test]
fn an_engine_that_is_stuck_is_left() {
    let missing = Script::new().expect(Want::any()).reply("HTTP/1.1 404 x\r\nContent-Length: 0\r\n\r\n");
    let pieces = Arc::new(AtomicUsize::new(0));
    let (body, asked) = (Stuck(pieces.clone()), pieces.clone());
    let copy = copy_in("web", "/srv", |_: Pack| Content::new(body));
    let signal = poll_fn(move |_| if asked.load(Ordering::Relaxed) > 1 { Poll::Ready(()) } else { Poll::Pending });
    // Something happens a second later, so that there is another turn.
    let script = missing.accept().expect_head(Want::any()).pause(Duration::from_secs(1));
    let script = script.reply("HTTP/1.1 100 Continue\r\n\r\n").stall();
    let (done, bench) = job(script, copy.until(signal).grace(Duration::from_secs(5)));
    let e = done.unwrap_err();
    assert!(e.is_cancelled() && e.message().contains("did not end within 5s"), "{e}");
    assert_eq!((bench.time(), pieces.load(Ordering::Relaxed)), (Duration::from_secs(1 + 5), 2));
}
