//! Reads a body field by field, so that all violations are reported at once.

use binding::reminder::{MOST_REMINDERS, Reminders, SHORTEST_SECONDS};
use serde_json::{Map, Value};

use crate::check;
use crate::problem::Problem;
use crate::query::integer_of;
use crate::scalar::Names;
use crate::view::FieldViolation;

/// A JSON object being read. Unknown fields are ignored. Each method returns a valid value, or records a violation and
/// returns a placeholder; [`Fields::done`] reports the violations.
#[derive(Debug)]
pub struct Fields<'a> {
    object: &'a Map<String, Value>,
    path: String,
    violations: Vec<FieldViolation>,
}

static NOTHING: std::sync::LazyLock<Map<String, Value>> = std::sync::LazyLock::new(Map::new);

impl<'a> Fields<'a> {
    /// The fields of the object `name` in a body.
    ///
    /// # Errors
    /// A 400 when the body has no such object.
    pub fn of(body: &'a Map<String, Value>, name: &str) -> Result<Self, Problem> {
        match body.get(name) {
            Some(Value::Object(object)) => Ok(Self::at(object, format!("{name}."))),
            _ => Err(Problem::invalid(vec![FieldViolation::new(name, "must be an object")])),
        }
    }

    /// The fields of an object whose names are reported with the prefix `path`.
    #[must_use]
    pub fn at(object: &'a Map<String, Value>, path: String) -> Self {
        Self { object, path, violations: Vec::new() }
    }

    /// Records a violation.
    pub fn refuse(&mut self, name: &str, description: impl Into<String>) {
        self.violations.push(FieldViolation::new(format!("{}{name}", self.path), description));
    }

    /// Whether any violation was recorded.
    #[must_use]
    pub fn has_violations(&self) -> bool {
        !self.violations.is_empty()
    }

    /// Completes the reading.
    ///
    /// # Errors
    /// A 400 with all violations, if there are any.
    pub fn done(self) -> Result<(), Problem> {
        if self.violations.is_empty() { Ok(()) } else { Err(Problem::invalid(self.violations)) }
    }

    /// Adds the violations of another object.
    pub fn absorb(&mut self, mut other: Fields<'_>) {
        self.violations.append(&mut other.violations);
    }

    /// The fields of an object inside this one; empty, with a violation, if it is missing.
    pub fn inner(&mut self, name: &str) -> Fields<'a> {
        let object = match self.value(name) {
            Some(Value::Object(object)) => object,
            Some(_) => {
                self.refuse(name, "must be an object");
                &NOTHING
            }
            None => {
                self.refuse(name, "is required");
                &NOTHING
            }
        };
        Fields::at(object, format!("{}{name}.", self.path))
    }

    /// When recipients are reminded: an optional list of `{"after_seconds"}`.
    pub fn reminders(&mut self) -> Option<Reminders> {
        self.value("reminders")?;
        let noted = self.violations.len();
        let times = self.objects("reminders", MOST_REMINDERS, |reminder| {
            let seconds = reminder.integer("after_seconds", SHORTEST_SECONDS, 365 * 24 * 3600);
            if reminder.value("after_seconds").is_none() {
                reminder.refuse("after_seconds", "is required");
            }
            seconds.unwrap_or_default()
        });
        if self.violations.len() > noted {
            return None;
        }
        Reminders::new(times).map_err(|invalid| self.refuse("reminders", invalid.to_string())).ok()
    }

    /// An optional IANA time zone; empty is accepted too, as "none".
    pub fn time_zone(&mut self, name: &str) -> Option<String> {
        let zone = self.text(name, 64).filter(|zone| !zone.is_empty())?;
        check::time_zone(&zone).map(|()| zone).map_err(|why| self.refuse(name, why)).ok()
    }

    /// A field's value. `null` counts as absent.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&'a Value> {
        self.object.get(name).filter(|value| !value.is_null())
    }

    /// An optional string of at most `longest` characters without control characters.
    pub fn text(&mut self, name: &str, longest: usize) -> Option<String> {
        match self.value(name)? {
            Value::String(text) => {
                check::text(text, longest).map(|()| text.clone()).map_err(|why| self.refuse(name, why)).ok()
            }
            _ => {
                self.refuse(name, "must be a string");
                None
            }
        }
    }

    /// A required string that is not blank.
    pub fn required_text(&mut self, name: &str, longest: usize) -> String {
        let noted = self.violations.len();
        match self.text(name, longest) {
            Some(text) if !text.trim().is_empty() => text,
            _ if self.violations.len() > noted => String::new(),
            _ => {
                self.refuse(name, "is required");
                String::new()
            }
        }
    }

    /// One of the names of a set.
    pub fn one_of<T: Names>(&mut self, name: &str) -> Option<T> {
        let names: Vec<&str> = T::all().map(T::name).collect();
        self.choice(name, &names, |text| T::all().find(|one| one.name() == text))
    }

    /// A list of names of a set, without duplicates; at least one if the list is present.
    pub fn some_of<T: Names>(&mut self, list: &str) -> Option<Vec<T>> {
        let find = |text: &str| T::all().find(|one| one.name() == text);
        let names = || T::all().map(T::name).collect::<Vec<_>>().join(", ");
        let check = |text: &str| find(text).map(drop).ok_or_else(|| format!("must be one of {}", names()));
        let texts = self.texts(list, 2 * T::all().count(), check)?;
        if self.value(list).and_then(Value::as_array).is_some_and(Vec::is_empty) {
            self.refuse(list, "must contain at least one name");
        }
        Some(distinct(texts.iter().filter_map(|text| find(text))))
    }

    /// An optional string that is one of `names`.
    pub fn choice<T>(&mut self, name: &str, names: &[&str], read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let found = self.value(name)?.as_str().and_then(read);
        if found.is_none() {
            self.refuse(name, format!("must be one of {}", names.join(", ")));
        }
        found
    }

    /// An optional boolean.
    pub fn flag(&mut self, name: &str) -> Option<bool> {
        let value = self.value(name)?;
        if !value.is_boolean() {
            self.refuse(name, "must be true or false");
        }
        value.as_bool()
    }

    /// An optional integer within bounds.
    pub fn integer(&mut self, name: &str, least: i64, most: i64) -> Option<i64> {
        let number = self.value(name)?.as_number().and_then(integer_of);
        let found = number.filter(|number| (least..=most).contains(number));
        if found.is_none() {
            self.refuse(name, format!("must be a whole number from {least} to {most}"));
        }
        found
    }

    /// An optional list of strings, each checked.
    pub fn texts(
        &mut self,
        name: &str,
        most: usize,
        check: impl Fn(&str) -> Result<(), String>,
    ) -> Option<Vec<String>> {
        let Some(list) = self.value(name)?.as_array().filter(|list| list.len() <= most) else {
            self.refuse(name, format!("must be a list of at most {most} strings"));
            return None;
        };
        let mut texts = Vec::new();
        for (index, value) in list.iter().enumerate() {
            let checked = match value.as_str() {
                Some(text) => check(text).map(|()| text),
                None => Err("must be a string".to_owned()),
            };
            match checked {
                Ok(text) => texts.push(text.to_owned()),
                Err(why) => self.refuse(&format!("{name}[{index}]"), why),
            }
        }
        Some(texts)
    }

    /// An optional string that `check` accepts, or an empty one, which means "none".
    pub fn checked(&mut self, name: &str, check: impl Fn(&str) -> Result<(), String>) -> Option<String> {
        let text = self.text(name, 2048)?;
        if !text.is_empty()
            && let Err(why) = check(&text)
        {
            self.refuse(name, why);
            return None;
        }
        Some(text)
    }

    /// An optional language tag (BCP 47), whose parts may also be separated by `_`, as in `en_US`; or an empty string,
    /// which means "none".
    pub fn language(&mut self, name: &str) -> Option<String> {
        let tag = self.text(name, 2048).filter(|tag| !tag.is_empty())?;
        check::language_tag(&tag).map_err(|why| self.refuse(name, why)).ok()
    }

    /// An optional name that is not blank.
    pub fn name(&mut self, name: &str, longest: usize) -> Option<String> {
        self.text(name, longest).filter(|text| !text.trim().is_empty())
    }

    /// An optional mail address that SES accepts, or an empty string, which means "none".
    pub fn address(&mut self, name: &str) -> Option<String> {
        let text = self.text(name, 2048).filter(|text| !text.is_empty())?;
        check::mail_address(&text).map_err(|why| self.refuse(name, why)).ok()
    }

    /// Reads an optional object inside this one.
    pub fn object<T>(&mut self, name: &str, read: impl FnOnce(&mut Fields<'a>) -> T) -> T {
        let object = match self.value(name) {
            Some(Value::Object(object)) => object,
            Some(_) => {
                self.refuse(name, "must be an object");
                &NOTHING
            }
            None => &NOTHING,
        };
        let mut inner = Fields::at(object, format!("{}{name}.", self.path));
        let value = read(&mut inner);
        self.violations.append(&mut inner.violations);
        value
    }

    /// Reads an optional list of at most `most` objects.
    pub fn objects<T>(&mut self, name: &str, most: usize, mut read: impl FnMut(&mut Fields<'a>) -> T) -> Vec<T> {
        let Some(value) = self.value(name) else { return Vec::new() };
        let Some(list) = value.as_array().filter(|list| list.len() <= most) else {
            self.refuse(name, format!("must be a list of at most {most} objects"));
            return Vec::new();
        };
        let mut found = Vec::new();
        for (index, value) in list.iter().enumerate() {
            let Some(object) = value.as_object() else {
                self.refuse(&format!("{name}[{index}]"), "must be an object");
                continue;
            };
            let mut inner = Fields::at(object, format!("{}{name}[{index}].", self.path));
            found.push(read(&mut inner));
            self.violations.append(&mut inner.violations);
        }
        found
    }
}

/// The elements without those that are repeated.
pub(crate) fn distinct<T: PartialEq>(elements: impl IntoIterator<Item = T>) -> Vec<T> {
    elements.into_iter().fold(Vec::new(), |mut found, element| {
        if !found.contains(&element) {
            found.push(element);
        }
        found
    })
}

/// Reads an optional text that is shown to users unchanged. It must not look like a link or like markup, because
/// neither would work.
pub fn plain_text(fields: &mut Fields<'_>, name: &str, longest: usize) -> String {
    let text = fields.text(name, longest).unwrap_or_default();
    let words = text.to_lowercase();
    if ["://", "www.", "@", "<", ">"].iter().any(|mark| words.contains(mark)) {
        fields.refuse(
            name,
            "must be plain text without links, addresses or markup; theme.support_url is linked below it",
        );
    }
    text
}

/// Applies a JSON Merge Patch (RFC 7396) to an object.
pub fn merge(target: &mut Map<String, Value>, patch: &Map<String, Value>) {
    for (name, value) in patch {
        match (target.get_mut(name), value) {
            (_, Value::Null) => drop(target.remove(name)),
            (Some(Value::Object(inner)), Value::Object(patch)) => merge(inner, patch),
            (_, value) => drop(target.insert(name.clone(), value.clone())),
        }
    }
}

/// Checks that a text is an https URL, for logos and help pages.
///
/// # Errors
/// What the text must be.
pub fn web_url(text: &str) -> Result<(), String> {
    binding::redirect::check(text).map(drop).map_err(|bad| bad.to_string())
}

/// Checks that a text is a colour in the form `#rrggbb`.
///
/// # Errors
/// What the text must be.
pub fn color(text: &str) -> Result<(), String> {
    let good = text.len() == 7 && text.starts_with('#') && text[1..].bytes().all(|b| b.is_ascii_hexdigit());
    if good { Ok(()) } else { Err("must be a colour as #rrggbb".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::ProblemDetail;
    use serde_json::json;

    #[test]
    fn all_violations_at_once() {
        let body = json!({"x": {"a": 1, "b": "toolong", "c": {"d": "?"}, "e": [1, "ok"], "f": 99}});
        let mut fields = Fields::of(body.as_object().unwrap(), "x").unwrap();
        fields.text("a", 5);
        fields.text("b", 5);
        fields.object("c", |c| c.choice("d", &["x", "y"], |_| None::<()>));
        fields.texts("e", 3, |_| Ok(()));
        fields.integer("f", 1, 10);
        fields.required_text("g", 5);
        let document = fields.done().unwrap_err().document("/", "1");
        let [ProblemDetail::FieldViolations { field_violations }] = document.details.as_slice() else {
            panic!("{document:?}")
        };
        let names: Vec<&str> = field_violations.iter().map(|violation| &*violation.field).collect();
        assert_eq!(names, ["x.a", "x.b", "x.c.d", "x.e[0]", "x.f", "x.g"]);
    }

    #[test]
    fn merge_patch_removes_with_null() {
        let mut target = json!({"a": {"b": 1, "c": 2}, "d": 3});
        let patch = json!({"a": {"b": null, "e": 4}, "d": [5]});
        merge(target.as_object_mut().unwrap(), patch.as_object().unwrap());
        assert_eq!(target, json!({"a": {"c": 2, "e": 4}, "d": [5]}));
    }

    #[test]
    fn integers_are_those_of_json_schema() {
        for (written, expected) in [
            ("3600", Some(3600)),
            ("3600.0", Some(3600)),
            ("3.6e3", Some(3600)),
            ("36e2", Some(3600)),
            ("-0.0", Some(0)),
        ] {
            let body = serde_json::from_str::<Value>(&format!("{{\"n\": {written}}}")).unwrap();
            let mut fields = Fields::at(body.as_object().unwrap(), String::new());
            assert_eq!(fields.integer("n", 0, 3600), expected, "{written}");
            fields.done().unwrap();
        }
        for bad in ["3600.5", "3601.0", "1e300", "-1", "99999999999999999999", "\"3600\"", "true"] {
            let body = serde_json::from_str::<Value>(&format!("{{\"n\": {bad}}}")).unwrap();
            let mut fields = Fields::at(body.as_object().unwrap(), String::new());
            assert_eq!(fields.integer("n", 0, 3600), None, "{bad}");
            assert!(fields.done().is_err(), "{bad}");
        }
    }
}
