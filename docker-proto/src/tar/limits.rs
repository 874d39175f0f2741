//! Bounds on what a tar can make its reader keep.

/// The records before one entry: pax headers, GNU long names, the map of a sparse file. Names are at most a few KiB;
/// extended attributes are what may be long.
pub const MAX_RECORDS: usize = 1024 * 1024;
/// An error that an engine appended, where a header should be. What is longer is a broken tar.
pub const MAX_APPENDED: usize = 64 * 1024;
/// The end of an entry's data that is kept, to find an error that an engine appended in the middle of it.
pub const MAX_TAIL: usize = 1024;
/// Pax records of one header. Files have a dozen extended attributes at most.
pub(super) const MAX_KEYS: usize = 4096;
