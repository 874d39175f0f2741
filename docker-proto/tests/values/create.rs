//! Options of create: the rows of nkdocker's table and the arguments of docker-py, each against the JSON that is sent.

use crate::kit::{bad, good};
use docker_proto::model::DeviceRequest;
use docker_proto::values::{Bind, CreateOptions, Health};
use serde_json::{Value, json};

fn new() -> CreateOptions {
    CreateOptions::new("busybox")
}

#[track_caller]
fn sent(options: CreateOptions) -> Value {
    serde_json::to_value(good("options", options.create()).body).unwrap()
}

/// Each row: what was set, where it is in the body, and its JSON.
type Row = (CreateOptions, &'static str, Value);

#[track_caller]
fn table(rows: Vec<Row>) {
    for (options, pointer, want) in rows {
        let body = sent(options);
        assert_eq!(body.pointer(pointer), Some(&want), "{pointer} in {body}");
    }
}

/// Section 2.4, in its order. Not there: `cpu_set`, `lxc_confs` and the level A copies of limits, which API 1.24 and later
/// do not have.
#[test]
fn every_option_of_nkdocker() {
    assert_eq!(good("name", new().name("web").create()).name.as_deref(), Some("web"));
    table(vec![
        (new(), "/Image", json!("busybox")),
        (new().attach("stdin"), "/AttachStdin", json!(true)),
        (new().attach("stdout"), "/AttachStdout", json!(true)),
        (new().attach("STDERR"), "/AttachStderr", json!(true)),
        (
            new().add_host(("host", "10.0.0.1")).add_host("b:10.0.0.2"),
            "/HostConfig/ExtraHosts",
            json!(["host:10.0.0.1", "b:10.0.0.2"]),
        ),
        (new().cap_add("NET_ADMIN").cap_add("SYS_TIME"), "/HostConfig/CapAdd", json!(["NET_ADMIN", "SYS_TIME"])),
        (new().cap_drop("ALL"), "/HostConfig/CapDrop", json!(["ALL"])),
        (new().cgroup_parent("/p"), "/HostConfig/CgroupParent", json!("/p")),
        (new().cidfile("/f"), "/HostConfig/ContainerIDFile", json!("/f")),
        (new().args(["a", "b c"]), "/Cmd", json!(["a", "b c"])),
        (new().cpuset_cpus("0,1"), "/HostConfig/CpusetCpus", json!("0,1")),
        (new().cpu_shares(500), "/HostConfig/CpuShares", json!(500)),
        (
            new().device("/dev/a"),
            "/HostConfig/Devices",
            json!([{"PathOnHost": "/dev/a", "PathInContainer": "/dev/a", "CgroupPermissions": "rwm"}]),
        ),
        (new().device("/dev/a:/dev/b"), "/HostConfig/Devices/0/PathInContainer", json!("/dev/b")),
        (new().device("/dev/a:/dev/b:r"), "/HostConfig/Devices/0/CgroupPermissions", json!("r")),
        (new().dns("8.8.8.8").dns("8.8.4.4"), "/HostConfig/Dns", json!(["8.8.8.8", "8.8.4.4"])),
        (new().dns_search("a.b"), "/HostConfig/DnsSearch", json!(["a.b"])),
        (new().domainname("dom"), "/Domainname", json!("dom")),
        (new().hostname("hst"), "/Hostname", json!("hst")),
        (new().env(("k", "v")), "/Env", json!(["k=v"])),
        (new().entrypoint_words(["a", "b"]), "/Entrypoint", json!(["a", "b"])),
        (new().expose(80), "/ExposedPorts", json!({"80/tcp": {}})),
        (new().expose("80/udp").publish("90:80"), "/ExposedPorts", json!({"80/udp": {}, "80/tcp": {}})),
        (new().publish("90:80").expose("80/udp"), "/ExposedPorts", json!({"80/udp": {}, "80/tcp": {}})),
        (new().interactive(true), "/AttachStdin", json!(true)),
        (new().interactive(true), "/OpenStdin", json!(true)),
        (new().interactive(true), "/StdinOnce", json!(true)),
        (new().ipc("host"), "/HostConfig/IpcMode", json!("host")),
        (new().label(("k", "v")).label("a=b"), "/Labels", json!({"k": "v", "a": "b"})),
        (new().link(("container", "alias")), "/HostConfig/Links", json!(["container:alias"])),
        (new().log_driver("syslog"), "/HostConfig/LogConfig/Type", json!("syslog")),
        (
            new().log_opt("a=b").log_driver("json-file"),
            "/HostConfig/LogConfig",
            json!({"Type": "json-file", "Config": {"a": "b"}}),
        ),
        (new().mac_address("02:42:ac:11:00:02"), "/MacAddress", json!("02:42:ac:11:00:02")),
        (new().memory("1g"), "/HostConfig/Memory", json!(1i64 << 30)),
        (new().memory_swap(-1), "/HostConfig/MemorySwap", json!(-1)),
        (new().network("none"), "/HostConfig/NetworkMode", json!("none")),
        (new().pid("host"), "/HostConfig/PidMode", json!("host")),
        (new().publish_all(true), "/HostConfig/PublishAllPorts", json!(true)),
        (new().publish(80), "/HostConfig/PortBindings", json!({"80/tcp": [{"HostIp": "", "HostPort": ""}]})),
        (
            new().publish("8000:80/udp"),
            "/HostConfig/PortBindings",
            json!({"80/udp": [{"HostIp": "", "HostPort": "8000"}]}),
        ),
        (
            new().publish("1.2.3.4:8000:80").publish("8001:80").publish("8001:80"),
            "/HostConfig/PortBindings/80~1tcp",
            json!([{"HostIp": "1.2.3.4", "HostPort": "8000"}, {"HostIp": "", "HostPort": "8001"}]),
        ),
        (new().privileged(true), "/HostConfig/Privileged", json!(true)),
        (new().read_only(true), "/HostConfig/ReadonlyRootfs", json!(true)),
        (new().restart("no"), "/HostConfig/RestartPolicy/Name", json!("no")),
        (new().restart("always"), "/HostConfig/RestartPolicy/Name", json!("always")),
        (new().restart("unless-stopped"), "/HostConfig/RestartPolicy/Name", json!("unless-stopped")),
        (new().restart("on-failure"), "/HostConfig/RestartPolicy", json!({"Name": "on-failure"})),
        (
            new().restart("on-failure:5"),
            "/HostConfig/RestartPolicy",
            json!({"Name": "on-failure", "MaximumRetryCount": 5}),
        ),
        (new().security_opt("label=disable"), "/HostConfig/SecurityOpt", json!(["label=disable"])),
        (new().tty(true), "/Tty", json!(true)),
        (new().ulimit("nofile=1:2"), "/HostConfig/Ulimits", json!([{"Name": "nofile", "Soft": 1, "Hard": 2}])),
        (new().user("root"), "/User", json!("root")),
        (new().workdir("/tmp"), "/WorkingDir", json!("/tmp")),
        (new().volume("/a"), "/Volumes", json!({"/a": {}})),
        (
            new().volume("/a:/b").volume(Bind::new("/c", "/d").read_only(true)),
            "/HostConfig/Binds",
            json!(["/a:/b", "/c:/d:ro"]),
        ),
        (new().volumes_from("c1").volumes_from("c2:ro"), "/HostConfig/VolumesFrom", json!(["c1", "c2:ro"])),
    ]);
    // nkdocker turned both on, and docker-py's `detach` neither.
    assert_eq!(sent(new().attach("stdout")).get("AttachStderr"), None);
}

/// The arguments of docker-py's `run`, `create_container` and `HostConfig` that are not above, in the order of `HostConfig`.
#[test]
fn every_option_of_docker_py() {
    let platform = good("platform", new().platform("linux/arm64/v8").create()).platform.unwrap();
    assert_eq!(platform.0.variant.as_deref(), Some("v8"));
    table(vec![
        (new().command("sh -c 'echo μμ'"), "/Cmd", json!(["sh", "-c", "echo μμ"])),
        (new().args(["a"]).arg("b"), "/Cmd", json!(["a", "b"])),
        (new().entrypoint("cowsay moo"), "/Entrypoint", json!(["cowsay", "moo"])),
        (new().entrypoint(""), "/Entrypoint", json!([""])),
        (new().env("FOO").env("BAR="), "/Env", json!(["FOO", "BAR="])),
        (new().env_file("A=1\n#\nB=2", |_| None), "/Env", json!(["A=1", "B=2"])),
        (new().proxies([("NO_PROXY", "h"), ("no_proxy", "h")]), "/Env", json!(["NO_PROXY=h", "no_proxy=h"])),
        (new().proxies([("NO_PROXY", "h"), ("no_proxy", "h")]).env("No_Proxy"), "/Env", json!(["No_Proxy"])),
        (new().label("only"), "/Labels", json!({"only": ""})),
        (new().open_stdin(true), "/OpenStdin", json!(true)),
        (new().network_disabled(true), "/NetworkDisabled", json!(true)),
        (new().stop_signal("SIGINT"), "/StopSignal", json!("SIGINT")),
        (new().stop_timeout(32), "/StopTimeout", json!(32)),
        (
            new().health_cmd("true").health_interval("1s").health_retries(2),
            "/Healthcheck",
            json!({"Test": ["CMD-SHELL", "true"], "Interval": 1_000_000_000, "Retries": 2}),
        ),
        (new().health_cmd("true").health_start_period("1s"), "/Healthcheck/StartPeriod", json!(1_000_000_000)),
        (new().health_timeout("1s"), "/Healthcheck/Timeout", json!(1_000_000_000)),
        (new().health_start_interval("1s"), "/Healthcheck/StartInterval", json!(1_000_000_000)),
        (new().no_healthcheck(true), "/Healthcheck/Test", json!(["NONE"])),
        (new().memory("64m").memory_swap("128m"), "/HostConfig/MemorySwap", json!(128 << 20)),
        (new().memory_reservation(67_108_864), "/HostConfig/MemoryReservation", json!(67_108_864)),
        (new().kernel_memory(67_108_864), "/HostConfig/KernelMemory", json!(67_108_864)),
        (new().memory_swappiness(0), "/HostConfig/MemorySwappiness", json!(0)),
        (new().shm_size(67_108_864), "/HostConfig/ShmSize", json!(67_108_864)),
        (new().shm_size("64M"), "/HostConfig/ShmSize", json!(67_108_864)),
        (new().oom_kill_disable(true), "/HostConfig/OomKillDisable", json!(true)),
        (new().oom_score_adj(100), "/HostConfig/OomScoreAdj", json!(100)),
        (new().group_add("audio").group_add(0), "/HostConfig/GroupAdd", json!(["audio", "0"])),
        (
            new().dns_option("use-vc").dns_option("no-tld-query"),
            "/HostConfig/DnsOptions",
            json!(["use-vc", "no-tld-query"]),
        ),
        (new().sysctl(("net.core.somaxconn", "1024")), "/HostConfig/Sysctls", json!({"net.core.somaxconn": "1024"})),
        (new().cpu_quota(1999), "/HostConfig/CpuQuota", json!(1999)),
        (new().cpu_period(1999), "/HostConfig/CpuPeriod", json!(1999)),
        (new().cpuset_mems("0"), "/HostConfig/CpusetMems", json!("0")),
        (new().cpu_rt_period(1000), "/HostConfig/CpuRealtimePeriod", json!(1000)),
        (new().cpu_rt_runtime(1000), "/HostConfig/CpuRealtimeRuntime", json!(1000)),
        (new().blkio_weight(300), "/HostConfig/BlkioWeight", json!(300)),
        (
            new().blkio_weight_device("/dev/sda", 200),
            "/HostConfig/BlkioWeightDevice",
            json!([{"Path": "/dev/sda", "Weight": 200}]),
        ),
        (
            new().device_read_bps("/dev/sda", 1000),
            "/HostConfig/BlkioDeviceReadBps",
            json!([{"Path": "/dev/sda", "Rate": 1000}]),
        ),
        (
            new().device_write_bps("/dev/sda", "1k"),
            "/HostConfig/BlkioDeviceWriteBps",
            json!([{"Path": "/dev/sda", "Rate": 1024}]),
        ),
        (
            new().device_read_iops("/dev/sda", 1000),
            "/HostConfig/BlkioDeviceReadIOps",
            json!([{"Path": "/dev/sda", "Rate": 1000}]),
        ),
        (
            new().device_write_iops("/dev/sda", 1000),
            "/HostConfig/BlkioDeviceWriteIOps",
            json!([{"Path": "/dev/sda", "Rate": 1000}]),
        ),
        (new().tmpfs("/tmp").tmpfs("/mnt:rw,size=3G"), "/HostConfig/Tmpfs", json!({"/tmp": "", "/mnt": "rw,size=3G"})),
        (new().userns("host"), "/HostConfig/UsernsMode", json!("host")),
        (new().uts("host"), "/HostConfig/UTSMode", json!("host")),
        (new().pids_limit(1024), "/HostConfig/PidsLimit", json!(1024)),
        (new().isolation("hyperv"), "/HostConfig/Isolation", json!("hyperv")),
        (new().rm(true), "/HostConfig/AutoRemove", json!(true)),
        (new().storage_opt("size=120G"), "/HostConfig/StorageOpt", json!({"size": "120G"})),
        (new().init(true), "/HostConfig/Init", json!(true)),
        (new().volume_driver("local"), "/HostConfig/VolumeDriver", json!("local")),
        (new().cpu_count(2), "/HostConfig/CpuCount", json!(2)),
        (new().cpu_percent(15), "/HostConfig/CpuPercent", json!(15)),
        (new().nano_cpus(1000), "/HostConfig/NanoCpus", json!(1000)),
        (new().cpus("5"), "/HostConfig/NanoCpus", json!(5_000_000_000i64)),
        (new().runtime("runc"), "/HostConfig/Runtime", json!("runc")),
        (
            new().mount("type=bind,src=/a,dst=/b"),
            "/HostConfig/Mounts",
            json!([{"Type": "bind", "Source": "/a", "Target": "/b"}]),
        ),
        (new().device_cgroup_rule("c 7:128 rwm"), "/HostConfig/DeviceCgroupRules", json!(["c 7:128 rwm"])),
        (new().gpus("all"), "/HostConfig/DeviceRequests", json!([{"Count": -1, "Capabilities": [["gpu"]]}])),
        (
            new().device_request(DeviceRequest::new().driver("x").count(0)),
            "/HostConfig/DeviceRequests",
            json!([{"Driver": "x", "Count": 0}]),
        ),
        (new().healthcheck(Health::command(["a"]).build().unwrap()), "/Healthcheck", json!({"Test": ["CMD", "a"]})),
        (new().cgroupns("private"), "/HostConfig/CgroupnsMode", json!("private")),
        (new().annotation("a=b"), "/HostConfig/Annotations", json!({"a": "b"})),
        (new().console_size((24, 80)), "/HostConfig/ConsoleSize", json!([24, 80])),
        (new().io_maxiops(5), "/HostConfig/IOMaximumIOps", json!(5)),
        (new().io_maxbandwidth("1m"), "/HostConfig/IOMaximumBandwidth", json!(1 << 20)),
        (new().bind_port(1000, ("127.0.0.1", 80)), "/HostConfig/PortBindings/1000~1tcp/0/HostIp", json!("127.0.0.1")),
        // docker-py's `networking_config`, and its test of IP addresses and aliases.
        (
            new()
                .network("foo")
                .network_alias("a")
                .network_alias("b")
                .ip([10, 5, 0, 2])
                .ip6([1, 0, 0, 0, 0, 0, 0, 2])
                .link_local_ip([169, 254, 1, 1])
                .driver_opt("k=v")
                .endpoint_mac_address("02:42:ac:11:00:02"),
            "/NetworkingConfig/EndpointsConfig/foo",
            json!({
                "Aliases": ["a", "b"], "MacAddress": "02:42:ac:11:00:02", "DriverOpts": {"k": "v"},
                "IPAMConfig": {"IPv4Address": "10.5.0.2", "IPv6Address": "1::2", "LinkLocalIPs": ["169.254.1.1"]}
            }),
        ),
    ]);
    let two = sent(new().endpoint("b", Default::default()).endpoint("a", Default::default()));
    assert_eq!(two["HostConfig"]["NetworkMode"], "a");
    assert_eq!(two["NetworkingConfig"]["EndpointsConfig"], json!({"a": {}, "b": {}}));
}

/// T-42: what looks like nothing is a value.
#[test]
fn falsy_values_are_sent() {
    table(vec![
        (new().user(0), "/User", json!("0")),
        (new().stop_timeout(0), "/StopTimeout", json!(0)),
        (new().env("A="), "/Env", json!(["A="])),
        (new().memory(0), "/HostConfig/Memory", json!(0)),
        (new().oom_score_adj(0), "/HostConfig/OomScoreAdj", json!(0)),
        (new().pids_limit(0), "/HostConfig/PidsLimit", json!(0)),
        (new().cpu_quota(0), "/HostConfig/CpuQuota", json!(0)),
        (new().blkio_weight(0), "/HostConfig/BlkioWeight", json!(0)),
        (new().init(false), "/HostConfig/Init", json!(false)),
        (new().privileged(false), "/HostConfig/Privileged", json!(false)),
        (new().tty(false), "/Tty", json!(false)),
        (new().hostname(""), "/Hostname", json!("")),
        (new().health_retries(0), "/Healthcheck/Retries", json!(0)),
    ]);
    let nothing = sent(new());
    assert_eq!(nothing, json!({ "Image": "busybox" }), "what is not set is not sent");
}

#[test]
fn contradictions_are_refused_whatever_the_order() {
    for (options, rule) in [
        (new().rm(true).restart("always"), "`rm` and `restart`"),
        (new().restart("on-failure").rm(true), "`rm` and `restart`"),
        (new().network("host").publish(80), "`network` and `publish`"),
        (new().publish(80).network("host"), "`network` and `publish`"),
        (new().network("host").link("a"), "`network` and `link`"),
        (new().network("container:a").publish(80), "`network` and `publish`"),
        (new().network("container:a").expose(80), "`network` and `expose`"),
        (new().network("container:a").publish_all(true), "`network` and `publish_all`"),
        (new().hostname("h").network("container:a"), "`network` and `hostname`"),
        (new().network("container:a").dns("1.1.1.1"), "`network` and `dns`"),
        (new().network("container:a").add_host("a:1.1.1.1"), "`network` and `add_host`"),
        (new().network("container:a").link("b"), "`network` and `link`"),
        (new().network("container:a").mac_address("02:42:ac:11:00:02"), "`network` and `mac_address`"),
        (new().ip([10, 0, 0, 1]), "addresses and aliases need"),
        (new().network("bridge").network_alias("a"), "addresses and aliases need"),
        (new().network("none").endpoint_mac_address("02:42:ac:11:00:02"), "no addresses"),
        (new().network("n1").network_alias("a").endpoint("n1", Default::default()), "in one place"),
        (new().network_disabled(true).publish(80), "`network_disabled` and `publish`"),
        (new().uts("host").hostname("h"), "`uts` and `hostname`"),
        (new().no_healthcheck(true).health_cmd("x"), "`no_healthcheck` and `health_*`"),
        (new().health_interval(5), "option health_interval"),
        (new().log_driver("none").log_opt("a=b"), "`log_driver` and `log_opt`"),
        (new().cpus("1").cpu_quota(5), "`cpus` and `cpu_quota`"),
        (new().cpu_period(5).nano_cpus(5), "`cpus` and `cpu_period`"),
        (new().memory_swap("1g"), "memory is not"),
        (new().memory_swap("1g").memory("2g"), "must not be less"),
        (new().memory("1g").memory_reservation("2g"), "soft limit exceeds"),
        (new().memory(-1), "option memory"),
        (new().memory_swap(-2), "option memory_swap"),
        (new().shm_size(-1), "option shm_size"),
        (new().oom_score_adj(1001), "option oom_score_adj"),
        (new().memory_swappiness(101), "option memory_swappiness"),
        (new().stop_timeout(-2), "option stop_timeout"),
        (new().cpu_shares(-1), "option cpu_shares"),
        (new().nano_cpus(-1), "option nano_cpus"),
        (new().blkio_weight(1999), "option blkio_weight"),
        (new().blkio_weight_device("/dev/sda", 5), "option blkio_weight_device"),
        (new().device_read_bps("/dev/sda", -1), "option device_read_bps"),
        (new().pid("baccab125"), "option pid"),
        (new().ipc("baccab125"), "option ipc"),
        (new().userns("host12"), "option userns"),
        (new().uts("other"), "option uts"),
        (new().name("a b"), "option name: container name"),
        (new().memory("64x"), "option memory: byte size"),
        (new().publish("x"), "option publish: port"),
        (new().expose("1:2"), "option expose: port"),
        (new().volume("a:b"), "option volume: volume"),
        (new().mount("type=tmpfs"), "option mount: mount"),
        (new().restart("maybe"), "option restart: restart policy"),
        (new().attach("stdlog"), "option attach: stream"),
        (new().command("'"), "option command: command line"),
        (new().entrypoint("'"), "option entrypoint: command line"),
        (new().env_file("A B", |_| None), "option env_file: line 1"),
        (new().env("=x"), "option env: environment variable"),
        (new().device_cgroup_rule("x"), "option device_cgroup_rule"),
        // The first mistake is reported, and once.
        (new().memory("x").cpus("y"), "option memory"),
    ] {
        bad("options", rule, options.create());
    }
    good("removed once", new().rm(true).restart("no").create());
    good(
        "others",
        new()
            .pid("container:a")
            .ipc("container:b")
            .uts("")
            .network("bridge")
            .endpoint_mac_address("02:42:ac:11:00:02")
            .create(),
    );
}

#[test]
fn the_order_of_calls_does_not_matter() {
    let one = new().edit(|b| b.working_dir = Some("/x".into())).memory("1g").expose(80).publish("1:90").workdir("/y");
    let other = new().workdir("/y").publish("1:90").expose(80).memory("1g").edit(|b| b.working_dir = Some("/x".into()));
    let (one, other) = (sent(one), sent(other));
    assert_eq!(one, other);
    assert_eq!(one["WorkingDir"], "/x", "an edit has the last word");
    assert_eq!(one["Image"], "busybox", "and erases nothing it does not touch");
}
