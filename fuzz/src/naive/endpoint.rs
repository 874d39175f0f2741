//! The address of an engine, by splitting.

/// What an address names; `None` from [`parse`] if it must be refused.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Address {
    /// A socket's path.
    Unix(String),
    /// Host, port, base, and whether it is `https`.
    Tcp(String, u16, String, bool),
    /// User, host, port and path.
    Ssh(Option<String>, String, Option<u16>, Option<String>),
    /// A pipe's path.
    Pipe(String),
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
    if let Some(path) = rest("npipe") {
        return match path.strip_prefix("//./pipe/") {
            None => path.is_empty().then(|| Address::Pipe("//./pipe/docker_engine".into())),
            Some(name) => (!name.is_empty() && !name.contains(['/', '?', '#'])).then(|| Address::Pipe(path.into())),
        };
    }
    if let Some(rest) = rest("ssh") {
        return ssh(rest);
    }
    // Without a scheme there must be a port, or something like one, and no path of a file.
    let bare = !url.contains("://") && url.contains(':') && !url.starts_with(['/', '.', '~']);
    let secure = rest("https").is_some();
    let rest = if bare { url } else { rest("tcp").or_else(|| rest("http")).or_else(|| rest("https"))? };
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
    let port = match host_and_port(authority)? {
        ("", None) => return None,
        (_, port) => port.unwrap_or(if secure { 2376 } else { 2375 }),
    };
    let host = host_and_port(authority)?.0;
    let host = if host.is_empty() { "127.0.0.1" } else { host };
    Some(Address::Tcp(host.into(), port, base.into(), secure))
}

fn ssh(rest: &str) -> Option<Address> {
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let at = authority.rfind('@');
    let user = at.map(|at| &authority[..at]);
    let (host, port) = host_and_port(&authority[at.map_or(0, |at| at + 1)..])?;
    let wrong =
        |user: &str| user.is_empty() || user.starts_with('-') || user.contains(|c| "@:'`\";&<>|(){}$\\".contains(c));
    if rest.contains(['?', '#', ';']) || user.is_some_and(wrong) || host.is_empty() || host.starts_with('-') {
        return None;
    }
    let path = (path.len() > 1).then(|| path.to_owned());
    Some(Address::Ssh(user.map(Into::into), host.into(), port, path))
}

fn host_and_port(authority: &str) -> Option<(&str, Option<u16>)> {
    let (host, port) = match authority.strip_prefix('[') {
        Some(v6) => v6.split_once(']')?,
        None => authority.split_at(authority.find(':').unwrap_or(authority.len())),
    };
    if host.contains(|c: char| !c.is_ascii_alphanumeric() && !['-', '.', '_', ':', '%', '~'].contains(&c)) {
        return None;
    }
    let port = match port.strip_prefix(':') {
        None if port.is_empty() => None,
        None => return None,
        Some(digits) if digits.bytes().all(|b| b.is_ascii_digit()) => {
            Some(digits.parse().ok().filter(|&p: &u16| p > 0)?)
        }
        Some(_) => return None,
    };
    Some((host, port))
}
