//! What the API has, for programs that learn it at run time: categories, operations, their documentation and parameters,
//! of any API version, without an engine.
//!
//! Everything comes from [`TABLE`]. [`Invoke`] sends what is found here.
//!
//! ```
//! use docker_proto::api::reflect;
//! use docker_proto::model::ApiVersion;
//!
//! let version = ApiVersion::parse("1.41")?;
//! assert!(reflect::categories(version)?.contains(&"containers"));
//! for operation in reflect::operations(version)?.iter().filter(|o| o.category() == "images") {
//!     println!("{}: {}", operation.id(), operation.summary());
//! }
//! let names: Vec<_> = reflect::operation("ImageList")?.parameters().iter().map(|p| p.name()).collect();
//! assert!(names.contains(&"filters"));
//! # Ok::<(), docker_proto::Error>(())
//! ```

use super::TABLE;
use crate::model::{ApiVersion, Shape};
use crate::op::{BodySpec, Invoke, OpSpec, ParamSpec, Place};
use crate::wire::Method;
use crate::{Error, ErrorKind, Result};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// The first path segments of the documented operations of an API version, each once: `containers`, `images`, `_ping`.
///
/// # Errors
/// [`Version`](ErrorKind::Version) for a version that this crate does not know.
#[inline]
pub fn categories(version: ApiVersion) -> Result<Vec<&'static str>> {
    let mut all: Vec<_> = operations(version)?.iter().map(Operation::category).collect();
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

/// The documented operations of an API version, each once, in the order of [`TABLE`].
///
/// # Errors
/// [`Version`](ErrorKind::Version) for a version that this crate does not know.
#[inline]
pub fn operations(version: ApiVersion) -> Result<Vec<Operation>> {
    let (oldest, newest) = (ApiVersion::OLDEST, ApiVersion::NEWEST);
    if !(oldest..=newest).contains(&version) {
        let message = format!("API version {version} is not known here, only {oldest} to {newest}");
        return Err(Error::new(ErrorKind::Version, message));
    }
    Ok(all().filter(|o| o.is_in(version) && o.documented().is_some_and(|since| since <= version)).collect())
}

/// The operation of that id, compared exactly.
///
/// # Errors
/// [`Usage`](ErrorKind::Usage), naming the nearest operation, if there is none.
#[inline]
pub fn operation(id: &str) -> Result<Operation> {
    let id = Invoke::new(id)?.view().id;
    all().find(|o| o.id() == id).ok_or_else(|| Error::usage(format!("there is no operation {id:?}")))
}

/// Every operation of every version, each once, those included that engines route and no description tells of.
#[inline]
pub fn all() -> impl Iterator<Item = Operation> {
    // The views of an operation stand together in the table.
    let chunks = TABLE.chunk_by(|a, b| a.id == b.id);
    chunks.filter_map(|views| Some(Operation { first: views.first()?, views }))
}

/// One operation, with all its views.
#[derive(Clone, Debug)]
pub struct Operation {
    first: &'static OpSpec,
    views: &'static [&'static OpSpec],
}

impl Operation {
    /// Its id in the Engine API's description.
    #[inline]
    pub fn id(&self) -> &'static str {
        self.first.id
    }

    /// The first segment of its path.
    #[inline]
    pub fn category(&self) -> &'static str {
        self.first.category()
    }

    /// The method.
    #[inline]
    pub fn method(&self) -> Method {
        self.first.method
    }

    /// The path template, without version prefix.
    #[inline]
    pub fn path(&self) -> &'static str {
        self.first.path
    }

    /// The API versions that have it, inclusive; `None` where it is as old or as new as what this crate knows.
    #[inline]
    pub fn versions(&self) -> (Option<ApiVersion>, Option<ApiVersion>) {
        (self.first.since, self.first.until)
    }

    /// Whether an API version has it.
    #[inline]
    pub fn is_in(&self, version: ApiVersion) -> bool {
        has(self.first.since, self.first.until, version)
    }

    /// The first API version whose description has it, which may be later than engines have it; `None` if none has.
    #[inline]
    pub fn documented(&self) -> Option<ApiVersion> {
        self.first.documented
    }

    /// Its ways of being called: one, or several if a parameter chooses the body or the kind of the answer.
    #[inline]
    pub fn views(&self) -> &'static [&'static OpSpec] {
        self.views
    }

    /// What it is for, in a sentence or two.
    #[inline]
    pub fn summary(&self) -> String {
        let text = self.doc();
        let first = text.split("\n\n").next().unwrap_or_default();
        first.replace('\n', " ")
    }

    /// What it is for, what can go wrong and what comes next, as plain text; of the first view if there are several.
    #[inline]
    pub fn doc(&self) -> String {
        plain(self.first.doc)
    }

    /// What it takes besides a body, the parameters of all its views together.
    #[inline]
    pub fn parameters(&self) -> Vec<Parameter> {
        let mut all: Vec<Parameter> = Vec::new();
        for view in self.views {
            for spec in view.params {
                match all.iter_mut().find(|p| p.spec.name == spec.name) {
                    Some(parameter) => parameter.views.push((view, spec)),
                    None => all.push(Parameter { spec, of: self.views.len(), views: Vec::from([(*view, spec)]) }),
                }
            }
        }
        all
    }

    /// The bodies its views take: none, or what stands in [`OpSpec::body`] with the form of the JSON, if it is JSON.
    #[inline]
    pub fn bodies(&self) -> Vec<(BodySpec, Option<Shape>)> {
        let mut all: Vec<(BodySpec, Option<Shape>)> = Vec::new();
        for view in self.views {
            if view.body != BodySpec::None && !all.iter().any(|(body, _)| *body == view.body) {
                all.push((view.body, view.body_shape));
            }
        }
        all
    }
}

/// One parameter of an operation.
#[derive(Clone, Debug)]
pub struct Parameter {
    spec: &'static ParamSpec,
    // How many views the operation has.
    of: usize,
    views: Vec<(&'static OpSpec, &'static ParamSpec)>,
}

impl Parameter {
    /// Its name on the wire.
    #[inline]
    pub fn name(&self) -> &'static str {
        self.spec.name
    }

    /// Where it goes.
    #[inline]
    pub fn place(&self) -> Place {
        self.spec.place
    }

    /// The facts about it, of the first view that has it.
    #[inline]
    pub fn spec(&self) -> &'static ParamSpec {
        self.spec
    }

    /// The views that have it, each with what it says about it.
    #[inline]
    pub fn views(&self) -> &[(&'static OpSpec, &'static ParamSpec)] {
        &self.views
    }

    /// Whether the operation is refused without it, in whatever view.
    #[inline]
    pub fn is_required(&self) -> bool {
        self.views.len() == self.of && self.views.iter().all(|(_, p)| p.required || p.fixed.is_some())
    }

    /// Whether an API version reads it.
    #[inline]
    pub fn is_in(&self, version: ApiVersion) -> bool {
        self.views.iter().any(|(_, p)| has(p.since, p.until, version))
    }

    /// What it means, as plain text.
    #[inline]
    pub fn doc(&self) -> String {
        let said = self.views.iter().map(|(_, p)| p.doc).find(|doc| !doc.is_empty());
        plain(said.unwrap_or_default())
    }
}

#[inline]
fn has(since: Option<ApiVersion>, until: Option<ApiVersion>, version: ApiVersion) -> bool {
    since.is_none_or(|since| since <= version) && until.is_none_or(|until| version <= until)
}

/// A doc comment without the space that begins each line, and of links only what is seen of them.
#[inline]
fn plain(doc: &str) -> String {
    let mut text = String::with_capacity(doc.len());
    for (i, line) in doc.trim_end().split('\n').enumerate() {
        if i > 0 {
            text.push('\n');
        }
        text.push_str(line.strip_prefix(' ').unwrap_or(line));
    }
    // A link may be broken across lines, so the lines are put together first.
    let (mut rest, mut seen, mut code) = (&*text, String::with_capacity(text.len()), false);
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        match c {
            '[' if !code => {}
            ']' if !code => {
                if let Some((_, after)) = rest.strip_prefix('(').and_then(|target| target.split_once(')')) {
                    rest = after;
                }
            }
            _ => {
                code ^= c == '`';
                seen.push(c);
            }
        }
    }
    seen
}
