//! The verbs for credentials: where they are is [`credentials`](crate::credentials)' business.

use crate::ask::ask;
use crate::{Docker, Result};
use docker_proto::credentials::{AllCredentials, Login, Logout, Lookup, Stored};
use docker_proto::op::{RegistryAuth, RegistryConfig};

impl Docker {
    /// The credentials for the registry of an image, found where the docker command keeps them; anonymous if there are none.
    /// See [`credentials`](crate::credentials) for the places, and [`Lookup`] for more choices.
    ///
    /// ```no_run
    /// # fn example(docker: docker_blocking::Docker) -> docker_blocking::Result<()> {
    /// use docker_blocking::api::images::Pull;
    ///
    /// let image = "reg.example:5200/team/app";
    /// let pull = Pull::new(image).tag("1").registry_auth(docker.auth_for(image)?);
    /// for progress in docker.stream(pull) {
    ///     println!("{:?}", progress?.status);
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// A file, variable or helper program that is there and does not work.
    #[inline]
    pub fn auth_for(&self, image: impl Into<Lookup>) -> Result<RegistryAuth> {
        Ok(ask(image.into())?.header())
    }

    /// All credentials that there are, for a build.
    ///
    /// # Errors
    /// As of [`auth_for`](Self::auth_for).
    #[inline]
    pub fn auths(&self) -> Result<RegistryConfig> {
        ask(AllCredentials::new())
    }

    /// Has the engine check an account at a registry, and keeps it where the docker command does.
    ///
    /// ```no_run
    /// # fn example(docker: docker_blocking::Docker) -> docker_blocking::Result<()> {
    /// use docker_blocking::credentials::Login;
    ///
    /// docker.login(Login::new("reg.example:5200", "me", "open sesame"))?;
    /// docker.logout("reg.example:5200")?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// The registry refuses the account, and nothing is kept; or it cannot be kept.
    #[inline]
    pub fn login(&self, login: Login) -> Result<Stored> {
        let checked = self.call(login.check())?;
        ask(login.store(&checked))
    }

    /// Forgets the account at a registry.
    ///
    /// # Errors
    /// It cannot be taken out of the place where it is kept.
    #[inline]
    pub fn logout(&self, registry: &str) -> Result<Stored> {
        ask(Logout::new(registry))
    }
}
