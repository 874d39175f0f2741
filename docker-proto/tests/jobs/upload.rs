//! Jobs that upload.

use super::run as job;
use docker_proto::Result;
use docker_proto::api::archive::Put;
use docker_proto::drive::{BodySource, Whole};
use docker_proto::jobs::{Answers, Content, Job, Verbs};
use docker_proto::tar::Tree;
use docker_proto::testkit::{MemoryBody, Script, Want};

/// Puts something into a container.
struct Copy(Content);

impl Job for Copy {
    type Output = ();

    async fn run<V: Verbs>(self, docker: &V) -> Result<()> {
        docker.upload(Put::new("web", "/"), self.0).value().await.map(drop)
    }
}

#[test]
fn what_is_at_hand_is_sent_with_its_length() {
    let tree = || Tree::new().file("a", "b").unwrap();
    let tar = tree().into_bytes();
    let source: Box<dyn BodySource> = Box::new(Whole::new(tar.clone()));
    for content in [Content::from(tar.clone()), tar.to_vec().into(), tree().into(), source.into()] {
        assert_eq!(format!("{content:?}"), format!("Content {{ length: Some({}), .. }}", tar.len()));
        let want =
            Want::from("PUT /v1.41/containers/web/archive?path=%2F").header("content-length", tar.len().to_string());
        let script = Script::new().expect(want.body(tar.clone())).reply("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        let (done, bench) = job(script, Copy(content));
        done.unwrap();
        bench.finish();
    }
}

#[test]
fn a_body_that_comes_in_pieces_is_asked_for_them() {
    let want = Want::from("PUT /v1.41/containers/web/archive?path=%2F").header("transfer-encoding", "chunked");
    let script = Script::new().expect(want.body("abc")).reply("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    let (done, bench) = job(script, Copy(Content::new(MemoryBody::new().piece("a").filled("bc"))));
    done.unwrap();
    bench.finish();
}

#[test]
fn an_error_of_the_body_is_the_error_of_the_job() {
    let body = Content::new(MemoryBody::new().piece("a").fail("the disk is gone"));
    let script = Script::new().expect_head(Want::any()).stall();
    let (done, _) = job(script, Copy(body));
    assert!(done.unwrap_err().to_string().contains("the disk is gone"));
}
