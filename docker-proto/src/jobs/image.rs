//! Images that are to be there.

use super::{Answers, Job, Verbs};
use crate::api::images::{Inspect, Pull};
use crate::model::{ImageInspect, OCIPlatform, Progress};
use crate::op::{Operation, PlatformText, RegistryAuth, Reply};
use crate::values::Reference;
use crate::{Error, Result};
use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use core::fmt;

/// Makes sure that an image is there: pulls it if it is missing, and tells everything about it.
///
/// Without a tag, `latest` is meant. An id names an image that must be there already. Waits for the registry as long as
/// it takes; dropping the job, and [calling it off](Job::until), end the pull. An image that was complete by then stays, and
/// a job that is called off ends well with it.
///
/// ```no_run
/// use docker_proto::jobs::ensure_image;
///
/// let job = ensure_image("alpine:3.22").platform("linux/arm64").watch(|progress| {
///     eprintln!("{:?} {:?}", progress.id, progress.status);
/// });
/// // let ensured = docker.job(job).await?;
/// ```
#[inline]
pub fn ensure_image(image: impl Into<String>) -> EnsureImage {
    EnsureImage { image: image.into(), platform: None, auth: None, watch: None }
}

/// See [`ensure_image`].
#[must_use = "a job does nothing until `docker.job(..)` does it"]
pub struct EnsureImage {
    image: String,
    platform: Option<PlatformText>,
    auth: Option<RegistryAuth>,
    watch: Option<Watch>,
}

type Watch = Box<dyn FnMut(Progress) + Send>;

/// An image that is there.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Ensured {
    /// Everything about it.
    pub image: ImageInspect,
    /// Whether it had to be pulled.
    pub pulled: bool,
}

impl EnsureImage {
    /// Only an image for this platform will do.
    #[inline]
    pub fn platform(mut self, platform: impl Into<PlatformText>) -> Self {
        self.platform = Some(platform.into());
        self
    }

    /// Credentials for the registry.
    #[inline]
    pub fn auth(mut self, auth: impl Into<RegistryAuth>) -> Self {
        self.auth = Some(auth.into());
        self
    }

    /// Shows the progress of the pull, if there is one.
    #[inline]
    pub fn watch(mut self, watch: impl FnMut(Progress) + Send + 'static) -> Self {
        self.watch = Some(Box::new(watch));
        self
    }
}

impl fmt::Debug for EnsureImage {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EnsureImage")
            .field("image", &self.image)
            .field("platform", &self.platform)
            .finish_non_exhaustive()
    }
}

impl Job for EnsureImage {
    type Output = Ensured;

    #[inline]
    async fn run<V: Verbs>(self, docker: &V) -> Result<Ensured> {
        let wanted = self.platform.as_ref().map(|platform| &platform.0);
        match docker.call(Inspect::new(&*self.image)).await {
            Ok(image) if wanted.is_none_or(|platform| is_for(&image, platform)) => {
                return Ok(Ensured { image, pulled: false });
            }
            Err(e) if !e.is_not_found() => return Err(e),
            _ => {}
        }
        let off = match pull(docker, &self.image, self.platform.clone(), self.auth, self.watch).await {
            Err(e) if docker.still_wanted().is_ok() => return Err(e),
            pulled => pulled.err(),
        };
        // Who calls the job off gets what is there: that it is complete may just have been on its way.
        let found = docker.shielded().call(Inspect::new(&*self.image)).await;
        match (found, off) {
            (Err(_), Some(e)) | (Err(e), None) => Err(e),
            (Ok(image), off) => match wanted.filter(|platform| !is_for(&image, platform)) {
                None => Ok(Ensured { image, pulled: true }),
                Some(platform) => Err(off.unwrap_or_else(|| {
                    Error::protocol(format!(
                        "the image {} was pulled for {platform:?}, and is for {:?} on {:?}",
                        self.image, image.os, image.architecture
                    ))
                })),
            },
        }
    }
}

/// Whether an image is for a platform, as far as both say.
#[inline]
fn is_for(image: &ImageInspect, platform: &OCIPlatform) -> bool {
    let differ = |asked: &Option<String>, is: &Option<String>| matches!((asked, is), (Some(asked), Some(is)) if !is.is_empty() && !asked.eq_ignore_ascii_case(is));
    !differ(&platform.os, &image.os)
        && !differ(&platform.architecture, &image.architecture)
        && !differ(&platform.variant, &image.variant)
}

/// Pulls an image by the name that people write.
#[inline]
pub(super) async fn pull<V: Verbs>(
    docker: &V,
    image: &str,
    platform: Option<PlatformText>,
    auth: Option<RegistryAuth>,
    mut watch: Option<Watch>,
) -> Result<()> {
    let reference = Reference::parse(image)?;
    let mut pull = Pull::new(reference.clone().without_version().familiar()).tag(reference.tag_or_digest());
    pull.platform = platform;
    pull.registry_auth = auth;
    follow(&mut docker.begin(pull), &mut watch).await
}

/// Shows progress until its end.
#[inline]
pub(super) async fn follow<O, A>(progress: &mut A, watch: &mut Option<Watch>) -> Result<()>
where
    O: Operation<Reply: Reply<Item = Progress>>,
    A: Answers<O>,
{
    while let Some(item) = progress.next().await {
        match item {
            Ok(item) => {
                if let Some(watch) = watch {
                    watch(item);
                }
            }
            Err(e) if e.is_final() => return Err(e),
            // Progress that cannot be read is no reason to give up.
            Err(_) => {}
        }
    }
    Ok(())
}
