//! Output read in other ways than item by item.

use super::Failure;
use crate::peer::Peer;
use crate::runtime::Output;
use docker_proto::ErrorKind;
use docker_proto::api::containers;
use std::io::{self, Write};

pub async fn bytes_are_read_and_a_cut_answer_never_ends_well<R: Output>() -> Result<(), Failure> {
    const SENT: usize = 300_000;
    for missing in [0, 1] {
        let peer = Peer::unix(move |mut c| {
            c.after_ping("1.45")?;
            write!(c.writer, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", SENT + missing)?;
            c.writer.write_all(&(0..SENT).map(|i| (i % 251) as u8).collect::<Vec<u8>>())
        })?;
        let docker = R::connect(&peer.url);
        let (all, ends) = R::read_to_end(docker.begin(containers::Export::new("web"))).await;
        assert!(all.len() == SENT && all.iter().enumerate().all(|(i, &b)| b == (i % 251) as u8), "{}", all.len());
        for end in ends {
            match end {
                Ok(n) => assert_eq!((n, missing), (0, 0)),
                Err(e) => {
                    assert_eq!((e.kind(), missing), (io::ErrorKind::UnexpectedEof, 1));
                    let inner =
                        e.get_ref().and_then(|e| e.downcast_ref::<docker_proto::Error>()).ok_or("another error")?;
                    assert_eq!(inner.kind(), ErrorKind::Truncated);
                    assert!(inner.message().contains("1 bytes before"), "{inner}");
                }
            }
        }
    }
    Ok(())
}
