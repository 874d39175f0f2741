//! The other side of TLS: authorities, certificates, and a door that speaks TLS in front of something that does not.

use docker_proto::session::{Config, Endpoint};
use docker_proto::tls::Tls;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
};
use std::future::Future;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, copy_bidirectional};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig, SupportedProtocolVersion, crypto, version};

type Failure = Box<dyn std::error::Error>;

/// A certificate and its key, as PEM.
#[derive(Clone)]
pub struct Pair {
    /// The certificate.
    pub certificate: String,
    /// The key, as PKCS#8.
    pub key: String,
}

/// Who signs certificates.
pub struct Authority {
    /// Its own certificate, as PEM.
    pub certificate: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    /// A new one.
    pub fn new(name: &str) -> Result<Self, Failure> {
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
        let certificate = params.self_signed(&key)?.pem();
        Ok(Self { certificate, issuer: Issuer::new(params, key) })
    }

    /// A certificate for a server with these names and addresses, valid in these years.
    pub fn server(&self, names: &[&str], years: (i32, i32)) -> Result<Pair, Failure> {
        let mut params = CertificateParams::new(names.iter().map(|&n| n.into()).collect::<Vec<String>>())?;
        params.not_before = rcgen::date_time_ymd(years.0, 1, 1);
        params.not_after = rcgen::date_time_ymd(years.1, 1, 1);
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        self.sign(params, KeyPair::generate()?)
    }

    /// A certificate for the loopback.
    pub fn loopback(&self) -> Result<Pair, Failure> {
        self.server(&["localhost", "127.0.0.1"], YEARS)
    }

    /// A certificate for a client, with a new key or the one given as PKCS#8.
    pub fn client(&self, key: Option<&str>) -> Result<Pair, Failure> {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, "client");
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        self.sign(params, key.map_or_else(KeyPair::generate, KeyPair::from_pem)?)
    }

    fn sign(&self, params: CertificateParams, key: KeyPair) -> Result<Pair, Failure> {
        let certificate = params.signed_by(&key, &self.issuer)?.pem();
        Ok(Pair { certificate, key: key.serialize_pem() })
    }
}

/// Years that hold today.
pub const YEARS: (i32, i32) = (2020, 2120);

/// What a door is made of.
pub struct Door {
    /// The server's.
    pub pair: Pair,
    /// Clients must show a certificate of this authority.
    pub clients: Option<String>,
    /// TLS 1.2 and nothing newer.
    pub old: bool,
    /// Breaks off where it should say that it ends.
    pub rude: bool,
}

impl Door {
    /// A door for everybody.
    pub fn new(pair: Pair) -> Self {
        Self { pair, clients: None, old: false, rude: false }
    }

    /// Only for clients of this authority.
    pub fn clients(mut self, authority: &Authority) -> Self {
        self.clients = Some(authority.certificate.clone());
        self
    }

    /// Opens it in front of `target`, on a port of the loopback.
    pub fn open(self, target: &str) -> Result<SocketAddr, Failure> {
        let (acceptor, rude) = (TlsAcceptor::from(Arc::new(self.config()?)), self.rude);
        accept(target, move |client, target| serve(acceptor.clone(), client, target, rude))
    }

    fn config(&self) -> Result<ServerConfig, Failure> {
        let provider = Arc::new(crypto::ring::default_provider());
        let versions: &[&SupportedProtocolVersion] =
            if self.old { &[&version::TLS12] } else { &[&version::TLS12, &version::TLS13] };
        let config = ServerConfig::builder_with_provider(provider.clone()).with_protocol_versions(versions)?;
        let config = match &self.clients {
            None => config.with_no_client_auth(),
            Some(ca) => {
                let mut roots = RootCertStore::empty();
                roots.add(CertificateDer::from_pem_slice(ca.as_bytes())?)?;
                config.with_client_cert_verifier(
                    WebPkiClientVerifier::builder_with_provider(roots.into(), provider).build()?,
                )
            }
        };
        let chain = vec![CertificateDer::from_pem_slice(self.pair.certificate.as_bytes())?];
        let mut config = config.with_single_cert(chain, PrivateKeyDer::from_pem_slice(self.pair.key.as_bytes())?)?;
        // As a daemon that would rather speak HTTP/2.
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(config)
    }
}

/// A port of the loopback that leads to `target` as it is.
pub fn forward(target: &str) -> Result<SocketAddr, Failure> {
    accept(target, |mut client, target| async move {
        client.set_nodelay(true)?;
        match target.strip_prefix("unix://") {
            Some(path) => copy_bidirectional(&mut client, &mut tokio::net::UnixStream::connect(path).await?).await,
            None => Err(io::Error::other(format!("{target} is no unix socket"))),
        }
        .map(drop)
    })
}

/// Serves connections to a port of the loopback on a thread of its own, as long as the process lives.
fn accept<F>(target: &str, serve: impl Fn(TcpStream, String) -> F + Send + 'static) -> Result<SocketAddr, Failure>
where
    F: Future<Output = io::Result<()>> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    listener.set_nonblocking(true)?;
    let target = target.to_owned();
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(async move {
            let listener = tokio::net::TcpListener::from_std(listener).expect("a runtime is here");
            while let Ok((client, _)) = listener.accept().await {
                // Who is refused was told why; who leaves, left.
                tokio::spawn(serve(client, target.clone()));
            }
        });
    });
    Ok(address)
}

async fn serve(acceptor: TlsAcceptor, client: TcpStream, target: String, rude: bool) -> io::Result<()> {
    client.set_nodelay(true)?;
    let mut client = acceptor.accept(client).await?;
    if client.get_ref().1.alpn_protocol() != Some(b"http/1.1") {
        return Err(io::Error::other("another protocol was agreed on"));
    }
    match target.strip_prefix("unix://") {
        Some(path) => pass(&mut client, tokio::net::UnixStream::connect(path).await?, rude).await,
        None => {
            let address = target.strip_prefix("tcp://").unwrap_or(&target);
            pass(&mut client, TcpStream::connect(address).await?, rude).await
        }
    }
}

async fn pass(
    client: &mut tokio_rustls::server::TlsStream<TcpStream>,
    mut target: impl AsyncRead + AsyncWrite + Unpin,
    rude: bool,
) -> io::Result<()> {
    if rude {
        let ((mut requests, mut answers), (mut from, mut to)) = (tokio::io::split(client), tokio::io::split(target));
        return tokio::select! {
            Err(e) = tokio::io::copy(&mut requests, &mut to) => Err(e),
            answered = tokio::io::copy(&mut from, &mut answers) => match answered {
                Ok(_) => answers.flush().await,
                Err(e) => Err(e),
            },
        };
    }
    copy_bidirectional(client, &mut target).await.map(drop)
}

/// The endpoint of a door, through TLS.
pub fn endpoint(address: SocketAddr, tls: Tls) -> Result<Endpoint, docker_proto::Error> {
    Endpoint::parse(&format!("tcp://{address}"))?.with_tls(tls)
}

/// A client of an endpoint.
pub fn client<R: crate::runtime::Runtime>(endpoint: Endpoint) -> R {
    let (config, limits) = (Config::new(&endpoint), endpoint.pool_limits());
    R::new(endpoint, config, limits)
}
