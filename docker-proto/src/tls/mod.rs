//! TLS: whom to trust, who to be, and the records themselves.
//!
//! [`Tls`] is what a user says about it, and needs nothing but this crate. With the feature `tls`, which the adapters have
//! under the same name, `Connector` and `Secured` speak it: one machine for every runtime, over whatever carries the
//! bytes. rustls does the cryptography; it brings its own clock and randomness, the only ones in this crate.
//!
//! What belongs here is what TLS is about; which files hold certificates is found out by [`resolve`](crate::resolve).

#[cfg(feature = "tls")]
mod connector;
mod pem;
#[cfg(feature = "tls")]
mod refusal;
#[cfg(feature = "tls")]
mod secured;
#[cfg(feature = "tls")]
mod verify;

#[cfg(feature = "tls")]
pub use self::connector::Connector;
#[cfg(feature = "tls")]
pub use self::secured::Secured;
#[cfg(feature = "tls")]
pub use crate::drive::Carrier;

use crate::{Error, Result};
use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use pem::Key;

/// How an engine is reached through TLS: whom to trust and who to be. The default trusts what the system trusts, checks
/// the engine's certificate and its name, and shows no certificate.
///
/// ```no_run
/// use docker_proto::tls::Tls;
///
/// let read = |name| std::fs::read(format!("/home/me/.docker/{name}.pem"));
/// let tls = Tls::new().ca(read("ca")?).client_certificate(read("cert")?, read("key")?);
/// // Docker::builder().url("tcp://engine.example:2376").tls(tls).build()?
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Tls {
    ca: Option<Pem>,
    /// The certificate and its key.
    client: Option<(Pem, Pem)>,
    verify: bool,
    verify_name: bool,
    server_name: Option<String>,
}

/// Shared by the clones of a client's settings.
type Pem = Arc<[u8]>;

impl Default for Tls {
    fn default() -> Self {
        Self { ca: None, client: None, verify: true, verify_name: true, server_name: None }
    }
}

impl Tls {
    /// The system's authorities, everything checked, no certificate of our own.
    #[inline]
    pub fn new() -> Self {
        Self::default()
    }

    /// Trusts these authorities instead of the system's: one or more certificates as PEM.
    #[inline]
    #[must_use]
    pub fn ca(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.ca = Some(pem.into().into());
        self
    }

    /// Shows this certificate, and those that follow it up to an authority, and has its key; both as PEM. The key is PKCS#8,
    /// PKCS#1 or SEC1; one that is encrypted is refused.
    #[inline]
    #[must_use]
    pub fn client_certificate(mut self, certificate: impl Into<Vec<u8>>, key: impl Into<Vec<u8>>) -> Self {
        self.client = Some((certificate.into().into(), key.into().into()));
        self
    }

    /// Whether the engine's certificate is checked; it is. Without that, whoever is between here and there can read and
    /// change everything, and an engine gives root to whoever speaks to it.
    #[inline]
    #[must_use]
    pub fn verify(mut self, verify: bool) -> Self {
        self.verify = verify;
        self
    }

    /// Whether the engine's certificate must be for the host that is dialled; it must. Without that, everybody who has a
    /// certificate of the same authority can be the engine: only for authorities that sign nothing else.
    #[inline]
    #[must_use]
    pub fn verify_name(mut self, verify: bool) -> Self {
        self.verify_name = verify;
        self
    }

    /// The name that the certificate must be for, and that the engine is told (SNI), instead of the host that is dialled.
    #[inline]
    #[must_use]
    pub fn server_name(mut self, name: impl Into<String>) -> Self {
        self.server_name = Some(name.into());
        self
    }

    /// Looks whether all of it can be used. Clients that are made with it have done so.
    ///
    /// # Errors
    /// [`Usage`](crate::ErrorKind::Usage), saying which part cannot be used and why. It repeats nothing of a key.
    #[inline]
    pub fn check(&self) -> Result<()> {
        self.material().map(drop)
    }

    #[inline]
    fn material(&self) -> Result<Material> {
        let wrong = |what: &str, why: String| Error::usage(format!("TLS: {what}: {why}"));
        let mut material = Material::default();
        if let Some(ca) = &self.ca {
            material.roots = Some(pem::certificates(ca).map_err(|why| wrong("the authorities' certificates", why))?);
        }
        if let Some((certificate, key)) = &self.client {
            let chain = pem::certificates(certificate).map_err(|why| wrong("the client's certificate", why))?;
            let key = pem::key(key).map_err(|why| wrong("the client's key", why))?;
            material.client = Some((chain, key));
        }
        Ok(material)
    }
}

/// What the PEM texts hold. Read from them where it is needed: a key is kept in one place only.
#[derive(Default)]
struct Material {
    roots: Option<Vec<Vec<u8>>>,
    client: Option<(Vec<Vec<u8>>, Key)>,
}

impl fmt::Debug for Tls {
    /// Without the key.
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls")
            .field("ca", &self.ca.is_some())
            .field("client_certificate", &self.client.is_some())
            .field("verify", &self.verify)
            .field("verify_name", &self.verify_name)
            .field("server_name", &self.server_name)
            .finish_non_exhaustive()
    }
}
