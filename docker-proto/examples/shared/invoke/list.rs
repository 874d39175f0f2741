//! The table of operations as text.

use docker_proto::api::TABLE;
use docker_proto::model::ApiVersion;
use docker_proto::op::{BodySpec, Kind, OpSpec, ParamSpec, ParamType};
use std::fmt::Write;

/// One line for each operation: id, method, path, parameters. Its views are merged.
///
/// `name=TYPE` is required, `[name=TYPE]` is not, `...` may be repeated. In parentheses are the API versions that know
/// it, and the only view that has or needs it.
pub(crate) fn text() -> String {
    let mut text = String::new();
    for (i, first) in TABLE.iter().enumerate() {
        if TABLE.iter().take(i).any(|s| s.id == first.id) {
            continue;
        }
        let views: Vec<&OpSpec> = TABLE.iter().copied().filter(|s| s.id == first.id).collect();
        let mut words = vec![first.id.to_string(), first.method.as_str().into(), first.path.into()];
        words.extend(versions(first.since, first.until).map(|v| format!("({v})")));
        for (v, view) in views.iter().enumerate() {
            for param in view.params {
                if !views.iter().take(v).any(|earlier| earlier.param(param.name).is_some()) {
                    words.push(parameter(param, &views));
                }
            }
        }
        words.extend(bodies(&views));
        let _ = writeln!(text, "{}", words.join(" "));
    }
    text
}

fn parameter(param: &ParamSpec, views: &[&OpSpec]) -> String {
    let all: Vec<(&OpSpec, &ParamSpec)> = views.iter().filter_map(|v| Some((*v, v.param(param.name)?))).collect();
    let mut notes: Vec<String> = versions(param.since, param.until).into_iter().collect();
    let must = |p: &ParamSpec| p.required || p.fixed.is_some();
    let required = all.len() == views.len() && all.iter().all(|(_, p)| must(p));
    if !required {
        for (view, p) in all.iter().filter(|(_, p)| must(p)) {
            notes.push(match p.fixed {
                Some(value) => format!("{value} for {}", view.name),
                None => format!("required for {}", view.name),
            });
        }
    }
    let kind = match param.ty {
        ParamType::Bool => "BOOL",
        ParamType::Int => "INT",
        ParamType::Uint => "UINT",
        ParamType::Timestamp => "TIME",
        ParamType::Filters | ParamType::Json | ParamType::Auth => "JSON",
        _ => "TEXT",
    };
    let mut text = format!("{}={kind}", param.name);
    if param.many {
        text.push_str("...");
    }
    if !notes.is_empty() {
        let _ = write!(text, " ({})", notes.join(", "));
    }
    if required { text } else { format!("[{text}]") }
}

fn bodies(views: &[&OpSpec]) -> Vec<String> {
    let mut words = Vec::new();
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
    if views.iter().any(|v| matches!(v.kind, Kind::Session | Kind::Upgraded)) {
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
