//! What `CreateOptions` refuses, engines refuse: each row is an option with a mistake, the body it would have made, and
//! the engine's words about it.

use crate::cover::Cover;
use crate::engine::{Failure, IMAGE, unique};
use docker_blocking::api::containers;
use docker_blocking::model::ContainerCreateBody;
use docker_blocking::values::CreateOptions;
use serde_json::{Value, json};

macro_rules! rows {
    ($(($words:literal, $($body:tt)+) $name:ident $args:tt $(.$more:ident $rest:tt)*;)+) => {
        vec![$((stringify!($name $args), $words, json!($($body)+), CreateOptions::new(IMAGE).$name $args $(.$more $rest)*)),+]
    };
}

pub fn of_the_engine_and_ours(cover: &Cover) -> Result<(), Failure> {
    let mut mistakes = Vec::new();
    for (option, words, body, options) in rows() {
        if options.create().is_ok() {
            mistakes.push(format!("{option} was not refused by CreateOptions"));
        }
        let body: ContainerCreateBody = serde_json::from_value(body)?;
        let create = containers::Create::new(body.image(IMAGE)).name(unique("r"));
        match cover.docker.call(create) {
            Ok(made) => {
                let id = made.id.ok_or("a container without an id")?;
                cover.docker.call(containers::Remove::new(id).force(true).v(true))?;
                mistakes.push(format!("{option} was not refused by the engine"));
            }
            // Their words differ in case between versions.
            Err(e) if e.status().is_some() && e.message().to_lowercase().contains(&words.to_lowercase()) => {}
            Err(e) => mistakes.push(format!("{option}: {e}, expected {words:?}")),
        }
    }
    if mistakes.is_empty() { Ok(()) } else { Err(mistakes.join("\n  ").into()) }
}

fn rows() -> Vec<(&'static str, &'static str, Value, CreateOptions)> {
    rows! {
        ("invalid volume specification", { "HostConfig": { "Binds": ["/anon:ro"] } }) volume("/anon:ro");
        ("invalid volume specification", { "HostConfig": { "Binds": ["foo:bar"] } }) volume("foo:bar");
        ("invalid volume specification", { "HostConfig": { "Binds": ["/tmp:/"] } }) volume("/tmp:/");
        ("invalid volume specification", { "HostConfig": { "Binds": ["/tmp:/b:nocopy"] } }) volume("/tmp:/b:nocopy");
        ("invalid volume specification", { "HostConfig": { "Binds": ["vol:/b:shared"] } }) volume("vol:/b:shared");
        ("invalid characters", { "HostConfig": { "Binds": ["./a:/b"] } }) volume("./a:/b");
        ("invalid characters", { "HostConfig": { "Binds": ["~/a:/b"] } }) volume("~/a:/b");
        ("invalid mode", { "HostConfig": { "Binds": ["/tmp:/b:RO"] } }) volume("/tmp:/b:RO");
        ("invalid mode", { "HostConfig": { "Binds": ["/tmp:/b:ro,rw"] } }) volume("/tmp:/b:ro,rw");
        ("invalid mode", { "HostConfig": { "Binds": ["/tmp:/b:z,Z"] } }) volume("/tmp:/b:z,Z");
        ("invalid mode", { "HostConfig": { "Binds": ["/tmp:/b:shared,slave"] } }) volume("/tmp:/b:shared,slave");
        ("invalid mode", { "HostConfig": { "VolumesFrom": ["a:rx"] } }) volumes_from("a:rx");
        ("must be absolute", { "HostConfig": { "Tmpfs": { "a": "" } } }) tmpfs("a");
        ("destination can't be '/'", { "HostConfig": { "Tmpfs": { "/": "" } } }) tmpfs("/");
        ("must not be specified", { "HostConfig": { "Mounts": [{ "Type": "tmpfs", "Source": "/a", "Target": "/b" }] } }) mount("type=tmpfs,src=/a,dst=/b");
        ("must not be specified", { "HostConfig": { "Mounts": [{ "Type": "volume", "Target": "/b", "BindOptions": { "Propagation": "slave" } }] } }) mount("dst=/b,bind-propagation=slave");
        ("must not be specified", { "HostConfig": { "Mounts": [{ "Type": "bind", "Source": "/tmp", "Target": "/b", "VolumeOptions": { "NoCopy": true } }] } }) mount("type=bind,src=/tmp,dst=/b,volume-nocopy");
        ("Source must not be empty", { "HostConfig": { "Mounts": [{ "Type": "bind", "Target": "/b" }] } }) mount("type=bind,dst=/b");
        ("Target must not be empty", { "HostConfig": { "Mounts": [{ "Type": "volume" }] } }) mount("type=volume");
        ("bad format for add-host", { "HostConfig": { "ExtraHosts": ["db"] } }) add_host("db");
        ("invalid IP address in add-host", { "HostConfig": { "ExtraHosts": ["db:x"] } }) add_host("db:x");
        ("range for oom score adj", { "HostConfig": { "OomScoreAdj": 1001 } }) oom_score_adj(1001);
        ("memory swappiness range", { "HostConfig": { "MemorySwappiness": 101 } }) memory_swappiness(101);
        ("CPU Quota cannot both be set", { "HostConfig": { "NanoCpus": 1_000_000_000, "CpuQuota": 5000 } }) cpus("1").cpu_quota(5000);
        ("CPU Period cannot both be set", { "HostConfig": { "NanoCpus": 1_000_000_000, "CpuPeriod": 5000 } }) cpus("1").cpu_period(5000);
        ("always set the Memory limit", { "HostConfig": { "MemorySwap": 1 << 30 } }) memory_swap("1g");
        ("larger than memory limit", { "HostConfig": { "Memory": 1 << 30, "MemorySwap": 1 << 29 } }) memory("1g").memory_swap("512m");
        ("memory reservation limit", { "HostConfig": { "Memory": 1 << 29, "MemoryReservation": 1 << 30 } }) memory("512m").memory_reservation("1g");
        ("memory limit", { "HostConfig": { "Memory": -1 } }) memory(-1);
        ("SHM size", { "HostConfig": { "ShmSize": -1 } }) shm_size(-1);
        ("range of CPUs", { "HostConfig": { "NanoCpus": -1 } }) nano_cpus(-1);
        ("AutoRemove", { "HostConfig": { "AutoRemove": true, "RestartPolicy": { "Name": "always" } } }) rm(true).restart("always");
        ("maximum retry count", { "HostConfig": { "RestartPolicy": { "Name": "always", "MaximumRetryCount": 5 } } }) restart("always:5");
        ("cannot be negative", { "HostConfig": { "RestartPolicy": { "Name": "on-failure", "MaximumRetryCount": -1 } } }) restart("on-failure:-1");
        ("can't be used with links", { "HostConfig": { "NetworkMode": "host", "Links": ["a"] } }) network("host").link("a");
        ("hostname and the network mode", { "Hostname": "h", "HostConfig": { "NetworkMode": "container:a" } }) network("container:a").hostname("h");
        ("port publishing", { "HostConfig": { "NetworkMode": "container:a", "PortBindings": { "80/tcp": [{}] } } }) network("container:a").publish(80);
        ("port publishing", { "HostConfig": { "NetworkMode": "container:a", "PublishAllPorts": true } }) network("container:a").publish_all(true);
        ("port exposing", { "ExposedPorts": { "80/tcp": {} }, "HostConfig": { "NetworkMode": "container:a" } }) network("container:a").expose(80);
        ("dns and the network mode", { "HostConfig": { "NetworkMode": "container:a", "Dns": ["1.1.1.1"] } }) network("container:a").dns("1.1.1.1");
        ("host-to-IP mapping", { "HostConfig": { "NetworkMode": "container:a", "ExtraHosts": ["a:1.1.1.1"] } }) network("container:a").add_host("a:1.1.1.1");
        ("hostname and the UTS mode", { "Hostname": "h", "HostConfig": { "UTSMode": "host" } }) uts("host").hostname("h");
        ("1ms", { "Healthcheck": { "Test": ["CMD", "x"], "Interval": 5 } }) health_cmd("x").health_interval(5);
    }
}
