//! Bodies about registries: who asks them, and what they tell of an image.

use super::macros::model;
use super::{OCIDescriptor, OCIPlatform, SecretText};
use alloc::string::String;

model! {
    /// Who somebody is to a registry: a name with a password, or one of the two tokens.
    pub struct AuthConfig {
        /// Name of the account.
        username: "username" String,
        /// Its password.
        password: "password" SecretText,
        /// The registry, such as `https://index.docker.io/v1/`.
        server_address: "serveraddress" String,
        /// What a login gave instead of the password.
        identity_token: "identitytoken" SecretText,
        /// A bearer token, sent to the registry as it is.
        registry_token: "registrytoken" SecretText,
        /// Mail address; not read.
        email: "email" String since 1.25 until 1.51,
    }

    /// What checking an account gives.
    pub struct AuthResponse {
        /// That it went well, for people.
        status: "Status" String,
        /// Keep this instead of the password, unless it is empty.
        identity_token: "IdentityToken" SecretText,
    }

    /// What a registry tells of an image, without pulling it.
    pub struct DistributionInspect {
        /// What the name points to.
        descriptor: "Descriptor" OCIDescriptor since 1.30,
        /// What the image runs on.
        platforms: "Platforms" [OCIPlatform] since 1.30,
    }
}
