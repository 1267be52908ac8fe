//! JSON Schemas (draft 2020-12) of the types, as published by OpenAPI 3.1 and the event schemas.

use schemars::Schema;
use schemars::generate::{SchemaGenerator, SchemaSettings};
use schemars::transform::{Transform, transform_subschemas};
use serde_json::{Map, Value, json};

/// The generator of the schemas of responses and events: an optional member is absent, never null.
pub(crate) fn of_answers(definitions: &str) -> SchemaGenerator {
    generator(SchemaSettings::draft2020_12().for_serialize(), definitions, Tidy { nullable: false })
}

/// The generator of the schemas of requests: null counts as absent.
pub(crate) fn of_requests(definitions: &str) -> SchemaGenerator {
    generator(SchemaSettings::draft2020_12().for_serialize(), definitions, Tidy { nullable: true })
}

fn generator(settings: SchemaSettings, definitions: &str, tidy: Tidy) -> SchemaGenerator {
    let with_path = |settings: &mut SchemaSettings| {
        settings.definitions_path = definitions.to_owned().into();
        settings.meta_schema = None;
    };
    settings.with(with_path).with_transform(tidy).into_generator()
}

/// Removes details of the Rust types, and writes enumerations in one form.
#[derive(Clone, Debug)]
struct Tidy {
    nullable: bool,
}

impl Transform for Tidy {
    fn transform(&mut self, schema: &mut Schema) {
        transform_subschemas(self, schema);
        let Some(schema) = schema.as_object_mut() else { return };
        // An integer format such as `uint32` is a detail of Rust, not of the contract.
        if schema
            .get("format")
            .and_then(Value::as_str)
            .is_some_and(|format| format.starts_with("int") || format.starts_with("uint"))
        {
            schema.remove("format");
        }
        let names = schema.get("oneOf").and_then(Value::as_array).and_then(|variants| names(variants));
        if let Some(names) = names {
            schema.remove("oneOf");
            schema.insert("type".to_owned(), "string".into());
            schema.insert("enum".to_owned(), names);
        }
        if !self.nullable {
            never_null(schema);
        }
    }
}

/// The names of an enumeration, if all variants are names.
fn names(variants: &[Value]) -> Option<Value> {
    let name = |variant: &Value| match (variant.get("const"), variant.get("enum")) {
        (Some(name), None) if name.is_string() => Some(vec![name.clone()]),
        (None, Some(Value::Array(names))) => Some(names.clone()),
        _ => None,
    };
    variants.iter().map(name).collect::<Option<Vec<_>>>().map(|names| names.concat().into())
}

/// Makes an optional member absent instead of null.
fn never_null(schema: &mut Map<String, Value>) {
    let required = schema.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
    let Some(Value::Object(properties)) = schema.get_mut("properties") else { return };
    for (name, property) in properties {
        if !required.contains(&json!(name)) {
            without_null(property);
        }
    }
}

fn without_null(property: &mut Value) {
    let Some(schema) = property.as_object_mut() else { return };
    for list in ["type", "enum"] {
        if let Some(Value::Array(values)) = schema.get_mut(list) {
            values.retain(|value| *value != json!("null") && !value.is_null());
            if list == "type" && values.len() == 1 {
                let only = values.remove(0);
                schema.insert(list.to_owned(), only);
            }
        }
    }
    if let Some(Value::Array(variants)) = schema.get_mut("anyOf") {
        variants.retain(|variant| *variant != json!({"type": "null"}));
        if let [Value::Object(only)] = variants.as_slice() {
            let only = only.clone();
            schema.remove("anyOf");
            schema.extend(only);
        }
    }
}

/// The schema of a request whose members are JSON Merge Patches (RFC 7396) of those of `whole`.
pub(crate) fn patch_of(mut whole: Schema, description: &str, definitions: &Map<String, Value>) -> Schema {
    if let Some(Value::Object(members)) = whole.get_mut("properties") {
        for member in members.values_mut() {
            *member = patch(member, definitions);
        }
    }
    whole.insert("description".to_owned(), description.into());
    whole
}

/// The schema of a JSON Merge Patch of `schema`: every member may be absent, or null, which removes it.
fn patch(schema: &Value, definitions: &Map<String, Value>) -> Value {
    let name = schema["$ref"].as_str().and_then(|reference| reference.rsplit('/').next());
    if let Some(named) = name.and_then(|name| definitions.get(name)) {
        let mut named = patch(named, definitions);
        if let Some(description) = schema.get("description") {
            named["description"] = description.clone();
        }
        return named;
    }
    if let Some(Value::Array(variants)) = schema.get("anyOf")
        && let [patched, other] = variants.as_slice()
        && *other == json!({"type": "null"})
    {
        let mut union = schema.clone();
        union["anyOf"] = json!([patch(patched, definitions), other]);
        return union;
    }
    let mut schema = schema.clone();
    let Some(Value::Object(properties)) = schema.get_mut("properties") else { return schema };
    for property in properties.values_mut() {
        *property = nullable(patch(property, definitions));
    }
    if let Some(schema) = schema.as_object_mut() {
        schema.remove("required");
    }
    schema
}

fn nullable(schema: Value) -> Value {
    let variants = schema["anyOf"].as_array();
    let known = schema["type"].as_array().is_some_and(|types| types.contains(&json!("null")))
        || variants.is_some_and(|variants| variants.contains(&json!({"type": "null"})));
    if known { schema } else { json!({"anyOf": [schema, {"type": "null"}]}) }
}
