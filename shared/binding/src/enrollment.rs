//! Enrollment status: whether an identity has a passkey, or can still get one from a job.

mod sheet;

pub use sheet::{Counts, Sheet, Slot};

use crate::credential::{Credential, CredentialState};
use crate::job::Job;
use crate::state::State;
use crate::time::Timestamp;

/// Whether an identity has a passkey, or can still get one from a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EnrollmentStatus {
    /// It has an active credential.
    Enrolled,
    /// It has none, but a job that can still create one.
    Pending,
    /// It has neither, and the mail of its newest job could not be delivered.
    InviteFailed,
    /// None of the above.
    Unenrolled,
}

impl EnrollmentStatus {
    /// All values.
    pub const ALL: [EnrollmentStatus; 4] = [
        EnrollmentStatus::Enrolled,
        EnrollmentStatus::Pending,
        EnrollmentStatus::InviteFailed,
        EnrollmentStatus::Unenrolled,
    ];

    /// The name in the API.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            EnrollmentStatus::Enrolled => "ENROLLED",
            EnrollmentStatus::Pending => "PENDING",
            EnrollmentStatus::InviteFailed => "INVITE_FAILED",
            EnrollmentStatus::Unenrolled => "UNENROLLED",
        }
    }

    /// The status of an identity with these credentials and jobs.
    #[must_use]
    pub fn of(credentials: &[Credential], jobs: &[Job], now: Timestamp) -> Self {
        if credentials.iter().any(|credential| credential.state == CredentialState::Active) {
            return EnrollmentStatus::Enrolled;
        }
        if jobs.iter().any(|job| !job.state_at(now).is_terminal()) {
            return EnrollmentStatus::Pending;
        }
        match jobs.iter().max_by_key(|job| job.create_time).map(|job| job.state_at(now)) {
            Some(State::FailedToSend) => EnrollmentStatus::InviteFailed,
            _ => EnrollmentStatus::Unenrolled,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::job::tests::new_job;

    #[test]
    fn the_newest_job_decides_when_none_is_active() {
        let job = new_job();
        let now = job.create_time;
        let in_state = |age: i64, state| {
            let mut record = (*job).clone();
            (record.state, record.create_time) = (state, now.plus_seconds(-age));
            Job::load(record)
        };
        let of = |states: &[State], now| {
            let jobs: Vec<Job> = (0..).zip(states).map(|(age, state)| in_state(age, *state)).collect();
            EnrollmentStatus::of(&[], &jobs, now)
        };
        assert_eq!(of(&[], now), EnrollmentStatus::Unenrolled);
        for state in [State::LinkSent, State::LinkOpened, State::RequestDelivered] {
            assert_eq!(of(&[State::FailedToSend, state], now), EnrollmentStatus::Pending);
            assert_eq!(of(&[state], job.expire_time), EnrollmentStatus::Unenrolled, "the job has expired");
        }
        assert_eq!(of(&[State::FailedToSend, State::Revoked], now), EnrollmentStatus::InviteFailed);
        assert_eq!(of(&[State::Revoked, State::FailedToSend], now), EnrollmentStatus::Unenrolled);
        assert_eq!(of(&[State::Complete], now), EnrollmentStatus::Unenrolled, "the credential is revoked");
    }
}
