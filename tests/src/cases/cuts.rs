//! Answers that end at every one of their bytes: what came is kept, what is missing is told, and the next call has its own
//! answer on another connection.

use super::Failure;
use super::faults::{UPGRADED, frame};
use super::stalls::{answer, client};
use crate::peer::{Connection, Peer};
use crate::runtime::{Items, Runtime};
use docker_proto::api::{containers, system};
use docker_proto::op::Change;
use docker_proto::session::PoolLimits;
use docker_proto::{Error, ErrorKind, Phase};
use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// An answer, and where each call finds how much of it is said.
#[derive(Clone)]
struct Cut {
    bytes: Arc<[u8]>,
    /// The length of its head.
    head: usize,
    at: Arc<AtomicUsize>,
}

impl Cut {
    fn new(bytes: impl AsRef<[u8]>) -> Self {
        let bytes = bytes.as_ref();
        let head = bytes.windows(4).position(|w| w == b"\r\n\r\n").map_or(0, |n| n + 4);
        Self { bytes: bytes.into(), head, at: Arc::default() }
    }

    /// Answers with a part, but whoever asks for `next` with everything.
    fn serve(&self, mut c: Connection) -> io::Result<()> {
        while let Some(head) = c.head()? {
            if !head.contains("/containers/next") {
                return c.writer.write_all(&self.bytes[..self.at.load(Ordering::SeqCst)]);
            }
            answer(&mut c, &head)?;
        }
        Ok(())
    }

    /// The error of an answer that was cut there.
    fn check(&self, e: &Error) {
        let at = self.at.load(Ordering::SeqCst);
        let phase = if at < self.head { Phase::Head } else { Phase::Body };
        assert_eq!((e.kind(), e.phase(), e.is_final()), (ErrorKind::Truncated, Some(phase), true), "{at}: {e}");
        assert!(e.operation().is_some() && e.status().is_none(), "{at}: {e}");
    }
}

/// Whether a call that ended did so where the answer was complete.
type Ended = Result<(), Error>;

/// Makes the call at every cut.
async fn every_cut<R: Runtime>(
    bytes: impl AsRef<[u8]>,
    call: impl AsyncFn(&R, &Cut) -> Result<Ended, Failure>,
) -> Result<(), Failure> {
    let cut = Cut::new(bytes);
    let serve = || {
        let cut = cut.clone();
        move |c: Connection| cut.serve(c)
    };
    for peer in [Peer::unix(serve())?, Peer::tcp(serve())?] {
        let docker: R = client(&peer.url, PoolLimits::default());
        for at in 0..=cut.bytes.len() {
            cut.at.store(at, Ordering::SeqCst);
            match call(&docker, &cut).await.map_err(|e| format!("cut at {at}: {e}"))? {
                Ok(()) => {}
                Err(e) => cut.check(&e),
            }
            let counters = docker.counters();
            assert_eq!(counters.in_use(), 0, "cut at {at}: {counters:?}");
            // Each of these has a name of its own, so that no answer passes for another.
            let name = format!("next{at}");
            let found = docker.call(containers::Inspect::new(&*name)).await?;
            assert_eq!(found.id.as_deref(), Some(&*name), "cut at {at}");
        }
        let c = docker.counters();
        assert_eq!(c.dialled as usize, peer.accepted(), "{c:?}");
    }
    Ok(())
}

/// A call whose answer is a container's id, complete only at its last byte.
async fn inspected<R: Runtime>(docker: &R, cut: &Cut) -> Result<Ended, Failure> {
    match docker.call(containers::Inspect::new("web")).await {
        Err(e) => Ok(Err(e)),
        Ok(found) => {
            assert_eq!(found.id.as_deref(), Some("web"));
            assert_eq!(cut.at.load(Ordering::SeqCst), cut.bytes.len());
            Ok(Ok(()))
        }
    }
}

pub async fn of_an_answer_with_a_length<R: Runtime>() -> Result<(), Failure> {
    let answer = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n{\"Id\":\"web\"}";
    every_cut(answer, inspected::<R>).await
}

pub async fn of_an_answer_in_chunks<R: Runtime>() -> Result<(), Failure> {
    let answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4;x=y\r\n{\"Id\r\n8\r\n\":\"web\"}\r\n0\r\nX-T: u\r\n\r\n";
    every_cut(answer, inspected::<R>).await
}

pub async fn of_an_answer_that_ends_with_its_connection<R: Runtime>() -> Result<(), Failure> {
    every_cut("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"Id\":\"web\"}", inspected::<R>).await
}

pub async fn of_an_answer_without_a_body<R: Runtime>() -> Result<(), Failure> {
    for (status, change) in [("204 No Content", Change::Changed), ("304 Not Modified", Change::Unchanged)] {
        let answer = format!("HTTP/1.1 {status}\r\nApi-Version: 1.45\r\n\r\n");
        every_cut(answer, async |docker: &R, cut| match docker.call(containers::Start::new("web")).await {
            Err(e) => Ok(Err(e)),
            Ok(found) => {
                assert_eq!((found, cut.at.load(Ordering::SeqCst)), (change, cut.bytes.len()));
                Ok(Ok(()))
            }
        })
        .await?;
    }
    Ok(())
}

/// From its head on, a refusal is one.
pub async fn of_a_refusal<R: Runtime>() -> Result<(), Failure> {
    let answers = [
        "HTTP/1.1 409 Conflict\r\nContent-Length: 20\r\n\r\n{\"message\":\"paused\"}",
        "HTTP/1.1 409 Conflict\r\nTransfer-Encoding: chunked\r\n\r\n14\r\n{\"message\":\"paused\"}\r\n0\r\n\r\n",
        "HTTP/1.1 409 Conflict\r\n\r\npaused",
    ];
    for answer in answers {
        every_cut(answer, async |docker: &R, cut| {
            let e = docker.call(containers::Inspect::new("web")).await.err().ok_or("accepted")?;
            if cut.at.load(Ordering::SeqCst) < cut.head {
                return Ok(Err(e));
            }
            assert_eq!((e.kind(), e.status(), e.is_conflict()), (ErrorKind::Engine, Some(409), true), "{e}");
            Ok(Ok(()))
        })
        .await?;
    }
    Ok(())
}

/// The events that are there are delivered; only the last chunk is an end.
pub async fn of_a_stream_of_events<R: Runtime>() -> Result<(), Failure> {
    let events = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\
                  f\r\n{\"Action\":\"a\"}\n\r\n7\r\n{\"Actio\r\n8\r\nn\":\"b\"}\n\r\n0\r\n\r\n";
    every_cut(events, async |docker: &R, cut| {
        let at = cut.at.load(Ordering::SeqCst);
        let mut stream = docker.begin(system::Events::new());
        let (mut found, mut ended) = (0, Ok(()));
        while let Some(item) = stream.next().await {
            match item {
                Ok(event) => {
                    found += 1;
                    assert_eq!(event.action.as_deref(), Some(["a", "b"][found - 1]));
                }
                Err(e) => ended = Err(e),
            }
        }
        assert_eq!(found, cut.bytes[cut.head.min(at)..at].iter().filter(|&&b| b == b'}').count());
        assert_eq!(ended.is_ok(), at == cut.bytes.len(), "{ended:?}");
        Ok(ended)
    })
    .await
}

/// The end of the connection is the only end there is: between two frames, it is one.
pub async fn of_a_session<R: Runtime>() -> Result<(), Failure> {
    let frames = [frame(1, b"out"), frame(2, b"error"), frame(1, b"!")];
    let mut ends = vec![UPGRADED.len()];
    for frame in &frames {
        ends.push(ends[ends.len() - 1] + frame.len());
    }
    every_cut([UPGRADED.as_bytes(), &frames.concat()].concat(), async |docker: &R, cut| {
        let at = cut.at.load(Ordering::SeqCst);
        let (mut output, _input) = match docker.open(containers::Attach::new("web")).await {
            Ok(session) => session,
            Err(e) => {
                assert!(at < cut.head, "{e}");
                return Ok(Err(e));
            }
        };
        let (mut text, mut ended) = (Vec::new(), Ok(()));
        while let Some(piece) = output.next().await {
            match piece {
                Ok(piece) => text.extend_from_slice(&piece.bytes),
                Err(e) => ended = Err(e),
            }
        }
        let came = |begin: usize, end: usize| at.clamp(begin + 8, end.max(begin + 8)) - (begin + 8);
        let want: usize = ends.windows(2).map(|w| came(w[0], w[1])).sum();
        assert_eq!(text, b"outerror!"[..want]);
        assert_eq!(ended.is_ok(), ends.contains(&at), "{ended:?}");
        Ok(ended)
    })
    .await
}
