//! The published OpenAPI document, and whether what a function does keeps to it. Every answer is held against it: one
//! that the world is not told to expect is replaced, loudly.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use api::openapi;
use axum::http::header;
use jsonschema::Validator;
use serde_json::{Value, json};

/// The document as it is served.
pub(crate) static DOCUMENT: LazyLock<Value> = LazyLock::new(openapi::document);

/// A process has many stacks in tests, and one contract.
static CONTRACT: LazyLock<Result<Arc<Contract>, String>> =
    LazyLock::new(|| Contract::read(&openapi::contract()).map(Arc::new));

/// What operations take and answer.
#[derive(Debug)]
pub(crate) struct Contract {
    /// By method and route.
    operations: HashMap<(String, String), Promise>,
}

#[derive(Debug)]
struct Promise {
    body: Option<Validator>,
    /// By status and media type; without a validator for what is no JSON.
    answers: HashMap<(String, String), Option<Validator>>,
}

/// A function's answer.
pub(crate) struct Answer<'a> {
    pub(crate) status: u16,
    pub(crate) content_type: &'a str,
    pub(crate) body: &'a [u8],
}

impl Contract {
    /// The contract of the API.
    ///
    /// # Errors
    /// What in the document is no schema.
    pub(crate) fn of_api() -> Result<Arc<Self>, String> {
        CONTRACT.clone()
    }

    fn read(document: &Value) -> Result<Self, String> {
        let mut operations = HashMap::new();
        for operation in openapi::operations() {
            let described = &document["paths"][operation.route.path][operation.route.method.to_lowercase()];
            let wanted = &described["requestBody"]["content"]["application/json"]["schema"];
            let body = if wanted.is_null() { None } else { Some(validator(document, wanted)?) };
            let mut answers = HashMap::new();
            for (status, response) in described["responses"].as_object().into_iter().flatten() {
                let reference = response["$ref"].as_str().and_then(|to| document.pointer(to.trim_start_matches('#')));
                let response = reference.unwrap_or(response);
                let contents = response["content"].as_object().cloned().unwrap_or_default();
                if contents.is_empty() {
                    answers.insert((status.clone(), String::new()), None);
                }
                for (kind, content) in contents {
                    let json = kind.ends_with("json");
                    let shape = if json { Some(validator(document, &content["schema"])?) } else { None };
                    answers.insert((status.clone(), kind), shape);
                }
            }
            operations.insert(
                (operation.route.method.to_owned(), operation.route.template().into_owned()),
                Promise { body, answers },
            );
        }
        Ok(Self { operations })
    }

    /// What in an answer, or in the request that it granted, is not in the document. Values are not told.
    pub(crate) fn check(&self, method: &str, route: &str, request: &[u8], answer: &Answer<'_>) -> Result<(), String> {
        // Preflights are of Fetch, the console is a page of its own, and no operation is at any other address.
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
            Some(Some(shape)) => violations("the answer", shape, answer.body)?,
        }
        // A byte order mark is no part of the JSON text (RFC 8259 §8.1).
        let request = request.strip_prefix(b"\xef\xbb\xbf").unwrap_or(request);
        match &promise.body {
            Some(shape) if status == "200" && !request.is_empty() => violations("the granted request", shape, request),
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

fn validator(document: &Value, schema: &Value) -> Result<Validator, String> {
    let rooted = json!({"allOf": [schema], "components": document["components"]});
    let options = jsonschema::draft202012::options().should_validate_formats(true);
    options.build(&rooted).map_err(|error| format!("openapi.json: {error}"))
}

/// The media type of an answer, if it has one.
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
        Contract::of_api().unwrap().check("GET", GET_IDENTITY.route.path, b"", &answer)
    }

    #[test]
    fn an_answer_is_held_against_the_document() {
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
    fn every_example_keeps_to_its_schema() {
        let mut checked = 0;
        for methods in DOCUMENT["paths"].as_object().unwrap().values() {
            for operation in methods.as_object().unwrap().values() {
                let answers = operation["responses"].as_object().unwrap().values();
                let answers = answers.chain(DOCUMENT["components"]["responses"].as_object().unwrap().values());
                let bodies = answers.chain(operation.get("requestBody"));
                for content in bodies.flat_map(|body| body["content"].as_object().into_iter().flatten()) {
                    if let Some(example) = content.1.get("example") {
                        let shape = validator(&DOCUMENT, &content.1["schema"]).unwrap();
                        let id = &operation["operationId"];
                        assert_eq!(violations("example", &shape, example.to_string().as_bytes()), Ok(()), "{id}");
                        checked += 1;
                    }
                }
            }
        }
        assert!(checked > 100, "{checked}");
    }
}
