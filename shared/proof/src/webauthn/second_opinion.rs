//! webauthn-rs as a second verifier, which must agree. It reads the same bytes with other parsers and other
//! cryptography. It is asked where it can answer without verifying a signature again: `none` and `apple`, keys on P-256
//! and P-384 and RSA keys of 2048 bits, no extensions, a page within the relying party's domain.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize as _;
use serde_json::json;
use webauthn_rs::prelude::{
    PasskeyRegistration, RegisterPublicKeyCredential, Url, Uuid, WebauthnBuilder, WebauthnError,
};

use super::authenticator_data::AttestationObject;
use crate::Algorithm;
use crate::key::Key;
use crate::refusal::{Reason, Refusal};
use crate::wish::Requirement;

/// A registration that this crate has verified.
pub(super) struct Registration<'a> {
    pub(super) object: &'a AttestationObject,
    pub(super) key: &'a Key,
    pub(super) algorithm: Algorithm,
    pub(super) rp_id: &'a str,
    pub(super) origin: &'a Url,
    /// The challenge as the client data have it: base64url.
    pub(super) challenge: &'a str,
    pub(super) user_verification: Requirement,
    pub(super) client_data_json: &'a [u8],
    pub(super) attestation_object: &'a [u8],
}

impl Registration<'_> {
    fn is_within_its_reach(&self) -> bool {
        let format = matches!(self.object.format.as_str(), "none" | "apple");
        let key = match self.algorithm {
            Algorithm::Es256 | Algorithm::Es384 => true,
            Algorithm::Rs256 => matches!(self.key, Key::Rsa { n, .. } if n.len() == 256),
            _ => false,
        };
        format && key && !self.object.data.has_extensions()
    }

    /// Asks, if there is an answer to expect.
    pub(super) fn ask(&self) -> Result<(), Refusal> {
        if !self.is_within_its_reach() {
            return Ok(());
        }
        let Ok(webauthn) = WebauthnBuilder::new(self.rp_id, self.origin).and_then(WebauthnBuilder::build) else {
            return Ok(());
        };
        let disagrees = |detail: String| Refusal::new(Reason::VerifiersDisagree, detail);
        let engine = |error: WebauthnError| disagrees(error.to_string());
        let (_, state) = webauthn.start_passkey_registration(Uuid::nil(), "-", "-", None).map_err(engine)?;
        let state = self.with_challenge(&state).map_err(|error| disagrees(format!("ceremony state: {error}")))?;
        let id = URL_SAFE_NO_PAD.encode(&self.object.data.credential_id);
        let credential = json!({
            "id": id,
            "rawId": id,
            "type": "public-key",
            "response": {
                "clientDataJSON": URL_SAFE_NO_PAD.encode(self.client_data_json),
                "attestationObject": URL_SAFE_NO_PAD.encode(self.attestation_object),
            },
            "extensions": {},
        });
        let credential = RegisterPublicKeyCredential::deserialize(credential)
            .map_err(|_| disagrees("the response is not that of a registration".into()))?;
        webauthn.finish_passkey_registration(&credential, &state).map(|_| ()).map_err(engine)
    }

    /// Its state between its two calls, made with the challenge that was checked, so that nothing has to be stored.
    fn with_challenge(&self, state: &PasskeyRegistration) -> Result<PasskeyRegistration, serde_json::Error> {
        let mut state = serde_json::to_value(state)?;
        state["rs"]["challenge"] = self.challenge.into();
        state["rs"]["policy"] = self.user_verification.name().into();
        serde_json::from_value(state)
    }
}
