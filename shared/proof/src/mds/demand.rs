//! Which models a policy accepts.

use super::metadata::{Metadata, Status};
use crate::Certification;
use crate::refusal::{Reason, Refusal};

/// The statuses that make attestation or keys worthless. A model with one of them is refused.
pub const COMPROMISED: [Status; 5] = [
    Status::UserVerificationBypass,
    Status::AttestationKeyCompromise,
    Status::UserKeyRemoteCompromise,
    Status::UserKeyPhysicalCompromise,
    Status::Revoked,
];

impl Metadata {
    /// Checks a model and returns the roots that its attestation must lead to. `minimum` is the lowest accepted
    /// certification; `None` accepts models without certification.
    pub(crate) fn accept(&self, aaguid: [u8; 16], minimum: Option<Certification>) -> Result<Vec<&[u8]>, Refusal> {
        let refuse = |reason, detail: String| Err(Refusal::new(reason, detail));
        let Some(model) = self.model(&aaguid) else {
            return refuse(
                Reason::AuthenticatorUnknown,
                "the authenticator's model is not in the FIDO metadata".into(),
            );
        };
        if let Some(status) = model.statuses.iter().find(|status| COMPROMISED.contains(status)) {
            let detail = format!("{} has the status {}", model.description, status.name());
            return refuse(Reason::AuthenticatorStatusRefused, detail);
        }
        if minimum.is_some_and(|lowest| model.certification.is_none_or(|level| level < lowest)) {
            let level = model.certification.map_or("none", Certification::name);
            let detail = format!("{} is certified to {level}, and the policy requires more", model.description);
            return refuse(Reason::CertificationTooLow, detail);
        }
        Ok(self.roots(model).collect())
    }
}
