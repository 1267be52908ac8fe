//! Authenticator configs: requests.

use binding::directory::{AuthenticatorConfig, Invocation, UnusedMembers};
use binding::ids::{ConfigId, RealmRef};
use binding::link::PublicUrl;
use binding::policy;
use binding::redirect;
use binding::sign_in::SignInSettings;
use binding::time::Timestamp;
use serde_json::{Map, Value};

use crate::fields::Fields;
use crate::problem::Problem;

/// The properties of the installation that configs are checked against.
#[derive(Clone, Copy, Debug)]
pub struct Installation<'a> {
    /// The public address of the installation.
    pub public_url: &'a PublicUrl,
    /// The origins that the operator allows to create passkeys for the installation's host.
    pub related_origins: &'a [String],
    /// Whether FIDO metadata is deployed.
    pub fido_metadata: bool,
    /// Whether Google's list of revoked Android attestation keys is deployed.
    pub android_status: bool,
}

/// Reads a complete config.
///
/// # Errors
/// A 400 with all violations.
pub fn parse(
    body: &Map<String, Value>,
    realm: RealmRef,
    id: ConfigId,
    now: Timestamp,
    installation: Installation<'_>,
) -> Result<AuthenticatorConfig, Problem> {
    let mut fields = Fields::of(body, "authenticator_config")?;
    let display_name = fields.name("display_name", 128);
    if fields.value("config").is_none() {
        fields.refuse("config", "is required");
    }
    let (invocation, unused_members) = fields.object("config", invocation);
    let relying_party = fields.object("relying_party", relying_party);
    let policy = fields.object("passkey_policy", |fields| crate::policy::policy(fields, &invocation, installation));
    let sign_in = fields.object("sign_in", sign_in);
    let config = AuthenticatorConfig {
        realm,
        id,
        version: 1,
        display_name: display_name.unwrap_or_else(|| invocation.kind().to_owned()),
        invocation,
        unused_members,
        relying_party_id: relying_party.id,
        related_origins: relying_party.related_origins,
        relying_party_name: relying_party.name,
        policy,
        sign_in,
        create_time: now,
        update_time: now,
    };
    // An app's default relying party id is the host of its pages, and pages on other hosts are allowed: clients of the
    // published API use their own host.
    if config.relying_party_id.is_some()
        && let Err((field, why)) = may_use_the_id(&config, installation)
    {
        fields.refuse(field, why);
    }
    fields.done()?;
    Ok(config)
}

/// Reads the member `config` of a config.
pub(crate) fn invocation(config: &mut Fields<'_>) -> (Invocation, UnusedMembers) {
    let kind = config.choice("type", &["hosted_web", "embedded"], |name| {
        ["hosted_web", "embedded"].into_iter().find(|known| *known == name)
    });
    if config.value("type").is_none() {
        config.refuse("type", "is required: hosted_web or embedded");
    }
    // Each member is checked for either type, and stored for the type that uses it.
    let invoke_url = config.checked("invoke_url", base_url).unwrap_or_default();
    let trusted_origins = config.texts("trusted_origins", 50, redirect::check_origin_or_app).unwrap_or_default();
    let invocation_type = config.choice("invocation_type", &["manual", "automatic"], |name| {
        ["manual", "automatic"].contains(&name).then(|| name.to_owned())
    });
    let methods = config.value("authentication_methods");
    if methods.is_some_and(|methods| !methods.is_array() || methods.to_string().len() > 2048) {
        config.refuse("authentication_methods", "must be a list of at most 2048 bytes");
    }
    let authentication_methods = methods.map(Value::to_string);
    if kind != Some("embedded") {
        return (Invocation::HostedWeb, UnusedMembers { hosted_origins: trusted_origins, authentication_methods });
    }
    if config.value("invoke_url").is_none() {
        config.refuse("invoke_url", "is required for an embedded config");
    }
    let unused_members = UnusedMembers { hosted_origins: Vec::new(), authentication_methods };
    (Invocation::Embedded { invoke_url, trusted_origins, invocation_type }, unused_members)
}

/// A config's relying party.
struct RelyingParty {
    id: Option<String>,
    name: Option<String>,
    related_origins: bool,
}

fn relying_party(fields: &mut Fields<'_>) -> RelyingParty {
    RelyingParty {
        id: fields.checked("id", domain).filter(|id| !id.is_empty()),
        name: fields.text("name", 64).filter(|name| !name.is_empty()),
        related_origins: fields.flag("related_origins").unwrap_or_default(),
    }
}

fn sign_in(fields: &mut Fields<'_>) -> SignInSettings {
    SignInSettings {
        enabled: fields.flag("enabled").unwrap_or_default(),
        audience: fields.name("audience", 256),
        on_clone: fields.one_of("on_clone").unwrap_or_default(),
    }
}

/// Whether browsers allow the config's pages to create passkeys for its relying party id: pages below it may, and pages
/// of other domains if the host of the id lists them (WebAuthn Level 3 §5.11).
fn may_use_the_id(config: &AuthenticatorConfig, installation: Installation<'_>) -> Result<(), (&'static str, String)> {
    let rp_id = config.rp_id(installation.public_url);
    let origins = config.origins(installation.public_url);
    // The host of the id lists allowed apps itself, in its assetlinks.json.
    let pages = origins.iter().filter(|origin| !redirect::is_app(origin));
    let mut strangers = pages.filter(|origin| !policy::may_use(origin, &rp_id));
    if rp_id == installation.public_url.host() {
        // The list of the installation's own host belongs to the operator, and tenants cannot extend it.
        let listed = |origin: &&String| config.related_origins && installation.related_origins.contains(origin);
        return match strangers.find(|origin| !listed(origin)) {
            Some(origin) => Err((
                "relying_party.id",
                format!(
                    "{origin} may make no passkeys for {rp_id}: set related_origins, and have the operator of this \
                     installation list the origin (docs/webauthn.md)"
                ),
            )),
            None => Ok(()),
        };
    }
    match strangers.next() {
        Some(origin) if !config.related_origins => Err((
            "relying_party.id",
            format!(
                "{origin} may make no passkeys for {rp_id}: it must be its host or a domain above it, or \
                 https://{rp_id}/.well-known/webauthn must list the origin, and related_origins be true"
            ),
        )),
        _ => Ok(()),
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
