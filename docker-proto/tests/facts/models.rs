//! Bodies, answers and definitions: which members each version has, and of which form.

use crate::compare::{Found, MEMBERS};
use crate::corrections;
use crate::data::{DEFINITIONS, OPERATIONS, members};
use crate::differences::UNTYPED;
use crate::operations::{own_versions, views};
use crate::schema::{Field, Schema, together};
use crate::versions::Versions;
use docker_proto::api::TABLE;
use docker_proto::model::{Described, ErrorResponse, ModelSpec, Progress, Shape};
use std::collections::{BTreeMap, BTreeSet};

/// Definitions whose type here has another name: several names of one thing share a type.
const RENAMED: &[(&str, &str)] = &[
    ("BuildInfo", "Progress"),
    ("ContainerStatus", "TaskContainerStatus"),
    ("CreateImageInfo", "Progress"),
    ("GraphDriver", "DriverData"),
    ("GraphDriverData", "DriverData"),
    ("IDResponse", "IdResponse"),
    ("Image", "ImageInspect"),
    ("ImageDeleteResponse", "ImageDeleteResponseItem"),
    ("NetworkConfig", "NetworkSettings"),
    ("NetworkContainer", "EndpointResource"),
    ("Port", "PortSummary"),
    ("PushImageInfo", "Progress"),
    ("VolumeCreateOptions", "VolumeCreateRequest"),
];

/// Definitions of lists that have no type of their own here: their items have.
const LISTS: &[(&str, &str)] = &[("GenericResources", "GenericResource")];

/// Definitions that no body or answer holds as such, and where they are compared instead.
const PARTS: &[(&str, &str)] = &[
    ("ImageID", "in the items of a build, whose `aux` is kept as it came"),
    ("Resources", "in HostConfig and the body of ContainerUpdate, which are all of it"),
    ("Network", "in NetworkSummary and NetworkInspect, which are all of it"),
    ("PluginInterfaceType", "engines send texts of its three parts; see the differences"),
];

fn renamed(definition: &str) -> &str {
    RENAMED.iter().find(|(from, _)| *from == definition).map_or(definition, |(_, to)| to)
}

/// Every type that a body or an answer is made of, by name.
fn types() -> BTreeMap<&'static str, &'static ModelSpec> {
    fn walk(shape: &Shape, all: &mut BTreeMap<&'static str, &'static ModelSpec>) {
        match shape {
            Shape::Model(spec) => {
                let known = all.insert(spec.name, spec);
                if known.is_none() {
                    spec.fields.iter().for_each(|f| walk(&f.shape, all));
                }
            }
            Shape::List(inner) | Shape::Pair(inner) | Shape::Map(inner) => walk(inner, all),
            _ => {}
        }
    }
    let mut all = BTreeMap::new();
    TABLE.iter().flat_map(|row| [row.body_shape, row.reply_shape]).flatten().for_each(|shape| walk(&shape, &mut all));
    // What comes where no operation says so: refusals, and the items of progress.
    [ErrorResponse::SHAPE, Progress::SHAPE].iter().for_each(|shape| walk(shape, &mut all));
    all
}

/// The form of a value in a word or two.
fn label(shape: &Shape) -> String {
    match shape {
        Shape::Model(spec) => format!("model {}", spec.name),
        Shape::List(inner) => format!("list of {}", label(inner)),
        Shape::Pair(inner) => format!("two of {}", label(inner)),
        Shape::Map(inner) => format!("map of {}", label(inner)),
        Shape::Enum(_) => "enum".into(),
        Shape::Numbers(_) => "numbers".into(),
        other => format!("{other:?}"),
    }
}

fn facts_label(schema: &Schema) -> String {
    match schema {
        Schema::List(inner) => format!("list of {}", facts_label(inner)),
        Schema::Pair(inner) => format!("two of {}", facts_label(inner)),
        Schema::Map(inner) => format!("map of {}", facts_label(inner)),
        Schema::Object(fields) if fields.is_empty() => "empty object".into(),
        Schema::Object(_) | Schema::All(_) => "object".into(),
        Schema::Ref(name) => format!("definition {name}"),
        Schema::Enum(_) => "enum".into(),
        other => format!("{other:?}"),
    }
}

/// One comparison of all forms.
#[derive(Default)]
struct Walk {
    found: Found,
    /// The definitions that were met.
    met: BTreeSet<String>,
    /// The members that take anything.
    untyped: BTreeSet<String>,
    /// The types here that were compared with something.
    compared: BTreeSet<&'static str>,
}

impl Walk {
    /// Compares a form that these versions have.
    fn form(&mut self, at: &str, schema: &Schema, shape: &Shape, versions: Versions) {
        if matches!(shape, Shape::Any) {
            self.untyped.insert(at.into());
            return;
        }
        match (schema, shape) {
            (Schema::Ref(name), _) => self.definition(at, name, shape, versions),
            (Schema::Object(fields), Shape::Model(spec)) => self.members(at, fields, spec, versions),
            (Schema::All(_), Shape::Model(spec)) => {
                let fields = members(schema).unwrap_or_else(|| panic!("{at} is not made of objects"));
                self.members(at, &fields, spec, versions);
            }
            (Schema::List(items), Shape::List(inner)) => self.form(&format!("{at}[]"), items, inner, versions),
            (Schema::Pair(items), Shape::Pair(inner)) => self.form(&format!("{at}[]"), items, inner, versions),
            (Schema::Object(fields), Shape::Map(inner)) if fields.is_empty() => {
                self.form(&format!("{at}{{}}"), &Schema::Any, inner, versions);
            }
            (Schema::Map(_), Shape::Keys) if matches!(schema, Schema::Map(v) if is_empty(v)) => {}
            (Schema::Map(values), Shape::Map(inner)) => self.form(&format!("{at}{{}}"), values, inner, versions),
            (Schema::Enum(values), Shape::Enum(known)) => {
                // The empty name is the same as none.
                let missing = values.iter().filter(|v| !v.is_empty() && !known.contains(&&***v));
                let missing: Vec<_> = missing.map(|v| &**v).collect();
                self.found.compare(at, "names missing", missing.join(" "), "");
                let more: Vec<_> = known.iter().filter(|k| !values.iter().any(|v| v == *k)).copied().collect();
                self.found.compare(at, "names more", more.join(" "), "");
            }
            (Schema::Numbers(values), Shape::Numbers(known)) => {
                self.found.compare(at, "numbers", format!("{known:?}"), format!("{values:?}"));
            }
            (Schema::Gone(kind), _) if gone_fits(kind, shape) => {}
            (Schema::Integer(format), _) if integer_fits(format, shape) => {}
            (Schema::Bool, Shape::Bool) | (Schema::Text, Shape::Text) | (Schema::Number, Shape::F64) => {}
            (Schema::Any, _) => {}
            _ => self.found.note(at, "form", label(shape), facts_label(schema)),
        }
    }

    /// A place that holds something defined elsewhere: its members are compared once, under the name of its type.
    fn definition(&mut self, at: &str, name: &str, shape: &Shape, versions: Versions) {
        self.met.insert(name.into());
        let (schema, _) = DEFINITIONS.get(name).unwrap_or_else(|| panic!("{at}: no definition {name}"));
        match (members(schema), shape) {
            (Some(_), Shape::Model(spec)) if spec.name == renamed(name) => {}
            // Another object altogether: it has its own line in the differences.
            (Some(_), Shape::Model(spec)) => self.found.note(at, "type", spec.name, renamed(name)),
            (Some(_), _) => self.found.note(at, "form", label(shape), format!("definition {name}")),
            (None, _) => self.form(at, schema, shape, versions),
        }
    }

    fn members(&mut self, at: &str, fields: &[Field], spec: &'static ModelSpec, versions: Versions) {
        self.compared.insert(spec.name);
        let (fields, places) = &corrections::moved(at, fields);
        for place in places {
            let described = place.rsplit_once('.').map_or("", |(within, _)| within);
            self.found.note(place, "place of a member", at, described);
        }
        for field in fields {
            // What several objects share is told once.
            let at = format!("{}.{}", field.of.as_deref().unwrap_or(at), field.name);
            let known = versions & field.versions;
            let name = corrections::name(&at, &field.name);
            self.found.compare(&at, "name", name, &field.name);
            match spec.field(name) {
                Some(ours) => {
                    let own = versions & Versions::bounded(ours.since, ours.until);
                    self.found.compare(&at, "field versions", own, known);
                    self.form(&at, &field.schema, &ours.shape, known);
                }
                None => self.found.note(&at, "field versions", Versions::NONE, known),
            }
        }
        for ours in spec.fields {
            if !fields.iter().any(|f| corrections::name(&format!("{at}.{}", f.name), &f.name) == ours.name) {
                let own = versions & Versions::bounded(ours.since, ours.until);
                self.found.note(format!("{at}.{}", ours.name), "field versions", own, Versions::NONE);
                if matches!(ours.shape, Shape::Any) {
                    self.untyped.insert(format!("{at}.{}", ours.name));
                }
            }
        }
    }
}

fn is_empty(schema: &Schema) -> bool {
    matches!(schema, Schema::Object(fields) if fields.is_empty())
}

fn integer_fits(format: &str, shape: &Shape) -> bool {
    match format {
        "uint64" => matches!(shape, Shape::U64),
        "uint32" => matches!(shape, Shape::U32),
        "uint16" => matches!(shape, Shape::U16),
        "" => matches!(shape, Shape::I64 | Shape::U32),
        _ => matches!(shape, Shape::I64),
    }
}

/// Whether the form fits what is known of something that is gone.
fn gone_fits(kind: &str, shape: &Shape) -> bool {
    match (kind, shape) {
        ("string", Shape::Text) | ("boolean", Shape::Bool) | ("integer", Shape::I64) => true,
        ("object", Shape::Model(_) | Shape::Map(_)) => true,
        _ => match (kind.split_once('<'), shape) {
            (Some(("array", rest)), Shape::List(inner)) | (Some(("map", rest)), Shape::Map(inner)) => {
                gone_fits(rest.strip_suffix('>').unwrap_or_default(), inner)
            }
            _ => false,
        },
    }
}

/// Compares everything there is.
fn walk() -> Walk {
    let mut walk = Walk::default();
    let types = types();
    for operation in OPERATIONS.iter() {
        for row in views(&operation.id) {
            let versions = operation.versions & own_versions(row);
            if let (Some(shape), Some(body)) = (row.body_shape, &operation.body) {
                walk.form(&format!("{} body", row.name), &body.schema, &shape, versions);
            }
            match (row.reply_shape, &operation.reply) {
                (Some(shape), Some(reply)) => walk.form(&format!("{} reply", row.name), reply, &shape, versions),
                (Some(shape), None) => walk.form(&format!("{} reply", row.name), &Schema::Any, &shape, versions),
                (None, _) => {}
            }
        }
    }
    // All definitions that share a type are compared with it together.
    let mut shared: BTreeMap<&str, (Vec<Field>, Versions)> = BTreeMap::new();
    for current in [true, false] {
        for (name, (schema, versions)) in DEFINITIONS.iter() {
            let gone = !versions.has(crate::versions::NEWEST);
            if gone == current || PARTS.iter().any(|(part, _)| part == name) {
                continue;
            }
            let Some(mut fields) = members(schema) else { continue };
            if let Schema::Ref(same) = schema {
                fields.iter_mut().for_each(|f| f.of = Some(same.clone()));
            }
            fields.iter_mut().for_each(|f| f.versions = f.versions & *versions);
            let (all, since) = shared.entry(renamed(name)).or_insert((Vec::new(), Versions::NONE));
            // Of what is there today, an older definition knows less.
            fields.retain(|f| current || !all.iter().any(|known| known.name == f.name));
            together(all, fields);
            *since = *since | *versions;
            walk.met.insert(name.clone());
        }
    }
    for (name, (fields, versions)) in shared {
        match types.get(name) {
            Some(spec) => walk.members(name, &fields, spec, versions),
            None => walk.found.note(name, "definition", "none", versions),
        }
    }
    for (list, item) in LISTS {
        let Some((Schema::List(schema), versions)) = DEFINITIONS.get(*list) else { panic!("{list} is no list") };
        match types.get(item) {
            Some(spec) => walk.form(list, schema, &Shape::Model(spec), *versions),
            None => walk.found.note(list, "definition", "none", versions),
        }
    }
    for name in types.keys() {
        if !walk.compared.contains(name) {
            walk.found.note(name, "definition", "a type", "none");
        }
    }
    walk
}

#[test]
fn every_version_has_the_members_of_the_facts() {
    walk().found.are_those_listed(MEMBERS);
}

#[test]
fn every_definition_is_compared() {
    let met = walk().met;
    let part = |name: &str| PARTS.iter().any(|(part, _)| *part == name);
    let missed: Vec<_> = DEFINITIONS.keys().filter(|name| !met.contains(*name) && !part(name)).collect();
    assert!(missed.is_empty(), "{missed:?}");
}

#[test]
fn what_takes_anything_is_listed() {
    let untyped = walk().untyped;
    let listed: BTreeSet<String> = UNTYPED.iter().map(|u| u.to_string()).collect();
    let new: Vec<_> = untyped.difference(&listed).collect();
    let gone: Vec<_> = listed.difference(&untyped).collect();
    assert!(new.is_empty() && gone.is_empty(), "not listed: {new:#?}\nlisted, but not there: {gone:#?}");
}
