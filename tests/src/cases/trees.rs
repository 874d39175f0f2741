//! Trees of files in and out of containers.

use super::Failure;
use crate::engine::{Engine, shell};
use crate::runtime::{Files, Items};
use crate::trees::{self, Folder, Nodes};
use bytes::Bytes;
use docker_proto::ErrorKind;
use docker_proto::api::archive::{Get, Put, Stat};
use docker_proto::api::containers;
use docker_proto::model::HostConfig;
use docker_proto::op::{Operation, Raw, RawBytes};
use docker_proto::tar::{Choice, Entry, EntryKind, Pack, TarItem, Tree};
use docker_proto::wire::Coding;
use std::collections::BTreeSet;
use std::fs;
use std::process::Command;
use std::sync::{Arc, Mutex};

/// A container that does not run, with an empty `/tmp/tree`.
async fn target<R: Files>(engine: &Engine, docker: &R) -> Result<crate::engine::Container<R>, Failure> {
    let c = engine.shell(docker, "true").await?;
    put(docker, &c.id, "/tmp", Tree::new().dir("tree")?.into_bytes()).await?;
    Ok(c)
}

async fn put<R: Files>(docker: &R, id: &str, path: &str, tar: Bytes) -> Result<(), Failure> {
    docker.upload(Put::new(id, path), tar).value().await?;
    Ok(())
}

async fn got<R: Files>(docker: &R, id: &str) -> Result<Nodes, Failure> {
    trees::of_tar(docker.begin(Get::new(id, "/tmp/tree").entries()).all().await?, "tree")
}

/// As an engine unpacks it: podman gives all files to the container's user.
fn unpacked(engine: &Engine, nodes: Nodes) -> Nodes {
    if engine.is_podman() { trees::without_owners(nodes) } else { nodes }
}

pub async fn a_thousand_entries_from_memory_come_out_the_same<R: Files>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let c = target(engine, &docker).await?;
    let all = trees::thousand();
    let mut wanted = Nodes::new();
    all.iter().for_each(|(entry, data)| trees::add(&mut wanted, entry, data));
    put(&docker, &c.id, "/tmp/tree", trees::tar(&all)?).await?;
    trees::same(&unpacked(engine, wanted), &got(&docker, &c.id).await?)
}

pub async fn a_thousand_entries_from_a_directory_come_out_the_same<R: Files>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let c = target(engine, &docker).await?;
    let folder = Folder::new()?;
    let root = folder.0.join("in");
    fs::create_dir(&root)?;
    trees::write(&root, &trees::thousand())?;
    // Bytes that are no text, and what has no form in a tar.
    let bytes = root.join(<std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(b"caf\xE9"));
    fs::write(&bytes, "bytes")?;
    fs::File::open(&bytes)?.set_modified(std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1))?;
    let _socket = std::os::unix::net::UnixListener::bind(root.join("socket"))?;
    let told = Arc::new(Mutex::new(Vec::new()));
    let ours = told.clone();
    let pack = Pack::new().left_out(move |path| ours.lock().expect("no panic under this lock").push(path.to_vec()));
    docker.upload_packed(Put::new(&*c.id, "/tmp/tree"), root.clone(), pack).value().await?;
    assert_eq!(*told.lock().expect("no panic under this lock"), [b"socket"]);
    let wanted = unpacked(engine, trees::of_disk(&root)?);
    assert_eq!(wanted.len(), 1001);
    trees::same(&wanted, &got(&docker, &c.id).await?)?;
    // Nanoseconds arrive, although the engine's own tars have none; podman keeps a thousand of them.
    let stat = docker.call(Stat::new(&*c.id, "/tmp/tree/d00/f01")).await?;
    assert!(stat.mtime.contains(if engine.is_podman() { ".12345" } else { ".123456789" }), "{}", stat.mtime);
    // Unpacked by another program it is the same.
    let (tar, out) = (folder.0.join("out.tar"), folder.0.join("out"));
    let length = R::save(docker.begin(Get::new(&*c.id, "/tmp/tree/.")), tar.clone()).await?;
    assert_eq!(length, fs::metadata(&tar)?.len());
    fs::create_dir(&out)?;
    let unpacked = Command::new("tar").arg("-C").arg(&out).arg("--numeric-owner").arg("-xpf").arg(&tar).output()?;
    assert!(unpacked.status.success(), "{}", String::from_utf8_lossy(&unpacked.stderr));
    trees::same(&wanted, &trees::of_disk(&out)?)
}

pub async fn what_is_chosen_is_what_arrives<R: Files>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let c = target(engine, &docker).await?;
    let folder = Folder::new()?;
    for dir in ["keep", "leave", "look"] {
        fs::create_dir(folder.0.join(dir))?;
        fs::write(folder.0.join(dir).join("file"), dir)?;
    }
    let pack = Pack::new().choose(|entry| {
        *entry = std::mem::take(entry).owner(7, 8);
        match &*entry.path {
            b"leave" => Choice::Leave,
            b"look" => Choice::LookBelow,
            _ => Choice::Take,
        }
    });
    docker.upload_packed(Put::new(&*c.id, "/tmp/tree"), folder.0.clone(), pack).value().await?;
    let mut seen = Vec::new();
    for item in docker.begin(Get::new(&*c.id, "/tmp/tree/.").entries()).all().await? {
        if let TarItem::Entry(e) = item {
            let path = e.path_text();
            let path = path.trim_start_matches("./").trim_end_matches('/');
            seen.push(format!("{path} {}:{}", e.uid, e.gid));
        }
    }
    seen.retain(|entry| entry.contains('k'));
    let owner = if engine.is_podman() { "0:0" } else { "7:8" };
    // The engine makes the directory that was left out.
    let wanted =
        [format!("keep {owner}"), format!("keep/file {owner}"), "look 0:0".into(), format!("look/file {owner}")];
    assert_eq!(seen, wanted);
    Ok(())
}

pub async fn an_export_has_what_the_container_has<R: Files>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let c = engine.shell(&docker, "echo mine > /mine; ln /mine /mine2; mkfifo /pipe; find / -xdev").await?;
    c.start().await?;
    c.exit().await?;
    let output = docker.begin(containers::Logs::new(&*c.id).stdout(true).collected()).value().await?;
    // Below these another file system is mounted while the container runs.
    let mounted = |path: &str| ["/dev/", "/proc/", "/sys/", "/run/"].iter().any(|dir| path.starts_with(dir));
    let listed: BTreeSet<String> =
        String::from_utf8_lossy(&output.stdout).lines().filter(|p| !mounted(p) && *p != "/").map(Into::into).collect();
    let mut exported = BTreeSet::new();
    for item in docker.begin(containers::Export::new(&*c.id).entries()).all().await? {
        if let TarItem::Entry(e) = item {
            exported.insert(format!("/{}", e.path_text().trim_start_matches("./").trim_end_matches('/')));
        }
    }
    exported.retain(|path| !mounted(path) && path != "/");
    assert!(listed.len() > 10 && listed.contains("/mine2"), "{listed:?}");
    let differ: Vec<_> = listed.symmetric_difference(&exported).collect();
    assert!(differ.is_empty(), "{differ:?}");
    Ok(())
}

/// A file of the kernel says that it is 4096 bytes long, and is shorter. All engines stop in the middle of the tar, and
/// say nothing.
pub async fn a_copy_that_breaks_off_is_an_error<R: Files>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let host = HostConfig::new().network_mode("none").binds(["/sys/kernel:/kernel:ro"]);
    let c = engine.container(&docker, shell("sleep 1000").host_config(host)).await?;
    c.start().await?;
    let path = "/kernel/uevent_seqnum";
    let e = docker.begin(Get::new(&*c.id, path)).all().await.err().ok_or("it ended well")?;
    assert_eq!(e.kind(), ErrorKind::Truncated, "{e}");
    assert!(
        e.message().starts_with("the tar ended inside \"uevent_seqnum\": ") && e.message().contains(" of 4096 bytes"),
        "{e}"
    );
    let e = docker.begin(Get::new(&*c.id, path).entries()).all().await.err().ok_or("it ended well")?;
    assert_eq!(e.kind(), ErrorKind::Truncated, "{e}");
    let folder = Folder::new()?;
    let e = R::save(docker.begin(Get::new(&*c.id, path)), folder.0.join("f")).await.err().ok_or("saved")?;
    assert!(e.kind() == ErrorKind::Truncated && folder.names()?.is_empty(), "{e}");
    let all = docker.begin(Get::new(&*c.id, path).unchecked()).all().await?.concat();
    assert!(all.len() > 512 && all.len() < 1024, "{} bytes", all.len());
    Ok(())
}

pub async fn a_directory_may_be_kept_from_a_file<R: Files>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let c = target(engine, &docker).await?;
    put(&docker, &c.id, "/tmp/tree", Tree::new().dir("a")?.file("a/b", "b")?.into_bytes()).await?;
    let file = Tree::new().file("a", "instead")?.into_bytes();
    let op = Put::new(&*c.id, "/tmp/tree").no_overwrite_dir_non_dir(true);
    let e = docker.upload(op, file.clone()).value().await.err().ok_or("it was replaced")?;
    assert!(e.status().is_some_and(|s| s >= 400) && !e.message().is_empty(), "{e}");
    assert!(docker.call(Stat::new(&*c.id, "/tmp/tree/a")).await?.mode.is_dir());
    put(&docker, &c.id, "/tmp/tree", file).await?;
    assert!(docker.call(Stat::new(&*c.id, "/tmp/tree/a")).await?.mode.is_file());
    Ok(())
}

pub async fn owners_are_those_of_the_tar_unless_they_are_the_containers<R: Files>(
    engine: &Engine,
) -> Result<(), Failure> {
    let docker: R = engine.client();
    // Older engines look the name up on their own machine.
    let c = engine.container(&docker, shell("true").user("root")).await?;
    let tar = Tree::new().add(Entry::file("mine").owner(10, 20), "x")?.into_bytes();
    let owner = async |copy: bool| -> Result<(u64, u64), Failure> {
        docker.upload(Put::new(&*c.id, "/tmp").copy_uid_gid(copy), tar.clone()).value().await?;
        let found = docker.begin(Get::new(&*c.id, "/tmp/mine").entries()).all().await?;
        match &found[0] {
            TarItem::Entry(e) => Ok((e.uid, e.gid)),
            other => Err(format!("{other:?}").into()),
        }
    };
    let seen = (owner(false).await?, owner(true).await?);
    let kept = if engine.is_podman() { (0, 0) } else { (10, 20) };
    assert_eq!(seen, (kept, (0, 0)));
    Ok(())
}

pub async fn what_a_path_is_is_told_before_it_comes<R: Files>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let c = target(engine, &docker).await?;
    let tree = Tree::new()
        .add(Entry::file("file").mode(0o4711), "12345")?
        .add(Entry::dir("dir").mode(0o1777), "")?
        .symlink("link", "file")?
        .add(Entry::special("pipe", EntryKind::Fifo).mode(0o600), "")?;
    put(&docker, &c.id, "/tmp/tree", tree.into_bytes()).await?;
    let stat = async |name: &str| docker.call(Stat::new(&*c.id, format!("/tmp/tree/{name}"))).await;
    let file = stat("file").await?;
    assert_eq!((file.size, file.mode.to_unix(), file.mode.is_file()), (5, 0o104_711, true));
    assert_eq!(file.mode.to_string(), "-rws--x--x");
    assert_eq!(stat("dir").await?.mode.to_unix(), 0o041_777);
    let link = stat("link").await?;
    assert!(link.mode.is_symlink() && link.link_target.ends_with("file"), "{link:?}");
    assert_eq!(stat("pipe").await?.mode.to_string(), "prw-------");
    Ok(())
}

/// A tar with one file `f` that holds `hi`, as gzip, bzip2, xz and zstd make it smaller.
const COMPRESSED: [(&str, &str); 4] = [
    (
        "gzip",
        "1f8b08000000000002034b63a03d300002331313300d04e834101823b181e2868686a6660c0a0674701b436971496211d0faa2fcfc127cea08c9a37b6e88808c4c2e8651300a46c1281805230f00002c9ffb6500080000",
    ),
    (
        "bzip2",
        "425a6839314159265359362c935e0000377b90c990004040006f000000e1609e00040000082000543484d1a63534da46d34124a7a469a0c8c8d05ce6508fc8c819908a426c4efb4a22185de0a8e8455f86138b8bd4e09c9239b360a14cdb80cd322d8bb9229c28481b1649af00",
    ),
    (
        "xz",
        "fd377a585a0000016922de36020021011c00000010cf58cce007ff00465d00330033501868898301dce26e21054e88f09519dede91be296030464c6a9018c055bafd26e3f8957d39dc1df74fd5887c8ffa3f8dbaf95fc249c1ffa174aca37f51bf84089a000000002c9ffb6500015e8010000000575a2e143e300d8b020000000001595a",
    ),
    (
        "zstd",
        "28b52ffd04681d0200d2420910b0a903648e50e8b0d2b6649c5934046405c75465a22f222aad1e8ac3ccee15ffbdc3ff960a20f036360ef9f989a4148085c08003851f4c5e7081c0e1fc84b141a07e40",
    ),
];

pub async fn a_compressed_tar_goes_in<R: Files>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    for (name, hex) in COMPRESSED {
        let c = target(engine, &docker).await?;
        let bytes: Vec<u8> =
            (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16)).collect::<Result<_, _>>()?;
        let put = put(&docker, &c.id, "/tmp/tree", bytes.into()).await;
        if name == "zstd" && engine.name == "d20" {
            put.err().ok_or("20.10 knows no zstd")?;
            continue;
        }
        put.map_err(|e| format!("{name}: {e}"))?;
        let nodes = got(&docker, &c.id).await?;
        assert!(nodes.contains_key(&b"f"[..]) && nodes.len() == 1, "{name}: {nodes:?}");
    }
    Ok(())
}

pub async fn a_tar_comes_out_compressed_if_it_is_asked_for<R: Files>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let c = target(engine, &docker).await?;
    let text = "the same again, ".repeat(20_000);
    put(&docker, &c.id, "/tmp/tree", Tree::new().file("a", &text)?.dir("b")?.into_bytes()).await?;
    let plain = got(&docker, &c.id).await?;
    let get = || Get::new(&*c.id, "/tmp/tree");
    let bytes = docker.begin(get()).all().await?.concat();
    for coding in [Coding::Gzip, Coding::Deflate] {
        let items = docker.begin(get().compressed(coding).entries()).all().await?;
        trees::same(&plain, &trees::of_tar(items, "tree")?).map_err(|e| format!("{coding:?}: {e}"))?;
        let mut items = docker.begin(get().compressed(coding));
        items.head().await?;
        assert!(items.all().await?.concat() == bytes, "{coding:?}");
        // As it is on the wire.
        let path = format!("/containers/{}/archive", c.id);
        let raw = Raw::<RawBytes>::get(path).query("path", "/tmp/tree").header("Accept-Encoding", coding.as_str());
        let raw = docker.begin(raw).all().await?.concat();
        assert_eq!(raw.len() < bytes.len() / 10, !engine.is_podman(), "{coding:?}: {} bytes", raw.len());
        assert_eq!(raw.starts_with(b"\x1F\x8B"), coding == Coding::Gzip && !engine.is_podman());
    }
    Ok(())
}
