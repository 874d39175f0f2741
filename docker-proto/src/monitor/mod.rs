//! A picture of an engine that is kept up to date, for many subscribers, over restarts of the engine. `docker.monitor(..)` of
//! an adapter makes one.
//!
//! # What you get
//!
//! A driver, and a [`Monitor`] to subscribe to. A subscriber's first item is a [`Snapshot`](Item::Snapshot), a
//! [`Picture`] of all containers. Then comes whatever happens: each event of the engine as it is, and what it changes in
//! the picture as [`Created`](Item::Created), [`Started`](Item::Started), [`Stopped`](Item::Stopped),
//! [`Renamed`](Item::Renamed), [`Updated`](Item::Updated) and [`Removed`](Item::Removed), each with all that is known about
//! the container: name, image, labels, environment, state, health, exit code. A start is told once and an end is told
//! once, however often the engine says so and whoever finds it.
//!
//! | to | use |
//! |---|---|
//! | know what runs now | [`Monitor::picture`], [`Picture::running`], [`Picture::get`] |
//! | follow what happens | [`Monitor::subscribe`], in as many places as there are |
//! | know what a container uses | [`Monitor::stats`]: one connection, for all subscribers |
//! | look only at some containers | [`Options::label`] |
//! | end it | drop every handle and subscriber, or [`Monitor::stop`] |
//!
//! Whatever the number of subscribers there is one connection for the events, one for each container whose samples are
//! wanted, and up to [`at_a_time`](Options::at_a_time) for looking at containers. Looking at one never holds up an event,
//! but the items of a container of which nothing is known yet wait for the answer, to come with everything about it.
//!
//! # The driver
//!
//! Nothing runs behind your back: no task and no thread is begun. The driver is a future in docker-tokio and docker-smol,
//! to be spawned or selected on, and has a `run()` in docker-blocking, for a thread of yours. It does its work only while it is
//! polled, and it must be polled for anything to be known. It ends well once nobody is there any more, and with the
//! error otherwise; subscribers get what is left, and then the end.
//!
//! ```text
//! let (driver, monitor) = docker.monitor(Options::new());
//! tokio::spawn(driver);                        // docker-tokio
//! smol::spawn(driver).detach();                // docker-smol; async_std::task::spawn(driver) as well
//! std::thread::spawn(|| driver.run());         // docker-blocking
//! ```
//!
//! # When something is missed
//!
//! - **The engine is away**: [`Disconnected`](Item::Disconnected), once. The picture stays as it was, and the driver tries
//!   again: at once, after 0.1 s, 0.2 s, up to every 3 s, until the engine answers or [`attempts`](Options::attempts) is
//!   reached. [`Reconnected`](Item::Reconnected) says that it is back. The events are asked for from a little before
//!   the last one, and what was had before is left out.
//! - **Events are lost**: dockerd forgets all of them when it restarts, and the oldest of more than 256. A
//!   [`Gap`](Item::Gap) says that the last event did not come back.
//! - After either, and every [`reconcile_every`](Options::reconcile_every) besides, the picture is compared with the engine.
//!   What nobody told comes as items marked [`reconciled`](Change::reconciled): a start and an end that were missed too,
//!   for engines tell when the last run of a container began. Of several runs that were missed in a row only the last is
//!   told. Then a [`Snapshot`](Item::Snapshot) says that all is well again.
//! - **A subscriber is slow**: what it has not taken is kept up to [`capacity`](Options::capacity) and
//!   [`max_bytes`](Options::max_bytes); then the oldest items are dropped. [`Lagged`](Item::Lagged) says how many, and a
//!   [`Snapshot`](Item::Snapshot) behind it puts its picture right. Nobody else waits for it.
//!
//! So whoever keeps a picture by [`Picture::apply`] on each item has the engine's in the end, whatever happened. A subscriber
//! has one already: [`Subscription::picture`].
//!
//! # Without an engine
//!
//! [`Tracker`] is the state machine alone: events and answers in, items and questions out. [`Watch`] drives it over the
//! [`Verbs`](crate::jobs::Verbs) of any client; what is shared is behind a [`Lock`] of the adapter's.

mod container;
mod entry;
mod feed;
mod handle;
mod happened;
mod hub;
mod item;
mod options;
mod picture;
mod ring;
mod samples;
mod tracker;
mod watch;

pub use container::Container;
pub use handle::{Monitor, Subscription};
pub use hub::{Hub, Lock, Worked};
pub use item::{Change, Item, Sample};
pub use options::Options;
pub use picture::Picture;
pub use tracker::{Tracker, Want};
pub use watch::{Watch, monitor};
