//! An example of every body.

use axum::http::StatusCode;
use serde_json::{Value, json};

/// An id that we could have made.
pub(super) const ID: &str = "01a20a52-8cdd-7ce4-b7e8-52164f112b0f";
const TIME: &str = "2026-01-31T12:00:00.000Z";
const LATER: &str = "2026-02-07T12:00:00.000Z";

/// What a status means.
pub(super) fn reason(status: u16) -> &'static str {
    StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason()).unwrap_or("Refused")
}

pub(super) fn problem(status: u16, kind: &str) -> Value {
    let title = reason(status);
    let types = crate::problem::TYPES;
    json!({
        "type": if kind.is_empty() { "about:blank".to_owned() } else { format!("{types}{kind}") },
        "title": title, "status": status, "detail": format!("{title}."), "instance": "/v1/tenants/demo/realms/demo",
        "code": title.to_lowercase().replace([' ', '-'], "_"), "message": title, "details": [], "request_id": ID,
    })
}

pub(super) fn body(name: &str) -> Value {
    match name {
        "realm" => json!({"realm": {"display_name": "Demo", "return_delivery": "allowed"}}),
        "identity" => json!({"identity": {"display_name": "Ada", "traits": traits()}}),
        "identity patch" => json!({"identity": {"display_name": "Ada Lovelace"}}),
        "authenticator_config" => {
            json!({"authenticator_config": {"display_name": "Our page", "config": {"type": "hosted_web"}}})
        }
        "authenticator_config patch" => json!({"authenticator_config": {"display_name": "The hosted page"}}),
        "job" => json!({"job": {"delivery_method": "RETURN", "authenticator_config_id": "hosted"}}),
        "resend" => json!({"expires_in_seconds": 86400}),
        "code" => json!({"code": "YWRh.AaIKUozdfOS36FIWTxErDw.c2VjcmV0"}),
        _ => json!({"type": "JWT", "raw": "eyJhbGciOiJFUzI1NiJ9.e30.c2lnbmF0dXJl"}),
    }
}

pub(super) fn answer(schema: &str) -> Value {
    let list = |name: &str, schema: &str| json!({name: [answer(schema)], "total_size": 1});
    match schema {
        "Realm" => json!({
            "id": "demo", "tenant_id": "demo", "display_name": "Demo", "theme": theme(),
            "email": {"from_name": "", "reply_to": "", "subject": "", "passkey_notice": true},
            "post_binding_redirect_uris": ["https://app.example.com/welcome"],
            "link_lifetime": {"default_seconds": 604_800, "max_seconds": 2_592_000},
            "return_delivery": "allowed", "link_renewal": "forbidden", "create_time": TIME, "update_time": TIME,
        }),
        "Identity" => json!({
            "id": "ada", "tenant_id": "demo", "realm_id": "demo", "display_name": "Ada", "traits": traits(),
            "create_time": TIME, "update_time": TIME,
        }),
        "AuthenticatorConfig" => json!({
            "id": "hosted", "tenant_id": "demo", "realm_id": "demo", "version": 1, "display_name": "Our page",
            "config": {"type": "hosted_web"}, "create_time": TIME, "update_time": TIME,
            "passkey_policy": {
                "mechanisms": ["FIDO2"], "user_verification": "required", "resident_key": "required",
                "attestation": "none", "trust": "any", "aaguids": {"allow": [], "deny": []},
                "backup_eligible": "allowed",
            },
        }),
        "CredentialBindingJob" => json!({
            "id": ID, "tenant_id": "demo", "realm_id": "demo", "identity_id": "ada", "delivery_method": "RETURN",
            "state": "LINK_SENT", "authenticator_config_id": "hosted", "expire_time": LATER, "create_time": TIME,
            "update_time": TIME, "transitions": [{"state": "LINK_SENT", "time": TIME}],
        }),
        "Credential" => json!({
            "id": ID, "tenant_id": "demo", "realm_id": "demo", "identity_id": "ada", "job_id": ID, "state": "ACTIVE",
            "csr_type": "JWT", "algorithm": "ES256", "create_time": TIME, "update_time": TIME,
            "jwk_json": "{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"2MRhz05PJPq3BUfB18AT3HqgWEkI3VpWUg1MWi8rz1g\",\
                \"y\":\"YtvLYwGEqYQaoDVok2fVziJT4fu7DFPz3hy96FTAelQ\"}",
            "jwk_thumbprint": "UW-uVNL0mP1vcLjHrTBxibNgCEe_PD0HIsE3FrbYjPA=",
        }),
        "IdentityList" => list("identities", "Identity"),
        "AuthenticatorConfigList" => list("authenticator_configs", "AuthenticatorConfig"),
        "CredentialBindingJobList" => list("credential_binding_jobs", "CredentialBindingJob"),
        "CredentialList" => list("credentials", "Credential"),
        "RedeemedJob" => json!({"credential_binding_job": answer("CredentialBindingJob")}),
        "CreatedJob" => json!({
            "credential_binding_job": answer("CredentialBindingJob"),
            "credential_binding_link": format!("https://id.example.com/bind#/v1/tenants/demo/realms/demo/identities/ada/credential-binding-jobs/{ID}?token=secret"),
        }),
        "BoundCredential" => {
            let mut bound = answer("Credential");
            bound["binding_receipt"] = "eyJhbGciOiJFUzI1NiJ9.e30.c2lnbmF0dXJl".into();
            bound
        }
        "Preview" => json!({
            "state": "LINK_SENT", "expire_time": LATER, "realm": {"display_name": "Demo"},
            "identity": {"display_name": "Ada"}, "theme": theme(),
        }),
        "DisownPreview" => json!({
            "credential": {"state": "ACTIVE", "create_time": TIME, "model": "iCloud Keychain"}, "expire_time": LATER,
            "removable": true, "realm": {"display_name": "Demo"}, "identity": {"display_name": "Ada"}, "theme": theme(),
        }),
        "Instruction" => json!({
            "api_base_url": "https://id.example.com", "tenant_id": "demo", "realm_id": "demo", "identity_id": "ada",
            "job_id": ID, "token": "ceremony",
        }),
        "BindingRequest" => json!({
            "tenant": {"id": "demo", "display_name": "demo"}, "realm": {"id": "demo", "display_name": "Demo"},
            "identity": {"id": "ada", "display_name": "Ada", "traits": traits()}, "theme": theme(),
            "authenticator_config": {
                "id": "hosted", "realm_id": "demo", "tenant_id": "demo", "config": {"type": "hosted_web"},
            },
        }),
        "Renewed" => json!({"delivery_method": "EMAIL", "expire_time": LATER}),
        "CredentialProof" => json!({
            "credential_id": ID, "tenant_id": "demo", "realm_id": "demo", "identity_id": "ada", "job_id": ID,
            "jwk_thumbprint": "UW-uVNL0mP1vcLjHrTBxibNgCEe_PD0HIsE3FrbYjPA=", "verified_time": TIME,
            "authenticator_config_id": "hosted", "authenticator_config_version": 1,
            "passkey_policy": answer("AuthenticatorConfig")["passkey_policy"],
            "expected": {"nonce": "bm9uY2U", "aud": "https://id.example.com/v1/tenants/demo"},
            "proof": {"type": "JWT", "raw": "eyJhbGciOiJFUzI1NiJ9.e30.c2lnbmF0dXJl"},
        }),
        "RelatedOrigins" => json!({"origins": ["https://shop.example.com"]}),
        "PasskeyEndpoints" => json!({"enroll": "https://example.com/passkeys"}),
        "Declined" | "Disowned" => json!({"state": "REVOKED"}),
        _ => json!({"keys": []}),
    }
}

fn traits() -> Value {
    json!({"type": "traits_v0", "username": "ada", "primary_email_address": "ada@example.com"})
}

fn theme() -> Value {
    json!({
        "logo_url_light": "", "logo_url_dark": "", "support_url": "https://example.com/help",
        "button_color": "#1a56db", "button_text_color": "#ffffff",
    })
}
