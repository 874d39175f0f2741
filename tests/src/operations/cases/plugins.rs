//! Plugins: the program of `tests/plugin`, as a plugin that wants some of everything.

use crate::cover::Cover;
use crate::engine::{Cleanup, Failure, unique, variable};
use crate::tar::tar_with;
use docker_blocking::api::plugins;
use docker_blocking::model::{Plugin, PluginPrivilege, Progress};
use docker_blocking::op::RegistryAuth;
use serde_json::json;

/// The description of the plugin. With the machine's process ids it is not process 1, and a signal ends it.
fn config(name: &str) -> String {
    json!({
        "Description": format!("what the plugin calls are shown with: {name}"),
        "Entrypoint": ["/docker-proto-plugin"],
        "WorkDir": "/",
        "Interface": { "Types": ["docker.dummy/1.0"], "Socket": "proto.sock" },
        "Network": { "Type": "host" },
        "PidHost": true,
        "Env": [{ "Name": "GREETING", "Description": "printed", "Settable": ["value"], "Value": "hello" }],
        "Args": { "Name": "args", "Description": "printed too", "Settable": ["value"], "Value": ["one"] },
        "Mounts": [{
            "Name": "m", "Description": "a folder", "Settable": ["source"],
            "Source": "/tmp", "Destination": "/m", "Type": "bind", "Options": ["rbind"],
        }],
        "Linux": {
            "Capabilities": ["CAP_CHOWN"],
            "AllowAllDevices": false,
            "Devices": [{ "Name": "d", "Description": "a device", "Settable": ["path"], "Path": "/dev/null" }],
        },
    })
    .to_string()
}

/// Makes the plugin, with a name that is in the registry's namespace; the name.
pub fn create(cover: &Cover) -> Result<String, Failure> {
    let name = format!("{}/{}:1", variable("DOCKER_TEST_REGISTRY")?, unique("plugin"));
    let program = std::fs::read(variable("DOCKER_TEST_PLUGIN")?)?;
    // Each is another one: for some time engines still have the contents of one that was removed, and refuse the same.
    let config = config(&name);
    let files = [
        ("config.json", config.as_bytes()),
        ("rootfs/docker-proto-plugin", &program[..]),
        ("rootfs/name", name.as_bytes()),
    ];
    cover.upload(plugins::Create::new(&*name), tar_with(0o755, &files))?;
    Ok(name)
}

/// Removes it, if it is there.
pub fn remove(cover: &Cover, name: &str) {
    // Cases that remove it leave nothing to remove.
    let _ = cover.docker.call(plugins::Remove::new(name).force(true));
}

fn inspect(cover: &Cover, name: &str) -> Result<Plugin, Failure> {
    cover.call(plugins::Inspect::new(name))
}

pub fn made_set_run_and_removed(cover: &Cover) -> Result<(), Failure> {
    let name = &*create(cover)?;
    let _gone = Cleanup(|| remove(cover, name));
    let plugin = inspect(cover, name)?;
    assert_eq!((plugin.name.as_deref(), plugin.enabled), (Some(name), Some(false)));
    let config = plugin.config.ok_or("no config")?;
    assert_eq!((config.pid_host, config.linux.map(|l| l.capabilities)), (Some(true), Some(vec!["CAP_CHOWN".into()])));
    let wants = plugin.settings.ok_or("no settings")?;
    assert_eq!((wants.env, wants.args), (vec!["GREETING=hello".into()], vec!["one".into()]));

    let set = plugins::Set::new(name).setting("GREETING=hi there").setting("args=a b");
    cover.call(set.setting("d.path=/dev/zero").setting("m.source=/var"))?;
    let wants = inspect(cover, name)?.settings.ok_or("no settings")?;
    assert_eq!((wants.env, wants.args), (vec!["GREETING=hi there".into()], vec!["a".into(), "b".into()]));
    assert_eq!(wants.devices.first().and_then(|d| d.path.as_deref()), Some("/dev/zero"));
    assert_eq!(wants.mounts.first().and_then(|m| m.source.as_deref()), Some("/var"));
    cover.refused(plugins::Set::new(name).setting("NOSUCH=1"), 500, "NOSUCH")?;

    cover.call(plugins::Enable::new(name, 5))?;
    assert_eq!(inspect(cover, name)?.enabled, Some(true));
    cover.refused(plugins::Enable::new(name, 5), 409, "already enabled")?;
    cover.refused(plugins::Set::new(name).setting("GREETING=x"), 500, "active plugin")?;
    cover.refused(plugins::Remove::new(name), 409, "is enabled")?;
    let list = cover.call(plugins::List::new().filters([("enabled", "true"), ("capability", "dummy")]))?;
    assert!(list.iter().any(|p| p.name.as_deref() == Some(name)), "{list:?}");
    cover.call(plugins::Disable::new(name))?;
    cover.refused(plugins::Disable::new(name), 409, "already disabled")?;
    cover.call(plugins::Enable::new(name, 5))?;
    cover.call(plugins::Disable::new(name).force(true))?;

    cover.call(plugins::Remove::new(name))?;
    cover.refused(plugins::Inspect::new(name), 404, "not found")?;
    cover.refused(plugins::InspectLegacy::new(name), 404, "page not found")
}

/// The digest that a push ends with.
fn pushed(progress: &[Progress]) -> Option<&str> {
    progress.last()?.aux.as_ref()?["Digest"].as_str()
}

pub fn through_a_registry(cover: &Cover) -> Result<(), Failure> {
    let name = &*create(cover)?;
    let _gone = Cleanup(|| remove(cover, name));
    let progress = cover.all(plugins::Push::new(name).registry_auth(RegistryAuth::anonymous()))?;
    assert!(pushed(&progress).is_some_and(|digest| digest.starts_with("sha256:")), "{progress:?}");
    cover.call(plugins::Remove::new(name))?;

    let allowed = cover.call(plugins::Privileges::new(name))?;
    let names: Vec<_> = allowed.iter().filter_map(|p| p.name.as_deref()).collect();
    assert_eq!(names, ["network", "host pid namespace", "mount", "device", "capabilities"]);
    assert_eq!(allowed[2].value, ["/tmp"]);
    let here = &*format!("{}:1", unique("pulled"));
    let pull = || plugins::Pull::new(name).name(here);
    // Who allows less than it wants is told so in the stream.
    let e = cover.docker.begin(pull().body(Vec::<PluginPrivilege>::new())).collect::<Result<Vec<_>, _>>().err();
    assert!(e.is_some_and(|e| e.message().contains("incorrect privileges")));
    let mut pulling = cover.begin(pull().body(allowed.clone()))?;
    assert_eq!(pulling.head()?.get("docker-plugin-name"), Some(here));
    let _gone_too = Cleanup(|| remove(cover, here));
    let progress = pulling.collect::<Result<Vec<_>, _>>()?;
    assert!(progress.iter().any(|p| p.status.as_deref().is_some_and(|s| s.starts_with("Digest"))), "{progress:?}");
    let plugin = inspect(cover, here)?;
    assert_eq!((plugin.plugin_reference.as_deref(), plugin.enabled), (Some(name), Some(false)));

    cover.call(plugins::Enable::new(here, 5))?;
    let upgrade = || plugins::Upgrade::new(here, name).body(allowed.clone());
    cover.refused(upgrade(), 409, "must be disabled")?;
    cover.call(plugins::Disable::new(here))?;
    let progress = cover.all(upgrade())?;
    assert!(progress.iter().any(|p| p.status.is_some()), "{progress:?}");
    assert_eq!(inspect(cover, here)?.plugin_reference.as_deref(), Some(name));
    cover.call(plugins::Remove::new(here).force(true))?;
    Ok(())
}
