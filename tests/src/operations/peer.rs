//! docker-py in a process of its own, and the comparison of what it reports with what we decode.

use crate::engine::{Engine, Failure};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// A docker-py that talks to one engine.
pub struct Peer {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Peer {
    /// Starts it, with the Python of `DOCKER_TEST_PYTHON`, speaking the API version that our client does.
    pub fn start(engine: &Engine) -> Result<Self, Failure> {
        let python =
            std::env::var("DOCKER_TEST_PYTHON").map_err(|_| "DOCKER_TEST_PYTHON names no python with docker-py")?;
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/src/operations/ask.py");
        let mut child = Command::new(python)
            .args([script, &engine.url, &engine.api.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let input = child.stdin.take().ok_or("no stdin")?;
        let output = BufReader::new(child.stdout.take().ok_or("no stdout")?);
        Ok(Self { child, input, output })
    }

    /// Calls a method of docker-py's `APIClient`.
    pub fn ask(&mut self, method: &str, args: Value, kwargs: Value) -> Result<Value, Failure> {
        writeln!(self.input, "{}", json!([method, args, kwargs]))?;
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        let mut answer: Value = serde_json::from_str(&line).map_err(|e| format!("docker-py ended: {e}"))?;
        match answer.get("error") {
            Some(error) => Err(format!("docker-py {method}: {error}").into()),
            None => Ok(answer["value"].take()),
        }
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Refuses a typed answer that says something else than the document the peer reports. Null, empty and absent are one;
/// `moving` are members, by name, whose values change between two questions: only their presence is compared.
pub fn same<T: Serialize>(typed: &T, reported: &Value, moving: &[&str]) -> Result<(), Failure> {
    let ours = serde_json::to_value(typed)?;
    let mut differences = Vec::new();
    compare(&ours, reported, "", moving, &mut differences);
    if differences.is_empty() { Ok(()) } else { Err(differences.join("; ").into()) }
}

fn compare(ours: &Value, theirs: &Value, at: &str, moving: &[&str], found: &mut Vec<String>) {
    match (ours, theirs) {
        (Value::Object(a), Value::Object(b)) => {
            let names: BTreeSet<_> = a.keys().chain(b.keys()).collect();
            for name in names {
                let (x, y) = (a.get(name).unwrap_or(&Value::Null), b.get(name).unwrap_or(&Value::Null));
                let at = format!("{at}/{name}");
                match moving.contains(&&**name) {
                    true if is_empty(x) != is_empty(y) => found.push(format!("{at} is {x}, reported {y}")),
                    true => {}
                    false => compare(x, y, &at, moving, found),
                }
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (i, (x, y)) in a.iter().zip(b).enumerate() {
                compare(x, y, &format!("{at}/{i}"), moving, found);
            }
        }
        // A number is a number, however it is written.
        (Value::Number(a), Value::Number(b)) if a.as_f64() == b.as_f64() => {}
        _ if ours == theirs || is_empty(ours) && is_empty(theirs) => {}
        _ => found.push(format!("{at} is {ours}, reported {theirs}")),
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.values().all(is_empty),
        Value::String(text) => text.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_anywhere_is_found() {
        let ours = json!({ "Id": "a", "Size": 1, "List": [{ "A": true }], "Empty": [] });
        assert!(same(&ours, &json!({ "Id": "a", "Size": 1.0, "List": [{ "A": true }], "Null": null }), &[]).is_ok());
        for (theirs, at) in [
            (json!({ "Id": "b", "Size": 1, "List": [{ "A": true }] }), "/Id"),
            (json!({ "Id": "a", "Size": 2, "List": [{ "A": true }] }), "/Size"),
            (json!({ "Id": "a", "Size": 1, "List": [{ "A": false }] }), "/List/0/A"),
            (json!({ "Id": "a", "Size": 1, "List": [] }), "/List"),
            (json!({ "Id": "a", "Size": 1, "List": [{ "A": true, "New": 0 }] }), "/List/0/New"),
            (json!({ "Size": 1, "List": [{ "A": true }] }), "/Id"),
        ] {
            let found = same(&ours, &theirs, &[]).unwrap_err().to_string();
            assert!(found.starts_with(at), "{found}");
        }
        assert!(same(&ours, &json!({ "Id": "b", "Size": 1, "List": [{ "A": true }] }), &["Id"]).is_ok());
        assert!(same(&ours, &json!({ "Size": 1, "List": [{ "A": true }] }), &["Id"]).is_err());
    }
}
