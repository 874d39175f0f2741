//! Secrets and configs: files that a swarm hands to tasks.

use super::{Driver, ObjectVersion};
use crate::model::Base64;
use crate::model::macros::model;
use alloc::string::String;

model! {
    /// A secret of a swarm, without its content.
    pub struct Secret {
        /// Its id.
        id: "ID" String since 1.25,
        /// Number that an update must name.
        version: "Version" ObjectVersion since 1.25,
        /// Creation time, RFC 3339.
        created_at: "CreatedAt" String since 1.25,
        /// Time of the last change, RFC 3339.
        updated_at: "UpdatedAt" String since 1.25,
        /// The settings.
        spec: "Spec" SecretSpec since 1.25,
    }

    /// Settings of a secret. An update may change the labels, nothing else.
    pub struct SecretSpec {
        /// Its name.
        name: "Name" String since 1.25,
        /// Free metadata.
        labels: "Labels" {String} since 1.25,
        /// The content, 500 KiB at most; empty with a driver, never in answers.
        data: "Data" Base64 since 1.25,
        /// The store that has the content, if it is not the swarm's own.
        driver: "Driver" Driver since 1.31,
        /// What fills in the content as a template.
        templating: "Templating" Driver since 1.37,
    }

    /// What creating a secret gives.
    pub struct SecretCreateResponse {
        /// Id of the new secret.
        id: "ID" String,
    }

    /// A config of a swarm.
    pub struct Config {
        /// Its id.
        id: "ID" String since 1.30,
        /// Number that an update must name.
        version: "Version" ObjectVersion since 1.30,
        /// Creation time, RFC 3339.
        created_at: "CreatedAt" String since 1.30,
        /// Time of the last change, RFC 3339.
        updated_at: "UpdatedAt" String since 1.30,
        /// The settings, the content among them.
        spec: "Spec" ConfigSpec since 1.30,
    }

    /// Settings of a config. An update may change the labels, nothing else.
    pub struct ConfigSpec {
        /// Its name.
        name: "Name" String since 1.30,
        /// Free metadata.
        labels: "Labels" {String} since 1.30,
        /// The content, 1000 KiB at most; 500 KiB on older engines.
        data: "Data" Base64 since 1.30,
        /// What fills in the content as a template.
        templating: "Templating" Driver since 1.37,
    }

    /// What creating a config gives.
    pub struct ConfigCreateResponse {
        /// Id of the new config.
        id: "ID" String,
    }
}
