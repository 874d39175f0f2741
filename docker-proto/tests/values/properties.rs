//! What must hold for any text: no panic, and what was printed reads as it was.

use docker_proto::values::Reference;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn a_reference_reads_as_it_was(
        text in "((docker\\.io|index\\.docker\\.io|localhost|[a-c]\\.d:5|\\[::1\\])/)?(library/)?[a-c.]{1,3}(/[a-c_-]{1,3})?(:[a-c.]{1,3})?(@sha256:[0-9a-f]{64})?"
    ) {
        if let Ok(r) = Reference::parse(&text) {
            prop_assert_eq!(&Reference::parse(&r.full()).unwrap(), &r);
            prop_assert_eq!(&Reference::parse(&r.to_string()).unwrap(), &r);
        }
    }

    #[test]
    fn no_text_panics(text in any::<String>()) {
        let _ = Reference::parse(&text);
    }

    #[test]
    fn no_text_of_marks_panics(text in "[a:/@.\\[\\]=,0-9 é-]{0,24}") {
        let _ = Reference::parse(&text);
    }
}
