//! The files of the container `web` of the engine in memory: looked at, extracted to, and what changed among them.

use super::engine::{Request, World};
use docker_proto::tar::{EntryKind, TarItem, TarReader};
use docker_proto::wire::{Decode, Input, RecvBuf};
use std::collections::{BTreeMap, BTreeSet};

/// By path; a directory ends in a slash here, but for the root, which is not listed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Files {
    /// What the image has.
    image: BTreeSet<String>,
    /// What there is. Of a path there is either a file or a directory.
    pub(crate) now: BTreeSet<String>,
    /// What was extracted, whether or not the image has it.
    extracted: BTreeSet<String>,
    /// What is mounted.
    mounts: Vec<String>,
    /// Makes a file of its own whenever it is asked something.
    pub(crate) busy: bool,
    /// Uploads on their way: how many entries of each were extracted, and why it failed.
    uploads: BTreeMap<usize, (usize, Option<String>)>,
}

const DIR: u32 = 1 << 31 | 0o755;

impl Files {
    pub(crate) fn new(image: &[&str]) -> Self {
        let image: BTreeSet<String> = image.iter().map(|path| String::from(*path)).collect();
        Self { now: image.clone(), image, ..Self::default() }
    }

    /// The same with what the container made.
    pub(crate) fn with(mut self, made: &[&str]) -> Self {
        self.now.extend(made.iter().map(|path| String::from(*path)));
        self
    }

    pub(crate) fn mounted(mut self, path: &str) -> Self {
        self.mounts.push(path.into());
        self
    }

    fn is_dir(&self, path: &str) -> bool {
        path == "/" || self.now.contains(&format!("{path}/"))
    }

    fn is_file(&self, path: &str) -> bool {
        self.now.contains(path)
    }

    /// Removes what is there, with all that is in it.
    fn remove(&mut self, path: &str) {
        self.now.retain(|at| at != path && !at.starts_with(&format!("{path}/")));
    }

    fn is_mounted(&self, path: &str) -> bool {
        self.mounts.iter().any(|mount| path.starts_with(&format!("{mount}/")) && path.trim_end_matches('/') != mount)
    }

    /// Extracts what has not been of an upload that has come so far.
    fn extract(&mut self, wire: usize, dir: &str, strict: bool, bytes: &[u8]) {
        let (done, failed) = self.uploads.remove(&wire).unwrap_or_default();
        if failed.is_some() {
            self.uploads.insert(wire, (done, failed));
            return;
        }
        let mut block = RecvBuf::from(bytes);
        let mut left = block.len();
        let (mut reader, mut count, mut why) = (TarReader::new(), 0, None);
        while let Ok(Some(item)) = reader.decode(&mut Input::new(&mut block, &mut left)) {
            let TarItem::Entry(entry) = item else { continue };
            count += 1;
            if count > done && why.is_none() {
                let name = String::from_utf8(entry.path).unwrap();
                let path = format!("{}/{}", dir.trim_end_matches('/'), name.trim_end_matches('/'));
                let link = String::from_utf8(entry.link).unwrap();
                why = self.put(&path, entry.kind, link == name, strict).err();
            }
        }
        self.uploads.insert(wire, (count, why));
    }

    fn put(&mut self, path: &str, kind: EntryKind, itself: bool, strict: bool) -> Result<(), String> {
        let is_dir = kind == EntryKind::Directory;
        if is_dir && self.is_dir(path) {
            return Ok(());
        }
        let there = self.is_dir(path) || self.is_file(path);
        if strict && there && is_dir != self.is_dir(path) {
            return Err(format!("{path} is in the way"));
        }
        if there {
            assert!(self.mounts.iter().all(|mount| mount != path), "what is mounted was emptied: {path}");
            self.remove(path);
        }
        if kind == EntryKind::Hardlink {
            assert!(itself, "the model knows no other links");
            return Err(format!("link {path} {path}: no such file"));
        }
        let path = if is_dir { format!("{path}/") } else { path.into() };
        self.extracted.insert(path.clone());
        self.now.insert(path);
        Ok(())
    }

    fn changes(&self) -> String {
        let mut all: BTreeMap<&str, u8> = BTreeMap::new();
        for path in self.now.iter().filter(|path| !self.is_mounted(path)) {
            match self.image.contains(path) {
                false => drop(all.insert(path.trim_end_matches('/'), 1)),
                true if self.extracted.contains(path) => drop(all.insert(path.trim_end_matches('/'), 0)),
                true => {}
            }
        }
        for path in self.image.difference(&self.now) {
            all.entry(path.trim_end_matches('/')).or_insert(2);
        }
        let all: Vec<_> = all.iter().map(|(path, kind)| format!("{{\"Path\":\"{path}\",\"Kind\":{kind}}}")).collect();
        if all.is_empty() { "null".into() } else { format!("[{}]", all.join(",")) }
    }
}

/// `path=%2Fa%2Fb` of a query.
fn path_of(query: &str) -> String {
    let path = query.split('&').find_map(|part| part.strip_prefix("path=")).unwrap();
    let path = path.replace("%2F", "/");
    if path == "/" { path } else { path.trim_end_matches('/').into() }
}

impl World {
    /// What arrived of an upload that is not whole yet.
    pub(crate) fn arrives(&mut self, wire: usize, request: &Request) {
        let podman = self.podman;
        let Some(files) = self.files.as_mut().filter(|_| request.path == "/containers/web/archive") else { return };
        let dir = path_of(&request.query);
        if podman && !files.is_dir(&dir) {
            files.now.insert(format!("{dir}/"));
        }
        if files.is_dir(&dir) {
            files.extract(wire, &dir, request.query.contains("noOverwriteDirNonDir=1"), &request.bytes);
        }
    }

    /// What is asked of the container.
    pub(crate) fn web(&mut self, wire: usize, request: &Request) {
        let Some(files) = &mut self.files else { return self.refuse(wire, 404, "No such container: web") };
        if files.busy {
            files.now.insert("/srv/own".into());
        }
        match (&*request.method, request.path.rsplit('/').next().unwrap()) {
            ("GET", "changes") => {
                let changes = files.changes();
                self.say(wire, 200, &changes);
            }
            ("GET", "json") => {
                let mounts: Vec<_> = files.mounts.iter().map(|m| format!("{{\"Destination\":\"{m}\"}}")).collect();
                let about = format!("{{\"Id\":\"web\",\"Mounts\":[{}]}}", mounts.join(","));
                self.say(wire, 200, &about);
            }
            ("HEAD", "archive") => {
                let path = path_of(&request.query);
                let mode = match (files.is_dir(&path), files.is_file(&path)) {
                    (true, _) => DIR,
                    (_, true) => 0o644,
                    _ => {
                        let head = self.head(404, "Content-Length: 2\r\n");
                        return self.send(wire, 1, head);
                    }
                };
                let stat = crate::copy::base64(&format!(r#"{{"name":"x","mode":{mode}}}"#));
                let fields = format!("X-Docker-Container-Path-Stat: {stat}\r\nContent-Length: 0\r\n");
                let head = self.head(200, &fields);
                self.send(wire, 1, head);
            }
            ("PUT", "archive") => {
                self.arrives(wire, request);
                let done = self.files.as_mut().and_then(|files| files.uploads.remove(&wire));
                match done {
                    None => self.refuse(wire, 404, "Could not find the file"),
                    Some((_, None)) => self.say(wire, 200, ""),
                    Some((_, Some(why))) => self.refuse(wire, 500, &why),
                }
            }
            (method, what) => panic!("{method} {what}"),
        }
    }
}
