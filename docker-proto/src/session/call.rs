//! One operation, typed: the thin skin over [`Core`].

use super::client::{CallOptions, Client, Verb};
use super::core::{Core, CoreEvent};
use crate::observe::Event;
use crate::op::{Operation, Reply};
use crate::wire::Decode;
use crate::{Error, ErrorKind, Result};
use alloc::boxed::Box;
use alloc::sync::Arc;
use core::fmt;

/// What a poll of a call brought.
#[derive(Debug)]
#[non_exhaustive]
pub enum Progress<T> {
    /// Nothing more without the driver; see [`Core::io`].
    Io,
    /// The head of the answer is there; see [`Call::head`]. Reported once.
    Head,
    /// An item.
    Item(T),
    /// The answer is complete. Reported from now on.
    Done,
}

/// One operation on its way.
///
/// A driver alternates: [`poll`](Self::poll) until [`Progress::Io`], then do what [`Core::io`] asks and report it.
pub struct Call<O: Operation> {
    core: Core,
    decoder: Option<<O::Reply as Reply>::Decoder>,
    head: Option<<O::Reply as Reply>::Head>,
    /// Delivered once the rest of the body was read away.
    held: Option<Error>,
}

impl<O: Operation> Call<O> {
    /// Prepares a call. Nothing happens until it is polled.
    pub fn new(client: Arc<Client>, op: O, verb: Verb, options: CallOptions) -> Self {
        Self { core: Core::new(client, Box::new(op), verb, options), decoder: None, head: None, held: None }
    }

    /// What happened.
    ///
    /// # Errors
    /// An error with [`is_final`](Error::is_final) false concerns one item: poll on. Any other is sticky.
    pub fn poll(&mut self) -> Result<Progress<<O::Reply as Reply>::Item>> {
        loop {
            // Most items come from what was read already.
            while let (Some(decoder), Some(mut input)) = (&mut self.decoder, self.core.more_input()) {
                match decoder.decode(&mut input) {
                    Ok(Some(item)) => return Ok(Progress::Item(item)),
                    Ok(None) if decoder.has_ended() => self.core.complete(),
                    Ok(None) => {}
                    Err(e) => self.failed(e)?,
                }
            }
            let event = match self.core.poll() {
                Err(e) => {
                    // Nothing that arrived is lost, unless nobody wants it any more.
                    let decoder = self.decoder.as_mut().filter(|_| e.kind() != ErrorKind::Cancelled);
                    if let Some(item) = decoder.and_then(Decode::rest) {
                        return Ok(Progress::Item(item));
                    }
                    // What was held back says more than what happened while the rest was read away.
                    return Err(self.held.clone().unwrap_or(e));
                }
                Ok(event) => event,
            };
            match (event, &mut self.decoder) {
                (CoreEvent::NeedIo, _) => return Ok(Progress::Io),
                (CoreEvent::Answer, _) => {
                    let Some(answer) = self.core.answer() else { continue };
                    match O::Reply::decoder(&answer) {
                        Ok((head, decoder)) => (self.head, self.decoder) = (Some(head), Some(decoder)),
                        Err(e) => return Err(self.core.fail(e)),
                    }
                    return Ok(Progress::Head);
                }
                (CoreEvent::End, _) if self.held.is_some() => {
                    // Checked by the guard; the fallback is never taken.
                    return Err(self.held.clone().unwrap_or_else(|| Error::usage("the call has ended")));
                }
                // Above.
                (CoreEvent::Data, Some(_)) => {}
                (CoreEvent::End, Some(decoder)) => match decoder.finish() {
                    Ok(Some(item)) => return Ok(Progress::Item(item)),
                    Ok(None) => return Ok(Progress::Done),
                    Err(e) => self.failed(e)?,
                },
                // The decoder is made at `Answer`, which comes before both.
                (CoreEvent::Data | CoreEvent::End, None) => {
                    return Err(self.core.fail(Error::protocol("a body without a head")));
                }
            }
        }
    }

    /// The decoder refused. The engine's own error in a stream is held back until the rest is read away, so that the
    /// connection can be kept; everything else ends the call at once.
    fn failed(&mut self, e: Error) -> Result<()> {
        if !e.is_final() {
            self.core.tell(&Event::ItemFailed { error: &e });
            return Err(e);
        }
        if e.kind() == ErrorKind::InStream && !self.core.is_upgraded() {
            let e = self.core.about(e.in_phase(crate::Phase::Body));
            self.core.observe_error(&e);
            self.held = Some(e);
            self.core.drain();
            return Ok(());
        }
        Err(self.core.fail(e))
    }

    /// What the head of the answer said, once [`Progress::Head`] was reported.
    pub fn head(&self) -> Option<&<O::Reply as Reply>::Head> {
        self.head.as_ref()
    }

    /// What a driver drives.
    pub fn core(&mut self) -> &mut Core {
        &mut self.core
    }

    /// The decoder and the core, for reading straight from the receive block.
    pub fn parts(&mut self) -> (&mut Core, Option<&mut <O::Reply as Reply>::Decoder>) {
        (&mut self.core, self.decoder.as_mut())
    }
}

impl<O: Operation> fmt::Debug for Call<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Call").field(&self.core).finish()
    }
}
