//! What must hold for any text: no panic, and what was printed reads as it was.

use docker_proto::model::{DeviceMapping, DeviceRequest, Mount, RestartPolicy, Ulimit};
use docker_proto::values::{
    Bind, ByteSize, Cpus, CreateOptions, Env, ExtraHost, Link, NameValue, Nanoseconds, PortMap, PortSpec, Reference,
    Tmpfs, VolumesFrom, container_name, device_cgroup_rule, env_file, join_command, split_command,
};
use proptest::prelude::*;
use std::fmt::{Debug, Display};
use std::str::FromStr;

/// If a text is taken, then what it is printed as is taken as the same.
fn again<T: FromStr<Err = docker_proto::Error> + Display + PartialEq + Debug>(text: &str) -> Result<(), TestCaseError> {
    if let Ok(value) = text.parse::<T>() {
        let printed = value.to_string();
        let back = printed.parse::<T>();
        prop_assert!(back.as_ref().is_ok_and(|back| *back == value), "{:?} {:?} {:?} {:?}", text, value, printed, back);
    }
    Ok(())
}

fn all(text: &str) -> Result<(), TestCaseError> {
    again::<Reference>(text)?;
    again::<ByteSize>(text)?;
    again::<Cpus>(text)?;
    again::<Nanoseconds>(text)?;
    again::<PortSpec>(text)?;
    again::<Bind>(text)?;
    again::<Tmpfs>(text)?;
    again::<VolumesFrom>(text)?;
    again::<Env>(text)?;
    again::<ExtraHost>(text)?;
    again::<Link>(text)?;
    again::<Ulimit>(text)?;
    again::<DeviceMapping>(text)?;
    again::<RestartPolicy>(text)?;
    if let Ok(reference) = text.parse::<Reference>() {
        prop_assert_eq!(&reference.full().parse::<Reference>().unwrap(), &reference);
    }
    if let Ok(bind) = text.parse::<Bind>() {
        // Options without a structured form are refused, the rest is taken.
        let _ = bind.to_mount();
    }
    let _ = (text.parse::<Mount>(), text.parse::<DeviceRequest>(), text.parse::<NameValue>());
    let _ = (container_name(text), device_cgroup_rule(text), env_file(text, |_| None));
    let _ = (PortMap::new().bind(text, text), PortMap::new().expose(text));
    if let Ok(words) = split_command(text) {
        prop_assert_eq!(split_command(&join_command(&words)).unwrap(), words);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn any_text(text in any::<String>()) {
        all(&text)?;
    }

    #[test]
    fn texts_of_marks(text in "[aA-c/@.:\\[\\]=,0-9 é'\"\\\\-]{0,24}") {
        all(&text)?;
    }

    #[test]
    fn texts_that_are_nearly_right(
        text in "((docker\\.io|index\\.docker\\.io|localhost|[a-c]\\.d:5|\\[::1\\])/)?(library/)?[a-c.]{1,3}(/[a-c_-]{1,3})?(:[a-c.]{1,3})?(@sha256:[0-9a-f]{64})?",
        bind in "([A-C]:)?[/\\\\a-c.]{1,4}(:([A-C]:)?[/\\\\a-c]{1,4})?(:(ro|rw|z|nocopy|rslave|,){1,3})?",
        port in "(([0-9]{1,3}\\.){3}[0-9]{1,3}:|\\[?[0-9a-f:]{2,8}\\]?:)?([0-9]{1,5}(-[0-9]{1,5})?)?:?[0-9]{1,5}(-[0-9]{1,5})?(/(tcp|udp|sctp))?",
        time in "([0-9]{0,4}(\\.[0-9]{1,20})?(h|m|s|ms|us|ns)){1,3}",
        size in "[0-9]{1,20} ?[kmgtp]?i?b?",
        limit in "(nofile|core)=-?[0-9]{1,20}(:-?[0-9]{1,20})?",
    ) {
        for text in [text, bind, port, time, size, limit] {
            all(&text)?;
        }
    }

    #[test]
    fn words_come_back(words in proptest::collection::vec(any::<String>(), 0..4)) {
        prop_assert_eq!(split_command(&join_command(&words)).unwrap(), words);
    }

    #[test]
    fn numbers_come_back(n in any::<i64>()) {
        prop_assert_eq!(Nanoseconds(n.saturating_abs()).to_string().parse::<Nanoseconds>().unwrap().0, n.saturating_abs());
        prop_assert_eq!(Cpus(n.saturating_abs()).to_string().parse::<Cpus>().unwrap().0, n.saturating_abs());
        prop_assert_eq!(ByteSize(n.saturating_abs()).to_string().parse::<ByteSize>().unwrap().0, n.saturating_abs());
        // Printed, though not read.
        let _ = (Nanoseconds(n).to_string(), Cpus(n).to_string(), ByteSize(n).to_string());
    }

    #[test]
    fn a_bound_port_is_exposed(specs in proptest::collection::vec("([1-9][0-9]{0,3}:)?[1-9][0-9]{0,3}(/udp)?", 0..6)) {
        let options = specs.iter().fold(CreateOptions::new("a"), |options, spec| options.publish(&**spec));
        let body = options.create().unwrap().body;
        let bound = body.host_config.map(|host| host.port_bindings).unwrap_or_default();
        prop_assert!(bound.keys().eq(body.exposed_ports.iter()));
        prop_assert!(bound.values().all(|on| !on.is_empty() && on.iter().all(|b| b.host_port.is_some())));
    }
}
