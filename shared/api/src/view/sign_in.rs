//! Signing in.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_with::skip_serializing_none;

use crate::scalar::{ChosenId, Jws, Text, True, Uuid};

/// A sign-in that was begun.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct BegunSignIn {
    /// The token for `:finishSignIn`. It is valid for five minutes and can be used once.
    pub token: Text,
    /// The options for `navigator.credentials.get`.
    pub request_options: RequestOptions,
}

/// `PublicKeyCredentialRequestOptionsJSON` (WebAuthn Level 3 §5.1.9).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RequestOptions(pub Value);

#[cfg(feature = "schema")]
impl schemars::JsonSchema for RequestOptions {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "RequestOptions".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "object",
            "description": "PublicKeyCredentialRequestOptionsJSON (WebAuthn Level 3 §5.1.9).",
            "required": ["challenge", "rpId", "allowCredentials", "userVerification"],
            "properties": {
                "challenge": {"type": "string", "description": "The challenge, in base64url."},
                "timeout": {"type": "integer", "description": "How long the browser may wait, in milliseconds."},
                "rpId": {"type": "string", "description": "The relying party id."},
                "allowCredentials": {
                    "type": "array",
                    "description": "The passkeys that may be used. Empty for any of the relying party.",
                    "items": {"type": "object"},
                },
                "hints": {
                    "type": "array",
                    "description": "The kinds of authenticators to offer first.",
                    "items": {"type": "string"},
                },
                "userVerification": {
                    "type": "string", "description": "Whether the authenticator must verify its user.",
                },
            },
        })
    }
}

/// A finished sign-in.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct SignedIn {
    /// The signed statement of who signed in, valid for two minutes. Your back end verifies it with the keys at
    /// `/.well-known/jwks.json`.
    pub sign_in_token: Jws,
    /// The identity that signed in.
    pub identity_id: ChosenId,
    /// The credential that was used.
    pub credential_id: Uuid,
    /// Present if the signature counter did not increase and the config accepts that: another device may have a copy of
    /// the passkey.
    pub clone_suspected: Option<True>,
}
