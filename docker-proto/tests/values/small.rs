//! Devices, limits, restarts, names and the rest: docker-py's `ParseDeviceTest`, `UlimitTest`, `normalize_links`,
//! `format_extra_hosts`, and the rules of the command line.

use crate::kit::{bad, good};
use docker_proto::model::{DeviceMapping, DeviceRequest, RestartPolicy, RestartPolicyName, Ulimit};
use docker_proto::values::{ExtraHost, Health, Link, NameValue, container_name, device_cgroup_rule};
use std::time::Duration;

#[test]
fn devices() {
    for (text, host, container, permissions) in [
        ("/dev/sda1", "/dev/sda1", "/dev/sda1", "rwm"),
        ("/dev/sda1:/dev/mnt1", "/dev/sda1", "/dev/mnt1", "rwm"),
        ("/dev/sda1:/dev/mnt1:r", "/dev/sda1", "/dev/mnt1", "r"),
        ("/dev/sda1:/dev/mnt1:rw", "/dev/sda1", "/dev/mnt1", "rw"),
        ("/dev/sda1:rw", "/dev/sda1", "/dev/sda1", "rw"),
        ("/dev/sda1:mwr", "/dev/sda1", "/dev/sda1", "mwr"),
    ] {
        let want = DeviceMapping::new().path_on_host(host).path_in_container(container).cgroup_permissions(permissions);
        let device = good(text, text.parse::<DeviceMapping>());
        assert_eq!(device, want, "{text:?}");
        assert_eq!(good(text, device.to_string().parse::<DeviceMapping>()), device);
    }
    for (text, rule) in [
        ("", "absolute"),
        ("dev/sda", "absolute"),
        ("/dev/sda:dev", "permissions"),
        ("/dev/sda:", "permissions"),
        ("/dev/sda:/dev/b:", "permissions"),
        ("/dev/sda:/dev/b:rr", "permissions"),
        ("/dev/sda:/dev/b:x", "permissions"),
        ("/dev/sda:b:rw", "absolute"),
        ("/dev/sda:/dev/b:r:w", "must be"),
        ("vendor.com/class=gpu0", "absolute"),
    ] {
        bad(text, rule, text.parse::<DeviceMapping>());
    }
    for text in ["c 7:128 rwm", "a *:* rwm", "b 8:* r"] {
        assert_eq!(good(text, device_cgroup_rule(text)), text);
    }
    for text in
        ["", "7:128 rwm", "c 7:128", "c 7 rwm", "d 7:128 rwm", "c 7:128 rwx", "c  7:128 rwm", "c 7:-1 r", "c : r"]
    {
        bad(text, "must be `a|b|c", device_cgroup_rule(text));
    }
}

#[test]
fn device_requests() {
    for (text, json) in [
        ("all", r#"{"Count":-1,"Capabilities":[["gpu"]]}"#),
        ("2", r#"{"Count":2,"Capabilities":[["gpu"]]}"#),
        ("count=all,driver=nvidia", r#"{"Count":-1,"Driver":"nvidia","Capabilities":[["gpu"]]}"#),
        ("device=0", r#"{"DeviceIDs":["0"],"Capabilities":[["gpu"]]}"#),
        ("\"device=0,2\"", r#"{"DeviceIDs":["0","2"],"Capabilities":[["gpu"]]}"#),
        ("driver=nvidia", r#"{"Count":1,"Driver":"nvidia","Capabilities":[["gpu"]]}"#),
        (
            "\"capabilities=compute,utility\",\"options=a=b,c\"",
            r#"{"Count":1,"Capabilities":[["gpu","compute","utility"]],"Options":{"a":"b","c":""}}"#,
        ),
    ] {
        let request = good(text, text.parse::<DeviceRequest>());
        assert_eq!(request, serde_json::from_str(json).unwrap(), "{text:?}");
    }
    for (text, rule) in [
        ("", "count must be"),
        ("0", "count must be"),
        ("-1", "count must be"),
        ("count=1,device=0", "either a count"),
        ("x=y", "fields must be"),
        ("\"device=0", "quote"),
    ] {
        bad(text, rule, text.parse::<DeviceRequest>());
    }
}

#[test]
fn ulimits() {
    for (text, name, soft, hard) in [
        ("nofile=1024:2048", "nofile", 1024, 2048),
        ("nofile=8096", "nofile", 8096, 8096),
        ("nofile=8096:32384", "nofile", 8096, 32384),
        ("core=0", "core", 0, 0),
        ("memlock=-1:-1", "memlock", -1, -1),
        ("memlock=64:-1", "memlock", 64, -1),
        ("rss=5000000000", "rss", 5_000_000_000, 5_000_000_000),
    ] {
        let limit = good(text, text.parse::<Ulimit>());
        assert_eq!(limit, Ulimit::new().name(name).soft(soft).hard(hard), "{text:?}");
        assert_eq!(good(text, limit.to_string().parse::<Ulimit>()), limit);
    }
    for (text, rule) in [
        ("hello=123", "no such limit"),
        ("=1", "no such limit"),
        ("nofile", "must be"),
        ("nofile=", "must be"),
        ("nofile=a", "must be"),
        ("nofile=1:a", "must be"),
        ("nofile=1:2:3", "must be"),
        ("nofile=+1", "must be"),
        ("nofile=-2", "must be"),
        ("nofile=2:1", "exceed"),
        ("nofile=-1:5", "exceed"),
    ] {
        bad(text, rule, text.parse::<Ulimit>());
    }
}

#[test]
fn restart_policies() {
    for (text, name, attempts) in [
        ("no", RestartPolicyName::No, None),
        ("always", RestartPolicyName::Always, None),
        ("unless-stopped", RestartPolicyName::UnlessStopped, None),
        ("on-failure", RestartPolicyName::OnFailure, None),
        ("on-failure:5", RestartPolicyName::OnFailure, Some(5)),
        ("on-failure:0", RestartPolicyName::OnFailure, Some(0)),
    ] {
        let policy = good(text, text.parse::<RestartPolicy>());
        assert_eq!((policy.name.clone(), policy.maximum_retry_count), (Some(name), attempts), "{text:?}");
        assert_eq!(policy.to_string(), text);
    }
    for (text, rule) in [
        ("", "must be"),
        ("on_failure", "must be"),
        ("Always", "must be"),
        ("always:5", "only `on-failure`"),
        ("no:1", "only `on-failure`"),
        ("on-failure:", "whole number"),
        ("on-failure:-1", "whole number"),
        ("on-failure:+1", "whole number"),
        ("on-failure:2147483648", "whole number"),
        ("on-failure:1:2", "whole number"),
    ] {
        bad(text, rule, text.parse::<RestartPolicy>());
    }
}

#[test]
fn extra_hosts_and_links() {
    for (text, container, task) in [
        ("otherhost:127.0.0.1", "otherhost:127.0.0.1", "127.0.0.1 otherhost"),
        ("db=10.0.0.7", "db:10.0.0.7", "10.0.0.7 db"),
        ("v6:::1", "v6:::1", "::1 v6"),
        ("v6:[::1]", "v6:::1", "::1 v6"),
        ("gw:host-gateway", "gw:host-gateway", "host-gateway gw"),
    ] {
        let host = good(text, text.parse::<ExtraHost>());
        assert_eq!((&*host.to_string(), &*host.task()), (container, task), "{text:?}");
        assert_eq!(good(text, host.to_string().parse::<ExtraHost>()), host);
    }
    for (text, rule) in [
        ("", "must be"),
        ("db", "must be"),
        (":1.2.3.4", "needs a name"),
        ("a b:1.2.3.4", "needs a name"),
        ("db:", "IP address"),
        ("db:other", "IP address"),
        ("db:1.2.3", "IP address"),
    ] {
        bad(text, rule, text.parse::<ExtraHost>());
    }
    let ip: std::net::IpAddr = "10.1.2.3".parse().unwrap();
    assert_eq!(good("", ExtraHost::try_from(("a", ip))).to_string(), "a:10.1.2.3");
    for (text, container, alias) in [("path_to", "path_to", None), ("path2:alias2", "path2", Some("alias2"))] {
        let link = good(text, text.parse::<Link>());
        assert_eq!((link.container(), link.alias(), &*link.to_string()), (container, alias, text));
    }
    assert_eq!(good("", Link::try_from(("a", ""))).to_string(), "a");
    assert_eq!(good("", Link::try_from(("a", "b"))).to_string(), "a:b");
    for text in ["", ":a", "a:", "a:b:c", "a b"] {
        bad(text, "must be `container[:alias]`", text.parse::<Link>());
    }
}

#[test]
fn health_checks() {
    let check = good(
        "",
        Health::shell("true")
            .interval("30s")
            .timeout(Duration::from_secs(3))
            .retries(0)
            .start_period("1m")
            .start_interval(5_000_000)
            .build(),
    );
    assert_eq!(
        serde_json::to_value(&check).unwrap(),
        serde_json::json!({ "Test": ["CMD-SHELL", "true"], "Interval": 30_000_000_000i64, "Timeout": 3_000_000_000i64, "Retries": 0, "StartPeriod": 60_000_000_000i64, "StartInterval": 5_000_000 })
    );
    assert_eq!(good("", Health::command(["curl", "-f"]).build()).test, ["CMD", "curl", "-f"]);
    assert_eq!(good("", Health::none().build()).test, ["NONE"]);
    assert!(good("", Health::inherited().interval(0).build()).test.is_empty());
    bad("none", "switched off", Health::none().interval("1s").build());
    bad("short", "health interval: must be 0 or at least 1ms", Health::shell("x").interval("1us").build());
    bad("unit", "duration: each number needs a unit", Health::shell("x").timeout("3").build());
    bad("negative", "at least 1ms", Health::shell("x").timeout(-1).build());
    bad("empty", "needs a command line", Health::shell("").build());
    bad("empty", "needs a program", Health::command([""; 0]).build());
}

#[test]
fn names() {
    for (text, name) in [("web", "web"), ("/web", "web"), ("a1", "a1"), ("0_.-", "0_.-")] {
        assert_eq!(good(text, container_name(text)), name);
    }
    for text in ["", "/", "a", "_a", ".a", "-a", "a b", "a/b", "//a", "aé", "a:b"] {
        bad(text, "two or more letters", container_name(text));
    }
    for (text, name, value) in [("a=b", "a", "b"), ("a", "a", ""), ("a=", "a", ""), ("a=b=c", "a", "b=c")] {
        assert_eq!(good(text, text.parse::<NameValue>()), NameValue::from((name, value)));
    }
    bad("=b", "needs a name", "=b".parse::<NameValue>());
}
