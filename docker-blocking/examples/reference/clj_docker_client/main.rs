//! What into-docker/clj-docker-client shows, each in a file of its own: `blocking-clj-docker-client NAME ARGUMENT...`

mod attach;
mod auth;
mod categories;
mod create;
mod doc;
mod errors;
mod fetch;
mod image;
mod logs;
mod network;
mod ops;
mod pull;
#[path = "../../../../docker-proto/examples/shared/reference.rs"]
#[allow(dead_code, reason = "each program needs a part of it")]
mod shared;
mod timeouts;

use docker_blocking::Docker;
use shared::Outcome;
use std::process::ExitCode;

const USAGE: &str = "blocking-clj-docker-client NAME ARGUMENT...
    attach CONTAINER TEXT    auth IMAGE USER PASSWORD    categories [VERSION]
    create NAME IMAGE        doc OPERATION               errors
    fetch PATH               image IMAGE                 logs CONTAINER
    network NAME             ops CATEGORY VERSION        pull IMAGE
    timeouts URL";

fn main() -> ExitCode {
    shared::exit(run())
}

fn run() -> Outcome {
    let docker = Docker::from_env()?;
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args[..] {
        ["attach", container, text] => attach::main(&docker, container, text),
        ["auth", image, user, password] => auth::main(&docker, image, user, password),
        ["categories"] => categories::main("1.41"),
        ["categories", version] => categories::main(version),
        ["create", name, image] => create::main(&docker, name, image),
        ["doc", operation] => doc::main(operation),
        ["errors"] => errors::main(&docker),
        ["fetch", path] => fetch::main(&docker, path),
        ["image", image] => image::main(&docker, image),
        ["logs", container] => logs::main(&docker, container),
        ["network", name] => network::main(&docker, name),
        ["ops", category, version] => ops::main(category, version),
        ["pull", image] => pull::main(&docker, image),
        ["timeouts", url] => timeouts::main(url),
        _ => Err(USAGE.into()),
    }
}
