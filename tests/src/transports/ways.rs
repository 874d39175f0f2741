//! The ways to an engine.

use crate::engine::Engine;
use crate::tls::{Authority, Door, endpoint, forward};
use crate::{Arguments, Failure};
use docker_proto::session::{Command, Endpoint, Proxy};
use docker_proto::tls::Tls;
use std::fs;
use std::path::Path;

/// A way to an engine.
pub struct Way {
    pub name: &'static str,
    pub engine: Engine,
    pub endpoint: Endpoint,
}

/// Every way to each engine.
pub fn all(arguments: &Arguments) -> Result<Vec<Way>, Failure> {
    let ca = Authority::new("the authority of the doors")?;
    let me = ca.client(None)?;
    let mut ways = Vec::new();
    for engine in &arguments.engines {
        let mut add = |name, endpoint: Endpoint| ways.push(Way { name, engine: engine.clone(), endpoint });
        add("unix", Endpoint::parse(&engine.url)?);
        let tcp = Endpoint::parse(&format!("tcp://{}", forward(&engine.url)?))?;
        add("tcp", tcp.clone());
        let door = Door::new(ca.loopback()?).clients(&ca).open(&engine.url)?;
        let tls = Tls::new().ca(&*ca.certificate).client_certificate(&*me.certificate, &*me.key);
        let secure = endpoint(door, tls)?;
        add("mtls", secure.clone());
        let path = engine.url.strip_prefix("unix://").ok_or("the engines here are at unix sockets")?;
        add("ssh", Endpoint::parse(&format!("ssh://lab{path}"))?);
        let docker = Command::new(format!("{}/bin/docker", arguments.tools), ["system", "dial-stdio"]);
        let proxy = Proxy::parse(&fs::read_to_string(Path::new(&arguments.tools).join("proxy"))?)?;
        add("proxy", tcp.with_proxy(proxy.clone())?);
        add("proxy, mtls", secure.with_proxy(proxy)?);
        add("child", Endpoint::command(docker.env("DOCKER_HOST", &*engine.url)));
    }
    if let Some((name, address)) = &arguments.tls {
        let engine = Engine::new(&format!("{name}=https://{address}"))?;
        let endpoint = Endpoint::parse(&engine.url)?.with_tls(material(&arguments.certificates)?)?;
        ways.push(Way { name: "tlsverify", engine, endpoint });
    }
    Ok(ways)
}

fn material(folder: &str) -> Result<Tls, Failure> {
    let read = |name: &str| fs::read(Path::new(folder).join(name));
    Ok(Tls::new().ca(read("ca.pem")?).client_certificate(read("cert.pem")?, read("key.pem")?))
}

/// Makes the files of a daemon with TLS, and of its clients.
pub fn certificates(folder: &str) -> Result<(), Failure> {
    let ca = Authority::new("the daemon's authority")?;
    let (server, client) = (ca.loopback()?, ca.client(None)?);
    for (name, text) in [
        ("ca.pem", ca.certificate),
        ("server-cert.pem", server.certificate),
        ("server-key.pem", server.key),
        ("cert.pem", client.certificate),
        ("key.pem", client.key),
    ] {
        fs::write(Path::new(folder).join(name), text)?;
    }
    Ok(())
}
