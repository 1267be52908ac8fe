//! webauthn-rs as a second verifier, which must agree. It reads the same bytes with other parsers and other
//! cryptography. It is consulted where it need not verify a signature again: `none` and `apple`, keys on P-256 and
//! P-384, RSA keys of 2048 bits with the exponent 65537, no extensions, a page within the relying party's domain.
//!
//! A registration that it cannot parse is skipped. Its parsers accept less than the specification allows: not old
//! forms of
//! `tokenBinding`, lone surrogates, bytes that UTF-8 decoding replaces, or CBOR members with numeric names.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use webauthn_rs::prelude::{
    PasskeyRegistration, RegisterPublicKeyCredential, Url, Uuid, WebauthnBuilder, WebauthnError,
};
use webauthn_rs_proto::{AuthenticatorAttestationResponseRaw, RegistrationExtensionsClientOutputs};

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
    /// The challenge as in the client data: base64url.
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
            Algorithm::Rs256 => matches!(self.key, Key::Rsa { n, e } if n.len() == 256 && e == &[1, 0, 1]),
            _ => false,
        };
        format && key && !self.object.data.flags.has_extensions()
    }

    /// Consults webauthn-rs, if the registration is of a kind that it can check.
    ///
    /// # Errors
    /// A refusal, if webauthn-rs could parse the registration but rejects it.
    pub(super) fn ask(&self) -> Result<(), Refusal> {
        if !self.is_within_its_reach() {
            return Ok(());
        }
        let Ok(webauthn) = WebauthnBuilder::new(self.rp_id, self.origin).and_then(WebauthnBuilder::build) else {
            return Ok(());
        };
        let disagrees = |detail: String| Refusal::new(Reason::VerifiersDisagree, detail);
        let state = self.state().ok_or_else(|| disagrees("its state has other members".to_owned()))?;
        let credential = RegisterPublicKeyCredential {
            id: URL_SAFE_NO_PAD.encode(&self.object.data.credential_id),
            raw_id: self.object.data.credential_id.clone(),
            response: AuthenticatorAttestationResponseRaw {
                attestation_object: self.attestation_object.into(),
                client_data_json: self.client_data_json.into(),
                transports: None,
            },
            type_: "public-key".to_owned(),
            extensions: RegistrationExtensionsClientOutputs::default(),
        };
        match webauthn.finish_passkey_registration(&credential, &state) {
            Err(error) if !could_not_parse(&error) => Err(disagrees(error.to_string())),
            _ => Ok(()),
        }
    }

    /// webauthn-rs's state between its two calls, with the checked challenge, so that nothing need be stored.
    fn state(&self) -> Option<PasskeyRegistration> {
        let mut state = STATE.clone()?;
        let members = state.get_mut("rs")?;
        *members.get_mut("challenge")? = self.challenge.into();
        *members.get_mut("policy")? = self.user_verification.name().into();
        serde_json::from_value(state).ok()
    }
}

/// The state of a ceremony. Only challenge and policy differ between ceremonies without extensions.
static STATE: LazyLock<Option<Value>> = LazyLock::new(|| {
    let origin = Url::parse("https://example.org").ok()?;
    let webauthn = WebauthnBuilder::new("example.org", &origin).and_then(WebauthnBuilder::build).ok()?;
    let (_, state) = webauthn.start_passkey_registration(Uuid::nil(), "-", "-", None).ok()?;
    serde_json::to_value(state).ok()
});

fn could_not_parse(error: &WebauthnError) -> bool {
    use WebauthnError::{
        ParseBase64Failure, ParseCBORFailure, ParseInsufficientBytesAvailable, ParseJSONFailure, ParseNOMFailure,
    };
    matches!(
        error,
        ParseBase64Failure(_)
            | ParseCBORFailure(_)
            | ParseInsufficientBytesAvailable
            | ParseJSONFailure(_)
            | ParseNOMFailure
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The W3C's test vector `none-es256`.
    struct Vector {
        client_data: Vec<u8>,
        object: Vec<u8>,
        challenge: String,
    }

    impl Vector {
        fn new() -> Self {
            let all: Value =
                serde_json::from_str(include_str!("../../tests/data/webauthn-level3-vectors.json")).unwrap();
            let vector = &all["vectors"][0];
            assert_eq!(vector["name"], "none-es256");
            let registration = &vector["registration"];
            let text = |name: &str| registration[name].as_str().unwrap().to_owned();
            let bytes = |name: &str| URL_SAFE_NO_PAD.decode(text(name)).unwrap();
            Self {
                client_data: bytes("clientDataJSON"),
                object: bytes("attestationObject"),
                challenge: text("challenge"),
            }
        }

        /// The verdict of webauthn-rs, assuming that this crate has accepted the registration.
        fn ask(&self, rp_id: &str, origin: &str, user_verification: Requirement) -> Result<(), Reason> {
            let object = AttestationObject::parse(&self.object).unwrap();
            let (key, algorithm) = Key::from_cose(&object.data.key).unwrap();
            let registration = Registration {
                object: &object,
                key: &key,
                algorithm,
                rp_id,
                origin: &Url::parse(origin).unwrap(),
                challenge: &self.challenge,
                user_verification,
                client_data_json: &self.client_data,
                attestation_object: &self.object,
            };
            registration.ask().map_err(|refusal| refusal.reason)
        }

        fn disagrees(&self) -> bool {
            match self.ask("example.org", "https://example.org", Requirement::Preferred) {
                Ok(()) => false,
                Err(reason) => reason == Reason::VerifiersDisagree,
            }
        }

        fn with_client_data(from: &str, to: &str) -> Self {
            let vector = Self::new();
            let client_data = String::from_utf8(vector.client_data).unwrap();
            assert!(client_data.contains(from));
            Self { client_data: client_data.replace(from, to).into_bytes(), ..vector }
        }
    }

    /// Faults that this crate could have missed.
    #[test]
    fn a_registration_that_only_one_verifier_accepts_is_a_disagreement() {
        let vector = Vector::new();
        assert!(!vector.disagrees());
        let disagrees = Err(Reason::VerifiersDisagree);
        assert_eq!(vector.ask("other.example", "https://other.example", Requirement::Preferred), disagrees);
        assert_eq!(vector.ask("example.org", "https://login.example.org", Requirement::Preferred), disagrees);
        assert_eq!(vector.ask("example.org", "https://example.org", Requirement::Required), disagrees);
        let challenge = URL_SAFE_NO_PAD.encode([0; 32]);
        assert!(Vector { challenge, ..Vector::new() }.disagrees());
        assert!(Vector::with_client_data("webauthn.create", "webauthn.get").disagrees());
        assert!(Vector::with_client_data("https://example.org", "https://example.com").disagrees());
        let mut absent = Vector::new();
        let flags = absent.object.windows(32).position(|part| part == &digest("example.org")[..]).unwrap() + 32;
        absent.object[flags] &= !1;
        assert!(absent.disagrees(), "user present");
    }

    fn digest(text: &str) -> Vec<u8> {
        ring::digest::digest(&ring::digest::SHA256, text.as_bytes()).as_ref().to_vec()
    }

    #[test]
    fn a_registration_that_webauthn_rs_cannot_parse_is_no_disagreement() {
        for more in [
            r#""tokenBinding":"unused","#,
            r#""tokenBinding":{"status":"whatever"},"#,
            r#""x":"\ud83d","#,
            r#""x":1e999,"#,
            &format!(r#""x":{}1{},"#, "[".repeat(300), "]".repeat(300)),
            r#""crossOrigin":null,"#,
        ] {
            let vector = Vector::with_client_data("{", &format!("{{{more}"));
            assert!(!vector.disagrees(), "{more:.40}");
        }
        let vector = Vector::new();
        let with_mark = [b"\xef\xbb\xbf", vector.client_data.as_slice()].concat();
        assert!(!Vector { client_data: with_mark, ..Vector::new() }.disagrees());
        let mut invalid = Vector::with_client_data("{", r#"{"x":"?","#);
        let place = invalid.client_data.iter().position(|byte| *byte == b'?').unwrap();
        invalid.client_data[place] = 0xff;
        assert!(!invalid.disagrees());
        let mut named_by_a_number = Vector::new();
        named_by_a_number.object[0] += 1;
        named_by_a_number.object.extend([1, 0xf6]);
        assert!(!named_by_a_number.disagrees());
    }
}
