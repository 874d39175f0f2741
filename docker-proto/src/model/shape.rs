//! What typed bodies are made of, as data: for tools that list the API, and for the test that compares it with the facts.

use super::{ApiVersion, ChangeType, ConsoleSize, Filters, Keys, PathStat, SecretText, Timestamp};
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use serde_json::Value;

/// The JSON form of a type.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Shape {
    /// Anything: its form is not the Engine API's business.
    Any,
    /// `true` or `false`.
    Bool,
    /// An integer of 64 bits.
    I64,
    /// An integer of 64 bits, never negative; engines use all of it.
    U64,
    /// An integer of 32 bits, never negative.
    U32,
    /// An integer of 16 bits, never negative.
    U16,
    /// A number with a fraction.
    F64,
    /// A text.
    Text,
    /// Bytes, as a text in standard base64.
    Base64,
    /// A text, of which these are known today.
    Enum(&'static [&'static str]),
    /// A number, of which these are known today.
    Numbers(&'static [i64]),
    /// An object with known members.
    Model(&'static ModelSpec),
    /// A list.
    List(&'static Self),
    /// A list of exactly two.
    Pair(&'static Self),
    /// An object whose member names are values.
    Map(&'static Self),
    /// An object whose member names are values and whose members are all `{}`.
    Keys,
}

/// As a type is written by people: `[ContainerSummary]`, `{text}` for an object whose member names are values.
impl fmt::Display for Shape {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("any"),
            Self::Bool => f.write_str("bool"),
            Self::I64 | Self::U64 | Self::U32 | Self::U16 | Self::Numbers(_) => f.write_str("integer"),
            Self::F64 => f.write_str("number"),
            Self::Text => f.write_str("text"),
            Self::Base64 => f.write_str("base64"),
            Self::Enum(names) => {
                for (i, name) in names.iter().enumerate() {
                    write!(f, "{}{name:?}", if i > 0 { "|" } else { "" })?;
                }
                Ok(())
            }
            Self::Model(model) => f.write_str(model.name),
            Self::List(of) => write!(f, "[{of}]"),
            Self::Pair(of) => write!(f, "[{of}, {of}]"),
            Self::Map(of) => write!(f, "{{{of}}}"),
            Self::Keys => f.write_str("{}"),
        }
    }
}

/// An object with known members.
#[derive(Debug)]
#[non_exhaustive]
pub struct ModelSpec {
    /// The Rust type.
    pub name: &'static str,
    /// Its members, in the order of the type.
    pub fields: &'static [FieldSpec],
}

/// One member.
#[derive(Debug)]
#[non_exhaustive]
pub struct FieldSpec {
    /// The name in JSON.
    pub name: &'static str,
    /// The name in Rust.
    pub field: &'static str,
    /// What it holds.
    pub shape: Shape,
    /// The first API version that has it, if later than 1.24 and than the type.
    pub since: Option<ApiVersion>,
    /// The last API version that has it.
    pub until: Option<ApiVersion>,
}

impl ModelSpec {
    /// Made by `model!`.
    #[inline]
    pub(crate) const fn new(name: &'static str, fields: &'static [FieldSpec]) -> Self {
        Self { name, fields }
    }

    /// The member of that JSON name, compared exactly.
    #[must_use]
    #[inline]
    pub fn field(&self, name: &str) -> Option<&'static FieldSpec> {
        self.fields.iter().find(|f| f.name == name)
    }
}

/// A type whose JSON form is known.
pub trait Described {
    /// The form.
    const SHAPE: Shape;
}

macro_rules! described {
    ($($t:ty => $shape:expr),* $(,)?) => { $(impl Described for $t { const SHAPE: Shape = $shape; })* };
}

described!(
    bool => Shape::Bool,
    i64 => Shape::I64,
    u64 => Shape::U64,
    u32 => Shape::U32,
    u16 => Shape::U16,
    f64 => Shape::F64,
    String => Shape::Text,
    Value => Shape::Any,
    Keys => Shape::Keys,
    ConsoleSize => Shape::Pair(&Shape::U32),
    ChangeType => Shape::Numbers(&[0, 1, 2]),
    SecretText => Shape::Text,
    Timestamp => Shape::Text,
    Filters => Shape::Map(&Shape::Any),
    PathStat => Shape::Any,
);

impl<T: Described> Described for Option<T> {
    const SHAPE: Shape = T::SHAPE;
}

impl<T: Described> Described for Vec<T> {
    const SHAPE: Shape = Shape::List(&T::SHAPE);
}

impl<T: Described> Described for BTreeMap<String, T> {
    const SHAPE: Shape = Shape::Map(&T::SHAPE);
}
