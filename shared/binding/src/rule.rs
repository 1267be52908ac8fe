//! Every change of a job and when it is allowed: the one table behind [`crate::job::Job::apply`] and the conditions of
//! the table's writes.
//!
//! A [`Step`] changes the state. A [`Note`] leaves the state unchanged.

use crate::state::State::{self, Complete, Expired, FailedToSend, LinkOpened, LinkSent, RequestDelivered, Revoked};
use crate::time::Timestamp;

/// When a change is allowed: the stored state is one of `states`, and the clock meets `when`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The states as stored. A job whose expiry was not recorded yet is stored in a non-terminal state.
    pub states: &'static [State],
    /// How the time must relate to the job's expiry.
    pub when: When,
}

/// How the time must relate to a job's expiry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// The job's `expire_time` is in the future.
    BeforeExpiry,
    /// The job's `expire_time` has passed.
    AfterExpiry,
    /// No requirement.
    Anytime,
}

impl Rule {
    /// Whether a job that is stored in `state` and expires at `expire_time` meets this rule at `now`.
    #[must_use]
    pub fn allows(self, state: State, expire_time: Timestamp, now: Timestamp) -> bool {
        self.states.contains(&state)
            && match self.when {
                When::BeforeExpiry => now < expire_time,
                When::AfterExpiry => now >= expire_time,
                When::Anytime => true,
            }
    }
}

const LIVING: &[State] = &[LinkSent, LinkOpened, RequestDelivered];
const EXPIRABLE: &[State] = &[LinkSent, LinkOpened, RequestDelivered, Expired];

/// A change of the state. [`crate::job::Command`] carries what each step needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The user opens the link.
    Open,
    /// The device fetches the binding request.
    Deliver,
    /// The device proves a new key.
    Bind,
    /// An operator or the recipient revokes the job.
    Revoke,
    /// The mail cannot be delivered.
    FailToSend,
    /// The job expires.
    Expire,
}

impl Step {
    /// All steps.
    pub const ALL: [Step; 6] = [Step::Open, Step::Deliver, Step::Bind, Step::Revoke, Step::FailToSend, Step::Expire];

    /// When the step is allowed.
    ///
    /// `Deliver` is allowed from `LINK_SENT` too: a device that fetches the request of an unopened link opens it.
    #[must_use]
    pub fn rule(self) -> Rule {
        let (states, when): (&[State], _) = match self {
            Step::Open | Step::FailToSend => (&[LinkSent], When::BeforeExpiry),
            Step::Deliver => (&[LinkSent, LinkOpened], When::BeforeExpiry),
            Step::Bind => (&[RequestDelivered], When::BeforeExpiry),
            Step::Revoke => (LIVING, When::BeforeExpiry),
            Step::Expire => (LIVING, When::AfterExpiry),
        };
        Rule { states, when }
    }

    /// The state after the step.
    #[must_use]
    pub fn to(self) -> State {
        match self {
            Step::Open => LinkOpened,
            Step::Deliver => RequestDelivered,
            Step::Bind => Complete,
            Step::Revoke => Revoked,
            Step::FailToSend => FailedToSend,
            Step::Expire => Expired,
        }
    }

    /// The states that the step enters, in order, when it starts in `from`. Each of them is a version of the job with its
    /// own event, also if one write enters several.
    #[must_use]
    pub fn path(self, from: State) -> Vec<State> {
        match (self, from) {
            (Step::Deliver, LinkSent) => vec![LinkOpened, RequestDelivered],
            _ => vec![self.to()],
        }
    }
}

/// A change that leaves the state unchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// The link was fetched without a user action.
    CountPrefetch,
    /// A proof was refused.
    RecordFailure,
    /// A mailer claims the invitation before it sends it.
    ClaimInvitation,
    /// A mailer claims the notice of a new passkey before it sends it.
    ClaimNotice,
    /// A mail was sent, its claim was released, or its delivery status was reported.
    RecordMail,
    /// The invitation is to be mailed again, possibly with a later `expire_time`.
    Resend,
    /// The recipient is reminded: the invitation is mailed again by itself.
    Remind,
    /// Another job replaces this expired one.
    Renew,
    /// The code on the redirect URI was redeemed.
    Redeem,
    /// The identity was suspended. A completion that read the identity before must fail.
    Suspend,
}

impl Note {
    /// All notes.
    pub const ALL: [Note; 10] = [
        Note::CountPrefetch,
        Note::RecordFailure,
        Note::ClaimInvitation,
        Note::ClaimNotice,
        Note::RecordMail,
        Note::Resend,
        Note::Remind,
        Note::Renew,
        Note::Redeem,
        Note::Suspend,
    ];

    /// When the note is allowed.
    #[must_use]
    pub fn rule(self) -> Rule {
        let (states, when): (&[State], _) = match self {
            Note::RecordFailure => return Step::Bind.rule(),
            Note::ClaimInvitation | Note::Resend => (LIVING, When::BeforeExpiry),
            Note::Remind => (&[LinkSent, LinkOpened], When::BeforeExpiry),
            Note::Renew => (EXPIRABLE, When::AfterExpiry),
            Note::ClaimNotice | Note::Redeem => (&[Complete], When::Anytime),
            // In no other state can a completion be under way.
            Note::Suspend => (&[RequestDelivered], When::Anytime),
            Note::CountPrefetch | Note::RecordMail => (&State::ALL, When::Anytime),
        };
        Rule { states, when }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_step_leaves_a_terminal_state_or_lowers_the_rank() {
        for step in Step::ALL {
            for from in step.rule().states {
                assert!(!from.is_terminal(), "{step:?} leaves {from}");
                assert!(from.rank() < step.to().rank(), "{step:?} from {from}");
            }
        }
    }

    /// A path is a sequence of steps that are allowed one after the other.
    #[test]
    fn a_path_ends_in_the_state_after_the_step_and_skips_none_that_is_allowed() {
        for step in Step::ALL {
            for from in step.rule().states {
                let path = step.path(*from);
                assert_eq!(path.last(), Some(&step.to()), "{step:?} from {from}");
                let mut state = *from;
                for next in &path {
                    let single = Step::ALL.into_iter().find(|single| single.path(state) == [*next]);
                    assert!(single.is_some_and(|single| single.rule().states.contains(&state)), "{state} to {next}");
                    state = *next;
                }
            }
        }
    }
}
