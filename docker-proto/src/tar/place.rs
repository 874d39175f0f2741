//! Where what is copied comes to lie: the rules of `docker cp`, the same in both directions.

use crate::{Error, Result};
use alloc::format;

/// What is copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// A directory, with what is in it.
    Directory,
    /// Only what is in a directory: its path was given with `/.` behind it.
    Contents,
    /// A file, a link, or anything else.
    File,
}

/// What is at the destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Onto {
    /// Nothing yet.
    Nothing,
    /// A directory.
    Directory,
    /// A file, or anything else.
    File,
}

/// Where it comes to lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lands {
    /// In the destination, under its own name.
    Within,
    /// At the destination itself: a file that takes that name, a directory whose contents come to lie in it.
    There,
}

impl Lands {
    /// Finds it out. `slash` says whether the path of the destination ended in one, `to` is that path, for the error.
    ///
    /// # Errors
    /// [`Usage`](crate::ErrorKind::Usage) for what cannot be: a directory onto a file.
    #[inline]
    pub fn of(from: From, onto: Onto, slash: bool, to: &str) -> Result<Self> {
        let refuse = |why: &str| Err(Error::usage(format!("{to:?} {why}")));
        match (from, onto) {
            (From::Directory | From::Contents, Onto::File) => {
                refuse("is a file, and a directory is to be copied there")
            }
            (From::File, Onto::File) if slash => refuse("is a file, and its path ends in a slash"),
            (From::File, Onto::Nothing) if slash => refuse("is not there, and a file is to be copied into it"),
            (From::Directory | From::File, Onto::Directory) => Ok(Self::Within),
            _ => Ok(Self::There),
        }
    }
}
