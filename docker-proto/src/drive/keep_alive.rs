//! What keeps quiet TCP connections from being forgotten on their way.

use core::time::Duration;

/// How the system is to look after a TCP connection on which nothing is said.
///
/// Streams may be quiet for hours, while routers forget connections after minutes: without a word in between, a follow or a
/// session ends unnoticed, and waits for ever. The system's own default is to ask after two hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeepAlive {
    /// After so long a silence the system asks whether the other side is still there.
    pub idle: Duration,
    /// It asks again after so long without an answer.
    pub interval: Duration,
    /// After so many unanswered questions the connection is broken.
    pub probes: u32,
}

/// What every adapter sets on every TCP connection that it makes: a word every 30 s, which is half of the shortest time after
/// which connections were seen to be forgotten, and 60 s in all to notice that nobody is there. What the caller's own dialer
/// makes is left as it is.
pub const KEEP_ALIVE: KeepAlive =
    KeepAlive { idle: Duration::from_secs(30), interval: Duration::from_secs(10), probes: 3 };
