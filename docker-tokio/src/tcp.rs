//! What is set on a TCP connection before it is used.

use docker_proto::drive::KEEP_ALIVE;
use socket2::{SockRef, TcpKeepalive};
use std::io;
use tokio::net::TcpStream;

/// Small writes leave at once, and the system looks after silence.
pub(crate) fn prepare(socket: &TcpStream) -> io::Result<()> {
    socket.set_nodelay(true)?;
    let alive = TcpKeepalive::new().with_time(KEEP_ALIVE.idle).with_interval(KEEP_ALIVE.interval);
    // A system that cannot do all of it has an engine to offer all the same.
    let _ = SockRef::from(socket).set_tcp_keepalive(&alive.with_retries(KEEP_ALIVE.probes));
    Ok(())
}
