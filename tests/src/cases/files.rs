//! Files in and out of a container, as tar.

use super::Failure;
use super::streams::tar;
use crate::engine::Engine;
use crate::runtime::{Items, Runtime};
use bytes::Bytes;
use docker_proto::api::archive::{Get, Put, Stat};
use std::io::{self, Read};

pub async fn a_file_goes_out_and_in<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let c = engine.shell(&docker, "true").await?;
    let content = b"some content\n".repeat(100);
    docker.upload(Put::new(&*c.id, "/tmp"), Bytes::from(tar("file", &content))).value().await?;
    let stat = docker.call(Stat::new(&*c.id, "/tmp/file")).await?;
    assert_eq!((&*stat.name, stat.size, stat.mode.permissions()), ("file", content.len() as i64, 0o644));
    assert!(docker.call(Stat::new(&*c.id, "/tmp")).await?.mode.is_dir());
    let mut get = docker.begin(Get::new(&*c.id, "/tmp/file"));
    get.head().await?;
    let got = get.all().await?.concat();
    assert!(got.len() % 512 == 0 && got[512..].starts_with(&content), "{} bytes", got.len());
    Ok(())
}

/// A tar with one file of zeros, made as it is read.
struct Zeros {
    head: io::Cursor<Vec<u8>>,
    left: usize,
}

impl Read for Zeros {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let n = self.head.read(room)?;
        if n > 0 {
            return Ok(n);
        }
        let n = room.len().min(self.left);
        room[..n].fill(0);
        self.left -= n;
        Ok(n)
    }
}

pub async fn a_long_upload_of_unknown_length_arrives<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    const SIZE: usize = 32 << 20;
    let docker: R = engine.client();
    let c = engine.shell(&docker, "true").await?;
    let mut head = tar("big", b"")[..512].to_vec();
    head[124..136].copy_from_slice(format!("{SIZE:011o}\0").as_bytes());
    head[148..156].copy_from_slice(b"        ");
    let sum: u32 = head.iter().map(|&b| u32::from(b)).sum();
    head[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    let body = Zeros { head: io::Cursor::new(head), left: SIZE + 1024 };
    docker.upload_from(Put::new(&*c.id, "/tmp"), body).value().await?;
    assert_eq!(docker.call(Stat::new(&*c.id, "/tmp/big")).await?.size, SIZE as i64);
    Ok(())
}

pub async fn a_refused_upload_gives_the_reason<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let c = engine.shell(&docker, "true").await?;
    // Podman makes a missing directory; what is no tar is refused by all.
    let body = Zeros { head: io::Cursor::new(vec![b'x'; 4096]), left: 8 << 20 };
    let e = docker.upload_from(Put::new(&*c.id, "/tmp"), body).value().await.err().ok_or("accepted")?;
    assert!(e.status().is_some() && !e.message().is_empty(), "{e:?}");
    if !engine.is_podman() {
        let body = Zeros { head: io::Cursor::new(Vec::new()), left: 8 << 20 };
        let e = docker.upload_from(Put::new(&*c.id, "/no/such"), body).value().await.err().ok_or("accepted")?;
        assert!(e.is_not_found() && e.message().contains("/no/such"), "{e:?}");
    }
    Ok(())
}

pub async fn a_stat_tells_a_missing_path<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let c = engine.shell(&docker, "true").await?;
    let e = docker.call(Stat::new(&*c.id, "/no/such")).await.err().ok_or("found")?;
    assert!(e.is_not_found() && !e.message().is_empty(), "{e:?}");
    let e = docker.begin(Get::new(&*c.id, "/no/such")).head().await.err().ok_or("found")?;
    assert!(e.is_not_found() && e.message().contains("/no/such") || engine.is_podman(), "{e:?}");
    // A HEAD with an error has no body; the connection goes on all the same.
    assert_eq!(docker.call(Stat::new(&*c.id, "/etc/passwd")).await?.name, "passwd");
    Ok(())
}
