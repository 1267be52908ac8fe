//! The files of the page, embedded from its build (`functions/console/page/dist`). Their names change with the content:
//! `console.js` is served as `console-{hash}.js` and cached forever.

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest;

const INDEX: &str = include_str!("../page/dist/index.html");

/// Name, extension, media type and content of each file that the document loads.
const LOADED: [(&str, &str, &str, &str); 2] = [
    ("console", "js", "text/javascript; charset=utf-8", include_str!("../page/dist/assets/console.js")),
    ("console", "css", "text/css; charset=utf-8", include_str!("../page/dist/assets/console.css")),
];

/// A static file.
#[derive(Clone, Debug)]
pub(crate) struct Asset {
    name: String,
    media_type: &'static str,
    cache: &'static str,
    etag: String,
    content: Arc<str>,
}

impl Asset {
    fn new(name: String, media_type: &'static str, cache: &'static str, content: &str) -> Self {
        Self { name, media_type, cache, etag: format!("\"{}\"", hash(content)), content: content.into() }
    }

    /// The response to a request with these headers: 304 if the client's copy is current (RFC 9110 §13.1.2).
    pub(crate) fn answer(&self, asked: &HeaderMap) -> Response {
        let held = asked.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
        let mut tags = held.flat_map(|value| value.split(',')).map(|tag| tag.trim().trim_start_matches("W/"));
        let known = tags.any(|tag| tag == "*" || tag == self.etag);
        let mut response = if known {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            ([(header::CONTENT_TYPE, self.media_type)], self.content.to_string()).into_response()
        };
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(self.cache));
        headers.extend(HeaderValue::from_str(&self.etag).ok().map(|etag| (header::ETAG, etag)));
        response
    }
}

/// The document and the files that it loads.
#[derive(Clone, Debug)]
pub(crate) struct Assets {
    pub(crate) document: Asset,
    loaded: Vec<Asset>,
}

impl Assets {
    /// Names the files, and puts the names into the document.
    pub(crate) fn assemble() -> Self {
        let mut html = INDEX.to_owned();
        let mut loaded = Vec::new();
        for (stem, extension, media_type, content) in LOADED {
            let name = format!("{stem}-{}.{extension}", &hash(content)[..16]);
            html = html.replace(&format!("{stem}.{extension}"), &name);
            loaded.push(Asset::new(name, media_type, "public, max-age=31536000, immutable", content));
        }
        let document = Asset::new("index.html".to_owned(), "text/html; charset=utf-8", "no-cache", &html);
        Self { document, loaded }
    }

    /// Looks up the file that is served under `/console/assets/{name}`.
    pub(crate) fn find(&self, name: &str) -> Option<&Asset> {
        self.loaded.iter().find(|asset| asset.name == name)
    }
}

fn hash(content: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, content.as_bytes()))
}
