//! The attribute names that changes and conditions use.

use binding::mail::Letter;
use binding::sign_in::SLOTS;
use binding::state::State;

pub(super) const PK: &str = "pk";

// Of several kinds of items.
pub(super) const STATE: &str = "state";
pub(super) const VERSION: &str = "version";
pub(super) const UPDATE_MS: &str = "update_ms";
pub(super) const CREATE_MS: &str = "create_ms";
pub(super) const REVOKED_BY: &str = "revoked_by";
/// The operation that wrote the item last: the mark of [`super::change::Change`].
pub(super) const OP: &str = "op";

// Of a realm.
/// Until when it is closed, because it is being deleted.
pub(super) const CLOSED_MS: &str = "closed_ms";

// Of an identity.
pub(super) const IDENTITY_ID: &str = "identity_id";
pub(super) const STATUS: &str = "status";

// Of a credential.
pub(super) const SIGN_COUNT: &str = "sign_count";
pub(super) const BACKUP_STATE: &str = "backup_state";
pub(super) const LAST_USED_MS: &str = "last_used_ms";
pub(super) const USE_COUNT: &str = "use_count";
pub(super) const CLONE_MS: &str = "clone_ms";
/// The signature counter that made the suspicion.
pub(super) const CLONE_SIGN_COUNT: &str = "clone_sign_count";
/// The order of the latest token of each slot that was used to sign in ([`binding::sign_in::SignInToken::order`]).
pub(super) const SIGN_IN_SLOTS: [&str; SLOTS] = [
    "sign_in_0",
    "sign_in_1",
    "sign_in_2",
    "sign_in_3",
    "sign_in_4",
    "sign_in_5",
    "sign_in_6",
    "sign_in_7",
    "sign_in_8",
    "sign_in_9",
    "sign_in_10",
    "sign_in_11",
    "sign_in_12",
    "sign_in_13",
    "sign_in_14",
    "sign_in_15",
];

// Of a job.
pub(super) const EXPIRE_MS: &str = "expire_ms";
pub(super) const TTL: &str = "ttl";
pub(super) const EXPIRY_SHARD: &str = "expiry_shard";
pub(super) const LINK_HASH: &str = "link_hash";
pub(super) const LINK_VERSION: &str = "link_version";
pub(super) const CREDENTIAL_ID: &str = "credential_id";
pub(super) const RECEIPT: &str = "receipt";
pub(super) const CODE_HASH: &str = "code_hash";
pub(super) const CODE_EXPIRE_MS: &str = "code_expire_ms";
/// The operation that redeemed the code.
pub(super) const REDEEM_OP: &str = "redeem_op";
pub(super) const FAILURES: &str = "failures";
pub(super) const FAILURE_MS: &str = "failure_ms";
pub(super) const FAILURE_REASON: &str = "failure_reason";
pub(super) const FAILURE_DETAIL: &str = "failure_detail";
/// How often the identity was suspended since the job can be completed.
pub(super) const SUSPENSIONS: &str = "suspensions";
pub(super) const PREFETCHES: &str = "prefetches";
/// How many times the present state was published again on request.
pub(crate) const REPLAYS: &str = "replays";
pub(super) const PREFETCH_MS: &str = "prefetch_ms";
pub(super) const RENEWED_BY: &str = "renewed_by";
pub(super) const DISOWN_HASH: &str = "disown_hash";
pub(super) const DISOWN_EXPIRE_MS: &str = "disown_expire_ms";

// Of what has something to do at a time: a realm's queue, and a job with reminders.
pub(super) const DUE_SHARD: &str = "due_shard";
pub(super) const DUE_MS: &str = "due_ms";

// Of a batch, and of its chunks.
pub(super) const CONTROL: &str = "control";
pub(super) const CONTROL_MS: &str = "control_ms";
/// The time in the key of the batch's `READY#…` item, if it has one.
pub(super) const READY_MS: &str = "ready_ms";
pub(super) const BOUNCED: &str = "bounced";
pub(super) const COMPLAINED: &str = "complained";
/// How many were invited, bounced and complained when the batch was last resumed.
pub(super) const AT_RESUME: &str = "at_resume";
/// How many recipients were invited, skipped and failed, once the batch has finished.
pub(super) const FINISHED: &str = "finished";
pub(super) const PROGRESS: &str = "progress";
pub(super) const DEFERRED_MS: &str = "deferred_ms";

// Of an identity's slot, and of a realm's sheets.
pub(super) const SLOT: &str = "slot";
pub(super) const NEXT_SLOT: &str = "next_slot";
pub(super) const STATUSES: &str = "statuses";

// Of a realm's queue.
pub(super) const KIND: &str = "kind";
/// The operation of the runner that advances the realm's batches.
pub(super) const CLAIM: &str = "claim";
/// When that claim lapses.
pub(super) const LEASE_MS: &str = "lease_ms";
/// Counts what wakes the queue, so that a runner does not put it to sleep again.
pub(super) const WAKES: &str = "wakes";
pub(super) const NEXT_SLOT_MS: &str = "next_slot_ms";
pub(super) const DAY: &str = "day";
pub(super) const DAY_SENT: &str = "day_sent";
/// How many recipients the unfinished batches have.
pub(super) const QUEUED: &str = "queued";

// Of a bucket, by [`super::bucket`].
/// The time up to which it is taken.
pub(super) const TAKEN_MS: &str = "taken_ms";

// Of the installation's pacer.
pub(super) const MINUTE: &str = "minute";
pub(super) const SENT: &str = "sent";
/// Until when the pace is halved.
pub(super) const THROTTLED_MS: &str = "throttled_ms";

// Of a job's reminders.
pub(super) const REMINDERS_SENT: &str = "reminders_sent";
pub(super) const REMINDER_MAIL: &str = "reminder_mail";

// Of a job's mails.
pub(super) const DELIVERY_METHOD: &str = "delivery_method";
pub(super) const MAILS: &str = "mails";
pub(super) const LAST_MAIL_MS: &str = "last_mail_ms";
pub(super) const EMAIL_STATUS: &str = "email_status";
pub(super) const EMAIL_STATUS_REASON: &str = "email_status_reason";
pub(super) const EMAIL_MESSAGE_ID: &str = "email_message_id";
/// The operation that last requested a resend. It has a separate attribute, because the mailer, SES or the user may
/// change the job before that operation is retried.
pub(super) const RESEND_OP: &str = "resend_op";

/// The attributes of one kind of mail.
pub(super) struct LetterAttributes {
    /// The progress of the mail: a value of [`super::mail`].
    pub(super) progress: &'static str,
    /// The operation that claimed it.
    pub(super) claim: &'static str,
    /// When that claim expires, in milliseconds.
    pub(super) lease_ms: &'static str,
}

pub(super) const fn letter(letter: Letter) -> LetterAttributes {
    match letter {
        Letter::Invitation => {
            LetterAttributes { progress: "invitation", claim: "invitation_claim", lease_ms: "invitation_lease_ms" }
        }
        Letter::Notice => LetterAttributes { progress: "notice", claim: "notice_claim", lease_ms: "notice_lease_ms" },
    }
}

/// When a job entered a state, in milliseconds. `LINK_SENT` is entered at the creation.
pub(super) const fn entered(state: State) -> &'static str {
    match state {
        State::LinkSent => "entered_LINK_SENT",
        State::LinkOpened => "entered_LINK_OPENED",
        State::RequestDelivered => "entered_REQUEST_DELIVERED",
        State::Complete => "entered_COMPLETE",
        State::Expired => "entered_EXPIRED",
        State::Revoked => "entered_REVOKED",
        State::FailedToSend => "entered_FAILED_TO_SEND",
    }
}

/// The progress of a mail that is to be sent.
pub(super) const WANTED: &str = "WANTED";
