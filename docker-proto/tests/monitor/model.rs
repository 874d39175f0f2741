//! The tracker against a model of an engine: containers with random histories, events that come late or not at all, lists and
//! inspects that are answered at any moment and arrive at any other, connections that break.

mod histories;

use docker_proto::Error;
use docker_proto::model::{
    ContainerConfig, ContainerInspectResponse, ContainerState, ContainerStatus, ContainerSummary, EventActor,
    EventMessage, EventType,
};
use docker_proto::monitor::{Item, Picture, Tracker, Want};
use docker_proto::resume::{Gap, GapReason};
use std::collections::{BTreeMap, VecDeque};

struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n as u64) as usize
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }
}

/// A container as it really is.
#[derive(Clone, Debug)]
struct Truth {
    name: String,
    status: ContainerStatus,
    exit_code: i64,
    started: u64,
    ended: u64,
    starts: usize,
}

impl Truth {
    fn runs(&self) -> bool {
        matches!(self.status, ContainerStatus::Running | ContainerStatus::Paused)
    }
}

/// A question on its way, and its answer once the engine has looked.
enum Asked {
    List(Option<Vec<ContainerSummary>>),
    Inspect(String, Option<Box<Result<ContainerInspectResponse, Error>>>),
}

struct World {
    random: Random,
    now: u64,
    containers: BTreeMap<String, Truth>,
    made: usize,
    /// All that ever was: how often it was started.
    starts: BTreeMap<String, usize>,
    ends: BTreeMap<String, usize>,
    /// On their way.
    events: VecDeque<EventMessage>,
    connected: bool,
    /// Events were lost that nobody knows of yet.
    lost: bool,
    tracker: Tracker,
    asked: Vec<Asked>,
    items: Vec<Item>,
}

const BEGIN: u64 = 1_795_219_200_000_000_000;
const MS: u64 = 1_000_000;

fn rfc3339(nanos: u64) -> String {
    if nanos == 0 {
        return "0001-01-01T00:00:00Z".into();
    }
    let s = (nanos - BEGIN) / 1_000_000_000;
    format!("2026-11-21T{:02}:{:02}:{:02}.{:09}Z", s / 3600, s / 60 % 60, s % 60, nanos % 1_000_000_000)
}

impl World {
    fn new(seed: u64) -> Self {
        let mut world = Self {
            random: Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1),
            now: BEGIN,
            containers: BTreeMap::new(),
            made: 0,
            starts: BTreeMap::new(),
            ends: BTreeMap::new(),
            events: VecDeque::new(),
            connected: false,
            lost: false,
            tracker: Tracker::new(1 + (seed % 4) as usize),
            asked: Vec::new(),
            items: Vec::new(),
        };
        for _ in 0..world.random.below(12) {
            world.happen();
        }
        world
    }

    fn event(&mut self, id: &str, name: &str, action: &str, code: Option<i64>) {
        // Engines tell it a little later than it was.
        let steps = [0, 1, MS / 10, 10 * MS];
        self.now += 1 + steps[self.random.below(steps.len())];
        let mut attributes = vec![("name".to_owned(), name.to_owned()), ("image".into(), "busybox".into())];
        attributes.extend(code.map(|code| ("exitCode".to_owned(), code.to_string())));
        let event = EventMessage::new()
            .kind(EventType::Container)
            .action(action)
            .actor(EventActor::new().id(id).attributes(attributes))
            .time_nano(self.now as i64);
        if self.connected {
            self.events.push_back(event);
        }
    }

    /// Something happens to a container.
    fn happen(&mut self) {
        let steps = [1, MS, 100 * MS, 3000 * MS];
        self.now += steps[self.random.below(steps.len())];
        if self.containers.is_empty() || self.random.one_in(6) {
            self.made += 1;
            let id = format!("{:064x}", 0xabcd_ef00_u64 * self.made as u64);
            let name = format!("c{}", self.made);
            let truth = Truth {
                name: name.clone(),
                status: ContainerStatus::Created,
                exit_code: 0,
                started: 0,
                ended: 0,
                starts: 0,
            };
            self.containers.insert(id.clone(), truth);
            return self.event(&id, &name, "create", None);
        }
        let n = self.random.below(self.containers.len());
        let id = self.containers.keys().nth(n).cloned().expect("below their number");
        let (what, code) = (self.random.below(8), self.random.below(3) as i64);
        let now = self.now;
        let truth = self.containers.get_mut(&id).expect("one of them");
        let (action, code) = match what {
            0 => {
                self.made += 1;
                truth.name = format!("renamed{}", self.made);
                ("rename", None)
            }
            1 if truth.status == ContainerStatus::Running => {
                truth.status = ContainerStatus::Paused;
                ("pause", None)
            }
            1 | 2 if truth.status == ContainerStatus::Paused => {
                truth.status = ContainerStatus::Running;
                ("unpause", None)
            }
            2..=6 if truth.runs() => {
                (truth.status, truth.ended, truth.exit_code) = (ContainerStatus::Exited, now, code);
                *self.ends.entry(id.clone()).or_default() += 1;
                ("die", Some(code))
            }
            _ if truth.runs() => ("exec_create: sh", None),
            7 => {
                self.containers.remove(&id);
                return self.event(&id, "gone", "destroy", None);
            }
            _ => {
                (truth.status, truth.started) = (ContainerStatus::Running, now);
                truth.starts += 1;
                *self.starts.entry(id.clone()).or_default() += 1;
                ("start", None)
            }
        };
        let name = truth.name.clone();
        // A program may end before its start is told.
        if action == "start" && self.random.one_in(4) {
            let truth = self.containers.get_mut(&id).expect("one of them");
            (truth.status, truth.ended, truth.exit_code) = (ContainerStatus::Exited, now + 1, 7);
            *self.ends.entry(id.clone()).or_default() += 1;
            self.event(&id, &name, "start", None);
            return self.event(&id, &name, "die", Some(7));
        }
        self.event(&id, &name, action, code);
    }

    fn ask(&mut self) {
        while let Some(want) = self.tracker.want() {
            self.asked.push(match want {
                Want::List => Asked::List(None),
                Want::Inspect(id) => Asked::Inspect(id, None),
                _ => panic!("the tracker wants something else"),
            });
        }
        while let Some(item) = self.tracker.next() {
            self.items.push(item);
        }
    }

    /// The engine looks at a question.
    fn look(&mut self, n: usize) {
        let summary = |(id, c): (&String, &Truth)| {
            ContainerSummary::new().id(id.clone()).names([format!("/{}", c.name)]).state(c.status.clone())
        };
        match &mut self.asked[n] {
            Asked::List(answer @ None) => *answer = Some(self.containers.iter().map(summary).collect()),
            Asked::Inspect(id, answer @ None) => {
                let found = self.containers.get(id).ok_or_else(|| Error::engine(404, "No such container"));
                *answer = Some(Box::new(found.map(inspect)));
            }
            _ => {}
        }
    }

    /// An answer arrives.
    fn answer(&mut self, n: usize) {
        match &self.asked[n] {
            Asked::List(None) | Asked::Inspect(_, None) => return,
            _ => {}
        }
        match self.asked.swap_remove(n) {
            Asked::List(list) => self.tracker.listed(list.unwrap_or_default()),
            Asked::Inspect(id, answer) => self.tracker.inspected(&id, *answer.expect("looked at")),
        }
    }

    fn deliver(&mut self) {
        if let Some(event) = self.events.pop_front() {
            self.tracker.event(event);
        }
    }

    fn disconnect(&mut self) {
        self.connected = false;
        self.events.clear();
        self.asked.clear();
        self.tracker.broke();
    }

    fn connect(&mut self) {
        self.connected = true;
        self.tracker.begun();
    }

    /// One of the things that can happen next.
    fn step(&mut self, faults: bool) {
        match self.random.below(if faults { 24 } else { 20 }) {
            0..=5 => self.happen(),
            6..=11 => self.deliver(),
            12..=15 if !self.asked.is_empty() => {
                let n = self.random.below(self.asked.len());
                self.look(n);
            }
            16..=19 if !self.asked.is_empty() => {
                let n = self.random.below(self.asked.len());
                self.answer(n);
            }
            20 if self.random.one_in(3) => match self.connected {
                true => self.disconnect(),
                false => self.connect(),
            },
            21 => self.tracker.due(),
            22 => self.lost |= self.events.pop_front().is_some(),
            23 if self.connected => {
                let reason = if self.random.one_in(4) { GapReason::ClockWentBack } else { GapReason::Forgotten };
                self.tracker.gap(gap(reason));
            }
            _ => {}
        }
        self.ask();
    }

    /// Until nothing is on its way.
    fn settle(&mut self) {
        if !self.connected {
            self.connect();
        }
        if std::mem::take(&mut self.lost) {
            self.tracker.gap(gap(GapReason::Forgotten));
        }
        for _ in 0..10_000 {
            self.ask();
            match (self.events.is_empty(), self.asked.len()) {
                (true, 0) => return,
                (_, 0) => self.deliver(),
                (false, _) if self.random.one_in(2) => self.deliver(),
                (_, n) => {
                    let n = self.random.below(n);
                    self.look(n);
                    self.answer(n);
                }
            }
        }
        panic!("it does not come to rest");
    }

    fn check(&self, seed: u64) {
        let picture = self.tracker.picture();
        let seen: Vec<_> =
            picture.all().map(|c| (c.id.clone(), c.name.clone(), c.status.clone(), c.exit_code)).collect();
        let code = |c: &Truth| (c.starts > 0 && !c.runs()).then_some(c.exit_code);
        let truth: Vec<_> =
            self.containers.iter().map(|(id, c)| (id.clone(), c.name.clone(), c.status.clone(), code(c))).collect();
        assert_eq!(seen, truth, "seed {seed}");
        // Whoever applies the items to the first snapshot has the same picture.
        let mut applied = Picture::default();
        let first = self.items.iter().position(|item| matches!(item, Item::Snapshot(_))).expect("a snapshot");
        for item in &self.items[first..] {
            if let Item::Snapshot(now) = item {
                assert!(applied == *now || applied.is_empty(), "seed {seed}: a later snapshot says nothing new");
            }
            applied.apply(item);
        }
        assert_eq!(applied, picture, "seed {seed}");
    }
}

fn gap(reason: GapReason) -> Gap {
    // There is no other way to make one.
    let mut gaps = Vec::new();
    gaps.extend(GAPS.with(|gap| *gap));
    let mut gap = gaps[0];
    gap.reason = reason;
    gap
}

thread_local! {
    /// One that a policy made.
    static GAPS: [Gap; 1] = [crate::tracker::a_gap()];
}

fn inspect(c: &Truth) -> ContainerInspectResponse {
    let state = ContainerState::new()
        .status(c.status.clone())
        .exit_code(if c.runs() { 0 } else { c.exit_code })
        .started_at(rfc3339(c.started))
        .finished_at(rfc3339(c.ended));
    ContainerInspectResponse::new()
        .name(format!("/{}", c.name))
        .state(state)
        .config(ContainerConfig::new().image("busybox"))
}
