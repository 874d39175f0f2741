//! Kinds of answers that the other tests do not meet: bytes, text, connections handed over, and the same answer in another
//! type.

use super::Failure;
use crate::engine::Engine;
use crate::runtime::{Input, Items, Runtime};
use docker_proto::api::{containers, debug, images, session, system};
use docker_proto::op::{Json, Operation, Raw, RawBytes, Text};
use serde_json::Value;

pub async fn an_export_is_bytes<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let c = engine.shell(&docker, "true").await?;
    let tar = docker.begin(containers::Export::new(&*c.id)).all().await?.concat();
    assert!(tar.len() % 512 == 0 && tar.len() > 512 * 100, "{} bytes", tar.len());
    assert!(tar.windows(11).any(|w| w == b"bin/busybox"), "no busybox in it");
    assert!(tar.ends_with(&[0; 1024]), "no end of a tar");
    Ok(())
}

pub async fn text_is_text<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    assert_eq!(docker.call(Raw::<Text>::get("/_ping").unversioned()).await?, "OK");
    match docker.call(debug::Cmdline::new()).await {
        Ok(line) => assert!(line.contains("dockerd"), "{line}"),
        Err(e) => assert!(engine.is_podman() && e.is_not_found(), "{e}"),
    }
    Ok(())
}

pub async fn a_connection_is_handed_over<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let (mut frames, mut input) = match docker.open(session::Grpc::new()).await {
        Ok(halves) => halves,
        Err(e) => {
            assert!(engine.is_podman() && e.is_not_found(), "{e}");
            return Ok(());
        }
    };
    // HTTP/2: our preface and empty settings, theirs, and the acknowledgement of ours.
    input.write(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").await?;
    let mut got = Vec::new();
    while !got.windows(9).any(|w| w == b"\0\0\0\x04\x01\0\0\0\0") {
        got.extend_from_slice(&frames.next().await.ok_or("the engine hung up")??);
    }
    assert_eq!(got.get(3), Some(&4), "settings come first: {got:?}");
    Ok(())
}

pub async fn an_answer_in_another_type<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let c = engine.shell(&docker, "true").await?;
    let own = docker.call(containers::Inspect::new(&*c.id).decode_as::<Value>()).await?;
    let (typed, text) = docker.call(containers::Inspect::new(&*c.id).with_text()).await?;
    assert_eq!(own["Id"].as_str(), typed.id.as_deref());
    assert_eq!(serde_json::from_slice::<Value>(&text)?, own);
    let raw = docker.call(Raw::<Json<Value>>::get(format!("/containers/{}/json", c.id))).await?;
    assert_eq!(raw["Id"], own["Id"]);
    let image = docker.begin(Raw::<RawBytes>::get("/images/json").query("all", "1")).all().await?.concat();
    assert_eq!(
        serde_json::from_slice::<Vec<Value>>(&image)?.len(),
        docker.call(images::List::new().all(true)).await?.len()
    );
    let e = docker.call(Raw::<Json<Value>>::get("/no/such/thing")).await.err().ok_or("found")?;
    assert!(e.is_not_found(), "{e}");
    let version = docker.call(system::Version::new().with_text()).await?;
    assert!(version.1.starts_with(b"{"));
    Ok(())
}
