//! Answers saved to files: a whole one is there, and of everything else nothing is.

use super::Failure;
use crate::engine::Engine;
use crate::peer::{Connection, Peer};
use crate::runtime::{Files, Items};
use crate::trees::Folder;
use docker_proto::ErrorKind;
use docker_proto::api::{archive, containers, images};
use docker_proto::op::Operation;
use docker_proto::session::{CallOptions, Timeouts};
use docker_proto::tar::{Pack, Tree};
use std::fs;
use std::io::{self, Read, Write};
use std::time::Duration;

fn tar() -> Vec<u8> {
    Tree::new().file("f", vec![b'x'; 100_000]).expect("a tree").into_bytes().to_vec()
}

/// Answers with `sent` of the bytes of a tar.
fn answer(c: &mut Connection, sent: usize) -> io::Result<()> {
    let tar = tar();
    write!(c.writer, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", tar.len())?;
    c.writer.write_all(&tar[..sent])
}

pub async fn a_whole_answer_takes_the_place_of_what_was_there<R: Files>() -> Result<(), Failure> {
    let peer = Peer::unix(|mut c| {
        c.after_ping("1.45")?;
        answer(&mut c, tar().len())
    })?;
    let docker = R::connect(&peer.url);
    let folder = Folder::new()?;
    let path = folder.0.join("out.tar");
    for before in [None, Some("something longer than nothing")] {
        if let Some(text) = before {
            fs::write(&path, text)?;
        }
        let length = R::save(docker.begin(containers::Export::new("web")), path.clone()).await?;
        assert!(length == tar().len() as u64 && fs::read(&path)? == tar());
        assert_eq!(folder.names()?, ["out.tar"]);
    }
    // A link stays one; what it leads to is replaced.
    std::os::unix::fs::symlink("real.tar", folder.0.join("link"))?;
    fs::write(folder.0.join("real.tar"), "old")?;
    R::save(docker.begin(containers::Export::new("web")), folder.0.join("link")).await?;
    assert!(fs::symlink_metadata(folder.0.join("link"))?.is_symlink() && fs::read(folder.0.join("real.tar"))? == tar());
    Ok(())
}

pub async fn a_cut_answer_leaves_everything_as_it_was<R: Files>() -> Result<(), Failure> {
    for sent in [0, 700, 60_000] {
        let peer = Peer::unix(move |mut c| {
            c.after_ping("1.45")?;
            answer(&mut c, sent)
        })?;
        let folder = Folder::new()?;
        fs::write(folder.0.join("old"), "old")?;
        for name in ["new", "old"] {
            let docker = R::connect(&peer.url);
            let e = R::save(docker.begin(containers::Export::new("web")), folder.0.join(name)).await;
            let e = e.err().ok_or("saved")?;
            assert_eq!(e.kind(), ErrorKind::Truncated, "{e}");
            assert_eq!((folder.names()?, fs::read(folder.0.join("old"))?), (vec!["old".into()], b"old".to_vec()));
        }
    }
    Ok(())
}

pub async fn a_save_that_is_given_up_leaves_nothing<R: Files>() -> Result<(), Failure> {
    // The rest never comes: a deadline ends it, as a drop of the future would.
    let peer = Peer::unix(|mut c| {
        c.after_ping("1.45")?;
        answer(&mut c, 60_000)?;
        io::copy(&mut c.reader, &mut io::sink()).map(drop)
    })?;
    let mut options = CallOptions::default();
    options.timeouts = Some(Timeouts::each(Duration::from_millis(300)));
    let docker = R::connect(&peer.url).with_options(options);
    let folder = Folder::new()?;
    let e = R::save(docker.begin(containers::Export::new("web")), folder.0.join("f")).await.err().ok_or("saved")?;
    assert!(e.is_timeout() && folder.names()?.is_empty(), "{e}");
    let items = R::connect(&peer.url).begin(containers::Export::new("web"));
    assert!(R::save_given_up(items, folder.0.join("f"), Duration::from_millis(300)).await, "it ended");
    assert!(folder.names()?.is_empty(), "{:?}", folder.names());
    Ok(())
}

pub async fn a_bad_place_is_refused_before_anything_is_sent<R: Files>() -> Result<(), Failure> {
    let peer = Peer::unix(|_| Ok(()))?;
    let docker = R::connect(&peer.url);
    let folder = Folder::new()?;
    fs::create_dir(folder.0.join("dir"))?;
    for (path, kind, words) in [
        (folder.0.join("dir"), ErrorKind::Usage, "is no regular file"),
        ("/dev/null".into(), ErrorKind::Usage, "is no regular file"),
        (folder.0.join("no/such"), ErrorKind::Writer, "cannot create"),
    ] {
        let e = R::save(docker.begin(containers::Export::new("web")), path).await.err().ok_or("saved")?;
        assert!(e.kind() == kind && e.to_string().contains(words), "{e}");
    }
    assert_eq!(peer.accepted(), 0);
    Ok(())
}

pub async fn a_directory_that_is_not_there_abandons_the_upload<R: Files>() -> Result<(), Failure> {
    let peer = Peer::unix(|mut c| {
        c.after_ping("1.45")?;
        c.reader.read_to_end(&mut Vec::new()).map(drop)
    })?;
    let docker = R::connect(&peer.url);
    let folder = Folder::new()?;
    fs::write(folder.0.join("file"), "")?;
    for (name, words) in [("none", "cannot list \".\" of the directory to be packed"), ("file", "cannot list")] {
        let op = archive::Put::new("web", "/");
        let e = docker.upload_packed(op, folder.0.join(name), Pack::new()).value().await.err().ok_or("sent")?;
        assert!(e.kind() == ErrorKind::Body && e.to_string().contains(words), "{e}");
    }
    Ok(())
}

pub async fn a_refusal_never_gets_into_a_file<R: Files>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let folder = Folder::new()?;
    let path = folder.0.join("f");
    let no = "no-such-thing-dp";
    let e = R::save(docker.begin(containers::Export::new(no)), path.clone()).await.err().ok_or("saved")?;
    assert!(e.is_not_found(), "{e}");
    R::save(docker.begin(images::Get::new(no)), path.clone()).await.err().ok_or("saved")?;
    R::save(docker.begin(archive::Get::new(no, "/").unchecked()), path).await.err().ok_or("saved")?;
    assert!(folder.names()?.is_empty(), "{:?}", folder.names());
    Ok(())
}
