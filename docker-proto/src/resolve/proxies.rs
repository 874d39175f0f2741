//! Which proxy leads to an engine, as Go's programs read it from the environment: the docker command is one.

use super::ask::{Known, Stop, unknown};
use super::environment::Environment;
use super::explain::Explanation;
use crate::Error;
use crate::session::{HostSpec, Proxy};
use alloc::format;
use alloc::string::ToString;
use core::net::IpAddr;

/// The proxy that the environment names for an engine; `None` without one, for sockets, and for engines of this machine.
#[inline]
pub(super) fn find(
    environment: &Environment,
    spec: &HostSpec,
    tls: bool,
    known: &mut Known,
    told: &mut Explanation,
) -> Result<Option<Proxy>, Stop> {
    let HostSpec::Tcp { host, port, .. } = spec else { return Ok(None) };
    if is_here(host) {
        return Ok(None);
    }
    let first = |names: [&'static str; 2], known: &mut Known| {
        for name in names {
            if let Some(value) = environment.set(name, known)? {
                return Ok(Some((name, value)));
            }
        }
        Ok::<_, Stop>(None)
    };
    let names = if tls { ["HTTPS_PROXY", "https_proxy"] } else { ["HTTP_PROXY", "http_proxy"] };
    let Some((name, url)) = first(names, known)? else { return Ok(None) };
    // In a CGI program it may be a header field that some stranger sent.
    if name == "HTTP_PROXY" && environment.set("REQUEST_METHOD", known)?.is_some() {
        told.pass(name, "is set, but this is a CGI program, where anybody could have set it");
        return Ok(None);
    }
    if let Some((except, list)) = first(["NO_PROXY", "no_proxy"], known)?
        && is_excepted(&list, host, *port)
    {
        told.pass(name, format!("is set, but {except} names {host}"));
        return Ok(None);
    }
    let proxy = Proxy::parse(&url).map_err(|e| Error::usage(unknown(name, e.message())))?;
    told.take(name, format!("{proxy} leads there"));
    Ok(Some(proxy))
}

#[inline]
fn address(host: &str) -> Option<IpAddr> {
    // What is behind `%` is one of this machine's interfaces.
    host.split('%').next()?.parse().ok()
}

#[inline]
fn is_here(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || address(host).is_some_and(|ip| ip.to_canonical().is_loopback())
}

/// Whether a list as `NO_PROXY` has it names this host: `*`, domains with everything below them (with a dot in front: only
/// what is below), addresses, networks as `10.0.0.0/8`, each with a port if only that is meant.
#[inline]
fn is_excepted(list: &str, host: &str, port: u16) -> bool {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let ip = address(&host);
    list.split(',').map(str::trim).filter(|entry| !entry.is_empty()).any(|entry| {
        let entry = entry.to_ascii_lowercase();
        if entry == "*" {
            return true;
        }
        if let Some((network, bits)) = entry.split_once('/') {
            return ip
                .zip(network.parse().ok())
                .zip(bits.parse().ok())
                .is_some_and(|((ip, n), bits)| within(ip, n, bits));
        }
        let (entry, only) = with_port(&entry);
        if only.is_some_and(|only| only != port.to_string()) {
            return false;
        }
        match (entry.parse::<IpAddr>(), ip) {
            (Ok(named), ip) => ip == Some(named),
            // An address has no domain.
            (Err(_), Some(_)) => false,
            (Err(_), None) => is_below(entry, &host),
        }
    })
}

/// An entry and the port that is behind it.
#[inline]
fn with_port(entry: &str) -> (&str, Option<&str>) {
    if let Some((v6, rest)) = entry.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return (v6, rest.strip_prefix(':'));
    }
    match entry.rsplit_once(':') {
        // More colons are of an IPv6 address.
        Some((host, port)) if !host.contains(':') => (host, Some(port)),
        _ => (entry, None),
    }
}

#[inline]
fn is_below(domain: &str, host: &str) -> bool {
    let domain = domain.strip_prefix('*').unwrap_or(domain);
    let (domain, itself) = domain.strip_prefix('.').map_or((domain, true), |below| (below, false));
    match host.strip_suffix(domain) {
        Some("") => itself,
        Some(rest) => rest.ends_with('.'),
        None => false,
    }
}

#[inline]
fn within(ip: IpAddr, network: IpAddr, bits: u32) -> bool {
    let octets = |ip: IpAddr| -> (u128, u32) {
        match ip {
            IpAddr::V4(ip) => (u128::from(ip.to_bits()), 32),
            IpAddr::V6(ip) => (ip.to_bits(), 128),
        }
    };
    let ((ip, size), (network, other)) = (octets(ip), octets(network));
    let Some(rest) = size.checked_sub(bits).filter(|_| size == other) else { return false };
    // All of it is left out where nothing counts.
    rest == 128 || ip >> rest == network >> rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_exceptions() {
        for (list, host, port, want) in [
            ("", "h.example", 1, false),
            ("*", "h.example", 1, true),
            ("example", "h.example", 1, true),
            (" other , H.Example ", "h.example", 1, true),
            ("h.example", "x.h.example", 1, true),
            (".h.example", "h.example", 1, false),
            (".h.example", "x.h.example", 1, true),
            ("*.h.example", "x.h.example", 1, true),
            ("*.h.example", "h.example", 1, false),
            ("h.example", "otherh.example", 1, false),
            ("h.example", "h.example.", 1, true),
            ("h.example:2375", "h.example", 2375, true),
            ("h.example:2375", "h.example", 2376, false),
            ("10.0.0.1", "10.0.0.1", 1, true),
            ("10.0.0.1:2", "10.0.0.1", 1, false),
            ("10.0.0.1:2", "10.0.0.1", 2, true),
            ("0.0.1", "10.0.0.1", 1, false),
            ("10.0.0.0/8", "10.200.0.1", 1, true),
            ("10.0.0.0/8", "11.0.0.1", 1, false),
            ("10.0.0.1/32", "10.0.0.1", 1, true),
            ("0.0.0.0/0", "10.0.0.1", 1, true),
            ("0.0.0.0/0", "fd00::1", 1, false),
            ("::/0", "fd00::1", 1, true),
            ("fd00::/8", "fd12::1", 1, true),
            ("fd00::/129", "fd12::1", 1, false),
            ("10.0.0.0/x", "10.0.0.1", 1, false),
            ("10.0.0.0/8", "h.example", 1, false),
            ("fd12::1", "fd12::1", 1, true),
            ("[fd12::1]:5", "fd12::1", 5, true),
            ("[fd12::1]:5", "fd12::1", 6, false),
            ("fe80::1", "fe80::1%eth0", 1, true),
        ] {
            assert_eq!(is_excepted(list, host, port), want, "{list:?} {host} {port}");
        }
    }

    #[test]
    fn this_machine_needs_no_proxy() {
        for host in ["localhost", "LOCALHOST", "127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"] {
            assert!(is_here(host), "{host}");
        }
        for host in ["localhost.example", "10.0.0.1", "128.0.0.1", "::2", ""] {
            assert!(!is_here(host), "{host}");
        }
    }
}
