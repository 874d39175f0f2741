//! The table of operations as text.

use docker_proto::api::reflect::{self, Operation, Parameter};
use docker_proto::model::{ApiVersion, Shape};
use docker_proto::op::{BodySpec, Kind, ParamType, Place};
use docker_proto::{Error, Result};
use std::fmt::Write;

/// One line for each operation: id, method, path, parameters. Its views are merged.
///
/// `name=TYPE` is required, `[name=TYPE]` is not, `...` may be repeated. In parentheses are the API versions that know
/// it, and the only view that has or needs it. A version leaves only what the description of that version tells of.
pub(crate) fn list(category: Option<&str>, version: Option<ApiVersion>) -> Result<String> {
    let operations = match version {
        Some(version) => reflect::operations(version)?,
        None => reflect::all().collect(),
    };
    let mut text = String::new();
    for operation in operations.iter().filter(|o| category.is_none_or(|category| o.category() == category)) {
        let mut words = head(operation);
        for parameter in operation.parameters().iter().filter(|p| version.is_none_or(|version| p.is_in(version))) {
            words.push(short(parameter));
        }
        words.extend(bodies(operation));
        let _ = writeln!(text, "{}", words.join(" "));
    }
    match category.filter(|_| text.is_empty()) {
        Some(category) => Err(Error::usage(format!("there is no category {category:?}"))),
        None => Ok(text),
    }
}

/// Everything about one operation: what it is for, its parameters, what it sends and what comes back.
pub(crate) fn doc(id: &str, version: Option<ApiVersion>) -> Result<String> {
    let operation = reflect::operation(id)?;
    let mut text = format!("{}\n\n{}\n", head(&operation).join(" "), operation.doc());
    if let Some(version) = version.filter(|version| !operation.is_in(*version)) {
        let _ = write!(text, "\nAPI {version} does not have it.\n");
    }
    for parameter in operation.parameters().iter().filter(|p| version.is_none_or(|version| p.is_in(version))) {
        let place = match parameter.place() {
            Place::Path(_) => "path",
            Place::Header => "header",
            _ => "query",
        };
        let _ = write!(text, "\n  {} ({place})", short(parameter));
        let said = parameter.doc();
        let _ = writeln!(text, "{}{}", if said.is_empty() { "" } else { "\n      " }, said.replace('\n', "\n      "));
    }
    for (body, shape) in operation.bodies() {
        let _ = match (body, shape) {
            (BodySpec::Upload(content_type), _) => write!(text, "\nSends bytes: {content_type}\n"),
            (_, Some(shape)) => write!(text, "\nSends JSON: {}\n", members(shape, version)),
            _ => Ok(()),
        };
    }
    for view in operation.views() {
        let _ = match view.reply_shape {
            Some(shape) => write!(text, "\nAnswers {:?}: {}\n", view.kind, members(shape, version)),
            None => write!(text, "\nAnswers {:?}\n", view.kind),
        };
    }
    Ok(text)
}

fn head(operation: &Operation) -> Vec<String> {
    let mut words = vec![operation.id().into(), operation.method().as_str().into(), operation.path().into()];
    let (since, until) = operation.versions();
    words.extend(versions(since, until).map(|v| format!("({v})")));
    if operation.documented().is_none() {
        words.push("(undocumented)".into());
    }
    words
}

/// The name of a type and, if it is or lists an object, its members.
fn members(shape: Shape, version: Option<ApiVersion>) -> String {
    let mut text = shape.to_string();
    let inner = match shape {
        Shape::List(inner) | Shape::Map(inner) => *inner,
        other => other,
    };
    let Shape::Model(model) = inner else { return text };
    for field in model.fields {
        let since = field.since.filter(|since| version.is_some_and(|version| version < *since));
        let until = field.until.filter(|until| version.is_some_and(|version| *until < version));
        if since.is_none() && until.is_none() {
            let _ = write!(text, "\n  {}: {}", field.name, field.shape);
            let known = versions(field.since, field.until).map(|v| format!(" ({v})"));
            text.push_str(&known.unwrap_or_default());
        }
    }
    text
}

fn short(parameter: &Parameter) -> String {
    let spec = parameter.spec();
    let mut notes: Vec<String> = versions(spec.since, spec.until).into_iter().collect();
    if !parameter.is_required() {
        for (view, p) in parameter.views() {
            match p.fixed {
                Some(value) => notes.push(format!("{value} for {}", view.name)),
                None if p.required => notes.push(format!("required for {}", view.name)),
                None => {}
            }
        }
    }
    let kind = match spec.ty {
        ParamType::Bool => "BOOL",
        ParamType::Int => "INT",
        ParamType::Uint => "UINT",
        ParamType::Timestamp => "TIME",
        ParamType::Filters | ParamType::Json | ParamType::Auth => "JSON",
        _ => "TEXT",
    };
    let mut text = format!("{}={kind}", spec.name);
    if spec.many {
        text.push_str("...");
    }
    if !notes.is_empty() {
        let _ = write!(text, " ({})", notes.join(", "));
    }
    if parameter.is_required() { text } else { format!("[{text}]") }
}

fn bodies(operation: &Operation) -> Vec<String> {
    let mut words = Vec::new();
    let views = operation.views();
    for view in views {
        let word = match view.body {
            BodySpec::Json { required: true } => "--body JSON".into(),
            BodySpec::Json { required: false } => "[--body JSON]".into(),
            BodySpec::Upload(_) if views.len() == 1 => "--upload FILE".into(),
            BodySpec::Upload(_) => format!("[--upload FILE (required for {})]", view.name),
            _ => continue,
        };
        if !words.contains(&word) {
            words.push(word);
        }
    }
    if views.iter().any(|v| matches!(v.kind, Kind::Session | Kind::Upgraded | Kind::Websocket)) {
        words.push("[--stdin]".into());
    }
    words
}

fn versions(since: Option<ApiVersion>, until: Option<ApiVersion>) -> Option<String> {
    match (since, until) {
        (None, None) => None,
        (Some(since), None) => Some(format!("since {since}")),
        (None, Some(until)) => Some(format!("until {until}")),
        (Some(since), Some(until)) => Some(format!("since {since} until {until}")),
    }
}
