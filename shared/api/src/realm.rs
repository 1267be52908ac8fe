//! Realms: requests.

use binding::color::{LEAST_CONTRAST, contrast, or_default};
use binding::directory::{EmailSettings, OwnTexts, Realm, ReturnDelivery, Tenant, Theme};
use binding::ids::{RealmRef, TenantId};
use binding::language::Language;
use binding::redirect;
use binding::time::Timestamp;
use serde_json::{Map, Value};

use crate::fields::{Fields, color, plain_text, web_url};
use crate::problem::Problem;

/// Reads the body of `PATCH` for a tenant.
///
/// # Errors
/// A 400 with all violations.
pub fn tenant(
    body: &Map<String, Value>,
    seen: Option<&Tenant>,
    id: &TenantId,
    now: Timestamp,
) -> Result<Tenant, Problem> {
    let mut fields = Fields::of(body, "tenant")?;
    let display_name = fields.name("display_name", 128);
    fields.done()?;
    let known = seen.map_or_else(|| id.to_string(), |seen| seen.display_name.clone());
    Ok(Tenant {
        id: id.clone(),
        display_name: display_name.unwrap_or(known),
        create_time: seen.map_or(now, |seen| seen.create_time),
        update_time: now,
    })
}

/// Why the text of buttons is illegible, if it is.
fn unreadable(theme: &Theme) -> Option<String> {
    let (background, text) = or_default(&theme.button_color, &theme.button_text_color);
    let found = contrast(background, text).filter(|contrast| *contrast < LEAST_CONTRAST)?;
    Some(format!(
        "{text} on {background} has a contrast of {:.1}:1; text needs at least {LEAST_CONTRAST}:1 to be legible \
         (WCAG 2.2, 1.4.3)",
        (found * 10.0).floor() / 10.0
    ))
}

/// Reads `texts`: a realm's own texts, one set for each language.
fn own_texts(fields: &mut Fields<'_>) -> Vec<OwnTexts> {
    let mut known = Vec::new();
    let read = |texts: &mut Fields<'_>| {
        let tag = texts.required_text("locale", 35);
        let language = Language::of(&tag);
        if !tag.is_empty() && language.is_none() {
            let tags = Language::ALL.map(Language::tag).join(", ");
            texts.refuse("locale", format!("must be one of {tags}"));
        }
        if language.is_some_and(|language| known.contains(&language)) {
            texts.refuse("locale", "must not be repeated");
        }
        known.extend(language);
        let mut text = |name, longest| plain_text(texts, name, longest);
        let (name, intro, help) = (text("name", 64), text("intro", 400), text("help", 200));
        Some(OwnTexts { language: language?, name, intro, help })
    };
    fields.objects("texts", Language::ALL.len(), read).into_iter().flatten().collect()
}

/// Converts the body of a request for a theme to the settings of its realm: `{"realm": {…}}`, as `PATCH` of the realm
/// accepts them.
///
/// # Errors
/// A 400 with all violations.
pub fn theme(body: &Map<String, Value>, seen: &Theme) -> Result<Map<String, Value>, Problem> {
    let mut fields = Fields::of(body, "theme")?;
    let mut theme = Map::new();
    for name in ["logo_url_light", "logo_url_dark", "support_url"] {
        theme.extend(fields.checked(name, web_url).map(|value| (name.to_owned(), value.into())));
    }
    let mut wanted = seen.clone();
    for (name, wanted) in
        [("button_color", &mut wanted.button_color), ("button_text_color", &mut wanted.button_text_color)]
    {
        if let Some(value) = fields.checked(name, color) {
            wanted.clone_from(&value);
            theme.insert(name.to_owned(), value.into());
        }
    }
    if let Some(why) = unreadable(&wanted) {
        fields.refuse("button_text_color", why);
    }
    let from_name = fields.text("email_realm_name", 64);
    fields.done()?;
    let mut realm = Map::from_iter([("theme".to_owned(), Value::Object(theme))]);
    if let Some(name) = from_name {
        realm.insert("email".to_owned(), serde_json::json!({"from_name": name}));
    }
    Ok(Map::from_iter([("realm".to_owned(), Value::Object(realm))]))
}

/// Reads the body of `PUT` for a realm. Absent members get their defaults.
///
/// # Errors
/// A 400 with all violations.
pub fn parse(body: &Map<String, Value>, realm: RealmRef, now: Timestamp) -> Result<Realm, Problem> {
    let mut fields = Fields::of(body, "realm")?;
    let display_name = fields.name("display_name", 128).unwrap_or_else(|| realm.id.to_string());
    let mut realm = Realm::new(realm, display_name, now);
    realm.theme = fields.object("theme", |theme| Theme {
        logo_url_light: theme.checked("logo_url_light", web_url).unwrap_or_default(),
        logo_url_dark: theme.checked("logo_url_dark", web_url).unwrap_or_default(),
        support_url: theme.checked("support_url", web_url).unwrap_or_default(),
        button_color: theme.checked("button_color", color).unwrap_or_default(),
        button_text_color: theme.checked("button_text_color", color).unwrap_or_default(),
    });
    if let Some(why) = unreadable(&realm.theme) {
        fields.refuse("theme.button_text_color", why);
    }
    realm.email = fields.object("email", |email| EmailSettings {
        from_name: email.text("from_name", 64).unwrap_or_default(),
        reply_to: email.address("reply_to").unwrap_or_default(),
        subject: email.text("subject", 128).unwrap_or_default(),
        passkey_notice: email.flag("passkey_notice").unwrap_or(true),
    });
    let uri = |uri: &str| redirect::check(uri).map(drop).map_err(|bad| bad.to_string());
    realm.post_binding_redirect_uris = fields.texts("post_binding_redirect_uris", 50, uri).unwrap_or_default();
    let (default, max) = fields.object("link_lifetime", |lifetime| {
        let max = lifetime.integer("max_seconds", 60, 365 * 24 * 3600).unwrap_or(Realm::MAX_LIFETIME_SECONDS);
        let usual = Realm::DEFAULT_LIFETIME_SECONDS.min(max);
        (lifetime.integer("default_seconds", 60, max).unwrap_or(usual), max)
    });
    realm.default_lifetime_seconds = default;
    realm.max_lifetime_seconds = max;
    realm.return_delivery = fields.one_of("return_delivery").unwrap_or(ReturnDelivery::Allowed);
    let allowed = |name: &str| ["forbidden", "allowed"].iter().position(|known| *known == name);
    realm.link_renewal = fields.choice("link_renewal", &["forbidden", "allowed"], allowed) == Some(1);
    realm.reminders = fields.reminders().unwrap_or_default();
    realm.sign_in_events = fields.flag("sign_in_events").unwrap_or_default();
    realm.locale = fields.language("locale");
    realm.texts = own_texts(&mut fields);
    fields.done()?;
    Ok(realm)
}
