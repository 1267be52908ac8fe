//! The mails: subject, text and HTML, in every language. The texts are in `shared/messages`, the layouts in `templates`.
//!
//! What others chose (names, models, an operator's own texts) is put in so that it is no link, no markup and turns no text
//! around it.

pub mod name;
mod words;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use binding::color;
use binding::directory::{Identity, OwnTexts, Realm};
use binding::language::Language;
use binding::time::Timestamp;
use fluent_bundle::{FluentArgs, FluentValue};
use minijinja::{Environment, Value};
use words::{Form, Words, args, escape};

/// A mail's parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// The subject.
    pub subject: String,
    /// The plain part.
    pub text: String,
    /// The HTML part, a complete document.
    pub html: String,
}

/// The sender, the recipient and the language of a mail.
#[derive(Clone, Copy, Debug)]
pub struct Letterhead<'a> {
    /// Who writes.
    pub realm: &'a Realm,
    /// The name of the recipient.
    pub name: &'a str,
    /// The language of all texts but names.
    pub language: Language,
    /// Whether an operator sends it to see what it looks like. The mail then says so.
    pub test: bool,
}

impl<'a> Letterhead<'a> {
    /// A mail for an identity, in the language of the job, the identity or the realm: the first that is known.
    #[must_use]
    pub fn new(realm: &'a Realm, person: &'a Identity, job_locale: Option<&str>) -> Self {
        let language =
            Language::first_of([job_locale, person.locale.as_deref(), realm.locale.as_deref()]).unwrap_or_default();
        Self { realm, name: &person.display_name, language, test: false }
    }
}

/// The mail with a job's link.
#[derive(Clone, Copy, Debug)]
pub struct Invitation<'a> {
    /// The link that creates the passkey.
    pub link: &'a str,
    /// The link with which the recipient declines the invitation.
    pub decline: &'a str,
    /// When both expire.
    pub expire_time: Timestamp,
    /// Why it is sent.
    pub occasion: Occasion,
}

/// Why an invitation is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occasion {
    /// A developer created the job.
    Created,
    /// The recipient asked for a new link in the place of an expired one.
    Renewed,
    /// The link was mailed before and not used.
    Reminder {
        /// How many days it still works.
        days_left: u32,
    },
}

/// The notice of a new passkey.
#[derive(Clone, Copy, Debug)]
pub struct Notice<'a> {
    /// The name of the authenticator's model, if it is known.
    pub model: Option<&'a str>,
    /// When the passkey was created.
    pub create_time: Timestamp,
    /// The link that removes the passkey.
    pub disown: &'a str,
    /// How long that link works, in hours.
    pub hours: u32,
}

/// Writes an invitation.
#[must_use]
pub fn invitation(head: &Letterhead<'_>, mail: &Invitation<'_>) -> Text {
    let write = |form: Form| {
        let words = Words::of(head.language, form);
        let days = if let Occasion::Reminder { days_left } = mail.occasion { days_left } else { 0 };
        let (start, end) = form.around_link(mail.decline);
        let mut given = head.values(form);
        given.extend([("start", start.into()), ("end", end.into()), ("days", days.into())]);
        let given = FluentArgs::from_iter(given);
        let mut texts = words.attributes("mail-invitation", &given);
        if let Some(intro) = head.own(form, |own| &own.intro) {
            texts.insert("intro".to_owned(), Value::from_safe_string(intro));
        }
        let heading = words.text("mail-invitation", &given);
        let (subject, occasion) = match mail.occasion {
            Occasion::Created => (heading.clone(), String::new()),
            Occasion::Renewed => (join(&texts, &["renewed-subject"]), join(&texts, &["renewed"])),
            Occasion::Reminder { .. } => {
                (join(&texts, &["reminder-subject"]), join(&texts, &["reminder", "days-left"]))
            }
        };
        let own = [
            ("heading", heading),
            ("occasion", occasion),
            ("link", form.verbatim(mail.link)),
            ("decline", form.verbatim(mail.decline)),
            ("until", words.text("mail-until", &args([("time", form.strong(&words.moment(mail.expire_time)))]))),
        ];
        Part { name: "invitation", form, words, subject, texts, own: own.into() }
    };
    let own_subject = name::without_turns(&head.realm.email.subject);
    head.finish([write(Form::Text), write(Form::Html)], Some(own_subject).filter(|subject| !subject.is_empty()))
}

/// Writes the notice of a new passkey.
#[must_use]
pub fn notice(head: &Letterhead<'_>, mail: &Notice<'_>) -> Text {
    let write = |form: Form| {
        let words = Words::of(head.language, form);
        let model = match mail.model {
            Some(model) => form.name(model),
            None => words.attribute("mail-notice", "unnamed", &FluentArgs::new()),
        };
        let mut given = head.values(form);
        let time = form.strong(&words.moment(mail.create_time));
        given.extend([("model", form.strong(&model).into()), ("time", time.into()), ("hours", mail.hours.into())]);
        let given = FluentArgs::from_iter(given);
        let texts = words.attributes("mail-notice", &given);
        let own = [("heading", join(&texts, &["heading"])), ("link", form.verbatim(mail.disown))];
        let subject = words.text("mail-notice", &given);
        Part { name: "notice", form, words, subject, texts, own: own.into() }
    };
    head.finish([write(Form::Text), write(Form::Html)], None)
}

/// One of a mail's two parts, before its layout.
struct Part {
    /// The layout.
    name: &'static str,
    form: Form,
    words: Words,
    subject: String,
    /// The texts of this kind of mail, ready for the form.
    texts: BTreeMap<String, Value>,
    /// What else only this kind of mail has, ready for the form.
    own: Vec<(&'static str, String)>,
}

impl Letterhead<'_> {
    /// The names that every text may have in it.
    fn values(&self, form: Form) -> Vec<(&'static str, FluentValue<'static>)> {
        vec![("realm", form.name(self.realm.name_in(self.language)).into()), ("name", form.name(self.name).into())]
    }

    /// One of the realm's own texts, if it has one in this language: no link, no markup.
    fn own(&self, form: Form, text: impl Fn(&OwnTexts) -> &str) -> Option<String> {
        let text = self.realm.texts_in(self.language).map(text).filter(|text| !text.is_empty())?;
        Some(form.verbatim(&name::defused(text)))
    }

    fn finish(&self, [text, html]: [Part; 2], own_subject: Option<String>) -> Text {
        let mut subject = own_subject.unwrap_or_else(|| text.subject.clone());
        if self.test {
            subject = text.words.text("mail-test", &args([("subject", subject)]));
        }
        let subject_in_html = escape(&subject);
        Text { text: self.render(text, &subject), html: self.render(html, &subject_in_html), subject }
    }

    /// Puts a part into its layout.
    fn render(&self, part: Part, subject: &str) -> String {
        let Part { name, form, words, texts, own, .. } = part;
        let given = FluentArgs::from_iter(self.values(form));
        let theme = &self.realm.theme;
        let (button_color, button_text_color) = color::of_button(&theme.button_color, &theme.button_text_color);
        let test = if self.test { words.attribute("mail-test", "note", &given) } else { String::new() };
        let mut all = vec![
            ("subject", subject.to_owned()),
            ("language", self.language.tag().to_owned()),
            ("direction", self.language.direction().to_owned()),
            // Outlook knows no `text-align: start`.
            ("start", if self.language.direction() == "rtl" { "right" } else { "left" }.to_owned()),
            ("hello", words.text("mail-hello", &given)),
            ("copy", words.text("mail-copy", &given)),
            ("support_words", words.text("mail-support", &given)),
            ("test", test),
            ("help", self.own(form, |own| &own.help).unwrap_or_default()),
            // For attributes, which take no elements.
            ("realm_plain", form.verbatim(&name::isolated(self.realm.name_in(self.language)))),
            ("logo", form.verbatim(&theme.logo_url_light)),
            ("support", form.verbatim(&theme.support_url)),
            ("button_color", form.verbatim(button_color)),
            ("button_text_color", form.verbatim(button_text_color)),
        ];
        all.extend(own);
        let values = all.into_iter().map(|(name, value)| (name, Value::from_safe_string(value)));
        let mut context: BTreeMap<&str, Value> = values.collect();
        context.insert("words", Value::from(texts));
        let file = format!("{name}.{}", form.extension());
        let rendered = LAYOUTS.get_template(&file).and_then(|layout| layout.render(Value::from(context)));
        rendered.expect("every layout can be filled: a test does it")
    }
}

/// Some of these texts, one behind the other.
fn join(texts: &BTreeMap<String, Value>, names: &[&str]) -> String {
    names.iter().filter_map(|name| texts.get(*name)).map(Value::to_string).collect::<Vec<_>>().join(" ")
}

static LAYOUTS: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut layouts = Environment::new();
    for (name, source) in [
        ("base.html", include_str!("../templates/base.html")),
        ("button.html", include_str!("../templates/button.html")),
        ("support.html", include_str!("../templates/support.html")),
        ("support.txt", include_str!("../templates/support.txt")),
        ("invitation.html", include_str!("../templates/invitation.html")),
        ("invitation.txt", include_str!("../templates/invitation.txt")),
        ("notice.html", include_str!("../templates/notice.html")),
        ("notice.txt", include_str!("../templates/notice.txt")),
    ] {
        layouts.add_template(name, source).expect("every layout can be parsed: a test does it");
    }
    layouts
});

#[cfg(test)]
mod tests;
