//! The pace of sending ([`binding::mail_pace`]), which all copies of this function share.

use std::sync::Arc;
use std::time::Duration;

use binding::mail_pace::{AHEAD_MILLIS, MailPace, Turn, Turns};
use binding::time::Timestamp;
use binding::unavailable::Unavailable;
use cloud::clock::Clock;
use cloud::sending::SendingQuota;
use cloud::table::Table;
use tokio::sync::Mutex;

/// How long the account's sending rate is cached, in seconds.
const KEPT_SECONDS: i64 = 300;

/// After how many seconds it is read again if it could not be read. All mails of this copy wait while it is read.
const AGAIN_SECONDS: i64 = 5;

/// The turns of this copy's mails.
#[derive(Clone, Debug)]
pub(crate) struct Pace {
    table: Table,
    clock: Clock,
    quota: SendingQuota,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    turns: Turns,
    /// The account's sending rate in mails a second, as it was last read.
    rate: Option<f64>,
    /// When it is read again.
    next_read: Option<Timestamp>,
    /// Whether SES had throttled a mail when the last time was reserved.
    throttled: bool,
}

impl Pace {
    pub(crate) fn new(table: &Table, clock: &Clock, quota: SendingQuota) -> Self {
        Self { table: table.clone(), clock: clock.clone(), quota, state: Arc::default() }
    }

    /// Waits until the next mail may be sent; `false` if that would take too long. `alone`: no other mail is sent now. If
    /// the account's rate cannot be read, there is no pace.
    pub(crate) async fn turn(&self, alone: bool) -> Result<bool, Unavailable> {
        let from = {
            // One reserves for all that wait here.
            let mut state = self.state.lock().await;
            let now = self.clock.now();
            match state.turns.next(alone, now) {
                Turn::Now => return Ok(true),
                Turn::At(from) => from,
                Turn::Reserve { owed } => {
                    let Some(rate) = self.rate(&mut state, now).await else { return Ok(true) };
                    let pace = MailPace::new(rate, state.throttled);
                    let millis = pace.millis(pace.chunk() + owed);
                    match self.table.reserve_mail_time(millis, AHEAD_MILLIS, now).await? {
                        Ok(time) => {
                            state.throttled = time.throttled;
                            state.turns.reserved(pace.chunk(), time.from);
                            time.from
                        }
                        Err(_) => return Ok(false),
                    }
                }
            }
        };
        let wait = from.millis() - self.clock.now().millis();
        tokio::time::sleep(Duration::from_millis(u64::try_from(wait).unwrap_or_default())).await;
        Ok(true)
    }

    /// The account's sending rate, which is read every five minutes.
    async fn rate(&self, state: &mut State, now: Timestamp) -> Option<f64> {
        if state.next_read.is_none_or(|next| next <= now) {
            let kept = match self.quota.read().await {
                Ok(allowance) => {
                    state.rate = Some(allowance.per_second);
                    KEPT_SECONDS
                }
                Err(error) => {
                    tracing::warn!(detail = error.detail, "the sending rate cannot be read");
                    AGAIN_SECONDS
                }
            };
            state.next_read = Some(now.plus_seconds(kept));
        }
        state.rate
    }
}
