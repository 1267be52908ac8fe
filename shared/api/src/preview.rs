//! Previews of mails and of the hosted page, and test mails: requests.

use binding::directory::Realm;
use binding::language::Language;
use binding::state::State;
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

/// The requested page.
#[derive(Clone, Debug, PartialEq)]
pub struct PageRequest {
    /// The state of the job.
    pub state: State,
    /// The language.
    pub language: Language,
    /// Settings of the realm that are not saved, as `PATCH` of the realm accepts them.
    pub realm: Option<Map<String, Value>>,
}

/// Reads the body of a request for a preview of a mail (`preview`) or a test mail (`test_mail`).
///
/// # Errors
/// A 400 with all violations.
pub fn mail(body: &Map<String, Value>, name: &str, realm: &Realm) -> Result<MailRequest, Problem> {
    let mut fields = Fields::of(body, name)?;
    let kind = fields.choice("kind", &MailKind::NAMES, MailKind::of).unwrap_or(MailKind::Invitation);
    let (language, settings) = language_and_settings(&mut fields, realm);
    let to = fields.address("to");
    if name == "test_mail" && fields.value("to").is_none_or(|to| to == "") {
        fields.refuse("to", "is required");
    }
    fields.done()?;
    Ok(MailRequest { kind, language, realm: settings, to })
}

/// Reads the body of a request for a preview of the hosted page.
///
/// # Errors
/// A 400 with all violations.
pub fn page(body: &Map<String, Value>, realm: &Realm) -> Result<PageRequest, Problem> {
    let mut fields = Fields::of(body, "preview")?;
    let state = fields.one_of("state").unwrap_or(State::LinkSent);
    let (language, settings) = language_and_settings(&mut fields, realm);
    fields.done()?;
    Ok(PageRequest { state, language, realm: settings })
}

fn language_and_settings(fields: &mut Fields<'_>, seen: &Realm) -> (Language, Option<Map<String, Value>>) {
    let locale = fields.language("locale");
    if locale.as_deref().is_some_and(|locale| Language::of(locale).is_none()) {
        fields.refuse("locale", format!("must be one of {}", Language::ALL.map(Language::tag).join(", ")));
    }
    let settings = match fields.value("realm") {
        Some(Value::Object(settings)) => Some(settings.clone()),
        Some(_) => {
            fields.refuse("realm", "must be an object");
            None
        }
        None => None,
    };
    (Language::first_of([locale.as_deref(), seen.locale.as_deref()]).unwrap_or_default(), settings)
}
