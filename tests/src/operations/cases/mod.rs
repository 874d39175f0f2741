//! The cases, by resource. A case runs operations through [`Cover`](crate::cover::Cover) and asserts something about what
//! each of them gave or did; what it makes, it removes.

mod peers;
mod system;

use crate::{Case, On};

macro_rules! cases {
    ($list:ident: $($on:expr => $($module:ident)::+),+ $(,)?) => {
        $($list.push(Case { name: stringify!($($module)::+), on: $on, run: $($module)::+ });)+
    };
}

/// Every case.
pub fn all() -> Vec<Case> {
    let mut list = Vec::new();
    cases!(list:
        On::Every => system::ping_and_version,
        On::Own(41) => peers::the_engine,
        On::Own(41) => peers::containers_and_commands,
        On::Own(41) => peers::images_networks_and_volumes,
        On::Own(41) => peers::events_and_disk_usage,
    );
    list
}
