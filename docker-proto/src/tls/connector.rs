//! What all TLS connections of a client share.

use super::pem::Key;
use super::secured::Secured;
use super::verify::{AnyName, Anybody};
use super::{Material, Tls};
use crate::drive::Carrier;
use crate::{Error, Result};
use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;
use core::fmt;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore};

/// Makes connections to one engine secure. Cheap to clone; they resume each other's sessions.
#[derive(Clone)]
pub struct Connector {
    config: Arc<ClientConfig>,
    name: ServerName<'static>,
    /// As people wrote it.
    host: String,
}

impl Connector {
    /// For the engine at `host`, a name or an IP address. `system` is asked for the certificates, as DER, that the system
    /// trusts, if the user named none.
    ///
    /// # Errors
    /// [`Usage`](crate::ErrorKind::Usage): a certificate, a key or the name cannot be used, and why.
    pub fn new(tls: &Tls, host: &str, system: impl FnOnce() -> Vec<Vec<u8>>) -> Result<Self> {
        let Material { roots, client } = tls.material()?;
        let wrong = |what: &str, why: &dyn fmt::Display| Error::usage(format!("TLS: {what}: {why}"));
        let host = tls.server_name.as_deref().unwrap_or(host);
        let name = ServerName::try_from(String::from(host)).map_err(|e| wrong(&format!("the name {host:?}"), &e))?;
        let provider = Arc::new(ring::default_provider());
        let verifier: Arc<dyn ServerCertVerifier> = if tls.verify {
            let given = roots.is_some();
            let mut store = RootCertStore::empty();
            // Of the system's there may be one or the other that is not understood; of the user's there may not.
            for root in roots.unwrap_or_else(system) {
                let added = store.add(CertificateDer::from(root));
                added.or_else(|e| if given { Err(wrong("the authorities' certificates", &e)) } else { Ok(()) })?;
            }
            if store.is_empty() {
                return Err(wrong("the authorities' certificates", &"none is given, and the system has none"));
            }
            let web_pki = WebPkiServerVerifier::builder_with_provider(store.into(), provider.clone())
                .build()
                .map_err(|e| wrong("the authorities' certificates", &e))?;
            if tls.verify_name { web_pki } else { Arc::new(AnyName(web_pki)) }
        } else {
            Arc::new(Anybody(provider.clone()))
        };
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|e| wrong("its versions", &e))?
            .dangerous()
            .with_custom_certificate_verifier(verifier);
        let mut config = match client {
            None => config.with_no_client_auth(),
            Some((chain, key)) => {
                let chain = chain.into_iter().map(CertificateDer::from).collect();
                let key = match key {
                    Key::Pkcs8(der) => PrivateKeyDer::Pkcs8(der.into()),
                    Key::Pkcs1(der) => PrivateKeyDer::Pkcs1(der.into()),
                    Key::Sec1(der) => PrivateKeyDer::Sec1(der.into()),
                };
                config.with_client_auth_cert(chain, key).map_err(|e| wrong("the client's certificate and key", &e))?
            }
        };
        // Engines speak HTTP/2 too, but an upgraded connection exists in HTTP/1.1 only.
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { config: Arc::new(config), name, host: host.into() })
    }

    /// TLS over a connection that is there; its [handshake](Secured::poll_handshake) comes next.
    ///
    /// # Errors
    /// None that is known of: the settings were looked at before.
    pub fn connect<C: Carrier>(&self, carrier: C) -> Result<Secured<C>> {
        let tls = ClientConnection::new(self.config.clone(), self.name.clone())
            .map_err(|e| Error::usage(format!("TLS: {e}")))?;
        Ok(Secured::new(carrier, tls, self.host.clone()))
    }
}

impl fmt::Debug for Connector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connector").field("host", &self.host).finish_non_exhaustive()
    }
}
