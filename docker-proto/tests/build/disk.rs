//! A directory in memory, and what its context is.

use docker_proto::api::build::FromTar;
use docker_proto::build::Context;
use docker_proto::drive::Disk;
use docker_proto::model::Timestamp;
use docker_proto::tar::{Entry, Found, TarItem, TarReader};
use docker_proto::wire::{BodyPiece, Decode, Input, RecvBuf};
use docker_proto::{Error, Result, Source};
use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;
use std::task::{self, Poll, Waker};

/// What is at a path.
#[derive(Clone)]
pub(crate) enum Node {
    File(&'static str),
    Link(&'static str),
    Fifo,
    Socket,
    Folder,
    /// A file that nobody may open.
    Denied,
}

/// The directory is `/ctx`; what is elsewhere has an absolute path.
#[derive(Clone, Default)]
pub(crate) struct Memory {
    nodes: BTreeMap<String, Node>,
    pub(crate) mtime: Timestamp,
}

pub(crate) fn files(all: &[(&str, Node)]) -> Memory {
    Memory { nodes: all.iter().map(|(path, node)| (absolute(path), node.clone())).collect(), ..Memory::default() }
}

fn absolute(path: &str) -> String {
    let mut names = Vec::new();
    let all = if path.starts_with('/') { path.to_owned() } else { format!("/ctx/{path}") };
    for name in all.split('/').filter(|name| !name.is_empty() && *name != ".") {
        match name {
            ".." => _ = names.pop(),
            _ => names.push(name),
        }
    }
    format!("/{}", names.join("/"))
}

fn no(kind: io::ErrorKind) -> Source {
    Arc::new(io::Error::from(kind))
}

impl Memory {
    fn at(&self, path: &[u8]) -> Result<(String, &Node), Source> {
        let path = absolute(std::str::from_utf8(path).expect("the test's own"));
        let node = self.nodes.get(&path).ok_or_else(|| no(io::ErrorKind::NotFound))?;
        Ok((path, node))
    }
}

impl Disk for Memory {
    type File = &'static [u8];

    fn list(&mut self, path: &[u8]) -> Result<Vec<Vec<u8>>, Source> {
        let folder = absolute(std::str::from_utf8(path).expect("the test's own"));
        let folder = if folder == "/" { folder } else { format!("{folder}/") };
        let below = self.nodes.keys().filter_map(|p| p.strip_prefix(&folder)).filter(|p| !p.contains('/'));
        Ok(below.map(Into::into).rev().collect())
    }

    fn stat(&mut self, path: &[u8]) -> Result<Found, Source> {
        let (mode, size) = match self.at(path)?.1 {
            Node::File(text) => (0o100_644, text.len()),
            Node::Link(_) => (0o120_777, 0),
            Node::Fifo => (0o010_644, 0),
            Node::Socket => (0o140_644, 0),
            Node::Folder => (0o040_755, 0),
            Node::Denied => (0o100_000, 1),
        };
        Ok(Found { mode, size: size as u64, uid: 1000, gid: 1000, links: 1, mtime: self.mtime, ..Found::default() })
    }

    fn link(&mut self, path: &[u8]) -> Result<Vec<u8>, Source> {
        match self.at(path)?.1 {
            Node::Link(target) => Ok(target.as_bytes().into()),
            _ => Err(no(io::ErrorKind::InvalidInput)),
        }
    }

    fn open(&mut self, path: &[u8]) -> Result<(Self::File, Found), Source> {
        match *self.at(path)?.1 {
            Node::File(text) => Ok((text.as_bytes(), self.stat(path)?)),
            Node::Denied => Err(no(io::ErrorKind::PermissionDenied)),
            _ => panic!("only files are opened"),
        }
    }

    fn read(&mut self, file: &mut Self::File, room: &mut [u8]) -> Result<usize, Source> {
        io::Read::read(file, room).map_err(|e| -> Source { Arc::new(e) })
    }

    fn follow(&mut self, path: &[u8]) -> Result<Vec<u8>, Source> {
        let (mut path, mut node) = self.at(path)?;
        while let Node::Link(target) = node {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let target = if target.starts_with('/') { (*target).to_owned() } else { format!("{folder}/{target}") };
            (path, node) = self.at(target.as_bytes())?;
        }
        Ok(path.strip_prefix("/ctx/").unwrap_or(&path).into())
    }
}

/// What is sent: the path of the Dockerfile, and the entries with their data.
pub(crate) struct Sent {
    pub(crate) dockerfile: String,
    pub(crate) entries: Vec<(Entry, Vec<u8>)>,
    pub(crate) tar: Vec<u8>,
}

impl Sent {
    pub(crate) fn paths(&self) -> Vec<String> {
        self.entries.iter().map(|(entry, _)| entry.path_text().into_owned()).collect()
    }

    pub(crate) fn text(&self, path: &str) -> &str {
        let mut found = self.entries.iter().filter(|(entry, _)| entry.path_text() == path);
        let (_, data) = found.next().expect("it is there");
        assert!(found.next().is_none(), "{path} is there once");
        std::str::from_utf8(data).expect("the test's own")
    }
}

pub(crate) fn sent(context: impl Into<Context>, build: FromTar) -> Result<Sent> {
    let (build, content) = context.into().prepare(build)?;
    let (mut source, mut room, mut tar) = (content.into_source(), [0; 700], Vec::new());
    let mut cx = task::Context::from_waker(Waker::noop());
    loop {
        match source.poll_piece(&mut cx, &mut room) {
            Poll::Ready(Ok(BodyPiece::Owned(bytes))) => tar.extend_from_slice(&bytes),
            Poll::Ready(Ok(BodyPiece::Filled(n))) => tar.extend_from_slice(&room[..n]),
            Poll::Ready(Ok(_)) => break,
            Poll::Ready(Err(e)) => return Err(e.downcast_ref::<Error>().expect("one of ours").clone()),
            Poll::Pending => panic!("a disk does not wait"),
        }
    }
    let (mut block, mut left) = (RecvBuf::from(&tar[..]), tar.len());
    let (mut reader, mut entries) = (TarReader::new(), Vec::<(Entry, Vec<u8>)>::new());
    while let Some(item) = reader.decode(&mut Input::new(&mut block, &mut left))? {
        match item {
            TarItem::Entry(entry) => entries.push((entry, Vec::new())),
            TarItem::Data(bytes) => entries.last_mut().expect("an entry").1.extend_from_slice(&bytes),
            _ => {}
        }
    }
    reader.finish()?;
    Ok(Sent { dockerfile: build.dockerfile.unwrap_or_default(), entries, tar })
}
