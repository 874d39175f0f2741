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
    /// # async fn example(docker: docker_tokio::Docker) -> docker_tokio::Result<()> {
    /// use docker_tokio::api::images::Pull;
    ///
    /// let image = "reg.example:5200/team/app";
    /// let pull = Pull::new(image).tag("1").registry_auth(docker.auth_for(image).await?);
    /// let mut pull = docker.stream(pull);
    /// while let Some(progress) = pull.try_next().await? {
    ///     println!("{:?}", progress.status);
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// A file, variable or helper program that is there and does not work.
    #[inline]
    pub async fn auth_for(&self, image: impl Into<Lookup>) -> Result<RegistryAuth> {
        Ok(ask(image.into()).await?.header())
    }

    /// All credentials that there are, for a build.
    ///
    /// # Errors
    /// As of [`auth_for`](Self::auth_for).
    #[inline]
    pub async fn auths(&self) -> Result<RegistryConfig> {
        ask(AllCredentials::new()).await
    }

    /// Has the engine check an account at a registry, and keeps it where the docker command does.
    ///
    /// ```no_run
    /// # async fn example(docker: docker_tokio::Docker) -> docker_tokio::Result<()> {
    /// use docker_tokio::credentials::Login;
    ///
    /// docker.login(Login::new("reg.example:5200", "me", "open sesame")).await?;
    /// docker.logout("reg.example:5200").await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// The registry refuses the account, and nothing is kept; or it cannot be kept.
    #[inline]
    pub async fn login(&self, login: Login) -> Result<Stored> {
        let checked = self.call(login.check()).await?;
        ask(login.store(&checked)).await
    }

    /// Forgets the account at a registry.
    ///
    /// # Errors
    /// It cannot be taken out of the place where it is kept.
    #[inline]
    pub async fn logout(&self, registry: &str) -> Result<Stored> {
        ask(Logout::new(registry)).await
    }
}
