//! Requests for realms and their themes.

use binding::directory::ReturnDelivery;
use binding::state::State;
use serde::Serialize;
use serde_with::skip_serializing_none;

use super::ReminderSettings;
use crate::scalar::{Named, UpTo};
use crate::view::{LinkRenewal, MailKind};

/// Creates or changes the theme of a realm.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WriteTheme {
    /// The theme.
    pub theme: RealmThemeSettings,
}

/// The look of a realm's pages and mails, with the sender's name. Absent members stay unchanged.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RealmThemeSettings {
    /// The display name of the sender of mails: `email.from_name` of the realm.
    pub email_realm_name: Option<UpTo<64>>,
    /// The look.
    #[serde(flatten)]
    pub theme: ThemeSettings,
}

/// Creates a realm, or replaces its settings.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PutRealm {
    /// The settings.
    pub realm: RealmSettings,
}

/// The settings of a realm. Absent members get their defaults.
#[skip_serializing_none]
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RealmSettings {
    /// The name that users see. By default, the id.
    pub display_name: Option<UpTo<128>>,
    /// The look of pages and mails.
    pub theme: Option<ThemeSettings>,
    /// The settings of mails.
    pub email: Option<EmailSettings>,
    /// Where users may be sent after a passkey is created. Compared as exact strings.
    #[cfg_attr(feature = "schema", schemars(length(max = 50)))]
    pub post_binding_redirect_uris: Option<Vec<UpTo<2048>>>,
    /// How long links work.
    pub link_lifetime: Option<LifetimeSettings>,
    /// Whether callers can have links returned to them. By default, they can.
    pub return_delivery: Option<Named<ReturnDelivery>>,
    /// When the recipient of a mailed job is reminded, unless the job says otherwise. By default, never.
    #[cfg_attr(feature = "schema", schemars(length(max = 3)))]
    pub reminders: Option<Vec<ReminderSettings>>,
    /// Whether expired links can be renewed. By default, they cannot.
    pub link_renewal: Option<LinkRenewal>,
    /// Whether an event `Credential Sign In` is published for each sign-in. By default, none is.
    pub sign_in_events: Option<bool>,
    /// The language of mails and of the hosted page if neither the job, the identity nor the browser names one of theirs.
    /// By default, English.
    pub locale: Option<UpTo<35>>,
    /// The realm's own texts in mails and on the hosted page, at most one set for each language.
    #[cfg_attr(feature = "schema", schemars(length(max = 12)))]
    pub texts: Option<Vec<OwnTextsSettings>>,
}

/// Previews a mail of a realm.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PreviewMail {
    /// The mail.
    pub preview: MailSettings,
}

/// The mail to preview.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MailSettings {
    /// The kind of mail. By default, `INVITATION`.
    pub kind: Option<MailKind>,
    /// The language. By default, the realm's.
    pub locale: Option<UpTo<35>>,
    /// Settings of the realm that are not saved. Absent members stay unchanged.
    pub realm: Option<RealmSettings>,
}

/// Previews the hosted page of a realm.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PreviewPage {
    /// The page.
    pub preview: PageSettings,
}

/// The page to preview.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PageSettings {
    /// The state of the job. By default, `LINK_SENT`.
    pub state: Option<Named<State>>,
    /// The language. By default, the realm's.
    pub locale: Option<UpTo<35>>,
    /// Settings of the realm that are not saved. Absent members stay unchanged.
    pub realm: Option<RealmSettings>,
}

/// Sends a test mail.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SendTestMail {
    /// The mail.
    pub test_mail: TestMailSettings,
}

/// The test mail to send.
#[skip_serializing_none]
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TestMailSettings {
    /// The recipient's address.
    pub to: UpTo<2048>,
    /// The mail.
    #[serde(flatten)]
    pub mail: MailSettings,
}

/// A realm's own texts in one language: plain text without links, addresses or markup.
#[skip_serializing_none]
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OwnTextsSettings {
    /// The language: `en`, `de`, `fr`, `es`, `pt-BR`, `it`, `nl`, `pl`, `ja`, `zh-Hans`, `ko` or `ar`.
    pub locale: UpTo<35>,
    /// The realm's name in this language.
    pub name: Option<UpTo<64>>,
    /// The first paragraph of an invitation, and the text above the button of the hosted page.
    pub intro: Option<UpTo<400>>,
    /// A line about where users find help.
    pub help: Option<UpTo<200>>,
}

/// The look of a realm's pages and mails.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ThemeSettings {
    /// A logo for light backgrounds (https).
    pub logo_url_light: Option<UpTo<2048>>,
    /// A logo for dark backgrounds (https).
    pub logo_url_dark: Option<UpTo<2048>>,
    /// A page where users find help (https).
    pub support_url: Option<UpTo<2048>>,
    /// The background color of buttons, as `#rrggbb`.
    pub button_color: Option<UpTo<2048>>,
    /// The text color of buttons, as `#rrggbb`.
    pub button_text_color: Option<UpTo<2048>>,
}

/// The settings of a realm's mails.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EmailSettings {
    /// The display name of the sender.
    pub from_name: Option<UpTo<64>>,
    /// The address for replies.
    pub reply_to: Option<UpTo<254>>,
    /// The subject of mails with a link.
    pub subject: Option<UpTo<128>>,
    /// Whether an identity is notified by mail of each new passkey. By default, it is.
    pub passkey_notice: Option<bool>,
}

/// How long links work, in seconds.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LifetimeSettings {
    /// The lifetime of a job that does not set one. By default, seven days.
    #[cfg_attr(feature = "schema", schemars(range(min = 60, max = 31_536_000)))]
    pub default_seconds: Option<i64>,
    /// The longest lifetime that a job can set. By default, thirty days.
    #[cfg_attr(feature = "schema", schemars(range(min = 60, max = 31_536_000)))]
    pub max_seconds: Option<i64>,
}
