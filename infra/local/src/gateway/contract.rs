//! The published OpenAPI document. Every response is checked against it; one that violates it is replaced by an error
//! and logged.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, OnceLock};

use api::openapi;
use axum::http::header;
use jsonschema::Validator;
use serde_json::{Value, json};

/// The document that is served.
pub(crate) static DOCUMENT: LazyLock<Value> = LazyLock::new(openapi::document);

/// Shared by all stacks of a process, of which tests start many.
static CONTRACT: LazyLock<Arc<Contract>> = LazyLock::new(|| Arc::new(Contract::read(&openapi::contract())));

/// The requests and responses of operations.
#[derive(Debug)]
pub(crate) struct Contract {
    /// By method and route.
    operations: HashMap<(String, String), Promise>,
    /// The part of the document that schemas refer to.
    components: Value,
}

/// A schema. Its validator is built when it is first needed, because those of the whole document take seconds.
#[derive(Debug)]
struct Shape {
    schema: Value,
    validator: OnceLock<Result<Validator, String>>,
}

#[derive(Debug)]
struct Promise {
    body: Option<Arc<Shape>>,
    /// By status and media type; without a schema if the body is not JSON.
    answers: HashMap<(String, String), Option<Arc<Shape>>>,
}

/// A function's response.
pub(crate) struct Answer<'a> {
    pub(crate) status: u16,
    pub(crate) content_type: &'a str,
    pub(crate) body: &'a [u8],
}

impl Contract {
    /// The contract of the API.
    pub(crate) fn of_api() -> Arc<Self> {
        CONTRACT.clone()
    }

    fn read(document: &Value) -> Self {
        let (mut operations, mut shapes) = (HashMap::new(), HashMap::new());
        let mut shape = |schema: &Value| {
            let made = || Arc::new(Shape { schema: schema.clone(), validator: OnceLock::new() });
            shapes.entry(schema.to_string()).or_insert_with(made).clone()
        };
        for operation in openapi::operations() {
            let described = &document["paths"][operation.route.path][operation.route.method.to_lowercase()];
            let wanted = &described["requestBody"]["content"]["application/json"]["schema"];
            let body = (!wanted.is_null()).then(|| shape(wanted));
            let mut answers = HashMap::new();
            for (status, response) in described["responses"].as_object().into_iter().flatten() {
                let reference = response["$ref"].as_str().and_then(|to| document.pointer(to.trim_start_matches('#')));
                let response = reference.unwrap_or(response);
                let contents = response["content"].as_object().cloned().unwrap_or_default();
                if contents.is_empty() {
                    answers.insert((status.clone(), String::new()), None);
                }
                for (kind, content) in contents {
                    let shape = kind.ends_with("json").then(|| shape(&content["schema"]));
                    answers.insert((status.clone(), kind), shape);
                }
            }
            operations.insert(
                (operation.route.method.to_owned(), operation.route.template().into_owned()),
                Promise { body, answers },
            );
        }
        Self { operations, components: document["components"].clone() }
    }

    /// Checks a response, and the request that it granted, against the document. The error contains no values.
    pub(crate) fn check(&self, method: &str, route: &str, request: &[u8], answer: &Answer<'_>) -> Result<(), String> {
        // Preflights are part of Fetch, the console has its own pages, and no operation has any of the other paths.
        if method == "OPTIONS" || route.starts_with("/console") || ["/", "/{proxy+}"].contains(&route) {
            return Ok(());
        }
        let promise = self.operations.get(&(method.to_owned(), route.to_owned()));
        let promise = promise.ok_or_else(|| format!("no operation {method} {route}"))?;
        let status = answer.status.to_string();
        let kind = answer.content_type.split(';').next().unwrap_or_default().trim().to_owned();
        let bodiless = method == "HEAD" || answer.body.is_empty();
        if bodiless {
            let known = promise.answers.keys().any(|(known, _)| *known == status);
            return if known { Ok(()) } else { Err(format!("status {status} without a body")) };
        }
        match promise.answers.get(&(status.clone(), kind.clone())) {
            None => return Err(format!("status {status} with {kind}")),
            Some(None) => {}
            Some(Some(shape)) => violations("the answer", shape.validator(&self.components)?, answer.body)?,
        }
        // A byte order mark is not part of the JSON text (RFC 8259 §8.1).
        let request = request.strip_prefix(b"\xef\xbb\xbf").unwrap_or(request);
        match &promise.body {
            Some(shape) if status == "200" && !request.is_empty() => {
                violations("the granted request", shape.validator(&self.components)?, request)
            }
            _ => Ok(()),
        }
    }
}

fn violations(what: &str, shape: &Validator, body: &[u8]) -> Result<(), String> {
    let value: Value = serde_json::from_slice(body).map_err(|error| format!("{what}: {error}"))?;
    let found: Vec<String> =
        shape.iter_errors(&value).map(|error| format!("{}: {}", error.instance_path(), error.masked())).collect();
    if found.is_empty() { Ok(()) } else { Err(format!("{what}: {}", found.join("; "))) }
}

impl Shape {
    /// Fails if the schema is none.
    fn validator(&self, components: &Value) -> Result<&Validator, String> {
        let build = || {
            let rooted = json!({"allOf": [self.schema], "components": components});
            let options = jsonschema::draft202012::options().should_validate_formats(true);
            options.build(&rooted).map_err(|error| format!("openapi.json: {error}"))
        };
        self.validator.get_or_init(build).as_ref().map_err(Clone::clone)
    }
}

/// The media type of a response; empty if it has none.
pub(crate) fn content_type(headers: &axum::http::HeaderMap) -> &str {
    headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use api::operation::GET_IDENTITY;

    use super::*;

    fn check(status: u16, content_type: &str, body: &Value) -> Result<(), String> {
        let body = body.to_string();
        let answer = Answer { status, content_type, body: body.as_bytes() };
        Contract::of_api().check("GET", GET_IDENTITY.route.path, b"", &answer)
    }

    #[test]
    fn a_response_is_checked_against_the_document() {
        let path = GET_IDENTITY.route.path;
        let good = DOCUMENT["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["example"].clone();
        assert_eq!(check(200, "application/json", &good), Ok(()));
        assert!(check(201, "application/json", &good).is_err());
        assert!(check(200, "text/plain", &good).is_err());
        let mut more = good.clone();
        more["secret"] = "x".into();
        assert!(check(200, "application/json", &more).unwrap_err().contains("secret"));
        let mut wrong = good;
        wrong["create_time"] = "yesterday".into();
        assert!(check(200, "application/json", &wrong).unwrap_err().contains("/create_time"));
    }

    #[test]
    fn every_example_matches_its_schema() {
        let mut checked = 0;
        for methods in DOCUMENT["paths"].as_object().unwrap().values() {
            for operation in methods.as_object().unwrap().values() {
                let answers = operation["responses"].as_object().unwrap().values();
                let answers = answers.chain(DOCUMENT["components"]["responses"].as_object().unwrap().values());
                let bodies = answers.chain(operation.get("requestBody"));
                for content in bodies.flat_map(|body| body["content"].as_object().into_iter().flatten()) {
                    if let Some(example) = content.1.get("example") {
                        let shape = Shape { schema: content.1["schema"].clone(), validator: OnceLock::new() };
                        let shape = shape.validator(&DOCUMENT["components"]).unwrap();
                        let id = &operation["operationId"];
                        assert_eq!(violations("example", shape, example.to_string().as_bytes()), Ok(()), "{id}");
                        checked += 1;
                    }
                }
            }
        }
        assert!(checked > 100, "{checked}");
    }

    #[test]
    fn every_part_of_the_document_is_a_schema() {
        let contract = Contract::of_api();
        let shapes = contract.operations.values().flat_map(|promise| {
            promise.answers.values().flatten().chain(&promise.body).map(|shape| shape.validator(&contract.components))
        });
        assert!(shapes.map(Result::unwrap).count() > 300);
    }
}
