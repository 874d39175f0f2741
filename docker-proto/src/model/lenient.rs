//! Decoding as engines need it: `null` is the same as an absent field, at every depth, and unknown fields are skipped.

use super::{Gated, Keys};
use alloc::borrow::Cow;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::marker::PhantomData;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap};
use serde_json::Value;

/// A type with named fields.
pub(crate) trait Model<'de>: Default {
    /// Decodes the value of the field `name`, which is next in `fields`.
    fn set<A: MapAccess<'de>>(&mut self, name: &str, fields: &mut A) -> Result<(), A::Error>;
}

/// Decodes an object into a model.
pub(crate) fn model<'de, D: Deserializer<'de>, T: Model<'de>>(d: D) -> Result<T, D::Error> {
    struct Fields<T>(PhantomData<T>);

    impl<'de, T: Model<'de>> Visitor<'de> for Fields<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<T, A::Error> {
            let mut model = T::default();
            while let Some(Name(name)) = fields.next_key()? {
                model.set(&name, &mut fields)?;
            }
            Ok(model)
        }
    }

    d.deserialize_map(Fields(PhantomData))
}

/// The name of a field, borrowed where the input allows it.
struct Name<'de>(Cow<'de, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Borrow;

        impl<'de> Visitor<'de> for Borrow {
            type Value = Name<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }

            fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Borrowed(name)))
            }

            fn visit_str<E>(self, name: &str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Owned(name.into())))
            }
        }

        d.deserialize_str(Borrow)
    }
}

/// Decodes the value of one field of a model.
pub(crate) fn read<'de, A: MapAccess<'de>, F: Field<'de>>(fields: &mut A) -> Result<F, A::Error> {
    struct Seed<F>(PhantomData<F>);

    impl<'de, F: Field<'de>> DeserializeSeed<'de> for Seed<F> {
        type Value = F;

        fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<F, D::Error> {
            F::read_field(d)
        }
    }

    fields.next_value_seed(Seed(PhantomData))
}

/// Passes over the value of a field that the model does not have.
pub(crate) fn skip<'de, A: MapAccess<'de>>(fields: &mut A) -> Result<(), A::Error> {
    fields.next_value::<IgnoredAny>().map(drop)
}

/// Encodes one field of a model, if it is set.
pub(crate) fn write<M: SerializeMap, T: Gated + Serialize>(
    fields: &mut M,
    name: &'static str,
    value: &T,
) -> Result<(), M::Error> {
    if value.is_set() { fields.serialize_entry(name, value) } else { Ok(()) }
}

/// What a field of a model can be.
pub(crate) trait Field<'de>: Sized {
    fn read_field<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error>;
}

impl<'de, T: Lenient<'de>> Field<'de> for Option<T> {
    fn read_field<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        T::read(d)
    }
}

impl<'de, T: Lenient<'de>> Field<'de> for Vec<T> {
    fn read_field<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Ok(Lenient::read(d)?.unwrap_or_default())
    }
}

impl<'de, T: Lenient<'de>> Field<'de> for BTreeMap<String, T> {
    fn read_field<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Ok(Lenient::read(d)?.unwrap_or_default())
    }
}

impl<'de> Field<'de> for Keys {
    fn read_field<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Ok(Lenient::read(d)?.unwrap_or_default())
    }
}

/// A value that can also be `null`.
pub(crate) trait Lenient<'de>: Deserialize<'de> + Default {
    fn read<D: Deserializer<'de>>(d: D) -> Result<Option<Self>, D::Error> {
        Deserialize::deserialize(d)
    }
}

macro_rules! plain {
    ($($t:ty),*) => { $(impl<'de> Lenient<'de> for $t {})* };
}

plain!(bool, i64, u64, u32, u16, f64, String, Value, Keys);

impl<'de, T: Lenient<'de>> Lenient<'de> for Vec<T> {
    fn read<D: Deserializer<'de>>(d: D) -> Result<Option<Self>, D::Error> {
        let items: Option<Vec<Slot<T>>> = Deserialize::deserialize(d)?;
        Ok(items.map(|items| items.into_iter().map(|slot| slot.0).collect()))
    }
}

impl<'de, T: Lenient<'de>> Lenient<'de> for BTreeMap<String, T> {
    fn read<D: Deserializer<'de>>(d: D) -> Result<Option<Self>, D::Error> {
        let map: Option<MapSlot<T>> = Deserialize::deserialize(d)?;
        Ok(map.map(|map| map.0))
    }
}

/// An item of a list or a map.
struct Slot<T>(T);

impl<'de, T: Lenient<'de>> Deserialize<'de> for Slot<T> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Ok(Self(T::read(d)?.unwrap_or_default()))
    }
}

struct MapSlot<T>(BTreeMap<String, T>);

impl<'de, T: Lenient<'de>> Deserialize<'de> for MapSlot<T> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        d.deserialize_map(MapVisitor(PhantomData))
    }
}

struct MapVisitor<T>(PhantomData<T>);

impl<'de, T: Lenient<'de>> Visitor<'de> for MapVisitor<T> {
    type Value = MapSlot<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or null")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
        let mut map = BTreeMap::new();
        while let Some((key, slot)) = access.next_entry::<String, Slot<T>>()? {
            map.insert(key, slot.0);
        }
        Ok(MapSlot(map))
    }
}

/// Decodes a text into a type made from text, without a copy in between.
pub(crate) fn text<'de, D: Deserializer<'de>, T: for<'a> From<&'a str>>(d: D) -> Result<T, D::Error> {
    struct Text<T>(PhantomData<T>);

    impl<T: for<'a> From<&'a str>> Visitor<'_> for Text<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string")
        }

        fn visit_str<E>(self, text: &str) -> Result<T, E> {
            Ok(T::from(text))
        }
    }

    d.deserialize_str(Text(PhantomData))
}
