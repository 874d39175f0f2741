//! Commands in containers: what the in-memory engine has of them.

use super::engine::{Request, UPGRADED, World};
use std::collections::BTreeMap;

/// All commands, by id.
pub(crate) type Commands = BTreeMap<String, Command>;

#[derive(Debug)]
pub(crate) struct Command {
    body: String,
    pub(crate) is: Is,
    /// The connection its output goes to.
    wire: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Is {
    Created,
    /// Until that tick, with that code then.
    Running(usize, i64),
    Ended(i64),
}

/// What ends by a signal alone.
const FOR_EVER: usize = usize::MAX;
/// The process id of every command.
const PID: u32 = 42;

impl World {
    /// How many commands run.
    pub(crate) fn running(&self) -> usize {
        self.commands.values().filter(|command| matches!(command.is, Is::Running(..))).count()
    }

    pub(super) fn exec(&mut self, wire: usize, now: usize, request: &Request, parts: &[&str]) {
        match (&*request.method, parts) {
            ("POST", ["containers", ..]) => {
                let id = format!("e{}", self.commands.len() + 1);
                self.say(wire, 201, &format!("{{\"Id\":\"{id}\"}}"));
                self.commands.insert(id, Command { body: request.body.clone(), is: Is::Created, wire });
            }
            ("POST", [_, id, "start"]) => {
                self.send(wire, 1, UPGRADED);
                let body = self.commands.get(*id).map_or(String::new(), |command| command.body.clone());
                let signal = ["TERM", "KILL", "0"].into_iter().find(|signal| body.contains(&format!("\"{signal}\"]")));
                let is = match signal {
                    Some(signal) => Is::Running(now + 1, i64::from(!self.signal(now, signal))),
                    None if body.contains("\"sleep\"") => Is::Running(FOR_EVER, 0),
                    None => Is::Running(now + 6, 0),
                };
                if body.contains("echo $$") {
                    self.send(wire, 3, frame(&format!("{PID}\n")));
                }
                if signal.is_none() {
                    self.send(wire, 5, frame("hi"));
                }
                if let Some(command) = self.commands.get_mut(*id) {
                    (command.is, command.wire) = (is, wire);
                }
            }
            ("POST", [.., "resize"]) => self.refuse(wire, 500, "timeout waiting for exec session ready"),
            (_, [_, id, ..]) => {
                let (runs, code) = match self.commands.get(*id).map(|command| command.is) {
                    None => return self.refuse(wire, 404, "No such exec instance"),
                    Some(Is::Created) => (false, "null".to_owned()),
                    Some(Is::Running(..)) => (true, "null".to_owned()),
                    Some(Is::Ended(code)) => (false, code.to_string()),
                };
                let body = format!("{{\"ID\":\"{id}\",\"Running\":{runs},\"ExitCode\":{code},\"Pid\":5}}");
                self.say(wire, 200, &body);
            }
            _ => self.refuse(wire, 404, "page not found"),
        }
    }

    /// Sends a signal to the commands that told their process id; whether there were some.
    fn signal(&mut self, now: usize, signal: &str) -> bool {
        let mut found = false;
        for command in self.commands.values_mut().filter(|command| command.body.contains("echo $$")) {
            let Is::Running(until, _) = &mut command.is else { continue };
            found = true;
            if signal == "KILL" {
                command.is = Is::Running(now + 1, 137);
            } else if signal == "TERM" && !command.body.contains("stubborn") {
                // It takes a moment for it.
                command.is = Is::Running((now + 30).min(*until), 143);
            }
        }
        found
    }

    /// What happens by itself.
    pub(super) fn pass_commands(&mut self, now: usize) {
        let mut ended = Vec::new();
        for command in self.commands.values_mut() {
            if let Is::Running(until, code) = command.is {
                if until <= now {
                    command.is = Is::Ended(code);
                    ended.push(command.wire);
                }
            }
        }
        ended.into_iter().for_each(|wire| self.send(wire, 1, ""));
    }
}

fn frame(text: &str) -> Vec<u8> {
    [&[1, 0, 0, 0, 0, 0, 0, u8::try_from(text.len()).unwrap()], text.as_bytes()].concat()
}
