//! Where an image comes from: signatures, pulls, builds.

use super::macros::{model, open_enum};
use alloc::string::String;

open_enum! {
    /// A signer that engines know by name.
    pub enum KnownSignerIdentity {
        /// Docker Hardened Images.
        Dhi = "DHI",
    }

    /// The format of a signature.
    pub enum SignatureType {
        /// A Sigstore bundle of version 0.3.
        BundleV03 = "bundle-v0.3",
        /// Simple Signing.
        SimpleSigningV1 = "simplesigning-v1",
    }

    /// A kind of proof of time.
    pub enum SignatureTimestampType {
        /// A transparency log.
        Tlog = "Tlog",
        /// A time-stamping authority.
        TimestampAuthority = "TimestampAuthority",
    }
}

model! {
    /// Where an image comes from, as far as it can be verified.
    pub struct Identity {
        /// Signatures that were checked.
        signature: "Signature" [SignatureIdentity] since 1.53,
        /// Registries it was pulled from.
        pull: "Pull" [PullIdentity] since 1.53,
        /// Builds that made it here.
        build: "Build" [BuildIdentity] since 1.53,
    }

    /// A local build.
    pub struct BuildIdentity {
        /// Name of the build.
        reference: "Ref" String since 1.53,
        /// When it was done, RFC 3339.
        created_at: "CreatedAt" String since 1.53,
    }

    /// A pull.
    pub struct PullIdentity {
        /// The repository.
        repository: "Repository" String since 1.53,
    }

    /// A signature of an image.
    pub struct SignatureIdentity {
        /// Name of the signature, for people.
        name: "Name" String since 1.53,
        /// Proofs of when it was made.
        timestamps: "Timestamps" [SignatureTimestamp] since 1.53,
        /// A signer that the engine knows by name.
        known_signer: "KnownSigner" KnownSignerIdentity since 1.53,
        /// Image name that was signed.
        docker_reference: "DockerReference" String since 1.53,
        /// Who signed.
        signer: "Signer" SignerIdentity since 1.53,
        /// Format of the signature.
        signature_type: "SignatureType" SignatureType since 1.53,
        /// Why it is not valid.
        error: "Error" String since 1.53,
        /// What is doubtful about it.
        warnings: "Warnings" [String] since 1.53,
    }

    /// A proof of when a signature was made.
    pub struct SignatureTimestamp {
        /// Kind of proof.
        kind: "Type" SignatureTimestampType since 1.53,
        /// Who gave it.
        uri: "URI" String since 1.53,
        /// The moment, RFC 3339.
        timestamp: "Timestamp" String since 1.53,
    }

    /// Who signed, from the certificate.
    pub struct SignerIdentity {
        /// Issuer of the certificate.
        certificate_issuer: "CertificateIssuer" String since 1.53,
        /// Name it was issued to.
        subject_alternative_name: "SubjectAlternativeName" String since 1.53,
        /// Service that vouched for the signer.
        issuer: "Issuer" String since 1.53,
        /// Instructions that signed.
        build_signer_uri: "BuildSignerURI" String since 1.53,
        /// Version of those instructions.
        build_signer_digest: "BuildSignerDigest" String since 1.53,
        /// Whether the build ran hosted or self-hosted.
        runner_environment: "RunnerEnvironment" String since 1.53,
        /// Repository that was built.
        source_repository_uri: "SourceRepositoryURI" String since 1.53,
        /// Commit that was built.
        source_repository_digest: "SourceRepositoryDigest" String since 1.53,
        /// Branch or tag that was built.
        source_repository_ref: "SourceRepositoryRef" String since 1.53,
        /// Lasting id of the repository.
        source_repository_identifier: "SourceRepositoryIdentifier" String since 1.53,
        /// Owner of the repository.
        source_repository_owner_uri: "SourceRepositoryOwnerURI" String since 1.53,
        /// Lasting id of the owner.
        source_repository_owner_identifier: "SourceRepositoryOwnerIdentifier" String since 1.53,
        /// Top-level instructions of the build.
        build_config_uri: "BuildConfigURI" String since 1.53,
        /// Version of those.
        build_config_digest: "BuildConfigDigest" String since 1.53,
        /// Event that started the build.
        build_trigger: "BuildTrigger" String since 1.53,
        /// The run of the build.
        run_invocation_uri: "RunInvocationURI" String since 1.53,
        /// Whether the repository was public then.
        source_repository_visibility_at_signing: "SourceRepositoryVisibilityAtSigning" String since 1.53,
    }
}
