//! Configs.

use super::swarm::{Member, index};
use crate::cover::Cover;
use crate::engine::{Failure, unique};
use docker_blocking::api::configs;
use docker_blocking::model::ConfigSpec;

pub fn made_changed_removed(cover: &Cover) -> Result<(), Failure> {
    let _member = Member::alone(cover)?;
    let name = unique("config");
    let spec = ConfigSpec::new().name(&*name).data("port=1").labels([("a", "b")]);
    let id = cover.call(configs::Create::new(spec.clone()))?.id.ok_or("no id")?;
    cover.refused(configs::Create::new(spec), 409, "already exists")?;
    let list = cover.call(configs::List::new().filters([("name", &*name), ("label", "a=b")]))?;
    assert_eq!(list.iter().map(|c| c.id.as_deref()).collect::<Vec<_>>(), [Some(&*id)]);
    assert!(cover.call(configs::List::new().filters([("label", "a=c")]))?.is_empty());

    let config = cover.call(configs::Inspect::new(&*name))?;
    let (version, spec) = (index(&config.version)?, config.spec.ok_or("no spec")?);
    assert_eq!(spec.data.as_ref().ok_or("no content")?.decode()?, b"port=1");
    let spec = spec.labels([("a", "c")]);
    cover.call(configs::Update::new(&*id, version, spec.clone()))?;
    assert_eq!(cover.call(configs::Inspect::new(&*id))?.spec, Some(spec.clone()));
    cover.refused(configs::Update::new(&*id, version, spec), 500, "out of sequence")?;

    cover.call(configs::Remove::new(&*id))?;
    cover.refused(configs::Inspect::new(&*id), 404, &id)?;
    cover.refused(configs::Remove::new(&*id), 404, &id)
}
