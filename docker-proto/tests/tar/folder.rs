//! A disk in memory.

use docker_proto::Source;
use docker_proto::model::Timestamp;
use docker_proto::tar::{EntryKind, Folder};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Node {
    Dir { mode: u32, mtime: Option<i64> },
    File { data: Vec<u8>, mode: u32, mtime: i64 },
    Link(String),
}

pub(crate) type Nodes = BTreeMap<String, Node>;

/// Clones are the same disk. The destination is `dest`; all else is beside it.
#[derive(Clone, Default)]
pub(crate) struct Memory(Arc<Mutex<Nodes>>, String);

impl Memory {
    pub(crate) fn new(shown: &str) -> Self {
        Self(Arc::default(), shown.into())
    }

    /// What is there now.
    pub(crate) fn nodes(&self) -> Nodes {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Nodes> {
        self.0.lock().unwrap()
    }

    pub(crate) fn with(self, path: &str, node: Node) -> Self {
        self.lock().insert(path.into(), node);
        self
    }

    /// Adds something, in a directory that must be there, and where nothing is.
    fn add(&self, path: &[u8], node: Node) -> Result<(), Source> {
        let path = text(path);
        let mut nodes = self.lock();
        if let Some((parent, _)) = path.rsplit_once('/') {
            if !matches!(nodes.get(parent), Some(Node::Dir { .. })) {
                return Err(failure("no such directory"));
            }
        } else if !path.is_empty() && !matches!(nodes.get(""), Some(Node::Dir { .. })) {
            return Err(failure("no destination"));
        }
        match nodes.insert(path, node) {
            None => Ok(()),
            Some(_) => Err(failure("is there already")),
        }
    }
}

pub(crate) fn dir(mode: u32) -> Node {
    Node::Dir { mode, mtime: None }
}

fn text(path: &[u8]) -> String {
    String::from_utf8(path.to_vec()).unwrap()
}

fn failure(why: &str) -> Source {
    Arc::new(std::io::Error::other(why.to_owned()))
}

impl Folder for Memory {
    type File = (String, Vec<u8>);

    fn path(&self) -> &[u8] {
        self.1.as_bytes()
    }

    fn look(&mut self, path: &[u8]) -> Result<Option<EntryKind>, Source> {
        Ok(self.nodes().get(&text(path)).map(|node| match node {
            Node::Dir { .. } => EntryKind::Directory,
            Node::File { .. } => EntryKind::File,
            Node::Link(_) => EntryKind::Symlink,
        }))
    }

    fn make_dir(&mut self, path: &[u8]) -> Result<(), Source> {
        // The destination itself is made in a directory beside which nothing is known here.
        if path.is_empty() {
            self.lock().insert(String::new(), dir(0o700));
            return Ok(());
        }
        self.add(path, dir(0o700))
    }

    fn make_file(&mut self, path: &[u8]) -> Result<Self::File, Source> {
        self.add(path, Node::File { data: Vec::new(), mode: 0o600, mtime: 0 })?;
        Ok((text(path), Vec::new()))
    }

    fn write(&mut self, file: &mut Self::File, offset: u64, bytes: &[u8]) -> Result<(), Source> {
        if bytes == b"the disk is full" {
            return Err(failure("no space left"));
        }
        let offset = usize::try_from(offset).unwrap();
        let end = offset + bytes.len();
        file.1.resize(file.1.len().max(end), 0);
        file.1[offset..end].copy_from_slice(bytes);
        Ok(())
    }

    fn finish_file(&mut self, file: Self::File, size: u64, mode: u32, mtime: Timestamp) -> Result<(), Source> {
        let (path, mut data) = file;
        data.resize(usize::try_from(size).unwrap(), 0);
        self.lock().insert(path, Node::File { data, mode, mtime: mtime.seconds });
        Ok(())
    }

    fn finish_dir(&mut self, path: &[u8], mode: u32, mtime: Option<Timestamp>) -> Result<(), Source> {
        self.lock().insert(text(path), Node::Dir { mode, mtime: mtime.map(|mtime| mtime.seconds) });
        Ok(())
    }

    fn symlink(&mut self, path: &[u8], target: &[u8]) -> Result<(), Source> {
        self.add(path, Node::Link(text(target)))
    }

    fn hard_link(&mut self, path: &[u8], of: &[u8]) -> Result<(), Source> {
        let first = self.nodes()[&text(of)].clone();
        self.add(path, first)
    }

    fn remove(&mut self, path: &[u8]) -> Result<(), Source> {
        self.lock().remove(&text(path));
        Ok(())
    }

    fn remove_all(&mut self, path: &[u8]) {
        let path = text(path);
        let below = format!("{path}/");
        self.lock().retain(|at, _| !(path.is_empty() || *at == path || at.starts_with(&below)));
    }
}
