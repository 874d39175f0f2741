//! Plugins that are installed by a job, from the registry of the tests.

use super::plugins::{create, remove};
use crate::cover::Cover;
use crate::engine::{Cleanup, Failure, unique};
use crate::steps::{is_off, stepped};
use docker_blocking::api::plugins;
use docker_blocking::jobs::install_plugin;
use docker_blocking::op::RegistryAuth;
use docker_blocking::{Canceller, ErrorKind, jobs::Job};
use std::sync::{Arc, Mutex};

/// The name of the plugin in the registry; here it is not.
fn published(cover: &Cover) -> Result<String, Failure> {
    let name = create(cover)?;
    let _gone = Cleanup(|| remove(cover, &name));
    for progress in cover.docker.stream(plugins::Push::new(&*name).registry_auth(RegistryAuth::anonymous())) {
        progress?;
    }
    Ok(name.clone())
}

fn is_there(cover: &Cover, name: &str) -> Result<bool, Failure> {
    match cover.docker.call(plugins::Inspect::new(name)) {
        Ok(_) => Ok(true),
        Err(e) if e.is_not_found() => Ok(false),
        Err(e) => Err(e.into()),
    }
}

pub fn with_consent(cover: &Cover) -> Result<(), Failure> {
    let docker = &cover.docker;
    let remote = &*published(cover)?;
    let here = &*format!("{}:1", unique("installed"));
    let _gone = Cleanup(|| remove(cover, here));
    let job = || install_plugin(remote).name(here);

    let e = docker.job(job()).err().ok_or("nobody accepted it")?;
    assert!(e.kind() == ErrorKind::Usage && e.message().contains("wants network, host pid namespace, mount"), "{e}");
    let e = docker.job(job().accept(|_| false)).err().ok_or("it was not accepted")?;
    assert!(e.is_cancelled() && !is_there(cover, here)?, "{e}");

    let seen = Arc::new(Mutex::new((Vec::new(), 0)));
    let [wants, progress] = [seen.clone(), seen.clone()];
    let accept = move |all: &[docker_blocking::model::PluginPrivilege]| {
        wants.lock().expect("nobody fails with it").0.extend(all.iter().filter_map(|one| one.name.clone()));
        true
    };
    let watch = move |_| progress.lock().expect("nobody fails with it").1 += 1;
    let plugin = docker.job(job().accept(accept).watch(watch).setting("GREETING=hi"))?;
    assert_eq!((plugin.name.as_deref(), plugin.enabled), (Some(here), Some(true)));
    assert_eq!(plugin.settings.map(|s| s.env), Some(vec!["GREETING=hi".to_owned()]));
    let (wants, shown) = std::mem::take(&mut *seen.lock().expect("nobody fails with it"));
    assert_eq!(wants, ["network", "host pid namespace", "mount", "device", "capabilities"]);
    assert!(shown > 0);

    // The name is taken, and what has it stays.
    assert!(docker.job(job().accept(|_| true)).is_err());
    assert!(is_there(cover, here)?);
    remove(cover, here);
    // What cannot be set is not left, and neither is what cannot start.
    assert!(docker.job(job().accept(|_| true).setting("NOSUCH=1")).is_err_and(|e| e.message().contains("NOSUCH")));
    assert!(!is_there(cover, here)?);
    let broken = job().accept(|_| true).setting("m.source=/no/such/folder");
    assert!(docker.job(broken).is_err());
    assert!(!is_there(cover, here)?);
    Ok(())
}

pub fn called_off(cover: &Cover) -> Result<(), Failure> {
    let docker = &cover.docker;
    let remote = &*published(cover)?;
    let here = &*format!("{}:1", unique("installed"));
    let _gone = Cleanup(|| remove(cover, here));
    let job = || install_plugin(remote).name(here).accept(|_| true).setting("GREETING=hi");
    for n in 0.. {
        let (job, step) = stepped(job(), n);
        match docker.job(job) {
            Ok(plugin) => assert_eq!(plugin.enabled, Some(true)),
            Err(e) => assert!(is_off(&e) && !is_there(cover, here)?, "step {n}: {e}"),
        }
        remove(cover, here);
        if !step.has_fired() {
            assert!(n >= 8, "{n} steps");
            break;
        }
    }
    // From another thread, as soon as it is on its way.
    let canceller = Canceller::default();
    let theirs = canceller.clone();
    let job = job().watch(move |_| theirs.cancel()).until(canceller);
    let e = docker.job(job).err().ok_or("it was called off")?;
    assert!(is_off(&e) && !is_there(cover, here)?, "{e}");
    Ok(())
}
