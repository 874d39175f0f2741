//! Parameter values and their text.

use super::spec::ParamType;
use crate::model::{Filters, Timestamp};
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// A value that a query or header parameter can hold.
pub trait Param {
    /// Its type in the table.
    const TYPE: ParamType;
    /// Its text on the wire; `None` if it says nothing and is to be left out.
    fn text(&self) -> Option<String>;
}

macro_rules! integers {
    ($($t:ident $kind:ident),*) => {$(
        impl Param for $t {
            const TYPE: ParamType = ParamType::$kind;
            fn text(&self) -> Option<String> { Some(self.to_string()) }
        }
    )*};
}
integers!(i64 Int, i32 Int, u32 Uint, u64 Uint);

impl Param for bool {
    const TYPE: ParamType = ParamType::Bool;
    // Some handlers parse strictly and some loosely; all of them understand these two.
    fn text(&self) -> Option<String> {
        Some(if *self { "1" } else { "0" }.into())
    }
}

impl Param for String {
    const TYPE: ParamType = ParamType::Text;
    fn text(&self) -> Option<String> {
        Some(self.clone())
    }
}

impl Param for Timestamp {
    const TYPE: ParamType = ParamType::Timestamp;
    fn text(&self) -> Option<String> {
        Some(self.to_string())
    }
}

impl Param for Filters {
    const TYPE: ParamType = ParamType::Filters;
    fn text(&self) -> Option<String> {
        (!self.is_empty()).then(|| self.to_json())
    }
}

/// A parameter as an operation stores it: at most once, or repeated.
pub trait QueryParam {
    /// Its type in the table.
    const TYPE: ParamType;
    /// Whether the key may be repeated.
    const MANY: bool;
    /// Its texts, one for each time the key is sent.
    fn texts(&self) -> Vec<String>;
}

impl<T: Param> QueryParam for Option<T> {
    const TYPE: ParamType = T::TYPE;
    const MANY: bool = false;
    fn texts(&self) -> Vec<String> {
        self.iter().filter_map(Param::text).collect()
    }
}

impl<T: Param> QueryParam for Vec<T> {
    const TYPE: ParamType = T::TYPE;
    const MANY: bool = true;
    fn texts(&self) -> Vec<String> {
        self.iter().filter_map(Param::text).collect()
    }
}
