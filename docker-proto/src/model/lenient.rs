//! Decoding as engines need it: `null` is the same as an absent field, at every depth.

use super::Keys;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::marker::PhantomData;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;

/// Decodes one field of a model.
pub(crate) fn read<'de, D: Deserializer<'de>, F: Field<'de>>(d: D) -> Result<F, D::Error> {
    F::read_field(d)
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
