//! The files of the local pages and of the API reference.

use axum::body::Body;
use axum::http::{Response, header};

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";

/// A file that the stack serves.
#[derive(Clone, Copy, Debug)]
pub(super) struct File {
    path: &'static str,
    pub(super) content_type: &'static str,
    content: &'static str,
}

const FILES: [File; 15] = [
    file("/_local", HTML, concat!(include_str!("head.html"), include_str!("local.html"))),
    file("/_local/style.css", CSS, include_str!("style.css")),
    file("/_local/local.css", CSS, include_str!("local.css")),
    file("/_local/local.js", JS, include_str!("local.js")),
    file("/_local/dom.js", JS, include_str!("dom.js")),
    file("/_local/welcome", HTML, concat!(include_str!("head.html"), include_str!("welcome.html"))),
    file("/_local/welcome.css", CSS, include_str!("welcome.css")),
    file("/_local/welcome.js", JS, include_str!("welcome.js")),
    // The SDK as it is published.
    file("/_local/sign-in-sdk.js", JS, include_str!("../../../../shared/sdk/dist/sign-in.js")),
    file("/docs", HTML, concat!(include_str!("head.html"), include_str!("docs.html"))),
    file("/docs/docs.js", JS, include_str!("docs.js")),
    file("/docs/docs.css", CSS, include_str!("docs.css")),
    file("/docs/reference", HTML, concat!(include_str!("head.html"), include_str!("reference.html"))),
    file("/docs/reference.js", JS, include_str!("reference.js")),
    // RapiDoc 9.3.8 (MIT), from its npm package; its licences are beside it.
    file("/docs/rapidoc-min.js", JS, include_str!("../../vendor/rapidoc-min.js")),
];

const fn file(path: &'static str, content_type: &'static str, content: &'static str) -> File {
    File { path, content_type, content }
}

/// The file at a path without a trailing slash.
pub(super) fn at(path: &str) -> Option<File> {
    FILES.into_iter().find(|file| file.path == path)
}

impl File {
    pub(super) fn answer(self) -> Response<Body> {
        let response = Response::builder().header(header::CONTENT_TYPE, self.content_type);
        response.body(Body::from(self.content)).unwrap_or_default()
    }
}
