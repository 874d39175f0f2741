//! Filters of listings, events and prunes.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

/// What a listing is narrowed to: names of filters, each with the values that pass.
///
/// ```
/// use docker_proto::model::Filters;
///
/// let filters = Filters::new().add("label", "tier=web").not("label", "old").add("exited", 0);
/// assert_eq!(filters.to_json(), r#"{"exited":{"0":true},"label":{"tier=web":true},"label!":{"old":true}}"#);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filters(BTreeMap<String, Vec<String>>);

impl Filters {
    /// No filter.
    #[must_use]
    #[inline]
    pub fn new() -> Self {
        Self::default()
    }

    /// Lets `value` pass the filter `name`; values of one name are alternatives.
    #[must_use]
    #[inline]
    pub fn add(mut self, name: impl Into<String>, value: impl fmt::Display) -> Self {
        self.insert(name.into(), value.to_string());
        self
    }

    /// Keeps out what has `value`; engines know this for labels.
    #[must_use]
    #[inline]
    pub fn not(mut self, name: impl Into<String>, value: impl fmt::Display) -> Self {
        let mut name = name.into();
        name.push('!');
        self.insert(name, value.to_string());
        self
    }

    /// True without any filter; the parameter is then left out of a request.
    #[must_use]
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The values of the filter `name`.
    #[must_use]
    #[inline]
    pub fn get(&self, name: &str) -> &[String] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    /// All filters in the order of their names.
    #[inline]
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.0.iter().map(|(name, values)| (name.as_str(), values.as_slice()))
    }

    /// The text that a request carries.
    #[must_use]
    #[inline]
    pub fn to_json(&self) -> String {
        // Maps of text keys to booleans can always be written.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads either form: `{"name":{"value":true}}`, or `{"name":["value"]}` as before API 1.22.
    #[inline]
    pub fn from_json(text: &str) -> crate::Result<Self> {
        serde_json::from_str(text).map_err(|e| crate::Error::usage(alloc::format!("these are no filters: {e}")))
    }

    #[inline]
    fn insert(&mut self, name: String, value: String) {
        let values = self.0.entry(name).or_default();
        if !values.contains(&value) {
            values.push(value);
        }
    }
}

impl<K: Into<String>, V: fmt::Display> FromIterator<(K, V)> for Filters {
    #[inline]
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        pairs.into_iter().fold(Self::new(), |filters, (name, value)| filters.add(name, value))
    }
}

impl<K: Into<String>, V: fmt::Display, const N: usize> From<[(K, V); N]> for Filters {
    #[inline]
    fn from(pairs: [(K, V); N]) -> Self {
        pairs.into_iter().collect()
    }
}

impl Serialize for Filters {
    #[inline]
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut map = s.serialize_map(Some(self.0.len()))?;
        for (name, values) in &self.0 {
            map.serialize_entry(name, &Set(values))?;
        }
        map.end()
    }
}

/// Values, each mapped to `true`.
struct Set<'a>(&'a [String]);

impl Serialize for Set<'_> {
    #[inline]
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_map(self.0.iter().map(|value| (value, true)))
    }
}

impl<'de> Deserialize<'de> for Filters {
    #[inline]
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let mut filters = Self::new();
        for (name, Values(values)) in BTreeMap::<String, Values>::deserialize(d)? {
            // A name without values is kept: an engine refuses unknown names even then.
            filters.0.entry(name.clone()).or_default();
            values.into_iter().for_each(|value| filters.insert(name.clone(), value));
        }
        Ok(filters)
    }
}

/// The values of one filter, from either form. A value that is mapped to `false` counts, as it does for engines.
struct Values(Vec<String>);

impl<'de> Deserialize<'de> for Values {
    #[inline]
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Either;

        impl<'de> Visitor<'de> for Either {
            type Value = Values;

            #[inline]
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of values, or an object whose keys are values")
            }

            #[inline]
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Values, A::Error> {
                let mut values = Vec::new();
                while let Some(value) = seq.next_element()? {
                    values.push(value);
                }
                Ok(Values(values))
            }

            #[inline]
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Values, A::Error> {
                let mut values = Vec::new();
                while let Some((value, IgnoredAny)) = map.next_entry()? {
                    values.push(value);
                }
                Ok(Values(values))
            }
        }

        d.deserialize_any(Either)
    }
}
