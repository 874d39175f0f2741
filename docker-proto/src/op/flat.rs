//! Parameters of an operation by name as one flat JSON object, whatever their place.

use super::Invoke;
use super::invoke::{nearest, views};
use super::spec::{BodySpec, ParamSpec, ParamType};
use crate::model::Shape;
use crate::{Error, Result};
use alloc::format;
use alloc::string::{String, ToString};
use serde_json::{Map, Value};

impl Invoke {
    /// Sets everything that a JSON object holds: each member goes where the table has its name, into the path, the
    /// query, a header field or the body. `body` is the whole body; otherwise members of the body stand beside the
    /// parameters. A list repeats a parameter that may be repeated; `null` is the same as leaving a member out.
    ///
    /// ```
    /// use docker_proto::op::Invoke;
    /// use serde_json::json;
    ///
    /// let create = Invoke::new("ContainerCreate")?
    ///     .set_all(&json!({ "name": "web", "Image": "nginx", "HostConfig": { "Memory": 67108864 } }))?;
    /// let list = Invoke::new("ContainerList")?.set_all(&json!({ "all": true, "filters": { "status": ["exited"] } }))?;
    /// let error = Invoke::new("ContainerCreate")?.set_all(&json!({ "Imgae": "nginx" })).unwrap_err();
    /// assert!(error.to_string().contains("Image"));
    /// # Ok::<(), docker_proto::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Usage`](crate::ErrorKind::Usage), naming the nearest name, if the operation has neither a parameter nor a body
    /// member of that name, if a value is not of its kind, or if `values` is no object.
    #[inline]
    pub fn set_all(mut self, values: &Value) -> Result<Self> {
        let id = self.view().id;
        let Value::Object(values) = values else {
            return Err(Error::usage(format!("{id}: the parameters must be a JSON object")));
        };
        let mut body = Map::new();
        for (name, value) in values.iter().filter(|(_, v)| !v.is_null()) {
            match views(id).find_map(|v| v.param(name)) {
                Some(param) => self = self.place(param, value)?,
                None if name == "body" && takes_body(id) => self = self.body(value.to_string())?,
                None if is_member(id, name) => drop(body.insert(name.clone(), value.clone())),
                None => {
                    let known = views(id).flat_map(|v| v.params).map(|p| p.name).chain(members(id));
                    let why = nearest(name, known);
                    return Err(Error::usage(format!("{id} has no parameter and no body member {name:?}{why}")));
                }
            }
        }
        if body.is_empty() {
            return Ok(self);
        }
        if values.contains_key("body") {
            return Err(Error::usage(format!("{id}: the body is given whole and in parts")));
        }
        self.body(Value::Object(body).to_string())
    }

    #[inline]
    fn place(mut self, param: &'static ParamSpec, value: &Value) -> Result<Self> {
        match value {
            Value::Array(items) if param.many => {
                for item in items {
                    self = self.set(param.name, text(param, item))?;
                }
                Ok(self)
            }
            value => self.set(param.name, text(param, value)),
        }
    }
}

/// A value as the text of a parameter. What is of the wrong kind stays JSON, which [`Invoke::set`] then refuses.
#[inline]
fn text(param: &ParamSpec, value: &Value) -> String {
    match value {
        Value::String(text) if param.ty == ParamType::Json => {
            // A text that is JSON already is meant as it is.
            if serde_json::from_str::<Value>(text).is_ok() { text.clone() } else { value.to_string() }
        }
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[inline]
fn takes_body(id: &str) -> bool {
    views(id).any(|v| matches!(v.body, BodySpec::Json { .. }))
}

/// The names of the members of a JSON body.
#[inline]
fn members(id: &str) -> impl Iterator<Item = &'static str> {
    views(id)
        .filter_map(|v| match v.body_shape {
            Some(Shape::Model(model)) => Some(model.fields),
            _ => None,
        })
        .flatten()
        .map(|f| f.name)
}

#[inline]
fn is_member(id: &str, name: &str) -> bool {
    members(id).any(|member| member == name)
}
