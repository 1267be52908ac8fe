//! The texts of a mail, from the catalogues in `shared/messages` (Fluent).

use std::borrow::Cow;
use std::collections::BTreeMap;

use binding::language::Language;
use binding::time::Timestamp;
use fluent_bundle::{FluentArgs, FluentBundle, FluentMessage, FluentResource, FluentValue};
use fluent_syntax::ast::Pattern;
use minijinja::Value;
use time::OffsetDateTime;
use unic_langid::LanguageIdentifier;

use crate::name;

/// What a text is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// The plain part, and headers.
    Text,
    /// The content of an HTML element.
    Html,
}

impl Form {
    /// A display name, chosen by other people: made free of links, and isolated in its direction.
    pub(crate) fn name(self, name: &str) -> String {
        match self {
            Form::Text => name::isolated(name),
            Form::Html if name.is_empty() => String::new(),
            Form::Html => format!("<bdi>{}</bdi>", escape(&name::defused(name))),
        }
    }

    /// A text as it is.
    pub(crate) fn verbatim(self, text: &str) -> String {
        match self {
            Form::Text => text.to_owned(),
            Form::Html => escape(text),
        }
    }

    /// What goes around words that are a link.
    pub(crate) fn around_link(self, url: &str) -> (String, &'static str) {
        const STYLE: &str = "color:#3a4fd0; text-decoration:underline;";
        match self {
            Form::Text => (String::new(), ""),
            Form::Html => {
                let url = escape(url);
                let attributes = r#"class="link" target="_blank" rel="noopener noreferrer""#;
                (format!(r#"<a {attributes} href="{url}" style="{STYLE}">"#), "</a>")
            }
        }
    }

    /// How the names of layouts of this form end.
    pub(crate) fn extension(self) -> &'static str {
        match self {
            Form::Text => "txt",
            Form::Html => "html",
        }
    }

    /// A value that stands out.
    pub(crate) fn strong(self, value: &str) -> String {
        match self {
            Form::Text => value.to_owned(),
            Form::Html => format!("<strong>{value}</strong>"),
        }
    }
}

/// The texts of one language in one form.
pub(crate) struct Words {
    bundle: FluentBundle<FluentResource>,
}

impl Words {
    pub(crate) fn of(language: Language, form: Form) -> Self {
        let locale: LanguageIdentifier = language.tag().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new(vec![locale]);
        // Names are isolated before they are put in, in the way of the form.
        bundle.set_use_isolating(false);
        if form == Form::Html {
            bundle.set_transform(Some(|text| Cow::Owned(escape(text))));
        }
        // A message that could not be read would be missing, which a test finds in every language.
        let catalogue = FluentResource::try_new(catalogue(language).to_owned()).unwrap_or_else(|(read, _)| read);
        bundle.add_resource_overriding(catalogue);
        Self { bundle }
    }

    /// A message's own text.
    pub(crate) fn text(&self, id: &str, values: &FluentArgs<'_>) -> String {
        let pattern = self.bundle.get_message(id).and_then(|message| message.value());
        pattern.map(|pattern| self.format(pattern, values)).unwrap_or_default()
    }

    /// One of a message's attributes.
    pub(crate) fn attribute(&self, id: &str, name: &str, values: &FluentArgs<'_>) -> String {
        let attribute = self.bundle.get_message(id).and_then(|message| message.get_attribute(name));
        attribute.map(|attribute| self.format(attribute.value(), values)).unwrap_or_default()
    }

    /// All of a message's attributes, by name, ready for a layout.
    pub(crate) fn attributes(&self, id: &str, values: &FluentArgs<'_>) -> BTreeMap<String, Value> {
        let message = self.bundle.get_message(id);
        let attributes = message.iter().flat_map(FluentMessage::attributes);
        let ready = |text: String| Value::from_safe_string(text);
        attributes.map(|found| (found.id().to_owned(), ready(self.format(found.value(), values)))).collect()
    }

    fn format(&self, pattern: &Pattern<&str>, values: &FluentArgs<'_>) -> String {
        let mut errors = Vec::new();
        let text = self.bundle.format_pattern(pattern, Some(values), &mut errors).into_owned();
        debug_assert!(errors.is_empty(), "{text}: {errors:?}");
        text
    }

    /// A point in time in words, in UTC.
    pub(crate) fn moment(&self, time: Timestamp) -> String {
        let time = OffsetDateTime::from_unix_timestamp(time.seconds()).unwrap_or(OffsetDateTime::UNIX_EPOCH);
        let month = FluentValue::from(u8::from(time.month()));
        let month = self.text("mail-month", &FluentArgs::from_iter([("month", month)]));
        let clock = format!("{:02}:{:02}", time.hour(), time.minute());
        let (day, year) = (time.day().to_string(), time.year().to_string());
        self.text("mail-date", &args([("day", day), ("month", month), ("year", year), ("clock", clock)]))
    }
}

/// Texts for the variables of a message.
pub(crate) fn args<const N: usize>(values: [(&'static str, String); N]) -> FluentArgs<'static> {
    values.into_iter().map(|(name, value)| (name, FluentValue::from(value))).collect()
}

/// A text in HTML, in an element or a quoted attribute.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

macro_rules! catalogue {
    ($language:literal) => {
        include_str!(concat!("../../messages/", $language, "/mail.ftl"))
    };
}

pub(crate) fn catalogue(language: Language) -> &'static str {
    match language {
        Language::English => catalogue!("en"),
        Language::German => catalogue!("de"),
        Language::French => catalogue!("fr"),
        Language::Spanish => catalogue!("es"),
        Language::Portuguese => catalogue!("pt-BR"),
        Language::Italian => catalogue!("it"),
        Language::Dutch => catalogue!("nl"),
        Language::Polish => catalogue!("pl"),
        Language::Japanese => catalogue!("ja"),
        Language::Chinese => catalogue!("zh-Hans"),
        Language::Korean => catalogue!("ko"),
        Language::Arabic => catalogue!("ar"),
    }
}
