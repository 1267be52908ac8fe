//! A credential: the passkey that a job created.

pub use proof::{Expected, Material};
use proof::{Facts, Verified};

use crate::ids::{ConfigId, CredentialId, IdentityRef, JobId, JobRef};
use crate::job::Revoker;
use crate::time::Timestamp;

/// Whether a credential can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumCount, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum CredentialState {
    /// It may be used to sign in.
    Active,
    /// It was revoked for good.
    Revoked,
}

proof::names!(CredentialState);

/// A credential, with the facts that were proven when it was created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// Its id. The authenticator's own credential id is among the facts.
    pub id: CredentialId,
    /// The identity that it belongs to.
    pub identity: IdentityRef,
    /// The job that created it.
    pub job: JobId,
    /// Whether it can be used.
    pub state: CredentialState,
    /// The number of writes, from 1.
    pub version: u64,
    /// When it was created.
    pub create_time: Timestamp,
    /// When it was last changed.
    pub update_time: Timestamp,
    /// Who revoked it.
    pub revoked_by: Option<Revoker>,
    /// The proven facts.
    pub facts: Facts,
    /// The authenticator's name in the FIDO metadata, if the metadata was consulted and contains it.
    pub model: Option<String>,
    /// How it was used to sign in. The sign count and backup state in `facts` are those of the last use.
    pub usage: Usage,
}

/// How a credential was used to sign in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// The number of sign-ins.
    pub count: u64,
    /// When it was last used.
    pub last_time: Option<Timestamp>,
    /// When its signature counter last failed to increase.
    pub clone_suspicion: Option<CloneSuspicion>,
}

/// A signature counter that did not increase: another device may have a copy of the key (WebAuthn Level 3 §7.2, step 22).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CloneSuspicion {
    /// When it happened.
    pub time: Timestamp,
    /// The counter that was received.
    pub sign_count: u32,
}

impl Credential {
    /// Creates the credential of a job.
    #[must_use]
    pub fn new(id: CredentialId, job: &JobRef, verified: &Verified, now: Timestamp) -> Self {
        Self {
            id,
            identity: job.identity.clone(),
            job: job.id,
            state: CredentialState::Active,
            version: 1,
            create_time: now,
            update_time: now,
            revoked_by: None,
            facts: verified.facts().clone(),
            model: None,
            usage: Usage::default(),
        }
    }
}

/// The proof that created a credential and what it was verified against, so that it can be verified again. It is stored
/// with the credential, in a separate item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// What the device sent.
    pub material: Material,
    /// What the proof had to match.
    pub expected: Expected,
    /// The authenticator config whose policy the proof met.
    pub config_id: ConfigId,
    /// The version of that config.
    pub config_version: u32,
    /// When it was verified.
    pub verified_time: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_have_the_names_of_the_api() {
        let states = ["ACTIVE", "REVOKED"].map(CredentialState::from_name);
        assert_eq!(states, [Some(CredentialState::Active), Some(CredentialState::Revoked)]);
        assert_eq!(CredentialState::from_name("active"), None);
        assert_eq!(CredentialState::Active.name(), "ACTIVE");
        assert_eq!(CredentialState::Revoked.name(), "REVOKED");
    }
}
