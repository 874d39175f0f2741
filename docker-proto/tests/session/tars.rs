//! Answers that are tars: checked unless they are not to be, and read as entries.

use crate::common::{only_error, pinned};
use docker_proto::ErrorKind::{InStream, Protocol, Truncated};
use docker_proto::api::{archive, containers, images};
use docker_proto::op::{Invoke, Operation, Raw, Tar};
use docker_proto::tar::{TarItem, Tree};
use docker_proto::testkit::{Bench, Script, Want};
use docker_proto::{Error, Result};

const STAT: &str = "X-Docker-Container-Path-Stat: eyJuYW1lIjoiZXRjIiwic2l6ZSI6NDA5NiwibW9kZSI6MjE0NzQ4NDE0MSwibXRpbWUiOiIyMDI0LTAxLTAxVDAwOjAwOjAwWiIsImxpbmtUYXJnZXQiOiIifQ==\r\n";
/// As dockerd 20.10 appends it.
const ERROR: &[u8] = b"{\"message\":\"Error exporting container web: signal: killed\"}\n";

fn tar() -> Vec<u8> {
    Tree::new().file("etc/motd", "hello").unwrap().symlink("etc/link", "motd").unwrap().into_bytes().to_vec()
}

/// An answer with this body, in chunks of 100 bytes.
fn answer(body: &[u8]) -> Script {
    let mut bytes = format!("HTTP/1.1 200 OK\r\n{STAT}Transfer-Encoding: chunked\r\n\r\n").into_bytes();
    for chunk in body.chunks(100) {
        bytes.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
        bytes.extend_from_slice(chunk);
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(b"0\r\n\r\n");
    Script::new().expect(Want::any()).reply(bytes)
}

type Items<O> = Vec<Result<<<O as Operation>::Reply as docker_proto::op::Reply>::Item, Error>>;

fn stream<O: Operation>(op: O, body: &[u8]) -> Items<O> {
    let bench = Bench::new(answer(body));
    let all = bench.collect(&mut bench.begin(&pinned(), op));
    bench.finish();
    all
}

/// The bytes that came, and the error at the end if there was one.
fn bytes<O: Operation<Reply: docker_proto::op::Reply<Item = bytes::Bytes>>>(
    op: O,
    body: &[u8],
) -> (Vec<u8>, Option<Error>) {
    let (mut all, mut error) = (Vec::new(), None);
    for item in stream(op, body) {
        assert!(error.is_none(), "the error comes last");
        match item {
            Ok(bytes) => all.extend_from_slice(&bytes),
            Err(e) => error = Some(e),
        }
    }
    (all, error)
}

#[test]
fn every_tar_is_checked() {
    let (tar, cut) = (tar(), &tar()[..600]);
    let broken = [&tar[..1024], ERROR].concat();
    macro_rules! check {
        ($($op:expr),+ $(,)?) => {$(
            let (all, e) = bytes($op, &tar);
            assert!(all == tar && e.is_none(), "{e:?}");
            let (all, e) = bytes($op, cut);
            let e = e.expect("it is cut");
            assert!(all == cut && e.kind() == Truncated && e.message().contains("padding behind \"etc/motd\""), "{e}");
            assert!(e.operation().is_some() && e.is_final(), "{e:?}");
            let (all, e) = bytes($op, &broken);
            let e = e.expect("the engine's error");
            assert_eq!((e.kind(), e.message()), (InStream, "Error exporting container web: signal: killed"));
            assert_eq!(all, tar[..1024], "the error is no part of the tar");
            // Who wants it byte for byte gets it so.
            let (all, e) = bytes($op.unchecked(), &broken);
            assert!(all == broken && e.is_none());
        )+};
    }
    check!(
        archive::Get::new("web", "/etc"),
        containers::Export::new("web"),
        images::Get::new("nginx"),
        images::GetAll::new().names(["nginx"]),
        Raw::<Tar>::get("/x"),
    );
}

#[test]
fn entries_come_with_their_data() {
    let all = stream(archive::Get::new("web", "/etc").entries(), &tar());
    let mut seen = Vec::new();
    for item in all {
        match item.unwrap() {
            TarItem::Entry(entry) => {
                seen.push((entry.path_text().into_owned(), entry.link_text().into_owned(), Vec::new()))
            }
            TarItem::Data(bytes) => seen.last_mut().unwrap().2.extend_from_slice(&bytes),
            other => panic!("{other:?}"),
        }
    }
    let wanted = [("etc/motd", "", &b"hello"[..]), ("etc/link", "motd", b"")];
    assert_eq!(seen, wanted.map(|(path, link, data)| (path.into(), link.into(), data.to_vec())));
    let mut all = stream(containers::Export::new("web").entries(), &[&tar()[..1024], ERROR].concat());
    let e = all.pop().unwrap().expect_err("the engine's error");
    assert!(e.kind() == InStream && all.len() == 2, "{e}");
}

#[test]
fn the_head_is_that_of_the_answer() {
    let bench = Bench::new(answer(&tar()));
    let mut items = bench.begin(&pinned(), archive::Get::new("web", "/etc").entries());
    bench.run(|cx| items.poll_head(cx)).unwrap();
    assert_eq!(items.head().map(|s| &*s.name), Some("etc"));
    let bench = Bench::new(answer(&tar()));
    let mut items = bench.begin(&pinned(), images::Get::new("nginx").entries());
    bench.run(|cx| items.poll_head(cx)).unwrap();
    assert_eq!(items.head().map(|h| h.status()), Some(200));
}

#[test]
fn the_connection_outlives_a_tar_that_failed_in_a_complete_answer() {
    for body in [[&tar()[..1024], ERROR].concat(), tar()[..600].to_vec()] {
        let bench = Bench::new(answer(&body));
        let e = bench.collect(&mut bench.begin(&pinned(), containers::Export::new("web"))).pop().unwrap();
        assert!(e.is_err() && bench.is_open(1), "{e:?}");
    }
}

#[test]
fn a_tar_asked_for_by_name_is_checked_too() {
    let ops = [
        Invoke::new("ContainerExport").unwrap().set("id", "web").unwrap(),
        Invoke::new("ImageGet").unwrap().set("name", "nginx").unwrap(),
        Invoke::new("ContainerArchive").unwrap().set("id", "web").unwrap().set("path", "/etc").unwrap(),
    ];
    for op in ops {
        let e = stream(op.clone(), &tar()[..600]).pop().unwrap().expect_err("it is cut");
        assert_eq!(e.kind(), Truncated, "{e}");
        assert!(stream(op, &tar()).into_iter().all(|item| item.is_ok()));
    }
}

#[test]
fn a_compression_that_nobody_asked_for_is_named() {
    let script = Script::new().expect(Want::any()).answer(200, &format!("{STAT}Content-Encoding: gzip\r\n"), "\x1f");
    let bench = Bench::new(script);
    let e = only_error(bench.collect(&mut bench.begin(&pinned(), archive::Get::new("web", "/etc"))));
    assert!(e.kind() == Protocol && e.message().contains("Content-Encoding gzip"), "{e}");
    let script = Script::new().expect(Want::any()).answer(200, "Content-Encoding: identity\r\n", tar());
    let bench = Bench::new(script);
    assert!(bench.collect(&mut bench.begin(&pinned(), images::Get::new("x"))).iter().all(|item| item.is_ok()));
}

#[cfg(feature = "gzip")]
#[test]
fn a_compressed_answer_is_asked_for_and_read() {
    use docker_proto::wire::Coding;

    // `Tree::new().file("f", "hi")`, by gzip -9.
    let packed = PACKED;
    let field = |coding: &str| format!("{STAT}Content-Encoding: {coding}\r\n");
    let get = || archive::Get::new("web", "/etc").compressed(Coding::Gzip);
    let asked = || Script::new().expect(Want::any().header("Accept-Encoding", "gzip"));
    let run = |script: Script| {
        let bench = Bench::new(script);
        let all = bench.collect(&mut bench.begin(&pinned(), get().entries()));
        bench.finish();
        all
    };
    let names = |all: Vec<Result<TarItem>>| -> Vec<String> {
        let name = |item| if let TarItem::Entry(e) = item { Some(e.path_text().into_owned()) } else { None };
        all.into_iter().filter_map(|item| name(item.unwrap())).collect()
    };
    assert_eq!(names(run(asked().answer(200, &field("gzip"), packed))), ["f"]);
    // An engine may not care.
    assert_eq!(names(run(asked().answer(200, STAT, tar()))), ["etc/motd", "etc/link"]);
    let e = only_error(run(asked().answer(200, &field("zstd"), packed)));
    assert!(e.kind() == Protocol && e.message().contains("Content-Encoding zstd"), "{e}");
    let e =
        run(asked().answer(200, &field("gzip"), &packed[..packed.len() - 3])).pop().unwrap().expect_err("it is cut");
    assert_eq!(e.kind(), Truncated, "{e}");
    // A refusal is read as ever.
    let e = only_error(run(asked().answer(404, "", "{\"message\":\"no such path\"}")));
    assert!(e.is_not_found(), "{e}");
}

/// The last byte of a compressed answer may bring much more than one item.
#[cfg(feature = "gzip")]
#[test]
fn nothing_of_a_compressed_answer_is_left_behind() {
    use docker_proto::wire::Coding;
    use std::io::Write;
    use std::process::{Command, Stdio};

    let tar = (0..200).fold(Tree::new(), |tree, n| tree.file(format!("f{n}"), [b'x'; 1500]).unwrap()).into_bytes();
    let mut command = Command::new("gzip");
    let mut gzip = command.arg("-c").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("gzip is there");
    gzip.stdin.take().unwrap().write_all(&tar).unwrap();
    let packed = gzip.wait_with_output().unwrap().stdout;
    assert!(packed.len() < 8000, "it comes in one read");
    // Without the checksum behind it.
    let packed = &packed[10..packed.len() - 8];
    for chunk in [packed.len(), 100] {
        let mut bytes =
            format!("HTTP/1.1 200 OK\r\n{STAT}Content-Encoding: deflate\r\nTransfer-Encoding: chunked\r\n\r\n")
                .into_bytes();
        for part in packed.chunks(chunk) {
            bytes.extend_from_slice(&[format!("{:x}\r\n", part.len()).as_bytes(), part, b"\r\n"].concat());
        }
        bytes.extend_from_slice(b"0\r\n\r\n");
        let bench = Bench::new(Script::new().expect(Want::any()).reply(bytes));
        let op = archive::Get::new("web", "/etc").compressed(Coding::Deflate).entries();
        let all = bench.collect(&mut bench.begin(&pinned(), op));
        let count = all.into_iter().filter(|item| matches!(item.as_ref().unwrap(), TarItem::Entry(_))).count();
        assert_eq!(count, 200);
    }
}

/// A tar with a file `f`, compressed by gzip.
#[cfg(feature = "gzip")]
const PACKED: &[u8] = b"\x1F\x8B\x08\x00\x00\x00\x00\x00\x02\x03\x4B\x63\xA0\x3D\x30\x00\x02\x33\x13\x13\x30\x0D\x04\xE8\x34\x10\x18\x23\xB1\x81\xE2\x86\x86\x86\xA6\x66\x0C\x0A\x06\x74\x70\x1B\x43\x69\x71\x49\x62\x11\xD0\xFA\xA2\xFC\xFC\x12\x7C\xEA\x08\xC9\xA3\x7B\x6E\x88\x80\x8C\x4C\x2E\x86\x51\x30\x0A\x46\xC1\x28\x18\x05\x23\x0F\x00\x00\x2C\x9F\xFB\x65\x00\x08\x00\x00";
