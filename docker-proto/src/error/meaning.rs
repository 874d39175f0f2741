//! What an error means to somebody who has to act on it: pull the image, correct the value, ask for credentials.
//!
//! Statuses and kinds are not always enough, for an engine passes on what a registry said under any status, or under none
//! in the middle of a stream. Where words decide, they are those that engines 20.10 to 28 and podman really send.

use super::{Error, ErrorKind};

impl Error {
    /// The engine knows no such object (404).
    #[inline]
    pub fn is_not_found(&self) -> bool {
        self.status() == Some(404)
    }

    /// The object is in a state that forbids it (409).
    #[inline]
    pub fn is_conflict(&self) -> bool {
        self.status() == Some(409)
    }

    /// The engine, or an authorization plugin in front of it, does not allow it (403).
    #[inline]
    pub fn is_forbidden(&self) -> bool {
        self.status() == Some(403)
    }

    /// This engine cannot do it, as it is built or set up (501).
    #[inline]
    pub fn is_not_implemented(&self) -> bool {
        self.status() == Some(501)
    }

    /// Not now: the engine is no manager of a swarm, is locked, or a proxy in front of it finds nobody there (502 to 504).
    #[inline]
    pub fn is_unavailable(&self) -> bool {
        matches!(self.status(), Some(502..=504))
    }

    /// A registry has had enough requests for now: 429, or its words passed on by the engine. If somebody says when to come
    /// again, it is in [`head`](Self::head).
    #[inline]
    pub fn is_rate_limited(&self) -> bool {
        const SAID: &[&str] = &["toomanyrequests", "too many requests"];
        self.status() == Some(429) || (self.is_said_by_engine() && SAID.iter().any(|words| self.says(words)))
    }

    /// The engine blames the request (400 to 499).
    #[inline]
    pub fn is_client_error(&self) -> bool {
        self.kind() == ErrorKind::Engine && matches!(self.status(), Some(400..=499))
    }

    /// The engine blames itself or what is behind it (500 to 599).
    #[inline]
    pub fn is_server_error(&self) -> bool {
        self.kind() == ErrorKind::Engine && matches!(self.status(), Some(500..=599))
    }

    /// A deadline passed.
    #[inline]
    pub fn is_timeout(&self) -> bool {
        self.kind() == ErrorKind::Timeout
    }

    /// The call was cancelled from elsewhere.
    #[inline]
    pub fn is_cancelled(&self) -> bool {
        self.kind() == ErrorKind::Cancelled
    }

    /// A value that makes no sense: found before a byte was sent, or by the engine (400).
    #[inline]
    pub fn is_invalid_argument(&self) -> bool {
        self.kind() == ErrorKind::Usage || (self.status() == Some(400) && !self.is_version_refusal())
    }

    /// The API version does not have what was asked for, or engine and client have no version in common.
    #[inline]
    pub fn is_unsupported_version(&self) -> bool {
        self.kind() == ErrorKind::Version || self.is_version_refusal()
    }

    /// What arrived cannot be understood: broken HTTP, frames or JSON, a message without its end, a value of another
    /// type.
    #[inline]
    pub fn is_malformed(&self) -> bool {
        matches!(self.kind(), ErrorKind::Protocol | ErrorKind::Truncated | ErrorKind::Decode)
    }

    /// A registry, or something in front of the engine, wants other credentials.
    #[inline]
    pub fn is_unauthorized(&self) -> bool {
        const SAID: &[&str] =
            &["unauthorized", "no basic auth credentials", "authentication required", "incorrect username or password"];
        self.status() == Some(401) || (self.is_said_by_engine() && SAID.iter().any(|words| self.says(words)))
    }

    /// The image that is missing, by the name it was asked for: on the engine when a container is created from it, or it
    /// is inspected, tagged, pushed, saved or removed; in its registry when it is pulled.
    ///
    /// A registry does not tell a missing image from one that needs credentials. An image that is there for another
    /// platform only is missing as well.
    #[inline]
    pub fn missing_image(&self) -> Option<&str> {
        let operation = self.operation().filter(|_| self.is_said_by_engine())?;
        match operation {
            "ContainerCreate" if self.is_not_found() => named_in(self.message()),
            "ImageCreate" | "DistributionInspect" if self.is_not_found() || self.is_unknown_to_registry() => {
                self.target()
            }
            "ImagePush" if self.is_not_found() || self.says("does not exist locally") => self.target(),
            _ if operation.starts_with("Image") && self.is_not_found() => self.target(),
            _ => None,
        }
    }

    /// An image is missing; see [`missing_image`](Self::missing_image).
    #[inline]
    pub fn is_image_not_found(&self) -> bool {
        self.missing_image().is_some()
    }

    /// A build began and failed. If a step did, [`exit_code`](Self::exit_code) is that of its command.
    #[inline]
    pub fn is_build_failed(&self) -> bool {
        self.operation() == Some("ImageBuild") && self.kind() == ErrorKind::InStream
    }

    /// What was uploaded to be loaded is no image.
    #[inline]
    pub fn is_load_failed(&self) -> bool {
        // Engines find out in the middle of the answer, podman before it.
        let podman = || self.is_server_error() && self.says("failed to load image");
        self.operation() == Some("ImageLoad") && (self.kind() == ErrorKind::InStream || podman())
    }

    /// The exit code of a process that failed: of a container or an exec that was asked for success, of a step of a
    /// build.
    #[inline]
    pub fn exit_code(&self) -> Option<i64> {
        if self.is_build_failed() {
            let told = self.status().map(i64::from);
            // Only the classic builder sends a code; these are the words of podman and of BuildKit.
            let said = |words| self.message().rsplit_once(words)?.1.trim().parse().ok();
            return told.or_else(|| said("exit status ")).or_else(|| said("exit code: "));
        }
        self.0.exit_code
    }

    /// `client version 1.56 is too new ...` and `... is too old ...`: the engine's version middleware.
    #[inline]
    pub(crate) fn is_version_refusal(&self) -> bool {
        self.status() == Some(400)
            && self.message().starts_with("client version ")
            && (self.message().contains(" is too new") || self.message().contains(" is too old"))
    }

    #[inline]
    fn is_said_by_engine(&self) -> bool {
        matches!(self.kind(), ErrorKind::Engine | ErrorKind::InStream)
    }

    #[inline]
    fn is_unknown_to_registry(&self) -> bool {
        ["manifest unknown", "name unknown", "pull access denied"].iter().any(|words| self.says(words))
    }

    /// Whether the message has these words, which are lower case, in whatever case.
    #[inline]
    fn says(&self, words: &str) -> bool {
        let (message, words) = (self.message().as_bytes(), words.as_bytes());
        message.windows(words.len()).any(|part| part.eq_ignore_ascii_case(words))
    }
}

/// The image in what engines say if they cannot create a container from it.
#[inline]
fn named_in(message: &str) -> Option<&str> {
    // `No such image: alpine:1` and podman's `no such image: docker.io/library/alpine:1: image not known`.
    if let Some(rest) = message.strip_prefix("No such image: ").or_else(|| message.strip_prefix("no such image: ")) {
        return rest.split(": ").next().filter(|name| !name.is_empty());
    }
    // `image with reference alpine:1 was found but its platform ... does not match ...`
    let rest = message.strip_prefix("image with reference ")?;
    rest.split_once(" was found").map(|(name, _)| name)
}
