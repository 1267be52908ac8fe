//! SES's events as EventBridge delivers them
//! (<https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html>).

use std::collections::HashMap;

use binding::mail::EmailStatus;
use serde::Deserialize;

/// The maximum length of a stored reason, in characters.
const LONGEST_REASON: usize = 64;

/// The parts of an event that are used. Addresses are not read.
#[derive(Clone, Debug, Deserialize)]
pub struct SesEvent {
    /// The report.
    pub detail: Detail,
}

/// SES's report about a mail.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Detail {
    /// The type, such as `Delivery` or `Bounce`.
    pub event_type: String,
    /// The mail.
    pub mail: Mail,
    #[serde(default)]
    bounce: Option<Bounce>,
    #[serde(default)]
    complaint: Option<Complaint>,
    #[serde(default)]
    reject: Option<Reject>,
    #[serde(default)]
    delivery_delay: Option<Delay>,
}

/// A mail.
#[derive(Clone, Debug, Deserialize)]
pub struct Mail {
    /// The mail's tags, each with its values.
    #[serde(default)]
    pub tags: HashMap<String, Vec<String>>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Bounce {
    bounce_type: String,
    #[serde(default)]
    bounce_sub_type: String,
    #[serde(default)]
    bounced_recipients: Vec<Recipient>,
}

/// A recipient whose mail bounced. These members come from a mail server's report (RFC 3464) and are absent without
/// one.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Recipient {
    action: Option<String>,
    status: Option<String>,
    diagnostic_code: Option<String>,
}

impl Bounce {
    /// Whether the bounce is an automatic reply, such as an out-of-office one. SES reports such a reply as a transient,
    /// general bounce without a mail server's report: the mail was delivered.
    fn is_automatic_answer(&self) -> bool {
        let reported = |r: &Recipient| r.action.is_some() || r.status.is_some() || r.diagnostic_code.is_some();
        self.bounce_type == "Transient"
            && self.bounce_sub_type == "General"
            && !self.bounced_recipients.iter().any(reported)
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Complaint {
    #[serde(default)]
    complaint_feedback_type: String,
}

#[derive(Clone, Debug, Deserialize)]
struct Reject {
    #[serde(default)]
    reason: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Delay {
    #[serde(default)]
    delay_type: String,
}

impl Detail {
    /// The delivery status and SES's reason for it; `None` if the event reports no status.
    #[must_use]
    pub fn status(&self) -> Option<(EmailStatus, String)> {
        let (status, reason) = match self.event_type.as_str() {
            "Send" => (EmailStatus::Sent, ""),
            "Delivery" => (EmailStatus::Delivered, ""),
            "DeliveryDelay" => {
                (EmailStatus::Delayed, self.delivery_delay.as_ref().map_or("", |delay| &delay.delay_type))
            }
            "Bounce" if self.bounce.as_ref().is_some_and(Bounce::is_automatic_answer) => return None,
            "Bounce" => {
                let bounce = self.bounce.as_ref();
                // `Undetermined` may be either; only `Permanent` means that a retry is pointless.
                let permanent = bounce.is_some_and(|bounce| bounce.bounce_type == "Permanent");
                let status = if permanent { EmailStatus::Bounced } else { EmailStatus::SoftBounced };
                (status, bounce.map_or("", |bounce| &bounce.bounce_sub_type))
            }
            "Complaint" => {
                (EmailStatus::Complained, self.complaint.as_ref().map_or("", |c| &c.complaint_feedback_type))
            }
            "Reject" => (EmailStatus::Rejected, self.reject.as_ref().map_or("", |reject| &reject.reason)),
            // The error message is not stored, because it may quote the mail.
            "Rendering Failure" | "RenderingFailure" => (EmailStatus::Rejected, "RenderingFailure"),
            _ => return None,
        };
        let reason = reason.chars().filter(|c| c.is_ascii_graphic() || *c == ' ').take(LONGEST_REASON).collect();
        Some((status, reason))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn status(mut detail: Value) -> Option<(EmailStatus, String)> {
        detail["mail"] = json!({"messageId": "m", "destination": ["a@b.example"]});
        let event: SesEvent = serde_json::from_value(json!({"detail-type": "x", "detail": detail})).unwrap();
        event.detail.status()
    }

    #[test]
    fn every_type_of_event_is_read() {
        let bounce = |kind: &str| {
            let recipients = json!([{"emailAddress": "a@b.example", "action": "failed", "status": "4.4.7"}]);
            json!({"eventType": "Bounce", "bounce": {
                "bounceType": kind, "bounceSubType": "General", "bouncedRecipients": recipients,
            }})
        };
        let complaint = json!({"eventType": "Complaint", "complaint": {"complaintFeedbackType": "abuse"}});
        let delay = json!({"eventType": "DeliveryDelay", "deliveryDelay": {"delayType": "MailboxFull"}});
        for (detail, expected, reason) in [
            (json!({"eventType": "Send"}), EmailStatus::Sent, ""),
            (json!({"eventType": "Delivery", "delivery": {"smtpResponse": "250"}}), EmailStatus::Delivered, ""),
            (delay, EmailStatus::Delayed, "MailboxFull"),
            (bounce("Permanent"), EmailStatus::Bounced, "General"),
            (bounce("Transient"), EmailStatus::SoftBounced, "General"),
            (bounce("Undetermined"), EmailStatus::SoftBounced, "General"),
            (complaint, EmailStatus::Complained, "abuse"),
            (json!({"eventType": "Complaint"}), EmailStatus::Complained, ""),
            (json!({"eventType": "Reject", "reject": {"reason": "Bad content"}}), EmailStatus::Rejected, "Bad content"),
            (
                json!({"eventType": "Rendering Failure", "failure": {"errorMessage": "…"}}),
                EmailStatus::Rejected,
                "RenderingFailure",
            ),
        ] {
            assert_eq!(status(detail), Some((expected, reason.to_owned())));
        }
        assert_eq!(status(json!({"eventType": "Open"})), None);
    }

    #[test]
    fn an_out_of_office_reply_is_ignored() {
        let bounce = |kind: &str, sub_type: &str, recipient: Value| {
            json!({"eventType": "Bounce", "bounce": {
                "bounceType": kind, "bounceSubType": sub_type, "bouncedRecipients": [recipient],
            }})
        };
        let bare = || json!({"emailAddress": "a@b.example"});
        assert_eq!(status(bounce("Transient", "General", bare())), None);
        for (kind, sub_type, recipient) in [
            ("Transient", "MailboxFull", bare()),
            ("Permanent", "General", bare()),
            ("Undetermined", "Undetermined", bare()),
            ("Transient", "General", json!({"emailAddress": "a@b.example", "status": "4.4.7"})),
            ("Transient", "General", json!({"emailAddress": "a@b.example", "diagnosticCode": "smtp; 450 later"})),
        ] {
            assert!(status(bounce(kind, sub_type, recipient.clone())).is_some(), "{kind} {sub_type} {recipient}");
        }
    }
}
