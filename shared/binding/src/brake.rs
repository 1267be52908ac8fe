//! The brake on failed proofs. The holder of a link can retry, but not at machine speed.

use crate::job::{Job, Refused};
use crate::rule::Step;
use crate::state::State;
use crate::time::Timestamp;

/// How many proofs of a job may fail before the next one has to wait.
pub const FREE_TRIES: u32 = 10;

/// The longest wait between two tries, in seconds.
pub const LONGEST_WAIT_SECONDS: i64 = 60;

/// Why a proof is not verified now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotNow {
    /// The job does not accept a proof.
    Refused(Refused),
    /// Too many proofs failed. The next one is accepted after this many seconds.
    Wait(i64),
}

impl Job {
    /// Whether a proof sent with a ceremony token for this version of the link is verified now. The write that
    /// completes the job checks the job again; this check saves work and slows down guessing.
    ///
    /// A proof for a complete job is verified too, because a repeat of the successful proof gets an answer of its own.
    ///
    /// # Errors
    /// [`NotNow`]: the reason.
    pub fn takes_proof(&self, link_version: u32, now: Timestamp) -> Result<(), NotNow> {
        if link_version != self.link_version {
            return Err(NotNow::Refused(Refused::LinkReplaced));
        }
        let state = self.state_at(now);
        if state == State::Complete {
            return Ok(());
        }
        if !Step::Bind.rule().allows(self.state, self.expire_time, now) {
            return Err(NotNow::Refused(Refused::of(state).unwrap_or(Refused::TooEarly(state))));
        }
        match self.wait_after_failures(now) {
            0 => Ok(()),
            seconds => Err(NotNow::Wait(seconds)),
        }
    }

    /// The wait doubles with each failure after the first [`FREE_TRIES`].
    fn wait_after_failures(&self, now: Timestamp) -> i64 {
        let Some(last) = self.last_failure.as_ref().filter(|_| self.failures >= FREE_TRIES) else { return 0 };
        let wait = (1_i64 << (self.failures - FREE_TRIES).min(6)).min(LONGEST_WAIT_SECONDS);
        let left = last.time.plus_seconds(wait).millis() - now.millis();
        (left.max(0) + 999) / 1000
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::job::FailedAttempt;
    use crate::job::tests::new_job;

    #[test]
    fn the_wait_doubles_up_to_a_minute() {
        let job = new_job();
        let now = job.create_time.plus_seconds(60);
        let after = |failures| {
            let failure = FailedAttempt { time: now, reason: proof::Reason::ChallengeMismatch, detail: String::new() };
            let mut record = (*job).clone();
            (record.state, record.failures, record.last_failure) = (State::RequestDelivered, failures, Some(failure));
            Job::load(record)
        };
        let waits = [9, 10, 11, 15, 16, 40].map(|failures| after(failures).takes_proof(1, now));
        let wait = |seconds| Err(NotNow::Wait(seconds));
        assert_eq!(waits, [Ok(()), wait(1), wait(2), wait(32), wait(60), wait(60)]);
        assert_eq!(after(40).takes_proof(1, now.plus_seconds(60)), Ok(()));
        assert_eq!(after(40).takes_proof(2, now), Err(NotNow::Refused(Refused::LinkReplaced)));
        assert_eq!(job.takes_proof(1, now), Err(NotNow::Refused(Refused::TooEarly(State::LinkSent))));
        assert_eq!(job.takes_proof(1, job.expire_time), Err(NotNow::Refused(Refused::Expired)));
    }
}
