//! The cases, by resource. A case runs operations through [`Cover`](crate::cover::Cover) and asserts something about what
//! each of them gave or did; what it makes, it removes.

mod archive;
mod build;
mod checkpoints;
mod configs;
mod containers;
mod create_options;
mod create_refusals;
mod debug;
mod exec;
mod images;
mod networks;
mod nodes;
mod output;
mod peers;
mod peers_of_swarms;
mod plugins;
mod plugins_installed;
mod podman;
mod registry;
mod secrets;
mod services;
mod services_changed;
mod session;
mod swarm;
mod system;
mod tasks;
mod volumes;

use crate::{Case, On};

macro_rules! cases {
    ($($on:expr => $module:ident :: $case:ident),+ $(,)?) => {
        vec![$(Case {
            name: concat!(stringify!($module), "::", stringify!($case)),
            on: $on,
            run: $module::$case,
        }),+]
    };
}

/// Every case.
pub fn all() -> Vec<Case> {
    cases![
        On::Every => system::ping_and_version,
        On::Every => system::info,
        On::Every => system::data_usage,
        On::Every => system::events,
        On::OwnEvery => system::accounts,
        On::Every => volumes::made_listed_removed,
        On::OwnEvery => volumes::pruned_unless_used,
        On::Every => networks::made_listed_removed,
        On::Every => networks::joined_and_left,
        On::OwnEvery => networks::pruned_unless_used,
        On::Swarm(41) => swarm::made_and_left,
        On::Swarm(41) => swarm::changed,
        On::Swarm(41) => swarm::locked_and_unlocked,
        On::Alone(41) => swarm::joined,
        On::Swarm(41) => nodes::listed_and_changed,
        On::Alone(41) => nodes::removed,
        On::Swarm(41) => secrets::made_changed_removed,
        On::Podman => secrets::without_a_swarm,
        On::Swarm(41) => configs::made_changed_removed,
        On::Swarm(42) => volumes::of_a_swarm,
        On::Alone(41) => networks::of_a_swarm,
        On::Swarm(41) => services::made_changed_removed,
        On::Swarm(41) => services::output,
        On::Swarm(41) => services::output_of_a_terminal,
        On::Swarm(41) => services_changed::rolled,
        On::Swarm(41) => services_changed::failing,
        On::Swarm(41) => services_changed::at_the_same_time,
        On::Swarm(41) => services_changed::called_off,
        On::Swarm(41) => services_changed::called_off_and_left,
        On::Swarm(41) => tasks::listed_and_inspected,
        On::Swarm(41) => tasks::of_a_job,
        On::Own(41) => plugins::made_set_run_and_removed,
        On::Own(41) => plugins::through_a_registry,
        On::Own(41) => plugins_installed::with_consent,
        On::Own(41) => plugins_installed::called_off,
        On::Every => containers::made_started_stopped_and_removed,
        On::Every => containers::a_name_is_taken_and_freed,
        On::Every => containers::frozen_and_signalled,
        On::Docker(24) => containers::limits,
        On::Every => containers::the_size_of_a_terminal,
        On::Every => containers::processes_and_what_they_use,
        On::Every => containers::changed_files,
        On::OwnEvery => containers::pruned,
        On::Every => exec::input_output_and_code,
        On::Every => exec::without_waiting,
        On::Every => exec::the_size_of_a_terminal,
        On::Every => archive::files_in_and_out,
        On::Every => output::logs,
        On::Every => output::attached_with_input,
        On::Every => output::attached_to_output,
        On::Docker(24) => output::attached_over_a_websocket,
        On::Own(25) => checkpoints::made_elsewhere_listed_and_removed,
        On::Own(25) => checkpoints::stopped_by_one_and_restored,
        On::Docker(40) => session::the_engine_is_the_client,
        On::Docker(40) => session::the_engine_is_the_server,
        On::Docker(24) => debug::of_the_program,
        On::Own(24) => debug::profiles,
        On::Every => system::options,
        On::Every => images::names,
        On::OwnEvery => images::imported,
        On::Every => images::committed,
        On::Every => images::saved_and_loaded,
        On::OwnEvery => images::pruned,
        On::OwnEvery => images::attestations,
        On::OwnEvery => registry::pushed_and_pulled,
        On::OwnEvery => registry::with_credentials,
        On::OwnEvery => registry::searched,
        On::Every => build::from_a_tar,
        On::Own(24) => build::from_a_url,
        On::OwnEvery => build::on_an_image_that_needs_credentials,
        On::Docker(38) => build::cancelled,
        On::Podman => podman::operations_it_does_not_have,
        On::Own(39) => build::cache_pruned,
        On::Docker(24) => create_options::the_program,
        On::Docker(24) => create_options::resources,
        On::Docker(24) => create_options::what_the_host_may_not_have,
        On::Docker(24) => create_options::the_host,
        On::Docker(24) => create_options::storage,
        On::Docker(24) => create_options::networks_and_ports,
        On::Docker(24) => create_options::endpoints,
        On::Docker(25) => create_refusals::of_the_engine_and_ours,
        On::Own(41) => peers::the_engine,
        On::Own(41) => peers::containers_and_commands,
        On::Own(41) => peers::images_networks_and_volumes,
        On::Own(41) => peers::events_and_disk_usage,
        On::Own(41) => peers::registries,
        On::Own(41) => peers::a_build,
        On::Swarm(41) => peers_of_swarms::the_swarm_and_its_nodes,
        On::Swarm(41) => peers_of_swarms::services_and_what_they_use,
        On::Own(41) => peers_of_swarms::a_plugin,
    ]
}
