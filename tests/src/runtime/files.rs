//! The verbs that touch the disk.

use super::{AsyncStd, Blocking, Runtime, Smol, Tokio};
use bytes::Bytes;
use docker_proto::Result;
use docker_proto::build::Context;
use docker_proto::jobs::Content;
use docker_proto::op::{Operation, Reply, Uploads};
use docker_proto::tar::{Folder, Pack};
use smol::future::FutureExt;
use std::future::Future;
use std::io::Read;
use std::path::PathBuf;
use std::time::Duration;

/// See the verbs of the adapters.
pub trait Files: Runtime {
    /// Uploads a directory.
    fn upload_packed<O: Uploads>(&self, op: O, path: PathBuf, pack: Pack) -> Self::Items<O>;

    /// A directory as the context of a build.
    fn context(path: PathBuf) -> Context;

    /// What a reader gives, for a job.
    fn content(reader: impl Read + Send + Unpin + 'static) -> Content;

    /// A directory as what a job uploads.
    fn packed(path: PathBuf, pack: Pack) -> Content;

    /// A place on the disk that a job copies to.
    fn destination(path: PathBuf) -> impl Folder + 'static;

    /// Saves an answer to a file.
    fn save<O>(items: Self::Items<O>, path: PathBuf) -> impl Future<Output = Result<u64>> + Send
    where
        O: Operation<Reply: Reply<Item = Bytes>>;

    /// Begins to save an answer, and gives up after so long by whatever the runtime has for that: true if it had not
    /// ended by then.
    fn save_given_up<O>(items: Self::Items<O>, path: PathBuf, time: Duration) -> impl Future<Output = bool> + Send
    where
        O: Operation<Reply: Reply<Item = Bytes>>;
}

macro_rules! verbs {
    ($($runtime:ty: $body:path, $destination:path, $reader:path, $late:path $(, $await:tt)?;)+) => {$(
        impl Files for $runtime {
            fn upload_packed<O: Uploads>(&self, op: O, path: PathBuf, pack: Pack) -> Self::Items<O> {
                self.0.upload(op, <$body>::packed(path, pack))
            }

            fn context(path: PathBuf) -> Context {
                <$body>::context(path)
            }

            fn content(reader: impl Read + Send + Unpin + 'static) -> Content {
                <$body>::reader($reader(reader)).into()
            }

            fn packed(path: PathBuf, pack: Pack) -> Content {
                <$body>::packed(path, pack).into()
            }

            fn destination(path: PathBuf) -> impl Folder + 'static {
                <$destination>::new(path)
            }

            async fn save<O>(items: Self::Items<O>, path: PathBuf) -> Result<u64>
            where
                O: Operation<Reply: Reply<Item = Bytes>>,
            {
                items.save(path)$(.$await)?
            }

            async fn save_given_up<O>(items: Self::Items<O>, path: PathBuf, time: Duration) -> bool
            where
                O: Operation<Reply: Reply<Item = Bytes>>,
            {
                $late(items, path, time).await
            }
        }
    )+};
}

verbs! {
    Tokio: docker_tokio::Body, docker_tokio::Destination, super::tokio::Sync, tokio_late, await;
    Smol: docker_smol::Body, docker_smol::Destination, super::smol::Sync, smol_late, await;
    AsyncStd: docker_smol::Body, docker_smol::Destination, super::smol::Sync, smol_late, await;
    Blocking: docker_blocking::Body, docker_blocking::Destination, std::convert::identity, blocking_late;
}

async fn tokio_late<O>(items: docker_tokio::Items<O>, path: PathBuf, time: Duration) -> bool
where
    O: Operation<Reply: Reply<Item = Bytes>>,
{
    tokio::time::timeout(time, items.save(path)).await.is_err()
}

async fn smol_late<O>(items: docker_smol::Items<O>, path: PathBuf, time: Duration) -> bool
where
    O: Operation<Reply: Reply<Item = Bytes>>,
{
    let late = async {
        smol::Timer::after(time).await;
        true
    };
    let saved = async {
        let _ = items.save(path).await;
        false
    };
    saved.or(late).await
}

async fn blocking_late<O>(items: docker_blocking::Items<O>, path: PathBuf, time: Duration) -> bool
where
    O: Operation<Reply: Reply<Item = Bytes>>,
{
    let canceller = items.canceller();
    let thread = std::thread::spawn(move || {
        std::thread::sleep(time);
        canceller.cancel();
    });
    let cancelled = items.save(path).is_err_and(|e| e.is_cancelled());
    thread.join().expect("no panic in it");
    cancelled
}
