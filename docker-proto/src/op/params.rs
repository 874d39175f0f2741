//! Values of parameters that are more than a text: platforms, signals, durations, JSON in a query. Credentials are in
//! `credentials`.

use super::param::Param;
use super::spec::ParamType;
use crate::model::{OCIPlatform, Ulimit};
use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use core::time::Duration;
use serde::ser::{Serialize, SerializeMap, Serializer};

/// `os[/arch[/variant]]` into its parts; what follows a second slash is the variant.
#[inline]
fn platform(text: &str) -> OCIPlatform {
    let mut parts = text.splitn(3, '/');
    let mut platform = OCIPlatform::new().os(parts.next().unwrap_or_default());
    if let Some(architecture) = parts.next() {
        platform = platform.architecture(architecture);
    }
    if let Some(variant) = parts.next() {
        platform = platform.variant(variant);
    }
    platform
}

macro_rules! platform_from {
    ($($name:ident),*) => {$(
        impl From<&str> for $name {
            /// Reads `os[/arch[/variant]]`.
            #[inline]
            fn from(text: &str) -> Self {
                Self(platform(text))
            }
        }

        impl From<String> for $name {
            #[inline]
            fn from(text: String) -> Self {
                Self(platform(&text))
            }
        }

        impl From<OCIPlatform> for $name {
            #[inline]
            fn from(platform: OCIPlatform) -> Self {
                Self(platform)
            }
        }
    )*};
}

/// A platform, sent as `os[/arch[/variant]]`.
///
/// Engines want platforms in two forms; each operation takes the type of the form it needs, and both are made from a
/// text such as `linux/arm64/v8` or from an [`OCIPlatform`].
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PlatformText(pub OCIPlatform);

/// A platform, sent as a JSON document; see [`PlatformText`].
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PlatformJson(pub OCIPlatform);

platform_from!(PlatformText, PlatformJson);

impl Param for PlatformText {
    const TYPE: ParamType = ParamType::Text;
    #[inline]
    fn text(&self) -> Option<String> {
        let OCIPlatform { os, architecture, variant, .. } = &self.0;
        let parts: Vec<&str> = [os, architecture, variant].into_iter().flatten().map(|s| &**s).collect();
        (!parts.is_empty()).then(|| parts.join("/"))
    }
}

impl Param for PlatformJson {
    const TYPE: ParamType = ParamType::Json;
    #[inline]
    fn text(&self) -> Option<String> {
        json_text(&self.0)
    }
}

/// Maps and lists of text cannot fail to be written as JSON.
#[inline]
pub(super) fn json_text<T: Serialize>(value: &T) -> Option<String> {
    serde_json::to_string(value).ok()
}

/// A signal, by name (`TERM`, `SIGTERM`) or number.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Signal(String);

impl From<&str> for Signal {
    #[inline]
    fn from(name: &str) -> Self {
        Self(name.into())
    }
}

impl From<String> for Signal {
    #[inline]
    fn from(name: String) -> Self {
        Self(name)
    }
}

impl From<i32> for Signal {
    #[inline]
    fn from(number: i32) -> Self {
        Self(number.to_string())
    }
}

impl fmt::Display for Signal {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Param for Signal {
    const TYPE: ParamType = ParamType::Text;
    #[inline]
    fn text(&self) -> Option<String> {
        Some(self.0.clone())
    }
}

/// A grace in whole seconds; -1 is for ever. A [`Duration`] is rounded up, so that nobody gets less than was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Seconds(pub i64);

impl Seconds {
    /// No end.
    pub const FOREVER: Self = Self(-1);

    /// The time, if it has an end.
    #[inline]
    pub fn duration(self) -> Option<Duration> {
        u64::try_from(self.0).ok().map(Duration::from_secs)
    }
}

impl From<i32> for Seconds {
    #[inline]
    fn from(seconds: i32) -> Self {
        Self(seconds.into())
    }
}

impl From<i64> for Seconds {
    #[inline]
    fn from(seconds: i64) -> Self {
        Self(seconds)
    }
}

impl From<Duration> for Seconds {
    #[inline]
    fn from(time: Duration) -> Self {
        let whole = time.as_secs().saturating_add(u64::from(time.subsec_nanos() > 0));
        Self(i64::try_from(whole).unwrap_or(i64::MAX))
    }
}

impl Param for Seconds {
    const TYPE: ParamType = ParamType::Int;
    #[inline]
    fn text(&self) -> Option<String> {
        Some(self.0.to_string())
    }
}

macro_rules! json_param {
    ($($(#[$doc:meta])* $name:ident($inner:ty)),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Default)]
        pub struct $name(pub $inner);

        impl Param for $name {
            const TYPE: ParamType = ParamType::Json;
            #[inline]
            fn text(&self) -> Option<String> {
                if self.0.is_empty() { None } else { json_text(&self.0) }
            }
        }
    )*};
}

json_param!(
    /// Labels: names and values, sent as one JSON object.
    Labels(BTreeMap<String, String>),
    /// Images whose layers may serve as a cache, sent as one JSON list.
    CacheFrom(Vec<String>),
    /// Limits of the processes of a build, sent as one JSON list.
    Ulimits(Vec<Ulimit>),
    /// Where the result of a build goes, sent as one JSON list.
    Outputs(Vec<BuildOutput>),
);

impl<K: Into<String>, V: Into<String>, I: IntoIterator<Item = (K, V)>> From<I> for Labels {
    #[inline]
    fn from(labels: I) -> Self {
        Self(labels.into_iter().map(|(k, v)| (k.into(), v.into())).collect())
    }
}

impl<T: Into<String>, I: IntoIterator<Item = T>> From<I> for CacheFrom {
    #[inline]
    fn from(images: I) -> Self {
        Self(images.into_iter().map(Into::into).collect())
    }
}

impl<I: IntoIterator<Item = Ulimit>> From<I> for Ulimits {
    #[inline]
    fn from(limits: I) -> Self {
        Self(limits.into_iter().collect())
    }
}

impl<I: IntoIterator<Item = BuildOutput>> From<I> for Outputs {
    #[inline]
    fn from(outputs: I) -> Self {
        Self(outputs.into_iter().collect())
    }
}

/// Where the result of a build goes; BuildKit only.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct BuildOutput {
    /// `local`, `tar`, `oci`, `docker`, `image` or `registry`.
    pub kind: String,
    /// Settings of that kind.
    pub attrs: BTreeMap<String, String>,
}

impl Serialize for BuildOutput {
    #[inline]
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut fields = s.serialize_map(Some(2))?;
        fields.serialize_entry("Type", &self.kind)?;
        fields.serialize_entry("Attrs", &self.attrs)?;
        fields.end()
    }
}

impl BuildOutput {
    /// An output of a kind.
    #[must_use]
    #[inline]
    pub fn new(kind: impl Into<String>) -> Self {
        Self { kind: kind.into(), attrs: BTreeMap::new() }
    }

    /// Adds a setting.
    #[must_use]
    #[inline]
    pub fn attr(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.attrs.insert(name.into(), value.into());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::op::BuildArgs;
    use serde_json::Value;

    #[test]
    fn a_platform_has_two_forms() {
        for (text, document) in [
            ("linux", r#"{"os":"linux"}"#),
            ("linux/arm64", r#"{"architecture":"arm64","os":"linux"}"#),
            ("linux/arm64/v8", r#"{"architecture":"arm64","os":"linux","variant":"v8"}"#),
        ] {
            assert_eq!(PlatformText::from(text).text().unwrap(), text);
            let sent: Value = serde_json::from_str(&PlatformJson::from(text).text().unwrap()).unwrap();
            assert_eq!(sent, serde_json::from_str::<Value>(document).unwrap());
        }
    }

    #[test]
    fn a_grace_is_never_shortened() {
        assert_eq!(Seconds::from(Duration::from_millis(1)), Seconds(1));
        assert_eq!(Seconds::from(Duration::from_secs(2)), Seconds(2));
        assert_eq!(Seconds::from(Duration::MAX), Seconds(i64::MAX));
        assert_eq!(Seconds::from(-1), Seconds::FOREVER);
    }

    #[test]
    fn json_in_a_query_may_hold_nulls_and_is_left_out_when_empty() {
        let args = BuildArgs::new().arg("A", "1").unset("B");
        assert_eq!(args.text().unwrap(), r#"{"A":"1","B":null}"#);
        assert_eq!(BuildArgs::new().text(), None);
        assert_eq!(CacheFrom::from(["a", "b"]).text().unwrap(), r#"["a","b"]"#);
        assert_eq!(Labels::from([("k", "v")]).text().unwrap(), r#"{"k":"v"}"#);
        let outputs = Outputs::from([BuildOutput::new("tar").attr("dest", "-")]);
        assert_eq!(outputs.text().unwrap(), r#"[{"Type":"tar","Attrs":{"dest":"-"}}]"#);
    }
}
