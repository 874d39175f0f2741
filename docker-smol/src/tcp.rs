//! What is set on a TCP connection before it is used.

use std::io;
use std::net::TcpStream;

/// Small writes leave at once, and the system looks after silence.
pub(crate) fn prepare(socket: &TcpStream) -> io::Result<()> {
    socket.set_nodelay(true)?;
    #[cfg(unix)]
    keep_alive(socket);
    Ok(())
}

/// A system that cannot do all of it has an engine to offer all the same.
#[cfg(unix)]
fn keep_alive(socket: &TcpStream) {
    use docker_proto::drive::KEEP_ALIVE;
    use rustix::net::sockopt;
    let _ = sockopt::set_socket_keepalive(socket, true);
    let _ = sockopt::set_tcp_keepidle(socket, KEEP_ALIVE.idle);
    let _ = sockopt::set_tcp_keepintvl(socket, KEEP_ALIVE.interval);
    let _ = sockopt::set_tcp_keepcnt(socket, KEEP_ALIVE.probes);
}
