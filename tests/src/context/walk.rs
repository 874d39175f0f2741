//! What our own rules send of a directory.

use crate::Failure;
use docker_proto::build::{Ignore, Place};
use std::collections::BTreeSet;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::FileTypeExt;
use std::path::Path;

/// The paths that are sent. Names that are no UTF-8 are shown with their bytes escaped, as everything else.
pub fn sent(folder: &Path, ignore: &Ignore) -> Result<BTreeSet<String>, Failure> {
    let mut paths = BTreeSet::new();
    below(folder, &ignore.root(), &mut paths)?;
    Ok(paths)
}

/// A path as it is compared and printed.
pub fn shown(path: &[u8]) -> String {
    path.escape_ascii().to_string()
}

fn below(folder: &Path, place: &Place<'_>, paths: &mut BTreeSet<String>) -> Result<(), Failure> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let (here, kind) = (place.join(entry.file_name().as_bytes()), entry.file_type()?);
        // A socket has no form in a tar.
        if !here.is_excluded() && !kind.is_socket() {
            paths.insert(shown(here.path()));
        }
        if kind.is_dir() && !here.is_pruned() {
            below(&entry.path(), &here, paths)?;
        }
    }
    Ok(())
}
