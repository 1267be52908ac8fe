//! The steps of `:bind` after the ceremony token is verified: load, verify, complete.

use api::origin;
use api::permit::CeremonyHolder;
use api::problem::Problem;
use api::view::{self, BoundCredential};
use axum::http::HeaderMap;
use binding::brake::NotNow;
use binding::code::{Redeemable, RedirectCode};
use binding::credential::{Credential, Expected, Proof};
use binding::directory::AuthenticatorConfig;
use binding::ids::{CredentialId, IdentityRef};
use binding::job::{FailedAttempt, Job, NotDone, Refused};
use binding::redirect;
use binding::state::State;
use binding::time::Timestamp;
use binding::unavailable::Unavailable;
use cloud::random;
use cloud::table::Completion;
use proof::{Ceremony, Facts, Refusal, Submitted, Unverified, Verified, jwt};

use crate::{Deps, check, receipt};

/// An attempt to complete a job.
pub(crate) struct Attempt {
    ceremony: CeremonyHolder,
    job: Job,
    config: AuthenticatorConfig,
    expected: Expected,
}

impl Deps {
    /// Reads the job and its config, and decides whether a proof is verified now.
    pub(crate) async fn load(&self, ceremony: CeremonyHolder, headers: &HeaderMap) -> Result<Attempt, Problem> {
        let CeremonyHolder { job: reference, token, now } = &ceremony;
        let job = self.table.job(reference).await?.ok_or_else(Problem::unknown_link)?;
        job.takes_proof(token.link_version(), *now).map_err(not_now)?;
        let realm = &reference.identity.realm;
        let config = self.table.config_version(realm, &job.config_id, job.config_version).await?;
        origin::check(origin::foreign(headers, &self.public_url), &config)?;
        let expected = token.expected(reference, &config, &self.public_url);
        Ok(Attempt { ceremony, job, config, expected })
    }

    /// Verifies the proof. A refusal is recorded on the job, and the user can retry.
    pub(crate) async fn verify(&self, attempt: &Attempt, submitted: Submitted<'_>) -> Result<Verified, Problem> {
        let Attempt { ceremony: CeremonyHolder { job: reference, token, now }, job, config, expected } = attempt;
        let IdentityRef { realm, id: identity } = &reference.identity;
        let ceremony = Ceremony {
            expected,
            policy: &config.policy,
            subject: &jwt::subject(identity.as_str(), realm.id.as_str(), realm.tenant.as_str()),
            token: token.expose(),
            metadata: self.metadata.of(&config.policy, *now),
            android_status: self.android_status.of(&config.policy, *now),
            now: now.seconds(),
        };
        let Refusal { reason, detail } = match proof::verify(submitted, &ceremony) {
            Ok(verified) => return Ok(verified),
            Err(Unverified::Unavailable { source, detail }) => return Err(Unavailable::new(source, detail).into()),
            Err(Unverified::Invalid(refusal)) => refusal,
        };
        check::report(reason, &detail, &self.metrics);
        if job.state == State::Complete {
            return Err(NotDone::Refused(Refused::AlreadyComplete).into());
        }
        tracing::info!(job_id = %reference.id, reason = reason.name(), "proof refused");
        let failure = FailedAttempt { time: *now, reason, detail: detail.clone() };
        self.table.record_failure(reference, &failure).await?;
        Err(Problem::proof_refused(reason, detail))
    }

    /// Writes job, credential and proof in one transaction, with a receipt. The first valid proof wins.
    pub(crate) async fn complete(&self, attempt: &Attempt, verified: &Verified) -> Result<BoundCredential, Problem> {
        let Attempt { ceremony: CeremonyHolder { job: reference, token, now: verified_time }, job, config, .. } =
            attempt;
        if job.state == State::Complete {
            return Err(self.complete_already(job, verified).await?);
        }
        let proof = Proof {
            material: verified.material().clone(),
            expected: attempt.expected.clone(),
            config_id: config.id.clone(),
            config_version: config.version,
            verified_time: *verified_time,
        };
        let now = self.clock.now();
        let mut credential = Credential::new(CredentialId::new(now, random::bytes()), reference, verified, now);
        let metadata = self.metadata.of(&config.policy, *verified_time);
        let known = verified.facts().webauthn.as_ref().and_then(|facts| metadata?.model(&facts.aaguid));
        credential.model = known.map(|model| model.description.clone());
        let receipt = &receipt::sign(&self.receipt_key, &self.public_url, job, &credential);
        let (redirect, code) = redirect(job, now).unzip();
        let completion = Completion { credential: &credential, proof: &proof, receipt, code };
        match self.table.complete(job, token.link_version(), verified, &completion).await? {
            Ok(()) => Ok(BoundCredential {
                credential: view::Credential::from(&credential),
                binding_receipt: receipt.into(),
                post_binding_redirect_uri: redirect.map(Into::into),
            }),
            Err(NotDone::Refused(Refused::AlreadyComplete)) => {
                let job = self.table.job(reference).await?.ok_or_else(Problem::unknown_link)?;
                Err(self.complete_already(&job, verified).await?)
            }
            Err(rejected) => Err(rejected.into()),
        }
    }

    /// The response to a proof that arrives after the job is complete. It creates no credential. If the proof is of the
    /// key that completed the job, the response says so.
    async fn complete_already(&self, job: &Job, verified: &Verified) -> Result<Problem, Problem> {
        let Some(id) = job.credential_id else { return Ok(NotDone::Refused(Refused::AlreadyComplete).into()) };
        let credential = self.table.credential(&job.reference.identity, id).await?;
        let key = |facts: &Facts| (facts.mechanism, facts.key_id().to_vec(), facts.jwk_thumbprint.clone());
        let same = credential.is_some_and(|credential| key(&credential.facts) == key(verified.facts()));
        Ok(if same { Problem::already_bound(id) } else { NotDone::Refused(Refused::AlreadyComplete).into() })
    }
}

fn not_now(not: NotNow) -> Problem {
    match not {
        NotNow::Refused(refused) => NotDone::Refused(refused).into(),
        NotNow::Wait(seconds) => Problem::too_many_attempts(seconds),
    }
}

/// The user's next destination: the job's redirect URI with a code, and what the job stores of the code.
fn redirect(job: &Job, now: Timestamp) -> Option<(String, Redeemable)> {
    let code = RedirectCode::new(job.reference.clone(), random::bytes());
    let uri = redirect::with_code(job.post_binding_redirect_uri.as_ref()?, &code)?;
    Some((uri, code.redeemable(now)))
}
