//! The stored recipients of a batch: ids, and one character for the outcome of each.

use crate::ids::IdentityId;
use crate::time::Timestamp;

/// The number of recipients that are stored and processed together.
pub const CHUNK_SIZE: usize = 100;

/// Why a recipient was not invited.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, strum::EnumCount, strum::IntoStaticStr, strum::VariantArray,
)]
#[strum(serialize_all = "snake_case")]
pub enum SkipReason {
    /// The identity has no mail address.
    NoEmail,
    /// The identity is suspended.
    Suspended,
    /// The identity does not exist any more.
    NotFound,
    /// The identity has a passkey.
    AlreadyEnrolled,
    /// The identity has a job that can still create a passkey.
    AlreadyPending,
    /// The recipient complained about an earlier mail, or the mail service suppresses the address.
    Suppressed,
    /// An earlier mail to the address bounced for good.
    Bounced,
    /// The realm no longer allows the batch's settings: the authenticator config or the redirect URI was removed.
    Policy,
    /// The batch was cancelled before.
    Cancelled,
}

proof::names!(SkipReason);

impl SkipReason {
    /// Whether it counts as a failure. A recipient who needs no invitation does not.
    #[must_use]
    pub fn is_failure(self) -> bool {
        !matches!(self, SkipReason::AlreadyEnrolled | SkipReason::AlreadyPending)
    }

    /// What happened, in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            SkipReason::NoEmail => "Identity missing email address",
            SkipReason::Suspended => "Identity is suspended",
            SkipReason::NotFound => "Identity not found",
            SkipReason::AlreadyEnrolled => "Identity already has a passkey",
            SkipReason::AlreadyPending => "Identity already has a pending job",
            SkipReason::Suppressed => "Email address is suppressed",
            SkipReason::Bounced => "An earlier email bounced",
            SkipReason::Policy => "The authenticator config or the redirect URI no longer exists",
            SkipReason::Cancelled => "The batch was cancelled",
        }
    }
}

/// The outcome of a recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Not processed yet.
    Waiting,
    /// Deferred until the quiet hours end.
    Deferred,
    /// The job was created.
    Invited,
    /// No job is created.
    Skipped(SkipReason),
}

impl Outcome {
    /// The character that represents the outcome in the table.
    #[must_use]
    pub fn code(self) -> char {
        match self {
            Outcome::Waiting => '.',
            Outcome::Deferred => 'd',
            Outcome::Invited => 'i',
            Outcome::Skipped(reason) => match reason {
                SkipReason::NoEmail => 'E',
                SkipReason::Suspended => 'S',
                SkipReason::NotFound => 'N',
                SkipReason::AlreadyEnrolled => 'A',
                SkipReason::AlreadyPending => 'P',
                SkipReason::Suppressed => 'C',
                SkipReason::Bounced => 'B',
                SkipReason::Policy => 'L',
                SkipReason::Cancelled => 'X',
            },
        }
    }

    /// Reads the character.
    #[must_use]
    pub fn from_code(code: char) -> Option<Self> {
        let skipped = SkipReason::ALL.into_iter().map(Outcome::Skipped);
        [Outcome::Waiting, Outcome::Deferred, Outcome::Invited]
            .into_iter()
            .chain(skipped)
            .find(|one| one.code() == code)
    }

    /// Whether the outcome is final.
    #[must_use]
    pub fn is_settled(self) -> bool {
        matches!(self, Outcome::Invited | Outcome::Skipped(_))
    }
}

/// Some recipients of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// Which of the batch's chunks it is, from 0.
    pub number: u32,
    /// Counts the writes, from 1.
    pub version: u64,
    /// The recipients and their outcomes.
    pub recipients: Vec<(IdentityId, Outcome)>,
    /// When the first of the deferred recipients can be invited.
    pub deferred_until: Option<Timestamp>,
}

impl Chunk {
    /// A batch's recipients in chunks, all waiting.
    #[must_use]
    pub fn of(identities: &[IdentityId]) -> Vec<Self> {
        let chunks = (0..).zip(identities.chunks(CHUNK_SIZE));
        let chunk = |(number, some): (u32, &[IdentityId])| Chunk {
            number,
            version: 1,
            recipients: some.iter().map(|identity| (identity.clone(), Outcome::Waiting)).collect(),
            deferred_until: None,
        };
        chunks.map(chunk).collect()
    }

    /// The positions of the recipients that can be processed now.
    pub fn ready(&self, now: Timestamp) -> impl Iterator<Item = usize> {
        let awake = self.deferred_until.is_none_or(|until| until <= now);
        let ready = move |outcome| outcome == Outcome::Waiting || awake && outcome == Outcome::Deferred;
        (0..).zip(&self.recipients).filter(move |(_, (_, outcome))| ready(*outcome)).map(|(index, _)| index)
    }

    /// When a recipient of this chunk can next be processed; `None` when all are settled.
    #[must_use]
    pub fn next_time(&self, now: Timestamp) -> Option<Timestamp> {
        if self.recipients.iter().any(|(_, outcome)| *outcome == Outcome::Waiting) {
            return Some(now);
        }
        let deferred = self.recipients.iter().any(|(_, outcome)| *outcome == Outcome::Deferred);
        deferred.then(|| self.deferred_until.unwrap_or(now))
    }

    /// The outcomes as one text, a character for each recipient.
    #[must_use]
    pub fn progress(&self) -> String {
        self.recipients.iter().map(|(_, outcome)| outcome.code()).collect()
    }
}

/// How many recipients of a batch are waiting, invited and ruled out. Each recipient is counted once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RecipientCounts {
    /// Still to be invited.
    pub waiting: u32,
    /// To be invited when quiet hours are over.
    pub deferred: u32,
    /// Invited.
    pub invited: u32,
    /// Not invited, because they have a passkey or a pending job.
    pub skipped: u32,
    /// Not invited, for another reason.
    pub failed: u32,
}

/// The number of recipients by outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Those that were not processed yet.
    pub waiting: u32,
    /// Those who wait for the end of quiet hours.
    pub deferred: u32,
    /// Those who were invited.
    pub invited: u32,
    skipped: [u32; SkipReason::ALL.len()],
}

impl Tally {
    /// Counts the recipients of some chunks.
    #[must_use]
    pub fn of(chunks: &[Chunk]) -> Self {
        let mut tally = Self::default();
        for (_, outcome) in chunks.iter().flat_map(|chunk| &chunk.recipients) {
            tally.add(*outcome);
        }
        tally
    }

    /// Counts one more recipient.
    pub fn add(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Waiting => self.waiting += 1,
            Outcome::Deferred => self.deferred += 1,
            Outcome::Invited => self.invited += 1,
            Outcome::Skipped(reason) => self.skipped[reason as usize] += 1,
        }
    }

    /// How many were skipped for a reason.
    #[must_use]
    pub fn skipped(&self, reason: SkipReason) -> u32 {
        self.skipped[reason as usize]
    }

    /// How many are still to be invited.
    #[must_use]
    pub fn remaining(&self) -> u32 {
        self.waiting + self.deferred
    }

    /// How many failed.
    #[must_use]
    pub fn failed(&self) -> u32 {
        SkipReason::ALL.into_iter().filter(|reason| reason.is_failure()).map(|reason| self.skipped(reason)).sum()
    }

    /// The recipients by what is published of them.
    #[must_use]
    pub fn counts(&self) -> RecipientCounts {
        let Self { waiting, deferred, invited, .. } = *self;
        let failed = self.failed();
        let skipped = self.skipped.iter().sum::<u32>() - failed;
        RecipientCounts { waiting, deferred, invited, skipped, failed }
    }

    /// How many there are.
    #[must_use]
    pub fn total(&self) -> u32 {
        self.remaining() + self.invited + self.skipped.iter().sum::<u32>()
    }
}
