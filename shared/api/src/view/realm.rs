//! Realms.

use binding::color;
use binding::directory::ReturnDelivery;
use binding::ids::TenantId;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use super::Reminder;
use crate::scalar::{ChosenId, LanguageTag, Named, Text, Time, Uuid};

/// A realm: a set of identities that share settings.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Realm {
    /// The id of the realm.
    pub id: ChosenId,
    /// The tenant.
    pub tenant_id: ChosenId,
    /// The name that users see.
    pub display_name: Text,
    /// The look of pages and mails.
    pub theme: Theme,
    /// The settings of mails.
    pub email: Email,
    /// Where users may be sent after a passkey is created. Compared as exact strings.
    pub post_binding_redirect_uris: Vec<String>,
    /// How long links work.
    pub link_lifetime: LinkLifetime,
    /// Whether callers can have links returned to them (`delivery_method` `RETURN`).
    pub return_delivery: Named<ReturnDelivery>,
    /// When the recipient of a mailed job is reminded, unless the job says otherwise.
    #[cfg_attr(feature = "schema", schemars(length(max = 3)))]
    pub reminders: Vec<Reminder>,
    /// Whether the holder of an expired link can have a new one mailed to the identity's address.
    pub link_renewal: LinkRenewal,
    /// Whether an event `Credential Sign In` is published for each sign-in.
    pub sign_in_events: bool,
    /// The language of mails and of the hosted page if neither the job, the identity nor the browser names one of theirs.
    pub locale: Option<LanguageTag>,
    /// The realm's own texts in mails and on the hosted page, at most one set for each language.
    pub texts: Vec<OwnTexts>,
    /// When the realm was created.
    pub create_time: Time,
    /// When the realm was last changed.
    pub update_time: Time,
}

/// A tenant.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Tenant {
    /// The id of the tenant.
    pub id: ChosenId,
    /// The name that operators see.
    pub display_name: Text,
    /// When the settings of the tenant were first written. Absent if they never were.
    pub create_time: Option<Time>,
    /// When the tenant was last changed.
    pub update_time: Option<Time>,
}

impl Tenant {
    /// A tenant whose settings were never written.
    #[must_use]
    pub fn unnamed(id: &TenantId) -> Self {
        let id = ChosenId::of(id);
        Self { display_name: Text::from(&*id), id, create_time: None, update_time: None }
    }
}

impl From<&binding::directory::Tenant> for Tenant {
    fn from(tenant: &binding::directory::Tenant) -> Self {
        Self {
            id: ChosenId::of(&tenant.id),
            display_name: Text::from(tenant.display_name.as_str()),
            create_time: Some(Time(tenant.create_time)),
            update_time: Some(Time(tenant.update_time)),
        }
    }
}

/// The theme of a realm as a separate resource: the realm's `theme` and the sender's name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct RealmTheme {
    /// The id of the theme.
    pub id: Uuid,
    /// The tenant.
    pub tenant_id: ChosenId,
    /// The realm.
    pub realm_id: ChosenId,
    /// The display name of the sender of mails: the realm's `email.from_name`, or its name.
    pub email_realm_name: String,
    /// The members of the realm's `theme`.
    #[serde(flatten)]
    pub theme: Theme,
    /// When the realm was created.
    pub create_time: Time,
    /// When the realm was last changed.
    pub update_time: Time,
}

impl From<&binding::directory::Realm> for RealmTheme {
    fn from(realm: &binding::directory::Realm) -> Self {
        Self {
            id: Uuid::from(realm.theme_id().to_string()),
            tenant_id: ChosenId::of(&realm.reference.tenant),
            realm_id: ChosenId::of(&realm.reference.id),
            email_realm_name: match realm.email.from_name.as_str() {
                "" => realm.display_name.chars().take(64).collect(),
                name => name.to_owned(),
            },
            theme: Theme::from(&realm.theme),
            create_time: Time(realm.create_time),
            update_time: Time(realm.update_time),
        }
    }
}

/// The look of a realm's pages and mails. An empty string means the default.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Theme {
    /// A logo for light backgrounds (https).
    pub logo_url_light: String,
    /// A logo for dark backgrounds (https).
    pub logo_url_dark: String,
    /// A page where users find help (https).
    pub support_url: String,
    /// The background color of buttons, as `#rrggbb`.
    pub button_color: String,
    /// The text color of buttons, as `#rrggbb`.
    pub button_text_color: String,
}

/// The settings of a realm's mails. An empty string means the default.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Email {
    /// The display name of the sender.
    pub from_name: String,
    /// The address for replies.
    pub reply_to: String,
    /// The subject of mails with a link.
    pub subject: String,
    /// Whether an identity is notified by mail of each new passkey.
    pub passkey_notice: bool,
}

/// A realm's own texts in one language: plain text, in which nothing becomes a link or markup. An empty string means the
/// default.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct OwnTexts {
    /// The language: `en`, `de`, `fr`, `es`, `pt-BR`, `it`, `nl`, `pl`, `ja`, `zh-Hans`, `ko` or `ar`.
    pub locale: LanguageTag,
    /// The realm's name in this language.
    pub name: String,
    /// The first paragraph of an invitation, and the text above the button of the hosted page.
    pub intro: String,
    /// A line about where users find help.
    pub help: String,
}

impl From<&binding::directory::OwnTexts> for OwnTexts {
    fn from(texts: &binding::directory::OwnTexts) -> Self {
        Self {
            locale: LanguageTag::from(texts.language.tag()),
            name: texts.name.clone(),
            intro: texts.intro.clone(),
            help: texts.help.clone(),
        }
    }
}

/// A kind of mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MailKind {
    /// The mail with the link of a job.
    Invitation,
    /// An invitation that replaces an expired link.
    Renewal,
    /// An invitation that is repeated because the link was not used.
    Reminder,
    /// The notice of a new passkey.
    Notice,
}

impl MailKind {
    /// The names in requests and responses.
    pub const NAMES: [&str; 4] = ["INVITATION", "RENEWAL", "REMINDER", "NOTICE"];

    /// The kind with this name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        let kinds = [Self::Invitation, Self::Renewal, Self::Reminder, Self::Notice];
        Self::NAMES.iter().position(|known| *known == name).map(|index| kinds[index])
    }
}

/// A mail as it would be sent, to Ada Lovelace. Its links do not work.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct MailPreview {
    /// The kind of mail.
    pub kind: MailKind,
    /// The language.
    pub locale: LanguageTag,
    /// The display name of the sender.
    pub from_name: String,
    /// The subject.
    pub subject: String,
    /// The plain text part.
    pub text: String,
    /// The HTML part, a complete document.
    pub html: String,
}

/// A test mail that SES accepted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct SentTestMail {
    /// SES's id of the mail.
    pub message_id: String,
}

/// How long links work, in seconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct LinkLifetime {
    /// The lifetime of a job that does not set one.
    #[cfg_attr(feature = "schema", schemars(range(min = 60)))]
    pub default_seconds: i64,
    /// The longest lifetime that a job can set.
    #[cfg_attr(feature = "schema", schemars(range(min = 60)))]
    pub max_seconds: i64,
}

/// Whether expired links can be renewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum LinkRenewal {
    /// The holder of an expired link can have a new one mailed.
    Allowed,
    /// Only a caller of the API can create a new job.
    Forbidden,
}

impl From<&binding::directory::Realm> for Realm {
    fn from(realm: &binding::directory::Realm) -> Self {
        Self {
            id: ChosenId::of(&realm.reference.id),
            tenant_id: ChosenId::of(&realm.reference.tenant),
            display_name: Text::from(realm.display_name.as_str()),
            theme: Theme::from(&realm.theme),
            email: Email {
                from_name: realm.email.from_name.clone(),
                reply_to: realm.email.reply_to.clone(),
                subject: realm.email.subject.clone(),
                passkey_notice: realm.email.passkey_notice,
            },
            post_binding_redirect_uris: realm.post_binding_redirect_uris.clone(),
            link_lifetime: LinkLifetime {
                default_seconds: realm.default_lifetime_seconds,
                max_seconds: realm.max_lifetime_seconds,
            },
            return_delivery: Named(realm.return_delivery),
            reminders: Reminder::all(&realm.reminders),
            link_renewal: if realm.link_renewal { LinkRenewal::Allowed } else { LinkRenewal::Forbidden },
            sign_in_events: realm.sign_in_events,
            locale: realm.locale.as_deref().map(LanguageTag::from),
            texts: realm.texts.iter().map(OwnTexts::from).collect(),
            create_time: Time(realm.create_time),
            update_time: Time(realm.update_time),
        }
    }
}

impl Theme {
    /// The theme for pages: without button colors if their contrast is not sufficient.
    #[must_use]
    pub fn of_page(theme: &binding::directory::Theme) -> Self {
        let mut shown = Self::from(theme);
        let (background, text) = color::of_button(&theme.button_color, &theme.button_text_color);
        let own = (background, text) != color::DEFAULT_BUTTON;
        shown.button_color = if own { background.to_owned() } else { String::new() };
        shown.button_text_color = if own { text.to_owned() } else { String::new() };
        shown
    }
}

impl From<&binding::directory::Theme> for Theme {
    fn from(theme: &binding::directory::Theme) -> Self {
        Self {
            logo_url_light: theme.logo_url_light.clone(),
            logo_url_dark: theme.logo_url_dark.clone(),
            support_url: theme.support_url.clone(),
            button_color: theme.button_color.clone(),
            button_text_color: theme.button_text_color.clone(),
        }
    }
}
