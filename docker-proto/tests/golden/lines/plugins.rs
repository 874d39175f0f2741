//! Plugins.

use super::{At, Line, When, line};
use crate::values::{auth, filters, image, number, text};
use docker_proto::api::plugins;
use docker_proto::model::PluginPrivilege;

pub(super) fn lines(at: At) -> Vec<Line> {
    let name = || image("name");
    vec![
        line(plugins::List::new(), |op| op.filters(filters())),
        line(plugins::Privileges::new(text("remote")), move |op| {
            op.when(at.until(26), |op| op.name(text("name"))).registry_auth(auth())
        }),
        line(plugins::Pull::new(text("remote")), move |op| {
            op.name(text("name")).registry_auth(auth()).body(at.body::<Vec<PluginPrivilege>>("PluginPull"))
        }),
        line(plugins::Inspect::new(name()), |op| op),
        line(plugins::InspectLegacy::new(name()), |op| op),
        line(plugins::Remove::new(name()), |op| op.force(true)),
        line(plugins::Enable::new(name(), number("timeout").into()), |op| op),
        line(plugins::Disable::new(name()), |op| op.force(true)),
        line(plugins::Create::new(text("name")), |op| op),
        line(plugins::Push::new(name()), |op| op.registry_auth(auth())),
        line(plugins::Set::new(name()), move |op| op.body(at.body::<Vec<String>>("PluginSet"))),
        line(plugins::Upgrade::new(name(), text("remote")), move |op| {
            op.registry_auth(auth()).body(at.body::<Vec<PluginPrivilege>>("PluginUpgrade"))
        }),
    ]
}
