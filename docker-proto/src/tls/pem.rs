//! PEM (RFC 7468): texts with certificates and keys in them, and anything else between.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// A private key, by how it is written down.
#[cfg_attr(not(feature = "tls"), expect(dead_code, reason = "only its making is of interest, for it can fail"))]
pub(super) enum Key {
    Pkcs8(Vec<u8>),
    Pkcs1(Vec<u8>),
    Sec1(Vec<u8>),
}

const BEGIN: &str = "-----BEGIN ";
const DASHES: &str = "-----";

/// A part between its two lines.
struct Block<'a> {
    label: &'a str,
    /// Without the lines of its head, as older keys have them.
    text: String,
    encrypted: bool,
}

impl Block<'_> {
    #[inline]
    fn bytes(&self) -> Result<Vec<u8>, String> {
        // What was between the lines is not repeated: it may be a key.
        STANDARD
            .decode(&self.text)
            .map_err(|_| format!("what is between the lines of its {} is not base64", self.label))
    }
}

/// The certificates, in their order.
#[inline]
pub(super) fn certificates(pem: &[u8]) -> Result<Vec<Vec<u8>>, String> {
    let all = blocks(pem)?;
    let wanted = all.iter().filter(|b| matches!(b.label, "CERTIFICATE" | "X509 CERTIFICATE" | "TRUSTED CERTIFICATE"));
    let found = wanted.map(Block::bytes).collect::<Result<Vec<_>, _>>()?;
    if found.is_empty() { Err(format!("there is none in it; {}", seen(&all))) } else { Ok(found) }
}

/// The one private key.
#[inline]
pub(super) fn key(pem: &[u8]) -> Result<Key, String> {
    let all = blocks(pem)?;
    let mut keys = all.iter().filter(|b| b.label.ends_with("PRIVATE KEY"));
    let Some(key) = keys.next() else {
        return Err(format!("there is none in it; {}", seen(&all)));
    };
    if keys.next().is_some() {
        return Err("there are two in it, and only one can be used".into());
    }
    if key.encrypted || key.label == "ENCRYPTED PRIVATE KEY" {
        return Err(
            "it is encrypted, and nobody is asked for a passphrase; `openssl pkey -in key.pem` writes it without"
                .into(),
        );
    }
    match key.label {
        "PRIVATE KEY" => key.bytes().map(Key::Pkcs8),
        "RSA PRIVATE KEY" => key.bytes().map(Key::Pkcs1),
        "EC PRIVATE KEY" => key.bytes().map(Key::Sec1),
        other => Err(format!("it is written as {other:?}; PKCS#8, PKCS#1 and SEC1 are known")),
    }
}

/// What there is instead.
#[inline]
fn seen(all: &[Block<'_>]) -> String {
    match all {
        [] => "no line begins with `-----BEGIN`, so it is no PEM".into(),
        [first, ..] => format!("it holds {:?}", first.label),
    }
}

/// All parts; text around them is for people.
#[inline]
fn blocks(pem: &[u8]) -> Result<Vec<Block<'_>>, String> {
    let text = core::str::from_utf8(pem).map_err(|_| "it is not text, so it is no PEM")?;
    let mut found = Vec::new();
    let mut lines = text.lines().map(str::trim);
    while let Some(line) = lines.next() {
        let Some(label) = line.strip_prefix(BEGIN).and_then(|rest| rest.strip_suffix(DASHES)) else { continue };
        let mut block = Block { label, text: String::new(), encrypted: false };
        loop {
            let line = lines.next().ok_or_else(|| format!("its {label} does not end"))?;
            if let Some(end) = line.strip_prefix("-----END ") {
                if end.strip_suffix(DASHES) != Some(label) {
                    return Err(format!("its {label} ends as another thing"));
                }
                break;
            }
            // Base64 has no colon; a line of the head has one.
            match line.split_once(':') {
                Some((name, value)) => {
                    block.encrypted |= name == "Proc-Type" && value.contains("ENCRYPTED") || name == "DEK-Info";
                }
                None => block.text.push_str(line),
            }
        }
        found.push(block);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(label: &str, text: &str) -> String {
        format!("-----BEGIN {label}-----\n{text}\n-----END {label}-----\n")
    }

    #[test]
    fn certificates_are_found_among_anything() {
        let one = block("CERTIFICATE", "AQID\r\nBAUG");
        let text = format!("Issuer: somebody\n{}{one}\nsubject=x\n{}", block("EC PARAMETERS", "BggqhkjOPQMBBw=="), one);
        assert_eq!(certificates(text.as_bytes()).unwrap(), [[1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6]]);
        for (text, why) in [
            (String::new(), "no PEM"),
            ("\u{1}".into(), "no PEM"),
            (block("PRIVATE KEY", "AQID"), "it holds \"PRIVATE KEY\""),
            (block("CERTIFICATE", "s3cr*t"), "not base64"),
            ("-----BEGIN CERTIFICATE-----\nAQID\n".into(), "does not end"),
            ("-----BEGIN CERTIFICATE-----\nAQID\n-----END X-----\n".into(), "ends as another"),
        ] {
            let e = certificates(text.as_bytes()).unwrap_err();
            assert!(e.contains(why) && !e.contains("s3cr"), "{text}: {e}");
        }
        assert!(certificates(b"\xFF\xFE").is_err_and(|e| e.contains("not text")));
    }

    #[test]
    fn keys_in_three_forms_and_none_that_is_encrypted() {
        // As `openssl ecparam -genkey` writes it: the curve comes first.
        let sec1 = format!("{}{}", block("EC PARAMETERS", "BggqhkjOPQMBBw=="), block("EC PRIVATE KEY", "AQID"));
        assert!(matches!(key(sec1.as_bytes()), Ok(Key::Sec1(der)) if der == [1, 2, 3]));
        assert!(matches!(key(block("PRIVATE KEY", "AQID").as_bytes()), Ok(Key::Pkcs8(_))));
        assert!(matches!(key(block("RSA PRIVATE KEY", "AQID").as_bytes()), Ok(Key::Pkcs1(_))));
        let old = block("RSA PRIVATE KEY", "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAQID");
        for (text, why) in [
            (block("ENCRYPTED PRIVATE KEY", "AQID"), "encrypted"),
            (old, "encrypted"),
            (block("OPENSSH PRIVATE KEY", "AQID"), "\"OPENSSH PRIVATE KEY\""),
            (block("CERTIFICATE", "AQID"), "it holds \"CERTIFICATE\""),
            (block("PRIVATE KEY", "AQID").repeat(2), "two"),
        ] {
            let e = key(text.as_bytes()).err().unwrap_or_else(|| panic!("{text}"));
            assert!(e.contains(why), "{text}: {e}");
        }
    }
}
