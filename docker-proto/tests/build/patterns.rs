//! One pattern and one path: the cases that moby/patternmatcher is tested with, as data.

use docker_proto::build::Ignore;

fn excludes(patterns: &[&str], path: &str) -> bool {
    let ignore = patterns.iter().try_fold(Ignore::new(), |ignore, pattern| ignore.pattern(pattern));
    ignore.unwrap_or_else(|e| panic!("{patterns:?}: {e}")).excludes(path)
}

/// Pattern, path, and whether the path or a folder it is in matches.
const CASES: &[(&str, &str, bool)] = &[
    ("**", "file", true),
    ("**", "file/", true),
    ("**/", "file", true),
    ("**/", "file/", true),
    ("**", "dir/file", true),
    ("**/", "dir/file", true),
    ("**", "dir/file/", true),
    ("**/", "dir/file/", true),
    ("**/**", "dir/file", true),
    ("**/**", "dir/file/", true),
    ("dir/**", "dir/file", true),
    ("dir/**", "dir/file/", true),
    ("dir/**", "dir/dir2/file", true),
    ("dir/**", "dir/dir2/file/", true),
    ("**/dir", "dir", true),
    ("**/dir", "dir/file", true),
    ("**/dir2/*", "dir/dir2/file", true),
    ("**/dir2/*", "dir/dir2/file/", true),
    ("**/dir2/**", "dir/dir2/dir3/file", true),
    ("**/dir2/**", "dir/dir2/dir3/file/", true),
    ("**file", "file", true),
    ("**file", "dir/file", true),
    ("**/file", "dir/file", true),
    ("**file", "dir/dir/file", true),
    ("**/file", "dir/dir/file", true),
    ("**/file*", "dir/dir/file", true),
    ("**/file*", "dir/dir/file.txt", true),
    ("**/file*txt", "dir/dir/file.txt", true),
    ("**/file*.txt", "dir/dir/file.txt", true),
    ("**/file*.txt*", "dir/dir/file.txt", true),
    ("**/**/*.txt", "dir/dir/file.txt", true),
    ("**/**/*.txt2", "dir/dir/file.txt", false),
    ("**/*.txt", "file.txt", true),
    ("**/**/*.txt", "file.txt", true),
    ("a**/*.txt", "a/file.txt", true),
    ("a**/*.txt", "a/dir/file.txt", true),
    ("a**/*.txt", "a/dir/dir/file.txt", true),
    ("a/*.txt", "a/dir/file.txt", false),
    ("a/*.txt", "a/file.txt", true),
    ("a/*.txt**", "a/file.txt", true),
    ("a[b-d]e", "ae", false),
    ("a[b-d]e", "ace", true),
    ("a[b-d]e", "aae", false),
    ("a[^b-d]e", "aze", true),
    (".*", ".foo", true),
    (".*", "foo", false),
    ("abc.def", "abcdef", false),
    ("abc.def", "abc.def", true),
    ("abc.def", "abcZdef", false),
    ("abc?def", "abcZdef", true),
    ("abc?def", "abcdef", false),
    ("**/foo/bar", "foo/bar", true),
    ("**/foo/bar", "dir/foo/bar", true),
    ("**/foo/bar", "dir/dir2/foo/bar", true),
    ("abc/**", "abc", false),
    ("abc/**", "abc/def", true),
    ("abc/**", "abc/def/ghi", true),
    ("**/.foo", ".foo", true),
    ("**/.foo", "bar.foo", false),
    ("a(b)c/def", "a(b)c/def", true),
    ("a(b)c/def", "a(b)c/xyz", false),
    ("a.|)$(}+{bc", "a.|)$(}+{bc", true),
    ("dist/proxy.py-2.4.0rc3.dev36+g08acad9.whl", "dist/proxy.py-2.4.0rc3.dev36+g08acad9.whl", true),
    ("dist/*.whl", "dist/proxy.py-2.4.0rc3.dev36+g08acad9.whl", true),
    (r"a\\", r"a\", true),
    (r"a\*b", "a*b", true),
    // Those it has from Go's filepath.Match.
    ("abc", "abc", true),
    ("*", "abc", true),
    ("*c", "abc", true),
    ("a*", "a", true),
    ("a*", "abc", true),
    ("a*", "ab/c", true),
    ("a*/b", "abc/b", true),
    ("a*/b", "a/c/b", false),
    ("a*b*c*d*e*/f", "axbxcxdxe/f", true),
    ("a*b*c*d*e*/f", "axbxcxdxexxx/f", true),
    ("a*b*c*d*e*/f", "axbxcxdxe/xxx/f", false),
    ("a*b*c*d*e*/f", "axbxcxdxexxx/fff", false),
    ("a*b?c*x", "abxbbxdbxebxczzx", true),
    ("a*b?c*x", "abxbbxdbxebxczzy", false),
    ("ab[c]", "abc", true),
    ("ab[b-d]", "abc", true),
    ("ab[e-g]", "abc", false),
    ("ab[^c]", "abc", false),
    ("ab[^b-d]", "abc", false),
    ("ab[^e-g]", "abc", true),
    (r"a\*b", "ab", false),
    ("a?b", "a☺b", true),
    ("a[^a]b", "a☺b", true),
    ("a???b", "a☺b", false),
    ("a[^a][^a][^a]b", "a☺b", false),
    ("[a-ζ]*", "α", true),
    ("*[a-ζ]", "A", false),
    ("a?b", "a/b", false),
    ("a*b", "a/b", false),
    (r"[\]a]", "]", true),
    (r"[\-]", "-", true),
    (r"[x\-]", "x", true),
    (r"[x\-]", "-", true),
    (r"[x\-]", "z", false),
    (r"[\-x]", "x", true),
    (r"[\-x]", "-", true),
    (r"[\-x]", "a", false),
    ("*x", "xxx", true),
    // Oddities of the translation into a regular expression, by reading it.
    ("**x", "dir/yx", true),
    ("**x?", "dir/yxz", false),
    ("dir**", "directory/x", true),
    ("a[^b]c", "a/c", true),
    ("a[+-a]c", "a/c", true),
    ("a^b", "a^b", true),
    ("a^b*", "a^bc", false),
    ("^a*", "abc", true),
    ("a]*", "a]b", true),
    ("a/**/b", "a/b", true),
    ("a/**/b", "a/x/y/b", true),
    ("a**b", "axb", false),
    ("a**b", "ab", true),
    ("a**b", "ax/b", true),
    ("**/c*", "a\nb/c", false),
    ("*c", "a\nc", true),
];

#[test]
fn a_path_matches_itself_or_by_a_folder_it_is_in() {
    for &(pattern, path, wanted) in CASES {
        assert_eq!(excludes(&[pattern], path), wanted, "pattern {pattern:?}, path {path:?}");
    }
}

#[test]
fn the_last_that_matches_decides() {
    let wheel = "dist/proxy.py-2.4.0rc3.dev36+g08acad9-py3-none-any.whl";
    for (patterns, path, wanted) in [
        (&["!fileutils.go", "*.go"][..], "fileutils.go", true),
        (&["*.go", "!fileutils.go"], "fileutils.go", false),
        (&["docs", "!docs/README.md"], "docs/README.md", false),
        (&["docs/", "!docs/README.md"], "docs/README.md", false),
        (&["docs/*", "!docs/README.md"], "docs/README.md", false),
        (&["**", "!util/docker/web"], "util/docker/web/foo", false),
        (&["**", "!util/docker/web", "util/docker/web/foo"], "util/docker/web/foo", true),
        (&["**", &format!("!{wheel}")], wheel, false),
        (&["**", "!dist/*.whl"], wheel, false),
        // What changes nothing for a folder is not asked there, and so does not hold for what is in it.
        (&["a/b", "!a"], "a/b", true),
        (&["a/b", "!a*"], "a/b", true),
        (&["a/b", "!a/*"], "a/b", false),
        (&[], "any/path", false),
        (&["*.go"], ".", false),
        (&["*.go"], "", false),
    ] {
        assert_eq!(excludes(patterns, path), wanted, "patterns {patterns:?}, path {path:?}");
    }
}

#[test]
fn what_is_no_pattern_is_refused_by_name() {
    for (pattern, rule) in [
        ("!", "behind its `!`"),
        ("! ", "behind its `!`"),
        ("!/", "not the root"),
        ("./!", "not the root"),
        ("! /a/..", "not the root"),
        ("[]a]", "need a backslash"),
        ("[-]", "need a backslash"),
        ("[x-]", "need a backslash"),
        ("[-x]", "need a backslash"),
        ("[a-b-c]", "need a backslash"),
        (r"\", "character behind it"),
        (r"a\", "character behind it"),
        (r"[\", "character behind it"),
        ("[", "end with `]`"),
        ("[^", "end with `]`"),
        ("[^bc", "end with `]`"),
        ("a[", "end with `]`"),
        ("[a-", "end with `]`"),
        // Regular expressions are refused by engines, too: these.
        ("[b-a]", "backwards"),
        (r"\q", "a letter or a digit"),
        // And these would be something else to them.
        (r"file\d", "a letter or a digit"),
        (r"[\w]", "a letter or a digit"),
        ("a[*]", "`*` and `?`"),
        ("a[b?]", "`*` and `?`"),
        ("[[:alpha:]]", "`[:`"),
    ] {
        let e = Ignore::new().pattern(pattern).unwrap_err();
        assert!(e.message().contains(rule), "{pattern:?}: {e}");
        let line = Ignore::parse(format!("a\n\n{pattern}\r\nb")).unwrap_err();
        assert!(line.message().starts_with("line 3 of the ignore file: ") && line.message().contains(rule), "{line}");
    }
}

#[test]
fn names_that_are_no_text_are_matched_byte_by_byte() {
    let ignore = Ignore::new().pattern("a??b").unwrap();
    assert!(ignore.excludes(b"a\xE2\x98b") && !ignore.excludes(b"a\xE2b") && !ignore.excludes(b"a\xE2\x98\xBAb"));
}
