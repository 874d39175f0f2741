//! Passwords of proxies.

use crate::runtime::Runtime;
use crate::{Failure, Stage};
use docker_proto::api::system;
use docker_proto::resolve::{Environment, Resolve};
use docker_proto::session::{PoolLimits, Proxy};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

/// Proxies that are understood, that are not, that refuse, and that the environment names.
pub async fn all<R: Runtime>(stage: &Stage) -> Result<(), Failure> {
    let (log, secrets) = (&stage.log, &stage.secrets);
    let password = secrets.make("the password of a proxy");
    let encoded: String = password.bytes().map(|b| format!("%{b:02x}")).collect();
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let place = listener.local_addr()?;
    // Refuses whom it is told of.
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut head = Vec::new();
            let mut byte = [0];
            while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|n| n > 0) {
                head.push(byte[0]);
            }
            let _ = stream.write_all(b"HTTP/1.1 407 No\r\nContent-Length: 3\r\n\r\nno!");
        }
    });
    for (url, is_good) in [
        (format!("http://me:{encoded}@{place}"), true),
        (format!("me:{password}@{place}"), true),
        (format!("http://me:{encoded}@127.0.0.1:x"), false),
        (format!("socks5://me:{encoded}@{place}"), false),
        (format!("http://me:{encoded}@{place}/path"), false),
    ] {
        let proxy = Proxy::parse(&url);
        log.outcome("proxy", &proxy);
        if proxy.is_ok() != is_good {
            return Err(format!("a proxy of another kind: {proxy:?}").into());
        }
        let environment = Environment::from([("HTTP_PROXY", &*url), ("DOCKER_HOST", "tcp://engine.invalid:2375")]);
        log.debug("environment", &environment);
        let resolved = R::ask(Resolve::new().environment(environment)).await;
        log.outcome("resolved", &resolved);
        let Ok(resolved) = resolved else { continue };
        let (endpoint, mut config) = resolved.client()?;
        log.shown("endpoint", &endpoint);
        log.outcome("tunnel", &endpoint.tunnel());
        // The list has what is really sent.
        let mut tunnel = endpoint.tunnel()?.ok_or("there is no proxy")?;
        let request = String::from_utf8(tunnel.wants().write.ok_or("nothing is sent")?.concat())?;
        let (_, basic) = request.split_once("Proxy-Authorization: Basic ").ok_or("nobody says who asks")?;
        secrets.add("what the proxy is sent", basic.trim_end());
        log.observe(&mut config);
        log.debug("config", &config);
        let docker = R::new(endpoint, config, PoolLimits::default());
        let refused = docker.call(system::Ping::new()).await;
        log.outcome("refused", &refused);
        if !refused.is_err_and(|e| e.to_string().contains("status 407")) {
            return Err("the proxy has not refused".into());
        }
    }
    Ok(())
}
