//! The delivery status of a mail.

/// The delivery status of a mail, as far as it is known. SES reports in any order and more than once, so the status
/// only rises, in the order of these variants.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, strum::EnumCount, strum::IntoStaticStr, strum::VariantArray,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum EmailStatus {
    /// SES accepted it.
    Sent,
    /// The recipient's server does not accept it yet.
    Delayed,
    /// The recipient's server rejected it temporarily, such as for a full mailbox.
    SoftBounced,
    /// The recipient's server accepted it.
    Delivered,
    /// The recipient's server rejected it permanently.
    Bounced,
    /// SES rejected it permanently, at once or after inspecting it.
    Rejected,
    /// The recipient reported it as spam.
    Complained,
}

proof::names!(EmailStatus);

impl EmailStatus {
    /// Whether the mail will never arrive. A job whose link was not opened yet then fails.
    #[must_use]
    pub fn is_failure(self) -> bool {
        matches!(self, EmailStatus::Bounced | EmailStatus::Rejected)
    }

    /// The statuses that this one may follow.
    pub fn follows(self) -> impl Iterator<Item = EmailStatus> {
        Self::ALL.into_iter().filter(move |status| *status < self)
    }
}
