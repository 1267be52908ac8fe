//! A software device: it answers creation options like a browser with a platform authenticator.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ciborium::Value as Cbor;
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};

/// A device whose behaviour can be changed.
pub(crate) struct Device {
    pub(crate) origin: String,
    /// Authenticator data flags: user present, user verified, attested data.
    pub(crate) flags: u8,
    pub(crate) credential_id: Vec<u8>,
    pub(crate) rp_id: Option<String>,
    /// Whether its key is an RSA key instead of a P-256 key.
    pub(crate) rsa: bool,
    /// Its AAGUID.
    pub(crate) aaguid: [u8; 16],
    /// What its browser reports about the resident key, if anything.
    pub(crate) resident_key: Option<bool>,
    /// The signature counter of its next assertion.
    pub(crate) sign_count: u32,
    /// The user handle that it was given, in base64url.
    pub(crate) user_handle: Option<String>,
    pub(crate) key: EcdsaKeyPair,
}

impl Device {
    pub(crate) fn new(origin: &str) -> Self {
        let id: [u8; 32] = cloud::random::bytes();
        let random = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap();
        Self {
            origin: origin.to_owned(),
            flags: 0x45,
            credential_id: id.to_vec(),
            rp_id: None,
            rsa: false,
            aaguid: [0xad; 16],
            resident_key: None,
            sign_count: 0,
            user_handle: None,
            key: EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8.as_ref(), &random).unwrap(),
        }
    }

    /// The response of a client of the published API: its own challenge, and the page's host as relying party id.
    pub(crate) fn register_by_client(&self, challenge: &str, host: &str) -> Value {
        let options = json!({"challenge": URL_SAFE_NO_PAD.encode(challenge), "rp": {"id": host}});
        let response = self.register(&options)["response"].clone();
        let padded = |name: &str| STANDARD.encode(URL_SAFE_NO_PAD.decode(response[name].as_str().unwrap()).unwrap());
        json!({"client_data_json_base64": padded("clientDataJSON"), "attestation_object": padded("attestationObject")})
    }

    /// A `RegistrationResponseJSON` with a fresh key and attestation `none`.
    pub(crate) fn register(&self, options: &Value) -> Value {
        let challenge = options["challenge"].as_str().unwrap();
        let client_data = json!({
            "type": "webauthn.create", "challenge": challenge, "origin": self.origin, "crossOrigin": false,
        });
        let rp_id = self.rp_id.as_deref().unwrap_or_else(|| options["rp"]["id"].as_str().unwrap());
        let mut data = digest(&SHA256, rp_id.as_bytes()).as_ref().to_vec();
        data.push(self.flags);
        data.extend([0; 4]);
        data.extend(self.aaguid);
        data.extend(u16::try_from(self.credential_id.len()).unwrap().to_be_bytes());
        data.extend(&self.credential_id);
        data.extend(encode(&if self.rsa { rsa_key() } else { self.cose_key() }));
        let object = Cbor::Map(vec![
            (Cbor::Text("fmt".into()), Cbor::Text("none".into())),
            (Cbor::Text("attStmt".into()), Cbor::Map(Vec::new())),
            (Cbor::Text("authData".into()), Cbor::Bytes(data)),
        ]);
        let id = URL_SAFE_NO_PAD.encode(&self.credential_id);
        json!({
            "id": id, "rawId": id, "type": "public-key", "authenticatorAttachment": "platform",
            "response": {
                "clientDataJSON": URL_SAFE_NO_PAD.encode(client_data.to_string()),
                "attestationObject": URL_SAFE_NO_PAD.encode(encode(&object)),
                "transports": ["internal"],
            },
            "clientExtensionResults": self.resident_key.map_or(json!({}), |rk| json!({"credProps": {"rk": rk}})),
        })
    }

    fn cose_key(&self) -> Cbor {
        let point = self.key.public_key().as_ref();
        let int = |number: i64| Cbor::Integer(number.into());
        Cbor::Map(vec![
            (int(1), int(2)),
            (int(3), int(-7)),
            (int(-1), int(1)),
            (int(-2), Cbor::Bytes(point[1..33].to_vec())),
            (int(-3), Cbor::Bytes(point[33..].to_vec())),
        ])
    }

    /// An `AuthenticationResponseJSON` that answers request options.
    pub(crate) fn sign_in(&self, options: &Value) -> Value {
        let client_data = json!({
            "type": "webauthn.get", "challenge": options["challenge"], "origin": self.origin, "crossOrigin": false,
        })
        .to_string();
        let rp_id = self.rp_id.as_deref().unwrap_or_else(|| options["rpId"].as_str().unwrap());
        let mut data = digest(&SHA256, rp_id.as_bytes()).as_ref().to_vec();
        // Without attested data.
        data.push(self.flags & !0x40);
        data.extend(self.sign_count.to_be_bytes());
        let signed = [&data, digest(&SHA256, client_data.as_bytes()).as_ref()].concat();
        let signature = self.key.sign(&SystemRandom::new(), &signed).unwrap();
        let id = URL_SAFE_NO_PAD.encode(&self.credential_id);
        let mut response = json!({
            "clientDataJSON": URL_SAFE_NO_PAD.encode(client_data),
            "authenticatorData": URL_SAFE_NO_PAD.encode(data),
            "signature": URL_SAFE_NO_PAD.encode(signature),
        });
        if let Some(handle) = &self.user_handle {
            response["userHandle"] = json!(handle);
        }
        json!({"id": id, "rawId": id, "type": "public-key", "response": response, "clientExtensionResults": {}})
    }
}

/// The response of a device with default behaviour.
pub(crate) fn register(options: &Value, origin: &str) -> Value {
    Device::new(origin).register(options)
}

/// A public key of 2048 bits. Its private key is unknown, and attestation `none` needs no signature.
fn rsa_key() -> Cbor {
    let mut modulus: [u8; 256] = cloud::random::bytes();
    modulus[0] |= 0x80;
    modulus[255] |= 1;
    let int = |number: i64| Cbor::Integer(number.into());
    Cbor::Map(vec![
        (int(1), int(3)),
        (int(3), int(-257)),
        (int(-1), Cbor::Bytes(modulus.to_vec())),
        (int(-2), Cbor::Bytes(vec![1, 0, 1])),
    ])
}

fn encode(value: &Cbor) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).unwrap();
    bytes
}
