//! The opening handshake: what is sent with the upgrade request, and which answer fits it.

use super::pongs::Pongs;
use super::{Random, Receiver, Sender};
use crate::wire::ResponseHead;
use crate::wire::head::Excerpt;
use crate::{Error, Result};
use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// What RFC 6455 appends to a key before it is hashed, so that nobody but a websocket server gives this answer.
const GUID: &[u8] = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// The key of one connection, and the two halves that belong together once it was accepted.
#[derive(Debug)]
pub struct Handshake {
    key: String,
    masks: Random,
    pongs: Arc<Pongs>,
}

impl Handshake {
    /// A handshake whose key and masks follow from `seed`: one number for each connection, not to be foreseen by the
    /// server or by whoever chooses what is sent to it.
    #[inline]
    pub fn new(seed: u64) -> Self {
        let mut random = Random(seed);
        let mut key = [0; 16];
        key[..8].copy_from_slice(&random.next().to_be_bytes());
        key[8..].copy_from_slice(&random.next().to_be_bytes());
        Self { key: STANDARD.encode(key), masks: random, pongs: Arc::default() }
    }

    /// The value of `Sec-WebSocket-Key`.
    #[inline]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The value of `Sec-WebSocket-Accept` that answers a key.
    #[inline]
    pub fn accept(key: &str) -> String {
        let mut hash = sha1_smol::Sha1::new();
        hash.update(key.as_bytes());
        hash.update(GUID);
        STANDARD.encode(hash.digest().bytes())
    }

    /// Looks at the answer, and gives the decoder of what follows it.
    ///
    /// # Errors
    /// [`Protocol`](crate::ErrorKind::Protocol) if it does not open the websocket that was asked for, saying why.
    #[inline]
    pub fn receiver(&self, head: &ResponseHead) -> Result<Receiver> {
        let refuse = |why: String| Err(Error::protocol(format!("the answer does not open a websocket: {why}")));
        if head.status() != 101 {
            return refuse(format!("its status is {}, not 101", head.status()));
        }
        for (name, token) in [("upgrade", "websocket"), ("connection", "upgrade")] {
            if !head.has_token(name, token) {
                return refuse(format!("its field {name} does not say {token}"));
            }
        }
        let wanted = Self::accept(&self.key);
        match head.get("sec-websocket-accept").map(str::trim) {
            Some(accept) if accept == wanted => {}
            Some(accept) => {
                let accept = Excerpt(accept.as_bytes());
                return refuse(format!(
                    "its Sec-WebSocket-Accept is {accept:?}, not {wanted:?}: it answers another key"
                ));
            }
            None => return refuse("it has no Sec-WebSocket-Accept".into()),
        }
        for name in ["sec-websocket-protocol", "sec-websocket-extensions"] {
            if let Some(value) = head.values(name).next() {
                return refuse(format!("{name} is {:?}, and none was offered", Excerpt(value)));
            }
        }
        Ok(Receiver::with_pongs(self.pongs.clone()))
    }

    /// The encoder of what is sent. Make one for a connection.
    #[inline]
    pub fn sender(&self) -> Sender {
        Sender::new(self.masks.clone(), self.pongs.clone())
    }
}
