//! How far a mail has got.

/// How far a mail has got, as far as we know. What SES tells comes in any order and more than once, so the status only
/// goes up in this order.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, strum::EnumCount, strum::IntoStaticStr, strum::VariantArray,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum EmailStatus {
    /// SES accepted it.
    Sent,
    /// The recipient's server does not take it yet.
    Delayed,
    /// The recipient's server refused it for now, such as for a full mailbox.
    SoftBounced,
    /// The recipient's server took it.
    Delivered,
    /// The recipient's server refused it for good.
    Bounced,
    /// SES refused it for good, at once or after a look at it.
    Rejected,
    /// The recipient called it spam.
    Complained,
}

proof::names!(EmailStatus);

impl EmailStatus {
    /// Whether the mail will never arrive. A job whose link was not opened yet ends with that.
    #[must_use]
    pub fn is_failure(self) -> bool {
        matches!(self, EmailStatus::Bounced | EmailStatus::Rejected)
    }

    /// The statuses that this one may follow.
    pub fn follows(self) -> impl Iterator<Item = EmailStatus> {
        Self::ALL.into_iter().filter(move |status| *status < self)
    }
}
