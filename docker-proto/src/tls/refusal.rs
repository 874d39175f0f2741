//! Why there is no TLS connection, or no longer one, for people.

use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use core::error::Error as StdError;
use core::fmt;
use rustls::{AlertDescription, CertificateError, Error};
use std::io;

/// The first bytes of the peer: whether it speaks TLS at all.
#[derive(Default)]
pub(super) struct Beginning {
    bytes: [u8; 32],
    len: usize,
}

impl Beginning {
    pub(super) fn see(&mut self, bytes: &[u8]) {
        let n = bytes.len().min(self.bytes.len() - self.len);
        self.bytes[self.len..self.len + n].copy_from_slice(&bytes[..n]);
        self.len += n;
    }

    /// The first line of one that answers in plain text. Records of TLS begin with a small number.
    fn plain(&self) -> Option<&[u8]> {
        let seen = &self.bytes[..self.len];
        let line = seen.split(|b| b"\r\n".contains(b)).next()?;
        (line.len() > 2 && line.iter().all(|b| b.is_ascii_graphic() || *b == b' ')).then_some(line)
    }

    /// The transport ended before there was a TLS connection.
    pub(super) fn ended(&self, host: &str) -> io::Error {
        let what = if self.len == 0 {
            format!("TLS with {host}: the connection was closed without a word; is it a port for TLS?")
        } else {
            format!("TLS with {host}: the connection was closed in the middle of the handshake")
        };
        io::Error::new(io::ErrorKind::UnexpectedEof, what)
    }
}

/// The transport ended, and the peer had not announced that.
pub(super) fn cut() -> io::Error {
    let what = "the connection ended without TLS's end of data: what came may be cut short";
    io::Error::new(io::ErrorKind::UnexpectedEof, what)
}

/// What went wrong, to be told as often as it is asked for.
#[derive(Clone, Debug)]
pub(super) struct Refused {
    message: Arc<str>,
    source: Error,
}

impl Refused {
    pub(super) fn error(&self) -> io::Error {
        let kind = match self.source {
            Error::AlertReceived(_) => io::ErrorKind::ConnectionAborted,
            _ => io::ErrorKind::InvalidData,
        };
        io::Error::new(kind, self.clone())
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl StdError for Refused {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&self.source)
    }
}

pub(super) fn explain(e: Error, beginning: &Beginning, host: &str) -> Refused {
    let message = match &e {
        Error::InvalidCertificate(why) => certificate(why, host),
        Error::AlertReceived(alert) => alerted(*alert, host),
        _ => match beginning.plain() {
            Some(line) => format!(
                "{host} does not speak TLS at this port: it answered \"{}\"; nothing of a request was sent",
                line.escape_ascii()
            ),
            None => format!("TLS with {host}: {e}"),
        },
    };
    Refused { message: message.into(), source: e }
}

fn certificate(why: &CertificateError, host: &str) -> String {
    use CertificateError as C;
    let what = match why {
        C::UnknownIssuer => {
            "is of no authority that is trusted here: another CA is needed, or it is not the engine".into()
        }
        C::BadSignature => "is not signed by the authority that it names".into(),
        C::Expired => "has expired".into(),
        C::ExpiredContext { time, not_after } => {
            format!("has expired, {} ago", span(time.as_secs().saturating_sub(not_after.as_secs())))
        }
        C::NotValidYet => "is not valid yet; is the clock of this machine right?".into(),
        C::NotValidYetContext { time, not_before } => {
            let left = span(not_before.as_secs().saturating_sub(time.as_secs()));
            format!("is not valid before {left} from now; is the clock of this machine right?")
        }
        C::NotValidForName => "is for another host".into(),
        C::NotValidForNameContext { presented, .. } if presented.is_empty() => {
            "names no host in a subjectAltName, which is the only place that counts".into()
        }
        C::NotValidForNameContext { presented, .. } => format!("is for another host: {}", presented.join(", ")),
        C::Revoked => "was revoked".into(),
        other => format!("cannot be accepted: {other:?}"),
    };
    format!("the certificate of {host} {what}")
}

/// Seconds as people say them.
fn span(seconds: u64) -> String {
    match seconds {
        0..=7199 => format!("{} minutes", seconds / 60),
        7200..=172_799 => format!("{} hours", seconds / 3600),
        _ => format!("{} days", seconds / 86_400),
    }
}

/// The peer broke off, and said why.
fn alerted(alert: AlertDescription, host: &str) -> String {
    use AlertDescription as A;
    let what = match alert {
        A::CertificateRequired => "wants a client certificate, and was shown none",
        A::BadCertificate => "does not accept the client certificate, or wants one and was shown none",
        A::UnknownCA => "does not know the authority of the client certificate",
        A::CertificateExpired => "says that the client certificate has expired",
        A::CertificateRevoked => "says that the client certificate was revoked",
        A::UnsupportedCertificate | A::CertificateUnknown => "does not accept the client certificate",
        A::AccessDenied => "denies access to the client certificate",
        A::HandshakeFailure | A::ProtocolVersion | A::InsufficientSecurity => {
            "speaks no version or cipher of TLS that is spoken here, or wants a client certificate"
        }
        A::NoApplicationProtocol => "does not speak HTTP/1.1",
        A::UnrecognisedName => "does not know the host by this name",
        other => return format!("{host} ended TLS with the alert {other:?}"),
    };
    format!("{host} {what} (TLS alert {alert:?})")
}
