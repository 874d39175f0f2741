//! What the engine in memory has, and what it does when it is asked.

use super::archive::Files;
use super::exec::Commands;
use std::collections::{BTreeMap, BTreeSet};

/// A request, as far as it matters.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// Without the version.
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) body: String,
    /// The body as it was before it was sent.
    pub(crate) bytes: Vec<u8>,
}

impl Request {
    /// The first whole request among the bytes, and its length.
    pub(crate) fn parse(bytes: &[u8]) -> Option<(usize, Self)> {
        Self::read(bytes, true)
    }

    /// One that has begun, with as much of its body as there is.
    pub(crate) fn begun(bytes: &[u8]) -> Option<Self> {
        Self::read(bytes, false).map(|(_, request)| request)
    }

    fn read(bytes: &[u8], whole: bool) -> Option<(usize, Self)> {
        let head = bytes.windows(4).position(|w| w == b"\r\n\r\n")? + 4;
        let text = std::str::from_utf8(&bytes[..head]).unwrap();
        let field = |name: &str| {
            text.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix(name).map(|v| v.trim().to_owned()))
        };
        let chunked = field("transfer-encoding:").is_some();
        let body = match field("content-length:") {
            _ if !whole => &bytes[head..],
            Some(length) => bytes.get(head..head + length.parse::<usize>().unwrap())?,
            None if chunked => {
                let end = bytes[head..].windows(5).position(|w| w == b"0\r\n\r\n")? + 5;
                &bytes[head..head + end]
            }
            None => &[],
        };
        let (method, rest) = text.split_once(' ').unwrap();
        let target = rest.split(' ').next().unwrap();
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let request = Self {
            method: method.into(),
            path: path.trim_start_matches("/v1.41").into(),
            query: query.into(),
            body: String::from_utf8_lossy(body).into(),
            bytes: if chunked { unchunked(body) } else { body.to_vec() },
        };
        Some((head + body.len(), request))
    }
}

/// What the chunks hold that have come.
fn unchunked(mut body: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    while let Some(end) = body.windows(2).position(|w| w == b"\r\n") {
        let size = usize::from_str_radix(std::str::from_utf8(&body[..end]).unwrap(), 16).unwrap();
        let data = &body[end + 2..];
        bytes.extend_from_slice(&data[..size.min(data.len())]);
        body = data.get(size + 2..).unwrap_or_default();
    }
    bytes
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Is {
    Created,
    /// Until that tick.
    Running(usize),
    Exited,
}

/// A container: its state, the body it was made with, and the connections that wait for something of it.
#[derive(Debug)]
pub(crate) struct Container {
    pub(crate) is: Is,
    pub(crate) body: String,
    attached: Vec<usize>,
    waiting: Vec<usize>,
}

#[derive(Debug, Default)]
pub(crate) struct World {
    pub(crate) podman: bool,
    /// What was to be loaded comes even if the client has gone.
    pub(crate) late: bool,
    pub(crate) containers: BTreeMap<String, Container>,
    pub(crate) images: BTreeSet<String>,
    /// By name, and whether it is enabled.
    pub(crate) plugins: BTreeMap<String, bool>,
    /// The one service, named web.
    pub(crate) service: Option<super::service::Service>,
    /// Downloads: the connection, when it is done, what it brings.
    pub(crate) loading: Vec<(usize, usize, Brings)>,
    pub(crate) commands: Commands,
    /// Requests so far, for people.
    pub(crate) asked: Vec<String>,
    /// Bytes for a connection, so many ticks later.
    pub(crate) sent: Vec<(usize, usize, Vec<u8>)>,
    pub(crate) made: usize,
    /// Those of the container `web`, if there is one.
    pub(crate) files: Option<Files>,
}

#[derive(Debug, Clone)]
pub(crate) enum Brings {
    Image(String),
    Built(String),
    Plugin(String),
}

const CHUNKED: &str = "Transfer-Encoding: chunked\r\n";
pub(super) const UPGRADED: &str = "HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\n\
                        Connection: Upgrade\r\nUpgrade: tcp\r\n\r\n";

fn chunk(text: &str) -> String {
    format!("{:x}\r\n{text}\r\n", text.len())
}

impl World {
    pub(crate) fn with_image(image: &str) -> Self {
        Self { images: BTreeSet::from([image.into()]), ..Self::default() }
    }

    pub(super) fn send(&mut self, wire: usize, after: usize, bytes: impl Into<Vec<u8>>) {
        self.sent.push((wire, after, bytes.into()));
    }

    pub(super) fn head(&self, status: u16, fields: &str) -> String {
        let kind = if self.podman { "Libpod-Api-Version: 4.3.1\r\n" } else { "" };
        format!("HTTP/1.1 {status} x\r\nApi-Version: 1.41\r\nContent-Type: application/json\r\n{kind}{fields}\r\n")
    }

    pub(super) fn say(&mut self, wire: usize, status: u16, body: &str) {
        let length = if status == 204 { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
        let head = self.head(status, &length);
        self.send(wire, 1, head + body);
    }

    pub(super) fn refuse(&mut self, wire: usize, status: u16, why: &str) {
        self.say(wire, status, &format!("{{\"message\":\"{why}\"}}"));
    }

    /// Does what it is asked for. `open` is false if the client has gone.
    pub(crate) fn answer(&mut self, wire: usize, now: usize, open: bool, request: &Request) {
        let Request { method, path, query, body, .. } = request;
        self.asked.push(format!("{method} {path}?{query}"));
        let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
        match (&**method, &parts[..]) {
            (_, ["_ping"]) => self.say(wire, 200, "OK"),
            ("POST", ["containers", "create"]) => self.create(wire, body),
            ("GET", ["containers", "json"]) => {
                let label = query.split("%22").find(|part| part.starts_with("run%3D")).unwrap_or("no label");
                let label = label.replace("%3D", "\":\"");
                let found = self.containers.iter().filter(|(_, c)| c.body.contains(&label));
                let list: Vec<_> = found.map(|(id, _)| format!("{{\"Id\":\"{id}\"}}")).collect();
                self.say(wire, 200, &format!("[{}]", list.join(",")));
            }
            (_, ["containers", "web", ..]) => self.web(wire, request),
            (_, ["containers", id, ..]) if !self.containers.contains_key(*id) => {
                self.refuse(wire, 404, "No such container");
            }
            ("POST", ["containers", id, "attach"]) => {
                self.container(id).attached.push(wire);
                self.send(wire, 1, UPGRADED);
            }
            ("POST", ["containers", id, "wait"]) => {
                if !self.podman {
                    let head = self.head(200, CHUNKED);
                    self.send(wire, 1, head);
                }
                self.container(id).waiting.push(wire);
            }
            ("POST", ["containers", id, "start"]) => {
                self.container(id).is = Is::Running(now + 5);
                self.say(wire, 204, "");
            }
            ("GET", ["containers", id, "json"]) => {
                let state = r#"{"Status":"running","Running":true,"Health":{"Status":"starting"}}"#;
                self.say(wire, 200, &format!("{{\"Id\":\"{id}\",\"State\":{state}}}"));
            }
            ("GET", ["containers", _, "logs"]) => {
                let head = self.head(200, CHUNKED);
                self.send(wire, 1, head + &chunk("\x01\0\0\0\0\0\0\x07a line\n"));
            }
            ("POST", ["containers", _, "resize"]) => self.refuse(wire, 409, "it does not run"),
            ("POST", ["build"]) => self.load(wire, now, open, Brings::Built("image".into())),
            ("POST", ["containers", _, "exec"]) | (_, ["exec", ..]) => self.exec(wire, now, request, &parts),
            ("DELETE", ["containers", id]) => {
                self.end(id);
                self.containers.remove(*id);
                self.say(wire, 204, "");
            }
            ("POST", ["images", "create"]) => self.load(wire, now, open, Brings::Image("image".into())),
            ("GET", ["images", image, "json"]) if self.images.contains(*image) => {
                self.say(wire, 200, "{\"Id\":\"sha256:1\"}");
            }
            ("GET", ["images", ..]) => self.refuse(wire, 404, "No such image: image"),
            (_, ["plugins", rest @ ..]) => self.plugin(wire, now, open, request, rest),
            (_, rest @ (["services", ..] | ["tasks"])) => self.services(wire, request, rest),
            _ => self.refuse(wire, 404, "page not found"),
        }
    }

    fn container(&mut self, id: &str) -> &mut Container {
        self.containers.get_mut(id).expect("it was looked for before")
    }

    fn create(&mut self, wire: usize, body: &str) {
        if self.images.is_empty() {
            return self.refuse(wire, 404, "No such image: image");
        }
        self.made += 1;
        let id = format!("c{}", self.made);
        let container = Container { is: Is::Created, body: body.into(), attached: vec![], waiting: vec![] };
        self.containers.insert(id.clone(), container);
        self.say(wire, 201, &format!("{{\"Id\":\"{id}\",\"Warnings\":[]}}"));
    }

    /// A download: it takes a while, and ends with nothing if the client goes.
    fn load(&mut self, wire: usize, now: usize, open: bool, brings: Brings) {
        let head = self.head(200, CHUNKED);
        self.send(wire, 1, head + &chunk("{\"status\":\"Pulling\"}\r\n"));
        if open || self.late {
            self.loading.push((wire, now + 4, brings));
        }
    }

    fn plugin(&mut self, wire: usize, now: usize, open: bool, request: &Request, rest: &[&str]) {
        let name = rest[..rest.len().saturating_sub(1)].join("/");
        match (&*request.method, rest) {
            ("GET", ["privileges"]) => {
                self.say(wire, 200, r#"[{"Name":"network","Description":"","Value":["host"]}]"#);
            }
            ("POST", ["pull"]) if !request.body.contains("\"host\"") => {
                let head = self.head(200, CHUNKED);
                let error =
                    chunk(r#"{"errorDetail":{"message":"incorrect privileges"},"error":"incorrect privileges"}"#);
                self.send(wire, 1, head + &error + "0\r\n\r\n");
            }
            ("POST", ["pull"]) if self.plugins.contains_key("ssh") => {
                self.refuse(wire, 409, "plugin ssh already exists")
            }
            ("POST", ["pull"]) => self.load(wire, now, open, Brings::Plugin("ssh".into())),
            ("DELETE", [name]) if self.plugins.remove(*name).is_some() => self.say(wire, 200, ""),
            ("POST", [.., "enable" | "set"]) if self.plugins.contains_key(&name) => {
                self.plugins.insert(name, request.path.ends_with("enable"));
                self.say(wire, if request.path.ends_with("set") { 204 } else { 200 }, "");
            }
            ("GET", [.., "json"]) if self.plugins.contains_key(&name) => {
                let enabled = self.plugins[&name];
                self.say(wire, 200, &format!("{{\"Id\":\"p1\",\"Name\":\"{name}\",\"Enabled\":{enabled}}}"));
            }
            _ => self.refuse(wire, 404, "plugin not found"),
        }
    }

    /// Ends a container: whoever is attached or waits is told.
    fn end(&mut self, id: &str) {
        let container = self.container(id);
        container.is = Is::Exited;
        let (attached, waiting) = (std::mem::take(&mut container.attached), std::mem::take(&mut container.waiting));
        for wire in attached {
            self.send(wire, 1, &b"\x01\0\0\0\0\0\0\x03out"[..]);
            self.send(wire, 2, "");
        }
        for wire in waiting {
            if self.podman {
                self.say(wire, 200, "{\"StatusCode\":3}");
            } else {
                self.send(wire, 1, chunk("{\"StatusCode\":3}\n") + "0\r\n\r\n");
            }
        }
    }

    /// What happens by itself.
    pub(crate) fn pass(&mut self, now: usize, is_open: impl Fn(usize) -> bool) {
        self.pass_services();
        self.pass_commands(now);
        let over = |c: &Container| matches!(c.is, Is::Running(until) if until <= now);
        let ended: Vec<_> = self.containers.iter().filter(|(_, c)| over(c)).map(|(id, _)| id.clone()).collect();
        ended.iter().for_each(|id| self.end(id));
        // One that was waited for when it had ended before.
        let late: Vec<_> =
            self.containers.iter().filter(|(_, c)| c.is == Is::Exited && !c.waiting.is_empty()).collect();
        let late: Vec<_> = late.into_iter().map(|(id, _)| id.clone()).collect();
        late.iter().for_each(|id| self.end(id));
        let (done, loading): (Vec<_>, Vec<_>) = std::mem::take(&mut self.loading)
            .into_iter()
            .filter(|(wire, ..)| self.late || is_open(*wire))
            .partition(|(_, at, _)| *at <= now);
        self.loading = loading;
        for (wire, _, brings) in done {
            if let Brings::Built(_) = brings {
                self.send(wire, 1, chunk("{\"aux\":{\"ID\":\"sha256:1\"}}\r\n"));
            }
            match brings {
                Brings::Image(image) | Brings::Built(image) => drop(self.images.insert(image)),
                Brings::Plugin(plugin) => drop(self.plugins.insert(plugin, false)),
            }
            self.send(wire, 1, chunk("{\"status\":\"Done\"}\r\n") + "0\r\n\r\n");
        }
    }
}
