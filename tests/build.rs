//! Makes a function of each Rust block of the README, so that the compiler reads them; see `readme/main.rs`.

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=../README.md");
    println!("cargo::rerun-if-changed=build.rs");
    let readme = fs::read_to_string("../README.md")?;
    let mut functions = String::new();
    let mut names = Vec::new();
    for block in readme.split("\n```rust\n").skip(1) {
        let block = block.split("\n```").next().unwrap_or_default();
        let adapter = block.strip_prefix("use ").and_then(|rest| rest.split("::").next());
        let adapter = adapter.filter(|name| name.starts_with("docker_"));
        let adapter = adapter.ok_or_else(|| format!("a block of the README names no adapter first:\n{block}"))?;
        let name = format!("block_{}_{adapter}", names.len() + 1);
        // What a block does not make itself it is given.
        writeln!(
            functions,
            "async fn {name}(docker: {adapter}::Docker, stop: Signal) -> Outcome {{\n{block}\nOk(())\n}}"
        )?;
        names.push(name);
    }
    writeln!(functions, "const BLOCKS: &[&str] = &{names:?};")?;
    fs::write(Path::new(&env::var("OUT_DIR")?).join("readme.rs"), functions)?;
    Ok(())
}
