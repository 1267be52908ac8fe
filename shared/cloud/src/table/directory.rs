//! Realms, identities and authenticator configs.

use binding::directory::{
    AuthenticatorConfig, EmailSettings, Identity, IdentityStatus, OwnTexts, Realm, ReturnDelivery, Tenant, Theme,
};
use binding::ids::{ConfigId, IdentityId, IdentityRef, JobId, JobRef, RealmRef, TenantId};
use binding::job::Job;
use binding::language::Language;
use binding::reminder::Reminders;
use binding::time::Timestamp;
use binding::unavailable::Unavailable;

use super::attribute::{STATUS, UPDATE_MS, VERSION};
use super::change::Condition;
use super::configs::config_from_item;
use super::idempotency::{Earlier, IdempotencyKey, JOB_ID};
use super::item::{Item, Reader, Writer, flag, list, n, numbers, s};
use super::records::{credential_from_item, job_from_item};
use super::write::Changed;
use super::{Table, keys};

/// What a new job refers to. Members are `None` if they do not exist.
#[derive(Clone, Debug, Default)]
pub struct Subjects {
    /// The realm.
    pub realm: Option<Realm>,
    /// The identity.
    pub identity: Option<Identity>,
    /// The newest version of the authenticator config.
    pub config: Option<AuthenticatorConfig>,
    /// The earlier use of the caller's idempotency key.
    pub earlier: Option<Earlier<JobId>>,
}

impl Subjects {
    fn read(&mut self, item: &Item) -> Result<(), Unavailable> {
        match Reader(item).text("kind")?.as_str() {
            "REALM" => self.realm = Some(realm_from_item(item)?),
            "IDENTITY" => self.identity = Some(identity_from_item(item)?),
            "CONFIG" => self.config = Some(config_from_item(item)?),
            _ => return Err(Reader(item).malformed("kind")),
        }
        Ok(())
    }

    fn has_people(&self) -> bool {
        self.realm.is_some() && self.identity.is_some()
    }
}

impl Table {
    /// Reads realm, identity, config and the use of an idempotency key in one request.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn subjects(
        &self,
        identity: &IdentityRef,
        config: Option<&ConfigId>,
        key: Option<(&IdempotencyKey, Timestamp)>,
    ) -> Result<Subjects, Unavailable> {
        let mut wanted = vec![keys::realm(&identity.realm), keys::identity(identity)];
        wanted.extend(config.map(|config| keys::config(&identity.realm, config)));
        wanted.extend(key.map(|(key, _)| key.place(identity)));
        let mut subjects = Subjects::default();
        for item in self.get_all(wanted).await? {
            match key {
                Some((key, now)) if Reader(&item).text("kind")? == "IDEMPOTENCY_KEY" => {
                    subjects.earlier = key.earlier(&item, (JOB_ID, JobId::parse), now)?;
                }
                _ => subjects.read(&item)?,
            }
        }
        Ok(subjects)
    }

    /// Reads realm and identity in one eventually consistent request, which costs half. If one is missing, it may not be
    /// replicated yet, and a consistent request decides.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn people(&self, identity: &IdentityRef) -> Result<Subjects, Unavailable> {
        let mut subjects = Subjects::default();
        for item in self.read_all(vec![keys::realm(&identity.realm), keys::identity(identity)], false).await? {
            subjects.read(&item)?;
        }
        if subjects.has_people() { Ok(subjects) } else { self.subjects(identity, None, None).await }
    }

    /// Reads a job with its realm and identity in one eventually consistent request, if `current` recognizes the job.
    /// What is missing or not recognized may not be replicated yet: then job, realm and identity are read consistently.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn job_and_people(
        &self,
        job: &JobRef,
        current: impl Fn(&Job) -> bool,
    ) -> Result<(Option<Job>, Subjects), Unavailable> {
        let keys = || vec![keys::job(job), keys::realm(&job.identity.realm), keys::identity(&job.identity)];
        let (mut found, mut subjects) = (None, Subjects::default());
        for consistent in [false, true] {
            (found, subjects) = (None, Subjects::default());
            for item in self.read_all(keys(), consistent).await? {
                match Reader(&item).text("kind")?.as_str() {
                    "JOB" => found = Some(job_from_item(&item)?),
                    _ => subjects.read(&item)?,
                }
            }
            if found.as_ref().is_some_and(&current) && subjects.has_people() {
                break;
            }
        }
        Ok((found, subjects))
    }

    /// Reads a tenant; `None` if its settings were never written.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn tenant(&self, tenant: &TenantId) -> Result<Option<Tenant>, Unavailable> {
        let Some(item) = self.get(keys::tenant(tenant)).await? else { return Ok(None) };
        let item = Reader(&item);
        Ok(Some(Tenant {
            id: item.name("pk", keys::parse_tenant)?,
            display_name: item.text_or_empty("display_name"),
            create_time: item.time("create_ms")?,
            update_time: item.time("update_ms")?,
        }))
    }

    /// Writes a tenant if it did not change since `seen` (`None`: if it does not exist).
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn put_tenant(&self, tenant: &Tenant, seen: Option<Timestamp>) -> Result<Changed, Unavailable> {
        let item = Writer::new(keys::tenant(&tenant.id), "TENANT")
            .text("display_name", &tenant.display_name)
            .set("create_ms", n(tenant.create_time.millis()))
            .set("update_ms", n(tenant.update_time.millis()));
        self.put_if_unchanged(item.0, seen).await
    }

    /// Returns those of these identities that do not exist.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn missing_identities(&self, wanted: &[IdentityRef]) -> Result<Vec<IdentityId>, Unavailable> {
        let mut missing: Vec<&IdentityRef> = wanted.iter().collect();
        for item in self.get_all(wanted.iter().map(keys::identity).collect()).await? {
            let found = Reader(&item).name("pk", keys::parse_identity)?;
            missing.retain(|identity| **identity != found);
        }
        Ok(missing.into_iter().map(|identity| identity.id.clone()).collect())
    }

    /// Reads a realm.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn realm(&self, realm: &RealmRef) -> Result<Option<Realm>, Unavailable> {
        self.get(keys::realm(realm)).await?.map(|item| realm_from_item(&item)).transpose()
    }

    /// Writes a realm if it did not change since `seen` (`None`: if it does not exist).
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn put_realm(&self, realm: &Realm, seen: Option<Timestamp>) -> Result<Changed, Unavailable> {
        self.put_if_unchanged(realm_to_item(realm), seen).await
    }

    /// Reads an identity.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn identity(&self, identity: &IdentityRef) -> Result<Option<Identity>, Unavailable> {
        self.get(keys::identity(identity)).await?.map(|item| identity_from_item(&item)).transpose()
    }

    async fn put_if_unchanged(&self, item: Item, seen: Option<Timestamp>) -> Result<Changed, Unavailable> {
        let unchanged = match seen {
            None => Condition::Missing,
            Some(seen) => Condition::Is(UPDATE_MS, n(seen.millis())),
        };
        Ok(self.put(item, vec![unchanged]).await?.into())
    }

    /// Reads an identity with its credentials in one request.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn identity_with_credentials(
        &self,
        identity: &IdentityRef,
    ) -> Result<Option<(Identity, Vec<binding::credential::Credential>)>, Unavailable> {
        let query = self
            .client
            .query()
            .table_name(&self.name)
            .key_condition_expression("pk = :pk AND sk BETWEEN :credentials AND :identity")
            .expression_attribute_values(":pk", s(keys::identity_pk(identity)))
            .expression_attribute_values(":credentials", s(keys::CREDENTIAL))
            .expression_attribute_values(":identity", s(keys::IDENTITY))
            .consistent_read(true)
            .scan_index_forward(false);
        let mut items = self.pages(query, 1).await?.0.into_iter();
        let Some(first) = items.next() else { return Ok(None) };
        let identity = identity_from_item(&first)?;
        let credentials = items.map(|item| credential_from_item(&item)).collect::<Result<Vec<_>, _>>()?;
        Ok(Some((identity, credentials)))
    }
}

fn realm_to_item(realm: &Realm) -> Item {
    let Realm { theme, email, .. } = realm;
    let writer = Writer::new(keys::realm(&realm.reference), "REALM")
        .text("display_name", &realm.display_name)
        .text("logo_url_light", &theme.logo_url_light)
        .text("logo_url_dark", &theme.logo_url_dark)
        .text("support_url", &theme.support_url)
        .text("button_color", &theme.button_color)
        .text("button_text_color", &theme.button_text_color)
        .text("email_from_name", &email.from_name)
        .text("email_reply_to", &email.reply_to)
        .text("email_subject", &email.subject)
        .set("passkey_notice", flag(email.passkey_notice))
        .set("redirect_uris", list(&realm.post_binding_redirect_uris))
        .set("default_lifetime_seconds", n(realm.default_lifetime_seconds))
        .set("max_lifetime_seconds", n(realm.max_lifetime_seconds))
        .set("return_delivery", s(realm.return_delivery.name()))
        .set("link_renewal", flag(realm.link_renewal))
        .maybe("reminders", (!realm.reminders.is_empty()).then(|| numbers(realm.reminders.after_seconds())))
        .maybe("sign_in_events", realm.sign_in_events.then(|| flag(true)))
        .set("create_ms", n(realm.create_time.millis()))
        .set("update_ms", n(realm.update_time.millis()))
        .set("realm_key", s(keys::realms(&realm.reference.tenant)))
        .set("realm_sort", s(keys::realm_sort(realm.create_time, realm.reference.id.as_str())))
        .maybe("locale", realm.locale.as_ref().map(s));
    let own_texts = realm.texts.iter().flat_map(|texts| {
        let OwnTexts { language, name, intro, help } = texts;
        [("name", name), ("intro", intro), ("help", help)].map(|(kind, text)| (own_text(kind, *language), text))
    });
    own_texts.fold(writer, |writer, (name, text)| writer.text(&name, text)).0
}

/// The attribute of one of a realm's own texts.
fn own_text(kind: &str, language: Language) -> String {
    format!("own_{kind}_{}", language.tag())
}

/// A realm's own texts. A language without any has no attributes.
fn own_texts(item: &Reader<'_>) -> Vec<OwnTexts> {
    let text = |kind, language| item.text_or_empty(&own_text(kind, language));
    let read = |language| OwnTexts {
        language,
        name: text("name", language),
        intro: text("intro", language),
        help: text("help", language),
    };
    let any = |texts: &OwnTexts| [&texts.name, &texts.intro, &texts.help].iter().any(|text| !text.is_empty());
    Language::ALL.into_iter().map(read).filter(any).collect()
}

pub(super) fn realm_from_item(item: &Item) -> Result<Realm, Unavailable> {
    let item = Reader(item);
    Ok(Realm {
        reference: item.name("pk", keys::parse_realm)?,
        display_name: item.text_or_empty("display_name"),
        theme: Theme {
            logo_url_light: item.text_or_empty("logo_url_light"),
            logo_url_dark: item.text_or_empty("logo_url_dark"),
            support_url: item.text_or_empty("support_url"),
            button_color: item.text_or_empty("button_color"),
            button_text_color: item.text_or_empty("button_text_color"),
        },
        email: EmailSettings {
            from_name: item.text_or_empty("email_from_name"),
            reply_to: item.text_or_empty("email_reply_to"),
            subject: item.text_or_empty("email_subject"),
            passkey_notice: item.flag("passkey_notice"),
        },
        post_binding_redirect_uris: item.texts("redirect_uris"),
        default_lifetime_seconds: item.number("default_lifetime_seconds")?,
        max_lifetime_seconds: item.number("max_lifetime_seconds")?,
        return_delivery: item.name("return_delivery", ReturnDelivery::from_name)?,
        link_renewal: item.flag("link_renewal"),
        reminders: Reminders::new(item.numbers("reminders")).unwrap_or_default(),
        sign_in_events: item.flag("sign_in_events"),
        locale: item.maybe_text("locale"),
        texts: own_texts(&item),
        create_time: item.time("create_ms")?,
        update_time: item.time("update_ms")?,
    })
}

pub(super) fn identity_to_item(identity: &Identity) -> Item {
    let realm = &identity.reference.realm;
    let sort = keys::realm_sort(identity.create_time, identity.reference.id.as_str());
    Writer::new(keys::identity(&identity.reference), "IDENTITY")
        .text("display_name", &identity.display_name)
        .set(STATUS, s(identity.status.name()))
        .set(VERSION, n(identity.version))
        .maybe("external_id", identity.external_id.as_ref().map(s))
        .text("username", &identity.username)
        .maybe("email", identity.primary_email_address.as_ref().map(s))
        .maybe("locale", identity.locale.as_ref().map(s))
        .maybe("time_zone", identity.time_zone.as_ref().map(s))
        .set("create_ms", n(identity.create_time.millis()))
        .set("update_ms", n(identity.update_time.millis()))
        .set("realm_key", s(keys::realm_key(realm, "IDENTITY")))
        .set("realm_sort", s(sort))
        .0
}

/// Reads an identity from its item, or from its image in the table's stream.
///
/// # Errors
/// [`Unavailable`] when the item is not an identity.
pub fn identity_from_item(item: &Item) -> Result<Identity, Unavailable> {
    let item = Reader(item);
    Ok(Identity {
        reference: item.name("pk", keys::parse_identity)?,
        display_name: item.text_or_empty("display_name"),
        // Identities of early versions have no status.
        status: item.maybe_name(STATUS, IdentityStatus::from_name)?.unwrap_or(IdentityStatus::Active),
        version: item.maybe_number(VERSION).unwrap_or(1),
        external_id: item.maybe_text("external_id"),
        username: item.text_or_empty("username"),
        primary_email_address: item.maybe_text("email"),
        locale: item.maybe_text("locale"),
        time_zone: item.maybe_text("time_zone"),
        create_time: item.time("create_ms")?,
        update_time: item.time("update_ms")?,
    })
}
