//! Passkey policies: requests. A contradictory policy is rejected when it is saved, not when a user tries to enrol.

use binding::directory::Invocation;
use binding::policy::{Attestation, Certification, Mechanism, Policy, RootSet, Trust};
use binding::redirect;
use serde_json::{Map, Value};

use crate::aaguid;
use crate::certificate;
use crate::config::Installation;
use crate::fields::{Fields, distinct};
use crate::problem::Problem;
use crate::view::AndroidStatus;

/// The maximum number of certificates in a policy.
const MOST_ROOTS: usize = 20;
/// The maximum number of models in a list of a policy.
const MOST_MODELS: usize = 200;
/// The maximum number of origins in a policy.
const MOST_ORIGINS: usize = 50;

/// Reads a policy.
pub(crate) fn policy(fields: &mut Fields<'_>, invocation: &Invocation, installation: Installation<'_>) -> Policy {
    let policy = items(fields, invocation);
    contradictions(fields, &policy, invocation, installation);
    policy
}

/// Reads a stored policy, in the form of `passkey_policy` ([`crate::view::Policy`]).
///
/// # Errors
/// A 400 with all violations.
pub fn parse(body: &Map<String, Value>) -> Result<Policy, Problem> {
    let mut fields = Fields::of(body, "passkey_policy")?;
    let policy = items(&mut fields, &Invocation::HostedWeb);
    fields.done()?;
    Ok(policy)
}

fn items(fields: &mut Fields<'_>, invocation: &Invocation) -> Policy {
    let usual = Policy::default();
    let mechanisms = fields.some_of("mechanisms");
    let (aaguids_allowed, aaguids_denied) =
        fields.object("aaguids", |lists| (models(lists, "allow"), models(lists, "deny")));
    let (roots, root_sets) = roots(fields);
    let mut policy = Policy {
        mechanisms: mechanisms.clone().unwrap_or_else(|| invocation.usual_mechanisms()),
        user_verification: fields.one_of("user_verification").unwrap_or(usual.user_verification),
        resident_key: fields.one_of("resident_key").unwrap_or(usual.resident_key),
        attestation: fields.one_of("attestation").unwrap_or(usual.attestation),
        trust: trust(fields),
        roots,
        root_sets,
        android_status_required: fields.one_of("android_status") == Some(AndroidStatus::Required),
        aaguids_allowed,
        aaguids_denied,
        backup_eligible: fields.one_of("backup_eligible").unwrap_or_default(),
        algorithms: fields.some_of("algorithms").unwrap_or_default(),
        origins: fields.texts("origins", MOST_ORIGINS, redirect::check_origin_or_app).unwrap_or_default(),
    };
    if mechanisms.is_none() && policy.beyond_jwt().is_some() {
        policy.mechanisms.retain(|mechanism| *mechanism != Mechanism::Jwt);
    }
    policy
}

/// Reports settings that no device could meet, or that would not be enforced.
fn contradictions(fields: &mut Fields<'_>, policy: &Policy, invocation: &Invocation, installation: Installation<'_>) {
    let level = policy.trust.level();
    // An invalid setting is already reported.
    if policy.attestation == Attestation::None && fields.value("attestation").is_none_or(|wish| wish == "none") {
        if policy.trust != Trust::Any {
            let why = format!("{level} requires attestation: set attestation to indirect, direct or enterprise");
            fields.refuse("trust", why);
        }
        if !policy.aaguids_allowed.is_empty() {
            let why = "requires attestation: with none, a browser may hide the model, and the model is not verified";
            fields.refuse("aaguids.allow", why);
        }
    }
    match policy.trust {
        Trust::FidoMds(_) if !policy.roots.is_empty() || !policy.root_sets.is_empty() => {
            fields.refuse("attestation_roots", "has no effect with trust fido_mds: the metadata lists the roots");
        }
        Trust::FidoMds(_) if !installation.fido_metadata => {
            fields.refuse(
                "trust",
                "fido_mds requires FIDO metadata, which this installation does not have (docs/webauthn.md)",
            );
        }
        Trust::Attested if policy.needs_metadata() && !installation.fido_metadata => {
            let why = "attested requires attestation_roots, because this installation has no FIDO metadata";
            fields.refuse("trust", why);
        }
        _ => {}
    }
    if policy.android_status_required && policy.trust == Trust::Any {
        fields.refuse("android_status", "has no effect with trust any: use attested or fido_mds");
    } else if policy.android_status_required && !installation.android_status {
        let why = "requires Google's attestation status list, which this installation does not have (docs/webauthn.md)";
        fields.refuse("android_status", why);
    }
    for (index, model) in policy.aaguids_allowed.iter().enumerate() {
        if policy.aaguids_denied.contains(model) {
            fields.refuse(&format!("aaguids.allow[{index}]"), "is in aaguids.deny as well");
        }
    }
    if policy.mechanisms.contains(&Mechanism::Jwt) {
        if let Some(item) = policy.beyond_jwt() {
            let why =
                format!("must not contain JWT: it proves nothing about the device, so {item} could not be enforced");
            fields.refuse("mechanisms", why);
        }
        if policy.jwt_algorithms().next().is_none() {
            let why = "must contain ES256, ES384, EdDSA or RS256: the policy allows JWT, which supports no others";
            fields.refuse("algorithms", why);
        }
    }
    let ours = installation.public_url.origin();
    if *invocation == Invocation::HostedWeb
        && !policy.origins.is_empty()
        && !policy.origins.iter().any(|one| one == ours)
    {
        fields.refuse("origins", format!("must contain {ours}, the origin of the hosted page"));
    }
}

/// `"any"`, `"attested"`, `"fido_mds"`, or `{"level", "minimum_certification"}`.
fn trust(fields: &mut Fields<'_>) -> Trust {
    let known = |name: &str| Trust::LEVELS.into_iter().find(|level| *level == name);
    let (level, minimum) = match fields.value("trust") {
        None => return Trust::Any,
        Some(Value::Object(_)) => fields.object("trust", |parts| {
            let level = parts.choice("level", &Trust::LEVELS, known);
            if parts.value("level").is_none() {
                parts.refuse("level", format!("is required: one of {}", Trust::LEVELS.join(", ")));
            }
            let levels = Certification::ALL.map(Certification::status);
            let minimum = parts.choice("minimum_certification", &levels, Certification::from_status);
            if minimum.is_some() && level.is_some_and(|level| level != "fido_mds") {
                parts.refuse("minimum_certification", "is allowed only with level fido_mds");
            }
            (level, minimum)
        }),
        Some(_) => (fields.choice("trust", &Trust::LEVELS, known), None),
    };
    level.and_then(|level| Trust::from_parts(level, minimum)).unwrap_or_default()
}

/// Certificates and names of sets.
fn roots(fields: &mut Fields<'_>) -> (Vec<Vec<u8>>, Vec<RootSet>) {
    let check = |text: &str| match RootSet::from_name(text) {
        Some(_) => Ok(()),
        None => certificate::read(text).map(drop).map_err(|why| format!("{why}; or the name of a set: google, apple")),
    };
    let texts = fields.texts("attestation_roots", MOST_ROOTS, check).unwrap_or_default();
    let sets = distinct(texts.iter().filter_map(|text| RootSet::from_name(text)));
    (texts.iter().filter_map(|text| certificate::read(text).ok()).collect(), sets)
}

fn models(fields: &mut Fields<'_>, name: &str) -> Vec<[u8; 16]> {
    let check = |text: &str| {
        let wrong = || "must be an AAGUID, such as 08987058-cadc-4b81-b6e1-30de50dcbe96".to_owned();
        aaguid::parse(text).map(drop).ok_or_else(wrong)
    };
    let texts = fields.texts(name, MOST_MODELS, check).unwrap_or_default();
    distinct(texts.iter().filter_map(|text| aaguid::parse(text)))
}
