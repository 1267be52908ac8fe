//! The items of jobs and credentials. No other file knows their attributes.

use binding::credential::{CloneSuspicion, Credential, CredentialState, Usage};
use binding::ids::{BatchId, ConfigId, CredentialId, JobId, JobRef};
use binding::job::{DeliveryMethod, Disownment, FailedAttempt, Job, Reason, Record, Revoker};
use binding::link::LinkTokenHash;
use binding::mail::EmailStatus;
use binding::reminder::Reminders;
use binding::state::State;
use binding::time::Timestamp;
use binding::unavailable::Unavailable;
use proof::{AttestationType, Facts, Mechanism, WebauthnFacts};

use super::attribute::{
    CLONE_MS, CLONE_SIGN_COUNT, CREDENTIAL_ID, DUE_MS, DUE_SHARD, LAST_USED_MS, RECEIPT, REMINDER_MAIL, REMINDERS_SENT,
    SUSPENSIONS, USE_COUNT, entered,
};
use super::item::{Item, Reader, Writer, b, list, n, numbers, s};
use super::keys;
use crate::receipt::{self, Known};

pub(super) fn job_to_item(job: &Job) -> Item {
    let realm = &job.reference.identity.realm;
    let mailed = job.last_mail_time.map(|time| n(time.millis()));
    Writer::new(keys::job(&job.reference), "JOB")
        .set("state", s(job.state.name()))
        .set("version", n(job.version))
        .set("identity_create_ms", n(job.identity_create_time.millis()))
        .set("delivery_method", s(job.delivery_method.name()))
        .set("config_id", s(job.config_id.as_str()))
        .set("config_version", n(job.config_version))
        .maybe("redirect_uri", job.post_binding_redirect_uri.as_ref().map(s))
        .maybe("locale", job.locale.as_ref().map(s))
        .set("link_hash", b(job.link_hash.as_bytes()))
        .set("link_version", n(job.link_version))
        .set("link_key", n(job.link_key))
        .set("create_ms", n(job.create_time.millis()))
        .set("update_ms", n(job.update_time.millis()))
        .set("expire_ms", n(job.expire_time.millis()))
        .set("ttl", n(job.purge_time().seconds()))
        .maybe("invitation", mailed.is_some().then(|| s(super::attribute::WANTED)))
        .maybe("mails", mailed.is_some().then(|| n(job.mails)))
        .maybe("last_mail_ms", mailed)
        .maybe("renews", job.renews.map(|renewed| s(renewed.to_string())))
        .maybe("batch_id", job.batch_id.map(|batch| s(batch.to_string())))
        .maybe("reminders", (!job.reminders.is_empty()).then(|| numbers(job.reminders.after_seconds())))
        .maybe(DUE_SHARD, job.next_reminder_time.map(|_| s(keys::reminder_shard(&job.reference.id.to_string()[35..]))))
        .maybe(DUE_MS, job.next_reminder_time.map(|time| n(time.millis())))
        .set("realm_key", s(keys::realm_key(realm, "JOB")))
        .set("realm_sort", s(keys::realm_sort(job.create_time, &job.reference.id.to_string())))
        .set("expiry_shard", s(keys::expiry_shard(&job.reference.id.to_string()[35..])))
        .0
}

/// The job that an item or its keys belong to.
pub(super) fn job_ref(item: &Reader<'_>) -> Result<JobRef, Unavailable> {
    let identity = item.name("pk", keys::parse_identity)?;
    let job = item.name("sk", |sk| JobId::parse(sk.strip_prefix(keys::JOB)?))?;
    Ok(JobRef { identity, id: job })
}

/// Reads a job from its item, or from its image in the table's stream.
///
/// # Errors
/// [`Unavailable`] when the item is not a job.
pub fn job_from_item(item: &Item) -> Result<Job, Unavailable> {
    let item = Reader(item);
    let create_time = item.time("create_ms")?;
    let mut transitions = vec![(State::LinkSent, create_time)];
    transitions.extend(State::ALL.into_iter().filter_map(|s| item.maybe_time(entered(s)).map(|time| (s, time))));
    // An expiry is recorded without `update_ms`, because a status of a mail may have been recorded since.
    let update_time = transitions.iter().map(|(_, time)| *time).fold(item.time("update_ms")?, Timestamp::max);
    let (reference, credential_id) = (job_ref(&item)?, item.maybe_name(CREDENTIAL_ID, CredentialId::parse)?);
    let config_id = item.name("config_id", |id| ConfigId::parse(id).ok())?;
    let config_version = item.number("config_version")?;
    let receipt = match item.0.get(RECEIPT).zip(credential_id) {
        Some((stored, credential)) => {
            let known = Known { job: &reference, config: (&config_id, config_version), credential };
            Some(receipt::from_value(stored, known).ok_or_else(|| item.malformed(RECEIPT))?)
        }
        None => None,
    };
    Ok(Job::load(Record {
        reference,
        state: item.name("state", State::from_name)?,
        version: item.number("version")?,
        identity_create_time: item.time("identity_create_ms")?,
        delivery_method: item.name("delivery_method", DeliveryMethod::from_name)?,
        config_id,
        config_version,
        post_binding_redirect_uri: item.maybe_text("redirect_uri"),
        locale: item.maybe_text("locale"),
        link_hash: LinkTokenHash::from_bytes(item.array("link_hash")?),
        link_version: item.number("link_version")?,
        // Jobs created before the first key rotation have none.
        link_key: item.maybe_number("link_key").unwrap_or(1),
        create_time,
        update_time,
        expire_time: item.time("expire_ms")?,
        transitions,
        credential_id,
        receipt,
        // An unknown reason, from another version of this software, is omitted, so that the job stays readable.
        last_failure: Reason::from_name(&item.text_or_empty("failure_reason")).and_then(|reason| {
            let time = item.maybe_time("failure_ms")?;
            Some(FailedAttempt { time, reason, detail: item.text_or_empty("failure_detail") })
        }),
        failures: item.maybe_number("failures").unwrap_or_default(),
        mails: item.maybe_number("mails").unwrap_or_default(),
        last_mail_time: item.maybe_time("last_mail_ms"),
        email_status: item.maybe_name("email_status", EmailStatus::from_name)?,
        email_status_reason: item.maybe_text("email_status_reason"),
        batch_id: item.maybe_name("batch_id", BatchId::parse)?,
        reminders: Reminders::new(item.numbers("reminders")).unwrap_or_default(),
        next_reminder_time: item.maybe_time(DUE_MS),
        reminders_sent: item.maybe_number(REMINDERS_SENT).unwrap_or_default(),
        reminder_mail: item.maybe_number(REMINDER_MAIL),
        revoked_by: item.maybe_name("revoked_by", Revoker::from_name)?,
        renews: item.maybe_name("renews", JobId::parse)?,
        renewed_by: item.maybe_name("renewed_by", JobId::parse)?,
        disownment: match item.maybe_time("disown_expire_ms") {
            Some(expire_time) => {
                Some(Disownment { hash: LinkTokenHash::from_bytes(item.array("disown_hash")?), expire_time })
            }
            None => None,
        },
        suspensions: item.maybe_number(SUSPENSIONS).unwrap_or_default(),
        prefetches: item.maybe_number("prefetches").unwrap_or_default(),
        last_prefetch_time: item.maybe_time("prefetch_ms"),
    }))
}

pub(super) fn credential_to_item(credential: &Credential) -> Item {
    let Credential { id, identity, facts, .. } = credential;
    let item = Writer::new(keys::credential(identity, *id), "CREDENTIAL")
        .set("job_id", s(credential.job.to_string()))
        .set("state", s(credential.state.name()))
        .set("version", n(credential.version))
        .set("create_ms", n(credential.create_time.millis()))
        .set("update_ms", n(credential.update_time.millis()))
        .set("realm_key", s(keys::realm_key(&identity.realm, "CREDENTIAL")))
        .set("realm_sort", s(keys::realm_sort(credential.create_time, &id.to_string())))
        .set("mechanism", s(facts.mechanism.name()))
        .set("jwk_json", s(&facts.jwk_json))
        .set("jwk_thumbprint", s(&facts.jwk_thumbprint))
        .set("algorithm", s(&facts.algorithm));
    let Some(webauthn) = &facts.webauthn else { return item.0 };
    let flag = |value| aws_sdk_dynamodb::types::AttributeValue::Bool(value);
    item.set("webauthn_id", b(&webauthn.credential_id))
        .set("cose_key", b(&webauthn.cose_key))
        .set("aaguid", b(&webauthn.aaguid))
        .set("attestation_format", s(&webauthn.attestation_format))
        .set("attestation_type", s(webauthn.attestation_type.name()))
        .maybe("model", credential.model.as_ref().map(s))
        .maybe("attestation_root", webauthn.verified_by.as_ref().map(s))
        .set("user_verified", flag(webauthn.user_verified))
        .set("backup_eligible", flag(webauthn.backup_eligible))
        .set("backup_state", flag(webauthn.backup_state))
        .set("transports", list(&webauthn.transports))
        .set("sign_count", n(webauthn.sign_count))
        .set("rp_id", s(&webauthn.rp_id))
        .0
}

/// Reads a credential from its item, or from its image in the table's stream.
///
/// # Errors
/// [`Unavailable`] when the item is not a credential.
pub fn credential_from_item(item: &Item) -> Result<Credential, Unavailable> {
    let has_webauthn = item.contains_key("webauthn_id");
    let item = Reader(item);
    let webauthn = if has_webauthn {
        Some(WebauthnFacts {
            credential_id: item.bytes("webauthn_id")?.to_vec(),
            cose_key: item.bytes("cose_key")?.to_vec(),
            aaguid: item.array("aaguid")?,
            attestation_format: item.text("attestation_format")?,
            attestation_type: item
                .maybe_name("attestation_type", AttestationType::from_name)?
                .unwrap_or(AttestationType::None),
            verified_by: item.maybe_text("attestation_root"),
            user_verified: item.flag("user_verified"),
            backup_eligible: item.flag("backup_eligible"),
            backup_state: item.flag("backup_state"),
            transports: item.texts("transports"),
            sign_count: item.number("sign_count")?,
            rp_id: item.text("rp_id")?,
        })
    } else {
        None
    };
    Ok(Credential {
        id: item.name("sk", |sk| CredentialId::parse(sk.strip_prefix(keys::CREDENTIAL)?))?,
        identity: item.name("pk", keys::parse_identity)?,
        job: item.name("job_id", JobId::parse)?,
        state: item.name("state", CredentialState::from_name)?,
        version: item.number("version")?,
        create_time: item.time("create_ms")?,
        update_time: item.time("update_ms")?,
        revoked_by: item.maybe_name("revoked_by", Revoker::from_name)?,
        facts: Facts {
            mechanism: item.name("mechanism", Mechanism::from_name)?,
            jwk_json: item.text("jwk_json")?,
            jwk_thumbprint: item.text("jwk_thumbprint")?,
            algorithm: item.text("algorithm")?,
            webauthn,
        },
        model: item.maybe_text("model"),
        usage: Usage {
            count: item.maybe_number(USE_COUNT).unwrap_or_default(),
            last_time: item.maybe_time(LAST_USED_MS),
            clone_suspicion: match item.maybe_time(CLONE_MS) {
                Some(time) => Some(CloneSuspicion { time, sign_count: item.number(CLONE_SIGN_COUNT)? }),
                None => None,
            },
        },
    })
}
