//! Ids that callers choose, ids that Bindery generates, and references: the ids on the path to a resource.

use std::fmt;

use ring::digest;
use uuid::Uuid;

use crate::time::Timestamp;

/// Why a text is not a valid caller-chosen id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be 1 to 128 characters of A-Z a-z 0-9 . _ ~ - and not \"-\", \".\" or \"..\"")]
pub struct InvalidId;

/// A caller-chosen id consists of RFC 3986's unreserved characters, so it needs no encoding in a path.
/// `-` alone means "all" in lists; `.` and `..` would disappear from a path when a client normalises it.
fn is_valid(text: &str) -> bool {
    (1..=128).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._~-".contains(&b))
        && !["-", ".", ".."].contains(&text)
}

macro_rules! chosen_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// Parses an id.
            ///
            /// # Errors
            /// [`InvalidId`] when the text has an invalid character or length.
            pub fn parse(text: &str) -> Result<Self, InvalidId> {
                if is_valid(text) { Ok(Self(text.to_owned())) } else { Err(InvalidId) }
            }

            /// The id as it is written in paths and bodies.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

chosen_id! {
    /// A tenant: a customer of the installation, or its only one. The access token names it too.
    TenantId
}
chosen_id! {
    /// A realm: a set of identities of a tenant that share settings, such as "customers" or "staff".
    RealmId
}
chosen_id! {
    /// A person in a realm.
    IdentityId
}
chosen_id! {
    /// An authenticator config of a realm. A generated id is a UUIDv7; seeded configs have names.
    ConfigId
}

macro_rules! made_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Uuid);

        impl $name {
            /// A fresh id (RFC 9562, version 7). Ids sort by creation time.
            #[must_use]
            pub fn new(now: Timestamp, random: [u8; 10]) -> Self {
                Self(uuid_v7(now, random))
            }

            /// The prefix of ids created at this time. Every id created earlier sorts before it.
            #[must_use]
            pub fn sort_prefix(time: Timestamp) -> String {
                uuid_v7(time, [0; 10]).to_string()[..13].to_owned()
            }

            /// Parses the lower-case hyphenated form, and no other, so that an id has one spelling.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                let id = Uuid::try_parse(text).ok()?;
                (id.to_string() == text).then_some(Self(id))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

made_id! {
    /// A credential binding job.
    JobId
}
made_id! {
    /// A batch of credential binding jobs.
    BatchId
}
made_id! {
    /// A credential: one passkey of an identity. Not the authenticator's own credential id.
    CredentialId
}
made_id! {
    /// An entry of the audit log.
    AuditEntryId
}

impl JobId {
    /// The id of the job that a batch creates for an identity. It is the same whenever it is computed, so a batch creates
    /// one job for an identity however often it tries. Its time is the batch's creation.
    #[must_use]
    pub fn of_batch(batch: &BatchRef, create_time: Timestamp, identity: &IdentityId) -> Self {
        let hash = digest::digest(&digest::SHA256, format!("{}\n{}\n{identity}", batch.realm, batch.id).as_bytes());
        let mut random = [0; 10];
        random.copy_from_slice(&hash.as_ref()[..10]);
        Self::new(create_time, random)
    }
}

impl RealmId {
    /// An id for a realm that is created without one.
    #[must_use]
    pub fn new(now: Timestamp, random: [u8; 10]) -> Self {
        Self(uuid_v7(now, random).to_string())
    }
}

impl IdentityId {
    /// An id for an identity that is created without one.
    #[must_use]
    pub fn new(now: Timestamp, random: [u8; 10]) -> Self {
        Self(uuid_v7(now, random).to_string())
    }
}

impl ConfigId {
    /// An id for a new authenticator config.
    #[must_use]
    pub fn new(now: Timestamp, random: [u8; 10]) -> Self {
        Self(uuid_v7(now, random).to_string())
    }
}

fn uuid_v7(now: Timestamp, random: [u8; 10]) -> Uuid {
    uuid::Builder::from_unix_timestamp_millis(now.millis().unsigned_abs(), &random).into_uuid()
}

/// A reference to a realm.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RealmRef {
    /// Its tenant.
    pub tenant: TenantId,
    /// The realm.
    pub id: RealmId,
}

/// A reference to an identity.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct IdentityRef {
    /// Its realm.
    pub realm: RealmRef,
    /// The identity.
    pub id: IdentityId,
}

/// A reference to a job.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct JobRef {
    /// The identity that gets the passkey.
    pub identity: IdentityRef,
    /// The job.
    pub id: JobId,
}

/// A reference to a batch.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BatchRef {
    /// Its realm.
    pub realm: RealmRef,
    /// The batch.
    pub id: BatchId,
}

/// An authenticator config and its realm.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ConfigRef {
    /// The realm of the config.
    pub realm: RealmRef,
    /// The config.
    pub id: ConfigId,
}

/// A credential and its identity.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CredentialRef {
    /// The identity that the credential belongs to.
    pub identity: IdentityRef,
    /// The credential.
    pub id: CredentialId,
}

impl fmt::Display for RealmRef {
    /// The API path of the realm.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "/v1/tenants/{}/realms/{}", self.tenant, self.id)
    }
}

impl fmt::Display for IdentityRef {
    /// The API path of the identity.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/identities/{}", self.realm, self.id)
    }
}

impl fmt::Display for ConfigRef {
    /// The API path of the config.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/authenticator-configs/{}", self.realm, self.id)
    }
}

impl IdentityRef {
    /// The user handle (WebAuthn Level 3 §5.4.3). It is the same for all passkeys of an identity, so that an authenticator
    /// keeps only one of them, and it reveals nothing about the person.
    #[must_use]
    pub fn user_handle(&self) -> [u8; 32] {
        let mut handle = [0; 32];
        handle.copy_from_slice(digest::digest(&digest::SHA256, format!("user\n{self}").as_bytes()).as_ref());
        handle
    }
}

impl fmt::Display for JobRef {
    /// The API path of the job. Ids contain no `/`, so two jobs never share a path. Keys and tokens are bound to it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/credential-binding-jobs/{}", self.identity, self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chosen_ids_are_one_path_segment() {
        for good in ["a", "demo", "A-z_0.9~", "--", "a..b", &"x".repeat(128)] {
            assert!(IdentityId::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "-", ".", "..", "a/b", "a b", "a%20", "ä", "a#b", "a\n", &"x".repeat(129)] {
            assert_eq!(IdentityId::parse(bad), Err(InvalidId), "{bad}");
        }
    }

    #[test]
    fn generated_ids_have_one_spelling_and_sort_by_time() {
        let early = JobId::new(Timestamp::from_millis(1_000), [9; 10]);
        let late = JobId::new(Timestamp::from_millis(2_000), [1; 10]);
        let between = JobId::sort_prefix(Timestamp::from_millis(2_000));
        assert!(early.to_string() < between && between < late.to_string());
        assert!(early.to_string() < late.to_string());
        assert_eq!(JobId::parse(&early.to_string()), Some(early));
        assert_eq!(JobId::parse(&early.to_string().to_uppercase()), None);
        assert_eq!(JobId::parse(&early.to_string().replace('-', "")), None);
    }

    #[test]
    fn a_batch_has_one_job_for_an_identity() {
        let job = crate::job::tests::job_ref("ada");
        let (now, ada) = (Timestamp::from_millis(2_000), job.identity.id);
        let batch = |random| BatchRef { realm: job.identity.realm.clone(), id: BatchId::new(now, [random; 10]) };
        let id = JobId::of_batch(&batch(1), now, &ada);
        assert_eq!(id, JobId::of_batch(&batch(1), now, &ada));
        assert_ne!(id, JobId::of_batch(&batch(2), now, &ada));
        assert_ne!(id, JobId::of_batch(&batch(1), now, &IdentityId::parse("bob").unwrap()));
        assert!(id.to_string().starts_with(&JobId::sort_prefix(now)));
    }

    #[test]
    fn references_are_paths_of_the_api() {
        let job = crate::job::tests::job_ref("ada");
        let id = job.id;
        assert_eq!(job.identity.realm.to_string(), "/v1/tenants/demo/realms/demo");
        assert_eq!(job.identity.to_string(), "/v1/tenants/demo/realms/demo/identities/ada");
        assert_eq!(
            job.to_string(),
            format!("/v1/tenants/demo/realms/demo/identities/ada/credential-binding-jobs/{id}")
        );
        assert!(InvalidId.to_string().starts_with("must be 1 to 128 characters"));
    }

    #[test]
    fn ids_generated_for_realms_and_identities_are_unique_and_valid() {
        let now = Timestamp::from_millis(1_000);
        let (one, other) = (IdentityId::new(now, [1; 10]), IdentityId::new(now, [2; 10]));
        assert_ne!(one, other);
        assert_eq!(IdentityId::parse(one.as_str()), Ok(one));
        let (one, other) = (ConfigId::new(now, [1; 10]), ConfigId::new(now, [2; 10]));
        assert_ne!(one, other);
        assert_eq!(ConfigId::parse(&one.to_string()), Ok(one));
    }
}
