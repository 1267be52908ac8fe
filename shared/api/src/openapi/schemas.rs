//! The bodies of requests and answers.

use binding::job::{DeliveryMethod, Revoker};
use binding::state::State;
use serde_json::{Value, json};

use super::policy;
use crate::events::schema::{credential_members, job_members};
use crate::shape::{Member, base64url, chosen_id, made_id, may, must, object, one_of, pattern, text, time, web_url};

/// A schema of the document by its name.
pub(super) fn named(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

/// All schemas, by name.
pub(super) fn all() -> Vec<(&'static str, Value)> {
    let list = |name: &'static str, schema: &str| {
        object(vec![
            must(name, json!({"type": "array", "items": named(schema), "maxItems": 200})),
            may("total_size", json!({"type": "integer", "minimum": 0, "maximum": crate::list::COUNT_BOUND})),
            may("next_page_token", base64url()),
        ])
    };
    vec![
        ("Realm", object(realm())),
        ("Theme", object(theme())),
        ("Identity", object(identity())),
        ("Traits", object(traits())),
        ("IdentityList", list("identities", "Identity")),
        ("AuthenticatorConfig", object(config())),
        ("Invocation", invocation()),
        ("AuthenticatorConfigList", list("authenticator_configs", "AuthenticatorConfig")),
        ("CredentialBindingJob", object(job())),
        ("CredentialBindingJobList", list("credential_binding_jobs", "CredentialBindingJob")),
        ("Credential", object(credential_members())),
        ("CredentialList", list("credentials", "Credential")),
        (
            "CreatedJob",
            object(vec![
                must("credential_binding_job", named("CredentialBindingJob")),
                may("credential_binding_link", uri()),
            ]),
        ),
        ("RedeemedJob", object(vec![must("credential_binding_job", named("CredentialBindingJob"))])),
        (
            "BoundCredential",
            object(
                [
                    credential_members(),
                    vec![must("binding_receipt", jws()), may("post_binding_redirect_uri", web_url())],
                ]
                .concat(),
            ),
        ),
        ("Preview", object(preview())),
        ("DisownPreview", object(disown_preview())),
        (
            "Instruction",
            object(vec![
                must("api_base_url", uri()),
                must("tenant_id", chosen_id()),
                must("realm_id", chosen_id()),
                must("identity_id", chosen_id()),
                must("job_id", made_id()),
                must("token", text()),
            ]),
        ),
        ("BindingRequest", object(binding_request())),
        ("Renewed", object(vec![must("delivery_method", one_of(&["EMAIL"])), must("expire_time", time())])),
        ("Declined", object(vec![must("state", one_of(&[State::Revoked.name()]))])),
        (
            "Disowned",
            object(vec![
                must("state", one_of(&["REVOKED"])),
                may("webauthn", object(vec![must("rp_id", text()), must("credential_id", base64url())])),
            ]),
        ),
        ("CredentialProof", object(policy::proof())),
        ("RelatedOrigins", object(vec![must("origins", strings())])),
        ("PasskeyEndpoints", object(vec![may("enroll", uri()), may("manage", uri())])),
        ("Problem", any_problem()),
        ("KeySet", object(vec![must("keys", json!({"type": "array", "items": {"type": "object"}}))])),
    ]
}

fn uri() -> Value {
    json!({"type": "string", "format": "uri"})
}

fn string() -> Value {
    json!({"type": "string"})
}

pub(super) fn strings() -> Value {
    json!({"type": "array", "items": {"type": "string"}})
}

fn jws() -> Value {
    pattern("^[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+$")
}

/// Whose a thing is, and when it came to be.
fn of_realm(more: Vec<Member>) -> Vec<Member> {
    let first = vec![must("id", chosen_id()), must("tenant_id", chosen_id())];
    [first, more, vec![must("create_time", time()), must("update_time", time())]].concat()
}

fn theme() -> Vec<Member> {
    ["logo_url_light", "logo_url_dark", "support_url", "button_color", "button_text_color"]
        .map(|name| must(name, string()))
        .into()
}

fn realm() -> Vec<Member> {
    let seconds = || json!({"type": "integer", "minimum": 60});
    of_realm(vec![
        must("display_name", text()),
        must("theme", named("Theme")),
        must(
            "email",
            object(vec![
                must("from_name", string()),
                must("reply_to", string()),
                must("subject", string()),
                must("passkey_notice", json!({"type": "boolean"})),
            ]),
        ),
        must("post_binding_redirect_uris", strings()),
        must("link_lifetime", object(vec![must("default_seconds", seconds()), must("max_seconds", seconds())])),
        must("return_delivery", one_of(&["allowed", "scoped", "forbidden"])),
        must("link_renewal", one_of(&["allowed", "forbidden"])),
    ])
}

fn traits() -> Vec<Member> {
    vec![
        must("type", one_of(&["traits_v0"])),
        must("username", text()),
        may("primary_email_address", text()),
        may("locale", text()),
    ]
}

fn identity() -> Vec<Member> {
    of_realm(vec![must("realm_id", chosen_id()), must("display_name", text()), must("traits", named("Traits"))])
}

fn config() -> Vec<Member> {
    of_realm(vec![
        must("realm_id", chosen_id()),
        must("version", json!({"type": "integer", "minimum": 1})),
        must("display_name", text()),
        must("config", named("Invocation")),
        may(
            "relying_party",
            object(vec![may("id", text()), may("name", text()), may("related_origins", json!({"const": true}))]),
        ),
        must("passkey_policy", policy::shown()),
    ])
}

fn invocation() -> Value {
    let hosted = object(vec![must("type", one_of(&["hosted_web"]))]);
    let embedded = object(vec![
        must("type", one_of(&["embedded"])),
        must("invoke_url", string()),
        must("trusted_origins", strings()),
        may("invocation_type", one_of(&["manual", "automatic"])),
        may("authentication_methods", json!({"type": "array"})),
    ]);
    json!({"oneOf": [hosted, embedded]})
}

/// A job: what events tell, and what changes no version.
fn job() -> Vec<Member> {
    let failure = object(vec![must("time", time()), must("reason", text()), must("detail", text())]);
    [
        job_members(),
        vec![
            may("renewed_by_job_id", made_id()),
            may("prefetch_count", json!({"type": "integer", "minimum": 1})),
            may("last_prefetch_time", time()),
            may("last_failure", failure),
        ],
    ]
    .concat()
}

/// What every preview tells: who asks and for whom.
fn shown() -> Vec<Member> {
    let named_only = || object(vec![must("display_name", text())]);
    vec![must("realm", named_only()), must("identity", named_only()), must("theme", named("Theme"))]
}

fn preview() -> Vec<Member> {
    let renewal = object(vec![must("state", one_of(&State::ALL.map(State::name))), must("mail_time", time())]);
    let own = vec![
        must("state", one_of(&State::ALL.map(State::name))),
        must("expire_time", time()),
        may("revoked_by", one_of(&Revoker::ALL.map(Revoker::name))),
        may("renewable", json!({"const": true})),
        may("renewal", renewal),
        may("post_binding_redirect_uri", web_url()),
    ];
    [shown(), own].concat()
}

fn disown_preview() -> Vec<Member> {
    let credential = object(vec![
        must("state", one_of(&["ACTIVE", "REVOKED"])),
        must("create_time", time()),
        may("model", text()),
        may("revoked_by", one_of(&Revoker::ALL.map(Revoker::name))),
        may("revoke_time", time()),
    ]);
    let own =
        vec![must("credential", credential), must("expire_time", time()), may("removable", json!({"const": true}))];
    [shown(), own].concat()
}

fn binding_request() -> Vec<Member> {
    let shown = || vec![must("id", chosen_id()), must("display_name", text())];
    vec![
        must("tenant", object(shown())),
        must("realm", object(shown())),
        must("identity", object([shown(), vec![must("traits", named("Traits"))]].concat())),
        must("theme", named("Theme")),
        must(
            "authenticator_config",
            object(vec![
                must("id", chosen_id()),
                must("realm_id", chosen_id()),
                must("tenant_id", chosen_id()),
                must("config", named("Invocation")),
            ]),
        ),
        may("post_binding_redirect_uri", web_url()),
        may(
            "creation_options",
            json!({
                "type": "object",
                "description": "PublicKeyCredentialCreationOptionsJSON (WebAuthn Level 3 §5.1.9).",
                "required": ["rp", "user", "challenge", "pubKeyCredParams"],
            }),
        ),
        may("jwt_binding", object(vec![must("nonce", text()), must("aud", text()), must("alg", strings())])),
    ]
}

/// What a request's body is: members that are not listed are passed over, and `null` is absent.
pub(super) fn request(members: Vec<Member>) -> Value {
    let members = members.into_iter().map(|member| match member.required {
        true => member,
        false => Member { schema: json!({"anyOf": [member.schema, {"type": "null"}]}), ..member },
    });
    let mut schema = object(members.collect());
    if let Some(schema) = schema.as_object_mut() {
        schema.remove("additionalProperties");
    }
    schema
}

/// A JSON Merge Patch (RFC 7396): any member may be left out, or `null`, which takes it away.
fn patch(members: Vec<Member>) -> Value {
    request(members.into_iter().map(|member| Member { required: false, ..member }).collect())
}

pub(super) fn up_to(longest: u32) -> Value {
    json!({"type": "string", "maxLength": longest})
}

/// The body of a request by the name of what is in it.
pub(super) fn body(name: &str) -> Value {
    match name {
        "realm" => request(vec![must("realm", request(realm_wishes()))]),
        "identity" => request(vec![must("identity", request(identity_wishes(request)))]),
        "identity patch" => request(vec![must("identity", patch(identity_wishes(patch)))]),
        "authenticator_config" => request(vec![must("authenticator_config", request(config_wishes(request)))]),
        "authenticator_config patch" => request(vec![must("authenticator_config", patch(config_wishes(patch)))]),
        "job" => request(vec![must("job", request(job_wishes()))]),
        "resend" => request(vec![may("expires_in_seconds", json!({"type": "integer", "minimum": 60}))]),
        "code" => request(vec![must("code", json!({"type": "string", "minLength": 1, "maxLength": 256}))]),
        _ => proof(),
    }
}

fn realm_wishes() -> Vec<Member> {
    let seconds = || json!({"type": "integer", "minimum": 60, "maximum": 365 * 24 * 3600});
    vec![
        must("display_name", up_to(128)),
        may("theme", request(theme().into_iter().map(|member| may(member.name, up_to(2048))).collect())),
        may(
            "email",
            request(vec![
                may("from_name", up_to(64)),
                may("reply_to", up_to(254)),
                may("subject", up_to(128)),
                may("passkey_notice", json!({"type": "boolean"})),
            ]),
        ),
        may("post_binding_redirect_uris", json!({"type": "array", "items": up_to(2048), "maxItems": 50})),
        may("link_lifetime", request(vec![may("default_seconds", seconds()), may("max_seconds", seconds())])),
        may("return_delivery", one_of(&["allowed", "scoped", "forbidden"])),
        may("link_renewal", one_of(&["allowed", "forbidden"])),
    ]
}

fn identity_wishes(object: fn(Vec<Member>) -> Value) -> Vec<Member> {
    vec![
        must("display_name", up_to(128)),
        must(
            "traits",
            object(vec![
                may("type", one_of(&["traits_v0"])),
                must("username", up_to(128)),
                may("primary_email_address", up_to(254)),
                may("locale", up_to(35)),
            ]),
        ),
    ]
}

fn config_wishes(object: fn(Vec<Member>) -> Value) -> Vec<Member> {
    vec![
        must("display_name", up_to(128)),
        must(
            "config",
            object(vec![
                must("type", one_of(&["hosted_web", "embedded"])),
                may("invoke_url", up_to(2048)),
                may("trusted_origins", json!({"type": "array", "items": up_to(2048), "maxItems": 50})),
                may("invocation_type", one_of(&["manual", "automatic"])),
                may("authentication_methods", json!({"type": "array"})),
            ]),
        ),
        may(
            "relying_party",
            request(vec![
                may("id", up_to(2048)),
                may("name", up_to(64)),
                may("related_origins", json!({"type": "boolean"})),
            ]),
        ),
        may("passkey_policy", policy::asked()),
    ]
}

fn job_wishes() -> Vec<Member> {
    vec![
        must("delivery_method", one_of(&[DeliveryMethod::Email, DeliveryMethod::Return].map(DeliveryMethod::name))),
        must("authenticator_config_id", chosen_id()),
        may("post_binding_redirect_uri", up_to(2048)),
        may("expires_in_seconds", json!({"type": "integer", "minimum": 60})),
        may("locale", up_to(35)),
    ]
}

fn proof() -> Value {
    let of = |name: &str, raw: Value| request(vec![must("type", one_of(&[name])), must("raw", raw)]);
    json!({"oneOf": [
        of("FIDO2", json!({"type": "object", "description": "RegistrationResponseJSON (WebAuthn Level 3 §5.1)."})),
        of("WEBAUTHN", json!({"type": "string", "description": "JSON with client_data_json_base64 and attestation_object."})),
        of("JWT", json!({"type": "string", "description": "A compact JWS (RFC 7515 §3.1)."})),
    ]})
}

/// A problem document of one of these types (RFC 9457, with the members of the published API).
pub(super) fn problem(status: u16, kinds: &[&str]) -> Value {
    let blank = |kind: &&str| match *kind {
        "" => "about:blank".to_owned(),
        kind => format!("{}{kind}", crate::problem::TYPES),
    };
    let types: Vec<String> = kinds.iter().map(blank).collect();
    let narrower = json!({"properties": {"type": {"enum": types}, "status": {"const": status}}});
    json!({"allOf": [named("Problem"), narrower]})
}

fn any_problem() -> Value {
    let violation = object(vec![must("field", text()), must("description", text())]);
    let violations = object(vec![
        must("type", one_of(&["FieldViolations"])),
        must("field_violations", json!({"type": "array", "items": violation})),
    ]);
    let resource = object(vec![
        must("type", one_of(&["ResourceInfo"])),
        must("resource_type", text()),
        must("id", string()),
        must("description", text()),
    ]);
    object(vec![
        must("type", uri()),
        must("title", text()),
        must("status", json!({"type": "integer"})),
        must("detail", text()),
        must("instance", text()),
        must("code", pattern("^[a-z_]+$")),
        must("message", text()),
        must("details", json!({"type": "array", "items": {"oneOf": [violations, resource]}})),
        must("request_id", text()),
        may("state", one_of(&State::ALL.map(State::name))),
        may("reason", pattern("^[a-z0-9_]+$")),
        may("credential_id", made_id()),
    ])
}
