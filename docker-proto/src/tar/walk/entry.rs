//! The entry that a walk has come to, put together from its header and what stood in front of it.

use super::Walk;
use crate::model::Timestamp;
use crate::tar::entry::Entry;
use crate::tar::header::Header;
use crate::tar::pax;
use crate::{Error, Result};
use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

impl Walk {
    /// The entry that began last.
    ///
    /// # Errors
    /// If a field that the way through the tar does not need is broken: final and sticky.
    #[inline]
    pub(in crate::tar) fn entry(&mut self) -> Result<Entry> {
        self.read_entry().map_err(|why| self.fail(Error::protocol(self.placed(&why))))
    }

    /// Its path, wherever that stands: the one in the header may be cut.
    #[inline]
    pub(super) fn path(&self) -> Cow<'_, [u8]> {
        let record = |key: &str| self.extra.records.iter().find(|r| r.key == key).map(|r| &r.value);
        let path = record("GNU.sparse.name").or_else(|| record("path")).or(self.extra.name.as_ref());
        match path {
            Some(path) => Cow::Borrowed(path),
            None => Cow::Owned(Header::sound(&self.header).name()),
        }
    }

    #[inline]
    fn read_entry(&self) -> Result<Entry, String> {
        let header = Header::sound(&self.header);
        let (user, group) = header.names();
        let path = self.path().into_owned();
        let kind = header.kind(&path)?;
        let mut entry = Entry {
            kind,
            path,
            mode: header.mode()?,
            uid: header.uid()?,
            gid: header.gid()?,
            user: user.into(),
            group: group.into(),
            size: 0,
            mtime: Timestamp::new(header.mtime()?, 0),
            link: self.extra.link.clone().unwrap_or_else(|| header.link().into()),
            sparse: None,
            records: Vec::new(),
        };
        let own = &self.extra.records;
        let global = self.globals.iter().filter(|g| own.iter().all(|r| r.key != g.key));
        pax::apply(global.chain(own).cloned().collect(), &mut entry)?;
        // The walk knows better how much data there is, and has read the whole map.
        entry.size = self.size;
        entry.sparse.clone_from(&self.sparse);
        Ok(entry)
    }
}
