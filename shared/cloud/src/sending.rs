//! What SES lets the account send.

use aws_sdk_sesv2::Client;
use binding::campaign::pace::Allowance;
use binding::unavailable::Unavailable;

use crate::aws::{Aws, unavailable};

/// The account's sending quotas.
#[derive(Clone, Debug)]
pub struct SendingQuota {
    client: Client,
}

impl SendingQuota {
    /// A reader of the quotas.
    #[must_use]
    pub fn new(aws: &Aws) -> Self {
        Self { client: aws.sesv2() }
    }

    /// Reads the quotas (SES v2 `GetAccount`).
    ///
    /// # Errors
    /// [`Unavailable`] when SES does not respond.
    pub async fn read(&self) -> Result<Allowance, Unavailable> {
        let account = self.client.get_account().send().await.map_err(|error| unavailable("sesv2", &error))?;
        let quota = account.send_quota().ok_or_else(|| Unavailable::new("sesv2", "no quota in the answer"))?;
        // A quota of -1 means that there is none. In range: SES reports whole mails.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "negative numbers are excluded")]
        let mails = |number: f64| number.max(0.0) as u64;
        let per_day = quota.max24_hour_send();
        Ok(Allowance {
            per_second: if account.sending_enabled() { quota.max_send_rate() } else { 0.0 },
            per_day: (per_day >= 0.0).then(|| mails(per_day)),
            sent_in_day: mails(quota.sent_last24_hours()),
            throttled: false,
        })
    }
}
