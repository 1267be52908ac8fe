//! The text of the mails, from templates.

use binding::credential::Credential;
use binding::directory::{Identity, Realm};
use binding::job::Job;
use binding::link::Link;
use binding::model;
use binding::time::Timestamp;
use time::OffsetDateTime;

use crate::name;

/// A mail's parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Text {
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) html: String,
}

/// The links of an invitation.
pub(crate) struct InvitationLinks {
    /// To make the passkey.
    pub(crate) open: Link,
    /// To say that nobody expected this.
    pub(crate) decline: Link,
}

/// A template's two forms; the first line of the text is the subject.
struct Template {
    text: &'static str,
    html: &'static str,
}

struct Language {
    invitation: Template,
    notice: Template,
    months: [&'static str; 12],
    /// Day, month and year, then the hour.
    date: fn(u8, &str, i32, &str) -> String,
    /// What is said of a device that tells nothing of itself.
    some_device: &'static str,
}

static ENGLISH: Language = Language {
    invitation: Template {
        text: include_str!("../mail/invitation.en.txt"),
        html: include_str!("../mail/invitation.en.html"),
    },
    notice: Template { text: include_str!("../mail/notice.en.txt"), html: include_str!("../mail/notice.en.html") },
    months: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    date: |day, month, year, hour| format!("{day} {month} {year}, {hour} UTC"),
    some_device: "Not named",
};

static GERMAN: Language = Language {
    invitation: Template {
        text: include_str!("../mail/invitation.de.txt"),
        html: include_str!("../mail/invitation.de.html"),
    },
    notice: Template { text: include_str!("../mail/notice.de.txt"), html: include_str!("../mail/notice.de.html") },
    months: [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ],
    date: |day, month, year, hour| format!("{day}. {month} {year}, {hour} Uhr (UTC)"),
    some_device: "Nicht genannt",
};

/// What is put into a template.
#[derive(Clone, Debug)]
enum Value {
    /// As it is.
    Text(String),
    /// A display name, which others chose.
    Name(String),
}

impl Value {
    fn is_empty(&self) -> bool {
        let (Value::Text(text) | Value::Name(text)) = self;
        text.is_empty()
    }

    fn in_text(&self) -> String {
        match self {
            Value::Text(text) => text.clone(),
            Value::Name(name) => name::isolated(name),
        }
    }

    /// In the content of an element.
    fn in_html(&self) -> String {
        match self {
            Value::Text(text) => escape(text),
            Value::Name(name) => format!("<bdi>{}</bdi>", escape(&name::defused(name))),
        }
    }
}

/// The mail that carries a job's link.
pub(crate) fn invitation(job: &Job, realm: &Realm, person: &Identity, links: &InvitationLinks) -> Text {
    let language = language(job, person);
    let values = [
        ("link", Value::Text(links.open.expose().to_owned())),
        ("decline", Value::Text(links.decline.expose().to_owned())),
        ("expires", Value::Text(moment(language, job.expire_time))),
        ("renewal", Value::Text(if job.renews.is_some() { "yes" } else { "" }.to_owned())),
    ];
    let mut text = write(&language.invitation, realm, person, &values);
    if !realm.email.subject.is_empty() {
        text.subject = name::without_turns(&realm.email.subject);
    }
    text
}

/// The notice of a new passkey.
pub(crate) fn notice(job: &Job, credential: &Credential, realm: &Realm, person: &Identity, disown: &Link) -> Text {
    let language = language(job, person);
    let model = credential.facts.webauthn.as_ref().and_then(|facts| model::name(&facts.aaguid));
    let values = [
        ("link", Value::Text(disown.expose().to_owned())),
        (
            "model",
            model.map_or_else(|| Value::Text(language.some_device.to_owned()), |name| Value::Name(name.to_owned())),
        ),
        ("time", Value::Text(moment(language, credential.create_time))),
    ];
    write(&language.notice, realm, person, &values)
}

/// The job's language, or the person's, as far as we speak it.
fn language(job: &Job, person: &Identity) -> &'static Language {
    let wanted = job.locale.as_deref().or(person.locale.as_deref()).unwrap_or_default();
    let german = wanted.split('-').next().is_some_and(|language| language.eq_ignore_ascii_case("de"));
    if german { &GERMAN } else { &ENGLISH }
}

fn write(template: &Template, realm: &Realm, person: &Identity, values: &[(&str, Value)]) -> Text {
    let (button, button_text) = button_colors(realm);
    let mut all = vec![
        ("realm", Value::Name(realm.display_name.clone())),
        // For attributes, and wherever else HTML takes no elements.
        ("realm_text", Value::Text(name::isolated(&realm.display_name))),
        ("name", Value::Name(person.display_name.clone())),
        ("button_color", Value::Text(button)),
        ("button_text_color", Value::Text(button_text)),
        ("logo", Value::Text(realm.theme.logo_url_light.clone())),
        ("support", Value::Text(realm.theme.support_url.clone())),
    ];
    all.extend_from_slice(values);
    let text = render(template.text, &all, Value::in_text);
    let (subject, text) = text.split_once('\n').unwrap_or_default();
    Text {
        subject: subject.trim_start_matches("Subject:").trim().to_owned(),
        text: text.trim_start().to_owned(),
        html: render(template.html, &all, Value::in_html),
    }
}

/// The realm's colours if one can be read on the other, else ours.
fn button_colors(realm: &Realm) -> (String, String) {
    let theme = &realm.theme;
    match (luminance(&theme.button_color), luminance(&theme.button_text_color)) {
        (Some(a), Some(b)) if (a.max(b) + 0.05) / (a.min(b) + 0.05) >= 4.5 => {
            (theme.button_color.clone(), theme.button_text_color.clone())
        }
        _ => ("#1f4fd8".to_owned(), "#ffffff".to_owned()),
    }
}

/// Relative luminance (WCAG 2.2) of `#rrggbb`.
fn luminance(color: &str) -> Option<f64> {
    let digits = color.strip_prefix('#').filter(|digits| digits.len() == 6)?;
    let part = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok().map(|value| f64::from(value) / 255.0);
    let linear = |value: f64| if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) };
    Some(0.2126 * linear(part(0)?) + 0.7152 * linear(part(2)?) + 0.0722 * linear(part(4)?))
}

fn moment(language: &Language, time: Timestamp) -> String {
    let time = OffsetDateTime::from_unix_timestamp(time.seconds()).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let month = language.months[usize::from(u8::from(time.month())) - 1];
    (language.date)(time.day(), month, time.year(), &format!("{:02}:{:02}", time.hour(), time.minute()))
}

/// Fills a template: `{{name}}` is a value, and `{{#name}}…{{/name}}` is dropped when the value is empty. Values are
/// put in once and not read again, so a value that looks like a placeholder stays as it is.
fn render(template: &str, values: &[(&str, Value)], show: impl Fn(&Value) -> String) -> String {
    let value = |name: &str| values.iter().find(|(known, _)| *known == name).map(|(_, value)| value);
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, tag)) = rest.split_once("{{") {
        filled.push_str(before);
        let Some((name, after)) = tag.split_once("}}") else { break };
        rest = after;
        if let Some(block) = name.strip_prefix('#') {
            if value(block).is_none_or(Value::is_empty) {
                rest = after.split_once(&format!("{{{{/{block}}}}}")).map_or("", |(_, after)| after);
            }
        } else if !name.starts_with('/') {
            filled.push_str(&value(name).map(&show).unwrap_or_default());
        }
    }
    filled.push_str(rest);
    filled
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_escaped_and_not_read_again() {
        let text = |text: &str| Value::Text(text.to_owned());
        let values = [("a", text("<b>{{b}}")), ("b", text("secret")), ("none", text(""))];
        let html =
            render("1 {{a}} {{#none}}x {{none}}{{/none}}{{#b}}[{{b}}]{{/b}} {{unknown}}2", &values, Value::in_html);
        assert_eq!(html, "1 &lt;b&gt;{{b}} [secret] 2");
    }

    /// No template shows a name in an attribute or a title as an element, or a link's text as a name.
    #[test]
    fn names_are_marked_off_wherever_they_are() {
        let values = [
            ("realm", Value::Name("R".into())),
            ("realm_text", Value::Text("T".into())),
            ("logo", Value::Text("l".into())),
        ];
        for language in [&ENGLISH, &GERMAN] {
            for template in [&language.invitation, &language.notice] {
                let html = render(template.html, &values, Value::in_html);
                assert!(html.contains("<bdi>R</bdi>") && html.contains("alt=\"T\""));
                let mut tags = html.split('<').skip(1).filter_map(|tag| tag.split_once('>').map(|(tag, _)| tag));
                assert!(tags.all(|tag| !tag.contains("bdi>")), "an element in an attribute");
                let title = html.split_once("<title>").and_then(|(_, rest)| rest.split_once("</title>")).unwrap().0;
                assert!(!title.contains('<'), "{title}");
            }
        }
    }

    #[test]
    fn dates_are_written_in_words() {
        let time = Timestamp::parse("2026-11-30T12:05:09Z").unwrap();
        assert_eq!(moment(&ENGLISH, time), "30 November 2026, 12:05 UTC");
        assert_eq!(moment(&GERMAN, time), "30. November 2026, 12:05 Uhr (UTC)");
    }

    #[test]
    fn contrast_is_measured() {
        assert!(luminance("#ffffff").unwrap() > 0.99);
        assert!(luminance("#000000").unwrap() < 0.01);
        assert_eq!(luminance("red"), None);
    }
}
