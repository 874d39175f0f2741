//! Trees of files: from a disk, from a tar, from memory; equal if nobody who uses the files can tell them apart.

use bytes::Bytes;
use docker_proto::tar::{Entry, EntryKind, TarItem};
use std::collections::BTreeMap;
use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::Command;

type Failure = Box<dyn std::error::Error>;

/// A file, a directory, a link, a pipe. Paths have no slash at their end.
#[derive(Clone, PartialEq, Eq)]
pub struct Node {
    kind: EntryKind,
    mode: u32,
    owner: (u64, u64),
    mtime: i64,
    link: Vec<u8>,
    data: Vec<u8>,
}

impl std::fmt::Debug for Node {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (link, owner) = (self.link.escape_ascii(), self.owner);
        write!(f, "{:?} {:o} {owner:?} {} {link} {} bytes", self.kind, self.mode, self.mtime, self.data.len())
    }
}

/// All that is in a tree, by path.
pub type Nodes = BTreeMap<Vec<u8>, Node>;

/// Adds an entry.
pub fn add(nodes: &mut Nodes, entry: &Entry, data: &[u8]) {
    let path = entry.path.strip_suffix(b"/").unwrap_or(&entry.path);
    let mode = if entry.kind == EntryKind::Symlink { 0o777 } else { entry.mode };
    // What a hard link says of the file beside its name is what the file says.
    let node = Node {
        kind: entry.kind,
        mode,
        owner: (entry.uid, entry.gid),
        mtime: entry.mtime.seconds,
        link: entry.link.clone(),
        data: data.into(),
    };
    nodes.insert(path.into(), node);
}

/// What came out of a tar, below `root`, whose own name is taken off.
pub fn of_tar(items: Vec<TarItem>, root: &str) -> Result<Nodes, Failure> {
    let (root, inside) = (root.as_bytes(), format!("{root}/").into_bytes());
    let mut files: Vec<(Entry, Vec<u8>)> = Vec::new();
    for item in items {
        match item {
            TarItem::Entry(entry) => files.push((entry, Vec::new())),
            TarItem::Data(bytes) => files.last_mut().ok_or("data before any entry")?.1.extend_from_slice(&bytes),
            other => return Err(format!("{other:?}").into()),
        }
    }
    // The slash behind the name of the root itself may be missing.
    let below =
        |path: &[u8]| if path == root { Some(Vec::new()) } else { path.strip_prefix(&*inside).map(<[u8]>::to_vec) };
    let mut nodes = Nodes::new();
    for (mut entry, data) in files {
        let path = below(&entry.path).ok_or_else(|| format!("{} is not below the root", entry.path_text()))?;
        if path.is_empty() {
            continue;
        }
        if entry.kind == EntryKind::Hardlink {
            entry.link = below(&entry.link).ok_or_else(|| format!("{} is not below the root", entry.link_text()))?;
        }
        entry.path = path;
        add(&mut nodes, &entry, &data);
    }
    Ok(nodes)
}

/// What is on the disk below `root`. Of names of the same file the first is the file.
pub fn of_disk(root: &Path) -> Result<Nodes, Failure> {
    fn walk(root: &Path, at: &Path, nodes: &mut Nodes, seen: &mut HashMap<u64, Vec<u8>>) -> Result<(), Failure> {
        let mut names: Vec<_> =
            fs::read_dir(root.join(at))?.map(|e| e.map(|e| e.file_name())).collect::<Result<_, _>>()?;
        names.sort();
        for name in names {
            let path = at.join(name);
            let (full, key) = (root.join(&path), path.as_os_str().as_bytes().to_vec());
            let meta = fs::symlink_metadata(&full)?;
            let kind = match meta.mode() & 0o170_000 {
                0o100_000 => EntryKind::File,
                0o040_000 => EntryKind::Directory,
                0o120_000 => EntryKind::Symlink,
                0o010_000 => EntryKind::Fifo,
                _ => continue,
            };
            let mut entry = Entry::special(key.clone(), kind).mode(meta.mode() & 0o7777);
            entry = entry.owner(meta.uid().into(), meta.gid().into()).mtime(meta.mtime());
            if kind == EntryKind::Symlink {
                entry.link = fs::read_link(&full)?.into_os_string().into_vec();
            }
            let mut data = Vec::new();
            if let Some(first) = seen.get(&meta.ino()).filter(|_| kind == EntryKind::File) {
                (entry.kind, entry.link) = (EntryKind::Hardlink, first.clone());
            } else if kind == EntryKind::File {
                seen.insert(meta.ino(), key);
                data = fs::read(&full)?;
            }
            add(nodes, &entry, &data);
            if kind == EntryKind::Directory {
                walk(root, &path, nodes, seen)?;
            }
        }
        Ok(())
    }
    let mut nodes = Nodes::new();
    walk(root, Path::new(""), &mut nodes, &mut HashMap::new())?;
    Ok(nodes)
}

/// Takes the owners away.
pub fn without_owners(mut nodes: Nodes) -> Nodes {
    nodes.values_mut().for_each(|node| node.owner = (0, 0));
    nodes
}

/// Takes away what is not unpacked: named pipes, owners, the times of links, and all but the plain permissions.
pub fn as_unpacked(nodes: Nodes) -> Nodes {
    let mut nodes = without_owners(nodes);
    nodes.retain(|_, node| node.kind != EntryKind::Fifo);
    for node in nodes.values_mut() {
        node.mode &= 0o777;
        if node.kind == EntryKind::Symlink {
            node.mtime = 0;
        }
    }
    nodes
}

/// Says how two trees differ.
pub fn same(left: &Nodes, right: &Nodes) -> Result<(), Failure> {
    for path in left.keys().chain(right.keys()) {
        let (a, b) = (left.get(path), right.get(path));
        if a != b {
            return Err(format!("{}: {a:?}, but {b:?}", path.escape_ascii()).into());
        }
    }
    Ok(())
}

/// A folder that is gone at the end of a test.
pub struct Folder(pub PathBuf);

impl Folder {
    /// A new and empty one.
    pub fn new() -> Result<Self, Failure> {
        use std::sync::atomic::{AtomicU32, Ordering};
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let n = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("dp-tree-{}-{n}", std::process::id()));
        fs::create_dir(&path)?;
        Ok(Self(path))
    }

    /// The names in it.
    pub fn names(&self) -> Result<Vec<String>, Failure> {
        let mut names: Vec<_> = fs::read_dir(&self.0)?
            .map(|e| e.map(|e| e.file_name().to_string_lossy().into_owned()))
            .collect::<Result<_, _>>()?;
        names.sort();
        Ok(names)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// What the tree of a thousand entries is made of: `(entry, data)` in an order in which it can be unpacked.
pub fn thousand() -> Vec<(Entry, Vec<u8>)> {
    let mut all = Vec::new();
    let time = |n: usize| 1_500_000_000 + n as i64 * 1000;
    for d in 0..20usize {
        // Names longer than a header has room for, and paths longer than 256 bytes.
        let dir = match d % 4 {
            0 => format!("d{d:02}"),
            1 => format!("d{d:02}{}", "-".repeat(97)),
            2 => format!("d{d:02}{}", "+".repeat(200)),
            _ => format!("d{d:02}-caf\u{e9}"),
        };
        let modes = [0o755, 0o1777, 0o2775, 0o700];
        all.push((Entry::dir(&*dir).mode(modes[d % 4]).owner(d as u64, 0).mtime(time(d)), Vec::new()));
        for f in 0..44usize {
            let name =
                if f % 5 == 0 { format!("{dir}/f{f:02}{}", "n".repeat(60 + 4 * f)) } else { format!("{dir}/f{f:02}") };
            let modes = [0o644, 0o000, 0o4755, 0o2711, 0o1600, 0o777];
            let entry = Entry::file(name).mode(modes[f % 6]).owner(1000 + f as u64, 70_000).mtime(time(d * f));
            all.push((entry, vec![f as u8; f * f * 3]));
        }
        let first = all[all.len() - 44].0.clone();
        let mut link = Entry::hardlink(format!("{dir}/h1"), first.path.clone()).mode(first.mode).mtime(first.mtime);
        link = link.owner(first.uid, first.gid);
        all.push((link, Vec::new()));
        for s in 0..3usize {
            let target = if s == 2 { "t/".repeat(120) } else { format!("f{s:02}") };
            all.push((Entry::symlink(format!("{dir}/s{s}"), target).owner(5, 6).mtime(time(s)), Vec::new()));
        }
        all.push((Entry::special(format!("{dir}/pipe"), EntryKind::Fifo).mode(0o622).mtime(time(1)), Vec::new()));
    }
    assert_eq!(all.len(), 1000);
    all
}

/// Puts such a tree on the disk, with the names of owners that only root can give.
pub fn write(root: &Path, entries: &[(Entry, Vec<u8>)]) -> Result<(), Failure> {
    use std::time::{Duration, SystemTime};
    let at = |path: &[u8]| root.join(OsStr::from_bytes(path));
    for (entry, data) in entries {
        let path = at(&entry.path);
        match entry.kind {
            EntryKind::Directory => fs::create_dir(&path)?,
            EntryKind::Symlink => std::os::unix::fs::symlink(OsStr::from_bytes(&entry.link), &path)?,
            EntryKind::Hardlink => fs::hard_link(at(&entry.link), &path)?,
            EntryKind::Fifo => drop(Command::new("mkfifo").arg(&path).status()?),
            _ => fs::write(&path, data)?,
        }
        let (uid, gid) = (u32::try_from(entry.uid)?, u32::try_from(entry.gid)?);
        std::os::unix::fs::lchown(&path, Some(uid), Some(gid))?;
        // Changing the owner takes setuid away, so the mode comes behind it.
        if matches!(entry.kind, EntryKind::File | EntryKind::Directory | EntryKind::Fifo) {
            fs::set_permissions(&path, fs::Permissions::from_mode(entry.mode))?;
        }
    }
    // Podman's tars have the nearest second, not the one before.
    let others = entries.iter().filter(|(e, _)| matches!(e.kind, EntryKind::Symlink | EntryKind::Fifo));
    let others = others.map(|(e, _)| at(&e.path));
    let touched = Command::new("touch").args(["-h", "-d", "@1500000000.25"]).args(others).status()?;
    assert!(touched.success());
    // What is put into a directory changes its time.
    for (entry, _) in entries.iter().filter(|(e, _)| matches!(e.kind, EntryKind::File | EntryKind::Directory)) {
        let time = SystemTime::UNIX_EPOCH + Duration::new(entry.mtime.seconds.try_into()?, 123_456_789);
        fs::File::open(at(&entry.path))?.set_modified(time)?;
    }
    Ok(())
}

/// A tree from memory as an upload.
pub fn tar(entries: &[(Entry, Vec<u8>)]) -> Result<Bytes, Failure> {
    let mut tree = docker_proto::tar::Tree::new();
    for (entry, data) in entries {
        tree = tree.add(entry.clone(), data)?;
    }
    Ok(tree.into_bytes())
}
