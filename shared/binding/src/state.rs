//! The seven states of a job, and which may follow which.

use std::fmt;

/// The state of a job. The names are those of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// The link was returned to the caller or handed to the mailer; the user acts next.
    LinkSent,
    /// The user opened the link.
    LinkOpened,
    /// The device has the binding request; the device acts next.
    RequestDelivered,
    /// The passkey exists.
    Complete,
    /// The job's time ran out.
    Expired,
    /// An operator withdrew the job.
    Revoked,
    /// The mail was refused, or bounced for good.
    FailedToSend,
}

impl State {
    /// All states, in the order of their rank.
    pub const ALL: [State; 7] = [
        State::LinkSent,
        State::LinkOpened,
        State::RequestDelivered,
        State::Complete,
        State::Expired,
        State::Revoked,
        State::FailedToSend,
    ];

    /// The name in the API, in events and in the table.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            State::LinkSent => "LINK_SENT",
            State::LinkOpened => "LINK_OPENED",
            State::RequestDelivered => "REQUEST_DELIVERED",
            State::Complete => "COMPLETE",
            State::Expired => "EXPIRED",
            State::Revoked => "REVOKED",
            State::FailedToSend => "FAILED_TO_SEND",
        }
    }

    /// Reads a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Whether nothing can follow.
    #[must_use]
    pub fn is_terminal(self) -> bool {
        self.rank() == 3
    }

    /// How far along a job is: 0 to 2 while it lives, 3 at its end. A change never lowers it.
    #[must_use]
    pub fn rank(self) -> u8 {
        match self {
            State::LinkSent => 0,
            State::LinkOpened => 1,
            State::RequestDelivered => 2,
            State::Complete | State::Expired | State::Revoked | State::FailedToSend => 3,
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What can happen to a job. [`crate::job::Command`] carries what each needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The user opened the link.
    Open,
    /// The device fetched the binding request.
    Deliver,
    /// The device proved a new key.
    Bind,
    /// An operator withdraws the job.
    Revoke,
    /// The mail cannot be delivered.
    FailToSend,
    /// The job's time ran out, and it is made visible.
    Expire,
}

impl Step {
    /// All steps.
    pub const ALL: [Step; 6] = [Step::Open, Step::Deliver, Step::Bind, Step::Revoke, Step::FailToSend, Step::Expire];

    /// The states from which this step leads on: the guard of [`crate::job::Job::apply`] and the condition of the
    /// write in the table, both made from this one list.
    ///
    /// `Deliver` also leads on from `LINK_SENT`: a device that fetches the request has opened the link, even when a
    /// browser told nothing about the navigation.
    #[must_use]
    pub fn from(self) -> &'static [State] {
        match self {
            Step::Open | Step::FailToSend => &[State::LinkSent],
            Step::Deliver => &[State::LinkSent, State::LinkOpened],
            Step::Bind => &[State::RequestDelivered],
            Step::Revoke | Step::Expire => &[State::LinkSent, State::LinkOpened, State::RequestDelivered],
        }
    }

    /// The state to which this step leads.
    #[must_use]
    pub fn to(self) -> State {
        match self {
            Step::Open => State::LinkOpened,
            Step::Deliver => State::RequestDelivered,
            Step::Bind => State::Complete,
            Step::Revoke => State::Revoked,
            Step::FailToSend => State::FailedToSend,
            Step::Expire => State::Expired,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_step_leaves_a_terminal_state_or_lowers_the_rank() {
        for step in Step::ALL {
            for from in step.from() {
                assert!(!from.is_terminal(), "{step:?} leaves {from}");
                assert!(from.rank() < step.to().rank(), "{step:?} from {from}");
            }
        }
    }

    #[test]
    fn names_are_read_back() {
        for state in State::ALL {
            assert_eq!(State::from_name(state.name()), Some(state));
        }
        assert_eq!(State::from_name("link_sent"), None);
    }
}
