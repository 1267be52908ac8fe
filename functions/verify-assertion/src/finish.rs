//! `:finishSignIn`: verifies the device's response, records the sign-in, and signs a token about it.
//!
//! 1. The token of `:beginSignIn` is verified, without a read of the table.
//! 2. The steps of WebAuthn Level 3 §7.2 that need no credential record are performed.
//! 3. One read returns the key that is registered with this credential id or thumbprint.
//! 4. The other steps are performed. A caller who does not prove possession of a registered key gets the same response
//!    whatever exists.
//! 5. One write records the sign-in, if the credential is active, the identity is not suspended, the token is unused
//!    and the signature counter increased.

use api::body::JsonBody;
use api::origin;
use api::permit::Public;
use api::problem::Problem;
use api::scalar::True;
use api::sign_in::{self, Assertion as Sent};
use api::view::{DisownedPasskey, SignedIn};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::{Extension, Json};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use binding::access::Admission;
use binding::directory::{AuthenticatorConfig, Mechanism};
use binding::ids::{ConfigRef, IdentityRef};
use binding::key::NotAToken;
use binding::sign_in::SignInToken;
use binding::time::Timestamp;
use cloud::table::{AuthenticatorState, NotSignedIn, RegisteredKey, SignIn};
use proof::jwt::{self, ExpectedSignIn};
use proof::webauthn::{Asserted, Assertion, ExpectedAssertion, Registered};
use proof::{Reason, Refusal};
use serde_json::Value;

use crate::Deps;
use crate::token::Statement;

/// A public key as COSE: the generator of P-256. The response for an unknown credential is verified with it and the
/// result ignored, so that the answer takes as long.
const DECOY_KEY: &[u8; 77] = b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20\
    \x6b\x17\xd1\xf2\xe1\x2c\x42\x47\xf8\xbc\xe6\xe5\x63\xa4\x40\xf2\
    \x77\x03\x7d\x81\x2d\xeb\x33\xa0\xf4\xa1\x39\x45\xd8\x98\xc2\x96\
    \x22\x58\x20\
    \x4f\xe3\x42\xe2\xfe\x1a\x7f\x9b\x8e\xe7\xeb\x4a\x7c\x0f\x9e\x16\
    \x2b\xce\x33\x57\x6b\x31\x5e\xce\xcb\xb6\x40\x68\x37\xbf\x51\xf5";

pub(crate) async fn finish(
    State(deps): State<Deps>,
    Public { on: reference }: Public<ConfigRef>,
    Extension(admission): Extension<Admission>,
    headers: HeaderMap,
    JsonBody(body): JsonBody,
) -> Result<Json<SignedIn>, Problem> {
    let now = deps.clock.now();
    deps.brake_address(&admission, now)?;
    let sign_in::Finish { token, credential } = sign_in::finish(&body)?;
    let token = deps.keys.verify(&reference, &token, now).await?.map_err(|not| match not {
        NotAToken::Unknown => sign_in::foreign_token(),
        NotAToken::Expired => Problem::sign_in_expired(),
    })?;
    let version = token.begin().config_version;
    let config = deps.table.config_version(&reference.realm, &reference.id, version).await?;
    origin::check_sign_in(origin::foreign(&headers, &deps.public_url), &config, &deps.public_url)?;
    let attempt = Attempt { deps: &deps, config: &config, token: &token, now };
    let verified = match credential {
        Sent::Passkey(response) => attempt.passkey(response).await?,
        Sent::Jws(jws) => attempt.software_key(jws).await?,
    };
    attempt.complete(&verified).await.map(Json)
}

/// A sign-in to finish.
struct Attempt<'a> {
    deps: &'a Deps,
    config: &'a AuthenticatorConfig,
    token: &'a SignInToken,
    now: Timestamp,
}

/// A key that the caller proved to possess.
struct Verified {
    key: RegisteredKey,
    /// The passkey, as browsers identify it; `None` for a software key.
    passkey: Option<DisownedPasskey>,
    asserted: Option<Asserted>,
}

impl Attempt<'_> {
    /// Verifies an assertion (WebAuthn Level 3 §7.2).
    async fn passkey(&self, response: &Value) -> Result<Verified, Problem> {
        let Self { deps, config, token, .. } = *self;
        self.allows(&[Mechanism::Fido2, Mechanism::Webauthn])?;
        let rp_id = config.rp_id(&deps.public_url);
        let expected = ExpectedAssertion {
            rp_id: &rp_id,
            origins: &config.origins(&deps.public_url),
            challenge: &token.challenge(),
            user_verification: config.policy.user_verification,
        };
        let assertion = Assertion::read(response, &expected).map_err(refused)?;
        let identified = token.begin().identity.is_some();
        if !identified && !assertion.names_user() {
            let detail = "response.userHandle is required when no identity was given";
            return Err(refused(Refusal::new(Reason::UserHandleMismatch, detail)));
        }
        let id = assertion.credential_id();
        let passkey =
            DisownedPasskey { rp_id: rp_id.as_str().into(), credential_id: URL_SAFE_NO_PAD.encode(id).into() };
        let found = self.registered(id).await?;
        let known = found.as_ref().and_then(|key| {
            let registered = key.passkey.as_ref().filter(|registered| registered.rp_id == rp_id)?;
            Some((key, registered))
        });
        // Takes as long as the verification of a signature by a registered key.
        let verify_decoy = || {
            let decoy =
                Registered { credential_id: id, cose_key: DECOY_KEY, backup_eligible: false, user_handle: None };
            drop(assertion.verify(&decoy, identified));
        };
        let Some((key, registered)) = known else {
            verify_decoy();
            return Err(Problem::unknown_credential(Some(passkey)));
        };
        let user_handle = key.identity.user_handle();
        let record = Registered {
            credential_id: id,
            cose_key: &registered.cose_key,
            backup_eligible: registered.backup_eligible,
            // Clients of the published API choose the user handle themselves.
            user_handle: (key.mechanism == Mechanism::Fido2).then_some(&user_handle),
        };
        match assertion.verify(&record, identified) {
            Ok(asserted) => Ok(Verified { key: key.clone(), passkey: Some(passkey), asserted: Some(asserted) }),
            // The signature was made by the key, so the caller may learn more.
            Err(refusal) if refusal.reason == Reason::BackupEligibilityChanged => Err(refused(refusal)),
            Err(Refusal { reason, .. }) => {
                if reason == Reason::UserHandleMismatch {
                    verify_decoy();
                }
                tracing::info!(credential_id = %key.credential, reason = reason.name(), "assertion refused");
                Err(Problem::unknown_credential(Some(passkey)))
            }
        }
    }

    /// Verifies a JWS of a software key over the token.
    async fn software_key(&self, jws: &str) -> Result<Verified, Problem> {
        self.allows(&[Mechanism::Jwt])?;
        let expected = ExpectedSignIn {
            token: self.token.expose(),
            algorithms: &self.config.policy.algorithms,
            now: self.now.seconds(),
        };
        let signed = jwt::read_sign_in(jws, expected).map_err(refused)?;
        let found = self.registered(signed.jwk_thumbprint().as_bytes()).await?;
        let key = found.filter(|key| key.passkey.is_none()).ok_or_else(|| Problem::unknown_credential(None))?;
        let IdentityRef { realm, id } = &key.identity;
        signed.verify(&jwt::subject(id.as_str(), realm.id.as_str(), realm.tenant.as_str())).map_err(refused)?;
        Ok(Verified { key, passkey: None, asserted: None })
    }

    /// Requires that the policy allows one of these mechanisms.
    fn allows(&self, mechanisms: &[Mechanism]) -> Result<(), Problem> {
        if mechanisms.iter().any(|one| self.config.policy.mechanisms.contains(one)) {
            return Ok(());
        }
        let detail = "the policy of the authenticator config does not allow this kind of credential";
        Err(refused(Refusal::new(Reason::MechanismNotAllowed, detail)))
    }

    /// The key that is registered in the realm with this id, if it belongs to the identity of the sign-in.
    async fn registered(&self, key_id: &[u8]) -> Result<Option<RegisteredKey>, Problem> {
        let found = self.deps.table.registered_key(&self.config.realm, key_id).await?;
        let wanted = self.token.begin().identity.as_ref();
        Ok(found.filter(|key| wanted.is_none_or(|wanted| key.identity.id == *wanted)))
    }

    /// Records the sign-in and signs the token about it.
    async fn complete(&self, Verified { key, passkey, asserted }: &Verified) -> Result<SignedIn, Problem> {
        let Self { deps, config, token, now } = *self;
        let realm = deps.table.recent_realm(&config.realm, now).await?;
        let sign_in = SignIn {
            key,
            token,
            authenticator: asserted.map(|asserted| AuthenticatorState {
                sign_count: asserted.sign_count(),
                backup_state: asserted.backup_state(),
            }),
            on_clone: config.sign_in.on_clone,
            published: realm.is_some_and(|realm| realm.sign_in_events),
            now,
        };
        let recorded = deps.table.sign_in(&sign_in).await?;
        let clone_suspected = recorded.map_err(|not| not_signed_in(not, passkey.clone()))?.clone_suspected;
        let statement = Statement {
            config,
            key,
            nonce: token.begin().nonce.as_deref(),
            user_verified: asserted.map(|asserted| asserted.user_verified()),
            clone_suspected,
            time: now,
        };
        Ok(SignedIn {
            sign_in_token: statement.sign(&deps.token_key, &deps.public_url).into(),
            identity_id: key.identity.id.as_str().into(),
            credential_id: key.credential.to_string().into(),
            clone_suspected: True::when(clone_suspected),
        })
    }
}

fn refused(Refusal { reason, detail }: Refusal) -> Problem {
    Problem::proof_refused(reason, detail)
}

fn not_signed_in(not: NotSignedIn, passkey: Option<DisownedPasskey>) -> Problem {
    match not {
        NotSignedIn::Unknown => Problem::unknown_credential(passkey),
        NotSignedIn::Suspended => Problem::sign_in_suspended(),
        NotSignedIn::TokenUsed => Problem::sign_in_used(),
        NotSignedIn::CloneSuspected => {
            let detail = "the signature counter did not increase: another device may have a copy of this passkey";
            Problem::proof_refused(Reason::SignCountRegressed, detail)
        }
    }
}
