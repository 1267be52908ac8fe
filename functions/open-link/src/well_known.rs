//! Documents that browsers, password managers and operating systems fetch from the host: `/.well-known/webauthn`
//! (WebAuthn Level 3 §5.11), `/.well-known/passkey-endpoints` (W3C, Passkey Endpoints), `/.well-known/assetlinks.json`
//! (Digital Asset Links) and `/.well-known/apple-app-site-association` (Apple, Supporting associated domains).
//!
//! All tenants share the host, and a listed origin or app can use every passkey that was created for it. The lists are
//! therefore parameters of the template, and no tenant's config can add to them.

use std::sync::Arc;

use api::view::{
    AndroidApp, AppleAppSiteAssociation, AppleApps, AssetLink, AssetLinks, PasskeyEndpoints, RelatedOrigins,
};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use cloud::env::{BadVariable, Env};
use serde::Serialize;

/// The documents. An empty document gives a 404.
#[derive(Clone, Debug)]
pub(crate) struct WellKnown {
    origins: Option<Arc<str>>,
    endpoints: Option<Arc<str>>,
    android_apps: Option<Arc<str>>,
    apple_apps: Option<Arc<str>>,
}

impl WellKnown {
    pub(crate) fn new(env: &Env, own: &str) -> Result<Self, BadVariable> {
        let related = env.related_origins()?;
        let origins = (!related.is_empty()).then(|| [own.to_owned()].into_iter().chain(related).collect());
        let endpoints = PasskeyEndpoints {
            enroll: env.get("PASSKEY_ENROLL_URL").map(Into::into),
            manage: env.get("PASSKEY_MANAGE_URL").map(Into::into),
        };
        let endpoints = (endpoints != PasskeyEndpoints::default()).then_some(endpoints);
        Ok(Self {
            origins: origins.and_then(|origins| json(&RelatedOrigins { origins })),
            endpoints: endpoints.and_then(|endpoints| json(&endpoints)),
            android_apps: android_apps(env)?.and_then(|apps| json(&apps)),
            apple_apps: apple_apps(env)?.and_then(|apps| json(&apps)),
        })
    }

    /// The origins that may use the host as their relying party id, in addition to those below it.
    pub(crate) fn origins(&self) -> Response {
        answer(self.origins.as_deref())
    }

    /// Where users create and manage passkeys.
    pub(crate) fn endpoints(&self) -> Response {
        answer(self.endpoints.as_deref())
    }

    /// The Android apps that may use the host as their relying party id.
    pub(crate) fn android_apps(&self) -> Response {
        answer(self.android_apps.as_deref())
    }

    /// The Apple apps that may use the host as their relying party id.
    pub(crate) fn apple_apps(&self) -> Response {
        answer(self.apple_apps.as_deref())
    }
}

/// Reads `ANDROID_APPS`: entries `package=fingerprint`, separated by commas. An app with several certificates has
/// several entries.
fn android_apps(env: &Env) -> Result<Option<AssetLinks>, BadVariable> {
    let mut apps: Vec<AssetLink> = Vec::new();
    for entry in list(env, "ANDROID_APPS") {
        let app = entry.split_once('=').filter(|(package, fingerprint)| is_name(package) && is_sha256(fingerprint));
        let why = "must be entries such as com.example.app=AB:CD:… (the SHA-256 of the signing certificate, 32 bytes), \
                   separated by commas";
        let (package, fingerprint) = app.ok_or(BadVariable { name: "ANDROID_APPS", why })?;
        let fingerprint = fingerprint.to_ascii_uppercase().into();
        if let Some(known) = apps.iter_mut().find(|known| &*known.target.package_name == package) {
            known.target.sha256_cert_fingerprints.push(fingerprint);
            continue;
        }
        apps.push(AssetLink {
            // Google's Password Manager requires the first relation for passkeys, and the second for passwords.
            relation: vec![
                "delegate_permission/common.handle_all_urls".into(),
                "delegate_permission/common.get_login_creds".into(),
            ],
            target: AndroidApp {
                namespace: "android_app".into(),
                package_name: package.into(),
                sha256_cert_fingerprints: vec![fingerprint],
            },
        });
    }
    Ok((!apps.is_empty()).then_some(AssetLinks(apps)))
}

/// Reads `APPLE_APPS`: application identifiers, separated by commas.
fn apple_apps(env: &Env) -> Result<Option<AppleAppSiteAssociation>, BadVariable> {
    let is_team = |team: &str| team.len() == 10 && team.bytes().all(|b| b.is_ascii_alphanumeric());
    let apps: Vec<&str> = list(env, "APPLE_APPS").collect();
    if !apps.iter().all(|app| app.split_once('.').is_some_and(|(team, bundle)| is_team(team) && is_name(bundle))) {
        let why = "must be application identifiers such as A1B2C3D4E5.com.example.app, separated by commas";
        return Err(BadVariable { name: "APPLE_APPS", why });
    }
    let apps: Vec<_> = apps.into_iter().map(Into::into).collect();
    Ok((!apps.is_empty()).then_some(AppleAppSiteAssociation { webcredentials: AppleApps { apps } }))
}

fn list<'a>(env: &'a Env, name: &str) -> impl Iterator<Item = &'a str> + use<'a> {
    env.get(name).unwrap_or_default().split(',').map(str::trim).filter(|entry| !entry.is_empty())
}

/// Whether a text is a possible application id or bundle identifier.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
}

fn is_sha256(fingerprint: &str) -> bool {
    let is_byte = |byte: &str| byte.len() == 2 && byte.bytes().all(|b| b.is_ascii_hexdigit());
    fingerprint.split(':').filter(|byte| is_byte(byte)).count() == 32 && fingerprint.len() == 95
}

fn json(document: &impl Serialize) -> Option<Arc<str>> {
    serde_json::to_string(document).ok().map(Into::into)
}

fn answer(document: Option<&str>) -> Response {
    let Some(document) = document else { return StatusCode::NOT_FOUND.into_response() };
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "public, max-age=300")];
    (headers, document.to_owned()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invalid_list_of_apps_is_rejected() {
        let print = ["ab"; 32].join(":");
        for (name, value, valid) in [
            ("ANDROID_APPS", format!("com.example.app={print}, com.example.app={print}"), true),
            ("ANDROID_APPS", format!("com.example.app={}", "ab".repeat(32)), false),
            ("ANDROID_APPS", format!("com.example.app={print}:"), false),
            ("ANDROID_APPS", format!("com.example.app={}", &print[3..]), false),
            ("ANDROID_APPS", format!("={print}"), false),
            ("ANDROID_APPS", print, false),
            ("APPLE_APPS", "A1B2C3D4E5.com.example.app,A1B2C3D4E5.com.example-2.app".into(), true),
            ("APPLE_APPS", "com.example.app".into(), false),
            ("APPLE_APPS", "A1B2C3D4E5.".into(), false),
            ("APPLE_APPS", "A1B2C3D4E5.com.example.app/".into(), false),
        ] {
            let env = Env::new([(name.to_owned(), value.clone())]);
            let result = WellKnown::new(&env, "https://bind.example.com");
            assert_eq!(result.err().map(|error| error.name), (!valid).then_some(name), "{value}");
        }
    }
}
