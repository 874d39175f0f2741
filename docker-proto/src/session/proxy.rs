//! HTTP proxies on the way to an engine.

use super::host::{authority, host_and_port};
use crate::{Error, Result};
use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use core::fmt;
use core::str::FromStr;
use percent_encoding::percent_decode_str;

/// An HTTP proxy that leads to an engine at a TCP address.
///
/// It is asked for a connection (`CONNECT`, RFC 9110 section 9.3.6) before anything else is said, so that TLS and streams in
/// both directions work as without it. Two things depend on the proxy:
///
/// - It may refuse ports that it does not know: Squid's own configuration allows 443 and no other.
/// - It may take the end of one direction for the end of both (tinyproxy 1.11 does): then closing the stdin of an attach or exec
///   ends its output as well, and nothing tells what was still to come. Over TLS that does not happen, for its end of one
///   direction is nothing that a proxy sees.
///
/// ```
/// use docker_proto::session::{Endpoint, Proxy};
///
/// let proxy = Proxy::parse("http://me:secret@proxy.example:3128")?;
/// assert_eq!(proxy.to_string(), "http://proxy.example:3128");
/// let endpoint = Endpoint::parse("tcp://engine.example:2375")?.with_proxy(proxy)?;
/// # Ok::<(), docker_proto::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Proxy {
    pub(super) host: String,
    pub(super) port: u16,
    /// User and password in base64, as they are sent.
    pub(super) basic: Option<String>,
}

/// The port of the scheme.
const DEFAULT_PORT: u16 = 80;

impl Proxy {
    /// Reads a proxy as `HTTP_PROXY` has it: `http://user:password@host:port`. Scheme, user and port may be missing; the port
    /// is 80 then. Percent-encoded characters of user and password are decoded.
    ///
    /// # Errors
    /// [`Usage`](crate::ErrorKind::Usage), saying what is wrong with it, and repeating neither user nor password: proxies that
    /// speak TLS themselves (`https`) and SOCKS are not understood.
    #[inline]
    pub fn parse(url: &str) -> Result<Self> {
        read(url.trim()).map_err(|why| Error::usage(format!("proxy {:?} {why}", shown(url.trim()))))
    }
}

#[inline]
fn read(url: &str) -> Result<Proxy, Cow<'static, str>> {
    if url.is_empty() {
        return Err("is empty".into());
    }
    let (scheme, rest) = scheme_of(url).unwrap_or(("http", url));
    if !scheme.eq_ignore_ascii_case("http") {
        return Err(format!("has the scheme {scheme:?}; only proxies at http:// are understood").into());
    }
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    let (user, place) = rest.rsplit_once('@').map_or((None, rest), |(user, place)| (Some(user), place));
    if let Some(c) = place.chars().find(|&c| matches!(c, '/' | '?' | '#')) {
        return Err(format!("holds {c:?}: no path, query or fragment belong there").into());
    }
    let (host, port) = host_and_port(place)?;
    if host.is_empty() {
        return Err("names no host".into());
    }
    let basic = user.map(|user| {
        let (user, password) = user.split_once(':').unwrap_or((user, ""));
        let decoded = |text| percent_decode_str(text).collect();
        let words: [alloc::vec::Vec<u8>; 2] = [decoded(user), decoded(password)];
        STANDARD.encode(words.join(&b':'))
    });
    Ok(Proxy { host: host.into(), port: port.unwrap_or(DEFAULT_PORT), basic })
}

/// Without what may be a password.
#[inline]
fn shown(url: &str) -> String {
    let (scheme, rest) = scheme_of(url).map_or(("", url), |(scheme, rest)| (&url[..scheme.len() + 3], rest));
    match rest.rsplit_once('@') {
        Some((_, place)) => [scheme, "***@", place].concat(),
        None => url.into(),
    }
}

/// A scheme and what is behind it. A password may hold such a thing too.
#[inline]
fn scheme_of(url: &str) -> Option<(&str, &str)> {
    let is_scheme = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
    url.split_once("://").filter(|(scheme, _)| is_scheme(scheme))
}

impl fmt::Display for Proxy {
    /// Without user and password.
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "http://{}", authority(&self.host, self.port))
    }
}

impl fmt::Debug for Proxy {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proxy")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("user", &self.basic.as_ref().map(|_| "***"))
            .finish()
    }
}

impl FromStr for Proxy {
    type Err = Error;

    #[inline]
    fn from_str(url: &str) -> Result<Self> {
        Self::parse(url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn understood() {
        for (url, want, user) in [
            ("http://p:3128", "http://p:3128", None),
            ("p:3128", "http://p:3128", None),
            ("p", "http://p:80", None),
            (" HTTP://p/ ", "http://p:80", None),
            ("http://[::1]:8080", "http://[::1]:8080", None),
            ("http://me@p:1", "http://p:1", Some("me:")),
            ("http://me:pass:word@p:1", "http://p:1", Some("me:pass:word")),
            ("me:a%40b%3Ac%25@p:1", "http://p:1", Some("me:a@b:c%")),
            ("me:pa://ss@p:1", "http://p:1", Some("me:pa://ss")),
            ("http://m\u{fc}:p@w@p:1", "http://p:1", Some("m\u{fc}:p@w")),
        ] {
            let proxy = Proxy::parse(url).unwrap_or_else(|e| panic!("{url}: {e}"));
            assert_eq!(proxy.to_string(), want, "{url}");
            assert_eq!(proxy.basic, user.map(|user| STANDARD.encode(user)), "{url}");
            let shown = format!("{proxy:?}");
            assert!(!shown.contains("pass") && !shown.contains("bWU"), "{shown}");
        }
    }

    #[test]
    fn refused_without_a_word_of_the_password() {
        for (url, why) in [
            ("", "is empty"),
            ("https://u:hidden@p:1", "has the scheme \"https\""),
            ("socks5://u:hidden@p:1", "has the scheme \"socks5\""),
            ("http://", "names no host"),
            ("http://u:hidden@", "names no host"),
            ("http://u:hidden@p:0", "not 1 to 65535"),
            ("http://u:hidden@p:1/path", "holds '/'"),
            ("http://u:hidden@p:1?q", "holds '?'"),
            ("http://u:hidden@p q:1", "has ' ' in its host"),
            ("http://u:hidden@::1:5", "without brackets"),
        ] {
            let e = Proxy::parse(url).expect_err(url);
            assert!(e.message().contains(why) && e.message().starts_with("proxy "), "{url}: {e}");
            assert!(!e.to_string().contains("hidden"), "{e}");
        }
    }
}
