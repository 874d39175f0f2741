//! Listens to events until another thread has heard enough.

use crate::shared::Outcome;
use docker_blocking::Docker;
use docker_blocking::api::system::Events;
use std::thread::{sleep, spawn};
use std::time::Duration;

pub(crate) fn main(docker: &Docker) -> Outcome {
    let events = docker.stream(Events::new());
    let stop = events.canceller();
    spawn(move || {
        sleep(Duration::from_secs(2));
        stop.cancel();
    });
    for event in events {
        match event {
            Ok(event) => println!("{:?} {:?}", event.kind, event.action),
            Err(e) if e.is_cancelled() => println!("cancelled"),
            Err(e) => return Err(e.into()),
        }
    }
    Ok(())
}
