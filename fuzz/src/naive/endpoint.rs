//! The address of an engine, by splitting.

/// Socket path, or host, port and base; `None` if it must be refused.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Address {
    Unix(String),
    Tcp(String, u16, String),
}

pub(crate) fn parse(url: &str) -> Option<Address> {
    let url = url.trim();
    if url.chars().any(|c| c == ' ' || c.is_control()) {
        return None;
    }
    let rest = |scheme: &str| url.strip_prefix(scheme).and_then(|r| r.strip_prefix("://"));
    if let Some(path) = rest("unix").or_else(|| rest("http+unix")) {
        if path.contains(['?', '#']) {
            return None;
        }
        return match path {
            "" => Some(Address::Unix("/var/run/docker.sock".into())),
            _ => path.starts_with('/').then(|| Address::Unix(path.into())),
        };
    }
    // Without a scheme there must be a port, or something like one, and no path of a file.
    let bare = !url.contains("://") && url.contains(':') && !url.starts_with(['/', '.', '~']);
    let rest = if bare { url } else { rest("tcp").or_else(|| rest("http"))? };
    let slash = rest.find('/').unwrap_or(rest.len());
    let (authority, path) = rest.split_at(slash);
    if rest.contains(['?', '#', '@', ';']) {
        return None;
    }
    let base = path.trim_end_matches('/');
    let segments: Vec<&str> = base.split('/').skip(1).collect();
    if !base.is_ascii() || segments.iter().any(|s| ["", ".", ".."].contains(s)) {
        return None;
    }
    let (host, port) = match authority.strip_prefix('[') {
        Some(v6) => v6.split_once(']')?,
        None => authority.split_at(authority.find(':').unwrap_or(authority.len())),
    };
    let port = match port.strip_prefix(':') {
        None if port.is_empty() && !host.is_empty() => 2375,
        None => return None,
        Some(digits) if digits.bytes().all(|b| b.is_ascii_digit()) => digits.parse().ok().filter(|&p: &u16| p > 0)?,
        Some(_) => return None,
    };
    if host.contains(|c: char| !c.is_ascii_alphanumeric() && !['-', '.', '_', ':', '%', '~'].contains(&c)) {
        return None;
    }
    let host = if host.is_empty() { "127.0.0.1" } else { host };
    Some(Address::Tcp(host.into(), port, base.into()))
}
