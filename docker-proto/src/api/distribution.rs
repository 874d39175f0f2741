//! What a registry has, without pulling it.

use crate::model::DistributionInspect;
use crate::op::{Json, RegistryAuth};

operation! {
    /// Asks a registry what an image name points to, and which platforms it has.
    ///
    /// Nothing is pulled. The answer takes as long as the registry does.
    ///
    /// Errors: 401 the registry refuses the credentials; 404 it has no such image; 500 it wants credentials and got
    /// none, or cannot be reached.
    ///
    /// Next: [`images::Pull`](crate::api::images::Pull) by the digest gets exactly that.
    distribution::Inspect = "DistributionInspect", Get "/distribution/{name}/json" => Json<DistributionInspect> {
        path {
            /// The image, with registry and path, and a tag or digest.
            name: Image
        }
        header {
            /// Credentials for the registry.
            registry_auth = "X-Registry-Auth": RegistryAuth,
        }
        patience Slow
        since 30
    }
}
