//! The API as OpenAPI 3.1: the one source of `shared/api/openapi.json`. The local stack checks every answer against it.
//!
//! [`operations`] describes each operation of [`crate::operation`]. Its bodies are types of [`crate::request`] and
//! [`crate::view`], with an example of each in `examples`.

mod examples;
mod operations;
mod problems;

use schemars::SchemaGenerator;
use serde_json::{Map, Value, json};

use crate::schema::{of_answers, of_requests};
use crate::{operation, view};

pub use operations::{Described, operations};

/// The schemas that the operations refer to.
struct Schemas {
    answers: SchemaGenerator,
    requests: SchemaGenerator,
}

/// Where the schemas are in the document.
const SCHEMAS: &str = "/components/schemas";

/// The document. No deployed function holds it.
#[must_use]
pub fn document() -> Value {
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
            "description": "Passkeys come into being through credential binding jobs. A body is read as JSON whatever \
                its Content-Type says; members of a request that are not described are passed over. The paths that \
                devices speak to answer the preflights of other origins (OPTIONS) too.",
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
                    "description": "The token that opening a link brings. It lives for fifteen minutes.",
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
    fn the_file_is_what_this_module_says() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
        let document = format!("{}\n", serde_json::to_string_pretty(&document()).unwrap());
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, &document).unwrap();
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(committed == document, "openapi.json is not up to date: run UPDATE=1 cargo test -p api openapi");
    }

    /// A kind that no operation lists is one that no client expects.
    #[test]
    fn every_kind_of_problem_is_an_answer_of_an_operation() {
        let responses = problems::all();
        for kind in view::ProblemKind::ALL {
            let known = responses.keys().any(|name| name.split('.').any(|part| part == kind.name()));
            assert!(known, "{}", kind.name());
        }
    }

    #[test]
    fn every_operation_is_described() {
        let described: Vec<Route> = operations().iter().map(|operation| operation.route).collect();
        assert_eq!(described, operation::ALL);
    }
}
