//! The sign-in token: a JWS that says who signed in, for the app's back end (docs/sign-in.md).

use binding::directory::AuthenticatorConfig;
use binding::link::PublicUrl;
use binding::time::Timestamp;
use cloud::random;
use cloud::signing::TokenKey;
use cloud::table::RegisteredKey;
use serde::Serialize;

/// The `typ` of a sign-in token (RFC 8725 §3.11).
const TYPE: &str = "passkey-sign-in+jwt";

/// How long a sign-in token is valid, in seconds.
const LIFETIME_SECONDS: i64 = 120;

/// The content of a sign-in token.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Statement<'a> {
    /// The config of the sign-in.
    pub(crate) config: &'a AuthenticatorConfig,
    /// The key that signed.
    pub(crate) key: &'a RegisteredKey,
    /// The app's nonce.
    pub(crate) nonce: Option<&'a str>,
    /// Whether the authenticator verified its user; `None` for a software key.
    pub(crate) user_verified: Option<bool>,
    /// Whether the passkey may have been cloned.
    pub(crate) clone_suspected: bool,
    /// When the sign-in was verified.
    pub(crate) time: Timestamp,
}

/// The claims of a sign-in token.
#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    aud: String,
    sub: &'a str,
    iat: i64,
    exp: i64,
    auth_time: i64,
    jti: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<&'a str>,
    amr: &'static [&'static str],
    cnf: Confirmation<'a>,
    tenant_id: &'a str,
    realm_id: &'a str,
    authenticator_config_id: &'a str,
    credential_id: String,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    clone_suspected: bool,
}

/// The key, by its thumbprint (RFC 7800 §3.1, RFC 9449 §6.1).
#[derive(Serialize)]
struct Confirmation<'a> {
    jkt: &'a str,
}

impl Statement<'_> {
    /// Signs the token.
    pub(crate) fn sign(&self, key: &TokenKey, issuer: &PublicUrl) -> String {
        let Self { config, key: registered, nonce, user_verified, clone_suspected, time } = *self;
        let realm = &registered.identity.realm;
        let claims = Claims {
            iss: issuer.origin(),
            aud: config.sign_in_audience(issuer),
            sub: registered.identity.id.as_str(),
            iat: time.seconds(),
            exp: time.plus_seconds(LIFETIME_SECONDS).seconds(),
            auth_time: time.seconds(),
            jti: uuid::Builder::from_random_bytes(random::bytes()).into_uuid().to_string(),
            nonce,
            amr: methods(user_verified),
            cnf: Confirmation { jkt: registered.jwk_thumbprint.trim_end_matches('=') },
            tenant_id: realm.tenant.as_str(),
            realm_id: realm.id.as_str(),
            authenticator_config_id: config.id.as_str(),
            credential_id: registered.credential.to_string(),
            clone_suspected,
        };
        key.sign(TYPE, &claims)
    }
}

/// The methods of authentication (RFC 8176 §2): possession of a key, presence of the user, and both factors if the
/// authenticator verified its user.
fn methods(user_verified: Option<bool>) -> &'static [&'static str] {
    match user_verified {
        Some(true) => &["pop", "user", "mfa"],
        Some(false) => &["pop", "user"],
        None => &["pop", "swk"],
    }
}
