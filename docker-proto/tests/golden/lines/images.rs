//! Images: made, named, moved, looked at and removed.

use super::{At, Line, When, line};
use crate::values::{auth, config, filters, image, number, platform, platform_json, platforms, text, texts};
use crate::values::{build_args, cache_from, labels, outputs, ulimits};
use docker_proto::api::{build, distribution, images};
use docker_proto::model::ContainerConfig;

/// What both views of a build take.
macro_rules! build {
    ($op:expr) => {
        $op.dockerfile(text("dockerfile"))
            .tags(texts("t"))
            .q(true)
            .nocache(true)
            .cachefrom(cache_from())
            .pull(true)
            .rm(true)
            .forcerm(true)
            .memory(number("memory").into())
            .memswap(number("memswap").into())
            .cpushares(number("cpushares").into())
            .cpusetcpus(text("cpusetcpus"))
            .cpuperiod(number("cpuperiod").into())
            .cpuquota(number("cpuquota").into())
            .buildargs(build_args())
            .shmsize(number("shmsize").into())
            .squash(true)
            .labels(labels())
            .networkmode(text("networkmode"))
            .extrahosts(texts("extrahosts"))
            .platform(platform())
            .target(text("target"))
            .version(text("version"))
            .outputs(outputs())
            .session(text("session"))
            .buildid(text("buildid"))
            .cgroupparent(text("cgroupparent"))
            .cpusetmems(text("cpusetmems"))
            .isolation(text("isolation"))
            .ulimits(ulimits())
            .securityopt(texts("securityopt"))
            .registry_config(config())
    };
}

pub(super) fn lines(at: At) -> Vec<Line> {
    let name = || image("name");
    vec![
        line(images::List::new(), move |op| {
            let op = op.all(true).filters(filters()).digests(true);
            let op = op.when(at.since(42), |op| op.shared_size(true)).when(at.since(47), |op| op.manifests(true));
            op.when(at.since(54), |op| op.identity(true)).when(at.until(40), |op| op.filter(text("filter")))
        }),
        line(images::Pull::new(text("fromImage")), |op| op.tag(text("tag")).platform(platform()).registry_auth(auth())),
        line(images::Import::new(), |op| {
            let op = op.repo(text("repo")).tag(text("tag")).message(text("message"));
            op.changes(texts("changes")).platform(platform())
        }),
        line(images::ImportFrom::new(text("fromSrc")), |op| {
            let op = op.repo(text("repo")).tag(text("tag")).message(text("message"));
            op.changes(texts("changes")).platform(platform())
        }),
        line(images::Inspect::new(name()), |op| op.manifests(true).platform(platform_json())),
        line(images::History::new(name()), |op| op.platform(platform_json())),
        line(images::Push::new(name()), |op| op.tag(text("tag")).platform(platform_json()).registry_auth(auth())),
        line(images::Tag::new(name(), text("repo")), |op| op.tag(text("tag"))),
        line(images::Remove::new(name()), |op| op.force(true).noprune(true).platforms(platforms())),
        line(images::Search::new(text("term")), |op| {
            op.limit(number("limit").into()).filters(filters()).registry_auth(auth())
        }),
        line(images::Prune::new(), |op| op.filters(filters())),
        line(images::Commit::new(text("container")), move |op| {
            let op = op.repo(text("repo")).tag(text("tag")).comment(text("comment")).author(text("author"));
            op.pause(true).changes(texts("changes")).body(at.body::<ContainerConfig>("ImageCommit"))
        }),
        line(images::Get::new(name()), |op| op.platform(platforms())),
        line(images::GetAll::new(), |op| op.names(texts("names")).platform(platforms())),
        line(images::Load::new(), |op| op.quiet(true).platform(platforms())),
        line(images::Attestations::new(name()), |op| op.platform(platform_json()).kind(texts("type")).statement(true)),
        line(distribution::Inspect::new(name()), |op| op.registry_auth(auth())),
        line(build::FromTar::new(), |op| build!(op)),
        line(build::FromRemote::new(text("remote")), |op| build!(op)),
        line(build::Prune::new(), |op| {
            let op = op.keep_storage(number("keep-storage").into()).all(true).filters(filters());
            let op = op.reserved_space(number("reserved-space").into());
            op.max_used_space(number("max-used-space").into()).min_free_space(number("min-free-space").into())
        }),
        line(build::Cancel::new(text("id")), |op| op),
    ]
}
