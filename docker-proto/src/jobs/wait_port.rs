//! Waiting for a port.

use super::exec_run::exec_run;
use super::race::within;
use super::wait::{PAUSE, ended, late};
use super::{Job, Verbs};
use crate::api::containers::Inspect;
use crate::model::PortBinding;
use crate::{Error, Result};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

/// Sockets and their states, as Linux shows them to those that share a network.
const SOCKETS: [&str; 2] = ["/proc/net/tcp", "/proc/net/tcp6"];
/// The state of one that listens.
const LISTENS: &str = "0A";

/// Waits until something in a container listens on a TCP port, and tells where the port is published.
///
/// It is looked for inside, by a `cat` of the kernel's list of sockets that is run in the container: so it works as well
/// for ports that are not published, and on engines far away. Connecting to a published port would tell less: engines
/// take connections there themselves, before anything listens behind. On whatever address it listens, it counts. A
/// container that does not run yet is waited for; in one that shares the network of the machine or of another container,
/// the listener may be somebody else's.
///
/// ```no_run
/// use docker_proto::jobs::wait_until_port;
/// use std::time::Duration;
///
/// let job = wait_until_port("db", 5432, Duration::from_secs(30));
/// // for published in docker.job(job).await? { println!("{:?}:{:?}", published.host_ip, published.host_port); }
/// ```
///
/// Errors: [`Usage`](crate::ErrorKind::Usage) if there is no `cat` in it, or the port is 0;
/// [`Exit`](crate::ErrorKind::Exit), with its code and the end of its log, if it ends;
/// [`Timeout`](crate::ErrorKind::Timeout), with the ports on which something listens; 404.
#[inline]
pub fn wait_until_port(container: impl Into<String>, port: u16, within: Duration) -> WaitUntilPort {
    WaitUntilPort { container: container.into(), port, time: within }
}

/// See [`wait_until_port`].
#[derive(Clone, Debug)]
#[must_use = "a job does nothing until `docker.job(..)` does it"]
pub struct WaitUntilPort {
    container: String,
    port: u16,
    time: Duration,
}

impl Job for WaitUntilPort {
    type Output = Vec<PortBinding>;

    #[inline]
    async fn run<V: Verbs>(self, docker: &V) -> Result<Vec<PortBinding>> {
        let Self { container: id, port, time } = self;
        if port == 0 {
            return Err(Error::usage("port: must not be 0"));
        }
        let (mut last, mut failed) = (String::from("never looked at"), false);
        let work = async {
            loop {
                let container = docker.call(Inspect::new(&*id)).await?;
                if let Some(e) = ended(docker, &id, &container, &format!("something listened on port {port}")).await {
                    return Err(e);
                }
                let runs = container.state.as_ref().is_some_and(|state| state.running == Some(true));
                match runs.then_some(listening(docker, &id)) {
                    None => last = "it does not run".into(),
                    Some(looking) => match looking.await {
                        Ok(ports) if ports.contains(&port) => {
                            let published = container.network_settings.unwrap_or_default().ports;
                            return Ok(published.get(&format!("{port}/tcp")).cloned().unwrap_or_default());
                        }
                        Ok(ports) => (last, failed) = (format!("something listens on the ports {ports:?}"), false),
                        // Nothing can be run in one that is paused.
                        Err(e) if e.is_conflict() => last = format!("{e}"),
                        // It may just have ended, and engines say that in many ways. The next look tells.
                        Err(e) if !failed => (last, failed) = (format!("{e}"), true),
                        Err(e) => return Err(e),
                    },
                }
                docker.sleep(PAUSE).await;
            }
        };
        match within(docker, time, work).await {
            Some(done) => done,
            None => Err(late(&id, &format!("does not listen on port {port}"), time, &last)),
        }
    }
}

/// The ports on which something in a container listens.
#[inline]
async fn listening<V: Verbs>(docker: &V, id: &str) -> Result<Vec<u16>> {
    let ran = exec_run(id, ["cat", SOCKETS[0], SOCKETS[1]]).run(docker).await?;
    // Of a kernel without IPv6 the second list is missing.
    if matches!(ran.code, 126 | 127) && ran.output.stdout.iter().all(|b| !b.is_ascii_digit()) {
        return Err(Error::usage(format!("the container {id:?} has no cat, which would show its sockets")));
    }
    let text = ran.output.stdout_text();
    let mut ports: Vec<u16> = text.lines().filter_map(port_of).collect();
    ports.sort_unstable();
    ports.dedup();
    Ok(ports)
}

/// The port of a line of the kernel's list, if something listens there: `0: 0100007F:1F90 00000000:0000 0A ..`.
#[inline]
fn port_of(line: &str) -> Option<u16> {
    let mut words = line.split_ascii_whitespace().skip(1);
    let (_, port) = words.next()?.rsplit_once(':')?;
    (words.nth(1)? == LISTENS).then(|| u16::from_str_radix(port, 16).ok())?
}
