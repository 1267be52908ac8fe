//! Keys. Ids contain no `#`, so two items never share a key.
//!
//! | what | pk | sk |
//! |---|---|---|
//! | tenant | `T#t` | `TENANT` |
//! | realm | `T#t#R#r` | `REALM` |
//! | authenticator config, newest | `T#t#R#r` | `CONFIG#id` |
//! | authenticator config, each version | `T#t#R#r` | `VERSION#id#n` |
//! | identity | `T#t#R#r#I#i` | `IDENTITY` |
//! | identity's slot in the realm's sheets | `T#t#R#r#I#i` | `IDENTITY#SLOT` |
//! | job | `T#t#R#r#I#i` | `JOB#id` |
//! | credential | `T#t#R#r#I#i` | `CRED#id` |
//! | proof of a credential of an earlier version | `T#t#R#r#I#i` | `PROOF#id` |
//! | a caller's idempotency key | `T#t#R#r#I#i` | `KEY#sha256` |
//! | the next free slot of a realm | `T#t#R#r#E` | `SLOTS` |
//! | enrollment statuses of some identities | `T#t#R#r#E` | `SHEET#n` |
//! | batch | `T#t#R#r#B#b` | `BATCH` |
//! | some recipients of a batch | `T#t#R#r#B#b` | `CHUNK#n` |
//! | what a realm's batches share: pace and wake-up time | `T#t#R#r#Q` | `QUEUE` |
//! | a batch that has something to do, by the time | `T#t#R#r#Q` | `READY#ms#b` |
//! | a caller's idempotency key for a batch | `T#t#R#r#Q` | `KEY#sha256` |
//! | what all mails share: the minute's invitations of batches, and the pace of sending | `PACE` | `PACE` |
//! | the requests that a tenant's limit has admitted | `LIMIT#t` | `LIMIT` |
//! | entry of the audit log, of a realm | `T#t#R#r#AUDIT` | `ENTRY#id` |
//! | entry of the audit log, of the tenant | `T#t#AUDIT` | `ENTRY#id` |
//! | claim on a user name, case-insensitive | `T#t#R#r#U#sha256` | `CLAIM` |
//! | claim on a key, by the authenticator's credential id or the key's thumbprint, with the proof | `T#t#R#r#W#sha256` | `CLAIM` |
//!
//! `CRED#…` sorts before `IDENTITY`, which sorts before `JOB#…`: one query reads an identity with its credentials.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use binding::audit::Log;
use binding::ids::{
    BatchId, BatchRef, ConfigId, CredentialId, IdentityId, IdentityRef, JobRef, RealmId, RealmRef, TenantId,
};
use binding::time::Timestamp;
use ring::digest;

pub(super) const JOB: &str = "JOB#";
pub(super) const CREDENTIAL: &str = "CRED#";
pub(super) const CONFIG: &str = "CONFIG#";
pub(super) const AUDIT: &str = "ENTRY#";
pub(super) const IDENTITY: &str = "IDENTITY";
pub(super) const BATCH: &str = "BATCH";
pub(super) const CHUNK: &str = "CHUNK#";
pub(super) const READY: &str = "READY#";

pub(super) const SHEET: &str = "SHEET#";
/// The kind of an identity's slot.
pub(crate) const SLOT: &str = "SLOT";

pub(super) type Key = (String, String);

pub(super) fn realm_pk(realm: &RealmRef) -> String {
    format!("T#{}#R#{}", realm.tenant, realm.id)
}

pub(super) fn identity_pk(identity: &IdentityRef) -> String {
    format!("{}#I#{}", realm_pk(&identity.realm), identity.id)
}

pub(super) fn tenant(tenant: &TenantId) -> Key {
    (format!("T#{tenant}"), "TENANT".to_owned())
}

/// The partition of an audit log.
pub(super) fn audit_pk(Log { tenant, realm }: &Log) -> String {
    match realm {
        Some(realm) => format!("T#{tenant}#R#{realm}#AUDIT"),
        None => format!("T#{tenant}#AUDIT"),
    }
}

/// The partition of the index `realm` that lists a tenant's realms.
pub(super) fn realms(tenant: &TenantId) -> String {
    format!("T#{tenant}#REALMS")
}

/// The item that makes a user name unique in a realm.
pub(super) fn username(realm: &RealmRef, username: &str) -> Key {
    let hash = URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, username.to_lowercase().as_bytes()));
    (format!("{}#U#{hash}", realm_pk(realm)), "CLAIM".to_owned())
}

pub(super) fn realm(realm: &RealmRef) -> Key {
    (realm_pk(realm), "REALM".to_owned())
}

pub(super) fn config(realm: &RealmRef, id: &ConfigId) -> Key {
    (realm_pk(realm), format!("{CONFIG}{id}"))
}

pub(super) fn config_version(realm: &RealmRef, id: &ConfigId, version: u32) -> Key {
    (realm_pk(realm), format!("VERSION#{id}#{version:010}"))
}

pub(super) fn identity(identity: &IdentityRef) -> Key {
    (identity_pk(identity), IDENTITY.to_owned())
}

/// The slot of an identity in its realm's sheets. It sorts after the identity and before jobs.
pub(super) fn slot(identity: &IdentityRef) -> Key {
    (identity_pk(identity), format!("{IDENTITY}#SLOT"))
}

/// The partition of a realm's sheets.
pub(super) fn sheets_pk(realm: &RealmRef) -> String {
    format!("{}#E", realm_pk(realm))
}

pub(super) fn sheet(realm: &RealmRef, number: u32) -> Key {
    (sheets_pk(realm), format!("{SHEET}{number:06}"))
}

/// The next free slot of a realm.
pub(super) fn slots(realm: &RealmRef) -> Key {
    (sheets_pk(realm), "SLOTS".to_owned())
}

pub(super) fn job(job: &JobRef) -> Key {
    (identity_pk(&job.identity), format!("{JOB}{}", job.id))
}

pub(super) fn credential(identity: &IdentityRef, id: CredentialId) -> Key {
    (identity_pk(identity), format!("{CREDENTIAL}{id}"))
}

/// The proof of a credential. It sorts after jobs, so that no query for credentials reads it.
pub(super) fn proof(identity: &IdentityRef, id: CredentialId) -> Key {
    (identity_pk(identity), format!("PROOF#{id}"))
}

/// The record of a caller's idempotency key.
pub(super) fn idempotency(identity: &IdentityRef, hash: &[u8]) -> Key {
    (identity_pk(identity), format!("KEY#{}", URL_SAFE_NO_PAD.encode(hash)))
}

/// The partition of a batch.
pub(super) fn batch_pk(batch: &BatchRef) -> String {
    format!("{}#B#{}", realm_pk(&batch.realm), batch.id)
}

pub(super) fn batch(batch: &BatchRef) -> Key {
    (batch_pk(batch), BATCH.to_owned())
}

pub(super) fn chunk(batch: &BatchRef, number: u32) -> Key {
    (batch_pk(batch), format!("{CHUNK}{number:04}"))
}

/// The partition of what the batches of a realm share.
pub(super) fn queue_pk(realm: &RealmRef) -> String {
    format!("{}#Q", realm_pk(realm))
}

pub(super) fn queue(realm: &RealmRef) -> Key {
    (queue_pk(realm), "QUEUE".to_owned())
}

pub(super) fn ready(batch: &BatchRef, time: Timestamp) -> Key {
    (queue_pk(&batch.realm), format!("{}{}", ready_until(time), batch.id))
}

/// The beginning of the sort keys of batches that have something to do at a time.
pub(super) fn ready_until(time: Timestamp) -> String {
    format!("{READY}{:015}#", time.millis())
}

/// The record of a caller's idempotency key for a batch.
pub(super) fn batch_idempotency(realm: &RealmRef, hash: &[u8]) -> Key {
    (queue_pk(realm), format!("KEY#{}", URL_SAFE_NO_PAD.encode(hash)))
}

/// The bucket of a tenant's requests. It has a partition of its own, so that a function's policy can allow it alone.
pub(super) fn limit(tenant: &str) -> Key {
    (format!("LIMIT#{tenant}"), "LIMIT".to_owned())
}

/// What all mails share.
pub(super) fn pacer() -> Key {
    ("PACE".to_owned(), "PACE".to_owned())
}

/// A partition of the index `due` for realms whose batches have something to do: one of four, by a hash.
pub(super) fn queue_shard(realm: &RealmRef) -> String {
    let hash = digest::digest(&digest::SHA256, realm_pk(realm).as_bytes());
    format!("QUEUE#{}", hash.as_ref()[0] % 4)
}

/// A partition of the index `due` for jobs with reminders: one of sixteen, by the last digit of the job's id.
pub(super) fn reminder_shard(digit: &str) -> String {
    format!("REMIND#{digit}")
}

/// The item that makes a key unique in a realm.
pub(super) fn claim(realm: &RealmRef, key_id: &[u8]) -> Key {
    let hash = URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, key_id));
    (format!("{}#W#{hash}", realm_pk(realm)), "CLAIM".to_owned())
}

/// The partition of the index `realm` that lists a realm's items of one kind.
pub(super) fn realm_key(realm: &RealmRef, kind: &str) -> String {
    format!("{}#{kind}", realm_pk(realm))
}

/// Sorts by time of creation.
pub(super) fn realm_sort(create_time: Timestamp, id: &str) -> String {
    format!("{:015}#{id}", create_time.millis())
}

/// A partition of the index `expiry`: one of sixteen, by the last digit of a job's id, so that the load is spread.
pub(super) fn expiry_shard(digit: &str) -> String {
    format!("EXPIRY#{digit}")
}

pub(super) fn parse_identity(pk: &str) -> Option<IdentityRef> {
    let mut parts = pk.split('#');
    let mut next = |tag: &str| if parts.next()? == tag { parts.next() } else { None };
    let tenant = TenantId::parse(next("T")?).ok()?;
    let realm = RealmId::parse(next("R")?).ok()?;
    let identity = IdentityId::parse(next("I")?).ok()?;
    parts.next().is_none().then_some(IdentityRef { realm: RealmRef { tenant, id: realm }, id: identity })
}

pub(super) fn parse_batch(pk: &str) -> Option<BatchRef> {
    let (realm, id) = pk.split_once("#B#")?;
    Some(BatchRef { realm: parse_realm(realm)?, id: BatchId::parse(id)? })
}

pub(super) fn parse_queue(pk: &str) -> Option<RealmRef> {
    parse_realm(pk.strip_suffix("#Q")?)
}

pub(super) fn parse_ready(sk: &str) -> Option<(Timestamp, BatchId)> {
    let (time, id) = sk.strip_prefix(READY)?.split_once('#')?;
    Some((Timestamp::from_millis(time.parse().ok()?), BatchId::parse(id)?))
}

pub(super) fn parse_tenant(pk: &str) -> Option<TenantId> {
    TenantId::parse(pk.strip_prefix("T#")?).ok()
}

pub(super) fn parse_realm(pk: &str) -> Option<RealmRef> {
    parse_identity(&format!("{pk}#I#any")).map(|identity| identity.realm)
}
