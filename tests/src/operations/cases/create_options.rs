//! Every option of `CreateOptions`, on real engines: a container is made with it, and inspect shows its value.
//!
//! The tables name the option, the API versions that have it, how it is set, and where its value stands in the answer.

use crate::cover::Cover;
use crate::engine::{Cleanup, Container, Failure, IMAGE, STAYS, shell, unique};
use docker_blocking::api::{containers, networks};
use docker_blocking::model::{ApiVersion, DeviceRequest, EndpointSettings, IPAM, IPAMConfig, NetworkCreateRequest};
use docker_blocking::values::{Bind, CreateOptions, Health, HostPort};
use serde_json::{Value, json};
use std::net::{Ipv4Addr, Ipv6Addr};

/// An option: its name, the first and the last API minor with it, what it sets, where inspect shows it, and as what.
struct Row {
    name: &'static str,
    api: (u16, u16),
    options: CreateOptions,
    at: String,
    want: Value,
}

const ALWAYS: (u16, u16) = (24, u16::MAX);

const fn since(minor: u16) -> (u16, u16) {
    (minor, u16::MAX)
}

const fn until(minor: u16) -> (u16, u16) {
    (24, minor)
}

macro_rules! rows {
    ($(($api:expr, $at:literal, $($want:tt)+) $name:ident $args:tt $(.$more:ident $rest:tt)*;)+) => {
        vec![$(Row {
            name: stringify!($name),
            api: $api,
            options: CreateOptions::new(IMAGE).$name $args $(.$more $rest)*,
            at: $at.into(),
            want: json!($($want)+),
        }),+]
    };
}

/// Makes a container for each row and asks for its value; the mistakes of all rows are told together.
fn prove(cover: &Cover, rows: Vec<Row>) -> Result<(), Failure> {
    check(cover, rows, None)
}

/// As `prove`, for options that this host cannot do: the engine must show the value, or else say why not, with this text.
fn prove_unless(cover: &Cover, excuse: &str, rows: Vec<Row>) -> Result<(), Failure> {
    check(cover, rows, Some(excuse))
}

fn check(cover: &Cover, rows: Vec<Row>, excuse: Option<&str>) -> Result<(), Failure> {
    let mut mistakes = Vec::new();
    for Row { name, api: (since, until), options, at, want } in rows {
        let within = ApiVersion::new(1, since) <= cover.engine.api && cover.engine.api <= ApiVersion::new(1, until);
        let excused = |text: &str| excuse.is_some_and(|excuse| text.contains(excuse));
        match shown(cover, options, &at) {
            Ok((found, _)) if within && found == want => {}
            Ok((_, warnings)) if within && excused(&warnings) => {}
            Err(e) if within && excused(&e.to_string()) => {}
            Ok((found, warnings)) if within => {
                mistakes.push(format!("{name}: {at} is {found}, not {want}; warnings: {warnings}"));
            }
            Ok(_) => mistakes.push(format!("{name} was taken, though API {} does not have it", cover.engine.api)),
            Err(e) if within => mistakes.push(format!("{name}: {e}")),
            // Versions without it refuse it before a byte is sent.
            Err(e) if e.to_string().contains("this connection speaks") => {}
            Err(e) => mistakes.push(format!("{name}, which API {} does not have: {e}", cover.engine.api)),
        }
    }
    if mistakes.is_empty() { Ok(()) } else { Err(mistakes.join("\n  ").into()) }
}

/// What inspect shows of a container, and the warnings of its creation.
fn shown(cover: &Cover, options: CreateOptions, at: &str) -> Result<(Value, String), Failure> {
    let create = options.create()?;
    let create = if create.name.is_none() { create.name(unique("o")) } else { create };
    let made = cover.call(create)?;
    let id = made.id.ok_or("a container without an id")?;
    let _gone = Cleanup(|| drop(cover.docker.call(containers::Remove::new(&*id).force(true).v(true))));
    let found = serde_json::to_value(cover.call(containers::Inspect::new(&*id))?)?;
    let found = found.pointer(at).cloned().ok_or_else(|| format!("inspect has no {at}"))?;
    Ok((found, made.warnings.join("; ")))
}

pub fn the_program(cover: &Cover) -> Result<(), Failure> {
    let name = unique("named");
    let check = Health::command(["true"]).timeout("3s").build()?;
    prove(
        cover,
        vec![Row {
            name: "name",
            api: ALWAYS,
            at: "/Name".into(),
            want: json!(format!("/{name}")),
            options: CreateOptions::new(IMAGE).name(&name),
        }],
    )?;
    prove(
        cover,
        rows! {
            (ALWAYS, "/Config/Image", IMAGE) tty(false);
            (since(41), "/Platform", "linux") platform("linux");
            (ALWAYS, "/Config/Cmd", ["sh", "-c", "echo μμ"]) command("sh -c 'echo μμ'");
            (ALWAYS, "/Config/Cmd", ["a", "b c"]) args(["a"]).arg("b c");
            (ALWAYS, "/Config/Entrypoint", ["/bin/echo", "x"]) entrypoint("/bin/echo x");
            (ALWAYS, "/Config/Entrypoint", ["/bin/echo", "x y"]) entrypoint_words(["/bin/echo", "x y"]);
            (ALWAYS, "/Config/User", "0") user(0);
            (ALWAYS, "/Config/User", "1000:1000") user("1000:1000");
            (ALWAYS, "/Config/WorkingDir", "/tmp") workdir("/tmp");
            (ALWAYS, "/Config/Hostname", "hst") hostname("hst");
            (ALWAYS, "/Config/Domainname", "dom") domainname("dom");
            (ALWAYS, "/Config/Env/0", "A=b=c") env("A=b=c");
            (ALWAYS, "/Config/Env/0", "EMPTY=") env(("EMPTY", ""));
            (ALWAYS, "/Config/Env/1", "B=2") env_file("# two\nA=1\nB\n", |_| Some("2".into()));
            (ALWAYS, "/Config/AttachStdin", true) attach("stdin");
            (ALWAYS, "/Config/AttachStdout", true) attach("stdout");
            (ALWAYS, "/Config/AttachStderr", false) attach("stdout");
            (ALWAYS, "/Config/AttachStderr", true) attach("stderr");
            (ALWAYS, "/Config/StdinOnce", true) interactive(true);
            (ALWAYS, "/Config/OpenStdin", true) interactive(true);
            (ALWAYS, "/Config/OpenStdin", true) open_stdin(true);
            (ALWAYS, "/Config/Tty", true) tty(true);
            (ALWAYS, "/Config/StopSignal", "SIGINT") stop_signal("SIGINT");
            (since(25), "/Config/StopTimeout", 0) stop_timeout(0);
            (ALWAYS, "/Config/Labels/k", "v") label("k=v");
            (since(43), "/HostConfig/Annotations/k", "v") annotation("k=v");
            (ALWAYS, "/Config/Healthcheck/Test", ["CMD", "true"]) healthcheck(check);
            (ALWAYS, "/Config/Healthcheck/Test", ["CMD-SHELL", "true"]) health_cmd("true");
            (ALWAYS, "/Config/Healthcheck/Interval", 90_000_000_000i64) health_interval("1m30s").health_cmd("true");
            (ALWAYS, "/Config/Healthcheck/Timeout", 5_000_000) health_timeout("5ms").health_cmd("true");
            (ALWAYS, "/Config/Healthcheck/Retries", 2) health_retries(2).health_cmd("true");
            (since(29), "/Config/Healthcheck/StartPeriod", 1_000_000_000) health_start_period("1s").health_cmd("true");
            (since(44), "/Config/Healthcheck/StartInterval", 1_000_000_000) health_start_interval("1s").health_cmd("true");
            (ALWAYS, "/Config/Healthcheck/Test", ["NONE"]) no_healthcheck(true);
            (ALWAYS, "/HostConfig/RestartPolicy/Name", "no") restart("no");
            (ALWAYS, "/HostConfig/RestartPolicy/Name", "always") restart("always");
            (ALWAYS, "/HostConfig/RestartPolicy/Name", "unless-stopped") restart("unless-stopped");
            (ALWAYS, "/HostConfig/RestartPolicy/MaximumRetryCount", 5) restart("on-failure:5");
            (since(25), "/HostConfig/AutoRemove", true) rm(true);
            (since(25), "/HostConfig/Init", true) init(true);
            (since(25), "/HostConfig/Runtime", "runc") runtime("runc");
            (ALWAYS, "/HostConfig/ContainerIDFile", "/f") cidfile("/f");
            (since(38), "/HostConfig/MaskedPaths", []) edit(|b| b.host_config.get_or_insert_default().masked_paths = Some(vec![]));
        },
    )
}

pub fn resources(cover: &Cover) -> Result<(), Failure> {
    prove(
        cover,
        rows! {
            (ALWAYS, "/HostConfig/Memory", 64 << 20) memory("64m");
            (ALWAYS, "/HostConfig/MemorySwap", -1) memory_swap(-1).memory("64m");
            (ALWAYS, "/HostConfig/MemorySwap", 128 << 20) memory_swap("128m").memory("64m");
            (ALWAYS, "/HostConfig/MemoryReservation", 32 << 20) memory_reservation("32m");
            (until(41), "/HostConfig/KernelMemory", 64 << 20) kernel_memory("64m");
            (ALWAYS, "/HostConfig/MemorySwappiness", 0) memory_swappiness(0);
            (ALWAYS, "/HostConfig/ShmSize", 32 << 20) shm_size("32m");
            (ALWAYS, "/HostConfig/OomKillDisable", true) oom_kill_disable(true).memory("64m");
            (ALWAYS, "/HostConfig/OomScoreAdj", 100) oom_score_adj(100);
            (ALWAYS, "/HostConfig/PidsLimit", 100) pids_limit(100);
            (ALWAYS, "/HostConfig/CpuShares", 500) cpu_shares(500);
            (ALWAYS, "/HostConfig/CpuPeriod", 50_000) cpu_period(50_000);
            (ALWAYS, "/HostConfig/CpuQuota", 25_000) cpu_quota(25_000);
            (since(25), "/HostConfig/NanoCpus", 1_500_000_000) cpus("1.5");
            (since(25), "/HostConfig/NanoCpus", 500_000_000) nano_cpus(500_000_000);
            (ALWAYS, "/HostConfig/CpusetCpus", "0") cpuset_cpus("0");
            (ALWAYS, "/HostConfig/CpusetMems", "0") cpuset_mems("0");
            (ALWAYS, "/HostConfig/CgroupParent", "/docker-proto") cgroup_parent("/docker-proto");
            (ALWAYS, "/HostConfig/BlkioDeviceReadBps/0/Rate", 1 << 20) device_read_bps("/dev/null", "1m");
            (ALWAYS, "/HostConfig/BlkioDeviceWriteBps/0/Rate", 1000) device_write_bps("/dev/null", 1000);
            (ALWAYS, "/HostConfig/BlkioDeviceReadIOps/0/Rate", 1000) device_read_iops("/dev/null", 1000);
            (ALWAYS, "/HostConfig/BlkioDeviceWriteIOps/0/Path", "/dev/null") device_write_iops("/dev/null", 1000);
            (ALWAYS, "/HostConfig/Ulimits", [{ "Name": "nofile", "Soft": 1024, "Hard": 2048 }]) ulimit("nofile=1024:2048");
            (since(25), "/HostConfig/CpuRealtimePeriod", 1000) cpu_rt_period(1000);
            (since(25), "/HostConfig/CpuRealtimeRuntime", 500) cpu_rt_runtime(500).cpu_rt_period(1000);
            (since(25), "/HostConfig/CpuCount", 2) cpu_count(2);
        },
    )
}

/// What depends on the kernel or the disk of the host, or is for Windows: the engine says that it left it out.
pub fn what_the_host_may_not_have(cover: &Cover) -> Result<(), Failure> {
    prove_unless(
        cover,
        "lock I/O weight",
        rows! {
                (ALWAYS, "/HostConfig/BlkioWeight", 300) blkio_weight(300);
                (ALWAYS, "/HostConfig/BlkioWeightDevice", [{ "Path": "/dev/null", "Weight": 200 }]) blkio_weight_device("/dev/null", 200);
        },
    )?;
    prove_unless(
        cover,
        "CPU percent",
        rows! {
                (ALWAYS, "/HostConfig/CpuPercent", 15) cpu_percent(15);
        },
    )?;
    prove_unless(
        cover,
        "QoS",
        rows! {
                (ALWAYS, "/HostConfig/IOMaximumIOps", 5) io_maxiops(5);
                (ALWAYS, "/HostConfig/IOMaximumBandwidth", 1 << 20) io_maxbandwidth("1m");
        },
    )?;
    prove_unless(
        cover,
        "--storage-opt is supported only",
        rows! {
                (ALWAYS, "/HostConfig/StorageOpt", { "size": "1G" }) storage_opt("size=1G");
        },
    )
}

pub fn the_host(cover: &Cover) -> Result<(), Failure> {
    let request = DeviceRequest::new().driver("none").count(1);
    // Before, it is Windows's alone; some engines keep it all the same.
    if cover.engine.docker_since(42) {
        prove(
            cover,
            rows! {
                    (ALWAYS, "/HostConfig/ConsoleSize", [24, 80]) console_size((24, 80));
            },
        )?;
    }
    prove(
        cover,
        rows! {
            (ALWAYS, "/HostConfig/Privileged", true) privileged(true);
            (ALWAYS, "/HostConfig/CapAdd/0", "CAP_NET_ADMIN") cap_add("CAP_NET_ADMIN");
            (ALWAYS, "/HostConfig/CapDrop/0", "CAP_CHOWN") cap_drop("CAP_CHOWN");
            (ALWAYS, "/HostConfig/SecurityOpt", ["label=disable"]) security_opt("label=disable");
            (ALWAYS, "/HostConfig/GroupAdd", ["audio", "0"]) group_add("audio").group_add(0);
            (ALWAYS, "/HostConfig/PidMode", "host") pid("host");
            (ALWAYS, "/HostConfig/IpcMode", "host") ipc("host");
            (ALWAYS, "/HostConfig/UsernsMode", "host") userns("host");
            (since(25), "/HostConfig/UTSMode", "host") uts("host");
            (since(25), "/HostConfig/Isolation", "default") isolation("default");
            (since(41), "/HostConfig/CgroupnsMode", "private") cgroupns("private");
            (ALWAYS, "/HostConfig/Sysctls", { "net.core.somaxconn": "1024" }) sysctl("net.core.somaxconn=1024");
            (ALWAYS, "/HostConfig/LogConfig/Type", "local") log_driver("local");
            (ALWAYS, "/HostConfig/LogConfig/Config", { "max-size": "10m" }) log_opt("max-size=10m").log_driver("json-file");
            (ALWAYS, "/HostConfig/Devices", [{ "PathOnHost": "/dev/fuse", "PathInContainer": "/dev/a", "CgroupPermissions": "rw" }]) device("/dev/fuse:/dev/a:rw");
            (since(28), "/HostConfig/DeviceCgroupRules", ["c 7:128 rwm"]) device_cgroup_rule("c 7:128 rwm");
            (since(40), "/HostConfig/DeviceRequests/0/Count", -1) gpus("all");
            (since(40), "/HostConfig/DeviceRequests/0/Driver", "none") device_request(request);
        },
    )
}

pub fn storage(cover: &Cover) -> Result<(), Failure> {
    let other = Container::create(&cover.docker, shell(STAYS).volumes(["/v"]))?;
    let (name, volume) = (&*other.name, unique("vol"));
    let _gone = Cleanup(|| drop(cover.docker.call(docker_blocking::api::volumes::Remove::new(&*volume))));
    let named = format!("{volume}:/data:nocopy");
    let mounted = format!("type=volume,src={volume},dst=/data,volume-label=a=b");
    prove(
        cover,
        rows! {
            (ALWAYS, "/Config/Volumes", { "/anonymous": {} }) volume("/anonymous");
            (ALWAYS, "/HostConfig/Binds", ["/tmp:/mnt:ro", "/etc:/e"]) volume(Bind::new("/tmp", "/mnt").read_only(true)).volume("/etc:/e");
            (ALWAYS, "/HostConfig/Binds", [&named]) volume(&named);
            (ALWAYS, "/HostConfig/VolumesFrom", [format!("{name}:ro")]) volumes_from(format!("{name}:ro"));
            (ALWAYS, "/HostConfig/VolumeDriver", "local") volume_driver("local");
            (ALWAYS, "/HostConfig/Tmpfs", { "/run": "size=1m,mode=1777", "/t": "" }) tmpfs("/run:size=1m,mode=1777").tmpfs("/t");
            (ALWAYS, "/HostConfig/ReadonlyRootfs", true) read_only(true);
            (ALWAYS, "/HostConfig/Mounts/0/VolumeOptions/Labels/a", "b") mount(&mounted);
            (ALWAYS, "/HostConfig/Mounts/0/BindOptions/Propagation", "rprivate") mount("type=bind,src=/tmp,dst=/mnt,bind-propagation=rprivate");
            (since(25), "/HostConfig/Mounts/0/TmpfsOptions", { "SizeBytes": 1 << 20, "Mode": 0o1777 }) mount("type=tmpfs,dst=/run,tmpfs-size=1m,tmpfs-mode=1777");
        },
    )
}

pub fn networks_and_ports(cover: &Cover) -> Result<(), Failure> {
    let other = Container::run(&cover.docker, STAYS)?;
    let own = unique("own");
    prove(
        cover,
        vec![Row {
            name: "link",
            api: ALWAYS,
            options: CreateOptions::new(IMAGE).name(&own).link(format!("{}:db", other.name)),
            at: "/HostConfig/Links".into(),
            want: json!([format!("/{}:/{own}/db", other.name)]),
        }],
    )?;
    prove(
        cover,
        rows! {
            (ALWAYS, "/Config/ExposedPorts", { "80/tcp": {}, "81/udp": {}, "82/tcp": {} }) publish("127.0.0.1::80").expose("81/udp").publish(82);
            (ALWAYS, "/HostConfig/PortBindings", { "80/udp": [{ "HostIp": "127.0.0.1", "HostPort": "9000-9010" }] }) publish("127.0.0.1:9000-9010:80/udp");
            (ALWAYS, "/HostConfig/PortBindings", { "80/tcp": [{ "HostIp": "::1", "HostPort": "9000" }] }) publish("[::1]:9000:80");
            (ALWAYS, "/HostConfig/PortBindings", { "80/tcp": [{ "HostIp": "", "HostPort": "" }] }) bind_port(80, HostPort::ANY);
            (ALWAYS, "/Config/ExposedPorts", { "80/sctp": {} }) expose("80/sctp");
            (ALWAYS, "/HostConfig/PublishAllPorts", true) publish_all(true);
            (ALWAYS, "/Config/NetworkDisabled", true) network_disabled(true);
            (ALWAYS, "/HostConfig/NetworkMode", "none") network("none");
            (ALWAYS, "/HostConfig/NetworkMode", "host") network("host");
            (ALWAYS, "/HostConfig/NetworkMode", format!("container:{}", other.id)) network(format!("container:{}", other.id));
            (ALWAYS, "/HostConfig/ExtraHosts", ["db:10.0.0.7", "gw:host-gateway"]) add_host("db:10.0.0.7").add_host(("gw", "host-gateway"));
            (ALWAYS, "/HostConfig/Dns", ["8.8.8.8"]) dns("8.8.8.8");
            (ALWAYS, "/HostConfig/DnsOptions", ["use-vc"]) dns_option("use-vc");
            (ALWAYS, "/HostConfig/DnsSearch", ["a.b"]) dns_search("a.b");
            (until(51), "/Config/MacAddress", "02:42:ac:11:00:55") mac_address("02:42:ac:11:00:55");
        },
    )
}

pub fn endpoints(cover: &Cover) -> Result<(), Failure> {
    let net = unique("net");
    // The engines share the machine's network, so each takes another subnet.
    let number: u32 = net.rsplit('-').next().unwrap_or_default().parse()?;
    let number = (std::process::id() + number) % 250;
    let (four, six) = (format!("10.229.{number}"), format!("fd00:{number:x}:"));
    let pools = [format!("{four}.0/24"), format!("{six}:/64")].map(|subnet| IPAMConfig::new().subnet(subnet));
    let request = NetworkCreateRequest::new().name(&*net).internal(true).enable_ipv6(true);
    cover.docker.call(networks::Create::new(request.ipam(IPAM::new().config(pools))))?;
    let _gone = Cleanup(|| drop(cover.docker.call(networks::Remove::new(&*net))));
    let (ip, ip6): (Ipv4Addr, Ipv6Addr) = (format!("{four}.77").parse()?, format!("{six}:77").parse()?);
    let row = |name, api, options: CreateOptions, part, want| {
        let at = format!("/NetworkSettings/Networks/{net}/{part}");
        Row { name, api, options, at, want }
    };
    let new = || CreateOptions::new(IMAGE).network(&*net);
    let own = EndpointSettings::new().aliases(["own"]);
    let (local, mac) = ("169.254.9.9", "02:42:ac:11:00:66");
    let linked: Ipv4Addr = local.parse()?;
    let mut rows = vec![
        row("network_alias", ALWAYS, new().network_alias("db"), "Aliases/0", json!("db")),
        row("ip", ALWAYS, new().ip(ip), "IPAMConfig/IPv4Address", json!(ip)),
        row("ip6", ALWAYS, new().ip6(ip6), "IPAMConfig/IPv6Address", json!(ip6)),
        row("link_local_ip", ALWAYS, new().link_local_ip(linked), "IPAMConfig/LinkLocalIPs", json!([local])),
        row("driver_opt", since(32), new().driver_opt("k=v"), "DriverOpts", json!({ "k": "v" })),
        row("endpoint", ALWAYS, CreateOptions::new(IMAGE).endpoint(&*net, own), "Aliases/0", json!("own")),
    ];
    // Before, engines drop it or not, as they like.
    if cover.engine.docker_since(44) {
        rows.push(row("endpoint_mac_address", ALWAYS, new().endpoint_mac_address(mac), "MacAddress", json!(mac)));
    }
    prove(cover, rows)
}
