//! The way through a proxy.

use super::proxy::Proxy;
use super::refusal::Refusal;
use crate::wire::{Event, Exchange, RecvBuf, RequestBody, RequestHead, Wants};
use crate::{Error, Result, Source};
use alloc::format;
use alloc::string::{String, ToString};
use core::fmt;

/// Asks a [`Proxy`] for a connection to an engine. Once it has one, TLS or the first request follows on the same connection.
///
/// ```text
///   CONNECT ──► 2xx: the connection leads to the engine
///           └─► anything else: an error with the proxy's own words
/// ```
pub struct Tunnel {
    exchange: Exchange,
    refusal: Option<(u16, Refusal)>,
    is_open: bool,
    /// For people.
    proxy: String,
    to: String,
}

impl Tunnel {
    /// Through `proxy` to an engine at `to`, a host and its port.
    #[inline]
    pub(super) fn new(proxy: &Proxy, to: String) -> Result<Self> {
        let mut head = RequestHead::connect(&to)?;
        head.header("User-Agent", concat!("docker-proto/", env!("CARGO_PKG_VERSION")))?;
        if let Some(basic) = &proxy.basic {
            head.header("Proxy-Authorization", &["Basic ", basic].concat())?;
        }
        let exchange = Exchange::start(head.finish(RequestBody::None), RecvBuf::new());
        Ok(Self { exchange, refusal: None, is_open: false, proxy: proxy.to_string(), to })
    }

    /// What to try now. There is no body.
    #[inline]
    pub fn wants(&mut self) -> Wants<'_> {
        self.exchange.wants()
    }

    /// The driver wrote so many bytes.
    #[inline]
    pub fn wrote(&mut self, n: usize) {
        self.exchange.wrote(n);
    }

    /// Everything written so far was handed to the proxy.
    #[inline]
    pub fn flushed(&mut self) {
        self.exchange.flushed();
    }

    /// Writing failed. What the proxy has said is read all the same.
    #[inline]
    pub fn write_broke(&mut self, source: Source) {
        self.exchange.write_broke(source);
    }

    /// The driver read so many bytes; 0 is the end.
    #[inline]
    pub fn read(&mut self, n: usize) {
        self.exchange.read(n);
    }

    /// Reading failed.
    #[inline]
    pub fn read_broke(&mut self, source: Source) {
        self.exchange.read_broke(source);
    }

    /// Whether the connection leads to the engine by now. Call again after any report.
    ///
    /// # Errors
    /// [`Connect`](crate::ErrorKind::Connect): the proxy refuses, and what it says. What breaks HTTP, and transports that
    /// break, as of any exchange.
    #[inline]
    pub fn poll(&mut self) -> Result<bool> {
        loop {
            match (self.exchange.poll(), &mut self.refusal) {
                (Ok(Event::NeedIo), _) => return Ok(self.is_open),
                (Ok(Event::Upgraded(_)), _) => self.is_open = true,
                (Ok(Event::Head(head)), refusal) => *refusal = Some((head.status(), Refusal::new(head))),
                (Ok(Event::Data), Some((_, refusal))) => {
                    if !refusal.take(self.exchange.input()) {
                        return Err(self.refused());
                    }
                }
                (Ok(Event::Data), None) => {
                    // An engine waits to be asked, and so does its TLS.
                    let n = self.exchange.input().len();
                    return Err(self.failed(&format!("sent {n} bytes behind its answer, before anything was asked")));
                }
                // However its text ends, it is a refusal.
                (Ok(Event::End) | Err(_), Some(_)) => return Err(self.refused()),
                (Ok(Event::End), None) => return Err(self.failed("closed the connection that it had made")),
                (Err(e), None) => {
                    return Err(e.with_note(&format!(" (the proxy {} on the way to {})", self.proxy, self.to)));
                }
            }
        }
    }

    #[inline]
    fn refused(&mut self) -> Error {
        let (status, said) = self.refusal.take().map_or((0, None), |(status, refusal)| (status, refusal.said()));
        let hint = match status {
            407 => " (it wants a user and a password, or others)",
            _ => "",
        };
        let said = said.map_or_else(String::new, |said| format!(": {said}"));
        self.failed(&format!("does not lead there: it answers with status {status}{hint}{said}"))
    }

    #[inline]
    fn failed(&self, what: &str) -> Error {
        Error::new(crate::ErrorKind::Connect, format!("the proxy {} on the way to {} {what}", self.proxy, self.to))
    }
}

impl fmt::Debug for Tunnel {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tunnel")
            .field("proxy", &self.proxy)
            .field("to", &self.to)
            .field("is_open", &self.is_open)
            .finish_non_exhaustive()
    }
}
