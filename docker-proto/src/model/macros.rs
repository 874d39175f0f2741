//! The two macros that every typed body is written with.
//!
//! ```text
//! model! {
//!     /// What the type is.
//!     pub struct HealthConfig {
//!         /// What the field is, with unit and bounds.
//!         test: "Test" [String],
//!         /// ...
//!         start_interval: "StartInterval" i64 since 1.44,
//!     }
//! }
//! ```
//!
//! | written             | type of the field            | the setter takes                              |
//! |---------------------|------------------------------|-----------------------------------------------|
//! | `bool`, `i64`, ...  | `Option<bool>`, ...          | the value                                     |
//! | `String`, `Model`   | `Option<String>`, ...        | `impl Into<..>`                               |
//! | `[T]`               | `Vec<T>`                     | `impl IntoIterator<Item = impl Into<T>>`      |
//! | `{T}`               | `BTreeMap<String, T>`        | `impl IntoIterator<Item = (K, V)>`            |
//! | `(opt [T])`         | `Option<Vec<T>>`             | as `[T]`; where empty and unset differ        |
//! | `(opt {T})`         | `Option<BTreeMap<String, T>>`| as `{T}`                                      |
//! | `Keys`              | `Keys`                       | `impl IntoIterator<Item = impl Into<String>>` |
//!
//! Everything that is not generic is `#[inline]`: the compiler then generates it in the programs that use it, and this crate
//! does not pay for hundreds of setters and walks that a program never calls.
//!
//! The JSON form is written out here instead of by serde_derive, whose code for the same types takes about twice as
//! long to compile: there is no decoding from sequences, and of two fields of one name the last one counts.
//!
//! `since` and `until` are the first and the last API version with the field, both inclusive.

/// Declares typed bodies: the struct, its setters, its JSON form and its version bounds.
macro_rules! model {
    ($(
        $(#[$meta:meta])*
        pub struct $name:ident {
            $(
                $(#[$fmeta:meta])*
                $field:ident : $json:literal $ty:tt $(since $since:literal)? $(until $until:literal)?
            ),* $(,)?
        }
    )+) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Default)]
        #[non_exhaustive]
        pub struct $name {
            $(
                $(#[$fmeta])*
                $(#[doc = concat!("\n\nSince API ", stringify!($since), ".")])?
                $(#[doc = concat!("\n\nUntil API ", stringify!($until), ".")])?
                pub $field: $crate::model::macros::field_type!($ty),
            )*
        }

        impl $name {
            /// A value with nothing set.
            #[must_use]
            #[inline]
            pub fn new() -> Self {
                Self::default()
            }

            $($crate::model::macros::setter! {
                {
                    $(#[$fmeta])*
                    $(#[doc = concat!("\n\nSince API ", stringify!($since), ".")])?
                    $(#[doc = concat!("\n\nUntil API ", stringify!($until), ".")])?
                    #[must_use]
                    #[inline]
                }
                $field $ty
            })*
        }

        impl $crate::model::Gated for $name {
            #[inline]
            fn gates(&self, gate: &mut $crate::model::Gate<'_>) -> $crate::Result<()> {
                $($crate::model::macros::gate_field!(
                    $ty, gate, $json, &self.$field, [$($since)?], [$($until)?]
                );)*
                let _ = gate;
                Ok(())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                // A type without fields writes none.
                #[allow(unused_mut)]
                let mut fields = s.serialize_map(None)?;
                $($crate::model::lenient::write(&mut fields, $json, &self.$field)?;)*
                serde::ser::SerializeMap::end(fields)
            }
        }

        impl<'de> $crate::model::lenient::Model<'de> for $name {
            fn set<A: serde::de::MapAccess<'de>>(&mut self, name: &str, fields: &mut A) -> Result<(), A::Error> {
                match name {
                    $($json => self.$field = $crate::model::lenient::read(fields)?,)*
                    _ => $crate::model::lenient::skip(fields)?,
                }
                Ok(())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                $crate::model::lenient::model(d)
            }
        }

        impl<'de> $crate::model::lenient::Lenient<'de> for $name {}

        impl $crate::model::Described for $name {
            const SHAPE: $crate::model::Shape = $crate::model::Shape::Model(&$crate::model::ModelSpec::new(
                stringify!($name),
                &[$($crate::model::FieldSpec {
                    name: $json,
                    field: stringify!($field),
                    shape: <$crate::model::macros::field_type!($ty) as $crate::model::Described>::SHAPE,
                    since: $crate::model::macros::bound!($($since)?),
                    until: $crate::model::macros::bound!($($until)?),
                },)*],
            ));
        }
    )+};
}

macro_rules! field_type {
    (Keys) => { $crate::model::Keys };
    ([$t:ty]) => { alloc::vec::Vec<$t> };
    ({$t:ty}) => { alloc::collections::BTreeMap<alloc::string::String, $t> };
    ((opt [$t:ty])) => { Option<alloc::vec::Vec<$t>> };
    ((opt {$t:ty})) => { Option<alloc::collections::BTreeMap<alloc::string::String, $t>> };
    ($t:ident) => { Option<$t> };
}

macro_rules! setter {
    ($doc:tt $f:ident bool) => { $crate::model::macros::setter! { @value $doc $f bool } };
    ($doc:tt $f:ident i64) => { $crate::model::macros::setter! { @value $doc $f i64 } };
    ($doc:tt $f:ident u64) => { $crate::model::macros::setter! { @value $doc $f u64 } };
    ($doc:tt $f:ident u32) => { $crate::model::macros::setter! { @value $doc $f u32 } };
    ($doc:tt $f:ident u16) => { $crate::model::macros::setter! { @value $doc $f u16 } };
    ($doc:tt $f:ident f64) => { $crate::model::macros::setter! { @value $doc $f f64 } };
    (@value {$(#[$m:meta])*} $f:ident $t:ident) => {
        $(#[$m])*
        pub fn $f(mut self, v: $t) -> Self {
            self.$f = Some(v);
            self
        }
    };
    ({$(#[$m:meta])*} $f:ident Keys) => {
        $(#[$m])*
        pub fn $f(mut self, v: impl IntoIterator<Item = impl Into<alloc::string::String>>) -> Self {
            self.$f = v.into_iter().collect();
            self
        }
    };
    ({$(#[$m:meta])*} $f:ident [$t:ty]) => {
        $(#[$m])*
        pub fn $f(mut self, v: impl IntoIterator<Item = impl Into<$t>>) -> Self {
            self.$f = v.into_iter().map(Into::into).collect();
            self
        }
    };
    ({$(#[$m:meta])*} $f:ident {$t:ty}) => {
        $(#[$m])*
        pub fn $f(mut self, v: impl IntoIterator<Item = (impl Into<alloc::string::String>, impl Into<$t>)>) -> Self {
            self.$f = v.into_iter().map(|(k, v)| (k.into(), v.into())).collect();
            self
        }
    };
    ({$(#[$m:meta])*} $f:ident (opt [$t:ty])) => {
        $(#[$m])*
        pub fn $f(mut self, v: impl IntoIterator<Item = impl Into<$t>>) -> Self {
            self.$f = Some(v.into_iter().map(Into::into).collect());
            self
        }
    };
    ({$(#[$m:meta])*} $f:ident (opt {$t:ty})) => {
        $(#[$m])*
        pub fn $f(mut self, v: impl IntoIterator<Item = (impl Into<alloc::string::String>, impl Into<$t>)>) -> Self {
            self.$f = Some(v.into_iter().map(|(k, v)| (k.into(), v.into())).collect());
            self
        }
    };
    ({$(#[$m:meta])*} $f:ident $t:ident) => {
        $(#[$m])*
        pub fn $f(mut self, v: impl Into<$t>) -> Self {
            self.$f = Some(v.into());
            self
        }
    };
}

// A plain value without bounds has nothing to report, so nothing is generated for it.
macro_rules! gate_field {
    (bool, $gate:ident, $json:literal, $v:expr, [], []) => {};
    (i64, $gate:ident, $json:literal, $v:expr, [], []) => {};
    (u64, $gate:ident, $json:literal, $v:expr, [], []) => {};
    (u32, $gate:ident, $json:literal, $v:expr, [], []) => {};
    (u16, $gate:ident, $json:literal, $v:expr, [], []) => {};
    (f64, $gate:ident, $json:literal, $v:expr, [], []) => {};
    (Keys, $gate:ident, $json:literal, $v:expr, [], []) => {};
    (String, $gate:ident, $json:literal, $v:expr, [], []) => {};
    ([String], $gate:ident, $json:literal, $v:expr, [], []) => {};
    ({String}, $gate:ident, $json:literal, $v:expr, [], []) => {};
    ($ty:tt, $gate:ident, $json:literal, $v:expr, [$($since:literal)?], [$($until:literal)?]) => {
        $gate.field(
            $json,
            $crate::model::macros::bound!($($since)?),
            $crate::model::macros::bound!($($until)?),
            $v,
        )?
    };
}

macro_rules! bound {
    () => {
        None
    };
    ($v:literal) => {
        const {
            let version = $crate::model::ApiVersion::read(stringify!($v).as_bytes());
            // Evaluated by the compiler: a bound that is no version does not build.
            assert!(version.is_some());
            version
        }
    };
}

/// Declares the names of a string-valued field that are known today; any other text is kept in `Other`.
macro_rules! open_enum {
    ($(
        $(#[$meta:meta])*
        pub enum $name:ident {
            $( $(#[$vmeta:meta])* $variant:ident = $text:literal ),+ $(,)?
        }
    )+) => {$(
        $(#[$meta])*
        ///
        /// Open: text that is not known here is kept as it came, and two values are equal when their texts are.
        #[derive(Debug, Clone)]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[$vmeta])* $variant, )+
            /// Any other text.
            Other(alloc::string::String),
        }

        impl $name {
            /// The text as it is in JSON.
            #[must_use]
            #[inline]
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$variant => $text, )+
                    Self::Other(text) => text,
                }
            }

            #[inline]
            fn known(text: &str) -> Option<Self> {
                Some(match text {
                    $( $text => Self::$variant, )+
                    _ => return None,
                })
            }
        }

        $crate::model::open_enum::text_type!($name);

        impl $crate::model::Described for $name {
            const SHAPE: $crate::model::Shape = $crate::model::Shape::Enum(&[$($text),+]);
        }
    )+};
}

pub(crate) use {bound, field_type, gate_field, model, open_enum, setter};
