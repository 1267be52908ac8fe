//! The API as OpenAPI 3.1, the source of `shared/api/openapi.json`. The local stack checks every response against
//! [`contract`], which closes objects and lists the problem types of each response; [`document`] is published.
//!
//! [`operations`] describes each operation of [`crate::operation`]. Its bodies are types of [`crate::request`] and
//! [`crate::view`], with an example of each in `examples`.

mod examples;
mod operations;
mod parts;
mod problems;
mod published;
mod words;

use schemars::SchemaGenerator;
use serde_json::{Map, Value, json};

use crate::schema::{of_answers, of_requests};
use crate::{operation, view};

pub use operations::{Described, operations};

/// The schemas that operations refer to.
struct Schemas {
    answers: SchemaGenerator,
    requests: SchemaGenerator,
}

/// The place of the schemas in the document.
const SCHEMAS: &str = "/components/schemas";

/// The published document. It is not part of any deployed function.
#[must_use]
pub fn document() -> Value {
    published::publish(contract())
}

/// The document with all constraints that responses must meet.
#[must_use]
pub fn contract() -> Value {
    let mut schemas = Schemas { answers: of_answers(SCHEMAS), requests: of_requests(SCHEMAS) };
    let mut paths = Map::new();
    for operation in operations() {
        let path = paths.entry(operation.route.path).or_insert_with(|| json!({}));
        path[operation.route.method.to_lowercase()] = operation.describe(&mut schemas);
    }
    schemas.answers.subschema_for::<view::Problem>();
    let mut components = schemas.requests.take_definitions(true);
    for (name, schema) in schemas.answers.take_definitions(true) {
        let known = components.insert(name, schema.clone());
        debug_assert!(known.is_none_or(|known| known == schema), "two schemas have one name: {schema}");
    }
    let mut scopes: Vec<&str> = operation::ALL.iter().filter_map(|route| route.scope).collect();
    scopes.sort_unstable();
    scopes.dedup();
    let scopes: Map<String, Value> = scopes.into_iter().map(|scope| (scope.to_owned(), scope.into())).collect();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Bindery",
            "version": env!("CARGO_PKG_VERSION"),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
            "description": "Passkey enrolment by credential binding jobs. A body is parsed as JSON whatever its \
                Content-Type; members of a request that are not described are ignored. The paths for devices also \
                answer preflight requests (OPTIONS) of other origins.",
        },
        "servers": [{"url": "/"}],
        "tags": operations::tags(),
        "paths": paths,
        "components": {
            "schemas": components,
            "responses": problems::all(),
            "securitySchemes": {
                "developer": {
                    "type": "oauth2",
                    "description": "An access token of the issuer that the installation trusts.",
                    "flows": {"clientCredentials": {"tokenUrl": "/oauth2/token", "scopes": scopes}},
                },
                "link": {"type": "http", "scheme": "bearer", "description": "The secret of a job's link."},
                "ceremony": {
                    "type": "http", "scheme": "bearer",
                    "description": "The ceremony token of an opened link. It expires after fifteen minutes.",
                },
            },
        },
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::operation::Route;

    #[test]
    fn the_file_is_up_to_date() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
        let document = format!("{}\n", serde_json::to_string_pretty(&document()).unwrap());
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, &document).unwrap();
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(committed == document, "openapi.json is not up to date: run UPDATE=1 cargo test -p api openapi");
    }

    /// No client expects a kind that no operation lists.
    #[test]
    fn every_kind_of_problem_is_listed_by_an_operation() {
        let responses = problems::all();
        for kind in view::ProblemKind::ALL {
            let known = responses.keys().any(|name| name.split('.').any(|part| part == kind.name()));
            assert!(known, "{}", kind.name());
        }
    }

    /// Generated clients and their documentation show these.
    #[test]
    fn every_operation_parameter_and_member_is_described_with_an_example() {
        let document = document();
        let mut bare = Vec::new();
        for operation in
            document["paths"].as_object().unwrap().values().flat_map(|path| path.as_object().unwrap().values())
        {
            let id = operation["operationId"].as_str().unwrap();
            if operation.get("description").is_none() {
                bare.push(id.to_owned());
            }
            for parameter in operation["parameters"].as_array().unwrap() {
                if parameter.get("description").is_none() || parameter.get("example").is_none() {
                    bare.push(format!("{id} {}", parameter["name"]));
                }
            }
        }
        for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
            bare_members(name, schema, &mut bare);
        }
        assert!(bare.is_empty(), "add them to openapi/words.rs: {bare:#?}");
    }

    fn bare_members(path: &str, schema: &Value, bare: &mut Vec<String>) {
        for (name, member) in schema["properties"].as_object().into_iter().flatten() {
            let refers = member.get("$ref").is_some();
            let path = format!("{path}.{name}");
            let element = if member["type"] == "array" { &member["items"] } else { member };
            let shown = ["$ref", "enum", "anyOf", "oneOf", "properties"].iter().any(|word| element.get(word).is_some());
            let shown = shown || element["type"] == "object" || member.get("example").is_some();
            if !refers && (member.get("description").is_none() || !shown) {
                bare.push(path.clone());
            }
            bare_members(&path, member, bare);
        }
        for variant in schema["anyOf"].as_array().into_iter().flatten() {
            bare_members(path, variant, bare);
        }
    }

    #[test]
    fn every_operation_is_described() {
        let described: Vec<Route> = operations().iter().map(|operation| operation.route).collect();
        assert_eq!(described, operation::ALL);
    }
}
