//! The published document, simplified for code generators. It accepts everything that the contract accepts.
//!
//! Generated clients fail on members that were added later if a schema closes its objects, and generators differ on
//! `const`, boolean schemas, several types at once, a `pattern` beside a `date-time`, and variants without a name.

use serde_json::{Map, Value, json};

use super::{SCHEMAS, words};

/// Simplifies the contract.
pub(super) fn publish(contract: Value) -> Value {
    let mut document = contract;
    let mut variants = Map::new();
    if let Some(Value::Object(schemas)) = document.pointer_mut(SCHEMAS) {
        for (name, schema) in schemas {
            name_variants(name, schema, &mut variants);
        }
    }
    if let Some(Value::Object(schemas)) = document.pointer_mut(SCHEMAS) {
        schemas.extend(variants);
    }
    if let Some(Value::Object(responses)) = document.pointer_mut("/components/responses") {
        responses.values_mut().for_each(name_problem);
    }
    simplify(&mut document);
    if let Some(Value::Object(paths)) = document.get_mut("paths") {
        paths.values_mut().filter_map(Value::as_object_mut).flatten().for_each(|(_, operation)| explain(operation));
    }
    if let Some(Value::Object(schemas)) = document.pointer_mut(SCHEMAS) {
        schemas.values_mut().for_each(exemplify);
    }
    document
}

/// Adds descriptions to an operation and its parameters.
fn explain(operation: &mut Value) {
    if let Some(description) = operation["operationId"].as_str().and_then(words::operation) {
        operation["description"] = description.into();
    }
    for parameter in operation["parameters"].as_array_mut().into_iter().flatten() {
        let Some((description, example)) = parameter["name"].as_str().and_then(words::parameter) else { continue };
        parameter["description"] = description.into();
        parameter["example"] = example;
    }
}

/// Adds a description to each member, and an example unless its schema is a reference or an enumeration.
fn exemplify(schema: &mut Value) {
    let whole = schema["description"].clone();
    if let Some(Value::Object(members)) = schema.get_mut("properties") {
        for (name, member) in members {
            let first = member["anyOf"][0]["description"].clone();
            if member.get("description").is_none() && first.is_string() {
                member["description"] = first;
            }
            if member.get("description").is_none() && name == "type" {
                member["description"] = "The variant.".into();
            }
            if member.get("description").is_none() && name == "raw" {
                member["description"] = whole.clone();
            }
            if let Some(example) = words::member(name, member) {
                member["example"] = example;
            }
        }
    }
    let nested = ["properties", "items", "anyOf", "oneOf", "allOf"];
    for within in nested {
        match schema.get_mut(within) {
            Some(Value::Object(members)) if within == "properties" => members.values_mut().for_each(exemplify),
            Some(Value::Array(variants)) => variants.iter_mut().for_each(exemplify),
            Some(items @ Value::Object(_)) => exemplify(items),
            _ => {}
        }
    }
}

/// Gives the variants of a union names: their title, or the `type` that distinguishes them. A `discriminator` would
/// also express the latter, but OpenAPI Generator's Rust client cannot read unions with one.
fn name_variants(union: &str, schema: &mut Value, named: &mut Map<String, Value>) {
    if let Some(any) = schema.as_object_mut().and_then(|schema| schema.remove("anyOf")) {
        schema["oneOf"] = any;
    }
    let Some(Value::Array(variants)) = schema.get_mut("oneOf") else { return };
    for variant in variants {
        let title = variant.as_object_mut().and_then(|variant| variant.remove("title"));
        let tag = variant["properties"]["type"]["const"].as_str().map(|tag| format!("{}{union}", camel_case(tag)));
        let Some(name) = title.and_then(|title| title.as_str().map(str::to_owned)).or(tag) else { continue };
        let reference = json!({"$ref": format!("#{SCHEMAS}/{name}")});
        named.insert(name, std::mem::replace(variant, reference));
    }
}

fn camel_case(text: &str) -> String {
    let words = text.split('_').map(|word| {
        let (first, rest) = word.split_at(word.len().min(1));
        let rest = if word.chars().any(char::is_lowercase) { rest.to_owned() } else { rest.to_lowercase() };
        first.to_uppercase() + &rest
    });
    words.collect()
}

/// Makes a problem response refer to `Problem` and list its types beside it.
fn name_problem(response: &mut Value) {
    let Some(content) = response.pointer_mut("/content/application~1problem+json") else { return };
    let types = content["schema"]["allOf"][1]["properties"]["type"]["enum"].take();
    content["schema"] = content["schema"]["allOf"][0].take();
    response["x-problem-types"] = types;
}

fn simplify(value: &mut Value) {
    match value {
        Value::Array(elements) => elements.iter_mut().for_each(simplify),
        Value::Object(members) => {
            if members.get("additionalProperties") == Some(&Value::Bool(false)) {
                members.remove("additionalProperties");
            }
            if members.get("format").is_some_and(|format| format == "date-time") {
                members.remove("pattern");
            }
            if let Some(only) = members.remove("const") {
                members.insert("enum".to_owned(), json!([only]));
            }
            if members.get("enum") == Some(&json!([true])) {
                members.remove("enum");
                members.insert("type".to_owned(), "boolean".into());
            }
            if members.get("items") == Some(&Value::Bool(true)) {
                members.insert("items".to_owned(), json!({}));
            }
            if members.get("type") == Some(&json!(["object", "string"])) {
                members.remove("type");
            }
            for (name, member) in members {
                if !["example", "default", "enum"].contains(&name.as_str()) {
                    simplify(member);
                }
            }
        }
        _ => {}
    }
}
