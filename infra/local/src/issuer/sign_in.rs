//! Signing in at the local issuer: the authorization code grant with PKCE (RFC 6749 §4.1, RFC 7636), for the console.
//! There is no authentication: the user chooses a tenant and scopes, to try out what a limited token can see.

use std::collections::HashMap;

use axum::body::Body;
use axum::http::{Response, StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use binding::time::Timestamp;
use ring::digest::{SHA256, digest};
use serde_json::{Map, Value, json};
use url::Url;

use crate::issuer::codes::Grant;
use crate::issuer::{CONSOLE_CLIENT, Issuer, oauth_error};
use crate::record::lock;

const PAGE: &str = include_str!("sign-in.html");
const STYLE: &str = include_str!("sign-in.css");

/// How long a code is valid, in seconds.
const CODE_LIFETIME: i64 = 60;

/// The parameters of an authorization request that the form carries on.
const CARRIED: [&str; 7] =
    ["response_type", "client_id", "redirect_uri", "scope", "state", "code_challenge", "code_challenge_method"];

/// A valid authorization request.
struct Asked<'a> {
    redirect_uri: Url,
    state: &'a str,
    challenge: &'a str,
    scopes: Vec<&'a str>,
}

/// Why no code is issued.
enum NoCode {
    /// The error is shown to the user, not sent to the redirect URI, which may be somebody else's (RFC 6749 §4.1.2.1).
    Shown(&'static str),
    /// The error is sent to the redirect URI.
    Redirected(String),
}

impl Issuer {
    /// `GET …/authorize`: the page with the choice.
    pub(crate) fn sign_in(&self, query: &HashMap<String, String>) -> Response<Body> {
        let asked = match self.read(query) {
            Ok(asked) => asked,
            Err(no_code) => return no_code.answer(),
        };
        let fields = CARRIED.iter().filter_map(|name| Some((name, query.get(*name)?)));
        let fields: String = fields
            .map(|(name, value)| format!("<input type=\"hidden\" name=\"{name}\" value=\"{}\">", escaped(value)))
            .collect();
        let page = PAGE
            .replace("/*style*/", STYLE)
            .replace("<!--fields-->", &fields)
            .replace("<!--scope-->", &escaped(&asked.scopes.join(" ")));
        let policy = format!(
            "default-src 'none'; style-src 'sha256-{}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
            STANDARD.encode(digest(&SHA256, STYLE.as_bytes()))
        );
        let response = Response::builder()
            .header(header::CONTENT_TYPE, "text/html; charset=utf-8")
            .header(header::CONTENT_SECURITY_POLICY, policy)
            .header(header::CACHE_CONTROL, "no-store")
            .header(header::REFERRER_POLICY, "no-referrer");
        response.body(Body::from(page)).unwrap_or_default()
    }

    /// `POST …/authorize`: after the choice, redirects to the client with a code, or with an error.
    pub(crate) fn approve(&self, form: &HashMap<String, String>, now: Timestamp) -> Response<Body> {
        let asked = match self.read(form) {
            Ok(asked) => asked,
            Err(no_code) => return no_code.answer(),
        };
        let chosen = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
        let scope: Vec<&str> = match chosen("access") {
            "all" => asked.scopes.clone(),
            "read" => asked.scopes.iter().copied().filter(|scope| scope.ends_with(":read")).collect(),
            "these" => chosen("these").split_ascii_whitespace().filter(|one| asked.scopes.contains(one)).collect(),
            _ => return self.back(&asked, &[("error", "access_denied")]),
        };
        let tenant = Some(chosen("tenant_id")).filter(|tenant| !tenant.is_empty()).unwrap_or("demo");
        let code = URL_SAFE_NO_PAD.encode(cloud::random::bytes::<32>());
        let grant = Grant {
            redirect_uri: asked.redirect_uri.to_string(),
            challenge: asked.challenge.to_owned(),
            scope: scope.join(" "),
            tenant: tenant.to_owned(),
            end: now.plus_seconds(CODE_LIFETIME),
        };
        let mut codes = lock(&self.codes.0);
        codes.retain(|_, grant| grant.end > now);
        codes.insert(code.clone(), grant);
        drop(codes);
        self.back(&asked, &[("code", &code)])
    }

    /// `POST …/token` with a code (RFC 6749 §4.1.3). A code can be tried once.
    pub(crate) fn redeem(&self, form: &Map<String, Value>, now: Timestamp) -> Response<Body> {
        let field = |name: &str| form.get(name).and_then(Value::as_str).unwrap_or_default();
        if field("client_id") != CONSOLE_CLIENT {
            return oauth_error("invalid_client", "codes are given to the client console only");
        }
        let grant = lock(&self.codes.0).remove(field("code")).filter(|grant| grant.end > now);
        let Some(grant) = grant else {
            return oauth_error("invalid_grant", "the code is unknown, used, or more than a minute old");
        };
        if grant.redirect_uri != field("redirect_uri") {
            return oauth_error("invalid_grant", "redirect_uri is not the one that the code was asked for with");
        }
        let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, field("code_verifier").as_bytes()));
        if grant.challenge != challenge {
            return oauth_error("invalid_grant", "code_verifier does not fit code_challenge");
        }
        let claims = json!({
            "sub": "developer", "client_id": CONSOLE_CLIENT, "scope": grant.scope, "tenant_id": grant.tenant,
        });
        self.grant(&claims, now)
    }

    fn read<'a>(&'a self, query: &'a HashMap<String, String>) -> Result<Asked<'a>, NoCode> {
        let field = |name: &str| query.get(name).map(String::as_str).unwrap_or_default();
        if field("client_id") != CONSOLE_CLIENT {
            return Err(NoCode::Shown("client_id must be console: no other client signs in here"));
        }
        let callback = format!("{}/console/callback", self.url.trim_end_matches("/oauth2"));
        let redirect_uri = Url::parse(field("redirect_uri")).ok().filter(|_| field("redirect_uri") == callback);
        let Some(redirect_uri) = redirect_uri else {
            return Err(NoCode::Shown("redirect_uri must be the console's own, /console/callback"));
        };
        let scopes: Vec<&str> = field("scope").split_ascii_whitespace().collect();
        let asked = Asked { redirect_uri, state: field("state"), challenge: field("code_challenge"), scopes };
        let redirected = |error: &str, why: &str| {
            Err(NoCode::Redirected(self.location(&asked, &[("error", error), ("error_description", why)])))
        };
        if field("response_type") != "code" {
            return redirected("unsupported_response_type", "response_type must be code");
        }
        if field("code_challenge_method") != "S256" || asked.challenge.len() != 43 {
            return redirected(
                "invalid_request",
                "code_challenge is required, with code_challenge_method S256 (RFC 7636)",
            );
        }
        if let Some(unknown) = asked.scopes.iter().find(|scope| !self.scopes.iter().any(|known| known == *scope)) {
            return redirected("invalid_scope", &format!("unknown scope {unknown}"));
        }
        if asked.scopes.is_empty() {
            return Ok(Asked { scopes: self.scopes.iter().map(String::as_str).collect(), ..asked });
        }
        Ok(asked)
    }

    fn back(&self, asked: &Asked<'_>, answer: &[(&str, &str)]) -> Response<Body> {
        NoCode::Redirected(self.location(asked, answer)).answer()
    }

    /// The client's redirect URI with the response, and with the issuer (RFC 9207).
    fn location(&self, asked: &Asked<'_>, answer: &[(&str, &str)]) -> String {
        let mut url = asked.redirect_uri.clone();
        url.query_pairs_mut().extend_pairs(answer).append_pair("state", asked.state).append_pair("iss", &self.url);
        url.into()
    }
}

impl NoCode {
    fn answer(self) -> Response<Body> {
        match self {
            Self::Shown(why) => oauth_error("invalid_request", why),
            Self::Redirected(location) => {
                let response = Response::builder().status(StatusCode::SEE_OTHER).header(header::LOCATION, location);
                response.header(header::CACHE_CONTROL, "no-store").body(Body::empty()).unwrap_or_default()
            }
        }
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
