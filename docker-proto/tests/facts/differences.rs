//! Every place where the table and the models differ from the facts, and why.

use crate::compare::is_known;

/// Places that differ in one respect and for one reason.
pub(crate) struct Difference {
    /// What differs.
    pub(crate) what: &'static str,
    /// Why it is meant.
    pub(crate) why: &'static str,
    /// Where: an operation, one of its parameters, or a member of a type. Then what this crate says, and what the facts.
    pub(crate) places: &'static [(&'static str, &'static str, &'static str)],
}

const fn is(
    what: &'static str,
    why: &'static str,
    places: &'static [(&'static str, &'static str, &'static str)],
) -> Difference {
    Difference { what, why, places }
}

pub(crate) const DIFFERENCES: &[Difference] = &[
    // Operations.
    is("kind", "the stat header comes with GET too, not only with HEAD", &[("archive::Get", "Archive", "Tar")]),
    is(
        "versioned",
        "a ping is what versions are agreed on with",
        &[("system::Ping", "false", "true"), ("system::PingHead", "false", "true")],
    ),
    is(
        "body",
        "an engine refuses an empty body as cut JSON",
        &[
            ("configs::Create", "required JSON", "optional JSON"),
            ("configs::Update", "required JSON", "optional JSON"),
            ("nodes::Update", "required JSON", "optional JSON"),
            ("secrets::Create", "required JSON", "optional JSON"),
            ("secrets::Update", "required JSON", "optional JSON"),
            ("system::Auth", "required JSON", "optional JSON"),
            ("volumes::Update", "required JSON", "optional JSON"),
        ],
    ),
    is(
        "content type",
        "engines do not look at it, and it is a tar",
        &[("images::Import", "application/x-tar", "text/plain application/octet-stream")],
    ),
    // Parameters.
    is(
        "parameter versions",
        "required, and so as old as the operation",
        &[
            ("archive::Stat.path", "1.24-", "1.25-"),
            ("plugins::Enable.timeout", "1.24-", "1.25-"),
            ("plugins::Pull.remote", "1.24-", "1.25-"),
        ],
    ),
    is(
        "parameter versions",
        "engines read it under this name from the start",
        &[("plugins::Privileges.remote", "1.25-", "1.27-")],
    ),
    is("required", "engines never read it; see `remote`", &[("plugins::Privileges.name", "false", "true")]),
    is("parameter versions", "in the description of 1.24 as an example", &[("images::GetAll.names", "1.24-", "1.25-")]),
    is(
        "parameter versions",
        "how a session says what it offers",
        &[
            ("session::Start.X-Docker-Expose-Session-Uuid", "1.31-", "never"),
            ("session::Start.X-Docker-Expose-Session-Name", "1.31-", "never"),
            ("session::Start.X-Docker-Expose-Session-Sharedkey", "1.31-", "never"),
            ("session::Start.X-Docker-Expose-Session-Grpc-Method", "1.31-", "never"),
        ],
    ),
    is(
        "type of a parameter",
        "engines read it as a boolean",
        &[("build::FromTar.pull", "Bool", "Text"), ("build::FromRemote.pull", "Bool", "Text")],
    ),
    is("many", "engines refuse a second one", &[("images::Attestations.platform", "false", "true")]),
    is(
        "required",
        "what makes this view of the operation",
        &[
            ("build::FromRemote.remote", "true", "false"),
            ("images::ImportFrom.fromSrc", "true", "false"),
            ("images::Pull.fromImage", "true", "false"),
        ],
    ),
    is("required", "nothing is found without it", &[("images::Commit.container", "true", "false")]),
    is("required", "nothing can be named without it", &[("images::Tag.repo", "true", "false")]),
    // Members that descriptions do not have.
    is(
        "field versions",
        "read by engines in the place of a password",
        &[("AuthConfig.identitytoken", "1.24-", "never"), ("AuthConfig.registrytoken", "1.24-", "never")],
    ),
    is(
        "field versions",
        "podman says more than Docker",
        &[("ErrorResponse.cause", "1.24-", "never"), ("ErrorResponse.response", "1.24-", "never")],
    ),
    is(
        "field versions",
        "beside `Actor` and `Action` up to 1.51",
        &[
            ("EventMessage.from", "1.24-1.51", "never"),
            ("EventMessage.id", "1.24-1.51", "never"),
            ("EventMessage.status", "1.24-1.51", "never"),
        ],
    ),
    is(
        "field versions",
        "older engines sent it",
        &[
            ("Progress.from", "1.25-", "never"),
            ("Progress.time", "1.25-", "never"),
            ("Progress.timeNano", "1.25-", "never"),
        ],
    ),
    is(
        "field versions",
        "engines send it, descriptions do not have it",
        &[
            ("ProgressDetail.hidecounts", "1.36-", "never"),
            ("ProgressDetail.start", "1.36-", "never"),
            ("ProgressDetail.units", "1.36-", "never"),
            ("NodeDescription.CSIInfo", "1.24-", "never"),
            ("Service.PreviousSpec", "1.24-", "never"),
            ("SwarmInfo.Warnings", "1.32-", "never"),
            ("Task.Volumes", "1.24-", "never"),
        ],
    ),
    is(
        "field versions",
        "the other of the two kinds of access",
        &[("ClusterVolumeSpec.AccessMode.BlockVolume", "1.42-", "never")],
    ),
    is(
        "field versions",
        "read by engines; the description has an empty object",
        &[
            ("ClusterVolumeSpec.AccessMode.MountVolume.FsType", "1.42-", "never"),
            ("ClusterVolumeSpec.AccessMode.MountVolume.MountFlags", "1.42-", "never"),
        ],
    ),
    is("field versions", "settings, read by engines", &[("TaskSpec.PluginSpec.env", "1.31-", "never")]),
    is(
        "field versions",
        "read by engines, and by the docker command",
        &[
            ("swarm::Init body.AutoLockManagers", "1.24-", "never"),
            ("swarm::Init body.Availability", "1.24-", "never"),
            ("swarm::Join body.Availability", "1.24-", "never"),
        ],
    ),
    is(
        "field versions",
        "engines sent it up to 1.41",
        &[("system::DataUsage reply.BuilderSize", "1.25-1.41", "never")],
    ),
    // Members whose versions are described wrong.
    is(
        "field versions",
        "in engines since 1.30, described since 1.41",
        &[
            ("Network.ConfigFrom", "1.30-", "1.41-"),
            ("Network.ConfigOnly", "1.30-", "1.41-"),
            ("networks::Create body.ConfigFrom", "1.30-", "1.41-"),
            ("networks::Create body.ConfigOnly", "1.30-", "1.41-"),
            ("networks::Create body.Scope", "1.30-", "1.41-"),
        ],
    ),
    is(
        "field versions",
        "read since 1.48, as it is told since then",
        &[("networks::Create body.EnableIPv4", "1.48-", "1.47-")],
    ),
    is(
        "field versions",
        "a map without known names until 1.41",
        &[
            ("IPAMConfig.AuxiliaryAddresses", "1.24-", "1.41-"),
            ("IPAMConfig.Gateway", "1.24-", "1.41-"),
            ("IPAMConfig.IPRange", "1.24-", "1.41-"),
        ],
    ),
    is(
        "field versions",
        "as old as the type, which got its name in 1.40",
        &[
            ("OCIDescriptor.digest", "1.30-", "1.40-"),
            ("OCIDescriptor.mediaType", "1.30-", "1.40-"),
            ("OCIDescriptor.size", "1.30-", "1.40-"),
            ("OCIPlatform.architecture", "1.30-", "1.40-"),
            ("OCIPlatform.os", "1.30-", "1.40-"),
            ("OCIPlatform.os.features", "1.30-", "1.40-"),
            ("OCIPlatform.os.version", "1.30-", "1.40-"),
            ("OCIPlatform.variant", "1.30-", "1.40-"),
        ],
    ),
    is("field versions", "pushes have it before", &[("Progress.aux", "1.25-", "1.36-")]),
    is("field versions", "engines still send it", &[("Progress.error", "1.25-", "1.25-1.51")]),
    is("field versions", "never asked for by version", &[("Progress.progress", "1.25-", "1.25-1.51")]),
    is(
        "field versions",
        "described from 1.22 on in the history of the API",
        &[("Resources.KernelMemory", "1.24-1.41", "1.36-1.41")],
    ),
    is(
        "field versions",
        "it was always a list, `Warnings`",
        &[("ServiceCreateResponse.Warning", "never", "1.25-1.43")],
    ),
    is("field versions", "it was always a list", &[("ServiceCreateResponse.Warnings", "1.24-", "1.44-")]),
    is(
        "field versions",
        "engines send one text of the three parts",
        &[
            ("Plugin.Config.Interface.Types[].Capability", "never", "1.25-1.51"),
            ("Plugin.Config.Interface.Types[].Prefix", "never", "1.25-1.51"),
            ("Plugin.Config.Interface.Types[].Version", "never", "1.25-1.51"),
        ],
    ),
    // Names and places.
    is("name", "read and sent with a small c", &[("TaskSpec.ContainerSpec.HealthCheck", "Healthcheck", "HealthCheck")]),
    is(
        "name",
        "read and sent in small letters",
        &[
            ("TaskSpec.PluginSpec.Disabled", "disabled", "Disabled"),
            ("TaskSpec.PluginSpec.Name", "name", "Name"),
            ("TaskSpec.PluginSpec.PluginPrivilege", "privileges", "PluginPrivilege"),
            ("TaskSpec.PluginSpec.Remote", "remote", "Remote"),
        ],
    ),
    is(
        "place of a member",
        "beside the access mode, not in it",
        &[
            (
                "ClusterVolumeSpec.AccessMode.AccessibilityRequirements",
                "ClusterVolumeSpec",
                "ClusterVolumeSpec.AccessMode",
            ),
            ("ClusterVolumeSpec.AccessMode.Availability", "ClusterVolumeSpec", "ClusterVolumeSpec.AccessMode"),
            ("ClusterVolumeSpec.AccessMode.CapacityRange", "ClusterVolumeSpec", "ClusterVolumeSpec.AccessMode"),
            ("ClusterVolumeSpec.AccessMode.Secrets", "ClusterVolumeSpec", "ClusterVolumeSpec.AccessMode"),
        ],
    ),
    // Forms.
    is(
        "form",
        "bytes, which JSON has as base64",
        &[
            ("ConfigSpec.Data", "Base64", "Text"),
            ("SecretSpec.Data", "Base64", "Text"),
            ("OCIDescriptor.data", "Base64", "Text"),
            ("TLSInfo.CertIssuerPublicKey", "Base64", "Text"),
            ("TLSInfo.CertIssuerSubject", "Base64", "Text"),
            ("TaskSpec.ContainerSpec.Privileges.Seccomp.Profile", "Base64", "Text"),
        ],
    ),
    is("form", "the few that engines know, and any other", &[("Plugin.Config.Interface.Types[]", "enum", "Text")]),
    is(
        "form",
        "no engine reads more than 16 bits",
        &[
            ("Resources.BlkioWeight", "U16", "Integer(\"\")"),
            ("Resources.BlkioWeightDevice[].Weight", "U16", "Integer(\"\")"),
        ],
    ),
    is(
        "form",
        "engines read all 64 bits, without a sign",
        &[
            ("Resources.IOMaximumBandwidth", "U64", "Integer(\"int64\")"),
            ("Resources.IOMaximumIOps", "U64", "Integer(\"int64\")"),
            ("ThrottleDevice.Rate", "U64", "Integer(\"int64\")"),
        ],
    ),
    is(
        "names more",
        "sent while an update is undone",
        &[("Service.UpdateStatus.State", "rollback_started rollback_paused rollback_completed", "")],
    ),
    is("names more", "shared with updates", &[("ServiceSpec.RollbackConfig.FailureAction", "rollback", "")]),
    // Types.
    is(
        "type",
        "a network as swarms have it, with versions and a specification",
        &[("NetworkAttachment.Network", "SwarmNetwork", "Network")],
    ),
    is(
        "type",
        "its member is called `ID`",
        &[
            ("configs::Create reply", "ConfigCreateResponse", "IdResponse"),
            ("secrets::Create reply", "SecretCreateResponse", "IdResponse"),
        ],
    ),
    is(
        "type",
        "in small letters",
        &[("TaskSpec.PluginSpec.PluginPrivilege[]", "PluginSpecPrivilege", "PluginPrivilege")],
    ),
    is(
        "definition",
        "a network as swarms have it, with versions and a specification",
        &[
            ("SwarmNetwork", "a type", "none"),
            ("SwarmNetworkSpec", "a type", "none"),
            ("SwarmIPAMOptions", "a type", "none"),
            ("SwarmIPAMConfig", "a type", "none"),
        ],
    ),
    is(
        "definition",
        "see the types",
        &[
            ("ConfigCreateResponse", "a type", "none"),
            ("SecretCreateResponse", "a type", "none"),
            ("PluginSpecPrivilege", "a type", "none"),
        ],
    ),
    is("definition", "of BlockVolume, see above", &[("ClusterVolumeBlock", "a type", "none")]),
    is("definition", "of CSIInfo, see above", &[("NodeCSIInfo", "a type", "none")]),
    is("definition", "of Volumes, see above", &[("TaskVolume", "a type", "none")]),
];

/// What this crate says at a place of which the facts say something else in this respect.
pub(crate) fn ours(place: &str, what: &str) -> Option<&'static str> {
    let places = DIFFERENCES.iter().filter(|d| d.what == what).flat_map(|d| d.places);
    places.copied().find(|(at, ..)| *at == place).map(|(_, ours, _)| ours)
}

/// Members without a form of their own: whatever comes is kept.
pub(crate) const UNTYPED: &[&str] = &[
    // A statement in a form of whoever attests.
    "AttestationStatement.Statement",
    // A node of the first swarm, which is gone.
    "ContainerInspectResponse.Node",
    // Results in a form of the operation.
    "Progress.aux",
    // Details of whatever component.
    "SystemVersion.Components[].Details{}",
    // What a volume driver says.
    "Volume.Status{}",
    // Counters of the engine's runtime.
    "debug::Vars reply",
];

#[test]
fn every_difference_has_a_reason() {
    let mut all = Vec::new();
    for d in DIFFERENCES {
        assert!(is_known(d.what), "{}: no test looks for it", d.what);
        assert!(d.why.len() > 12 && !d.places.is_empty(), "{}: why?", d.why);
        all.extend(d.places.iter().map(|(at, ..)| (*at, d.what)));
    }
    let count = all.len();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), count, "a place is listed twice");
    assert!(UNTYPED.len() <= 20, "{} members have no form", UNTYPED.len());
}
