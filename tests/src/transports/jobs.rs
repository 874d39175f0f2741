//! The jobs.

use crate::engine::shell;
use crate::runtime::{Input, Items, Runtime};
use crate::tls::{Authority, client};
use crate::ways::Way;
use crate::{Arguments, Failure, contexts};
use docker_proto::api::{archive, containers, exec, system};
use docker_proto::session::{Address, Endpoint, Proxy};
use std::future::Future;
use std::io::{self, Read};
use std::pin::Pin;
use std::sync::Arc;

/// A job on a way.
type Job = Box<dyn for<'a> Fn(&'a Way) -> Pin<Box<dyn Future<Output = Result<(), Failure>> + 'a>>>;

/// All of them, by name.
pub fn all<R: Runtime>(arguments: &Arguments) -> Vec<(&'static str, Job)> {
    let (size, first) = (arguments.megabytes << 20, arguments.engines[0].name.clone());
    let told = Arc::new((arguments.tools.clone(), arguments.certificates.clone()));
    vec![
        ("ping", Box::new(|way| Box::pin(ping::<R>(way)))),
        ("logs", Box::new(|way| Box::pin(logs::<R>(way)))),
        ("exec", Box::new(|way| Box::pin(exec::<R>(way)))),
        (
            "upload",
            Box::new(move |way| {
                // On the first engine, and on that with TLS. The others, and proxies, show that they are no different.
                let is_whole = way.engine.name == first && !way.name.starts_with("proxy") || way.name == "tlsverify";
                let size = if is_whole { size } else { size.min(64 << 20) };
                Box::pin(upload::<R>(way, size))
            }),
        ),
        ("refusals", Box::new(|way| Box::pin(refusals::<R>(way)))),
        (
            "contexts",
            Box::new(move |way| {
                let told = told.clone();
                Box::pin(async move { contexts::both_ways::<R>(way, &told.0, &told.1).await })
            }),
        ),
    ]
}

/// Several, one after another and at the same time: connections are kept.
async fn ping<R: Runtime>(way: &Way) -> Result<(), Failure> {
    let docker: R = client(way.endpoint.clone());
    for _ in 0..10 {
        docker.call(system::Ping::new()).await?;
    }
    let counters = docker.counters();
    if (counters.dialled, counters.reused) != (1, 9) {
        return Err(format!("ten pings in a row: {counters:?}").into());
    }
    let many = (0..20).map(|_| {
        let docker = docker.clone();
        let work: crate::runtime::Work<docker_proto::Result<()>> =
            Box::pin(async move { docker.call(containers::List::new().all(true)).await.map(drop) });
        work
    });
    for listed in R::all(many.collect()).await {
        listed?;
    }
    Ok(())
}

/// Output arrives while it is written, and its end is the container's.
async fn logs<R: Runtime>(way: &Way) -> Result<(), Failure> {
    let docker: R = client(way.endpoint.clone());
    let script = "for n in 1 2 3; do echo line $n; echo error $n >&2; sleep 0.3; done";
    let c = way.engine.container(&docker, shell(script)).await?;
    c.start().await?;
    let mut logs = docker.begin(containers::Logs::new(&*c.id).stdout(true).stderr(true).follow(true));
    let (mut out, mut early) = (Vec::new(), 0);
    while let Some(piece) = logs.next().await {
        out.extend_from_slice(&piece?.bytes);
        early += usize::from(!out.ends_with(b"3\n"));
    }
    let mut lines: Vec<_> = std::str::from_utf8(&out)?.lines().collect();
    lines.sort_unstable();
    let want = ["error 1", "error 2", "error 3", "line 1", "line 2", "line 3"];
    if lines != want || early == 0 {
        return Err(format!("{lines:?}, {early} pieces before the last").into());
    }
    Ok(())
}

/// The process sees the end of its stdin, and says more after that.
async fn exec<R: Runtime>(way: &Way) -> Result<(), Failure> {
    let docker: R = client(way.endpoint.clone());
    let c = way.engine.container(&docker, shell("sleep 60")).await?;
    c.start().await?;
    let id = c.exec("cat; sleep 0.2; echo after the end; exit 7", false, true).await?;
    let (mut output, mut input) = docker.open(exec::Start::new(&*id)).await?;
    for word in ["one", "two"] {
        input.write(format!("{word}\n").as_bytes()).await?;
    }
    let mut out = Vec::new();
    while !out.ends_with(b"two\n") {
        out.extend_from_slice(&output.next().await.ok_or("the output ended before the input")??.bytes);
    }
    input.close().await?;
    while let Some(piece) = output.next().await {
        out.extend_from_slice(&piece?.bytes);
    }
    let code = c.exec_code(&id).await?;
    match (&*out, code) {
        (b"one\ntwo\nafter the end\n", 7) => Ok(()),
        // tinyproxy takes the end of one direction for that of both. TLS has an end of its own, that it does not see.
        (b"one\ntwo\n", 7) if way.name == "proxy" => Ok(()),
        _ => Err(format!("{:?}, exit code {code}", String::from_utf8_lossy(&out)).into()),
    }
}

/// A tar with one file of zeros, made as it is read.
struct Zeros {
    head: io::Cursor<Vec<u8>>,
    left: u64,
}

impl Zeros {
    fn new(size: u64) -> Self {
        let mut head = vec![0; 512];
        head[..4].copy_from_slice(b"zero");
        head[100..107].copy_from_slice(b"0000644");
        head[108..115].copy_from_slice(b"0000000");
        head[116..123].copy_from_slice(b"0000000");
        head[124..135].copy_from_slice(format!("{size:011o}").as_bytes());
        head[136..147].copy_from_slice(b"00000000000");
        head[148..156].copy_from_slice(b"        ");
        head[156] = b'0';
        head[257..265].copy_from_slice(b"ustar\x0000");
        let sum: u32 = head.iter().map(|&b| u32::from(b)).sum();
        head[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
        Self { head: io::Cursor::new(head), left: size + 1024 }
    }
}

impl Read for Zeros {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        match self.head.read(room)? {
            0 => {}
            n => return Ok(n),
        }
        let n = room.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        room[..n].fill(0);
        self.left -= n as u64;
        Ok(n)
    }
}

/// All of it arrives.
async fn upload<R: Runtime>(way: &Way, size: u64) -> Result<(), Failure> {
    let docker: R = client(way.endpoint.clone());
    let c = way.engine.container(&docker, shell("true")).await?;
    docker.upload_from(archive::Put::new(&*c.id, "/tmp"), Zeros::new(size)).value().await?;
    let there = docker.call(archive::Stat::new(&*c.id, "/tmp/zero")).await?.size;
    if u64::try_from(there) != Ok(size) {
        return Err(format!("{there} bytes of {size} arrived").into());
    }
    Ok(())
}

/// What does not work on the way is told by who knows it.
async fn refusals<R: Runtime>(way: &Way) -> Result<(), Failure> {
    let refused = async |endpoint: Endpoint, parts: &[&str]| -> Result<(), Failure> {
        let docker: R = client(endpoint);
        let e = docker.call(system::Ping::new()).await.err().ok_or_else(|| format!("accepted, and not {parts:?}"))?;
        let text = e.to_string();
        match parts.iter().all(|part| text.contains(part)) {
            true => Ok(()),
            false => Err(format!("{e:?}, not {parts:?}").into()),
        }
    };
    let url = |text: &str| Endpoint::parse(text);
    match way.name {
        "unix" => refused(url("unix:///nowhere/d.sock")?, &["unix:///nowhere/d.sock", "No such file"]).await,
        "tcp" => {
            // A port that was free a moment ago.
            let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
            refused(url(&format!("tcp://127.0.0.1:{port}"))?, &["cannot connect", "onnection refused"]).await
        }
        "proxy" => {
            // Its text has neither user nor password.
            let proxy = way.endpoint.proxy.as_ref().ok_or("this way has a proxy")?.to_string();
            let unknown = way.endpoint.clone().with_proxy(Proxy::parse(&proxy)?)?;
            refused(unknown, &["through the proxy", "status 407", "a user and a password"]).await
        }
        "mtls" | "proxy, mtls" => {
            let tls = way.endpoint.tls.clone().ok_or("this way has TLS")?;
            let mut strange = way.endpoint.clone();
            strange.tls = Some(tls.ca(Authority::new("another")?.certificate));
            refused(strange, &["of no authority that is trusted"]).await
        }
        "ssh" => {
            // Nobody is trusted for the first time: ssh's own rules hold.
            refused(url("ssh://stranger")?, &["ssh://stranger ended", "Host key verification failed"]).await?;
            refused(url("ssh://nobody@lab")?, &["ssh://nobody@lab ended", "Permission denied"]).await?;
            let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
            refused(url(&format!("ssh://lab:{port}"))?, &["exit status: 255", "Connection refused"]).await?;
            refused(url("ssh://lab/no/such.sock")?, &["ssh://lab/no/such.sock ended (exit status: 1)", "/no/such.sock"])
                .await
        }
        "child" => {
            let docker = match &way.endpoint.address {
                Address::Command(docker) => docker.clone(),
                other => return Err(format!("{other:?} is no command").into()),
            };
            let nowhere = docker.env("DOCKER_HOST", "unix:///no/such.sock");
            refused(Endpoint::command(nowhere), &["before it answered", "/no/such.sock"]).await
        }
        // An engine with TLS, in its own words.
        _ => {
            let plain = url(&way.engine.url.replace("https://", "tcp://"))?;
            refused(plain, &["400", "Client sent an HTTP request to an HTTPS server"]).await
        }
    }
}
