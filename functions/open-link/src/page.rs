//! The hosted page: one document with its style and script inside, each allowed by its hash.

use std::sync::Arc;

use axum::http::{HeaderName, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::digest;

/// The page as it is sent.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    html: Arc<str>,
    policy: Arc<str>,
}

impl Page {
    /// Puts style and script into the document and allows just them.
    pub(crate) fn assemble() -> Self {
        let (style, script) = (include_str!("../page/page.css"), include_str!("../page/page.js"));
        let html = include_str!("../page/page.html").replace("/*css*/", style).replace("/*js*/", script);
        let hash =
            |text: &str| format!("'sha256-{}'", STANDARD.encode(digest::digest(&digest::SHA256, text.as_bytes())));
        let policy = format!(
            "default-src 'none'; script-src {}; style-src {}; img-src https: data: 'self'; connect-src 'self'; \
             base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; \
             trusted-types 'none'",
            hash(script),
            hash(style)
        );
        Self { html: html.into(), policy: policy.into() }
    }
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let headers = [
            (header::CONTENT_TYPE, "text/html; charset=utf-8"),
            (header::CONTENT_SECURITY_POLICY, &*self.policy),
            (header::CACHE_CONTROL, "public, max-age=300"),
            (header::REFERRER_POLICY, "no-referrer"),
            (header::STRICT_TRANSPORT_SECURITY, "max-age=63072000"),
            (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
            (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
            (
                HeaderName::from_static("permissions-policy"),
                "publickey-credentials-create=(self), publickey-credentials-get=(), camera=(), microphone=(), geolocation=()",
            ),
        ];
        (headers, self.html.to_string()).into_response()
    }
}
