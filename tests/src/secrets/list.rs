//! The secrets of a run, every form in which one may show, and the search for them.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

/// Everything that must not be told. Clones share it.
#[derive(Clone, Default)]
pub struct Secrets(Arc<Mutex<BTreeMap<Vec<u8>, String>>>);

/// A secret that was found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// What it is.
    pub what: String,
    /// In which form.
    pub form: String,
    /// Where.
    pub line: String,
}

/// Shorter ones are found everywhere.
const SHORTEST: usize = 6;

impl Secrets {
    /// One that no other run has, with everything in it that encodings trip over.
    pub fn make(&self, what: &str) -> String {
        static NUMBER: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        let n = NUMBER.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let secret = format!("s~{:x}-{n}?>\"é\\{:x}/+k", std::process::id(), n.wrapping_mul(0x9e37_79b9));
        self.add(what, &secret);
        secret
    }

    /// The same of visible ASCII, for header fields.
    pub fn plain(&self, what: &str) -> String {
        let secret: String = self.make(what).chars().filter(char::is_ascii).collect();
        self.add(what, &secret);
        secret
    }

    /// One from elsewhere: a token that the engine gave, what stood in a header.
    pub fn add(&self, what: &str, value: impl AsRef<[u8]>) {
        let value = value.as_ref();
        if value.len() >= SHORTEST {
            self.0.lock().expect("nothing panics under this lock").entry(value.to_vec()).or_insert_with(|| what.into());
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.lock().expect("nothing panics under this lock").len()
    }

    /// All that are found in what was logged, and how many needles were looked for.
    pub fn search(&self, log: &[String]) -> (Vec<Found>, usize) {
        let all = self.0.lock().expect("nothing panics under this lock").clone();
        let (mut found, mut count) = (Vec::new(), 0);
        // The same is often told several times.
        let text = log.iter().map(|line| &**line).collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join("\n");
        for (value, what) in all {
            for (form, needle) in forms(&value) {
                count += 1;
                if let Some(at) = find(text.as_bytes(), &needle) {
                    let begin = text[..floor(&text, at)].rfind('\n').map_or(0, |n| n + 1);
                    let end = floor(&text, (begin + 300).max(at + needle.len()).min(text.len()));
                    found.push(Found { what: what.clone(), form, line: text[begin..end].to_owned() });
                }
            }
        }
        found.sort();
        (found, count)
    }
}

fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn find(text: &[u8], needle: &[u8]) -> Option<usize> {
    memchr::memmem::find(text, needle)
}

/// The secret as it is, and as programs write it.
pub fn forms(value: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut all: Vec<(String, Vec<u8>)> = Vec::new();
    let mut add = |form: &str, needle: Vec<u8>| {
        if needle.len() >= SHORTEST && !all.iter().any(|(_, other)| *other == needle) {
            all.push((form.to_owned(), needle));
        }
    };
    let mut written = vec![("raw", value.to_vec())];
    if let Ok(text) = std::str::from_utf8(value) {
        let json = serde_json::to_string(text).expect("a text");
        written.push(("JSON", json.trim_matches('"').as_bytes().to_vec()));
        // As Go writes JSON.
        let go = json.trim_matches('"').replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026");
        written.push(("Go's JSON", go.into_bytes()));
        let debug = format!("{text:?}");
        written.push(("Debug", debug.as_bytes()[1..debug.len() - 1].to_vec()));
    }
    written.push(("escaped ASCII", value.escape_ascii().to_string().into_bytes()));
    for (how, bytes) in &written {
        add(how, bytes.clone());
        // Cut by whatever shortens long texts.
        if bytes.len() >= 24 {
            add(&format!("beginning of {how}"), bytes[..12].to_vec());
            add(&format!("end of {how}"), bytes[bytes.len() - 12..].to_vec());
        }
        for (alphabet, engine) in [("base64", &STANDARD), ("base64url", &URL_SAFE)] {
            for shift in 0..3 {
                add(&format!("{alphabet}+{shift} of {how}"), core_of(engine, bytes, shift));
            }
        }
        let mut hex = String::new();
        bytes.iter().for_each(|b| hex += &format!("{b:02x}"));
        add(&format!("hex of {how}"), hex.clone().into_bytes());
        add(&format!("HEX of {how}"), hex.to_uppercase().into_bytes());
        for (name, keeps) in [("percent", &b"-._~"[..]), ("percent, few", b"-._~!$'()*,;:@/?"), ("percent, all", b"")] {
            let all_of_them = keeps.is_empty();
            let mut text = String::new();
            for &b in bytes {
                match b {
                    b if !all_of_them && (b.is_ascii_alphanumeric() || keeps.contains(&b)) => text.push(char::from(b)),
                    b => text += &format!("%{b:02X}"),
                }
            }
            add(&format!("{name} of {how}"), text.clone().into_bytes());
            add(&format!("{name}, small, of {how}"), lower(&text).into_bytes());
            add(&format!("form of {how}"), text.replace("%20", "+").into_bytes());
        }
    }
    all
}

/// Percent-encoded with small digits.
fn lower(text: &str) -> String {
    let mut parts = text.split('%');
    let mut small = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (digits, rest) = part.split_at(2);
        small += &format!("%{}{rest}", digits.to_lowercase());
    }
    small
}

/// The characters of base64 that hold nothing but the secret, if so many bytes stand before it in a group of three.
fn core_of(engine: &impl Engine, bytes: &[u8], shift: usize) -> Vec<u8> {
    let mut shifted = vec![0; shift];
    shifted.extend_from_slice(bytes);
    let text = engine.encode(&shifted);
    let first = (shift * 8).div_ceil(6);
    let last = shifted.len() * 8 / 6;
    text.as_bytes()[first..last].to_vec()
}
