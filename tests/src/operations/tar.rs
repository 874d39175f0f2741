//! Just enough tar: regular files, there and back.

use crate::engine::Failure;

/// A tar of files with these names and contents.
pub fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    tar_with(0o644, files)
}

/// As [`tar`], all files with this mode.
pub fn tar_with(mode: u32, files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut tar = Vec::new();
    for (name, content) in files {
        let mut head = [0; 512];
        let mut put = |at: usize, text: &str| head[at..at + text.len()].copy_from_slice(text.as_bytes());
        put(0, name);
        put(100, &format!("{mode:07o}\x000000000\x000000000\0"));
        // The time is when Docker was first published: the same in every run.
        put(124, &format!("{:011o}\0{:011o}\0", content.len(), 1_363_737_600));
        put(148, "        0");
        put(257, "ustar\x0000");
        let sum: u32 = head.iter().map(|&b| u32::from(b)).sum();
        head[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        tar.extend_from_slice(&head);
        tar.extend_from_slice(content);
        tar.resize(tar.len().next_multiple_of(512), 0);
    }
    // Two empty blocks are the end.
    tar.resize(tar.len() + 1024, 0);
    tar
}

/// The names and contents in a tar; an error if it does not end as a tar does.
pub fn untar(tar: &[u8]) -> Result<Vec<(String, &[u8])>, Failure> {
    let (mut files, mut rest) = (Vec::new(), tar);
    loop {
        let (head, behind) = rest.split_at_checked(512).ok_or("the tar has no end")?;
        if head.iter().all(|&b| b == 0) {
            return Ok(files);
        }
        let text = |from: usize, to: usize| {
            String::from_utf8_lossy(head[from..to].split(|&b| b == 0).next().unwrap_or_default()).into_owned()
        };
        let size =
            usize::from_str_radix(text(124, 136).trim(), 8).map_err(|e| format!("an odd length in a tar: {e}"))?;
        let content = behind.get(..size).ok_or("the tar is cut off within a file")?;
        files.push((text(0, 100), content));
        rest = behind.get(size.next_multiple_of(512)..).ok_or("the tar is cut off behind a file")?;
    }
}

/// The content of the one file of this name.
pub fn find<'a>(files: &[(String, &'a [u8])], name: &str) -> Result<&'a [u8], Failure> {
    let mut found = files.iter().filter(|(n, _)| n.trim_start_matches("./").trim_end_matches('/') == name);
    match (found.next(), found.next()) {
        (Some((_, content)), None) => Ok(content),
        (None, _) => Err(format!("{name} is not in the tar").into()),
        (_, Some(_)) => Err(format!("{name} is in the tar more than once").into()),
    }
}

#[cfg(test)]
mod tests {
    use super::{find, tar, untar};

    #[test]
    fn files_go_there_and_back_and_an_end_is_missed() {
        let long = [7; 513];
        let whole = tar(&[("a", b"one"), ("b/c", &long), ("empty", b"")]);
        let files = untar(&whole).expect("it is whole");
        assert_eq!(files.len(), 3);
        assert_eq!(find(&files, "a").expect("it is there"), b"one");
        assert_eq!(find(&files, "b/c").expect("it is there"), &long);
        assert!(find(&files, "b").is_err());
        for cut in [0, 511, 514, 1024, whole.len() - 1024] {
            assert!(untar(&whole[..cut]).is_err(), "{cut}");
        }
    }
}
