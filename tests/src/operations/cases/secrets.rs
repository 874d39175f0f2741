//! Secrets, of swarms and of podman.

use super::swarm::{Member, index};
use crate::cover::Cover;
use crate::engine::{Cleanup, Failure, unique};
use docker_blocking::api::secrets;
use docker_blocking::model::SecretSpec;

pub fn made_changed_removed(cover: &Cover) -> Result<(), Failure> {
    let _member = Member::alone(cover)?;
    let name = unique("secret");
    let spec = SecretSpec::new().name(&*name).data("sesame").labels([("a", "b")]);
    let id = cover.call(secrets::Create::new(spec.clone()))?.id.ok_or("no id")?;
    cover.refused(secrets::Create::new(spec), 409, "already exists")?;
    let list = cover.call(secrets::List::new().filters([("name", &*name), ("label", "a=b")]))?;
    assert_eq!(list.iter().map(|s| s.id.as_deref()).collect::<Vec<_>>(), [Some(&*id)]);
    assert!(cover.call(secrets::List::new().filters([("label", "a=c")]))?.is_empty());

    let secret = cover.call(secrets::Inspect::new(&*name))?;
    let (version, spec) = (index(&secret.version)?, secret.spec.ok_or("no spec")?);
    assert_eq!((spec.name.as_deref(), &spec.data), (Some(&*name), &None));
    let spec = spec.labels([("a", "c")]);
    cover.call(secrets::Update::new(&*id, version, spec.clone()))?;
    assert_eq!(cover.call(secrets::Inspect::new(&*id))?.spec, Some(spec.clone()));
    cover.refused(secrets::Update::new(&*id, version, spec), 500, "out of sequence")?;

    cover.call(secrets::Remove::new(&*id))?;
    cover.refused(secrets::Inspect::new(&*id), 404, &id)?;
    cover.refused(secrets::Remove::new(&*id), 404, &id)
}

pub fn without_a_swarm(cover: &Cover) -> Result<(), Failure> {
    let name = unique("secret");
    let spec = SecretSpec::new().name(&*name).data("sesame").labels([("a", "b")]);
    let id = cover.call(secrets::Create::new(spec.clone()))?.id.ok_or("no id")?;
    let _gone = Cleanup(|| drop(cover.docker.call(secrets::Remove::new(&*name))));
    cover.refused(secrets::Create::new(spec), 409, "in use")?;
    let list = cover.call(secrets::List::new().filters([("name", &*name)]))?;
    assert_eq!(list.iter().map(|s| s.id.as_deref()).collect::<Vec<_>>(), [Some(&*id)]);

    let secret = cover.call(secrets::Inspect::new(&*name))?;
    let (version, spec) = (index(&secret.version)?, secret.spec.ok_or("no spec")?);
    assert_eq!((spec.name.as_deref(), &spec.data), (Some(&*name), &None));
    assert_eq!(spec.driver.as_ref().and_then(|d| d.name.as_deref()), Some("file"));
    cover.refused(secrets::Update::new(&*id, version, spec), 501, "not supported")?;
    cover.call(secrets::Remove::new(&*name))?;
    cover.refused(secrets::Inspect::new(&*name), 404, &name)
}
