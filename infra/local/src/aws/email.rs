//! SES's events about accepted mails, as EventBridge delivers them. The mailbox simulator's addresses work as on AWS,
//! with some additions. Mail to any other address is delivered.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::record::lock;

/// SES's error message when an identity is not verified, that of the sender or, in the sandbox, of the recipient
/// (<https://repost.aws/knowledge-center/ses-554-400-message-rejected-error>).
pub(crate) const NOT_VERIFIED: &str = "Email address is not verified. The following identities failed the check in \
     region LOCAL: someone@bindery.example";

/// The domain of SES's mailbox simulator.
const SIMULATOR: &str = "@simulator.amazonses.com";

/// The delay between SES's response and its first event about a mail: SES too accepts a mail before the recipient's
/// server does.
pub(crate) const TRANSIT: Duration = Duration::from_millis(100);

/// A report about a mail, by its name in `/_local/email-events`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SesReport {
    Delivery,
    Bounce,
    SoftBounce,
    /// An out-of-office reply, which SES reports as a bounce.
    OutOfOffice,
    Complaint,
    Reject,
    Delay,
    RenderingFailure,
}

/// The quotas of the account.
#[derive(Clone, Copy, Debug, serde::Deserialize)]
pub(crate) struct SendQuota {
    /// The maximum number of mails in a second.
    pub(crate) max_send_rate: f64,
    /// The maximum number of mails in 24 hours.
    pub(crate) max_24_hour_send: f64,
    /// Whether mails beyond the rate are throttled, in real time. Off by default, because the stack's clock may stand still
    /// or jump.
    #[serde(default)]
    pub(crate) enforced: bool,
}

/// The times of the mails that were accepted in the last second.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sendings(Arc<Mutex<VecDeque<Instant>>>);

impl Sendings {
    /// Counts a mail; `false` if it is beyond the rate.
    pub(crate) fn allow(&self, quota: &SendQuota) -> bool {
        let mut times = lock(&self.0);
        let now = Instant::now();
        while times.front().is_some_and(|time| now.duration_since(*time) >= Duration::from_secs(1)) {
            times.pop_front();
        }
        let fits = f64::from(u32::try_from(times.len()).unwrap_or(u32::MAX)) + 1.0 <= quota.max_send_rate;
        if fits || !quota.enforced {
            times.push_back(now);
        }
        fits || !quota.enforced
    }
}

impl Default for SendQuota {
    fn default() -> Self {
        Self { max_send_rate: 200.0, max_24_hour_send: 1_000_000.0, enforced: false }
    }
}

/// The reports about a mail to an address, in order.
pub(crate) fn fate(address: &str) -> &'static [SesReport] {
    let address = address.to_ascii_lowercase();
    let name = address.strip_suffix(SIMULATOR).map(|name| name.split('+').next().unwrap_or_default());
    match name {
        Some("bounce" | "suppressionlist") => &[SesReport::Bounce],
        Some("complaint") => &[SesReport::Delivery, SesReport::Complaint],
        Some("softbounce") => &[SesReport::SoftBounce],
        Some("ooto") => &[SesReport::OutOfOffice, SesReport::Delivery],
        Some("reject") => &[SesReport::Reject],
        Some("delay") => &[SesReport::Delay],
        Some("renderingfailure") => &[SesReport::RenderingFailure],
        _ => &[SesReport::Delivery],
    }
}

/// The event with a report about a mail in the stack's mailbox.
pub(crate) fn event(report: SesReport, mail: &Value, time: &str) -> Value {
    let to = &mail["to"];
    let bounce = |kind: &str| {
        json!({
            "bounceType": kind, "bounceSubType": "General", "timestamp": time, "feedbackId": crate::aws::wire::fresh_id(),
            "bouncedRecipients": [{"emailAddress": to, "action": "failed", "status": "5.1.1"}],
        })
    };
    let (detail_type, event_type, member, content) = match report {
        SesReport::Delivery => {
            ("Email Delivered", "Delivery", "delivery", json!({"recipients": [to], "timestamp": time}))
        }
        SesReport::Bounce => ("Email Bounced", "Bounce", "bounce", bounce("Permanent")),
        SesReport::SoftBounce => ("Email Bounced", "Bounce", "bounce", bounce("Transient")),
        SesReport::OutOfOffice => {
            let mut answer = bounce("Transient");
            // No mail server reports a delivery failure.
            answer["bouncedRecipients"] = json!([{"emailAddress": to}]);
            ("Email Bounced", "Bounce", "bounce", answer)
        }
        SesReport::Complaint => {
            ("Email Complaint Received", "Complaint", "complaint", json!({"complaintFeedbackType": "abuse"}))
        }
        SesReport::Reject => ("Email Rejected", "Reject", "reject", json!({"reason": "Bad content"})),
        SesReport::Delay => {
            ("Email Delivery Delayed", "DeliveryDelay", "deliveryDelay", json!({"delayType": "MailboxFull"}))
        }
        SesReport::RenderingFailure => {
            ("Email Rendering Failed", "Rendering Failure", "failure", json!({"errorMessage": "no such template"}))
        }
    };
    let tags = mail["tags"].as_object().cloned().unwrap_or_default();
    let mut tags: serde_json::Map<String, Value> =
        tags.into_iter().map(|(name, value)| (name, json!([value]))).collect();
    // SES adds its own tags.
    tags.insert("ses:configuration-set".to_owned(), json!([mail["configuration_set"]]));
    let mut detail = json!({
        "eventType": event_type,
        "mail": {
            "messageId": mail["message_id"], "timestamp": mail["time"], "destination": [to],
            "source": mail["from"], "tags": tags,
        },
    });
    detail[member] = content;
    json!({
        "version": "0", "id": crate::aws::wire::fresh_id(), "source": "aws.ses", "detail-type": detail_type,
        "account": "000000000000", "region": "local", "time": time, "resources": [], "detail": detail,
    })
}
