//! Commands and the environment: docker-py's `SplitCommandTest`, `FormatEnvironmentTest`, `ParseEnvFileTest`, with the
//! tables of Python's shlex and of the command line's env files.

use crate::kit::{bad, good};
use docker_proto::values::{Env, env_file, join_command, split_command};

#[test]
fn commands_are_split_as_a_shell_does() {
    for (line, words) in [
        ("echo μμ", &["echo", "μμ"][..]),
        ("", &[]),
        ("  ", &[]),
        ("ls -l\t/tmp\n", &["ls", "-l", "/tmp"]),
        ("foo bar", &["foo", "bar"]),
        (r"\x bar", &["x", "bar"]),
        (r"foo\ bar", &["foo bar"]),
        (r#"foo "bar" bla"#, &["foo", "bar", "bla"]),
        (r#""foo" "bar" "bla""#, &["foo", "bar", "bla"]),
        (r#""foo" bar'bla'"#, &["foo", "barbla"]),
        ("blurb foo\"bar\"bar\"fasel\" baz", &["blurb", "foobarbarfasel", "baz"]),
        ("'foo' 'b a r'", &["foo", "b a r"]),
        ("''", &[""]),
        (r#"foo "" bar"#, &["foo", "", "bar"]),
        (r#"foo '' '' ''"#, &["foo", "", "", ""]),
        (r#"\""#, &["\""]),
        (r#""\"""#, &["\""]),
        (r#""foo\ bar""#, &[r"foo\ bar"]),
        (r#""foo\\ bar""#, &[r"foo\ bar"]),
        (r#""foo\' bar""#, &[r"foo\' bar"]),
        (r"'foo\ bar'", &[r"foo\ bar"]),
        (r#"'foo\" bar'"#, &[r#"foo\" bar"#]),
        ("foo # bar", &["foo", "#", "bar"]),
        ("a&&b;c|d", &["a&&b;c|d"]),
        ("$HOME *", &["$HOME", "*"]),
        (":-) ;-)", &[":-)", ";-)"]),
        ("a\u{a0}b", &["a\u{a0}b"]),
    ] {
        let found = good(line, split_command(line));
        assert_eq!(found, words, "{line:?}");
        assert_eq!(good(line, split_command(&join_command(&found))), words, "{line:?}");
    }
    // Words that need no quotes get none.
    assert_eq!(join_command(["echo", "a-b/c=1", "it's", "", "μ"]), r#"echo a-b/c=1 'it'"'"'s' '' 'μ'"#);
    for (line, rule) in [
        ("'a", "not closed"),
        ("a \"b", "not closed"),
        ("\"a\\", "after it"),
        ("a \\", "after it"),
        ("\"a\\\"", "not closed"),
    ] {
        bad(line, rule, split_command(line));
    }
}

#[test]
fn variables() {
    for (text, name, value) in [
        ("A=b", "A", Some("b")),
        ("FOO", "FOO", None),
        ("BAR=", "BAR", Some("")),
        ("ARTIST_NAME=송지은", "ARTIST_NAME", Some("송지은")),
        ("PASS=sec==ret", "PASS", Some("sec==ret")),
        (" a =b", " a ", Some("b")),
    ] {
        let var = good(text, text.parse::<Env>());
        assert_eq!(var, Env::from((name, value)), "{text:?}");
        assert_eq!(var.to_string(), text);
    }
    bad("=secret", "needs a name", "=secret".parse::<Env>());
    bad("", "needs a name", "".parse::<Env>());
    let shown = format!("{:?} {:?}", Env::from(("A", "secret")), Env::from(("B", None::<&str>)));
    assert_eq!(shown, "Env(A=***) Env(B)");
}

#[test]
fn env_files() {
    let lookup = |name: &str| (name == "KNOWN").then(|| "value".to_owned());
    for (text, vars) in [
        ("USER=jdoe\nPASS=secret", &["USER=jdoe", "PASS=secret"][..]),
        ("USER=jdoe\nPASS=sec==ret", &["USER=jdoe", "PASS=sec==ret"]),
        ("USER=jdoe\n#PASS=secret", &["USER=jdoe"]),
        ("\nUSER=jdoe\n\n\nPASS=secret", &["USER=jdoe", "PASS=secret"]),
        ("", &[]),
        ("\u{feff}USER=jdoe", &["USER=jdoe"]),
        ("A=1\r\nB=2\r\n", &["A=1", "B=2"]),
        ("  # comment\n   A=1", &["A=1"]),
        ("A= 1 ", &["A= 1 "]),
        ("A=\"quoted\"", &["A=\"quoted\""]),
        ("A=1#2", &["A=1#2"]),
        ("EMPTY=", &["EMPTY="]),
        ("KNOWN\nUNKNOWN\nA=1", &["KNOWN=value", "A=1"]),
        ("A=1\nA=2", &["A=1", "A=2"]),
    ] {
        let found: Vec<_> = good(text, env_file(text, lookup)).iter().map(ToString::to_string).collect();
        assert_eq!(found, vars, "{text:?}");
    }
    for (text, rule) in [
        ("USER jdoe", "line 1 of an env file: a name must not have white space"),
        ("A=1\n\nB C=2", "line 3"),
        ("=secret", "needs a name"),
        ("A=1\nA B", "line 2"),
    ] {
        bad(text, rule, env_file(text, lookup));
    }
    let e = env_file("top secret", lookup).unwrap_err();
    assert!(!e.to_string().contains("secret"), "{e}");
}
