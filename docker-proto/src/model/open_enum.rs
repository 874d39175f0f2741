//! What all enums of the models have in common: they are text with names for the values known today.

/// The conversions and comparisons of a type that is a text; it has `as_str`, `known` and a variant `Other(String)`.
macro_rules! text_type {
    ($name:ident) => {
        impl From<&str> for $name {
            #[inline]
            fn from(text: &str) -> Self {
                Self::known(text).unwrap_or_else(|| Self::Other(text.into()))
            }
        }

        impl From<alloc::string::String> for $name {
            #[inline]
            fn from(text: alloc::string::String) -> Self {
                Self::known(&text).unwrap_or(Self::Other(text))
            }
        }

        impl Default for $name {
            /// The empty text.
            #[inline]
            fn default() -> Self {
                Self::Other(alloc::string::String::new())
            }
        }

        impl core::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl PartialEq for $name {
            #[inline]
            fn eq(&self, other: &Self) -> bool {
                self.as_str() == other.as_str()
            }
        }

        impl Eq for $name {}

        impl core::hash::Hash for $name {
            #[inline]
            fn hash<H: core::hash::Hasher>(&self, state: &mut H) {
                self.as_str().hash(state);
            }
        }

        impl PartialEq<str> for $name {
            #[inline]
            fn eq(&self, other: &str) -> bool {
                self.as_str() == other
            }
        }

        impl PartialEq<&str> for $name {
            #[inline]
            fn eq(&self, other: &&str) -> bool {
                self.as_str() == *other
            }
        }

        impl AsRef<str> for $name {
            #[inline]
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl serde::Serialize for $name {
            #[inline]
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            #[inline]
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                $crate::model::lenient::text(d)
            }
        }

        impl<'de> $crate::model::lenient::Lenient<'de> for $name {
            #[inline]
            fn read<D: serde::Deserializer<'de>>(d: D) -> Result<Option<Self>, D::Error> {
                let value: Option<Self> = serde::Deserialize::deserialize(d)?;
                Ok(value.filter(|v| !v.as_str().is_empty()))
            }
        }

        impl $crate::model::Gated for $name {}
    };
}

pub(crate) use text_type;
