//! What is no secret by its name, and what is one.

/// Header fields whose values are shown: those of HTTP itself, and those that engines and this crate set. Any other is
/// somebody's own, and may be a key.
const SHOWN: [&str; 39] = [
    "accept",
    "accept-encoding",
    "api-version",
    "builder-version",
    "cache-control",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "date",
    "docker-distribution-api-version",
    "docker-experimental",
    "expect",
    "expires",
    "host",
    "keep-alive",
    "libpod-api-version",
    "libpod-buildah-version",
    "ostype",
    "pragma",
    "sec-websocket-accept",
    "sec-websocket-extensions",
    "sec-websocket-protocol",
    "sec-websocket-version",
    "server",
    "swarm",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "vary",
    "via",
    "warning",
    "x-content-type-options",
    "x-docker-container-path-stat",
    "x-docker-size",
    "x-reference-id",
    "x-registry-supports-signatures",
];

/// Whether the value of this header field is shown; `more` are names that the caller adds.
#[inline]
pub(super) fn field_is_shown(name: &[u8], more: &[alloc::string::String]) -> bool {
    let is = |other: &str| name.eq_ignore_ascii_case(other.as_bytes());
    SHOWN.iter().any(|other| is(other)) || more.iter().any(|other| is(other))
}

/// What a secret calls itself, somewhere in its name.
const TELLING: [&[u8]; 7] = [b"password", b"passwd", b"secret", b"token", b"credential", b"authorization", b"private"];

/// Names that hold one of those words and are references only.
const REFERENCES: [&[u8]; 6] =
    [b"secrets", b"secretid", b"secretname", b"credentialspec", b"nexttoken", b"privateworkingset"];

#[inline]
fn tells(name: &[u8]) -> bool {
    let holds = |word: &[u8]| name.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word));
    TELLING.iter().any(|word| holds(word)) && !REFERENCES.iter().any(|other| name.eq_ignore_ascii_case(other))
}

/// What the value of a member of a JSON object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Shown,
    Hidden,
    /// A list of `NAME=value`, of which the values are hidden.
    Variables,
    /// Words for people, which may repeat a URL with a password in it.
    Words,
}

/// Members that are words for people.
const WORDS: [&[u8]; 6] = [b"message", b"cause", b"error", b"status", b"stream", b"detail"];

/// Members whose values are secrets, or options of drivers, which hold passwords of network drives.
const HIDDEN: [&[u8]; 13] = [
    b"auth",
    b"data",
    b"driveropts",
    b"httpproxy",
    b"httpsproxy",
    b"ftpproxy",
    b"allproxy",
    b"key",
    b"opts",
    b"options",
    b"remote",
    b"unlockkey",
    b"signingcakey",
];

#[inline]
pub(super) fn member(name: &[u8]) -> Value {
    if name.eq_ignore_ascii_case(b"env") {
        return Value::Variables;
    }
    if WORDS.iter().any(|other| name.eq_ignore_ascii_case(other)) {
        return Value::Words;
    }
    let hidden = tells(name) || HIDDEN.iter().any(|other| name.eq_ignore_ascii_case(other));
    if hidden { Value::Hidden } else { Value::Shown }
}

/// Parameters of a query that are secrets, or URLs in which people put them.
const PARAMETERS: [&[u8]; 6] = [b"auth", b"buildargs", b"fromsrc", b"key", b"remote", b"httpproxy"];

#[inline]
pub(super) fn parameter_is_hidden(name: &[u8]) -> bool {
    tells(name) || PARAMETERS.iter().any(|other| name.eq_ignore_ascii_case(other))
}

/// Hides what stands between `://` and the end of a host. Whether a password is in it shows only behind it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Urls {
    /// How much of `://` was seen.
    begun: u8,
}

impl Urls {
    /// Whether this byte of a text may be shown.
    #[inline]
    pub(super) fn shows(&mut self, b: u8) -> bool {
        self.begun = match (self.begun, b) {
            (3, b'/' | b'"' | b'\'' | b'\\' | b'?' | b'#' | b'<' | b'>') => 0,
            (3, b) if b.is_ascii_whitespace() => 0,
            (3, _) => return false,
            (1 | 2, b'/') => self.begun + 1,
            (_, b':') => 1,
            _ => 0,
        };
        true
    }
}
