//! What docker-py shows in its README, its guides and its references, each in a file of its own:
//! `blocking-docker-py NAME ARGUMENT...`

mod archive;
mod build;
mod commit;
mod containers;
mod curl;
mod events;
mod exec;
mod host_config;
mod images;
mod logs;
mod multiplex;
mod network;
mod ports;
mod push;
mod registry;
mod run;
mod run_detached;
mod save;
mod services;
#[path = "../../../../docker-proto/examples/shared/reference.rs"]
#[allow(dead_code, reason = "each program needs a part of it")]
mod shared;
mod swarm;
mod tls;
mod version;
mod volumes;

use docker_blocking::Docker;
use shared::Outcome;
use std::process::ExitCode;

const USAGE: &str = "blocking-docker-py NAME ARGUMENT...
    archive CONTAINER           build TAG BASE             commit CONTAINER TAG
    containers IMAGE            curl CONTAINER             events
    exec CONTAINER              host-config IMAGE          images IMAGE
    logs CONTAINER              multiplex CONTAINER        network NAME IMAGE
    ports NETWORK IMAGE         push IMAGE                 registry IMAGE
    run IMAGE                   run-detached IMAGE         save IMAGE FILE
    services NAME IMAGE         swarm                      tls URL CA [CERTIFICATE KEY]
    version [URL]               volumes NAME IMAGE";

fn main() -> ExitCode {
    shared::exit(run_sample())
}

fn run_sample() -> Outcome {
    let docker = Docker::from_env()?;
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args[..] {
        ["archive", container] => archive::main(&docker, container),
        ["build", tag, base] => build::main(&docker, tag, base),
        ["commit", container, tag] => commit::main(&docker, container, tag),
        ["containers", image] => containers::main(&docker, image),
        ["curl", container] => curl::main(&docker, container),
        ["events"] => events::main(&docker),
        ["exec", container] => exec::main(&docker, container),
        ["host-config", image] => host_config::main(&docker, image),
        ["images", image] => images::main(&docker, image),
        ["logs", container] => logs::main(&docker, container),
        ["multiplex", container] => multiplex::main(&docker, container),
        ["network", name, image] => network::main(&docker, name, image),
        ["ports", network, image] => ports::main(&docker, network, image),
        ["push", image] => push::main(&docker, image),
        ["registry", image] => registry::main(&docker, image),
        ["run", image] => run::main(&docker, image),
        ["run-detached", image] => run_detached::main(&docker, image),
        ["save", image, file] => save::main(&docker, image, file),
        ["services", name, image] => services::main(&docker, name, image),
        ["swarm"] => swarm::main(&docker),
        ["tls", url, ca] => tls::main(url, ca, None),
        ["tls", url, ca, certificate, key] => tls::main(url, ca, Some((certificate, key))),
        ["version"] => version::main(&docker),
        ["version", url] => version::main(&Docker::connect(url)?),
        ["volumes", name, image] => volumes::main(&docker, name, image),
        _ => Err(USAGE.into()),
    }
}
