//! What is demanded of a model.

use super::metadata::{Metadata, Status};
use crate::Certification;
use crate::refusal::{Reason, Refusal};

/// The statuses that are refused where a policy names none: those after which attestation, or keys, mean nothing.
pub const COMPROMISED: [Status; 5] = [
    Status::UserVerificationBypass,
    Status::AttestationKeyCompromise,
    Status::UserKeyRemoteCompromise,
    Status::UserKeyPhysicalCompromise,
    Status::Revoked,
];

/// What a model must be.
#[derive(Clone, Copy, Debug)]
pub struct Demand<'a> {
    /// What is known.
    pub metadata: &'a Metadata,
    /// The lowest level of certification; `None` asks for none.
    pub min_certification: Option<Certification>,
    /// What must not have been reported of it.
    pub refused_statuses: &'a [Status],
}

impl<'a> Demand<'a> {
    /// Checks a model and answers the roots that its attestation must lead to.
    pub(crate) fn check(&self, aaguid: [u8; 16]) -> Result<Vec<&'a [u8]>, Refusal> {
        let refuse = |reason, detail: String| Err(Refusal::new(reason, detail));
        let metadata: &'a Metadata = self.metadata;
        let Some(model) = metadata.model(&aaguid) else {
            return refuse(
                Reason::AuthenticatorUnknown,
                "the FIDO metadata do not know the authenticator's model".into(),
            );
        };
        if let Some(status) = model.statuses.iter().find(|status| self.refused_statuses.contains(status)) {
            let detail = format!("{} has the status {}", model.description, status.name());
            return refuse(Reason::AuthenticatorStatusRefused, detail);
        }
        if self.min_certification.is_some_and(|lowest| model.certification.is_none_or(|level| level < lowest)) {
            let level = model.certification.map_or("none", Certification::name);
            let detail = format!("{} is certified to {level}, and the policy requires more", model.description);
            return refuse(Reason::CertificationTooLow, detail);
        }
        Ok(metadata.roots(model).collect())
    }
}
