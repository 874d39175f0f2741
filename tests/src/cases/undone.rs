//! Directories on their way into a container that do not come to their end: nothing of them is left.

use super::Failure;
use crate::engine::{Container, Engine, shell};
use crate::runtime::{Files, Items};
use crate::steps::{is_off, stepped};
use crate::trees::{self, Folder, Nodes};
use docker_proto::api::archive::{Get, Put};
use docker_proto::jobs::{CopyIn, copy_in};
use docker_proto::model::HostConfig;
use docker_proto::op::Operation;
use docker_proto::tar::Tree;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

/// All that is in `/tmp` of a container.
async fn there<R: Files>(docker: &R, id: &str) -> Result<Nodes, Failure> {
    trees::of_tar(docker.begin(Get::new(id, "/tmp").entries()).all().await?, "tmp")
}

fn paths(nodes: &Nodes) -> Vec<String> {
    nodes.keys().map(|path| String::from_utf8_lossy(path).into_owned()).collect()
}

/// Files of some pieces, links, long names and such that are no ASCII, on the disk.
fn site(folder: &Path) -> Result<PathBuf, Failure> {
    let here = folder.join("site");
    fs::create_dir_all(here.join("dir"))?;
    fs::write(here.join("dir/f"), "of f")?;
    fs::write(here.join("big"), vec![7; 9000])?;
    fs::write(here.join("old"), "new")?;
    fs::write(here.join("ö".repeat(70)), "")?;
    fs::write(here.join("dir").join("n".repeat(150)), "")?;
    fs::hard_link(here.join("big"), here.join("again"))?;
    symlink("big", here.join("link"))?;
    symlink("dir", here.join("link to dir"))?;
    symlink("nowhere", here.join("loose"))?;
    Ok(here)
}

/// A container in which something was before.
async fn container<R: Files>(engine: &Engine, docker: &R, running: bool) -> Result<Container<R>, Failure> {
    let c = engine.shell(docker, "sleep 300").await?;
    let tree = Tree::new().dir("dir")?.dir("dir/site")?.file("dir/site/own", "own")?.file("dir/site/old", "old")?;
    docker.upload(Put::new(&*c.id, "/tmp"), tree.into_bytes()).value().await?;
    if running {
        c.start().await?;
    }
    Ok(c)
}

/// Copies again and again, called off one step later each time, until it is done before that: each time all is as it was.
async fn at_each_step<R: Files>(
    engine: &Engine,
    running: bool,
    job: impl Fn(&str) -> CopyIn,
) -> Result<usize, Failure> {
    let docker: R = engine.client();
    let mut c = container(engine, &docker, running).await?;
    let mut before = there(&docker, &c.id).await?;
    for n in 0.. {
        let (job, step) = stepped(job(&c.id), n);
        let done = docker.job(job).await;
        let now = there(&docker, &c.id).await?;
        match done {
            // The answer was there when it was called off, or it never was.
            Ok(_) => {
                assert!(now.len() > before.len() + 8, "step {n}: {:?}", paths(&now));
                c = container(engine, &docker, running).await?;
                before = there(&docker, &c.id).await?;
            }
            Err(e) => {
                assert!(is_off(&e), "step {n}: {e}");
                assert_eq!(paths(&now), paths(&before), "step {n}");
                let own = &b"dir/site/own"[..];
                assert_eq!(now[own], before[own], "step {n}");
            }
        }
        if !step.has_fired() {
            return Ok(n);
        }
    }
    unreachable!("no job has so many steps")
}

pub async fn called_off_at_each_step_it_leaves_nothing<R: Files>(engine: &Engine) -> Result<(), Failure> {
    let folder = Folder::new()?;
    let here = site(&folder.0)?;
    // Where nothing is, under its name in a directory, and into one that is there, each way; of a container that runs or not.
    let places = [("/tmp/new", None), ("/tmp", Some("ö")), ("/tmp/dir/site", None), ("/tmp/dir", Some("site"))];
    for running in [false, true] {
        for (n, (path, name)) in places.into_iter().enumerate() {
            // They take their time: each runtime has one of each four.
            let runtimes = ["tokio", "smol", "async-std", "blocking"];
            if runtimes[(n + usize::from(running)) % 4] != R::NAME {
                continue;
            }
            let copy = |id: &str| {
                let from = here.clone();
                let job = copy_in(id, path, move |pack| R::packed(from, pack));
                if let Some(name) = name { job.named(name) } else { job }
            };
            let steps = at_each_step::<R>(engine, running, copy).await?;
            assert!(steps >= 12, "{path}: {steps} steps");
        }
    }
    Ok(())
}

/// A reader that gives a tar and fails then.
struct Fails(std::io::Cursor<Vec<u8>>);

impl std::io::Read for Fails {
    fn read(&mut self, room: &mut [u8]) -> std::io::Result<usize> {
        match self.0.read(room)? {
            0 => Err(std::io::Error::other("the disk is gone")),
            n => Ok(n),
        }
    }
}

pub async fn whatever_fails_it_leaves_nothing<R: Files>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let host = HostConfig::new().network_mode("none").binds(["/data"]);
    let c = engine.container(&docker, shell("sleep 300").host_config(host)).await?;
    let tree = Tree::new().dir("w")?.file("w/old", "old")?.file("w/way", "")?;
    docker.upload(Put::new(&*c.id, "/tmp"), tree.into_bytes()).value().await?;
    let before = there(&docker, &c.id).await?;
    // The last of its entries is in the way.
    let site =
        || Tree::new().file("a", "1")?.dir("b")?.file("b/c", "2")?.symlink("l", "a")?.symlink("m", "no")?.dir("way");
    let tar = site()?.into_bytes();
    let sent = tar.clone();
    let e = docker.job(copy_in(&*c.id, "/tmp/w", move |_| sent)).await.unwrap_err();
    assert!(e.status().is_some() && !e.message().contains("still there"), "{e}");
    assert_eq!(paths(&there(&docker, &c.id).await?), paths(&before));
    // Its source fails: into what is there, where nothing is, and where not even the directory is.
    for path in ["/tmp/w", "/tmp/new", "/tmp/no/new"] {
        let root = if path == "/tmp/w" { "" } else { "new/" };
        let tree = if root.is_empty() { Tree::new() } else { Tree::new().dir("new")? };
        let tree = tree.file(format!("{root}a"), vec![1; 70_000])?.symlink(format!("{root}l"), "a")?;
        let reader = Fails(std::io::Cursor::new(tree.into_bytes().to_vec()));
        let e = docker.job(copy_in(&*c.id, path, move |_| R::content(reader))).await.unwrap_err();
        assert!(e.to_string().contains("the disk is gone") && !e.message().contains("still there"), "{path}: {e}");
        assert_eq!(paths(&there(&docker, &c.id).await?), paths(&before), "{path}");
    }
    // Of what is in a volume nobody knows what is new.
    let tree = Tree::new().file("v", "1")?.into_bytes();
    let reader = Fails(std::io::Cursor::new(tree.to_vec()));
    let e = docker.job(copy_in(&*c.id, "/data", move |_| R::content(reader))).await.unwrap_err();
    assert!(e.message().contains("what was copied into \"/data\", which is mounted"), "{e}");
    Ok(())
}
