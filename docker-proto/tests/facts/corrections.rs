//! What the descriptions have under another name or in another place than engines do.

use crate::differences::ours;
use crate::schema::{Field, Schema};

/// The name of the member at a place, as engines have it.
pub(crate) fn name<'a>(at: &str, described: &'a str) -> &'a str {
    ours(at, "name").unwrap_or(described)
}

/// The members of an object, with those of its own members that really belong to it; and where these were.
pub(crate) fn moved(at: &str, fields: &[Field]) -> (Vec<Field>, Vec<String>) {
    let (mut all, mut places): (Vec<Field>, Vec<String>) = Default::default();
    for mut field in fields.iter().cloned() {
        let mut out = Vec::new();
        if let Schema::Object(inner) = &mut field.schema {
            let place = |f: &Field| format!("{at}.{}.{}", field.name, f.name);
            (out, *inner) = inner.drain(..).partition(|f| ours(&place(f), "place of a member") == Some(at));
            places.extend(out.iter().map(place));
        }
        all.push(field);
        all.extend(out);
    }
    (all, places)
}
