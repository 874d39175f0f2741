//! Patterns against a slow but plain reading of them, and patterns that take others for ever.

use docker_proto::build::Ignore;
use proptest::prelude::*;

/// A reading by trying everything, of patterns made of letters, `/`, `?`, `*` and `**`.
fn slowly(pattern: &[u8], path: &[u8]) -> bool {
    let splits = |rest: &[u8], may: &dyn Fn(&[u8]) -> bool| {
        (0..=path.len()).any(|n| may(&path[..n]) && slowly(rest, &path[n..]))
    };
    match pattern {
        [] => path.is_empty(),
        [b'*', b'*', rest @ ..] => {
            let rest = rest.strip_prefix(b"/").unwrap_or(rest);
            rest.is_empty() || splits(rest, &|part| part.is_empty() || part.ends_with(b"/"))
        }
        [b'*', rest @ ..] => splits(rest, &|part| !part.contains(&b'/')),
        [b'?', rest @ ..] => path.split_first().is_some_and(|(c, left)| *c != b'/' && slowly(rest, left)),
        [c, rest @ ..] => path.split_first().is_some_and(|(first, left)| first == c && slowly(rest, left)),
    }
}

/// What engines do: texts are compared where `**` is all that is special.
fn plainly(pattern: &str, path: &str) -> bool {
    let wild = |part: &str| part.contains(['*', '?']);
    match (pattern.strip_prefix("**"), pattern.strip_suffix("**")) {
        (Some(end), _) if !wild(end) => path.ends_with(end) || end.strip_prefix('/') == Some(path),
        (_, Some(start)) if !wild(start) => path.starts_with(start),
        _ => slowly(pattern.as_bytes(), path.as_bytes()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn every_pattern_matches_what_it_says(pattern in "[ab](/?[ab*?]{1,2}){0,5}|\\*[ab*?]{0,2}(/[ab*?]{1,3}){0,3}", path in "[ab]{1,3}(/[ab]{1,3}){0,3}") {
        let folders = path.match_indices('/').map(|(at, _)| &path[..at]).chain([&*path]);
        let wanted = folders.into_iter().any(|part| plainly(&pattern, part));
        prop_assert_eq!(Ignore::new().pattern(&pattern).unwrap().excludes(&path), wanted);
    }

    #[test]
    fn nothing_panics(text in proptest::collection::vec(any::<u8>(), 0..60), path in "[!#-~\\n]{0,20}") {
        if let Ok(ignore) = Ignore::parse(&text) {
            let _ = ignore.excludes(&path);
        }
    }

    #[test]
    fn no_pattern_panics(pattern in "[ab*?!#\\\\\\[\\]^/.☺-]{0,12}", path in "[ab*?!#\\[\\]^/.☺-]{0,12}") {
        if let Ok(ignore) = Ignore::new().pattern(&pattern) {
            let _ = ignore.excludes(&path);
            let _ = ignore.buildkit(true).excludes(&path);
        }
    }
}

/// Trying everything would take longer than the universe has existed.
#[test]
fn hostile_patterns_take_no_longer_than_others() {
    let path = format!("{}/b", vec!["a".repeat(250); 8].join("/"));
    for pattern in
        ["*a".repeat(400), "**/".repeat(400) + "x", "**".repeat(400) + "x?", "a*?".repeat(400), "[^x]*".repeat(300)]
    {
        let ignore = Ignore::new().pattern(&pattern).unwrap();
        let _ = ignore.excludes(&path);
        assert!(!ignore.excludes("c/c"), "{pattern}");
    }
}
