//! The text of an ignore file.

use docker_proto::ErrorKind;
use docker_proto::build::Ignore;

fn same(text: &str, patterns: &[&str]) {
    let wanted = patterns.iter().try_fold(Ignore::new(), |ignore, pattern| ignore.pattern(pattern)).unwrap();
    assert_eq!(Ignore::parse(text).unwrap(), wanted, "{text:?}");
}

#[test]
fn lines_are_read_as_moby_reads_them() {
    same(
        "test1\n/test2\n/a/file/here\n\nlastfile\n# this is a comment\n! /inverted/abs/path\n",
        &["test1", "test2", "a/file/here", "lastfile", "!inverted/abs/path"],
    );
    same("", &[]);
    same("\n \t\n\r\n", &[]);
    same("a", &["a"]);
    same("a\r\nb\r\n", &["a", "b"]);
    same("\u{feff}a\n", &["a"]);
    same("\u{feff}# words\na\n", &["a"]);
    same("  a  \n\tb\u{a0}\n", &["a", "b"]);
    same("! \t b \n", &["!b"]);
    // A comment begins with the line.
    same("#a\n #b\n", &["#b"]);
    same("a # b\n", &["a # b"]);
    same("./a/../b/\n//c//d\n/../e\n", &["b", "c/d", "e"]);
    same("a/b/../../..\n", &[".."]);
    same("!!a\n", &["!!a"]);
    same("!../../a\n!../b\n/ c\n", &["a", "!../b", "c"]);
    same("./!a\nb/../!c\n/!!d\n", &["!a", "!c", "!!d"]);
}

#[test]
fn only_the_first_line_has_a_byte_order_mark() {
    let ignore = Ignore::parse("a\n\u{feff}b\n").unwrap();
    assert!(!ignore.excludes("b") && ignore.excludes("\u{feff}b"));
}

#[test]
fn case_matters() {
    let ignore = Ignore::parse("readme.md\n*.TXT").unwrap();
    assert!(ignore.excludes("readme.md") && !ignore.excludes("README.md") && !ignore.excludes("a.txt"));
}

#[test]
fn names_that_begin_with_a_sign_are_written_with_a_backslash() {
    let ignore = Ignore::parse("\\!a\n\\#b\n").unwrap();
    assert!(ignore.excludes("!a") && ignore.excludes("#b") && !ignore.excludes("a"));
}

#[test]
fn the_root_and_what_is_above_it_are_nothing_in_the_context() {
    for text in ["/", ".", "./", "..", "../a", "a/.."] {
        let ignore = Ignore::parse(text).unwrap();
        assert!(!ignore.excludes("a") && !ignore.excludes(".dockerignore"), "{text:?}");
    }
    // Nothing is above the root.
    assert!(Ignore::parse("/../a").unwrap().excludes("a"));
}

#[test]
fn an_unreadable_line_is_refused_with_its_number() {
    let e = Ignore::parse(b"a\nb\xFF\n").unwrap_err();
    assert_eq!(
        (e.kind(), e.message()),
        (ErrorKind::Usage, "line 2 of the ignore file: must be UTF-8; it is \"b\u{fffd}\"")
    );
    let long = "a".repeat((64 << 10) + 1);
    let e = Ignore::parse(format!("{long}\n")).unwrap_err();
    assert!(e.message().contains("65536 bytes; it has 65537"), "{e}");
    assert!(Ignore::parse(&long[1..]).is_ok());
}

#[test]
fn buildkit_looks_beside_the_dockerfile_first() {
    assert_eq!(Ignore::names("docker/app.Dockerfile"), ["docker/app.Dockerfile.dockerignore", ".dockerignore"]);
}
