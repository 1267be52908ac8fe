//! Previews of mails and test mails: requests.

use binding::directory::Realm;
use binding::language::Language;
use serde_json::{Map, Value};

use crate::fields::Fields;
use crate::problem::Problem;
use crate::view::MailKind;

/// The requested mail.
#[derive(Clone, Debug, PartialEq)]
pub struct MailRequest {
    /// Its kind.
    pub kind: MailKind,
    /// Its language.
    pub language: Language,
    /// Settings of the realm that are not saved, as `PATCH` of the realm accepts them.
    pub realm: Option<Map<String, Value>>,
    /// The recipient of a test mail.
    pub to: Option<String>,
}

/// Reads the body of a request for a preview (`preview`) or a test mail (`test_mail`).
///
/// # Errors
/// A 400 with all violations.
pub fn parse(body: &Map<String, Value>, name: &str, realm: &Realm) -> Result<MailRequest, Problem> {
    let mut fields = Fields::of(body, name)?;
    let kind = fields.choice("kind", &MailKind::NAMES, MailKind::of).unwrap_or(MailKind::Invitation);
    let locale = fields.language("locale");
    if locale.as_deref().is_some_and(|locale| Language::of(locale).is_none()) {
        fields.refuse("locale", format!("must be one of {}", Language::ALL.map(Language::tag).join(", ")));
    }
    let realm_settings = match fields.value("realm") {
        Some(Value::Object(settings)) => Some(settings.clone()),
        Some(_) => {
            fields.refuse("realm", "must be an object");
            None
        }
        None => None,
    };
    let to = fields.address("to");
    if name == "test_mail" && fields.value("to").is_none_or(|to| to == "") {
        fields.refuse("to", "is required");
    }
    fields.done()?;
    let language = Language::first_of([locale.as_deref(), realm.locale.as_deref()]).unwrap_or_default();
    Ok(MailRequest { kind, language, realm: realm_settings, to })
}
