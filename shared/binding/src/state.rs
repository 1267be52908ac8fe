//! The seven states of a job. [`crate::rule`] defines the transitions between them.

use std::fmt;

/// The state of a job. The names are those of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, strum::EnumCount, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum State {
    /// The link was returned to the caller or handed to the mailer; the user acts next.
    LinkSent,
    /// The user opened the link.
    LinkOpened,
    /// The device has the binding request; the device acts next.
    RequestDelivered,
    /// The passkey exists.
    Complete,
    /// The job expired.
    Expired,
    /// An operator or the recipient revoked the job.
    Revoked,
    /// The mail was refused, or bounced for good.
    FailedToSend,
}

proof::names!(State);

impl State {
    /// Whether the state is final.
    #[must_use]
    pub fn is_terminal(self) -> bool {
        self.rank() == 3
    }

    /// The job's progress: 0 to 2 in the non-terminal states, 3 in the terminal ones. A change never lowers it.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        for state in State::ALL {
            assert_eq!(State::from_name(state.name()), Some(state));
        }
        assert_eq!(State::from_name("link_sent"), None);
    }
}
