//! Image names: the grammar, the hub's several names, and back to text.

use crate::kit::{bad, good};
use docker_proto::values::Reference;

const HEX: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

#[test]
fn a_name_is_taken_apart_and_completed() {
    for (text, registry, path, tag, digest, familiar) in [
        ("alpine", "docker.io", "library/alpine", None, None, "alpine"),
        ("alpine:3.22", "docker.io", "library/alpine", Some("3.22"), None, "alpine:3.22"),
        ("library/alpine", "docker.io", "library/alpine", None, None, "alpine"),
        ("docker.io/alpine", "docker.io", "library/alpine", None, None, "alpine"),
        ("docker.io/library/alpine", "docker.io", "library/alpine", None, None, "alpine"),
        ("index.docker.io/alpine", "docker.io", "library/alpine", None, None, "alpine"),
        ("index.docker.io/library/alpine:x", "docker.io", "library/alpine", Some("x"), None, "alpine:x"),
        ("index.docker.io/user/app", "docker.io", "user/app", None, None, "user/app"),
        ("user/app", "docker.io", "user/app", None, None, "user/app"),
        ("user/repo:tag", "docker.io", "user/repo", Some("tag"), None, "user/repo:tag"),
        ("library/a/b", "docker.io", "library/a/b", None, None, "library/a/b"),
        ("localhost/app", "localhost", "app", None, None, "localhost/app"),
        ("localhost:5000/app", "localhost:5000", "app", None, None, "localhost:5000/app"),
        ("url:5000/repo:tag", "url:5000", "repo", Some("tag"), None, "url:5000/repo:tag"),
        ("quay.io/a/b/c:1", "quay.io", "a/b/c", Some("1"), None, "quay.io/a/b/c:1"),
        ("Registry/app", "Registry", "app", None, None, "Registry/app"),
        ("[::1]:5000/app", "[::1]:5000", "app", None, None, "[::1]:5000/app"),
        ("[2001:db8::1]/app", "[2001:db8::1]", "app", None, None, "[2001:db8::1]/app"),
        ("127.0.0.1/app", "127.0.0.1", "app", None, None, "127.0.0.1/app"),
        ("xn--7o8h.com/app", "xn--7o8h.com", "app", None, None, "xn--7o8h.com/app"),
        ("docker.io/a.b/c", "docker.io", "a.b/c", None, None, "docker.io/a.b/c"),
        ("docker.io/a-b__c.d_e--f/g", "docker.io", "a-b__c.d_e--f/g", None, None, "docker.io/a-b__c.d_e--f/g"),
        ("app:5000", "docker.io", "library/app", Some("5000"), None, "app:5000"),
    ] {
        let r = good(text, Reference::parse(text));
        assert_eq!((r.registry(), r.path(), r.tag(), r.digest()), (registry, path, tag, digest), "{text:?}");
        assert_eq!(r.to_string(), familiar, "{text:?}");
        assert_eq!(good(text, Reference::parse(&r.full())), r, "{text:?}");
        assert_eq!(good(text, Reference::parse(familiar)), r, "{text:?}");
    }
}

#[test]
fn a_digest_stays_with_its_tag() {
    let digest = format!("sha256:{HEX}");
    for (text, tag) in [(format!("alpine@{digest}"), None), (format!("alpine:3@{digest}"), Some("3"))] {
        let r = good(&text, Reference::parse(&text));
        assert_eq!((r.tag(), r.digest()), (tag, Some(&*digest)));
        assert_eq!(r.tag_or_digest(), digest);
        assert_eq!(r.to_string(), text);
        assert_eq!(r.clone().or_latest(), r, "a digest needs no tag");
    }
    // An algorithm of a later time.
    good("other", Reference::parse(&format!("alpine@blake3+x:{HEX}")));
}

/// docker-py's `ParseRepositoryTagTest`, name and tag or digest.
#[test]
fn repository_and_tag() {
    let sha = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    for (text, name, version) in [
        ("root", "root", None),
        ("root:tag", "root", Some("tag")),
        ("user/repo", "user/repo", None),
        ("user/repo:tag", "user/repo", Some("tag")),
        ("url:5000/repo", "url:5000/repo", None),
        ("url:5000/repo:tag", "url:5000/repo", Some("tag")),
        (&format!("root@{sha}"), "root", Some(sha)),
        (&format!("url:5000/repo@{sha}"), "url:5000/repo", Some(sha)),
    ] {
        let r = good(text, Reference::parse(text));
        assert_eq!(r.digest().or_else(|| r.tag()), version, "{text:?}");
        assert_eq!(r.without_version().familiar(), name);
    }
}

/// Rows of the table of the reference grammar, completed as the hub's names are.
#[test]
fn names_of_the_grammar() {
    for (text, full) in [
        ("test.com/foo:tag", "test.com/foo:tag"),
        ("test:5000/repo", "test:5000/repo"),
        ("lowercase:Uppercase", "docker.io/library/lowercase:Uppercase"),
        ("sub-dom1.foo.com/bar/baz/quux", "sub-dom1.foo.com/bar/baz/quux"),
        ("sub-dom1.foo.com/bar/baz/quux:some-long-tag", "sub-dom1.foo.com/bar/baz/quux:some-long-tag"),
        ("b.gcr.io/test.example.com/my-app:test.example.com", "b.gcr.io/test.example.com/my-app:test.example.com"),
        ("xn--n3h.com/myimage:xn--n3h.com", "xn--n3h.com/myimage:xn--n3h.com"),
        ("foo_bar.com:8080", "docker.io/library/foo_bar.com:8080"),
        ("foo/foo_bar.com:8080", "docker.io/foo/foo_bar.com:8080"),
        ("192.168.1.1/repo:tag", "192.168.1.1/repo:tag"),
        ("192.168.1.1", "docker.io/library/192.168.1.1"),
        ("[2001:db8::1]:5000/repo:tag", "[2001:db8::1]:5000/repo:tag"),
        ("[::]:5000/repo", "[::]:5000/repo"),
        ("a/a/a", "docker.io/a/a/a"),
    ] {
        assert_eq!(good(text, Reference::parse(text)).full(), full);
    }
    for (text, rule) in [
        ("Uppercase:tag", "lower case"),
        ("test:5000/Uppercase/lowercase:tag", "lower case"),
        ("foo_bar.com/repo", "host name"),
        ("[fe80::1%eth0]:5000/repo", "IPv6"),
        ("[2001:db8::1", "part of the path"),
        ("[notipv6]:5000/repo", "IPv6"),
    ] {
        bad(text, rule, Reference::parse(text));
    }
}

#[test]
fn what_no_engine_takes_is_refused() {
    let long = "a".repeat(256);
    for (text, rule) in [
        ("", "needs a path"),
        (":tag", "needs a path"),
        ("@sha256:x", "needs a path"),
        ("docker.io/", "needs a path"),
        ("localhost/", "needs a path"),
        ("Alpine", "lower case"),
        ("user/App:tag", "lower case"),
        ("aa/asdf$$^/aa", "part of the path"),
        ("a//b", "part of the path"),
        ("/a", "part of the path"),
        ("a/", "part of the path"),
        ("a..b", "part of the path"),
        ("a___b", "part of the path"),
        ("a._b", "part of the path"),
        ("-a", "part of the path"),
        ("a-", "part of the path"),
        ("a b", "part of the path"),
        ("é", "part of the path"),
        (" alpine", "part of the path"),
        (&long, "255 bytes"),
        ("https://quay.io/app", "port must be a number"),
        ("host:port/app", "port must be a number"),
        ("-host.io/app", "host name"),
        ("a..io/app", "host name"),
        ("host_.io/app", "host name"),
        ("[::1/app", "no `]`"),
        ("[]:5/app", "IPv6"),
        ("[::1]x/app.", "follow the registry's `]`"),
        ("alpine:", "tag must be"),
        ("alpine:-x", "tag must be"),
        ("alpine:a:b", "tag must be"),
        (&format!("alpine:{}", &long[..129]), "tag must be"),
        ("alpine@", "digest must be"),
        ("alpine@sha256", "digest must be"),
        ("alpine@sha256:ab", "64 lower case"),
        (&format!("alpine@sha256:{}", HEX.to_uppercase()), "64 lower case"),
        (&format!("alpine@sha512:{HEX}"), "64 lower case"),
        (&format!("alpine@other:{}", &HEX[..31]), "at least 32"),
        (&format!("alpine@1x:{HEX}"), "algorithm"),
        (&format!("alpine@sha256:{HEX}@sha256:{HEX}"), "64 lower case"),
        (HEX, "an image id"),
        (&format!("sha256:{HEX}"), "an image id"),
    ] {
        bad(text, rule, Reference::parse(text));
    }
}

#[test]
fn parts_are_replaced() {
    let r = good("", Reference::parse("quay.io/a/b"));
    assert_eq!(r.tag_or_digest(), "latest");
    let tagged = good("", r.clone().with_tag("v1"));
    assert_eq!(tagged.full(), "quay.io/a/b:v1");
    assert_eq!(tagged.clone().or_latest(), tagged);
    assert_eq!(tagged.without_version(), r);
    assert_eq!(r.clone().or_latest().to_string(), "quay.io/a/b:latest");
    bad("with_tag", "image tag: a tag must be", r.clone().with_tag("a b"));
    bad("with_digest", "image digest: a digest must be", r.clone().with_digest("x"));
    assert_eq!(String::from(&r), "quay.io/a/b");
    // A short form that would be taken for an id stays long.
    let id = good("", Reference::parse(&format!("docker.io/library/{HEX}")));
    assert_eq!(id.to_string(), format!("docker.io/library/{HEX}"));
}
