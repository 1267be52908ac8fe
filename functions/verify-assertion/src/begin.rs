//! `:beginSignIn`: options for the authenticator, and a token.

use api::body::OptionalJsonBody;
use api::origin;
use api::path::Reference as _;
use api::permit::Public;
use api::problem::Problem;
use api::sign_in;
use api::view::{BegunSignIn, RequestOptions};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::{Extension, Json};
use binding::access::Admission;
use binding::credential::{Credential, CredentialState};
use binding::directory::AuthenticatorConfig;
use binding::ids::{ConfigRef, IdentityRef};
use binding::sign_in::{Begin, LIFETIME_SECONDS};
use cloud::random;
use proof::webauthn::{self, request_options};

use crate::Deps;

/// A credential id of an authenticator, with its transports.
type Descriptor = (Vec<u8>, Vec<String>);

pub(crate) async fn begin(
    State(deps): State<Deps>,
    Public { on: reference }: Public<ConfigRef>,
    Extension(admission): Extension<Admission>,
    headers: HeaderMap,
    OptionalJsonBody(body): OptionalJsonBody,
) -> Result<Json<BegunSignIn>, Problem> {
    let now = deps.clock.now();
    deps.brake_address(&admission, now)?;
    let sign_in::Begin { identity, nonce } = sign_in::begin(&body)?;
    let config = deps.table.recent_config(&reference, now).await?.ok_or_else(|| reference.missing())?;
    origin::check_sign_in(origin::foreign(&headers, &deps.public_url), &config, &deps.public_url)?;
    if !config.sign_in.enabled {
        return Err(Problem::sign_in_disabled(config.id.as_str()));
    }
    let allow = match &identity {
        Some(id) => {
            let identity = IdentityRef { realm: reference.realm.clone(), id: id.clone() };
            deps.brake_identity(&identity, now)?;
            deps.passkeys(&identity, &config).await?
        }
        None => Vec::new(),
    };
    let begin = Begin { config_version: config.version, identity, nonce };
    let token = deps.keys.current().issue(&reference, begin, now, random::bytes());
    // The nonce's length was checked when the body was read.
    let token = token.map_err(|_| sign_in::foreign_token())?;
    let options = request_options(&webauthn::RequestOptions {
        rp_id: &config.rp_id(&deps.public_url),
        challenge: &token.challenge(),
        allow: &allow,
        user_verification: config.policy.user_verification,
        timeout_millis: u32::try_from(LIFETIME_SECONDS * 1000).unwrap_or(u32::MAX),
        hints: &[],
    });
    Ok(Json(BegunSignIn { token: token.expose().into(), request_options: RequestOptions(options) }))
}

impl Deps {
    /// The passkeys with which an identity can sign in under a config; if there are none, for whatever reason, decoys.
    /// Both cases make one request to the table.
    async fn passkeys(&self, identity: &IdentityRef, config: &AuthenticatorConfig) -> Result<Vec<Descriptor>, Problem> {
        let found = self.table.identity_with_credentials(identity).await?;
        let active = found.filter(|(person, _)| !person.is_suspended());
        let rp_id = config.rp_id(&self.public_url);
        let passkeys: Vec<Descriptor> = active
            .into_iter()
            .flat_map(|(_, credentials)| credentials)
            .filter_map(|credential| descriptor(credential, &rp_id))
            .collect();
        Ok(if passkeys.is_empty() { self.keys.current().decoys(identity) } else { passkeys })
    }
}

fn descriptor(credential: Credential, rp_id: &str) -> Option<Descriptor> {
    let passkey = credential.facts.webauthn.filter(|_| credential.state == CredentialState::Active)?;
    (passkey.rp_id == rp_id).then_some((passkey.credential_id, passkey.transports))
}
