//! Signing in: requests.

use binding::ids::IdentityId;
use binding::sign_in::LONGEST_NONCE;
use serde_json::{Map, Value};

use crate::fields::Fields;
use crate::problem::Problem;

/// The maximum length of a token, in characters.
const LONGEST_TOKEN: usize = 1024;

/// The body of `:beginSignIn`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begin {
    /// The identity that signs in, if the app knows it.
    pub identity: Option<IdentityId>,
    /// The app's nonce.
    pub nonce: Option<String>,
}

/// Reads the body of `:beginSignIn`.
///
/// # Errors
/// A 400 with all violations.
pub fn begin(body: &Map<String, Value>) -> Result<Begin, Problem> {
    let mut fields = Fields::at(body, String::new());
    let identity = fields.text("identity_id", 2048).and_then(|id| {
        IdentityId::parse(&id).map_err(|invalid| fields.refuse("identity_id", invalid.to_string())).ok()
    });
    let nonce = fields.text("nonce", LONGEST_NONCE);
    if nonce.as_ref().is_some_and(|nonce| nonce.len() > LONGEST_NONCE) {
        fields.refuse("nonce", format!("must have at most {LONGEST_NONCE} bytes"));
    }
    fields.done()?;
    Ok(Begin { identity, nonce })
}

/// The body of `:finishSignIn`.
#[derive(Clone, Debug, PartialEq)]
pub struct Finish<'a> {
    /// The token of `:beginSignIn`.
    pub token: String,
    /// The device's response.
    pub credential: Assertion<'a>,
}

/// The response of a device.
#[derive(Clone, Debug, PartialEq)]
pub enum Assertion<'a> {
    /// An `AuthenticationResponseJSON` (WebAuthn Level 3 §5.1).
    Passkey(&'a Value),
    /// A compact JWS.
    Jws(&'a str),
}

/// Reads the body of `:finishSignIn`.
///
/// # Errors
/// A 400 with all violations.
pub fn finish(body: &Map<String, Value>) -> Result<Finish<'_>, Problem> {
    let mut fields = Fields::at(body, String::new());
    let token = fields.required_text("token", LONGEST_TOKEN);
    let credential = match fields.value("credential") {
        Some(response @ Value::Object(_)) => Some(Assertion::Passkey(response)),
        Some(Value::String(jws)) => Some(Assertion::Jws(jws)),
        _ => None,
    };
    if credential.is_none() {
        fields.refuse("credential", "must be an AuthenticationResponseJSON, or a JWS as a string");
    }
    fields.done()?;
    Ok(Finish { token, credential: credential.unwrap_or(Assertion::Jws("")) })
}

/// 400: the token was not issued for this config.
#[must_use]
pub fn foreign_token() -> Problem {
    let must = "must be the token that :beginSignIn of this authenticator config returned";
    Problem::invalid(vec![crate::view::FieldViolation::new("token", must)])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::view::ProblemDetail;

    fn fields(problem: &Problem) -> Vec<String> {
        let document = problem.document("/", "1");
        let [ProblemDetail::FieldViolations { field_violations }] = document.details.as_slice() else {
            panic!("{document:?}")
        };
        field_violations.iter().map(|violation| violation.field.to_string()).collect()
    }

    #[test]
    fn a_sign_in_begins_with_or_without_an_identity() {
        let read = |body: Value| begin(body.as_object().unwrap());
        assert_eq!(read(json!({})).unwrap(), Begin { identity: None, nonce: None });
        let both = read(json!({"identity_id": "ada", "nonce": "n", "more": 1})).unwrap();
        assert_eq!((both.identity.unwrap().as_str(), both.nonce.as_deref()), ("ada", Some("n")));
        let wrong = read(json!({"identity_id": "a/b", "nonce": "é".repeat(65)})).unwrap_err();
        assert_eq!(fields(&wrong), ["identity_id", "nonce"]);
    }

    #[test]
    fn a_sign_in_ends_with_a_passkey_or_a_jws() {
        let read = |body: Value| finish(body.as_object().unwrap()).map(|read| format!("{read:?}"));
        assert!(read(json!({"token": "t", "credential": {}})).unwrap().contains("Passkey"));
        assert!(read(json!({"token": "t", "credential": "a.b.c"})).unwrap().contains("Jws"));
        assert_eq!(fields(&read(json!({"credential": 1})).unwrap_err()), ["token", "credential"]);
    }
}
