//! The hosted page: one document a language, with style, script and words inside. The policy allows style and script by
//! their hashes; the words are data.

use std::sync::Arc;

use api::permit::Anybody;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use binding::link::PublicUrl;
use ring::digest;
use serde_json::{Map, Value};

/// The path of the script that draws QR codes. The page loads it on demand.
pub(crate) const QR_SCRIPT: &str = "/bind/qr.js";

/// The languages that the page speaks, with its words. The first is for everybody else.
const LANGUAGES: [(&str, &str); 2] =
    [("en", include_str!("../page/words.en.json")), ("de", include_str!("../page/words.de.json"))];

/// The page as it is served.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    /// In the order of [`LANGUAGES`].
    documents: Arc<[String]>,
    policy: HeaderValue,
}

impl Page {
    /// Puts style, script and words into the document, and allows just them.
    pub(crate) fn assemble(public_url: &PublicUrl) -> Self {
        let (style, script) = (include_str!("../page/page.css"), include_str!("../page/page.js"));
        let page = include_str!("../page/page.html").replace("/*css*/", style).replace("/*js*/", script);
        let documents = LANGUAGES.map(|(language, words)| {
            let mut words: Map<String, Value> = serde_json::from_str(words).unwrap_or_default();
            let fixed = words.remove("fixed").unwrap_or_default();
            // A `<` could end the element that contains the words.
            let words = Value::Object(words).to_string().replace('<', "\\u003c");
            let page = page.replace("/*words*/", &words).replace("{{lang}}", language);
            fixed.as_object().into_iter().flatten().fold(page, |page, (name, text)| {
                page.replace(&format!("{{{{{name}}}}}"), &escape(text.as_str().unwrap_or_default()))
            })
        });
        let hash =
            |text: &str| format!("'sha256-{}'", STANDARD.encode(digest::digest(&digest::SHA256, text.as_bytes())));
        let policy = format!(
            "default-src 'none'; script-src {} {}{QR_SCRIPT}; style-src {}; img-src https: data: 'self'; \
             connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
             require-trusted-types-for 'script'; trusted-types 'none'",
            hash(script),
            public_url.origin(),
            hash(style)
        );
        // The public URL is an origin in ASCII, and so is the rest of the policy.
        let policy = HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'"));
        Self { documents: documents.into(), policy }
    }

    /// The page that links lead to.
    pub(crate) fn hosted(&self, headers: &HeaderMap) -> Response {
        self.answer(self.document(headers).to_owned(), "public, max-age=300")
    }

    /// The page in place of a problem document. `problem` is the last part of the problem's type, or its status.
    pub(crate) fn instead_of(&self, problem: &str, headers: &HeaderMap) -> Response {
        let marked = format!("<html data-problem=\"{}\"", escape(problem));
        self.answer(self.document(headers).replacen("<html", &marked, 1), "no-store")
    }

    fn document(&self, headers: &HeaderMap) -> &str {
        let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        &self.documents[language(accepted)]
    }

    fn answer(&self, html: String, cache: &'static str) -> Response {
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
            (header::CONTENT_SECURITY_POLICY, self.policy.clone()),
            (header::CACHE_CONTROL, HeaderValue::from_static(cache)),
            (header::VARY, HeaderValue::from_static("accept-language")),
            (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
            (header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=63072000")),
            (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
            (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
            (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
            (
                HeaderName::from_static("permissions-policy"),
                HeaderValue::from_static(
                    "publickey-credentials-create=(self), publickey-credentials-get=(), camera=(), microphone=(), \
                     geolocation=()",
                ),
            ),
        ];
        (headers, html).into_response()
    }
}

/// The script that draws QR codes.
pub(crate) async fn qr_script(_: Anybody) -> Response {
    let headers =
        [(header::CONTENT_TYPE, "text/javascript; charset=utf-8"), (header::CACHE_CONTROL, "public, max-age=300")];
    (StatusCode::OK, headers, include_str!("../page/qr.js")).into_response()
}

/// Which of [`LANGUAGES`] somebody likes best who accepts these (RFC 9110 §12.5.4).
fn language(accepted: &str) -> usize {
    let mut best = (0, 0.0);
    for range in accepted.split(',') {
        let (tag, weight) = range.split_once(';').unwrap_or((range, ""));
        let weight = weight.trim().strip_prefix(['q', 'Q']).and_then(|weight| weight.strip_prefix('=')?.parse().ok());
        let weight = weight.unwrap_or(1.0);
        let spoken = tag.split('-').next().unwrap_or_default().trim();
        let known = LANGUAGES.iter().position(|(language, _)| spoken.eq_ignore_ascii_case(language));
        if let Some(known) = known.filter(|_| weight > best.1) {
            best = (known, weight);
        }
    }
    best.0
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_says_which_language_its_user_speaks() {
        for (accepted, expected) in [
            ("", "en"),
            ("*", "en"),
            ("fr-FR,fr;q=0.9", "en"),
            ("de", "de"),
            ("de-AT,de;q=0.9,en;q=0.8", "de"),
            ("en-GB,en;q=0.9,de;q=0.8", "en"),
            ("fr, DE;q=0.5, en;q=0.4", "de"),
            ("en;Q=0.4, de;Q=0.5", "de"),
            ("de;q=0, en;q=0.1", "en"),
            ("de;q=nonsense", "de"),
        ] {
            assert_eq!(LANGUAGES[language(accepted)].0, expected, "{accepted}");
        }
    }

    #[test]
    fn no_placeholder_is_left() {
        let page = Page::assemble(&PublicUrl::parse("https://bind.example.com").unwrap());
        for document in page.documents.iter() {
            assert!(!document.contains("{{") && !document.contains("/*words*/"), "{document}");
        }
        let policy = page.policy.to_str().unwrap();
        assert!(policy.contains("=' https://bind.example.com/bind/qr.js; style-src"), "{policy}");
    }
}
