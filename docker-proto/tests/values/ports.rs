//! docker-py's `PortsTest`, its `convert_port_bindings`, and what it has no test for.

use crate::kit::{bad, good};
use docker_proto::model::PortBinding;
use docker_proto::values::{HostPort, PortMap, PortRange, PortSpec};

/// Ports of the container, and address and port of the host for each; no address and no port is docker-py's `None`.
type Row = (&'static str, &'static [&'static str], &'static [(&'static str, &'static str)]);

const ANY: (&str, &str) = ("", "");

#[test]
fn split_port() {
    const ROWS: &[Row] = &[
        ("127.0.0.1:1000:2000", &["2000/tcp"], &[("127.0.0.1", "1000")]),
        ("127.0.0.1:1000:2000/tcp", &["2000/tcp"], &[("127.0.0.1", "1000")]),
        ("127.0.0.1:1000:2000/udp", &["2000/udp"], &[("127.0.0.1", "1000")]),
        ("127.0.0.1:1000:2000/sctp", &["2000/sctp"], &[("127.0.0.1", "1000")]),
        ("127.0.0.1::2000", &["2000/tcp"], &[("127.0.0.1", "")]),
        ("127.0.0.1::2000-2001", &["2000/tcp", "2001/tcp"], &[("127.0.0.1", ""), ("127.0.0.1", "")]),
        ("1000:2000", &["2000/tcp"], &[("", "1000")]),
        ("1000-1001:2000-2001", &["2000/tcp", "2001/tcp"], &[("", "1000"), ("", "1001")]),
        ("1000-1001:2000", &["2000/tcp"], &[("", "1000-1001")]),
        ("2000", &["2000/tcp"], &[ANY]),
        ("2000-2001", &["2000/tcp", "2001/tcp"], &[ANY, ANY]),
        (
            "127.0.0.1:1000-1001:2000-2001/udp",
            &["2000/udp", "2001/udp"],
            &[("127.0.0.1", "1000"), ("127.0.0.1", "1001")],
        ),
        ("2001:abcd:ef00::2:1000:2000", &["2000/tcp"], &[("2001:abcd:ef00::2", "1000")]),
        ("[2001:abcd:ef00::2]:1000:2000", &["2000/tcp"], &[("2001:abcd:ef00::2", "1000")]),
        ("1243", &["1243/tcp"], &[ANY]),
        // Not in docker-py's tests.
        ("[::]::53/udp", &["53/udp"], &[("::", "")]),
        ("::1:80:90", &["90/tcp"], &[("::1", "80")]),
        ("0:80", &["80/tcp"], &[("", "0")]),
        ("65535:65535", &["65535/tcp"], &[("", "65535")]),
    ];
    for (text, ports, host) in ROWS {
        let spec = good(text, text.parse::<PortSpec>());
        let found: Vec<_> = spec.bindings().collect();
        let want: Vec<_> = ports
            .iter()
            .zip(*host)
            .map(|(port, (ip, on))| ((*port).to_owned(), PortBinding::new().host_ip(*ip).host_port(*on)))
            .collect();
        assert_eq!(found, want, "{text:?}");
        assert_eq!(ports.len(), host.len());
        assert_eq!(good(text, spec.to_string().parse::<PortSpec>()), spec);
    }
    assert_eq!(PortSpec::from(1243), good("", "1243".parse()));
}

#[test]
fn what_is_no_port_is_refused() {
    for (text, rule) in [
        ("0.0.0.0:1000:2000:tcp", "must be"),
        ("0.0.0.0:1000:2000/ftp", "protocol"),
        ("0.0.0.0:1000-1010:2000-2002/tcp", "one length"),
        ("0.0.0.0:1000:2000-2002/tcp", "one length"),
        (":80", "must be"),
        ("localhost:", "must be"),
        ("localhost:80:", "must be"),
        ("", "must be"),
        ("localhost:80:80", "IP address"),
        ("::80", "IP address"),
        ("[127.0.0.1]:80:80", "only IPv6"),
        ("[::1:80:80", "IP address"),
        ("256.0.0.1:80:80", "IP address"),
        ("80/", "protocol"),
        ("80/TCP", "protocol"),
        ("80/tcp/udp", "protocol"),
        ("0", "port 0"),
        ("65536", "65535"),
        ("1:65536", "65535"),
        ("99999999999999999999", "65535"),
        ("82-81", "end below"),
        ("2-1:80", "end below"),
        ("1-2-3", "must be"),
        ("-80", "must be"),
        ("+80", "must be"),
        (" 80", "must be"),
        ("8０", "must be"),
    ] {
        bad(text, rule, text.parse::<PortSpec>());
    }
    bad("", "must be", "".parse::<PortRange>());
}

fn bindings(specs: &[&str]) -> Vec<(String, Vec<(String, String)>)> {
    let map = specs.iter().fold(PortMap::new(), |map, spec| good(spec, map.publish(*spec)));
    let pair = |b: &PortBinding| (b.host_ip.clone().unwrap(), b.host_port.clone().unwrap());
    assert!(map.bindings().keys().eq(map.exposed().iter()), "what is bound is exposed");
    map.bindings().iter().map(|(port, on)| (port.clone(), on.iter().map(pair).collect())).collect()
}

#[test]
fn build_port_bindings() {
    let on = |ports: &[&str]| ports.iter().map(|p| ("127.0.0.1".to_owned(), (*p).to_owned())).collect::<Vec<_>>();
    let want = |rows: &[(&str, &[&str])]| rows.iter().map(|(p, h)| (format!("{p}/tcp"), on(h))).collect::<Vec<_>>();
    for (specs, rows) in [
        (&["127.0.0.1:1000:1000"][..], want(&[("1000", &["1000"])])),
        (&["127.0.0.1:1000:1000", "127.0.0.1:2000:1000"], want(&[("1000", &["1000", "2000"])])),
        (&["127.0.0.1:1000:1000", "127.0.0.1:2000:2000"], want(&[("1000", &["1000"]), ("2000", &["2000"])])),
        (&["127.0.0.1:1000-1001:1000-1001"], want(&[("1000", &["1000"]), ("1001", &["1001"])])),
        (
            &["127.0.0.1:1000-1001:1000-1001", "127.0.0.1:2000-2001:1000-1001"],
            want(&[("1000", &["1000", "2000"]), ("1001", &["1001", "2001"])]),
        ),
        // docker-py has this row twice, the second time under the name of ranges.
        (&["127.0.0.1:1000:1000", "127.0.0.1:2000:2000"], want(&[("1000", &["1000"]), ("2000", &["2000"])])),
        (&["127.0.0.1:1000:1000", "127.0.0.1:1000:1000"], want(&[("1000", &["1000"])])),
    ] {
        assert_eq!(bindings(specs), rows, "{specs:?}");
    }
}

/// docker-py's forms of a binding: a number, a text, a pair, a lone address, a list, a mapping, nothing.
#[test]
fn convert_port_bindings() {
    let map = PortMap::new();
    let map = good("number", map.bind(1000, 8000));
    let map = good("text", map.bind("2000/udp", "8001"));
    let map = good("pair", map.bind("3000", ("127.0.0.1", 8002)));
    let map = good("address", map.bind(4000, HostPort::any_of("::1")));
    let map = ["1234", "4567"].into_iter().fold(map, |map, port| good("list", map.bind(5000, port)));
    let map = good("mapping", map.bind(6000, PortBinding::new().host_ip("0.0.0.0").host_port("8003")));
    let map = good("nothing", map.bind(7000, HostPort::ANY));
    let found: Vec<String> = map
        .bindings()
        .iter()
        .flat_map(|(port, on)| {
            on.iter().map(move |b| format!("{port} {}|{}", b.host_ip.as_ref().unwrap(), b.host_port.as_ref().unwrap()))
        })
        .collect();
    assert_eq!(
        found,
        [
            "1000/tcp |8000",
            "2000/udp |8001",
            "3000/tcp 127.0.0.1|8002",
            "4000/tcp ::1|",
            "5000/tcp |1234",
            "5000/tcp |4567",
            "6000/tcp 0.0.0.0|8003",
            "7000/tcp |"
        ]
    );
    bad("two", "one port of the container", PortMap::new().bind("80-81", 8000));
    bad("spec", "alone", PortMap::new().bind("8000:80", 8000));
    bad("address", "without an address", PortMap::new().bind(80, "127.0.0.1:80"));
    bad("host", "must be", PortMap::new().bind(80, "x"));
    bad("address", "IP address", PortMap::new().bind(80, ("localhost", 80)));
    bad("exposed", "alone", PortMap::new().expose("8000:80"));
}
