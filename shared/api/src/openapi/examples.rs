//! An example of every body.

mod batch;
mod enrollment;
mod preview;

use axum::http::StatusCode;
use binding::credential::CredentialState;
use binding::directory::{IdentityStatus, ReturnDelivery};
use binding::enrollment::EnrollmentStatus;
use binding::ids::{ConfigId, IdentityId, IdentityRef, JobId, JobRef, RealmId, RealmRef, TenantId};
use binding::job::{DeliveryMethod, NewJob, Settings};
use binding::link::LinkTokenHash;
use binding::policy::{Attestation, BackupEligibility, Mechanism, Requirement, Trust};
use binding::reminder::Reminders;
use binding::state::State;
use binding::time::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};

use crate::request::{self, PatchConfig, PatchIdentity, PatchRealm};
use crate::scalar::{Named, Time, True, UpTo};
use crate::view::{self, List, Page, ProblemType};

/// A type with an example.
pub(super) trait Example {
    /// The example, as JSON.
    fn example_json() -> Value;
}

macro_rules! examples {
    ($($body:ty => $example:expr,)+) => {$(
        impl Example for $body {
            fn example_json() -> Value {
                value($example)
            }
        }
    )+};
}

fn value(example: impl Serialize) -> Value {
    serde_json::to_value(example).unwrap_or_default()
}

/// A valid generated id.
pub(super) const ID: &str = "01a20a52-8cdd-7ce4-b7e8-52164f112b0f";
const JWS: &str = "eyJhbGciOiJFUzI1NiJ9.e30.c2lnbmF0dXJl";
pub(super) const THUMBPRINT: &str = "UW-uVNL0mP1vcLjHrTBxibNgCEe_PD0HIsE3FrbYjPA=";

/// 2026-01-31T12:00:00.000Z
fn time() -> Time {
    Time(Timestamp::from_millis(1_769_860_800_000))
}

fn a_week_later() -> Time {
    Time(time().0.plus_seconds(604_800))
}

/// The reason phrase of a status.
pub(super) fn reason(status: u16) -> &'static str {
    StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason()).unwrap_or("Refused")
}

pub(super) fn problem(status: u16, problem: ProblemType) -> Value {
    let title = reason(status);
    value(view::Problem {
        r#type: problem,
        title: title.into(),
        status,
        detail: format!("{title}.").into(),
        instance: "/v1/tenants/demo/realms/demo".into(),
        code: title.to_lowercase().replace([' ', '-'], "_").into(),
        message: title.into(),
        details: Vec::new(),
        request_id: ID.into(),
        state: None,
        reason: None,
        credential_id: None,
        webauthn: None,
    })
}

examples! {
    request::UpdateTenant => request::UpdateTenant {
        tenant: request::TenantSettings { display_name: Some(UpTo("Example".into())) },
    },
    view::Tenant => view::Tenant {
        id: "demo".into(),
        display_name: "Example".into(),
        create_time: Some(time()),
        update_time: Some(time()),
    },
    view::RealmList => page::<view::RealmList>(realm()),
    PatchRealm => json!({"realm": {"display_name": "Example"}}),
    request::WriteTheme => request::WriteTheme {
        theme: request::RealmThemeSettings {
            email_realm_name: Some(UpTo("Example".into())),
            theme: request::ThemeSettings { button_color: Some(UpTo("#1a56db".into())), ..Default::default() },
        },
    },
    view::RealmTheme => view::RealmTheme {
        id: ID.into(),
        tenant_id: "demo".into(),
        realm_id: "demo".into(),
        email_realm_name: "Example".into(),
        theme: view::Theme {
            logo_url_light: String::new(),
            logo_url_dark: String::new(),
            support_url: "https://example.com/help".into(),
            button_color: "#1a56db".into(),
            button_text_color: "#ffffff".into(),
        },
        create_time: time(),
        update_time: time(),
    },
    request::BatchDelete => request::BatchDelete { ids: vec!["ada".into()] },
    request::PutRealm => request::PutRealm {
        realm: request::RealmSettings {
            display_name: Some(UpTo("Demo".into())),
            theme: None,
            email: None,
            post_binding_redirect_uris: None,
            link_lifetime: None,
            return_delivery: Some(Named(ReturnDelivery::Allowed)),
            reminders: None,
            link_renewal: None,
            sign_in_events: None,
            locale: None,
            texts: None,
        },
    },
    request::SendTestMail => request::SendTestMail {
        test_mail: request::TestMailSettings { to: UpTo("ada@example.com".into()), mail: request::MailSettings::default() },
    },
    request::PutIdentity => request::PutIdentity {
        identity: request::IdentitySettings {
            display_name: Some(UpTo("Ada".into())),
            status: None,
            external_id: None,
            traits: request::TraitsSettings {
                r#type: Some(view::TraitsType::V0),
                username: UpTo("ada".into()),
                primary_email_address: Some(UpTo("ada@example.com".into())),
                locale: None,
                zoneinfo: None,
            },
        },
    },
    PatchIdentity => json!({"identity": {"display_name": "Ada Lovelace"}}),
    request::CreateConfig => request::CreateConfig {
        authenticator_config: request::ConfigSettings {
            display_name: Some(UpTo("Our page".into())),
            config: request::InvocationSettings {
                r#type: request::InvocationKind::HostedWeb,
                invoke_url: None,
                trusted_origins: None,
                invocation_type: None,
                authentication_methods: None,
            },
            relying_party: None,
            passkey_policy: None,
            sign_in: None,
        },
    },
    PatchConfig => json!({"authenticator_config": {"display_name": "The hosted page"}}),
    request::CreateJob => request::CreateJob {
        job: request::JobSettings {
            delivery_method: Named(DeliveryMethod::Return),
            authenticator_config_id: Some("hosted".into()),
            authenticator_config: None,
            post_binding_redirect_uri: None,
            expires_in_seconds: None,
            locale: None,
            reminders: None,
        },
    },
    request::Resend => request::Resend { expires_in_seconds: Some(86_400) },
    request::Redeem => request::Redeem { code: UpTo("YWRh.AaIKUozdfOS36FIWTxErDw.c2VjcmV0".into()) },
    request::BeginSignIn => request::BeginSignIn { identity_id: Some("ada".into()), nonce: None },
    request::FinishSignIn => request::FinishSignIn {
        token: UpTo("AQAAAAEAAAGcE0".into()),
        credential: request::Assertion::Jws(JWS.into()),
    },
    request::Proof => request::Proof::Jwt(JWS.into()),
    view::Realm => realm(),
    view::MailPreview => view::MailPreview {
        kind: view::MailKind::Invitation,
        locale: "de".into(),
        from_name: "Demo".into(),
        subject: "Erstellen Sie Ihren Passkey für Demo".into(),
        text: "Guten Tag Ada Lovelace, …".into(),
        html: "<!doctype html>…".into(),
    },
    view::SentTestMail => view::SentTestMail { message_id: "0102018f9e9b0e2b-5c4f0a9c-000000".into() },
    view::Identity => identity(),
    view::IdentityList => page::<view::IdentityList>(identity()),
    view::AuthenticatorConfig => config(),
    view::AuthenticatorConfigList => page::<view::AuthenticatorConfigList>(config()),
    view::Job => job(),
    view::JobList => page::<view::JobList>(job()),
    view::Credential => credential(),
    view::AuditEntryList => page::<view::AuditEntryList>(view::AuditEntry {
        id: ID.into(),
        tenant_id: "demo".into(),
        realm_id: Some("demo".into()),
        create_time: time(),
        principal: Some(view::Principal {
            issuer: Some("https://issuer.example.com".into()),
            subject: Some("248289761001".into()),
            client_id: Some("console".into()),
        }),
        operation: "putIdentity".into(),
        objects: vec!["/v1/tenants/demo/realms/demo/identities/ada".into()],
        request_id: Some("8f9e9b0e-2b5c-4f0a-9c1d-6f3f2b7a1c55".into()),
    }),
    view::CredentialList => page::<view::CredentialList>(credential()),
    view::CreatedJob => view::CreatedJob {
        credential_binding_job: job(),
        credential_binding_link: Some(
            format!(
                "https://id.example.com/bind#/v1/tenants/demo/realms/demo/identities/ada/credential-binding-jobs/{ID}\
                 ?token=secret"
            )
            .into(),
        ),
    },
    view::RedeemedJob => view::RedeemedJob { credential_binding_job: job() },
    view::BoundCredential => view::BoundCredential {
        credential: credential(),
        binding_receipt: JWS.into(),
        post_binding_redirect_uri: None,
    },
    view::CredentialProof => view::CredentialProof {
        credential_id: ID.into(),
        tenant_id: "demo".into(),
        realm_id: "demo".into(),
        identity_id: "ada".into(),
        job_id: ID.into(),
        jwk_thumbprint: THUMBPRINT.into(),
        verified_time: time(),
        authenticator_config_id: "hosted".into(),
        authenticator_config_version: 1,
        passkey_policy: policy(),
        expected: view::Expected::Jwt {
            nonce: "bm9uY2U".into(),
            aud: "https://id.example.com/v1/tenants/demo".into(),
        },
        proof: view::StoredProof { r#type: Named(Mechanism::Jwt), raw: view::RawProof::Text(JWS.into()) },
    },
    view::Preview => view::Preview {
        state: Named(State::LinkSent),
        expire_time: a_week_later(),
        realm: view::DisplayName::new("Demo"),
        identity: view::DisplayName::new("Ada"),
        theme: theme(),
        locale: "en".into(),
        intro: None,
        help: None,
        revoked_by: None,
        renewable: None,
        renewal: None,
        post_binding_redirect_uri: None,
    },
    view::DisownPreview => view::DisownPreview {
        credential: view::NotedCredential {
            state: Named(CredentialState::Active),
            create_time: time(),
            model: Some("iCloud Keychain".into()),
            revoked_by: None,
            revoke_time: None,
        },
        expire_time: a_week_later(),
        removable: Some(True),
        realm: view::DisplayName::new("Demo"),
        identity: view::DisplayName::new("Ada"),
        theme: theme(),
        locale: "en".into(),
        help: None,
    },
    view::Instruction => view::Instruction {
        api_base_url: "https://id.example.com".into(),
        tenant_id: "demo".into(),
        realm_id: "demo".into(),
        identity_id: "ada".into(),
        job_id: ID.into(),
        token: "ceremony".into(),
    },
    view::BindingRequest => view::BindingRequest {
        tenant: view::IdAndDisplayName { id: "demo".into(), display_name: "demo".into() },
        realm: view::IdAndDisplayName { id: "demo".into(), display_name: "Demo".into() },
        identity: view::BindingRequestIdentity { id: "ada".into(), display_name: "Ada".into(), traits: traits() },
        theme: theme(),
        authenticator_config: view::BindingRequestConfig {
            id: "hosted".into(),
            realm_id: "demo".into(),
            tenant_id: "demo".into(),
            config: hosted(),
        },
        post_binding_redirect_uri: None,
        creation_options: None,
        jwt_binding: None,
        token: Some("AQAAAAEAAAGcE0".into()),
    },
    view::BegunSignIn => view::BegunSignIn {
        token: "AQAAAAEAAAGcE0".into(),
        request_options: view::RequestOptions(json!({
            "challenge": "AQIDBAUGBwg",
            "timeout": 300_000,
            "rpId": "id.example.com",
            "allowCredentials": [],
            "userVerification": "required",
            "hints": [],
        })),
    },
    view::SignedIn => view::SignedIn {
        sign_in_token: JWS.into(),
        identity_id: "ada".into(),
        credential_id: ID.into(),
        clone_suspected: None,
    },
    view::Renewed => view::Renewed::until(a_week_later().0),
    view::Declined => view::Declined { state: view::Withdrawn::Revoked },
    view::Disowned => view::Disowned { state: view::Withdrawn::Revoked, webauthn: None },
    view::RelatedOrigins => view::RelatedOrigins { origins: vec!["https://shop.example.com".into()] },
    view::PasskeyEndpoints => view::PasskeyEndpoints {
        enroll: Some("https://example.com/passkeys".into()),
        manage: None,
    },
    view::AssetLinks => view::AssetLinks(vec![view::AssetLink {
        relation: vec![
            "delegate_permission/common.handle_all_urls".into(),
            "delegate_permission/common.get_login_creds".into(),
        ],
        target: view::AndroidApp {
            namespace: "android_app".into(),
            package_name: "com.example.shop".into(),
            sha256_cert_fingerprints: vec![
                "14:6D:E9:83:C5:73:06:50:D8:EE:B9:95:2F:34:FC:64:16:A0:83:42:E6:1D:BE:A8:8A:04:96:B2:3F:CF:44:E5".into(),
            ],
        },
    }]),
    view::AppleAppSiteAssociation => view::AppleAppSiteAssociation {
        webcredentials: view::AppleApps { apps: vec!["A1B2C3D4E5.com.example.shop".into()] },
    },
    view::KeySet => view::KeySet { keys: Vec::new() },
}

fn page<L: List>(element: L::Element) -> L {
    L::of(Page { elements: vec![element], total_size: 1, next_page_token: None })
}

fn traits() -> view::Traits {
    view::Traits {
        r#type: view::TraitsType::V0,
        username: "ada".into(),
        primary_email_address: Some("ada@example.com".into()),
        locale: None,
        zoneinfo: None,
    }
}

fn realm() -> view::Realm {
    view::Realm {
        id: "demo".into(),
        tenant_id: "demo".into(),
        display_name: "Demo".into(),
        theme: theme(),
        email: view::Email {
            from_name: String::new(),
            reply_to: String::new(),
            subject: String::new(),
            passkey_notice: true,
        },
        post_binding_redirect_uris: vec!["https://app.example.com/welcome".into()],
        link_lifetime: view::LinkLifetime { default_seconds: 604_800, max_seconds: 2_592_000 },
        return_delivery: Named(ReturnDelivery::Allowed),
        reminders: Vec::new(),
        link_renewal: view::LinkRenewal::Forbidden,
        sign_in_events: false,
        locale: None,
        texts: Vec::new(),
        create_time: time(),
        update_time: time(),
    }
}

fn identity() -> view::Identity {
    view::Identity {
        id: "ada".into(),
        tenant_id: "demo".into(),
        realm_id: "demo".into(),
        display_name: "Ada".into(),
        status: Named(IdentityStatus::Active),
        enrollment_status: Some(Named(EnrollmentStatus::Unenrolled)),
        external_id: None,
        traits: traits(),
        create_time: time(),
        update_time: time(),
    }
}

fn hosted() -> view::Invocation {
    view::Invocation::HostedWeb {
        authentication_methods: vec![json!({"type": "webauthn_passkey"})],
        trusted_origins: Vec::new(),
    }
}

fn theme() -> view::Theme {
    view::Theme {
        logo_url_light: String::new(),
        logo_url_dark: String::new(),
        support_url: "https://example.com/help".into(),
        button_color: "#1a56db".into(),
        button_text_color: "#ffffff".into(),
    }
}

fn policy() -> view::Policy {
    view::Policy {
        mechanisms: vec![Named(Mechanism::Fido2)],
        user_verification: Named(Requirement::Required),
        resident_key: Named(Requirement::Required),
        attestation: Named(Attestation::None),
        trust: Trust::Any.into(),
        aaguids: view::Aaguids { allow: Vec::new(), deny: Vec::new() },
        backup_eligible: Named(BackupEligibility::Allowed),
        algorithms: None,
        origins: None,
        attestation_roots: None,
        android_status: None,
    }
}

fn config() -> view::AuthenticatorConfig {
    view::AuthenticatorConfig {
        id: "hosted".into(),
        tenant_id: "demo".into(),
        realm_id: "demo".into(),
        version: 1,
        display_name: "Our page".into(),
        config: hosted(),
        relying_party: None,
        passkey_policy: policy(),
        sign_in: None,
        create_time: time(),
        update_time: time(),
    }
}

fn job() -> view::Job {
    let realm = RealmRef {
        tenant: TenantId::parse("demo").expect("a tenant id"),
        id: RealmId::parse("demo").expect("a realm id"),
    };
    let identity = IdentityRef { realm, id: IdentityId::parse("ada").expect("an identity id") };
    let reference = JobRef { identity, id: JobId::parse(ID).expect("a job id") };
    let new = NewJob {
        reference,
        identity_create_time: time().0,
        config: (ConfigId::parse("hosted").expect("a config id"), 1),
        settings: Settings {
            delivery_method: DeliveryMethod::Return,
            post_binding_redirect_uri: None,
            locale: None,
            lifetime_seconds: 604_800,
            reminders: Reminders::default(),
            renews: None,
            batch_id: None,
        },
        link_hash: LinkTokenHash::from_bytes([0; 32]),
        link_key: 1,
    };
    view::Job::of(&binding::job::Job::new(new, time().0), time().0)
}

fn credential() -> view::Credential {
    view::Credential {
        id: ID.into(),
        tenant_id: "demo".into(),
        realm_id: "demo".into(),
        identity_id: "ada".into(),
        job_id: ID.into(),
        state: Named(CredentialState::Active),
        csr_type: Named(Mechanism::Jwt),
        jwk_json: "{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"2MRhz05PJPq3BUfB18AT3HqgWEkI3VpWUg1MWi8rz1g\",\
            \"y\":\"YtvLYwGEqYQaoDVok2fVziJT4fu7DFPz3hy96FTAelQ\"}"
            .into(),
        jwk_thumbprint: THUMBPRINT.into(),
        algorithm: "ES256".into(),
        create_time: time(),
        update_time: time(),
        revoked_by: None,
        last_used_time: None,
        use_count: None,
        clone_suspected_time: None,
        webauthn: None,
    }
}
