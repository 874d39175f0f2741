//! Images that are in the engine. What goes to registries and comes from them is in `registry`.

use crate::cover::Cover;
use crate::engine::{Cleanup, Container, Failure, IMAGE, shell, unique};
use crate::served::Served;
use crate::tar::{find, tar, untar};
use docker_blocking::api::images::{
    Attestations, Commit, Get, GetAll, History, Import, ImportFrom, Inspect, List, Load, Prune, Remove, Tag,
};
use docker_blocking::model::{ContainerConfig, ImageInspect, Progress};
use serde_json::Value;

/// Removes an image when the case is over.
fn gone<'a>(cover: &'a Cover, name: &'a str) -> Cleanup<impl FnMut() + 'a> {
    Cleanup(move || drop(cover.docker.call(Remove::new(name).force(true))))
}

/// A repository that nobody else uses. Podman adds a registry to names without one, and not the same everywhere.
fn repository() -> String {
    format!("localhost/{}", unique("image"))
}

/// An import that makes `repo:tag`. Podman does not read the parameter `tag`, but a tag that is in `repo`.
fn import(cover: &Cover, repo: &str, tag: &str) -> Import {
    match cover.engine.podman {
        true => Import::new().repo(format!("{repo}:{tag}")),
        false => Import::new().repo(repo).tag(tag),
    }
}

/// An id without the `sha256:` that some answers have before it.
fn bare(id: &str) -> &str {
    id.trim_start_matches("sha256:")
}

fn inspect(cover: &Cover, name: &str) -> Result<ImageInspect, Failure> {
    cover.call(Inspect::new(name))
}

pub fn names(cover: &Cover) -> Result<(), Failure> {
    let repo = repository();
    let name = format!("{repo}:1.0");
    cover.call(Tag::new(IMAGE, &*repo).tag("1.0"))?;
    let _gone = gone(cover, &name);
    let image = inspect(cover, &name)?;
    assert_eq!(image.id, inspect(cover, IMAGE)?.id);
    assert!(image.repo_tags.contains(&name), "{:?}", image.repo_tags);
    assert_eq!((image.os.as_deref(), image.size > Some(0)), (Some("linux"), true));
    let list = || List::new().filters([("reference", &*repo)]);
    let [row] = &*cover.call(list())? else { return Err("not one image of that name".into()) };
    assert_eq!((&row.id, row.size > Some(0)), (&image.id, true));
    let history = cover.call(History::new(&*name))?;
    assert!(history.iter().any(|step| step.size > Some(0)), "{history:?}");
    let removed = cover.call(Remove::new(&*name))?;
    assert_eq!(removed.iter().filter_map(|r| r.untagged.as_deref()).collect::<Vec<_>>(), [&*name]);
    assert!(removed.iter().all(|r| r.deleted.is_none()), "{removed:?}");
    assert_eq!(cover.call(list())?.len(), 0);
    cover.refused(Inspect::new(&*name), 404, "")?;
    Ok(())
}

/// The id that an import tells last.
fn id(progress: &[Progress]) -> Result<&str, Failure> {
    progress.last().and_then(|p| p.status.as_deref()).ok_or_else(|| format!("no id in {progress:?}").into())
}

pub fn imported(cover: &Cover) -> Result<(), Failure> {
    let (repo, content) = (repository(), tar(&[("hello", b"some text\n")]));
    let import = import(cover, &repo, "up").message("from a tar").changes(["CMD [\"/hello\"]", "ENV A=b"]);
    let progress = cover.upload(import, content.clone())?;
    let (name, other) = (format!("{repo}:up"), format!("{repo}:fetched"));
    let _gone = gone(cover, &name);
    let image = inspect(cover, &name)?;
    assert_eq!(image.id.as_deref().map(bare), Some(bare(id(&progress)?)));
    assert_eq!(image.comment.as_deref(), Some("from a tar"));
    let config = image.config.ok_or("no config")?;
    assert_eq!(config.cmd, ["/hello"]);
    assert!(config.env.contains(&"A=b".into()), "{:?}", config.env);

    let served = Served::start("application/x-tar", content)?;
    let from = ImportFrom::new(served.url("files.tar")).changes(["LABEL x=y"]);
    let from = if cover.engine.podman { from.repo(&*other) } else { from.repo(&*repo).tag("fetched") };
    assert!(!cover.all(from)?.is_empty());
    let _gone = gone(cover, &other);
    let fetched = inspect(cover, &other)?;
    assert_eq!(fetched.config.ok_or("no config")?.labels["x"], "y");
    assert_eq!(fetched.root_fs.ok_or("no layers")?.layers, image.root_fs.ok_or("no layers")?.layers);
    Ok(())
}

pub fn committed(cover: &Cover) -> Result<(), Failure> {
    let c = Container::run(&cover.docker, "echo some text >/new")?;
    c.exit()?;
    let repo = repository();
    let settings = ContainerConfig::new().env(["A=b"]).labels([("x", "y")]);
    let commit = Commit::new(&*c.id).body(settings).repo(&*repo).tag("1").comment("of a test").author("somebody");
    let made = cover.call(commit.changes(["CMD [\"cat\", \"/new\"]"]).pause(true))?;
    let name = format!("{repo}:1");
    let _gone = gone(cover, &name);
    let image = inspect(cover, &name)?;
    assert_eq!(image.id.as_deref().map(bare), made.id.as_deref().map(bare));
    assert_eq!((image.comment.as_deref(), image.author.as_deref()), (Some("of a test"), Some("somebody")));
    assert_eq!(image.config.ok_or("no config")?.cmd, ["cat", "/new"]);
    // The image's command prints the file that was written before.
    let body = shell("").image(&*name).cmd([""; 0]);
    let again = Container::create(&cover.docker, body)?;
    cover.docker.call(docker_blocking::api::containers::Start::new(&*again.id))?;
    assert_eq!(again.exit()?, 0);
    let logs = docker_blocking::api::containers::Logs::new(&*again.id).stdout(true);
    let output: Vec<_> = cover.docker.stream(logs).collect::<Result<_, _>>()?;
    assert_eq!(output.iter().flat_map(|p| p.bytes.to_vec()).collect::<Vec<_>>(), b"some text\n");
    Ok(())
}

/// The names that the manifest in a tar of images has, sorted.
fn names_in(tar: &[u8]) -> Result<Vec<String>, Failure> {
    let manifest: Value = serde_json::from_slice(find(&untar(tar)?, "manifest.json")?)?;
    let images = manifest.as_array().ok_or("no list of images")?;
    let names = images.iter().filter_map(|i| i["RepoTags"].as_array()).flatten();
    let mut names: Vec<_> = names.filter_map(Value::as_str).map(str::to_owned).collect();
    names.sort();
    Ok(names)
}

pub fn saved_and_loaded(cover: &Cover) -> Result<(), Failure> {
    let (repo, content) = (repository(), tar(&[("hello", b"some text\n")]));
    let (one, two) = (format!("{repo}:1"), format!("{repo}:2"));
    let (_one, _two) = (gone(cover, &one), gone(cover, &two));
    for (tag, label) in [("1", "LABEL n=1"), ("2", "LABEL n=2")] {
        let import = import(cover, &repo, tag).changes([label]);
        cover.docker.upload(import, content.clone()).finish()?;
    }
    let saved = cover.all(Get::new(&*one))?.concat();
    assert_eq!(names_in(&saved)?, [&*one]);
    let both = cover.all(GetAll::new().names([&*one, &*two]))?.concat();
    assert_eq!(names_in(&both)?, [&*one, &*two]);
    let before = inspect(cover, &one)?;
    for name in [&one, &two] {
        cover.docker.call(Remove::new(&**name))?;
    }
    let told: String = cover.upload(Load::new().quiet(true), saved)?.into_iter().filter_map(|p| p.stream).collect();
    assert!(told.contains(&one), "{told}");
    assert_eq!(inspect(cover, &one)?.id, before.id);
    cover.refused(Inspect::new(&*two), 404, "")?;
    // Both as one upload, in pieces of which the engine is not told how many there are.
    cover.upload(Load::new(), docker_blocking::Body::reader(std::io::Cursor::new(both)))?;
    assert_eq!(inspect(cover, &two)?.config.ok_or("no config")?.labels["n"], "2");
    Ok(())
}

pub fn pruned(cover: &Cover) -> Result<(), Failure> {
    let label = unique("prune");
    let mut ids = Vec::new();
    for label in [&*label, "other"] {
        let import = Import::new().changes([format!("LABEL {label}=1")]);
        let progress = cover.docker.upload(import, tar(&[("f", &[7; 100_000])])).collect::<Result<Vec<_>, _>>()?;
        ids.push(id(&progress)?.to_owned());
    }
    let _gone = gone(cover, &ids[1]);
    let done = cover.call(Prune::new().filters([("dangling", "true"), ("label", &*label)]))?;
    let deleted: Vec<_> = done.images_deleted.iter().filter_map(|d| d.deleted.as_deref()).collect();
    assert!(deleted.iter().any(|d| bare(d) == bare(&ids[0])), "{done:?}");
    cover.refused(Inspect::new(&*ids[0]), 404, "")?;
    inspect(cover, &ids[1])?;
    Ok(())
}

pub fn attestations(cover: &Cover) -> Result<(), Failure> {
    match cover.engine.podman {
        true => cover.refused(Attestations::new(IMAGE), 405, "Method Not Allowed"),
        false => cover.refused(Attestations::new(IMAGE), 404, "page not found"),
    }
}
