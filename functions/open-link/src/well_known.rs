//! What browsers and password managers ask of the host: `/.well-known/webauthn` (WebAuthn Level 3 §5.11) and
//! `/.well-known/passkey-endpoints` (W3C, Passkey Endpoints).
//!
//! All tenants share the host, and who may add an origin to its list may use every passkey that was made for it. So the
//! list is the operator's, a parameter of the template, and no tenant's config can lengthen it.

use std::sync::Arc;

use api::view::{PasskeyEndpoints, RelatedOrigins};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use cloud::env::{BadVariable, Env};
use serde::Serialize;

/// The two documents.
#[derive(Clone, Debug)]
pub(crate) struct WellKnown {
    origins: Option<Arc<str>>,
    endpoints: Option<Arc<str>>,
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
        })
    }

    /// The origins that may use the host as their relying party id, besides those below it.
    pub(crate) fn origins(&self) -> Response {
        answer(self.origins.as_deref())
    }

    /// Where users get and manage passkeys.
    pub(crate) fn endpoints(&self) -> Response {
        answer(self.endpoints.as_deref())
    }
}

fn json(document: &impl Serialize) -> Option<Arc<str>> {
    serde_json::to_string(document).ok().map(Into::into)
}

fn answer(document: Option<&str>) -> Response {
    let Some(document) = document else { return StatusCode::NOT_FOUND.into_response() };
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "public, max-age=300")];
    (headers, document.to_owned()).into_response()
}
