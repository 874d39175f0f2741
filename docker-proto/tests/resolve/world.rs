//! A world to ask questions in: variables, files and programs in maps.

use docker_proto::resolve::{Answer, Ask, Asking, Inquiry, Program, Step};
use docker_proto::{Error, Result};
use std::collections::{BTreeMap, BTreeSet};

/// A helper program: what it is given, and what comes of it.
pub(crate) type Helper = Box<dyn FnMut(&Program) -> Answer>;

#[derive(Default)]
pub(crate) struct World {
    pub(crate) env: BTreeMap<String, String>,
    pub(crate) files: BTreeMap<String, String>,
    /// Files that nobody but the owner can read.
    pub(crate) private: BTreeSet<String>,
    /// What cannot be looked at.
    pub(crate) forbidden: BTreeSet<String>,
    pub(crate) helper: Option<Helper>,
    /// All that was asked, in order.
    pub(crate) asked: Vec<String>,
}

impl World {
    /// Variables, and a home.
    pub(crate) fn new(env: &[(&str, &str)]) -> Self {
        let mut world = Self::default();
        world.env.insert("HOME".into(), "/home/me".into());
        world.env.extend(env.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())));
        world
    }

    pub(crate) fn file(mut self, path: &str, text: &str) -> Self {
        self.files.insert(path.into(), text.into());
        self
    }

    pub(crate) fn config(self, text: &str) -> Self {
        self.file("/home/me/.docker/config.json", text)
    }

    pub(crate) fn forbid(mut self, path: &str) -> Self {
        self.forbidden.insert(path.into());
        self
    }

    /// Asks until it is done. Takes every step twice and answers twice: neither may matter.
    pub(crate) fn ask<I: Inquiry>(&mut self, inquiry: I) -> Result<I::Output> {
        let mut asking = Asking::new(inquiry);
        for _ in 0..500 {
            let ask = match asking.step()? {
                Step::Done(value) => return Ok(value),
                Step::Ask(ask) => ask,
            };
            match asking.step()? {
                Step::Ask(again) => assert_eq!(again, ask),
                Step::Done(_) => panic!("done without an answer to {ask:?}"),
            }
            self.asked.push(format!("{ask:?}"));
            let answer = self.answer(ask);
            asking.answer(answer);
            asking.answer(Answer::Text("nobody asked".into()));
        }
        panic!("no end of questions: {:?}", &self.asked[self.asked.len() - 5..])
    }

    /// The error of an inquiry that fails.
    pub(crate) fn refuse<I: Inquiry>(&mut self, inquiry: I) -> Error
    where
        I::Output: std::fmt::Debug,
    {
        self.ask(inquiry).expect_err("an error")
    }

    fn answer(&mut self, ask: Ask) -> Answer {
        let path = match &ask {
            Ask::File(path) | Ask::Exists(path) | Ask::List(path) | Ask::Remove(path) | Ask::Write { path, .. } => path,
            _ => "",
        };
        if self.forbidden.contains(path) {
            return Answer::Failed("Permission denied".into());
        }
        let below = |folder: &str, path: &str| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
        match ask {
            Ask::Env(name) => self.env.get(&name).cloned().map_or(Answer::Nothing, Answer::Text),
            Ask::File(path) => self.files.get(&path).map_or(Answer::Nothing, |t| Answer::Bytes(t.clone().into_bytes())),
            Ask::Exists(path) if self.files.keys().any(|file| *file == path || below(&path, file)) => Answer::Done,
            Ask::List(path) => {
                let inside = self.files.keys().filter(|file| below(&path, file));
                let names: BTreeSet<String> =
                    inside.filter_map(|file| file[path.len() + 1..].split('/').next().map(Into::into)).collect();
                if names.is_empty() { Answer::Nothing } else { Answer::Names(names.into_iter().collect()) }
            }
            Ask::Write { path, contents, private } => {
                if private {
                    self.private.insert(path.clone());
                }
                self.files.insert(path, String::from_utf8(contents).expect("text"));
                Answer::Done
            }
            Ask::Remove(path) => {
                let before = self.files.len();
                self.files.retain(|file, _| *file != path && !below(&path, file));
                if self.files.len() < before { Answer::Done } else { Answer::Nothing }
            }
            Ask::Run(program) => self.helper.as_mut().map_or(Answer::Nothing, |helper| helper(&program)),
            _ => Answer::Nothing,
        }
    }
}
