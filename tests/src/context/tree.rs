//! A random directory, and a random ignore file in it.

use crate::Failure;
use crate::chance::Chance;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

/// A directory, gone when it is dropped.
pub struct Tree {
    /// Where it is.
    pub path: PathBuf,
    /// The Dockerfile, seen from there.
    pub dockerfile: String,
    /// The text of its ignore file.
    pub ignore: String,
}

const NAMES: &[&str] = &[
    "a",
    "b",
    "c",
    "ab",
    "a.log",
    "b.log",
    ".git",
    ".env",
    "src",
    "target",
    "a b",
    "a*b",
    "[x]",
    "ünï",
    "README.md",
    "A",
    "#n",
    "!n",
];

const PARTS: &[&str] = &[
    "a",
    "b",
    "c",
    "ab",
    "*",
    "*",
    "**",
    "**",
    "?",
    "a*",
    "*b",
    "*.log",
    "a.log",
    "[ab]",
    "[^a]",
    "[a-b]*",
    ".*",
    "src",
    "target",
    "a b",
    r"a\*b",
    r"\[x\]",
    "ünï",
    "?n?",
    "README.md",
    "a**",
    "**b",
    "A",
    "..",
    ".",
    "\\#n",
    "!n",
    "**.log",
    "^a",
    "]",
];

const ODD_LINES: &[&str] = &[
    "# words",
    "",
    "   ",
    " # no comment",
    "/",
    ".",
    "*",
    "**",
    "!*",
    "!**",
    "!**/*",
    "*/*",
    "Dockerfile*",
    ".dockerignore",
];

const BAD_LINES: &[&str] = &["!", "[", "a[", "[^", "[]a]", "[-]", "a\\", "! "];

impl Tree {
    /// The tree of a seed.
    pub fn random(chance: &mut Chance) -> Result<Self, Failure> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let n = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("dp-context-{}-{n}", std::process::id()));
        fs::create_dir(&path)?;
        let ignore = ignore(chance);
        // Where the command line makes no exception for a Dockerfile in a folder, though it says so, there is nothing to
        // compare with: it looks for one with rules that are older than those it walks by.
        let plain = !ignore.contains("**") && !ignore.lines().any(|line| line.trim().starts_with('!'));
        let dockerfile = match chance.below(4) {
            0 if plain => "src/app.Dockerfile",
            1 => "app.Dockerfile",
            _ => "Dockerfile",
        };
        let tree = Self { path, dockerfile: dockerfile.into(), ignore };
        fill(&tree.path, chance, 0)?;
        let at = tree.path.join(dockerfile);
        if let Some(folder) = at.parent().filter(|folder| !folder.is_dir()) {
            if folder.symlink_metadata().is_ok() {
                fs::remove_file(folder)?;
            }
            fs::create_dir(folder)?;
        }
        fs::write(at, "FROM scratch\n")?;
        fs::write(tree.path.join(".dockerignore"), &tree.ignore)?;
        Ok(tree)
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path);
    }
}

fn fill(folder: &Path, chance: &mut Chance, depth: usize) -> Result<(), Failure> {
    for _ in 0..3 + chance.below(6) {
        let name = if chance.one_in(30) { OsStr::from_bytes(b"n\xFF.log") } else { OsStr::new(chance.of(NAMES)) };
        let path = folder.join(name);
        if path.symlink_metadata().is_ok() {
            continue;
        }
        match chance.below(16) {
            0..=5 if depth < 4 => {
                fs::create_dir(&path)?;
                if !chance.one_in(5) {
                    fill(&path, chance, depth + 1)?;
                }
            }
            6 => fifo(&path)?,
            // The file stays when the listener is dropped. Its path has a bound, which deep trees pass.
            7 if path.as_os_str().len() < 100 => drop(UnixListener::bind(&path)?),
            8 => symlink("nowhere", &path)?,
            9 => symlink("..", &path)?,
            10 => {
                fs::write(&path, "hidden")?;
                fs::set_permissions(&path, fs::Permissions::from_mode(0o000))?;
            }
            _ => fs::write(&path, name.as_encoded_bytes())?,
        }
    }
    Ok(())
}

fn fifo(path: &Path) -> Result<(), Failure> {
    let made = Command::new("mkfifo").arg("--").arg(path).status()?;
    if made.success() { Ok(()) } else { Err(format!("mkfifo {}: {made}", path.display()).into()) }
}

fn ignore(chance: &mut Chance) -> String {
    let mut text = String::new();
    if chance.one_in(8) {
        text.push('\u{feff}');
    }
    for _ in 0..1 + chance.below(7) {
        let line = match chance.below(60) {
            0 => chance.of(BAD_LINES).to_owned(),
            1..=9 => chance.of(ODD_LINES).to_owned(),
            _ => line(chance),
        };
        text.push_str(&line);
        text.push_str(chance.of(&["\n", "\n", "\n", "\r\n", " \n", "\t\n"]));
    }
    if chance.one_in(3) {
        text.pop();
    }
    text
}

fn line(chance: &mut Chance) -> String {
    let mut line = String::from(chance.of(&["", "", "", "", " ", "\t"]));
    line.push_str(chance.of(&["", "", "", "!", "!", "! "]));
    line.push_str(chance.of(&["", "", "", "/", "./", "//"]));
    for part in 0..[1, 1, 1, 2, 2, 3][chance.below(6)] {
        if part > 0 {
            line.push('/');
        }
        line.push_str(chance.of(PARTS));
    }
    line.push_str(chance.of(&["", "", "", "", "/", "/**", "**", "/*"]));
    line
}
