//! Connections on which gRPC is spoken over HTTP/2: how BuildKit is driven.
//!
//! What is handed over is the connection: HTTP/2 and gRPC are not spoken here. Both operations are deprecated since API
//! 1.53; engines from 29.2 take HTTP/2 on their socket from the first byte.

use crate::op::Upgraded;
use alloc::string::String;

operation! {
    /// Opens a session, in which a builder asks the client for files, credentials and secrets.
    ///
    /// The client is the server from then on: it answers the HTTP/2 requests of the engine, among them a health check
    /// every few seconds, without which the engine ends the session. It must stay open as long as the build.
    ///
    /// Errors: 400 a session of that id is there, or was a moment ago; 404 the engine does not have it, or, below API
    /// 1.39, experimental features are off.
    ///
    /// Next: [`build::FromRemote`](crate::api::build::FromRemote) with `client-session` and the id of the session.
    session::Start = "Session", Post "/session" => Upgraded {
        header {
            /// Id of the session; make a new one for each.
            id = "X-Docker-Expose-Session-Uuid": String,
            /// Its name, for people.
            name = "X-Docker-Expose-Session-Name": String,
            /// What sessions of one directory have in common, so that the builder reuses what it has of it.
            shared_key = "X-Docker-Expose-Session-Sharedkey": String,
            /// The methods that the client serves, each as `/package.Service/Method`.
            methods = "X-Docker-Expose-Session-Grpc-Method": [String],
        }
        upgrade "h2c"
        patience Slow
        status [101]
        since 31
    }
}

operation! {
    /// Opens a connection to the builder inside the engine, which serves `moby.buildkit.v1.Control` on it.
    ///
    /// Errors: 404 the engine does not have it; 500 something on the way took the upgrade out of the request.
    ///
    /// Next: speak HTTP/2 and gRPC on it, as the client.
    session::Grpc = "Grpc", Post "/grpc" => Upgraded {
        upgrade "h2c"
        patience Slow
        status [101]
        since 40
        undocumented yes
    }
}
