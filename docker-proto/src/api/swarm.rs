//! The swarm an engine is in: made, joined, left, and its settings.
//!
//! ```
//! use docker_proto::api::swarm::{Init, Join, Update};
//! use docker_proto::model::{SwarmInitBody, SwarmJoinBody, SwarmSpec};
//!
//! let init = Init::new(SwarmInitBody::new().listen_addr("0.0.0.0:2377").advertise_addr("10.0.0.1"));
//! let join = Join::new(SwarmJoinBody::new().remote_addrs(["10.0.0.1:2377"]).join_token("SWMTKN-1-..."));
//! // The specification as it was inspected, its version, and new tokens.
//! let update = Update::new(42, SwarmSpec::new()).rotate_worker_token(true);
//! ```

use crate::model::{Swarm, SwarmInitBody, SwarmJoinBody, SwarmSpec, SwarmUnlockKey};
use crate::op::{Done, Json};
use alloc::string::String;

operation! {
    /// Tells the swarm's settings, and the tokens that let engines join.
    ///
    /// Errors: 503 the engine is no manager of a swarm, or waits for its unlock key.
    ///
    /// Next: [`Update`] it with the `version` of the answer, or [`Join`] it from another engine with a token.
    swarm::Inspect = "SwarmInspect", Get "/swarm" => Json<Swarm> {}
}

operation! {
    /// Makes a swarm with this engine as its first manager, and gives the engine's id as a node.
    ///
    /// Answers once the manager is ready, which takes seconds. An engine with several addresses must be told which one
    /// to advertise.
    ///
    /// Errors: 400 an address that it cannot use, or cannot choose; 503 it is in a swarm already.
    ///
    /// Next: [`Inspect`] it for the tokens, and [`Join`] from other engines.
    swarm::Init = "SwarmInit", Post "/swarm/init" => Json<String> {
        body SwarmInitBody;
        patience Slow
    }
}

operation! {
    /// Makes this engine a node of a swarm. The token says which swarm, and whether it becomes a worker or a manager.
    ///
    /// Answers once it has joined. After 20 seconds without success it is a 503; the engine may go on trying then, and
    /// [`system::Info`](crate::api::system::Info) tells whether it does.
    ///
    /// Errors: 400 the token of another swarm, or an address that it cannot use; 500 a text that is no token; 503 it is
    /// in a swarm already, or nobody answered in time.
    ///
    /// Next: [`system::Info`](crate::api::system::Info) for its id, or [`Leave`].
    swarm::Join = "SwarmJoin", Post "/swarm/join" => Done {
        body SwarmJoinBody;
        patience Slow
    }
}

operation! {
    /// Takes this engine out of its swarm. Its tasks end. The others keep it as a node that is down: a manager
    /// [removes](crate::api::nodes::Remove) it.
    ///
    /// Errors: 503 it is in no swarm, or it is a manager and is not forced.
    ///
    /// Next: [`Init`] or [`Join`] another one.
    swarm::Leave = "SwarmLeave", Post "/swarm/leave" => Done {
        query {
            /// Also if it is a manager, even the last one, whose swarm is lost then.
            force: bool,
        }
        patience Slow
    }
}

operation! {
    /// Replaces the swarm's settings, all of them: start from those that [`Inspect`] gave. It can also exchange tokens
    /// and keys; the old ones are worthless at once.
    ///
    /// Errors: 400 settings that do not fit; 500 `update out of sequence`: something changed since, inspect again;
    /// 503 the engine is no manager of a swarm.
    ///
    /// Next: [`Inspect`] for new tokens, [`UnlockKey`] for the new key.
    swarm::Update = "SwarmUpdate", Post "/swarm/update" => Done {
        required {
            /// The `index` of the swarm's `version`.
            version: u64,
        }
        query {
            /// Makes a new token for workers.
            rotate_worker_token = "rotateWorkerToken": bool,
            /// Makes a new token for managers.
            rotate_manager_token = "rotateManagerToken": bool,
            /// Makes a new key that unlocks managers.
            rotate_manager_unlock_key = "rotateManagerUnlockKey": bool since 25,
        }
        body SwarmSpec;
    }
}

operation! {
    /// Tells the key that unlocks managers after a restart. Keep it elsewhere: a locked manager does not tell it. It is
    /// empty if managers are not locked.
    ///
    /// Errors: 503 the engine is no manager of a swarm, or is locked.
    ///
    /// Next: [`Unlock`] managers with it.
    swarm::UnlockKey = "SwarmUnlockkey", Get "/swarm/unlockkey" => Json<SwarmUnlockKey> { since 25 }
}

operation! {
    /// Unlocks this engine, a manager that waits for its key since it was started.
    ///
    /// Errors: 400 a text that is no key; 401 it is another key; 409 it is not locked; 503 it is in no swarm.
    ///
    /// Next: [`Inspect`] the swarm.
    swarm::Unlock = "SwarmUnlock", Post "/swarm/unlock" => Done {
        body SwarmUnlockKey;
        patience Slow
        since 25
    }
}
