//! A folder with files, walked as the docker command line does: the cases of docker-py's tests, as data.

use docker_proto::build::{Ignore, Place};
use std::collections::BTreeSet;

const TREE: &[&str] = &[
    ".dockerignore",
    "Dockerfile",
    "Dockerfile.alt",
    "a.go",
    "a.py",
    "b.py",
    "bar/",
    "bar/a.py",
    "cde.py",
    "foo/",
    "foo/Dockerfile3",
    "foo/a.py",
    "foo/b.py",
    "foo/bar/",
    "foo/bar/a.py",
    "subdir/",
    "subdir/file.txt",
    "subdir/subdir2/",
    "subdir/subdir2/file.txt",
    "subdir/subdir2/target/",
    "subdir/subdir2/target/file.txt",
    "subdir/subdir2/target/subdir/",
    "subdir/subdir2/target/subdir/file.txt",
    "subdir/target/",
    "subdir/target/file.txt",
    "subdir/target/subdir/",
    "subdir/target/subdir/file.txt",
    "target/",
    "target/file.txt",
    "target/subdir/",
    "target/subdir/file.txt",
];

/// What a walk sends of a tree, in which folders end with a slash.
fn walk(ignore: &Ignore, tree: &[&str]) -> BTreeSet<String> {
    fn below(place: &Place<'_>, at: &str, tree: &[&str], sent: &mut BTreeSet<String>) {
        for entry in tree {
            let Some(name) = entry.strip_prefix(at).filter(|rest| !rest.is_empty()) else { continue };
            let folder = name.ends_with('/');
            let name = name.trim_end_matches('/');
            if name.contains('/') {
                continue;
            }
            let here = place.join(name);
            if !here.is_excluded() {
                sent.insert(entry.trim_end_matches('/').to_string());
            }
            if folder && !here.is_pruned() {
                below(&here, entry, tree, sent);
            }
        }
    }
    let mut sent = BTreeSet::new();
    below(&ignore.root(), "", tree, &mut sent);
    // The answer without a walk is the same.
    for entry in tree {
        let path = entry.trim_end_matches('/');
        assert_eq!(ignore.excludes(path), !sent.contains(path), "{path:?} of {ignore:?}");
    }
    sent
}

fn read(patterns: &[&str]) -> Ignore {
    Ignore::parse(patterns.join("\n")).unwrap()
}

fn all() -> BTreeSet<String> {
    TREE.iter().map(|entry| entry.trim_end_matches('/').to_string()).collect()
}

#[track_caller]
fn sends(patterns: &[&str], dockerfile: &str, wanted: &[&str]) {
    let ignore = read(patterns).keep(dockerfile).keep(".dockerignore");
    let wanted: BTreeSet<_> = wanted.iter().map(ToString::to_string).collect();
    assert_eq!(walk(&ignore, TREE), wanted, "{patterns:?}");
}

#[track_caller]
fn leaves_out(patterns: &[&str], out: &[&str]) {
    let ignore = read(patterns).keep("Dockerfile").keep(".dockerignore");
    let all = all();
    for entry in out {
        assert!(all.contains(*entry), "{entry} is not in the tree");
    }
    let sent = walk(&ignore, TREE);
    let missing: Vec<_> = all.difference(&sent).map(|entry| &**entry).collect();
    let mut out = out.to_vec();
    out.sort_unstable();
    assert_eq!(missing, out, "{patterns:?}");
}

const FOO: &[&str] = &["foo", "foo/Dockerfile3", "foo/a.py", "foo/b.py", "foo/bar", "foo/bar/a.py"];

#[test]
fn single_files() {
    leaves_out(&[""], &[]);
    leaves_out(&["!a.py"], &[]);
    for pattern in ["a.py", "./a.py", "a.py/", "/a.py"] {
        leaves_out(&[pattern], &["a.py"]);
    }
    for pattern in ["foo/a.py", "/foo/a.py", "foo/whoops/../a.py"] {
        leaves_out(&[pattern], &["foo/a.py"]);
    }
}

#[test]
fn wildcards() {
    leaves_out(&["*.py"], &["a.py", "b.py", "cde.py"]);
    leaves_out(&["*.py", "!b.py"], &["a.py", "cde.py"]);
    leaves_out(&["*.*", "!*.go"], &["a.py", "b.py", "cde.py", "Dockerfile.alt"]);
    leaves_out(&["a.*"], &["a.py", "a.go"]);
    leaves_out(&["?.py"], &["a.py", "b.py"]);
    leaves_out(&["[a-b].py"], &["a.py", "b.py"]);
    leaves_out(&["foo/*.py"], &["foo/a.py", "foo/b.py"]);
    leaves_out(&["*/a.py"], &["foo/a.py", "bar/a.py"]);
    leaves_out(&["*/*.py"], &["foo/a.py", "foo/b.py", "bar/a.py"]);
}

#[test]
fn folders() {
    leaves_out(&["foo"], FOO);
    leaves_out(&["foo/"], FOO);
    leaves_out(&["foo", "!foo/bar/a.py"], &["foo", "foo/Dockerfile3", "foo/a.py", "foo/b.py", "foo/bar"]);
    leaves_out(&["foo", "!foo/bar"], &["foo", "foo/Dockerfile3", "foo/a.py", "foo/b.py"]);
    leaves_out(&["foo", "!foo/*.py"], &["foo", "foo/Dockerfile3", "foo/bar", "foo/bar/a.py"]);
    leaves_out(&["foo/bar"], &["foo/bar", "foo/bar/a.py"]);
}

#[test]
fn double_wildcards() {
    leaves_out(&["**/a.py"], &["a.py", "foo/a.py", "foo/bar/a.py", "bar/a.py"]);
    leaves_out(&["foo/**/bar"], &["foo/bar", "foo/bar/a.py"]);
    leaves_out(
        &["**/target/*/*"],
        &["target/subdir/file.txt", "subdir/target/subdir/file.txt", "subdir/subdir2/target/subdir/file.txt"],
    );
    let below: Vec<_> = TREE.iter().filter(|e| e.starts_with("subdir/") && **e != "subdir/").collect();
    let below: Vec<_> = below.iter().map(|e| e.trim_end_matches('/')).collect();
    leaves_out(&["subdir/**"], &below);
    sends(
        &["**", "!bar", "!foo/bar"],
        "Dockerfile",
        &["foo/bar", "foo/bar/a.py", "bar", "bar/a.py", "Dockerfile", ".dockerignore"],
    );
}

#[test]
fn the_dockerfile_and_the_ignore_file_are_always_sent() {
    leaves_out(&["Dockerfile", ".dockerignore"], &[]);
    sends(&["*"], "Dockerfile", &["Dockerfile", ".dockerignore"]);
    sends(&["*"], "Dockerfile.alt", &["Dockerfile.alt", ".dockerignore"]);
    sends(&["*"], "foo/Dockerfile3", &["foo/Dockerfile3", ".dockerignore"]);
    sends(&["*"], "./foo/Dockerfile3", &["foo/Dockerfile3", ".dockerignore"]);
    let ignore = read(&["foo/"]).keep("foo/Dockerfile3");
    assert!(!ignore.excludes("foo/Dockerfile3") && ignore.excludes("foo/a.py"));
    // A name is a name, not a pattern.
    let ignore = read(&["*"]).keep("a[b].Dockerfile");
    assert!(!ignore.excludes("a[b].Dockerfile") && ignore.excludes("ab.Dockerfile"));
}

#[test]
fn all_together() {
    let ignore = read(&["*.py", "!b.py", "!a.go", "foo", "Dockerfile*", ".dockerignore"]);
    let sent = walk(&ignore.keep("Dockerfile").keep(".dockerignore"), &TREE[..15]);
    let wanted = ["Dockerfile", ".dockerignore", "a.go", "b.py", "bar", "bar/a.py"];
    assert_eq!(sent, wanted.map(String::from).into());
}

#[test]
fn the_last_line_decides() {
    let tree = ["README-bis.md", "README-secret.md", "README.md", "garbage.md", "trash.md"];
    let ignore = read(&["*.md", "!README*.md", "README-secret.md"]);
    assert_eq!(walk(&ignore, &tree), ["README-bis.md", "README.md"].map(String::from).into());
    let ignore = read(&["/*", "!/*.py"]);
    assert_eq!(walk(&ignore, &["a.py", "b.py", "c"]), ["a.py", "b.py"].map(String::from).into());
}

/// docker-py takes `../a.py` for `a.py`. The command line, which is asked in `tests`, does not.
#[test]
fn what_is_outside_stays_outside() {
    let ignore = read(&["../a.py", "/../b.py"]);
    assert_eq!(walk(&ignore, &["a.py", "b.py", "c.py"]), ["a.py", "c.py"].map(String::from).into());
}

#[test]
fn an_excluded_folder_is_walked_only_for_an_exception_of_its_name() {
    let tree = ["a/", "a/b.py"];
    let ignore = read(&["*", "!*/b.py"]);
    assert!(walk(&ignore, &tree).is_empty());
    // BuildKit finds it.
    assert_eq!(walk(&ignore.buildkit(true), &tree), ["a/b.py"].map(String::from).into());
}

#[test]
fn what_is_pruned() {
    let place = |patterns: &[&str], path: &str, buildkit: bool| {
        let ignore = read(patterns).buildkit(buildkit);
        let place = path.split('/').fold(ignore.root(), |place, name| place.join(name));
        assert_eq!(place.path(), path.as_bytes());
        place.is_pruned()
    };
    for (patterns, path, classic, buildkit) in [
        (&["a"][..], "a", true, true),
        (&["a"], "b", false, false),
        (&["a", "!a/b/c"], "a", false, false),
        (&["a", "!a/b/c"], "a/b", false, false),
        (&["a", "!a/b/c"], "a/c", true, true),
        (&["a", "!ab/c"], "a", true, true),
        (&["a", "!**/c"], "a", true, false),
        (&["a", "!a?/c"], "a", true, false),
        (&["a", "!b/*"], "a", true, true),
        (&["a", "!b/**"], "a", true, true),
        (&["a", "!b/*/**"], "a", true, true),
        (&["a", "!a/*"], "a", false, false),
        // Not excluded, so not pruned either.
        (&["a", "!a"], "a", false, false),
    ] {
        assert_eq!(place(patterns, path, false), classic, "{patterns:?} {path}");
        assert_eq!(place(patterns, path, true), buildkit, "{patterns:?} {path} with BuildKit");
    }
}
