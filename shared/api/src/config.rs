//! Authenticator configs: requests and views.

use binding::directory::{Attestation, AuthenticatorConfig, Invocation, Mechanism, Policy, Requirement};
use binding::ids::{ConfigId, RealmRef};
use binding::redirect;
use binding::time::Timestamp;
use serde_json::{Map, Value, json};

use crate::fields::Fields;
use crate::problem::Problem;

/// What a policy may say one day, and must not say today: a promise that the server does not keep would be worse than
/// a refusal.
const NOT_ENFORCED_YET: [&str; 5] = ["trust", "aaguids", "backup_eligible", "algorithms", "origins"];

/// Reads a whole config.
///
/// # Errors
/// A 400 with all violations.
pub fn parse(
    body: &Map<String, Value>,
    realm: RealmRef,
    id: ConfigId,
    now: Timestamp,
) -> Result<AuthenticatorConfig, Problem> {
    let mut fields = Fields::of(body, "authenticator_config")?;
    let display_name = fields.required_text("display_name", 128);
    if fields.value("config").is_none() {
        fields.refuse("config", "is required");
    }
    let invocation = fields.object("config", invocation);
    let (relying_party_id, relying_party_name) = fields.object("relying_party", |rp| {
        (rp.checked("id", domain).filter(|id| !id.is_empty()), rp.text("name", 64).filter(|name| !name.is_empty()))
    });
    let usual = Policy { mechanisms: invocation.usual_mechanisms(), ..Policy::default() };
    let policy = fields.object("passkey_policy", |fields| policy(fields, usual));
    fields.done()?;
    Ok(AuthenticatorConfig {
        realm,
        id,
        version: 1,
        display_name,
        invocation,
        relying_party_id,
        relying_party_name,
        policy,
        create_time: now,
        update_time: now,
    })
}

fn invocation(config: &mut Fields<'_>) -> Invocation {
    let kind = config.choice("type", &["hosted_web", "embedded"], |name| {
        ["hosted_web", "embedded"].into_iter().find(|known| *known == name)
    });
    if config.value("type").is_none() {
        config.refuse("type", "is required: hosted_web or embedded");
    }
    if kind != Some("embedded") {
        return Invocation::HostedWeb;
    }
    let invoke_url = config.checked("invoke_url", base_url).unwrap_or_default();
    if config.value("invoke_url").is_none() {
        config.refuse("invoke_url", "is required for an embedded config");
    }
    let trusted_origins = config.texts("trusted_origins", 50, redirect::check_origin).unwrap_or_default();
    let invocation_type = config.choice("invocation_type", &["manual", "automatic"], |name| {
        ["manual", "automatic"].contains(&name).then(|| name.to_owned())
    });
    let methods = config.value("authentication_methods");
    if methods.is_some_and(|methods| !methods.is_array() || methods.to_string().len() > 2048) {
        config.refuse("authentication_methods", "must be a list of at most 2048 bytes");
    }
    let authentication_methods = methods.map(Value::to_string);
    Invocation::Embedded { invoke_url, trusted_origins, invocation_type, authentication_methods }
}

fn policy(policy: &mut Fields<'_>, usual: Policy) -> Policy {
    for name in NOT_ENFORCED_YET {
        if policy.value(name).is_some() {
            policy.refuse(name, "is not enforced by this version, so it is not accepted");
        }
    }
    let known =
        |name: &str| Mechanism::from_name(name).map(drop).ok_or_else(|| "must be FIDO2, WEBAUTHN or JWT".to_owned());
    let mechanisms = policy.texts("mechanisms", Mechanism::ALL.len(), known);
    if mechanisms.as_ref().is_some_and(Vec::is_empty) && policy.value("mechanisms") == Some(&json!([])) {
        policy.refuse("mechanisms", "must name one at least");
    }
    let mechanisms = mechanisms.map(|names| names.iter().filter_map(|name| Mechanism::from_name(name)).collect());
    let wishes = ["required", "preferred", "discouraged"];
    let attestations = ["none", "indirect", "direct", "enterprise"];
    Policy {
        mechanisms: mechanisms.unwrap_or(usual.mechanisms),
        user_verification: policy
            .choice("user_verification", &wishes, Requirement::from_name)
            .unwrap_or(usual.user_verification),
        resident_key: policy.choice("resident_key", &wishes, Requirement::from_name).unwrap_or(usual.resident_key),
        attestation: policy.choice("attestation", &attestations, Attestation::from_name).unwrap_or(usual.attestation),
    }
}

/// An address to which `/bind?…` is appended.
fn base_url(text: &str) -> Result<(), String> {
    let url = redirect::check(text).map_err(|bad| bad.to_string())?;
    if url.query().is_some() { Err("must have no query: /bind?… is appended to it".to_owned()) } else { Ok(()) }
}

/// A relying party id: a domain in lower case (WebAuthn Level 3 §4, "Relying Party Identifier").
fn domain(text: &str) -> Result<(), String> {
    let url = redirect::check(&format!("https://{text}")).map_err(|_| "must be a domain, such as example.com")?;
    if url.domain() == Some(text) { Ok(()) } else { Err("must be a domain, such as example.com".to_owned()) }
}

/// A config as the API shows it.
#[must_use]
pub fn view(config: &AuthenticatorConfig) -> Value {
    let mut view = json!({
        "id": config.id.as_str(),
        "tenant_id": config.realm.tenant.as_str(),
        "realm_id": config.realm.realm.as_str(),
        "version": config.version,
        "display_name": config.display_name,
        "config": invocation_view(&config.invocation),
        "passkey_policy": {
            "mechanisms": config.policy.mechanisms.iter().map(|mechanism| mechanism.name()).collect::<Vec<_>>(),
            "user_verification": config.policy.user_verification.name(),
            "resident_key": config.policy.resident_key.name(),
            "attestation": config.policy.attestation.name(),
        },
        "create_time": config.create_time.to_string(),
        "update_time": config.update_time.to_string(),
    });
    let parts = [("id", &config.relying_party_id), ("name", &config.relying_party_name)];
    for (name, value) in parts {
        if let Some(value) = value {
            view["relying_party"][name] = value.as_str().into();
        }
    }
    view
}

/// The part of a config that a device gets too.
#[must_use]
pub fn invocation_view(invocation: &Invocation) -> Value {
    match invocation {
        Invocation::HostedWeb => json!({"type": "hosted_web"}),
        Invocation::Embedded { invoke_url, trusted_origins, invocation_type, authentication_methods } => {
            let mut view = json!({"type": "embedded", "invoke_url": invoke_url, "trusted_origins": trusted_origins});
            if let Some(kind) = invocation_type {
                view["invocation_type"] = kind.as_str().into();
            }
            if let Some(methods) = authentication_methods.as_ref().and_then(|json| serde_json::from_str(json).ok()) {
                view["authentication_methods"] = methods;
            }
            view
        }
    }
}
