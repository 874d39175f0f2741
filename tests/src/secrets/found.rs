//! Proof that the search finds: a secret told on purpose, and what is no secret.

use crate::list::{Secrets, forms};
use crate::{Failure, Stage};

/// Each form of a secret is found where it is told, whatever stands around it; and the log tells what happened.
pub fn on_purpose(stage: &Stage, lines: &[String]) -> Result<(), Failure> {
    let control = Secrets::default();
    let secret = control.make("control");
    let (before, needles) = control.search(lines);
    if !before.is_empty() || needles < 30 {
        return Err(format!("{needles} needles, and a secret that was not used is found: {before:?}").into());
    }
    for (form, needle) in forms(secret.as_bytes()) {
        // What is cut in the middle of a character is not told as text.
        let Ok(needle) = String::from_utf8(needle) else { continue };
        if !control.search(&["before".into(), format!("it is {needle} then")]).0.iter().any(|found| found.form == form)
        {
            return Err(format!("a secret told in the form {form:?} is not found").into());
        }
    }
    // In the middle of a longer text in base64, at every distance from its beginning.
    use base64::Engine;
    for distance in 0..6 {
        let text = format!("{}{secret}:more", "x".repeat(distance));
        for encoded in [
            base64::engine::general_purpose::STANDARD.encode(&text),
            base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(&text),
        ] {
            if control.search(&[encoded]).0.is_empty() {
                return Err(format!("a secret in base64 behind {distance} characters is not found").into());
            }
        }
    }
    let all = lines.join("\n");
    for open in ["User-Agent: docker-proto/", "/_ping", "http.response.status_code=200", "Ended", "***", "\\*"] {
        if !all.contains(open) && open != "Ended" {
            return Err(format!("{open:?} is not in the log of {}", stage.engine.name).into());
        }
    }
    Ok(())
}
