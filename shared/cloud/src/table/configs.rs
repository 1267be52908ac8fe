//! Authenticator configs: the newest version of each, and every version that jobs may refer to.

use aws_sdk_dynamodb::types::AttributeValue;
use binding::directory::{AuthenticatorConfig, Invocation, UnusedMembers};
use binding::ids::{ConfigId, RealmRef};
use binding::policy::{
    Algorithm, Attestation, BackupEligibility, Certification, Mechanism, Policy, Requirement, RootSet, Trust,
};
use binding::sign_in::{OnClone, SignInSettings};
use binding::unavailable::Unavailable;

use super::attribute::VERSION;
use super::change::Condition;
use super::item::{Item, Reader, Writer, b, flag, list, n, s};
use super::write::{Changed, Write, Written};
use super::{Table, keys};
use crate::aws::unavailable;

impl Table {
    /// Reads the newest version of a config.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn config(&self, realm: &RealmRef, id: &ConfigId) -> Result<Option<AuthenticatorConfig>, Unavailable> {
        self.get(keys::config(realm, id)).await?.map(|item| config_from_item(&item)).transpose()
    }

    /// Reads one version of a config, even if the config was deleted or is for a single job.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn find_config_version(
        &self,
        realm: &RealmRef,
        id: &ConfigId,
        version: u32,
    ) -> Result<Option<AuthenticatorConfig>, Unavailable> {
        let item = self.get(keys::config_version(realm, id, version)).await?;
        item.map(|item| config_from_item(&item)).transpose()
    }

    /// Reads the version of a config that a job refers to. A warm function has it in memory.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond, or the version does not exist.
    pub async fn config_version(
        &self,
        realm: &RealmRef,
        id: &ConfigId,
        version: u32,
    ) -> Result<AuthenticatorConfig, Unavailable> {
        let key = keys::config_version(realm, id, version);
        let name = format!("{}#{}", key.0, key.1);
        if let Some(config) = self.seen_config(&name) {
            return Ok(config);
        }
        let config = self.find_config_version(realm, id, version).await?;
        let config = config.ok_or_else(|| Unavailable::new("dynamodb", format!("config version {name} is missing")))?;
        self.keep_version(&config);
        Ok(config)
    }

    /// Keeps a version that was read.
    pub(super) fn keep_version(&self, config: &AuthenticatorConfig) {
        let (pk, sk) = keys::config_version(&config.realm, &config.id, config.version);
        let mut seen = self.configs.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if seen.len() >= 1000 {
            seen.clear();
        }
        seen.insert(format!("{pk}#{sk}"), config.clone());
    }

    fn seen_config(&self, name: &str) -> Option<AuthenticatorConfig> {
        self.configs.lock().unwrap_or_else(std::sync::PoisonError::into_inner).get(name).cloned()
    }

    /// Writes a config for a single job: its only version, which appears in no list.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond, or the id is taken, which does not happen.
    pub async fn put_config_for_one_job(&self, config: &AuthenticatorConfig) -> Result<(), Unavailable> {
        let key = keys::config_version(&config.realm, &config.id, config.version);
        match self.put(config_to_item(config, key), vec![Condition::Missing]).await? {
            Written::Done(_) => Ok(()),
            Written::Unmet(_) => Err(Unavailable::new("dynamodb", "the id of a new config is taken")),
        }
    }

    /// Writes a version of a config and makes it the newest, if the previous version is the newest. The first version needs a
    /// realm that is not being deleted.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn put_config(&self, config: &AuthenticatorConfig) -> Result<Changed, Unavailable> {
        let unchanged = match config.version {
            1 => Condition::Missing,
            version => Condition::Is(VERSION, n(version - 1)),
        };
        let newest = keys::config(&config.realm, &config.id);
        let version = keys::config_version(&config.realm, &config.id, config.version);
        let mut writes = vec![
            Write::Put(config_to_item(config, newest), vec![unchanged]),
            Write::Put(config_to_item(config, version), Vec::new()),
        ];
        if config.version == 1 {
            writes.push(Self::open_realm(&config.realm, config.create_time));
        }
        Ok(self.transact(writes).await?.into())
    }

    /// Deletes a config and returns whether it existed. Its versions stay, because jobs may refer to them.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn delete_config(&self, realm: &RealmRef, id: &ConfigId) -> Result<bool, Unavailable> {
        let (pk, sk) = keys::config(realm, id);
        let answer = self
            .client
            .delete_item()
            .table_name(&self.name)
            .key("pk", s(pk))
            .key("sk", s(sk))
            .return_values(aws_sdk_dynamodb::types::ReturnValue::AllOld)
            .send()
            .await
            .map_err(|error| unavailable("dynamodb", &error))?;
        Ok(answer.attributes.is_some_and(|attributes| !attributes.is_empty()))
    }
}

fn config_to_item(config: &AuthenticatorConfig, key: keys::Key) -> Item {
    let item = Writer::new(key, "CONFIG")
        .set("config_id", s(config.id.as_str()))
        .set("version", n(config.version))
        .text("display_name", &config.display_name)
        .maybe("relying_party_id", config.relying_party_id.as_ref().map(s))
        .maybe("relying_party_name", config.relying_party_name.as_ref().map(s))
        .maybe("related_origins", config.related_origins.then(|| flag(true)))
        .set("create_ms", n(config.create_time.millis()))
        .set("update_ms", n(config.update_time.millis()));
    let SignInSettings { enabled, audience, on_clone } = &config.sign_in;
    let item = with_policy(item, &config.policy)
        .maybe("sign_in", enabled.then(|| flag(true)))
        .maybe("sign_in_audience", audience.as_ref().map(s))
        .maybe("on_clone", (*on_clone != OnClone::Refuse).then(|| s(on_clone.name())))
        .set("type", s(config.invocation.kind()))
        .maybe(
            "authentication_methods",
            config.unused_members.authentication_methods.as_ref().map(|json| b(json.as_bytes())),
        );
    match &config.invocation {
        Invocation::HostedWeb => {
            let origins = &config.unused_members.hosted_origins;
            item.maybe("trusted_origins", (!origins.is_empty()).then(|| list(origins))).0
        }
        Invocation::Embedded { invoke_url, trusted_origins, invocation_type } => {
            item.set("invoke_url", s(invoke_url))
                .set("trusted_origins", list(trusted_origins))
                .maybe("invocation_type", invocation_type.as_ref().map(s))
                .0
        }
    }
}

/// Reads a config from its item.
pub(super) fn config_from_item(item: &Item) -> Result<AuthenticatorConfig, Unavailable> {
    let item = Reader(item);
    let invocation = match item.text("type")?.as_str() {
        "hosted_web" => Invocation::HostedWeb,
        "embedded" => Invocation::Embedded {
            invoke_url: item.text("invoke_url")?,
            trusted_origins: item.texts("trusted_origins"),
            invocation_type: item.maybe_text("invocation_type"),
        },
        _ => return Err(item.malformed("type")),
    };
    let methods = item.bytes("authentication_methods").ok();
    let hosted = invocation == Invocation::HostedWeb;
    let unused_members = UnusedMembers {
        hosted_origins: if hosted { item.texts("trusted_origins") } else { Vec::new() },
        authentication_methods: methods.and_then(|json| String::from_utf8(json.to_vec()).ok()),
    };
    Ok(AuthenticatorConfig {
        realm: item.name("pk", keys::parse_realm)?,
        id: item.name("config_id", |id| ConfigId::parse(id).ok())?,
        version: item.number("version")?,
        display_name: item.text_or_empty("display_name"),
        invocation,
        unused_members,
        relying_party_id: item.maybe_text("relying_party_id"),
        related_origins: item.flag("related_origins"),
        relying_party_name: item.maybe_text("relying_party_name"),
        policy: policy_from_item(&item)?,
        sign_in: SignInSettings {
            enabled: item.flag("sign_in"),
            audience: item.maybe_text("sign_in_audience"),
            on_clone: item.maybe_name("on_clone", OnClone::from_name)?.unwrap_or_default(),
        },
        create_time: item.time("create_ms")?,
        update_time: item.time("update_ms")?,
    })
}

/// Writes a policy. Default values are omitted.
fn with_policy(item: Writer, policy: &Policy) -> Writer {
    let names = |names: Vec<&'static str>| list(&names.into_iter().map(str::to_owned).collect::<Vec<_>>());
    let some = |count: usize| (count > 0).then_some(());
    let models = |models: &[[u8; 16]]| some(models.len()).map(|()| b(models.as_flattened()));
    let algorithms = || names(policy.algorithms.iter().map(|algorithm| algorithm.name()).collect());
    let roots = || AttributeValue::L(policy.roots.iter().map(|der| b(der)).collect());
    let root_sets = || names(policy.root_sets.iter().map(|set| set.name()).collect());
    item.set("mechanisms", names(policy.mechanisms.iter().map(|mechanism| mechanism.name()).collect()))
        .set("user_verification", s(policy.user_verification.name()))
        .set("resident_key", s(policy.resident_key.name()))
        .set("attestation", s(policy.attestation.name()))
        .maybe("trust", (policy.trust != Trust::Any).then(|| s(policy.trust.level())))
        .maybe("min_certification", policy.trust.minimum().map(|level| s(level.name())))
        .maybe("roots", some(policy.roots.len()).map(|()| roots()))
        .maybe("root_sets", some(policy.root_sets.len()).map(|()| root_sets()))
        .maybe("android_status", policy.android_status_required.then(|| s("required")))
        .maybe("aaguids_allowed", models(&policy.aaguids_allowed))
        .maybe("aaguids_denied", models(&policy.aaguids_denied))
        .maybe(
            "backup_eligible",
            (policy.backup_eligible != BackupEligibility::Allowed).then(|| s(policy.backup_eligible.name())),
        )
        .maybe("algorithms", some(policy.algorithms.len()).map(|()| algorithms()))
        .maybe("origins", some(policy.origins.len()).map(|()| list(&policy.origins)))
}

/// An unreadable name or list must not weaken a policy, so the item is rejected as malformed.
fn policy_from_item(item: &Reader<'_>) -> Result<Policy, Unavailable> {
    let minimum = item.maybe_name("min_certification", Certification::from_name)?;
    let trust = match item.maybe_text("trust") {
        None => Trust::Any,
        Some(level) => Trust::from_parts(&level, minimum).ok_or_else(|| item.malformed("trust"))?,
    };
    let models = |name: &str| -> Result<Vec<[u8; 16]>, Unavailable> {
        let Some(bytes) = item.maybe_bytes(name)? else { return Ok(Vec::new()) };
        let (models, rest) = bytes.as_chunks::<16>();
        if rest.is_empty() { Ok(models.to_vec()) } else { Err(item.malformed(name)) }
    };
    let mechanisms: Option<Vec<Mechanism>> =
        item.texts("mechanisms").iter().map(|name| Mechanism::from_name(name)).collect();
    let algorithms: Option<Vec<Algorithm>> =
        item.texts("algorithms").iter().map(|name| Algorithm::from_name(name)).collect();
    let root_sets: Option<Vec<RootSet>> = item.texts("root_sets").iter().map(|name| RootSet::from_name(name)).collect();
    Ok(Policy {
        mechanisms: mechanisms.ok_or_else(|| item.malformed("mechanisms"))?,
        user_verification: item.name("user_verification", Requirement::from_name)?,
        resident_key: item.name("resident_key", Requirement::from_name)?,
        attestation: item.name("attestation", Attestation::from_name)?,
        trust,
        roots: item.binaries("roots"),
        root_sets: root_sets.ok_or_else(|| item.malformed("root_sets"))?,
        android_status_required: match item.maybe_text("android_status").as_deref() {
            None => false,
            Some("required") => true,
            Some(_) => return Err(item.malformed("android_status")),
        },
        aaguids_allowed: models("aaguids_allowed")?,
        aaguids_denied: models("aaguids_denied")?,
        backup_eligible: item.maybe_name("backup_eligible", BackupEligibility::from_name)?.unwrap_or_default(),
        algorithms: algorithms.ok_or_else(|| item.malformed("algorithms"))?,
        origins: item.texts("origins"),
    })
}
