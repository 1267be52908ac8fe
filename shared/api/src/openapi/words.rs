//! Descriptions of operations and parameters for the published document, and examples of members.

use serde_json::{Value, json};

use super::examples;

/// The description of an operation, in addition to its summary.
pub(super) fn operation(id: &str) -> Option<&'static str> {
    Some(match id {
        "getTenant" => "Returns the tenant of the access token. Until it gets a name, its name is its id.",
        "patchTenant" => "Changes the name of the tenant (RFC 7396).",
        "listRealms" => "Returns the realms of the tenant, newest first.",
        "createRealm" => "Creates a realm with a generated id.",
        "patchRealm" => {
            "Changes members of a realm (RFC 7396). Absent members stay unchanged; null resets a member to its default."
        }
        "deleteRealm" => {
            "Deletes a realm with its authenticator configs. Returns 409 while it has identities or unfinished batches. Its \
             audit log stays."
        }
        "createTheme" => "Sets the look of a realm. Returns 409 if the realm already has one.",
        "getActiveTheme" => "Returns the look of a realm as a resource of its own.",
        "getTheme" => "Returns the look of a realm by the id of the theme.",
        "patchTheme" => "Changes the look of a realm. Absent members stay unchanged.",
        "batchDeleteIdentities" => {
            "Erases up to 1000 identities with their jobs and credentials. If one of them does not exist, nothing is erased."
        }
        "getRealm" => "Returns the settings of a realm: theme, mail, redirect URIs and the lifetime of links.",
        "putRealm" => {
            "Creates the realm, or replaces its settings. Settings that the body omits are reset to their defaults."
        }
        "createIdentity" => "Creates an identity with a generated id.",
        "listIdentities" => "Returns the identities of a realm, newest first.",
        "getEnrollment" => {
            "Returns how many identities of a realm have each enrollment status. The counts follow changes within seconds, \
             and the expiry of jobs within minutes."
        }
        "getIdentity" => "Returns an identity.",
        "putIdentity" => "Creates an identity with the id in the path, or replaces it. The request is safe to repeat.",
        "patchIdentity" => {
            "Changes members of an identity (RFC 7396). Absent members stay unchanged; null removes a member."
        }
        "eraseIdentity" => "Erases an identity with its jobs and credentials. Their events are still published.",
        "createAuthenticatorConfig" => "Creates a config: where links lead, and the policy that a passkey must meet.",
        "listAuthenticatorConfigs" => "Returns the configs of a realm, newest first.",
        "getAuthenticatorConfig" => "Returns the latest version of a config, or the given one.",
        "patchAuthenticatorConfig" => {
            "Creates the next version of a config (RFC 7396). Absent members stay unchanged; null removes a member. Jobs \
             keep the version that they were created with."
        }
        "deleteAuthenticatorConfig" => "Deletes a config. Existing jobs are not affected; new jobs cannot use it.",
        "createJob" => {
            "Creates a job. With delivery method EMAIL the link is mailed. With RETURN this response contains the link, \
             and no other response ever does. Send an Idempotency-Key to repeat the request safely."
        }
        "listJobs" => "Returns the jobs of an identity, or with the identity - those of the realm, newest first.",
        "getJob" => {
            "Returns a job. With wait_seconds, the response is sent when the job reaches the state, or earlier with \
             Retry-After: ask again after that many seconds."
        }
        "createBatchCredentialBindingJob" => {
            "Invites up to 1 000 identities. The jobs are created and mailed by and by, at the pace that is asked for. With \
             dry_run, nothing is created, and the answer says what would become of each recipient."
        }
        "listBatchCredentialBindingJobs" => {
            "Returns the batches of a realm with their progress, newest first. To see how many recipients opened the link \
             and created a passkey, read the batch."
        }
        "getBatchCredentialBindingJob" => "Returns a batch and how far its recipients have got.",
        "listBatchCredentialBindingJobResults" => {
            "Returns what became of the recipients, in the order of the request. With Accept: text/csv, returns all of them \
             as CSV. It never returns a link."
        }
        "pauseBatchCredentialBindingJob" => {
            "Stops sending invitations, within a minute. Links that were sent keep working."
        }
        "resumeBatchCredentialBindingJob" => {
            "Sends invitations again, after a pause or after the batch stopped because of bounces."
        }
        "cancelBatchCredentialBindingJob" => {
            "Ends the batch, within a minute: recipients who were not invited yet are not invited. It cannot be resumed."
        }
        "revokeJob" => "Revokes a job: its link stops working. Returns 409 if the job is complete.",
        "publishJob" => {
            "Publishes the present state of a job, and of its credential, as events again, for a consumer that lost them. The \
             events have the ids of the originals and metadata.replay."
        }
        "resend" => "Mails the link of a job again. The link stays the same unless the body sets a new lifetime.",
        "previewMail" => {
            "Returns a mail exactly as it would be sent, with its HTML and plain text, in any language and with settings \
             of the realm that are not saved yet. The links in it do not work."
        }
        "previewPage" => {
            "Returns what the hosted page shows before the click, in any language and state, with settings of the realm that are \
             not saved yet. /bind/preview/{locale} is the page without a link: it shows what its parent window sends it."
        }
        "sendTestMail" => {
            "Sends such a mail to one address, marked as a test. A realm can send three at once, and then one per minute."
        }
        "redeem" => "Returns the job of a code from the redirect URI. A code can be redeemed once, within ten minutes.",
        "listCredentials" => {
            "Returns the credentials of an identity, or with the identity - those of the realm, newest first."
        }
        "listAuditEntries" => {
            "Returns the changes that were made in a realm with access tokens, newest first: who, which operation, on what."
        }
        "listTenantAuditEntries" => "Returns the changes that were made to a tenant itself, newest first.",
        "getCredential" => "Returns a credential: its public key, and the facts about its authenticator.",
        "getCredentialProof" => {
            "Returns the proof that created a credential, as it was received, so that it can be verified again."
        }
        "revokeCredential" => "Revokes a credential. The request is safe to repeat.",
        "refuseCredentials" => "Always returns 405. Create a credential binding job instead.",
        "preview" => "Returns who asks for the passkey and whether the link still works. It changes nothing.",
        "previewDisown" => "Returns the passkey that a notice was mailed about, and whether it can still be removed.",
        "open" => "Opens the job (state LINK_OPENED) and returns a ceremony token. The request is safe to repeat.",
        "decline" => "Revokes the job because the recipient did not expect the link.",
        "disown" => "Revokes the credential that a notice was mailed about.",
        "renew" => "Mails a new link to the recipient of an expired one, if the realm allows it.",
        "invokeAuthenticator" => {
            "The link of an embedded config. It opens the job for an SDK (Accept: application/json) and for a navigation \
             by a user; any other request changes no state."
        }
        "lookAtLink" => "Changes no state. The request is counted as a prefetch.",
        "getInfo" => {
            "Returns the binding request with options for the authenticator. The state becomes REQUEST_DELIVERED. With the \
             secret of the link, this also opens the link: the job passes through LINK_OPENED, and the response contains \
             the ceremony token for :bind, so that :open is not needed."
        }
        "bind" => {
            "Verifies the proof and creates the credential. The state becomes COMPLETE. After a refused proof, the device \
             can try again."
        }
        "beginSignIn" => {
            "Returns options for navigator.credentials.get and a token, both valid for five minutes. An unknown identity gets \
             plausible options."
        }
        "finishSignIn" => {
            "Verifies the response of the device (WebAuthn Level 3 §7.2) and returns a signed token that names the identity."
        }
        "hostedPage" => "The page that asks the user and creates the passkey. The link's secret is in the fragment.",
        "lookAtHostedPage" => "The headers of the hosted page.",
        "relatedOrigins" => {
            "Lists the origins of other domains that may use passkeys of this host (WebAuthn Level 3 §5.11)."
        }
        "passkeyEndpoints" => "Lists the pages where users create and manage passkeys, for password managers.",
        "androidApps" => "Digital Asset Links of this host.",
        "appleApps" => "The associated domains file of this host.",
        "keySet" => "The JSON Web Key Set that verifies receipts and sign-in tokens (RFC 7517).",
        _ => return None,
    })
}

/// The description and an example of a parameter.
pub(super) fn parameter(name: &str) -> Option<(&'static str, Value)> {
    Some(match name {
        "tenant_id" => ("The tenant. The access token's tenant must be the same.", json!("demo")),
        "realm_id" => ("The realm.", json!("demo")),
        "identity_id" => ("The identity. In lists, - means all identities of the realm.", json!("ada")),
        "config_id" => ("The authenticator config.", json!("hosted")),
        "batch_id" => ("The batch.", json!(examples::ID)),
        "theme_id" => ("The theme.", json!(examples::ID)),
        "job_id" => ("The credential binding job.", json!(examples::ID)),
        "credential_id" => ("The credential.", json!(examples::ID)),
        "page_size" => {
            ("The maximum number of elements of a page. Default: 20. Values above 200 count as 200.", json!(20))
        }
        "page_token" => ("The next_page_token of the previous page. Valid for a week, for the same list.", json!("")),
        "skip" => ("How many elements to skip.", json!(0)),
        "filter" => ("A filter (RFC 7644 §3.4.2.2).", json!("state eq \"EXPIRED\"")),
        "version" => (
            "The version of the config, for example a job's authenticator_config_version. Default: the latest.",
            json!(1),
        ),
        "token" => ("The secret of the link.", json!("hLnPzWXpZrXyCjeJ9p9WzHzKkDQx0y9mJ8C7B6A5Z4Y")),
        "wait_seconds" => {
            ("How long to wait for the state, in seconds, at most. The installation may set a shorter time.", json!(0))
        }
        "state" => ("The state to wait for. Default: any change.", json!("COMPLETE")),
        "Idempotency-Key" => (
            "A key that you choose. The same key with the same body returns the same job and link, or the same batch.",
            json!("order-1042"),
        ),
        _ => return None,
    })
}

/// An example of a member; `None` if its schema is a reference or an enumeration.
pub(super) fn member(name: &str, schema: &Value) -> Option<Value> {
    let types = &schema["type"];
    let is = |wanted: &str| types == wanted || types.as_array().is_some_and(|types| types.contains(&json!(wanted)));
    if schema.get("enum").is_some() || is("object") {
        return None;
    }
    match schema["format"].as_str() {
        Some("uuid") => return Some(json!(examples::ID)),
        Some("date-time") => return Some(json!("2026-01-31T12:00:00.000Z")),
        _ => {}
    }
    if schema["pattern"].as_str().is_some_and(|pattern| pattern.starts_with("^([01][0-9]|2[0-3])")) {
        return Some(json!("22:00"));
    }
    if schema["pattern"] == "^[a-z_]+$" {
        return Some(json!("not_found"));
    }
    if let Some(known) = by_name(name) {
        return Some(if is("array") && !known.is_array() { json!([known]) } else { known });
    }
    if is("array") {
        return None;
    }
    if is("boolean") {
        return Some(json!(true));
    }
    if is("integer") {
        return Some(schema.get("minimum").cloned().unwrap_or(json!(1)));
    }
    if schema["format"] == "uri" {
        return Some(json!("https://app.example.com/passkeys"));
    }
    parameter(name).map(|(_, example)| example)
}

fn by_name(name: &str) -> Option<Value> {
    Some(match name {
        "alg" | "algorithm" => json!("ES256"),
        "algorithms" => json!(["ES256", "EdDSA"]),
        "allow" | "deny" => json!("ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4"),
        "apps" => json!("A1B2C3D4E5.com.example.shop"),
        "attestation_format" => json!("packed"),
        "attestation_result" => json!("verified_against_root"),
        "attestation_roots" => json!("apple"),
        "attestation_type" => json!("basic"),
        "aud" | "audience" | "invoke_url" | "origins" | "trusted_origins" => json!("https://app.example.com"),
        "authentication_methods" => json!([{"type": "webauthn_passkey"}]),
        "authenticator_config_id" => json!("hosted"),
        "binding_receipt" | "sign_in_token" => json!("eyJhbGciOiJFUzI1NiJ9.e30.c2lnbmF0dXJl"),
        "button_color" => json!("#1d4ed8"),
        "button_text_color" => json!("#ffffff"),
        "credential" => json!("eyJhbGciOiJFUzI1NiJ9.e30.c2lnbmF0dXJl"),
        "challenge" | "code" | "next_page_token" | "public_key_cose" | "nonce" | "user_handle" => {
            json!("AQIDBAUGBwg")
        }
        "default_seconds" | "expires_in_seconds" => json!(604_800),
        "description" | "detail" | "message" => json!("The identity was not found."),
        "display_name" | "name" | "from_name" => json!("Example"),
        "email_realm_name" => json!("Example"),
        "external_id" => json!("E-1042"),
        "ids" | "IDs" => json!(["ada"]),
        "Description" => json!("identities not found"),
        "ResourceType" => json!("Identity"),
        "email_status_reason" => json!("mailbox_full"),
        "field" => json!("job.delivery_method"),
        "id" => json!("ada"),
        "identity_ids" => json!(["ada"]),
        "last_error" => json!("Identity missing email address"),
        "max_per_minute" => json!(60),
        "ramp" => json!([200, 500, 1000]),
        "time_zone" | "zoneinfo" => json!("Europe/Berlin"),
        "after_seconds" => json!(259_200),
        "reminders" => json!([{"after_seconds": 259_200}]),
        "instance" => json!("/v1/tenants/demo/realms/demo/identities/ada"),
        "jwk_json" => json!(r#"{"crv":"P-256","kty":"EC","x":"…","y":"…"}"#),
        "jwk_thumbprint" => json!(examples::THUMBPRINT),
        "help" => json!("Ask your help desk, extension 4711."),
        "html" => json!("<!doctype html>…"),
        "text" => json!("Hello Ada Lovelace, …"),
        "to" => json!("ada@example.com"),
        "message_id" => json!("0102018f9e9b0e2b-5c4f0a9c-000000"),
        "intro" => json!("Sign in to all staff services with one passkey."),
        "locale" => json!("en"),
        "logo_url_dark" | "logo_url_light" => json!("https://app.example.com/logo.svg"),
        "mechanisms" => json!(["FIDO2"]),
        "objects" => json!("/v1/tenants/demo/realms/demo/identities/ada"),
        "operation" => json!("putIdentity"),
        "client_id" => json!("console"),
        "issuer" => json!("https://issuer.example.com"),
        "model" => json!("Google Password Manager"),
        "namespace" => json!("android_app"),
        "package_name" => json!("com.example.shop"),
        "post_binding_redirect_uri" | "post_binding_redirect_uris" => json!("https://app.example.com/done"),
        "primary_email_address" | "reply_to" => json!("ada@example.com"),
        "raw" => json!("eyJhbGciOiJFUzI1NiJ9.e30.c2lnbmF0dXJl"),
        "relation" => json!("delegate_permission/common.get_login_creds"),
        "request_id" => json!("8f9e9b0e-2b5c-4f0a-9c1d-6f3f2b7a1c55"),
        "resource_type" => json!("Identity"),
        "rp_id" | "rpId" => json!("app.example.com"),
        "sha256_cert_fingerprints" => {
            json!("14:6D:E9:83:C5:73:06:50:D8:EE:B9:95:2F:34:FC:64:16:A0:83:42:E6:1D:BE:A8:8A:04:96:B2:3F:CF:44:E5")
        }
        "subject" => json!("Create your passkey"),
        "texts" => json!([{"locale": "de", "name": "Beispiel", "intro": "", "help": "Hilfe: Durchwahl 4711"}]),
        "support_url" => json!("https://app.example.com/help"),
        "title" => json!("Not Found"),
        "transports" => json!(["internal", "hybrid"]),
        "timeout" => json!(300_000),
        "hints" => json!("client-device"),
        "userVerification" => json!("required"),
        "username" => json!("ada"),
        "verified_by" => json!("Example Root CA"),
        _ => return None,
    })
}
