//! Reaches an engine through TLS: trusts one authority, and shows a certificate of its own. With the feature `tls`.

use crate::shared::Outcome;
use docker_blocking::Docker;
use docker_blocking::api::system::Version;
use docker_blocking::tls::Tls;
use std::fs::read;

pub(crate) fn main(url: &str, ca: &str, own: Option<(&str, &str)>) -> Outcome {
    let mut tls = Tls::new().ca(read(ca)?);
    if let Some((certificate, key)) = own {
        tls = tls.client_certificate(read(certificate)?, read(key)?);
    }
    let docker = Docker::builder().url(url).tls(tls).build()?;
    println!("API {}", docker.call(Version::new())?.api_version.unwrap_or_default());
    Ok(())
}
