//! Tars that come compressed.

use crate::kit::{file, files, joined, read, run};
use docker_proto::ErrorKind::{Protocol, Truncated};
use docker_proto::tar::{TarCheck, TarItem, TarReader, Tree};
use docker_proto::testkit::{Vector, every_cut};
use docker_proto::wire::{Coding, Inflate};
use std::io::Write;
use std::process::{Command, Stdio};

fn tar() -> Vec<u8> {
    let noise: Vec<u8> = (0..200u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    Tree::new().file("etc/motd", "hello\n".repeat(20)).unwrap().file("noise", noise).unwrap().into_bytes().to_vec()
}

/// What a program makes of `bytes`.
fn through(program: &str, arguments: &[&str], bytes: &[u8]) -> Vec<u8> {
    let mut command = Command::new(program);
    let mut child =
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the program is there");
    let (mut stdin, bytes) = (child.stdin.take().expect("a pipe"), bytes.to_vec());
    let writer = std::thread::spawn(move || stdin.write_all(&bytes));
    let out = child.wait_with_output().expect("it ends");
    writer.join().expect("no panic").expect("it reads");
    assert!(out.status.success());
    out.stdout
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    through("gzip", &["-n", "-c"], bytes)
}

fn gunzip() -> Inflate<TarReader> {
    Inflate::new(TarReader::new(), Some(Coding::Gzip))
}

#[test]
fn gzip_at_any_cut() {
    let (tar, packed) = (tar(), gzip(&tar()));
    let found = read(&tar).unwrap();
    let whole = found.into_iter().fold(Vector::new("gzip", packed.clone()), |v, file| v.item(file));
    assert_eq!(every_cut(gunzip, &whole, files), 0);
    let bytes = Vector::new("gzip as bytes", packed).item(tar);
    assert_eq!(every_cut(|| Inflate::new(TarCheck::new(), Some(Coding::Gzip)), &bytes, joined), 0);
}

#[test]
fn deflate_is_what_is_inside_a_gzip() {
    let packed = gzip(&tar());
    let inside = &packed[10..packed.len() - 8];
    let deflate = || Inflate::new(TarCheck::new(), Some(Coding::Deflate));
    assert_eq!(every_cut(deflate, &Vector::new("deflate", inside.to_vec()).item(tar()), joined), 0);
    let e = run(&mut deflate(), &[inside, b"more"].concat(), drop).expect_err("something follows");
    assert!(e.kind() == Protocol && e.message().contains("something else follows"), "{e}");
}

#[test]
fn what_is_not_compressed_passes() {
    let v = Vector::new("plain", tar()).item(tar());
    assert_eq!(every_cut(|| Inflate::new(TarCheck::new(), None), &v, joined), 0);
}

#[test]
fn heads_with_everything_in_them_and_several_members() {
    let (tar, plain) = (tar(), gzip(&tar()));
    // Extra field, name, comment, checksum of the head.
    let mut head = plain[..10].to_vec();
    head[3] = 4 | 8 | 16 | 2;
    head.extend_from_slice(b"\x03\0abcname\0comment\0\x12\x34");
    let full = [&head[..], &plain[10..]].concat();
    assert_eq!(
        every_cut(
            || Inflate::new(TarCheck::new(), Some(Coding::Gzip)),
            &Vector::new("head", full).item(tar.clone()),
            joined
        ),
        0
    );
    let (a, b) = tar.split_at(1000);
    let two = [gzip(a), gzip(b""), gzip(b)].concat();
    let mut all = Vec::new();
    run(&mut Inflate::new(TarCheck::new(), Some(Coding::Gzip)), &two, |bytes| all.extend_from_slice(&bytes)).unwrap();
    assert!(all == tar);
}

#[test]
fn what_is_damaged_is_an_error() {
    let packed = gzip(&tar());
    let end = packed.len();
    let fails = |bytes: &[u8], kind, words: &str| {
        let e = run(&mut gunzip(), bytes, drop).expect_err(words);
        assert!(e.kind() == kind && e.message().contains(words), "{e}");
    };
    for cut in [0, 5, 10, 100, end - 8, end - 1] {
        fails(&packed[..cut], Truncated, &format!("the gzip of the answer ended after {cut} bytes"));
    }
    let with = |at: usize, bits: u8| {
        let mut wrong = packed.clone();
        wrong[at] ^= bits;
        wrong
    };
    fails(&with(0, 1), Protocol, "it does not begin as one");
    fails(&with(end - 8, 1), Protocol, "its checksum");
    fails(&with(end - 1, 1), Protocol, "not as long as it says");
    fails(&[&packed[..], b"{\"message\":\"x\"}"].concat(), Protocol, "something else follows");
    // A whole gzip of half a tar is half a tar.
    let half = gzip(&tar()[..700]);
    fails(&half, Truncated, "the padding behind \"etc/motd\"");
}

/// Whatever is changed in it: never a clean end with other data.
#[test]
fn no_change_goes_unseen() {
    let (whole, packed) = (tar(), gzip(&tar()));
    let mut noticed = 0;
    for at in 0..packed.len() {
        let mut wrong = packed.clone();
        wrong[at] ^= 0x10;
        let mut seen = Vec::new();
        let mut check = Inflate::new(TarCheck::new(), Some(Coding::Gzip));
        match run(&mut check, &wrong, |bytes| seen.extend_from_slice(&bytes)) {
            Err(_) => noticed += 1,
            // Time and system in the head, bits behind the last block, another of several ways to say the same.
            Ok(()) => assert!(seen == whole, "{at}"),
        }
    }
    assert!(noticed * 10 > packed.len() * 9, "{noticed} of {}", packed.len());
}

#[test]
fn a_bomb_is_read_in_pieces() {
    // A GiB of zeros would be a MiB; 8 MiB of them are enough to see that nothing piles up.
    const SIZE: usize = 8 << 20;
    let mut bomb = file("zeros", b"")[..512].to_vec();
    bomb[124..136].copy_from_slice(format!("{SIZE:011o}\0").as_bytes());
    bomb[148..156].copy_from_slice(b"        ");
    let sum: u32 = bomb.iter().map(|&b| u32::from(b)).sum();
    bomb[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    bomb.resize(512 + SIZE + 1024, 0);
    let packed = gzip(&bomb);
    assert!(packed.len() < 20_000);
    let (mut total, mut largest) = (0, 0);
    let item = |item| {
        if let TarItem::Data(bytes) = item {
            total += bytes.len();
            largest = largest.max(bytes.len());
        }
    };
    run(&mut gunzip(), &packed, item).unwrap();
    assert!(total == SIZE && largest <= docker_proto::wire::limits::MAX_BLOCK, "{largest}");
}
