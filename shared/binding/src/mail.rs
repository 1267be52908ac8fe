//! A job's mail: its delivery status, and when it may be sent again.
pub use crate::email_status::EmailStatus;
use crate::job::{DeliveryMethod, Job, Refused};
use crate::rule::Note;
use crate::state::State;
use crate::time::Timestamp;

/// The minimum time between two mails of one job, in seconds.
pub const PAUSE_SECONDS: i64 = 60;

/// The maximum number of mails of one job, including the first.
pub const MOST_MAILS: u32 = 10;

/// A kind of mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Letter {
    /// The mail with the link.
    Invitation,
    /// The notice of a new passkey.
    Notice,
}

impl Letter {
    /// The name in the table and in the mail's tags.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Letter::Invitation => "invitation",
            Letter::Notice => "notice",
        }
    }
}

/// Why a link may not be mailed again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAgain {
    /// The job has ended.
    #[error(transparent)]
    Ended(Refused),
    /// The link was returned to the caller, so there is no mail to repeat.
    #[error("the job's link was returned to its creator, not mailed")]
    NeverMailed,
    /// The latest mail is too recent: this many seconds are left.
    #[error("the last mail was sent less than a minute ago; wait {0} s")]
    TooSoon(i64),
    /// The job has reached [`MOST_MAILS`].
    #[error("it has already been mailed {MOST_MAILS} times")]
    TooMany,
}

impl Job {
    /// The mail that the job sends in its present state, if any.
    #[must_use]
    pub fn letter(&self) -> Option<Letter> {
        match (self.state, self.delivery_method) {
            (State::Complete, _) => Some(Letter::Notice),
            (state, DeliveryMethod::Email) if !state.is_terminal() => Some(Letter::Invitation),
            _ => None,
        }
    }

    /// Whether the job's link may be mailed again.
    ///
    /// # Errors
    /// [`NotAgain`]: the reason.
    pub fn may_be_mailed_again(&self, now: Timestamp) -> Result<(), NotAgain> {
        self.allows(Note::Resend, now).map_err(NotAgain::Ended)?;
        if self.delivery_method != DeliveryMethod::Email {
            return Err(NotAgain::NeverMailed);
        }
        if self.mails >= MOST_MAILS {
            return Err(NotAgain::TooMany);
        }
        let free = self.last_mail_time.unwrap_or(self.create_time).plus_seconds(PAUSE_SECONDS);
        if now < free {
            return Err(NotAgain::TooSoon((free.millis() - now.millis() + 999) / 1000));
        }
        Ok(())
    }
}

impl Job {
    /// Whether the recipient may be reminded at `now`: the link was not used up, and mail reaches the recipient.
    #[must_use]
    pub fn may_be_reminded(&self, now: Timestamp) -> bool {
        matches!(self.state_at(now), State::LinkSent | State::LinkOpened)
            && !matches!(
                self.email_status,
                Some(EmailStatus::Bounced | EmailStatus::Complained | EmailStatus::Rejected)
            )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::job::tests::new_job;

    #[test]
    fn a_status_only_rises() {
        assert!(EmailStatus::Bounced.follows().any(|status| status == EmailStatus::Delivered));
        assert!(!EmailStatus::Delayed.follows().any(|status| status == EmailStatus::Delivered));
        assert_eq!(EmailStatus::Sent.follows().count(), 0);
        for status in EmailStatus::ALL {
            assert_eq!(EmailStatus::from_name(status.name()), Some(status));
        }
    }

    #[test]
    fn another_mail_waits() {
        let job = new_job();
        let at = |seconds| job.create_time.plus_seconds(seconds);
        assert_eq!(job.may_be_mailed_again(at(0)), Err(NotAgain::TooSoon(60)));
        assert_eq!(job.may_be_mailed_again(at(59)), Err(NotAgain::TooSoon(1)));
        assert_eq!(job.may_be_mailed_again(at(60)), Ok(()));
        assert_eq!(job.may_be_mailed_again(job.expire_time), Err(NotAgain::Ended(Refused::Expired)));
        let mut record = (*job).clone();
        record.mails = MOST_MAILS;
        assert_eq!(Job::load(record.clone()).may_be_mailed_again(at(60)), Err(NotAgain::TooMany));
        record.delivery_method = DeliveryMethod::Return;
        assert_eq!(Job::load(record.clone()).may_be_mailed_again(at(60)), Err(NotAgain::NeverMailed));
        record.state = State::Complete;
        let ended = Err(NotAgain::Ended(Refused::AlreadyComplete));
        assert_eq!(Job::load(record).may_be_mailed_again(at(60)), ended);
    }

    #[test]
    fn a_mail_that_never_arrives_has_failed() {
        let failed: Vec<EmailStatus> = EmailStatus::ALL.into_iter().filter(|status| status.is_failure()).collect();
        assert_eq!(failed, [EmailStatus::Bounced, EmailStatus::Rejected]);
        assert_eq!(
            EmailStatus::ALL.map(EmailStatus::name),
            ["SENT", "DELAYED", "SOFT_BOUNCED", "DELIVERED", "BOUNCED", "REJECTED", "COMPLAINED"]
        );
        assert_eq!([Letter::Invitation, Letter::Notice].map(Letter::name), ["invitation", "notice"]);
    }

    #[test]
    fn a_refused_resend_says_why() {
        let reasons =
            [NotAgain::Ended(Refused::Expired), NotAgain::NeverMailed, NotAgain::TooSoon(7), NotAgain::TooMany];
        assert_eq!(
            reasons.map(|reason| reason.to_string()),
            [
                "the job has expired",
                "the job's link was returned to its creator, not mailed",
                "the last mail was sent less than a minute ago; wait 7 s",
                "it has already been mailed 10 times",
            ]
        );
    }

    /// The pause runs from the latest mail, or else from the job's creation. The remaining seconds are rounded up.
    #[test]
    fn remaining_seconds_are_rounded_up() {
        let job = new_job();
        let after = |millis: i64| Timestamp::from_millis(job.create_time.millis() + millis);
        assert_eq!(job.may_be_mailed_again(after(58_999)), Err(NotAgain::TooSoon(2)));
        assert_eq!(job.may_be_mailed_again(after(59_001)), Err(NotAgain::TooSoon(1)));
        assert_eq!(job.may_be_mailed_again(after(59_999)), Err(NotAgain::TooSoon(1)));
        let mut record = (*job).clone();
        record.last_mail_time = None;
        assert_eq!(Job::load(record.clone()).may_be_mailed_again(after(59_999)), Err(NotAgain::TooSoon(1)));
        record.last_mail_time = Some(after(30_000));
        assert_eq!(Job::load(record).may_be_mailed_again(after(60_000)), Err(NotAgain::TooSoon(30)));
    }

    #[test]
    fn nobody_is_reminded_in_vain() {
        let job = new_job();
        let now = job.create_time;
        let with = |state, email_status| {
            let mut record = (*job).clone();
            (record.state, record.email_status) = (state, email_status);
            Job::load(record)
        };
        for state in State::ALL {
            let may = [State::LinkSent, State::LinkOpened].contains(&state);
            assert_eq!(with(state, Some(EmailStatus::Delivered)).may_be_reminded(now), may, "{state}");
        }
        for status in EmailStatus::ALL {
            let may = !["BOUNCED", "COMPLAINED", "REJECTED"].contains(&status.name());
            assert_eq!(with(State::LinkSent, Some(status)).may_be_reminded(now), may, "{}", status.name());
        }
        assert!(!job.may_be_reminded(job.expire_time));
    }
}
