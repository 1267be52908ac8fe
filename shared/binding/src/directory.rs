//! The resources that a job refers to: realms, identities and authenticator configs.

use ring::digest;
use uuid::{Builder, Uuid};

pub use crate::policy::{Mechanism, Policy, Trust};

use crate::ids::{ConfigId, ConfigRef, IdentityRef, RealmRef, TenantId};
use crate::language::Language;
use crate::public_url::PublicUrl;
use crate::redirect;
use crate::reminder::Reminders;
use crate::sign_in::SignInSettings;
use crate::time::Timestamp;

/// The settings of a tenant. Until they are set, its display name is its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tenant {
    /// Its id.
    pub id: TenantId,
    /// The name that operators see.
    pub display_name: String,
    /// When its settings were first written.
    pub create_time: Timestamp,
    /// When it was last changed.
    pub update_time: Timestamp,
}

/// A realm's settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Realm {
    /// Its reference.
    pub reference: RealmRef,
    /// The name that users see.
    pub display_name: String,
    /// The appearance of pages and mails.
    pub theme: Theme,
    /// The headers and kinds of mails.
    pub email: EmailSettings,
    /// Where users may be redirected after binding: exact strings.
    pub post_binding_redirect_uris: Vec<String>,
    /// A job's lifetime when its creator does not set one.
    pub default_lifetime_seconds: i64,
    /// The longest lifetime that a creator may set.
    pub max_lifetime_seconds: i64,
    /// Which callers may have links returned to them.
    pub return_delivery: ReturnDelivery,
    /// When the recipient of a job is reminded, unless its creator says otherwise.
    pub reminders: Reminders,
    /// Whether the holder of an expired link may request a new one, which is mailed to the identity's address.
    pub link_renewal: bool,
    /// Whether an event is published for each sign-in.
    pub sign_in_events: bool,
    /// The language of mails and of the page if neither the job, the identity nor the browser names one that is known.
    pub locale: Option<String>,
    /// The realm's own texts, at most one set for each language.
    pub texts: Vec<OwnTexts>,
    /// When it was created.
    pub create_time: Timestamp,
    /// When it was last changed.
    pub update_time: Timestamp,
}

impl Realm {
    /// The default lifetime of a job: seven days.
    pub const DEFAULT_LIFETIME_SECONDS: i64 = 7 * 24 * 60 * 60;

    /// The default of a realm's longest lifetime: thirty days.
    pub const MAX_LIFETIME_SECONDS: i64 = 30 * 24 * 60 * 60;

    /// The id of the theme: a version 8 UUID, derived with SHA-256 (RFC 9562 §5.8).
    #[must_use]
    pub fn theme_id(&self) -> Uuid {
        named_uuid(&format!("theme\n{}", self.reference))
    }

    /// The realm's own texts in a language.
    #[must_use]
    pub fn texts_in(&self, language: Language) -> Option<&OwnTexts> {
        self.texts.iter().find(|texts| texts.language == language)
    }

    /// The realm's name in a language.
    #[must_use]
    pub fn name_in(&self, language: Language) -> &str {
        let own = self.texts_in(language).map(|texts| texts.name.as_str()).filter(|name| !name.is_empty());
        own.unwrap_or(&self.display_name)
    }

    /// A realm with default settings.
    #[must_use]
    pub fn new(realm: RealmRef, display_name: String, now: Timestamp) -> Self {
        Self {
            reference: realm,
            display_name,
            theme: Theme::default(),
            email: EmailSettings::default(),
            post_binding_redirect_uris: Vec::new(),
            default_lifetime_seconds: Self::DEFAULT_LIFETIME_SECONDS,
            max_lifetime_seconds: Self::MAX_LIFETIME_SECONDS,
            return_delivery: ReturnDelivery::Allowed,
            reminders: Reminders::default(),
            link_renewal: false,
            sign_in_events: false,
            locale: None,
            texts: Vec::new(),
            create_time: now,
            update_time: now,
        }
    }
}

/// A realm's own texts in one language, in plain text. An empty member means the default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnTexts {
    /// The language.
    pub language: Language,
    /// The realm's name.
    pub name: String,
    /// The first paragraph of an invitation, and the text above the button of the page.
    pub intro: String,
    /// A line about where users find help.
    pub help: String,
}

/// The appearance of a realm's pages and mails. An empty member means the default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Theme {
    /// A logo for light backgrounds (https).
    pub logo_url_light: String,
    /// A logo for dark backgrounds (https).
    pub logo_url_dark: String,
    /// A page where users find help (https).
    pub support_url: String,
    /// The background color of buttons, as `#rrggbb`.
    pub button_color: String,
    /// The text color of buttons, as `#rrggbb`.
    pub button_text_color: String,
}

/// How a realm's mails are addressed, and which are sent. An empty member means the default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmailSettings {
    /// The sender's display name.
    pub from_name: String,
    /// The `Reply-To` address.
    pub reply_to: String,
    /// The subject of mails that contain a link.
    pub subject: String,
    /// Whether the identity is notified by mail of each new passkey.
    pub passkey_notice: bool,
}

impl Default for EmailSettings {
    fn default() -> Self {
        Self { from_name: String::new(), reply_to: String::new(), subject: String::new(), passkey_notice: true }
    }
}

/// Which callers may have links returned to them instead of mailed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumCount, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum ReturnDelivery {
    /// Every caller that may create jobs.
    Allowed,
    /// Only tokens with the scope `credential-binding-jobs:return`.
    Scoped,
    /// No caller.
    Forbidden,
}

proof::names!(ReturnDelivery);

/// Whether an identity can get passkeys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumCount, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum IdentityStatus {
    /// It can get passkeys.
    Active,
    /// No job is created, opened or completed for it and no mail is sent to it until it is active again.
    Suspended,
}

proof::names!(IdentityStatus);

/// A person in a realm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Its reference.
    pub reference: IdentityRef,
    /// The name that the person and operators see.
    pub display_name: String,
    /// Whether it can get passkeys.
    pub status: IdentityStatus,
    /// The number of writes, from 1.
    pub version: u64,
    /// The caller's own id for the person, such as one from an HR system.
    pub external_id: Option<String>,
    /// The name that the person signs in with.
    pub username: String,
    /// The address that links are mailed to.
    pub primary_email_address: Option<String>,
    /// The language of mails as a BCP 47 tag, unless a job sets another.
    pub locale: Option<String>,
    /// The IANA name of its time zone, for quiet hours.
    pub time_zone: Option<String>,
    /// When it was created.
    pub create_time: Timestamp,
    /// When it was last changed.
    pub update_time: Timestamp,
}

impl Identity {
    /// Whether it is suspended.
    #[must_use]
    pub fn is_suspended(&self) -> bool {
        self.status == IdentityStatus::Suspended
    }

    /// Identifies this identity across all realms, and distinguishes it from earlier identities with the same id: a
    /// version 8 UUID, derived with SHA-256 (RFC 9562 §5.8).
    #[must_use]
    pub fn uuid(&self) -> Uuid {
        named_uuid(&format!("{}\n{}", self.reference, self.create_time.millis()))
    }
}

fn named_uuid(name: &str) -> Uuid {
    let hash = digest::digest(&digest::SHA256, name.as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.as_ref()[..16]);
    Builder::from_custom_bytes(bytes).into_uuid()
}

/// How passkeys are created. Each change creates a new version; a version never changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthenticatorConfig {
    /// The realm that it belongs to.
    pub realm: RealmRef,
    /// Its id.
    pub id: ConfigId,
    /// The number of the version, from 1.
    pub version: u32,
    /// The name that operators see.
    pub display_name: String,
    /// Which page creates the passkey.
    pub invocation: Invocation,
    /// Members of the published API that have no effect.
    pub unused_members: UnusedMembers,
    /// The relying party id (WebAuthn Level 3 §4), if it is not the host of the page.
    pub relying_party_id: Option<String>,
    /// Whether pages of other domains create passkeys for that id (WebAuthn Level 3 §5.11, related origins).
    pub related_origins: bool,
    /// The relying party's name, if it is not the display name of the realm.
    pub relying_party_name: Option<String>,
    /// What a passkey must meet.
    pub policy: Policy,
    /// Whether and how passkeys sign in under it.
    pub sign_in: SignInSettings,
    /// When it was created.
    pub create_time: Timestamp,
    /// When it was last changed.
    pub update_time: Timestamp,
}

/// Members of the published API that a config stores and returns. They have no effect: under a config with the hosted
/// page, only that page may act for a job.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnusedMembers {
    /// `trusted_origins` of a config with the hosted page.
    pub hosted_origins: Vec<String>,
    /// `authentication_methods`: a JSON array.
    pub authentication_methods: Option<String>,
}

impl Invocation {
    /// The type's name in the API and in the table.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Invocation::HostedWeb => "hosted_web",
            Invocation::Embedded { .. } => "embedded",
        }
    }

    /// The mechanisms that are allowed when a policy names none. An embedding app may have only software keys, which
    /// are proven by JWT; the hosted page creates passkeys.
    #[must_use]
    pub fn usual_mechanisms(&self) -> Vec<Mechanism> {
        match self {
            Invocation::HostedWeb => vec![Mechanism::Fido2],
            Invocation::Embedded { .. } => vec![Mechanism::Fido2, Mechanism::Webauthn, Mechanism::Jwt],
        }
    }
}

impl AuthenticatorConfig {
    /// A config for a single job, with the default policy. It has one version and appears in no list.
    #[must_use]
    pub fn for_one_job(
        realm: RealmRef,
        id: ConfigId,
        invocation: Invocation,
        unused_members: UnusedMembers,
        now: Timestamp,
    ) -> Self {
        Self {
            realm,
            id,
            version: 1,
            display_name: invocation.kind().to_owned(),
            policy: Policy { mechanisms: invocation.usual_mechanisms(), ..Policy::default() },
            invocation,
            unused_members,
            relying_party_id: None,
            related_origins: false,
            relying_party_name: None,
            sign_in: SignInSettings::default(),
            create_time: now,
            update_time: now,
        }
    }

    /// Its reference.
    #[must_use]
    pub fn reference(&self) -> ConfigRef {
        ConfigRef { realm: self.realm.clone(), id: self.id.clone() }
    }

    /// The `aud` of tokens about sign-ins under this config: its own, or its address.
    #[must_use]
    pub fn sign_in_audience(&self, public_url: &PublicUrl) -> String {
        let address = || format!("{}{}", public_url.origin(), self.reference());
        self.sign_in.audience.clone().unwrap_or_else(address)
    }

    /// Whether a page of this origin may begin and finish sign-ins: it may use the config's passkeys, or act for its jobs.
    #[must_use]
    pub fn may_sign_in(&self, origin: &str, public_url: &PublicUrl) -> bool {
        self.trusted_origins().iter().chain(&self.origins(public_url)).any(|trusted| trusted == origin)
    }

    /// The origins of the app's pages that may act for a job under this config.
    #[must_use]
    pub fn trusted_origins(&self) -> &[String] {
        match &self.invocation {
            Invocation::HostedWeb => &[],
            Invocation::Embedded { trusted_origins, .. } => trusted_origins,
        }
    }

    /// The origins whose pages may create passkeys, unless the policy names others: the hosted page's origin, or those
    /// of the app's pages.
    #[must_use]
    pub fn origins(&self, public_url: &PublicUrl) -> Vec<String> {
        match &self.invocation {
            _ if !self.policy.origins.is_empty() => self.policy.origins.clone(),
            Invocation::HostedWeb => vec![public_url.origin().to_owned()],
            Invocation::Embedded { trusted_origins, .. } => trusted_origins.clone(),
        }
    }

    /// The relying party id of passkeys created under this config: the configured one, or the host of the page.
    #[must_use]
    pub fn rp_id(&self, public_url: &PublicUrl) -> String {
        let of_page = || match &self.invocation {
            Invocation::HostedWeb => public_url.host(),
            Invocation::Embedded { invoke_url, .. } => {
                redirect::check(invoke_url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
            }
        };
        self.relying_party_id.clone().unwrap_or_else(of_page)
    }
}

/// Which page creates the passkey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Invocation {
    /// The hosted page.
    HostedWeb,
    /// The app's own page.
    Embedded {
        /// Where a browser is redirected, with `/bind?…` appended.
        invoke_url: String,
        /// The origins of the app's pages.
        trusted_origins: Vec<String>,
        /// `manual` or `automatic`. Stored and returned, without effect.
        invocation_type: Option<String>,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campaign::tests::ada;
    use crate::job::tests::job_ref;

    fn config(invocation: Invocation) -> AuthenticatorConfig {
        let now = Timestamp::from_millis(0);
        AuthenticatorConfig {
            realm: job_ref("ada").identity.realm,
            id: ConfigId::parse("app").unwrap(),
            version: 1,
            display_name: "App".to_owned(),
            invocation,
            unused_members: UnusedMembers::default(),
            relying_party_id: None,
            related_origins: false,
            relying_party_name: None,
            policy: Policy::default(),
            sign_in: SignInSettings::default(),
            create_time: now,
            update_time: now,
        }
    }

    fn app() -> Invocation {
        Invocation::Embedded {
            invoke_url: "https://app.example.com/passkeys".to_owned(),
            trusted_origins: vec!["https://app.example.com".to_owned(), "http://localhost:5173".to_owned()],
            invocation_type: None,
        }
    }

    #[test]
    fn the_relying_party_id_is_the_pages_host_unless_the_config_sets_one() {
        let ours = PublicUrl::parse("https://bind.example.com:8443").unwrap();
        let (hosted, embedded) = (config(Invocation::HostedWeb), config(app()));
        assert_eq!(hosted.origins(&ours), ["https://bind.example.com:8443"]);
        assert_eq!(hosted.rp_id(&ours), "bind.example.com");
        assert_eq!(embedded.origins(&ours), ["https://app.example.com", "http://localhost:5173"]);
        assert_eq!(embedded.rp_id(&ours), "app.example.com");
        assert_eq!(hosted.trusted_origins(), [""; 0]);
        assert_eq!(embedded.trusted_origins(), embedded.origins(&ours));

        let other = "https://login.example.com".to_owned();
        for mut config in [hosted, embedded] {
            config.relying_party_id = Some("example.com".to_owned());
            config.policy.origins = vec![other.clone()];
            assert_eq!((config.rp_id(&ours).as_str(), config.origins(&ours)), ("example.com", vec![other.clone()]));
            assert!(!config.trusted_origins().contains(&other), "the policy's origins may not act for a job");
            assert!(config.may_sign_in(&other, &ours), "a page that may use passkeys may sign in with them");
            assert!(!config.may_sign_in("https://evil.example.com", &ours));
        }
    }

    #[test]
    fn a_sign_in_is_for_the_address_of_its_config_unless_the_config_says_otherwise() {
        let ours = PublicUrl::parse("https://bind.example.com").unwrap();
        let mut config = config(app());
        let address = "https://bind.example.com/v1/tenants/demo/realms/demo/authenticator-configs/app";
        assert_eq!(config.sign_in_audience(&ours), address);
        config.sign_in.audience = Some("shop".to_owned());
        assert_eq!(config.sign_in_audience(&ours), "shop");
    }

    #[test]
    fn the_hosted_page_creates_passkeys_and_an_app_may_use_software_keys() {
        assert_eq!(Invocation::HostedWeb.usual_mechanisms(), [Mechanism::Fido2]);
        assert_eq!(app().usual_mechanisms(), [Mechanism::Fido2, Mechanism::Webauthn, Mechanism::Jwt]);
    }

    #[test]
    fn a_new_realm_has_the_published_defaults() {
        let realm = Realm::new(job_ref("ada").identity.realm, "Demo".to_owned(), Timestamp::from_millis(0));
        assert_eq!((realm.default_lifetime_seconds, realm.max_lifetime_seconds), (604_800, 2_592_000));
        assert_eq!((realm.return_delivery, realm.link_renewal), (ReturnDelivery::Allowed, false));
        assert!(realm.email.passkey_notice);
    }

    #[test]
    fn an_identity_that_is_created_again_is_a_different_one() {
        let now = Timestamp::from_millis(1_700_000_000_000);
        let identity = Identity { create_time: now, update_time: now, ..ada() };
        let changed = Identity { status: IdentityStatus::Suspended, version: 2, ..identity.clone() };
        assert!(changed.is_suspended() && !identity.is_suspended());
        assert_eq!(identity.uuid(), changed.uuid());
        assert_eq!((identity.uuid().get_version_num(), identity.uuid().get_variant()), (8, uuid::Variant::RFC4122));
        assert_ne!(identity.uuid(), Identity { create_time: now.plus_seconds(1), ..identity.clone() }.uuid());
        assert_ne!(identity.uuid(), Identity { reference: job_ref("bob").identity, ..identity.clone() }.uuid());
    }

    #[test]
    fn return_delivery_has_the_names_of_the_api() {
        assert_eq!(ReturnDelivery::ALL.map(ReturnDelivery::name), ["allowed", "scoped", "forbidden"]);
        assert_eq!(ReturnDelivery::ALL.map(|one| ReturnDelivery::from_name(one.name())), ReturnDelivery::ALL.map(Some));
        assert_eq!(ReturnDelivery::from_name("ALLOWED"), None);
    }
}
