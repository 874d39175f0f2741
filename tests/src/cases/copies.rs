//! Directories copied into containers, files and directories copied out of them.

use super::Failure;
use crate::engine::{Container, Engine};
use crate::runtime::{Files, Items};
use crate::steps::{is_off, stepped};
use crate::trees::{self, Folder, Nodes};
use docker_proto::ErrorKind;
use docker_proto::api::archive::{Get, Put};
use docker_proto::jobs::{copy_in, copy_out};
use docker_proto::op::Operation;
use docker_proto::tar::Tree;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

pub async fn a_tree_goes_in_and_comes_out_the_same<R: Files>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let c = engine.shell(&docker, "true").await?;
    let folder = Folder::new()?;
    let [here, out] = ["in", "out"].map(|name| folder.0.join(name));
    fs::create_dir(&here)?;
    trees::write(&here, &trees::thousand())?;
    let from = here.clone();
    let copied = docker.job(copy_in(&*c.id, "/tmp/tree", move |pack| R::packed(from, pack))).await?;
    assert_eq!(copied.path, "/tmp/tree");
    let there = trees::of_tar(docker.begin(Get::new(&*c.id, "/tmp/tree").entries()).all().await?, "tree")?;
    let wanted = trees::of_disk(&here)?;
    let owned = |nodes| if engine.is_podman() { trees::without_owners(nodes) } else { nodes };
    trees::same(&owned(wanted.clone()), &there)?;
    let copied = docker.job(copy_out(&*c.id, "/tmp/tree", R::destination(out.clone()))).await?;
    assert!(copied.stat.mode.is_dir() && copied.size > 100_000, "{copied:?}");
    trees::same(&trees::as_unpacked(wanted), &trees::as_unpacked(trees::of_disk(&out)?))
}

/// A container with `/tmp/d`, a directory with two files, and `/tmp/l`, a link to it.
async fn source<R: Files>(engine: &Engine, docker: &R) -> Result<Container<R>, Failure> {
    let c = engine.shell(docker, "true").await?;
    let tree = Tree::new().dir("d")?.file("d/f", "of f")?.file("d/g", "of g")?;
    let tree = tree.add(docker_proto::tar::Entry::symlink("l", "d"), b"")?;
    docker.upload(Put::new(&*c.id, "/tmp"), tree.into_bytes()).value().await?;
    Ok(c)
}

/// What a path on the disk is like before something is copied there.
fn prepare(root: &Path, dest: &str) -> Result<PathBuf, Failure> {
    fs::create_dir(root)?;
    fs::create_dir(root.join("dir"))?;
    fs::write(root.join("file"), "old")?;
    // Not joined: that would take a slash at the end away.
    Ok(PathBuf::from(format!("{}/{dest}", root.display())))
}

const DESTINATIONS: [&str; 8] = ["new", "new/", "dir", "dir/", "dir/.", "file", "file/", "no/new"];

/// Names and contents of what is there.
fn names(root: &Path) -> Result<Vec<String>, Failure> {
    let mut names = Vec::new();
    for path in trees::of_disk(root)?.keys() {
        let path = String::from_utf8(path.clone())?;
        let at = root.join(&path);
        let is = if at.is_symlink() {
            format!("-> {}", fs::read_link(&at)?.display())
        } else if at.is_file() {
            fs::read_to_string(&at)?
        } else {
            String::from("/")
        };
        names.push(format!("{path} {is}"));
    }
    Ok(names)
}

/// The docker command of the engine.
fn cp(engine: &Engine, from: &str, to: &str) -> Result<bool, Failure> {
    let tool = super::tool().ok_or("no tool")?;
    Ok(Command::new(tool).args(["cli", &engine.name, "cp", from, to]).output()?.status.success())
}

/// All combinations of what is copied out and what is there.
pub async fn what_comes_out_lands_where_the_docker_command_puts_it<R: Files>(engine: &Engine) -> Result<(), Failure> {
    if engine.is_podman() {
        eprintln!("SKIPPED on podman: it has a command of its own");
        return Ok(());
    }
    let docker: R = engine.client();
    let c = source(engine, &docker).await?;
    let folder = Folder::new()?;
    for (n, from) in
        ["/tmp/d", "/tmp/d/", "/tmp/d/.", "/tmp/d/f", "/tmp/l", "/tmp/l/.", "/tmp/d/f/."].iter().enumerate()
    {
        for (m, dest) in DESTINATIONS.iter().enumerate() {
            let [ours, theirs] = ["ours", "theirs"].map(|who| folder.0.join(format!("{who}-{n}-{m}")));
            let (our, their) = (prepare(&ours, dest)?, prepare(&theirs, dest)?);
            let did = docker.job(copy_out(&*c.id, *from, R::destination(our))).await;
            let they_did = cp(engine, &format!("{}:{from}", c.id), &their.to_string_lossy())?;
            let what = format!("{from} to {dest}: {did:?}, the command: {they_did}");
            assert_eq!(did.is_ok(), they_did, "{what}");
            assert_eq!(names(&ours)?, names(&theirs)?, "{what}");
        }
    }
    Ok(())
}

async fn there<R: Files>(docker: &R, id: &str, root: &str) -> Result<Nodes, Failure> {
    let name = root.rsplit('/').next().unwrap_or_default();
    trees::of_tar(docker.begin(Get::new(id, root).entries()).all().await?, name)
}

pub async fn what_goes_in_lands_where_the_docker_command_puts_it<R: Files>(engine: &Engine) -> Result<(), Failure> {
    if engine.is_podman() {
        eprintln!("SKIPPED on podman: it has a command of its own");
        return Ok(());
    }
    let docker: R = engine.client();
    let c = engine.shell(&docker, "true").await?;
    let folder = Folder::new()?;
    let here = folder.0.join("site");
    fs::create_dir(&here)?;
    fs::write(here.join("f"), "of f")?;
    for (n, dest) in DESTINATIONS.iter().chain(&["link", "link/"]).enumerate() {
        for named in [true, false] {
            let [ours, theirs] = ["ours", "theirs"].map(|who| format!("/tmp/{who}-{n}-{named}"));
            for root in [&ours, &theirs] {
                let root = root.trim_start_matches("/tmp/");
                let tree = Tree::new().dir(root)?.dir(format!("{root}/dir"))?.file(format!("{root}/file"), "old")?;
                let link = docker_proto::tar::Entry::symlink(format!("{root}/link"), "dir");
                docker.upload(Put::new(&*c.id, "/tmp"), tree.add(link, b"")?.into_bytes()).value().await?;
            }
            let from = here.clone();
            let job = copy_in(&*c.id, format!("{ours}/{dest}"), move |pack| R::packed(from, pack));
            let did = docker.job(if named { job.named("site") } else { job }).await;
            let from = format!("{}{}", here.display(), if named { "" } else { "/." });
            let they_did = cp(engine, &from, &format!("{}:{theirs}/{dest}", c.id))?;
            let what = format!("site to {dest}, {named}: {did:?}, the command: {they_did}");
            assert_eq!(did.is_ok(), they_did, "{what}");
            let [our, their] = [there(&docker, &c.id, &ours).await?, there(&docker, &c.id, &theirs).await?];
            assert_eq!(our.keys().collect::<Vec<_>>(), their.keys().collect::<Vec<_>>(), "{what}");
        }
    }
    Ok(())
}

pub async fn called_off_nothing_is_left_on_the_disk<R: Files>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let c = source(engine, &docker).await?;
    let folder = Folder::new()?;
    let to = folder.0.join("new");
    for n in 0.. {
        let (job, step) = stepped(copy_out(&*c.id, "/tmp/d", R::destination(to.clone())), n);
        match docker.job(job).await {
            Ok(copied) => assert_eq!(copied.size, 8),
            Err(e) => assert!(is_off(&e) && folder.names()?.is_empty(), "step {n}: {e} {:?}", folder.names()?),
        }
        let _ = fs::remove_dir_all(&to);
        if !step.has_fired() {
            assert!(n >= 6, "{n} steps");
            break;
        }
    }
    // What is refused leaves nothing, here or there.
    let e = docker.job(copy_out(&*c.id, "/no/such/file", R::destination(to.clone()))).await.unwrap_err();
    assert!(e.is_not_found() && folder.names()?.is_empty(), "{e}");
    let e =
        docker.job(copy_in(&*c.id, "/tmp/new", move |pack| R::packed("/no/such/dir".into(), pack))).await.unwrap_err();
    assert_eq!(e.kind(), ErrorKind::Body, "{e}");
    let e = docker.job(copy_in(&*c.id, "/tmp/d/f", move |pack| R::packed("/tmp".into(), pack))).await.unwrap_err();
    assert_eq!(e.kind(), ErrorKind::Usage, "{e}");
    Ok(())
}
