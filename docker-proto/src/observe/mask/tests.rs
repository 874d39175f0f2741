//! In the texts here, secrets stand between `«` and `»`.

use super::super::{Bodies, Part, Piece, Reveal};
use super::Mask;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// The text as it is sent, and as it is to be shown, with `_` for each hidden byte.
fn vector(marked: &str) -> (String, String) {
    let (mut sent, mut want) = (String::new(), String::new());
    for part in marked.split('«') {
        let (secret, rest) = part.split_once('»').unwrap_or(("", part));
        sent += &format!("{secret}{rest}");
        want += &format!("{}{rest}", "_".repeat(secret.len()));
    }
    (sent, want)
}

/// What is shown, and of which part each byte is.
fn shown(mask: &mut Mask, cuts: &[&[u8]]) -> (String, Vec<Part>) {
    let (mut text, mut parts) = (Vec::new(), Vec::new());
    for cut in cuts {
        let mut pieces: Vec<Piece<'_>> = Vec::new();
        mask.feed(cut, &mut pieces);
        assert_eq!(pieces.iter().map(|p| p.len).sum::<usize>(), cut.len());
        for piece in pieces {
            match piece.shown {
                Some(bytes) => {
                    assert_eq!(bytes.len(), piece.len);
                    text.extend_from_slice(bytes);
                }
                None => text.extend(core::iter::repeat_n(b'_', piece.len)),
            }
            parts.extend(core::iter::repeat_n(piece.part, piece.len));
        }
    }
    (String::from_utf8(text).unwrap(), parts)
}

/// Whole, byte by byte and at every cut: the same bytes are shown, as the same parts.
fn every_cut(make: impl Fn() -> Mask, marked: &str) -> Vec<Part> {
    let (bytes, want) = vector(marked);
    let whole = shown(&mut make(), &[bytes.as_bytes()]);
    assert_eq!(whole.0, want);
    let single: Vec<&[u8]> = bytes.as_bytes().chunks(1).collect();
    assert_eq!(shown(&mut make(), &single), whole, "byte by byte");
    for at in 1..bytes.len() {
        let (a, b) = bytes.as_bytes().split_at(at);
        assert_eq!(shown(&mut make(), &[a, b]), whole, "cut at {at}");
    }
    whole.1
}

fn request(marked: &str) {
    every_cut(|| Mask::request(Reveal::new()), marked);
}

fn answer(marked: &str) {
    every_cut(|| Mask::answer(Reveal::new(), false), marked);
}

#[test]
fn the_values_of_fields_that_are_somebodys_own_are_hidden() {
    request(
        "GET /x HTTP/1.1\r\nHost: docker\r\nAuthorization: «Bearer abc»\r\nX-Registry-Auth:«e30=»\r\nX-Team: «t»\r\n\r\n",
    );
    every_cut(
        || Mask::request(Reveal::new().field("x-team")),
        "GET /x HTTP/1.1\r\nAuthorization: «Bearer abc»\r\nX-Team: t\r\n\r\n",
    );
    answer("HTTP/1.1 204 No Content\r\nSet-Cookie: «a=b; c»\r\nApi-Version: 1.45\r\n\r\n");
    // A name that is too long to be known.
    request(&format!("GET / HTTP/1.1\r\n{}: «v»\r\n\r\n", "a".repeat(200)));
}

#[test]
fn of_a_target_what_may_be_a_secret_is_hidden() {
    for target in [
        "/build?t=a&buildargs=«%7B%22T%22%3A%22s%22%7D»&q=1",
        "/build?remote=«https%3A%2F%2Fu%3Ap%40h»",
        "/images/create?fromSrc=«http://a»&fromImage=a&tag=1",
        "/x?a&token=«b»&c",
        "/x?a=b=c?d",
        "/x?«»",
    ] {
        request(&format!("POST {target} HTTP/1.1\r\n\r\n"));
    }
}

#[test]
fn of_json_secrets_are_hidden_wherever_they_stand() {
    let deep = format!("{}\"«s»\"{}", "[".repeat(130), "]".repeat(130));
    for document in [
        r#"{"username":"u","password":"«p\"~?>w»","x":1}"#,
        r#"{"Name":"n","Data":"«c2VjcmV0»","Labels":{}}"#,
        r#"{"Env":["A=«b»","C","D=«e=f»"],"Cmd":["a=b"]}"#,
        r#"{"JoinTokens":{"Worker":"«w»","Manager":"«mm»"},"ID":"i"}"#,
        r#"{"JoinToken" : "«w»" , "RemoteAddrs" : ["r"]}"#,
        r#"{"DriverOpts":{"o":"«password=p»","n":«5»}}"#,
        r#"[{"Spec":{"CAConfig":{"SigningCAKey":"«k»"}},"Env":1}]"#,
        r#"["DEBUG=«1»","X"]"#,
        r#"{"Secrets":[{"SecretID":"i","SecretName":"n"}]}"#,
        r#"{"Env":[{"Name":"A","Value":"«v»"}],"Mounts":[]}"#,
        r#"{"pass\u0077ord":"«p»"}"#,
        r#"{"identitytoken":null,"auth":true}"#,
        r#"{"HttpProxy":"«http://u:p@h»","NoProxy":"localhost"}"#,
        "{\"a\":1}\n{\"token\":\"«t»\"}\n{\"b\":\"t\"}",
        r#"{"message":"get http://«u:p@h:1»/x: Get \"http://«h»\" https:/x http://«a»","Url":"http://a"}"#,
        "nothing like JSON",
        &deep,
    ] {
        let length = vector(document).0.len();
        let head = format!("POST / HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n");
        let parts = every_cut(|| Mask::request(Reveal::new()), &format!("{head}{document}"));
        assert!(parts[head.len()..].iter().all(|&part| part == Part::Json), "{parts:?}");
    }
}

#[test]
fn json_in_chunks_is_read_across_them() {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n";
    let body = "7\r\n{\"token\r\nA;«a=secret»\r\n\":\"«01234»\"}\r\n1\r\n\n\r\n0\r\n«X:» «secret»\r\n\r\n";
    let marked = format!("{head}{body}");
    let parts = every_cut(|| Mask::answer(Reveal::new(), false), &marked);
    let json = vector(&marked).0.into_bytes().into_iter().zip(parts).filter(|(_, part)| *part == Part::Json);
    assert_eq!(json.map(|(b, _)| b).collect::<Vec<u8>>(), b"{\"token\":\"01234\"}\n");
}

#[test]
fn other_bodies_are_counted_and_sessions_too() {
    let tar = "PUT /x HTTP/1.1\r\nContent-Type: application/x-tar\r\nContent-Length: 5\r\n\r\n";
    request(&format!("{tar}«bytes»"));
    every_cut(|| Mask::request(Reveal::new().bodies(Bodies::All)), &format!("{tar}bytes"));
    answer("HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\n\r\n<html> http://«u:p@h» none");
    answer("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n«output»");
    answer("HTTP/1.1 101 UPGRADED\r\nContent-Type: application/json\r\nUpgrade: tcp\r\n\r\n«{}typed»");
    request(
        "POST /exec/1/start HTTP/1.1\r\nUpgrade: tcp\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}«typed»",
    );
    let plain = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n";
    every_cut(|| Mask::answer(Reveal::new().bodies(Bodies::None), false), &format!("{plain}«{{}}»"));
    answer(&format!("{plain}{{}}«stray»"));
    // Only the head: what follows belongs to nothing.
    every_cut(|| Mask::answer(Reveal::new(), true), &format!("{plain}«{{}}»"));
    answer("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nX-Key: «v»\r\nContent-Length: 0\r\n\r\n");
}
