//! The hosted page: one document a language, with style, script and words inside. The policy allows style and script by
//! their hashes; the words are data.

use std::sync::{Arc, OnceLock};

use api::permit::Anybody;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use binding::language::Language;
use binding::link::PublicUrl;
use ring::digest;

/// The path of the script that draws QR codes. The page loads it on demand.
pub(crate) const QR_SCRIPT: &str = "/bind/qr.js";

macro_rules! texts {
    ($($language:ident $tag:literal),+ $(,)?) => {
        /// The texts of the page in each language, in the order of [`Language::ALL`], with the path from which the page
        /// loads those of a language other than the browser's.
        pub(crate) const TEXTS: [Texts; Language::ALL.len()] = [$(Texts {
            language: Language::$language,
            path: concat!("/bind/words/", $tag, ".txt"),
            preview: concat!("/bind/preview/", $tag),
            file: include_str!(concat!("../page/words/", $tag, ".txt")),
        }),+];
    };
}

/// The texts of the page in a language.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Texts {
    language: Language,
    pub(crate) path: &'static str,
    /// The path of the page's preview.
    pub(crate) preview: &'static str,
    file: &'static str,
}

texts! {
    English "en", German "de", French "fr", Spanish "es", Portuguese "pt-BR", Italian "it", Dutch "nl", Polish "pl",
    Japanese "ja", Chinese "zh-Hans", Korean "ko", Arabic "ar",
}

/// The page as it is served.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    /// In the order of [`TEXTS`]. A document is assembled when it is first requested.
    documents: Arc<[OnceLock<String>; TEXTS.len()]>,
    policy: HeaderValue,
    preview_policy: HeaderValue,
}

const STYLE: &str = include_str!("../page/page.css");
const SCRIPT: &str = include_str!("../page/page.js");

impl Page {
    /// The page of an installation, which allows just its own style and script.
    pub(crate) fn new(public_url: &PublicUrl) -> Self {
        let hash =
            |text: &str| format!("'sha256-{}'", STANDARD.encode(digest::digest(&digest::SHA256, text.as_bytes())));
        let (script, style) = (hash(SCRIPT), hash(STYLE));
        let policy = |script_src: &str, rest: &str| {
            let policy = format!(
                "default-src 'none'; script-src {script}{script_src}; style-src {style}; img-src https: data: 'self'; {rest}; \
                 base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
            );
            // The public URL is an origin in ASCII, and so is the rest of the policy.
            HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
        };
        let qr_script = format!(" {}{QR_SCRIPT}", public_url.origin());
        Self {
            documents: Arc::default(),
            policy: policy(&qr_script, "connect-src 'self'; frame-ancestors 'none'"),
            // Only the console frames it. It has an origin of its own and sends no requests.
            preview_policy: policy("", "frame-ancestors 'self'; sandbox allow-scripts"),
        }
    }

    /// The page that links lead to.
    pub(crate) fn hosted(&self, headers: &HeaderMap) -> Response {
        self.answer(self.document(headers).to_owned(), &self.policy, "public, max-age=300")
    }

    /// The page in place of a problem document. `problem` is the last part of the problem's type, or its status.
    pub(crate) fn instead_of(&self, problem: &str, headers: &HeaderMap) -> Response {
        let marked = format!("<html data-problem=\"{}\"", escape(problem));
        self.answer(self.document(headers).replacen("<html", &marked, 1), &self.policy, "no-store")
    }

    /// The page in a frame of the console. Its script shows what the console sends it, and its buttons do nothing.
    pub(crate) fn preview(&self, texts: Texts) -> Response {
        let document = self.document_of(texts).replacen("<html", "<html data-preview", 1);
        self.answer(document, &self.preview_policy, "public, max-age=300")
    }

    fn document(&self, headers: &HeaderMap) -> &str {
        let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let language = Language::accepted(accepted).unwrap_or_default();
        self.document_of(TEXTS.into_iter().find(|texts| texts.language == language).unwrap_or(TEXTS[0]))
    }

    fn document_of(&self, texts: Texts) -> &str {
        let index = TEXTS.iter().position(|known| known.language == texts.language).unwrap_or_default();
        self.documents[index].get_or_init(|| texts.document())
    }

    fn answer(&self, html: String, policy: &HeaderValue, cache: &'static str) -> Response {
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
            (header::CONTENT_SECURITY_POLICY, policy.clone()),
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

impl Texts {
    /// The document with style, script and these texts inside.
    fn document(self) -> String {
        // The texts that are inserted here, those in the document, and rarely needed ones, which the page loads.
        let (fixed, words) = self.file.split_once("\n\n").unwrap_or_default();
        let groups: Vec<&str> = words.split("\n\n").collect();
        let words = groups[..groups.len().min(3)].join("\n\n");
        // Style and script have no placeholders, and are inserted last.
        let page = include_str!("../page/page.html").replace("/*words*/", &words);
        let page = page.replace("{{lang}}", self.language.tag()).replace("{{dir}}", self.language.direction());
        let page = fixed
            .lines()
            .filter_map(|line| line.split_once('|'))
            .fold(page, |page, (name, text)| page.replace(&format!("{{{{{name}}}}}"), &escape(text)));
        page.replace("/*css*/", STYLE).replace("/*js*/", SCRIPT)
    }

    /// The file with them.
    pub(crate) fn file(self) -> Response {
        let headers =
            [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "public, max-age=300")];
        (headers, self.file).into_response()
    }
}

/// The script that draws QR codes.
pub(crate) async fn qr_script(_: Anybody) -> Response {
    let headers =
        [(header::CONTENT_TYPE, "text/javascript; charset=utf-8"), (header::CACHE_CONTROL, "public, max-age=300")];
    (StatusCode::OK, headers, include_str!("../page/qr.js")).into_response()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_its_document() {
        let page = Page::new(&PublicUrl::parse("https://bind.example.com").unwrap());
        for (language, texts) in Language::ALL.into_iter().zip(TEXTS) {
            let document = texts.document();
            let markup = format!("<html lang=\"{}\" dir=\"{}\">", language.tag(), language.direction());
            assert!(document.contains(&markup), "{document}");
            // There is no other tag between the words and the end of their element.
            let (_, words) = document.split_once("type=\"text/plain\">").unwrap();
            let (words, _) = words.split_once('<').unwrap();
            assert!(words.contains("\nready|") && !words.contains("\ndisowned|"), "{words}");
            let headers = HeaderMap::from_iter([(header::ACCEPT_LANGUAGE, HeaderValue::from_static(language.tag()))]);
            assert_eq!(page.document(&headers), document);
        }
    }

    #[test]
    fn no_placeholder_is_left() {
        let page = Page::new(&PublicUrl::parse("https://bind.example.com").unwrap());
        assert!(!STYLE.contains("{{") && !SCRIPT.contains("{{"));
        for document in TEXTS.map(Texts::document) {
            assert!(!document.contains("{{") && !document.contains("/*words*/"), "{document}");
        }
        let policy = page.policy.to_str().unwrap();
        assert!(policy.contains("=' https://bind.example.com/bind/qr.js; style-src"), "{policy}");
    }
}
