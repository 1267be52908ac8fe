//! Checks the functions' AWS calls against their policies in template.yaml. A call that no statement allows is denied
//! as IAM would deny it, so a missing permission fails whatever needs it. Used permissions are recorded, so that a
//! test finds those that are never used.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::record::lock;
use crate::template::{Function, Statement};

/// An action on a resource, such as `dynamodb:Query` on `Table/index/realm`. Locally a resource of the template is
/// identified by its logical id.
type Use = (String, String);

/// The permissions of all functions, by logical id.
#[derive(Clone, Debug, Default)]
pub(crate) struct Permissions {
    statements: Arc<HashMap<String, Vec<Statement>>>,
    used: Arc<Mutex<BTreeMap<String, BTreeSet<Use>>>>,
}

/// A call, in IAM's terms.
#[derive(Debug)]
struct Requested {
    action: String,
    resource: String,
    /// The condition keys with their values.
    context: Vec<(&'static str, String)>,
}

impl Permissions {
    pub(crate) fn new(functions: &[Function]) -> Self {
        let statements = functions.iter().map(|function| (function.id.clone(), function.statements.clone()));
        Self { statements: Arc::new(statements.collect()), used: Arc::default() }
    }

    /// Checks whether a function may make a call. Any other caller is the operator, who may make all calls.
    ///
    /// # Errors
    /// IAM's error message.
    pub(crate) fn check(&self, function: &str, service: &str, operation: &str, body: &[u8]) -> Result<(), String> {
        let Some(statements) = self.statements.get(function) else { return Ok(()) };
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        for requested in requested(service, operation, &body) {
            let Requested { action, resource, .. } = &requested;
            if !statements.iter().any(|statement| allows(statement, &requested)) {
                return Err(format!("{function} is not authorized to perform: {action} on resource: {resource}"));
            }
            let used = (action.clone(), resource.clone());
            lock(&self.used).entry(function.to_owned()).or_default().insert(used);
        }
        Ok(())
    }

    /// The permissions of each function that were not used so far, as `action resource`.
    pub(crate) fn unused(&self) -> Value {
        let used = lock(&self.used);
        let mut unused = BTreeMap::new();
        for (function, statements) in self.statements.iter() {
            let granted = statements.iter().flat_map(|statement| {
                let resources = statement.resources.iter();
                resources
                    .flat_map(|resource| statement.actions.iter().map(move |action| (action.clone(), resource.clone())))
            });
            let none = BTreeSet::new();
            let used = used.get(function).unwrap_or(&none);
            let left: BTreeSet<String> = granted
                .filter(|grant| !used.contains(grant))
                .map(|(action, resource)| format!("{action} {resource}"))
                .collect();
            if !left.is_empty() {
                unused.insert(function.clone(), left);
            }
        }
        json!(unused)
    }
}

fn allows(statement: &Statement, requested: &Requested) -> bool {
    let value = |key: &str| requested.context.iter().find(|(name, _)| *name == key).map(|(_, value)| value.as_str());
    statement.actions.contains(&requested.action)
        && statement.resources.contains(&requested.resource)
        && statement.equals.iter().all(|(key, wanted)| value(key) == Some(wanted))
        && statement.like.iter().all(|(key, pattern)| value(key).is_some_and(|value| is_like(value, pattern)))
}

/// Whether a value matches a pattern with at most one `*`, at its end.
fn is_like(value: &str, pattern: &str) -> bool {
    pattern.strip_suffix('*').map_or(value == pattern, |prefix| value.starts_with(prefix))
}

/// The permissions that a call needs. A transaction needs those of its parts.
fn requested(service: &str, operation: &str, body: &Value) -> Vec<Requested> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let plain = |action: String, resource: String| Requested { action, resource, context: Vec::new() };
    match (service, operation) {
        ("dynamodb", "TransactWriteItems") => {
            let items = body["TransactItems"].as_array().into_iter().flatten().filter_map(Value::as_object);
            let parts = items.flat_map(|item| item.iter().map(|(kind, part)| (kind, &part["TableName"])));
            parts.map(|(kind, table)| plain(format!("dynamodb:{}", of_part(kind)), text(table))).collect()
        }
        ("dynamodb", "BatchGetItem" | "BatchWriteItem") => {
            let tables = body["RequestItems"].as_object().into_iter().flat_map(|tables| tables.keys());
            tables.map(|table| plain(format!("dynamodb:{operation}"), table.clone())).collect()
        }
        ("dynamodb", _) => {
            let index = body["IndexName"].as_str().map(|index| format!("/index/{index}")).unwrap_or_default();
            // The partition key of the one item that the call names.
            let key = [&body["Key"], &body["Item"]].into_iter().find_map(|item| item["pk"]["S"].as_str());
            vec![Requested {
                action: format!("dynamodb:{operation}"),
                resource: text(&body["TableName"]) + &index,
                context: key.map(|key| ("dynamodb:LeadingKeys", key.to_owned())).into_iter().collect(),
            }]
        }
        ("eventbridge", "PutEvents") => {
            let entry = |entry: &Value| Requested {
                action: "events:PutEvents".to_owned(),
                resource: text(&entry["EventBusName"]),
                context: vec![("events:source", text(&entry["Source"]))],
            };
            body["Entries"].as_array().into_iter().flatten().map(entry).collect()
        }
        ("eventbridge", _) => vec![plain(format!("events:{operation}"), text(&body["Name"]))],
        ("sesv2", "SendEmail") => {
            let from = text(&body["FromEmailAddress"]);
            let address = from.rsplit_once('<').map_or(from.as_str(), |(_, rest)| rest.trim_end_matches('>'));
            let arn = |kind: &str, name: &str| format!("arn:aws:ses:local:000000000000:{kind}/{name}");
            let set = arn("configuration-set", body["ConfigurationSetName"].as_str().unwrap_or_default());
            let on = |resource| Requested {
                action: "ses:SendEmail".to_owned(),
                resource,
                context: vec![("ses:FromAddress", address.to_owned())],
            };
            vec![on(arn("identity", address)), on(set)]
        }
        ("sqs", _) => vec![plain(format!("sqs:{operation}"), text(&body["QueueUrl"]))],
        ("sesv2", _) => vec![plain(format!("ses:{operation}"), "*".to_owned())],
        (service, _) => vec![plain(format!("{service}:{operation}"), text(&body["SecretId"]))],
    }
}

/// The operation whose permission a part of a transaction needs.
fn of_part(kind: &str) -> &'static str {
    match kind {
        "Put" => "PutItem",
        "Update" => "UpdateItem",
        "Delete" => "DeleteItem",
        _ => "ConditionCheckItem",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn permissions() -> Permissions {
        let statement = |action: &str, resource: &str, equals: &[(&str, &str)]| Statement {
            actions: vec![action.to_owned()],
            resources: vec![resource.to_owned()],
            equals: equals.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
            like: Vec::new(),
        };
        let limits = Statement {
            like: vec![("dynamodb:LeadingKeys".to_owned(), "LIMIT#*".to_owned())],
            ..statement("dynamodb:UpdateItem", "Table", &[])
        };
        let statements = vec![
            statement("dynamodb:PutItem", "Table", &[]),
            statement("dynamodb:Query", "Table/index/realm", &[]),
            statement("events:PutEvents", "Bus", &[("events:source", "bindery")]),
            limits,
        ];
        Permissions { statements: Arc::new([("F".to_owned(), statements)].into()), used: Arc::default() }
    }

    #[test]
    fn a_call_that_no_statement_allows_is_denied() {
        let permissions = permissions();
        let check =
            |service, operation, body: Value| permissions.check("F", service, operation, body.to_string().as_bytes());
        assert_eq!(check("dynamodb", "PutItem", json!({"TableName": "Table"})), Ok(()));
        assert!(
            check("dynamodb", "DeleteItem", json!({"TableName": "Table"})).unwrap_err().contains("dynamodb:DeleteItem")
        );
        assert!(check("dynamodb", "Query", json!({"TableName": "Table"})).is_err());
        assert_eq!(check("dynamodb", "Query", json!({"TableName": "Table", "IndexName": "realm"})), Ok(()));
        let transaction =
            |kind: &str| json!({"TransactItems": [{"Put": {"TableName": "Table"}}, {kind: {"TableName": "Table"}}]});
        assert_eq!(check("dynamodb", "TransactWriteItems", transaction("Put")), Ok(()));
        assert!(check("dynamodb", "TransactWriteItems", transaction("Update")).is_err());
        let update = |pk: &str| json!({"TableName": "Table", "Key": {"pk": {"S": pk}, "sk": {"S": "LIMIT"}}});
        assert_eq!(check("dynamodb", "UpdateItem", update("LIMIT#demo")), Ok(()));
        assert!(check("dynamodb", "UpdateItem", update("T#demo")).is_err());
        assert!(check("dynamodb", "UpdateItem", json!({"TableName": "Table"})).is_err());
        let event = |source: &str| json!({"Entries": [{"EventBusName": "Bus", "Source": source}]});
        assert!(check("eventbridge", "PutEvents", event("other")).is_err());
        assert_eq!(permissions.unused(), json!({"F": ["events:PutEvents Bus"]}));
        assert_eq!(check("eventbridge", "PutEvents", event("bindery")), Ok(()));
        assert_eq!(permissions.unused(), json!({}));
        assert!(permissions.check("operator", "dynamodb", "Scan", b"{}").is_ok());
    }
}
