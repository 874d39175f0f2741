//! Images that are built, by both builders.

use super::Failure;
use crate::engine::{Engine, IMAGE};
use crate::peer::Peer;
use crate::runtime::{Files, Runtime};
use crate::trees::Folder;
use docker_proto::api::build::{Cancel, FromRemote, FromTar};
use docker_proto::api::{containers, images};
use docker_proto::build::{Context, Trace};
use docker_proto::jobs::{Built, Job, Verbs, build, build_remote, ensure_built};
use docker_proto::model::ImageInspect;
use docker_proto::op::BuildArgs;
use docker_proto::resolve::ConfigFile;
use docker_proto::tar::Tree;
use docker_proto::{Error, ErrorKind};
use std::fs;
use std::future::poll_fn;
use std::io::{Cursor, Write};
use std::os::unix::fs::symlink;
use std::pin::pin;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::{Duration, Instant};

const CLASSIC: &str = "1";
const BUILDKIT: &str = "2";
const BUILDERS: [&str; 2] = [CLASSIC, BUILDKIT];

fn number() -> u32 {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    NUMBER.fetch_add(1, Ordering::Relaxed)
}

/// A name for an image of this test.
fn name() -> String {
    format!("dp-build-{}-{}:1", std::process::id(), number())
}

/// What has no network: BuildKit would look for a bridge, which these engines do not have.
fn with(builder: &str) -> FromTar {
    FromTar::new().version(builder).networkmode("none").nocache(true)
}

async fn inspect<R: Runtime>(docker: &R, image: &str) -> docker_proto::Result<ImageInspect> {
    docker.call(images::Inspect::new(image)).await
}

async fn remove<R: Runtime>(docker: &R, image: &str) -> Result<(), Failure> {
    docker.call(images::Remove::new(image).force(true)).await?;
    Ok(())
}

/// Podman leaves out `sha256:` where it is quiet.
fn same(a: &str, b: &str) -> bool {
    let digits = |id: &str| id.rsplit(':').next().map(String::from);
    digits(a) == digits(b)
}

pub async fn a_failing_step_gives_its_code_and_the_log<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    for (builder, mount) in [(CLASSIC, ""), (BUILDKIT, "--mount=type=cache,target=/cache ")] {
        let code = format!("exit 42 # {}-{}", std::process::id(), number());
        let dockerfile = format!("FROM {IMAGE}\nRUN {mount}echo said; echo blamed >&2; {code}\n");
        let e = docker.job(build(with(builder), Context::dockerfile(dockerfile))).await.err().ok_or("it was built")?;
        assert_eq!((e.kind(), e.is_build_failed(), e.exit_code()), (ErrorKind::InStream, true, Some(42)), "{e}");
        let log = e.output().ok_or("no log")?;
        assert!(log.contains("said\n") && log.contains("blamed\n") && log.contains("exit 42"), "{builder}: {log}");
        assert!(e.to_string().contains("blamed"), "{e}");
        assert!(!leaves(&docker, &code).await?, "a container is left");
    }
    Ok(())
}

pub async fn one_of_several_stages_is_what_was_asked_for<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    for (builder, mount) in [(CLASSIC, ""), (BUILDKIT, "--mount=type=cache,target=/cache ")] {
        let tags = [name(), name()];
        let dockerfile = format!(
            "FROM {IMAGE} AS first\nARG WHAT\nRUN {mount}echo $WHAT >/out\n\
             FROM {IMAGE} AS wanted\nARG WHAT\nCOPY --from=first /out /in\nENV GOT=$WHAT\nRUN cat /in\nCMD [\"cat\", \"/in\"]\n\
             FROM {IMAGE} AS other\nRUN exit 1\n"
        );
        let how = with(builder)
            .tags(tags.clone())
            .target("wanted")
            .buildargs(BuildArgs::new().arg("WHAT", "the-value"))
            .labels([("of", "docker-proto"), ("builder", builder)]);
        let seen = Arc::new(Mutex::new((0, 0)));
        let counts = seen.clone();
        let work = build(how, Context::dockerfile(dockerfile)).watch(move |item| {
            let mut counts = counts.lock().expect("no panic in it");
            counts.0 += 1;
            counts.1 += usize::from(Trace::of(&item).is_ok_and(|trace| trace.is_some_and(|t| !t.bytes.is_empty())));
        });
        let built = docker.job(work).await?;
        assert!(built.log.contains("the-value\n") && !built.log.contains("exit 1\n"), "{}", built.log);
        let (items, traces) = *seen.lock().expect("no panic in it");
        assert!(items > 0 && (traces > 0) == (builder == BUILDKIT && !engine.is_podman()), "{items}, {traces}");
        for tag in &tags {
            let image = inspect(&docker, tag).await?;
            assert!(same(image.id.as_deref().unwrap_or_default(), &built.id), "{} {image:?}", built.id);
            let config = image.config.ok_or("no config")?;
            assert_eq!(config.cmd, ["cat", "/in"]);
            assert!(config.env.iter().any(|variable| variable == "GOT=the-value"), "{:?}", config.env);
            let label = |name: &str| config.labels.get(name).map(String::as_str);
            assert_eq!((label("of"), label("builder")), (Some("docker-proto"), Some(builder)));
        }
        remove(&docker, &tags[0]).await?;
        remove(&docker, &tags[1]).await?;
    }
    Ok(())
}

pub async fn proxies_of_the_config_reach_its_steps<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let config = r#"{"proxies": {"default": {"httpProxy": "http://p:3128", "noProxy": "localhost"}}}"#;
    let variables = ConfigFile::parse(config)?.proxy_variables(&engine.url);
    for builder in BUILDERS {
        let args = BuildArgs::new().arg("http_proxy", "http://mine:1").proxies(variables.clone());
        let dockerfile = format!("FROM {IMAGE}\nRUN echo \"got $http_proxy $NO_PROXY $no_proxy\"\n");
        let built = docker.job(build(with(builder).buildargs(args), Context::dockerfile(dockerfile))).await?;
        assert!(built.log.contains("got http://mine:1 localhost localhost\n"), "{}", built.log);
        remove(&docker, &built.id).await?;
    }
    Ok(())
}

/// What a build saw in `/ctx`, by its own words.
fn listed(built: &Built) -> Vec<&str> {
    let mut paths: Vec<_> = built.log.lines().filter_map(|line| line.strip_prefix("saw /ctx/")).collect();
    paths.sort_unstable();
    paths
}

pub async fn a_directory_is_sent_without_what_is_ignored<R: Files>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let folder = Folder::new()?;
    let ctx = folder.0.join("ctx");
    fs::create_dir_all(ctx.join("src/empty"))?;
    fs::create_dir(ctx.join("secret"))?;
    // The first of all, and one that needs a pax header.
    let long = format!(".{}", "x".repeat(200));
    for (path, text) in [
        (&*long, ""),
        ("src/main.rs", "fn main() {}"),
        ("src/a.log", ""),
        ("secret/key", ""),
        ("secret/public", ""),
        (".dockerignore", "# words\n**/*.log\nsecret\n!secret/public\nDockerfile\n.dockerignore\npipe\n"),
    ] {
        fs::write(ctx.join(path), text)?;
    }
    symlink("nowhere", ctx.join("broken"))?;
    symlink("src", ctx.join("folder"))?;
    let _socket = std::os::unix::net::UnixListener::bind(ctx.join("socket"))?;
    // A packer that opens it waits for ever.
    if !Command::new("mkfifo").arg(ctx.join("pipe")).status()?.success() {
        return Err("no mkfifo".into());
    }
    fs::File::open(ctx.join("src/main.rs"))?.set_modified(std::time::UNIX_EPOCH - Duration::from_secs(86_400 * 365))?;
    let text = format!("FROM {IMAGE}\nCOPY . /ctx/\nRUN find /ctx | sed 's/^/saw /'\n");
    fs::write(ctx.join("Dockerfile"), &text)?;
    fs::write(folder.0.join("Elsewhere"), &text)?;
    let (prepared, _) = R::context(ctx.clone()).prepare(FromTar::new().dockerfile("../Elsewhere"))?;
    let hidden = prepared.dockerfile.ok_or("no name")?;
    for builder in BUILDERS {
        for dockerfile in ["Dockerfile", "../Elsewhere"] {
            let built = docker.job(build(with(builder).dockerfile(dockerfile), R::context(ctx.clone()))).await?;
            let mut want =
                vec![&*long, "broken", "folder", "secret", "secret/public", "src", "src/empty", "src/main.rs"];
            // BuildKit would not take it out again, and so is not told to. Its name follows from its content.
            if builder == BUILDKIT {
                want.insert(0, if dockerfile == "Dockerfile" { dockerfile } else { &hidden });
                want.sort_unstable();
            }
            assert_eq!(listed(&built), want, "{builder} {dockerfile}\n{}", built.log);
            remove(&docker, &built.id).await?;
        }
    }
    Ok(())
}

fn compressed(by: &str, tar: &[u8]) -> Result<Vec<u8>, Failure> {
    let mut program = Command::new(by).arg("-c").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    program.stdin.take().ok_or("no stdin")?.write_all(tar)?;
    Ok(program.wait_with_output()?.stdout)
}

pub async fn tars_may_be_compressed_and_come_from_readers<R: Files>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let tree = Tree::new().file("Dockerfile", "FROM scratch\nCOPY file /\n")?.file("file", number().to_string())?;
    let tar = tree.into_bytes();
    for builder in BUILDERS {
        let mut ids = vec![docker.job(build(with(builder), tar.clone())).await?.id];
        ids.push(docker.job(build(with(builder), R::content(Cursor::new(tar.clone())))).await?.id);
        for by in ["gzip", "bzip2", "xz"] {
            ids.push(docker.job(build(with(builder), compressed(by, &tar)?)).await?.id);
        }
        for id in ids {
            inspect(&docker, &id).await?;
        }
    }
    Ok(())
}

pub async fn the_engine_fetches_what_is_remote<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let dockerfile = format!("FROM scratch\nLABEL number={}\n", number());
    let tar = Tree::new().file("Dockerfile", &*dockerfile)?.into_bytes();
    let peer = Peer::tcp(move |mut c| {
        while let Some(head) = c.head()? {
            let is_tar = head.contains("/context.tar");
            let (kind, body) =
                if is_tar { ("application/x-tar", &tar[..]) } else { ("text/plain", dockerfile.as_bytes()) };
            let head = format!("HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n", body.len());
            c.writer.write_all(&[head.as_bytes(), body].concat())?;
        }
        Ok(())
    })?;
    let url = peer.url.replacen("tcp", "http", 1);
    for builder in BUILDERS {
        for path in ["context.tar", "Dockerfile"] {
            let tag = name();
            let how = FromRemote::new(format!("{url}/{path}")).tags([&*tag]).version(builder);
            let built = docker.job(build_remote(how)).await;
            if engine.is_podman() {
                // 4.3 fetches nothing.
                assert!(built.is_err_and(|e| e.is_build_failed() && e.message().contains("no such file")));
                continue;
            }
            let built = built?;
            let there = inspect(&docker, &tag).await?;
            assert!(same(there.id.as_deref().unwrap_or_default(), &built.id), "{} {there:?}", built.id);
            remove(&docker, &tag).await?;
        }
    }
    Ok(())
}

pub async fn a_quiet_one_has_an_id_and_no_log<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    for builder in BUILDERS {
        let tag = name();
        let built =
            docker.job(build(with(builder).q(true).tags([&*tag]), Context::dockerfile("FROM scratch\nLABEL a=b\n")));
        let built = built.await?;
        let there = inspect(&docker, &tag).await?;
        assert!(same(there.id.as_deref().unwrap_or_default(), &built.id), "{} {there:?}", built.id);
        assert_eq!(built.log.lines().count(), 1, "the id");
        remove(&docker, &tag).await?;
    }
    Ok(())
}

pub async fn one_that_is_there_is_not_built_again<R: Files>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    let tag = name();
    let missing = || R::context("/nowhere".into());
    let e = docker.job(ensure_built(&*tag, build(with(CLASSIC), missing()))).await.err().ok_or("it was built")?;
    assert!(e.kind() == ErrorKind::Body && e.to_string().contains("/nowhere/: No such file"), "{e}");
    let first =
        docker.job(ensure_built(&*tag, build(with(CLASSIC), Context::dockerfile("FROM scratch\nLABEL a=b\n")))).await?;
    let built = first.built.ok_or("not built")?;
    assert!(same(first.image.id.as_deref().unwrap_or_default(), &built.id));
    let second = docker.job(ensure_built(&*tag, build(with(CLASSIC), missing()))).await?;
    assert!(second.built.is_none() && second.image.id == first.image.id);
    remove(&docker, &tag).await
}

/// Whether a process with this argument runs anywhere here: the engines of these tests are on this machine.
fn runs(argument: &str) -> bool {
    let Ok(all) = fs::read_dir("/proc") else { return false };
    all.flatten().any(|process| {
        let said = fs::read(process.path().join("cmdline")).unwrap_or_default();
        let mut words = said.split(|&byte| byte == 0);
        words.next().is_some_and(|program| program.ends_with(b"sleep")) && words.any(|word| word == argument.as_bytes())
    })
}

/// Whether there is a container with such a command, running or not.
async fn leaves<R: Runtime>(docker: &R, part: &str) -> docker_proto::Result<bool> {
    let all = docker.call(containers::List::new().all(true)).await?;
    Ok(all.iter().any(|container| container.command.as_deref().is_some_and(|command| command.contains(part))))
}

/// Does a job until a step of it runs, and then cancels it: by its id, or by dropping it.
struct UntilItRuns<J> {
    job: J,
    argument: String,
    id: Option<String>,
}

impl<J: Job> Job for UntilItRuns<J> {
    /// What it ended with, if it ended; nothing if it was dropped.
    type Output = Option<Error>;

    async fn run<V: Verbs>(self, docker: &V) -> docker_proto::Result<Option<Error>> {
        let mut work = Box::pin(self.job.run(docker));
        let (end, mut cancelled) = (Instant::now() + Duration::from_secs(60), false);
        while Instant::now() < end {
            let mut pause = pin!(docker.sleep(Duration::from_millis(20)));
            let ended = poll_fn(|cx| match work.as_mut().poll(cx) {
                Poll::Ready(done) => Poll::Ready(Some(done)),
                Poll::Pending => pause.as_mut().poll(cx).map(|()| None),
            });
            if let Some(done) = ended.await {
                return Ok(Some(done.err().unwrap_or_else(|| Error::usage("it was built"))));
            }
            if !cancelled && runs(&self.argument) {
                let Some(id) = &self.id else { return Ok(None) };
                docker.call(Cancel::new(&**id)).await?;
                cancelled = true;
            }
        }
        Err(Error::usage(if cancelled { "it was cancelled, and did not end" } else { "it never ran" }))
    }
}

async fn cancels<R: Runtime>(
    engine: &Engine,
    docker: &R,
    builder: &str,
    id: Option<String>,
) -> Result<Option<Error>, Failure> {
    // No other process sleeps so long. Podman lets a step go on to its end, but begins no other.
    let seconds = if engine.is_podman() { "3" } else { "300" };
    let (argument, tag) = (format!("{seconds}.{}{:04}", std::process::id(), 1000 + number()), name());
    let mut how = with(builder).tags([&*tag]);
    how.buildid = id.clone();
    let dockerfile = format!("FROM {IMAGE}\nRUN [\"sleep\", \"{argument}\"]\n");
    let job = build(how, Context::dockerfile(dockerfile));
    let ended = docker.job(UntilItRuns { job, argument: argument.clone(), id }).await?;
    let end = Instant::now() + Duration::from_secs(30);
    while runs(&argument) {
        assert!(Instant::now() < end, "the step still runs");
        R::sleep(Duration::from_millis(20)).await;
    }
    let e = inspect(docker, &tag).await.err().ok_or("it was built")?;
    assert!(e.is_not_found(), "{e}");
    while leaves(docker, &argument).await? {
        assert!(Instant::now() < end, "the container of the step is still there");
        R::sleep(Duration::from_millis(20)).await;
    }
    Ok(ended)
}

pub async fn one_that_is_dropped_does_not_go_on<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    for builder in BUILDERS {
        assert!(cancels(engine, &docker, builder, None).await?.is_none());
    }
    Ok(())
}

pub async fn one_is_cancelled_by_its_id<R: Runtime>(engine: &Engine) -> Result<(), Failure> {
    let docker: R = engine.client();
    if engine.is_podman() {
        let e = docker.call(Cancel::new("none")).await.err().ok_or("podman can cancel builds")?;
        assert!(e.is_not_found(), "{e}");
        return Ok(());
    }
    let id = format!("dp-{}-{}", std::process::id(), number());
    let e = cancels(engine, &docker, BUILDKIT, Some(id)).await?.ok_or("it was dropped")?;
    assert!(e.is_build_failed() && e.message().contains("cancel"), "{e}");
    Ok(())
}
