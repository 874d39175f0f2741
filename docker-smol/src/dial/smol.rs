//! Sockets as smol has them.

use crate::link::Transport;
use async_io::Async;
use docker_proto::session::Address;
use std::io;

pub(crate) async fn connect(address: Address) -> io::Result<Box<dyn Transport>> {
    match address {
        #[cfg(unix)]
        Address::Unix(path) => Ok(super::unix(Async::<super::UnixStream>::connect(path).await?)),
        Address::Tcp(host, port) => {
            let mut error = io::Error::new(io::ErrorKind::NotFound, "the host has no address");
            for address in async_net::resolve((&*host, port)).await? {
                match Async::<super::TcpStream>::connect(address).await {
                    Ok(socket) => return super::tcp(socket),
                    Err(e) => error = e,
                }
            }
            Err(error)
        }
        other => Err(super::unsupported(&other)),
    }
}
