//! A conditional change of one item, described as data. [`super::write`] carries it out.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use binding::time::Timestamp;

use super::attribute::{PK, UPDATE_MS, VERSION};
use super::item::{Item, Reader, n, s};
use super::keys::Key;

/// A condition on the stored item.
#[derive(Clone, Debug)]
pub(super) enum Condition {
    /// The item does not exist.
    Missing,
    /// The item has the attribute.
    Has(&'static str),
    /// The item does not have the attribute.
    Lacks(&'static str),
    /// The attribute equals the value.
    Is(&'static str, AttributeValue),
    /// The attribute equals one of the values. Without values, the condition never holds.
    OneOf(&'static str, Vec<AttributeValue>),
    /// The attribute is less than the value.
    Less(&'static str, AttributeValue),
    /// The attribute is at most the value.
    AtMost(&'static str, AttributeValue),
    /// The attribute is greater than the value.
    Greater(&'static str, AttributeValue),
    /// At least one of the two conditions holds.
    Either(Box<[Condition; 2]>),
}

impl Condition {
    pub(super) fn either(one: Condition, other: Condition) -> Self {
        Condition::Either(Box::new([one, other]))
    }
}

/// The new value of an attribute.
#[derive(Clone, Debug)]
enum Value {
    New(AttributeValue),
    /// The value of another attribute.
    Of(&'static str),
    /// The time of the change.
    Now,
}

/// A change of one item: what it sets, adds and removes, and the conditions under which it does so.
#[derive(Clone, Debug)]
pub(super) struct Change {
    pub(super) key: Key,
    pub(super) conditions: Vec<Condition>,
    /// The attribute that stores the operation's id. With it [`super::write`] recognises its own write if the response
    /// was lost. A change that can safely be repeated needs none.
    pub(super) mark: Option<&'static str>,
    time: Option<Timestamp>,
    set: Vec<(&'static str, Value)>,
    add: Vec<(&'static str, i64)>,
    remove: Vec<&'static str>,
}

impl Change {
    /// An empty change of the item with this key. It needs a condition that prevents it from creating an item.
    pub(super) fn of(key: Key) -> Self {
        Self {
            key,
            conditions: Vec::new(),
            mark: None,
            time: None,
            set: Vec::new(),
            add: Vec::new(),
            remove: Vec::new(),
        }
    }

    pub(super) fn when(mut self, condition: Condition) -> Self {
        self.conditions.push(condition);
        self
    }

    pub(super) fn when_all(mut self, conditions: Vec<Condition>) -> Self {
        self.conditions.extend(conditions);
        self
    }

    pub(super) fn marked(mut self, attribute: &'static str) -> Self {
        self.mark = Some(attribute);
        self
    }

    /// Writes a new version of the item, as of `now`.
    pub(super) fn version(self, now: Timestamp) -> Self {
        self.versions(1, now)
    }

    /// Writes several versions of the item at once, as of `now`.
    pub(super) fn versions(mut self, count: usize, now: Timestamp) -> Self {
        self.time = Some(now);
        self.add(VERSION, i64::try_from(count).unwrap_or(i64::MAX))
    }

    /// Sets the attribute to the time of the new version.
    pub(super) fn stamp(mut self, attribute: &'static str) -> Self {
        self.set.push((attribute, Value::Now));
        self
    }

    /// Whether this change failed only because the item has a later update time, from a clock that is ahead of this
    /// one. The change then takes over the item's time, so that `update_ms` never decreases.
    pub(super) fn catch_up(&mut self, there: &Item) -> bool {
        let there = Reader(there);
        let (Some(time), Some(latest)) = (self.time, there.maybe_time(UPDATE_MS)) else { return false };
        self.time = Some(time.max(latest));
        time < latest
    }

    pub(super) fn set(mut self, attribute: &'static str, value: AttributeValue) -> Self {
        self.set.push((attribute, Value::New(value)));
        self
    }

    /// Sets the attribute if there is a value.
    pub(super) fn maybe(self, attribute: &'static str, value: Option<AttributeValue>) -> Self {
        match value {
            Some(value) => self.set(attribute, value),
            None => self,
        }
    }

    pub(super) fn copy(mut self, attribute: &'static str, from: &'static str) -> Self {
        self.set.push((attribute, Value::Of(from)));
        self
    }

    pub(super) fn increment(self, attribute: &'static str) -> Self {
        self.add(attribute, 1)
    }

    pub(super) fn add(mut self, attribute: &'static str, by: i64) -> Self {
        self.add.push((attribute, by));
        self
    }

    pub(super) fn remove(mut self, attribute: &'static str) -> Self {
        self.remove.push(attribute);
        self
    }

    /// The update and condition expressions for DynamoDB. The operation's id is stored in the mark.
    pub(super) fn expression(mut self, op: &str) -> Expression {
        if let Some(mark) = self.mark {
            self = self.set(mark, s(op));
        }
        let mut terms = Terms::default();
        let mut clauses = Vec::new();
        if self.time.is_some() {
            self = self.stamp(UPDATE_MS);
        }
        let mut conditions: Vec<String> = terms.all(self.conditions);
        let mut now = String::new();
        if let Some(time) = self.time {
            now = terms.value(n(time.millis()));
            conditions.push(format!("{} <= {now}", terms.name(UPDATE_MS)));
        }
        let sets: Vec<String> = self
            .set
            .into_iter()
            .map(|(attribute, value)| {
                let name = terms.name(attribute);
                let value = match value {
                    Value::New(value) => terms.value(value),
                    Value::Of(other) => terms.name(other),
                    Value::Now => now.clone(),
                };
                format!("{name} = {value}")
            })
            .collect();
        let adds: Vec<String> =
            self.add.into_iter().map(|(name, by)| format!("{} {}", terms.name(name), terms.value(n(by)))).collect();
        let removes: Vec<String> = self.remove.into_iter().map(|name| terms.name(name)).collect();
        for (verb, parts) in [("SET", sets), ("ADD", adds), ("REMOVE", removes)] {
            if !parts.is_empty() {
                clauses.push(format!("{verb} {}", parts.join(", ")));
            }
        }
        terms.expression(&clauses, &conditions)
    }
}

/// A change or condition in DynamoDB's expression language. Empty parts are `None`, because DynamoDB rejects them.
#[derive(Clone, Debug)]
pub(super) struct Expression {
    pub(super) update: String,
    pub(super) condition: Option<String>,
    pub(super) names: Option<HashMap<String, String>>,
    pub(super) values: Option<Item>,
}

impl Expression {
    /// The condition of a put.
    pub(super) fn condition(conditions: Vec<Condition>) -> Self {
        let mut terms = Terms::default();
        let conditions = terms.all(conditions);
        terms.expression(&[], &conditions)
    }
}

/// Names and values by placeholder.
#[derive(Default)]
struct Terms {
    names: HashMap<String, String>,
    values: Item,
}

impl Terms {
    /// `#state` for `state`: every character of an attribute name is allowed in a placeholder.
    fn name(&mut self, attribute: &str) -> String {
        let placeholder = format!("#{attribute}");
        self.names.insert(placeholder.clone(), attribute.to_owned());
        placeholder
    }

    fn value(&mut self, value: AttributeValue) -> String {
        let placeholder = format!(":{}", self.values.len());
        self.values.insert(placeholder.clone(), value);
        placeholder
    }

    fn expression(self, clauses: &[String], conditions: &[String]) -> Expression {
        Expression {
            update: clauses.join(" "),
            condition: Some(conditions.join(" AND ")).filter(|condition| !condition.is_empty()),
            names: Some(self.names).filter(|names| !names.is_empty()),
            values: Some(self.values).filter(|values| !values.is_empty()),
        }
    }

    fn all(&mut self, conditions: Vec<Condition>) -> Vec<String> {
        conditions.into_iter().map(|condition| self.condition(condition)).collect()
    }

    fn condition(&mut self, condition: Condition) -> String {
        match condition {
            Condition::Is(attribute, value) => self.comparison(attribute, "=", value),
            Condition::Less(attribute, value) => self.comparison(attribute, "<", value),
            Condition::AtMost(attribute, value) => self.comparison(attribute, "<=", value),
            Condition::Greater(attribute, value) => self.comparison(attribute, ">", value),
            Condition::Missing => self.condition(Condition::Lacks(PK)),
            Condition::Has(attribute) => format!("attribute_exists({})", self.name(attribute)),
            Condition::Lacks(attribute) => format!("attribute_not_exists({})", self.name(attribute)),
            Condition::OneOf(attribute, values) if values.is_empty() => {
                let name = self.name(attribute);
                format!("(attribute_exists({name}) AND attribute_not_exists({name}))")
            }
            Condition::OneOf(attribute, values) => {
                let values: Vec<String> = values.into_iter().map(|value| self.value(value)).collect();
                format!("{} IN ({})", self.name(attribute), values.join(", "))
            }
            Condition::Either(two) => {
                let [one, other] = *two;
                format!("({} OR {})", self.condition(one), self.condition(other))
            }
        }
    }

    fn comparison(&mut self, attribute: &str, operator: &str, value: AttributeValue) -> String {
        format!("{} {operator} {}", self.name(attribute), self.value(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change() -> Change {
        Change::of(("T#demo".to_owned(), "JOB#1".to_owned())).when(Condition::Has("state"))
    }

    #[test]
    fn a_change_becomes_dynamodb_expressions() {
        let change = change()
            .when(Condition::OneOf("state", vec![s("A"), s("B")]))
            .when(Condition::either(Condition::Lacks("lease_ms"), Condition::AtMost("lease_ms", n(5))))
            .version(Timestamp::from_millis(7))
            .set("state", s("C"))
            .stamp("entered_C")
            .remove("lease_ms")
            .marked("op");
        let Expression { update, condition, names, values } = change.expression("1f");
        assert_eq!(
            update,
            "SET #state = :4, #entered_C = :3, #op = :5, #update_ms = :3 ADD #version :6 REMOVE #lease_ms"
        );
        let condition = condition.unwrap();
        assert_eq!(
            condition,
            "attribute_exists(#state) AND #state IN (:0, :1) \
             AND (attribute_not_exists(#lease_ms) OR #lease_ms <= :2) AND #update_ms <= :3"
        );
        assert_eq!(values.map(|values| values.len()), Some(7));
        let used = |name: &String| update.contains(name.as_str()) || condition.contains(name.as_str());
        assert!(names.unwrap().keys().all(used), "DynamoDB rejects an unused name");
        let none = Expression::condition(Vec::new());
        assert_eq!((none.condition, none.names, none.values), (None, None, None));
    }

    #[test]
    fn a_change_catches_up_with_a_clock_that_is_ahead() {
        let there = |update_ms: i64| Item::from([("update_ms".into(), n(update_ms))]);
        let mut change = change().version(Timestamp::from_millis(7));
        assert!(!change.catch_up(&there(7)));
        assert!(change.catch_up(&there(8)));
        assert!(!change.catch_up(&there(8)), "the change already has the item's time");
    }
}
