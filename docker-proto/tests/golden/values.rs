//! A value for each parameter, by its name: no two names have the same one, so that no parameter can stand for another.

use docker_proto::model::{AuthConfig, Filters, OCIPlatform, Timestamp, Ulimit};
use docker_proto::op::{
    BuildArgs, BuildOutput, CacheFrom, Labels, Outputs, PlatformJson, PlatformText, RegistryAuth, RegistryConfig,
    Ulimits,
};
use serde_json::{Value, json};

/// A text with everything in it that would end or change a query if it were not encoded.
pub(crate) fn text(name: &str) -> String {
    match name {
        // These are read before they are sent.
        "detachKeys" => "ctrl-^,?,&,=,+,%,#,ctrl-\\,DEL".into(),
        _ => format!("{name} \u{e9}?&=+%:@/,;#\"~"),
    }
}

/// The same, twice and different.
pub(crate) fn texts(name: &str) -> [String; 2] {
    [text(name), format!("{name}=2")]
}

pub(crate) fn number(name: &str) -> u16 {
    let sum = name.bytes().fold(1, |sum: u32, b| (sum * 31 + u32::from(b)) % 29_989);
    u16::try_from(sum).expect("it is less than that")
}

/// An object that is one segment of a path.
pub(crate) fn segment(name: &str) -> String {
    format!("{name} a/b?#%\u{e9}")
}

/// An image: its slashes, colons and at signs mean something.
pub(crate) fn image(name: &str) -> String {
    format!("127.0.0.1:5000/a b/{name}:1.0@sha256:0123")
}

/// The rest of a path.
pub(crate) fn route(name: &str) -> String {
    format!("{name}/a b/json")
}

pub(crate) fn moment(name: &str) -> Timestamp {
    Timestamp::new(1_700_000_000 + i64::from(number(name)), 7)
}

pub(crate) fn moment_text(name: &str) -> String {
    format!("{}.000000007", 1_700_000_000 + u32::from(number(name)))
}

pub(crate) fn filters() -> Filters {
    Filters::new().add("label", "a=b c").add("label", "d").add("name", "24h")
}

pub(crate) fn filters_json() -> Value {
    json!({"label": {"a=b c": true, "d": true}, "name": {"24h": true}})
}

pub(crate) const PLATFORM: &str = "linux/arm64/v8";

pub(crate) fn platform() -> PlatformText {
    PLATFORM.into()
}

pub(crate) fn platform_json() -> PlatformJson {
    PLATFORM.into()
}

pub(crate) fn platforms() -> [PlatformJson; 2] {
    let windows = OCIPlatform::new().os("windows").architecture("amd64").os_version("10.0").os_features(["win32k"]);
    [platform_json(), windows.into()]
}

pub(crate) fn platforms_json() -> [Value; 2] {
    [
        json!({"os": "linux", "architecture": "arm64", "variant": "v8"}),
        json!({"os": "windows", "architecture": "amd64", "os.version": "10.0", "os.features": ["win32k"]}),
    ]
}

/// Its bytes are such that the two alphabets of base64 write them differently.
pub(crate) fn auth() -> RegistryAuth {
    RegistryAuth::password("u", "~~~???>>>", "127.0.0.1:5000")
}

pub(crate) fn auth_json() -> Value {
    json!({"username": "u", "password": "~~~???>>>", "serveraddress": "127.0.0.1:5000"})
}

/// Credentials for several registries.
pub(crate) fn config() -> RegistryConfig {
    let auth = AuthConfig::new().username("u").password("~~~???>>>").server_address("127.0.0.1:5000");
    [("127.0.0.1:5000", auth)].into()
}

pub(crate) fn build_args() -> BuildArgs {
    BuildArgs::new().arg("A", "1 &").unset("B")
}

pub(crate) fn labels() -> Labels {
    [("k", "v w")].into()
}

pub(crate) fn cache_from() -> CacheFrom {
    ["a:1", "b"].into()
}

pub(crate) fn ulimits() -> Ulimits {
    [Ulimit::new().name("nofile").soft(1).hard(2)].into()
}

pub(crate) fn outputs() -> Outputs {
    [BuildOutput::new("tar").attr("dest", "-")].into()
}

/// The JSON of a parameter that has this encoding in the facts, one for each time it is sent.
pub(crate) fn encoded(encoding: &str) -> Vec<Value> {
    match encoding {
        "json []string" => vec![json!(["a:1", "b"])],
        "json map[string]*string" => vec![json!({"A": "1 &", "B": null})],
        "json map[string]string" => vec![json!({"k": "v w"})],
        "json []{Name,Soft,Hard}" => vec![json!([{"Name": "nofile", "Soft": 1, "Hard": 2}])],
        "json []{Type,Attrs}" => vec![json!([{"Type": "tar", "Attrs": {"dest": "-"}}])],
        _ if encoding.starts_with("json OCIPlatform") => platforms_json().into(),
        other => panic!("the facts have an encoding {other:?}"),
    }
}
