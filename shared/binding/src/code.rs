//! The code on the redirect URI. With it, the application's back end fetches the outcome of the job: once, and within
//! minutes, like an authorization code (RFC 6749 §4.1.2).

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest;

use crate::ids::{IdentityId, IdentityRef, JobId, JobRef, RealmRef};
use crate::secret::LinkTokenHash;
use crate::time::Timestamp;

/// How long a code can be redeemed, in seconds.
pub const LIFETIME_SECONDS: i64 = 600;

/// A code. It has no `Display` and a redacted `Debug`, because its holder can read the outcome of the job. The table
/// stores only its hash.
#[derive(Clone, PartialEq, Eq)]
pub struct RedirectCode {
    /// The job that it belongs to.
    pub job: JobRef,
    secret: [u8; 32],
}

/// What a job stores of its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Redeemable {
    /// SHA-256 of the secret.
    pub hash: LinkTokenHash,
    /// When the code expires.
    pub expire_time: Timestamp,
}

/// Why a code cannot be redeemed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotRedeemed {
    /// No job has this code.
    Unknown,
    /// The code has expired.
    Expired,
    /// The code was already redeemed.
    Redeemed,
}

impl RedirectCode {
    /// Creates a job's code from fresh random bytes.
    #[must_use]
    pub fn new(job: JobRef, secret: [u8; 32]) -> Self {
        Self { job, secret }
    }

    /// Parses a code of a realm.
    #[must_use]
    pub fn parse(realm: &RealmRef, text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let (identity, job, secret) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() {
            return None;
        }
        let identity = String::from_utf8(URL_SAFE_NO_PAD.decode(identity).ok()?).ok()?;
        let identity = IdentityRef { realm: realm.clone(), id: IdentityId::parse(&identity).ok()? };
        let job = JobRef { identity, id: JobId::parse(job)? };
        Some(Self { job, secret: URL_SAFE_NO_PAD.decode(secret).ok()?.try_into().ok()? })
    }

    /// The code's text, for the redirect URI only: identity, job and secret. It needs no escaping there.
    #[must_use]
    pub fn expose(&self) -> String {
        let identity = URL_SAFE_NO_PAD.encode(self.job.identity.id.as_str());
        format!("{identity}.{}.{}", self.job.id, URL_SAFE_NO_PAD.encode(self.secret))
    }

    /// The hash that the table stores.
    #[must_use]
    pub fn hash(&self) -> LinkTokenHash {
        let mut hash = [0; 32];
        hash.copy_from_slice(digest::digest(&digest::SHA256, &self.secret).as_ref());
        LinkTokenHash::from_bytes(hash)
    }

    /// What the job stores of a code that is created now.
    #[must_use]
    pub fn redeemable(&self, now: Timestamp) -> Redeemable {
        Redeemable { hash: self.hash(), expire_time: now.plus_seconds(LIFETIME_SECONDS) }
    }
}

impl fmt::Debug for RedirectCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RedirectCode(of {}, …)", self.job.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{RealmId, TenantId};

    #[test]
    fn a_code_is_read_back_and_other_texts_are_rejected() {
        let realm = RealmRef { tenant: TenantId::parse("t").unwrap(), id: RealmId::parse("r").unwrap() };
        let identity = IdentityRef { realm: realm.clone(), id: IdentityId::parse("a.b~c").unwrap() };
        let job = JobRef { identity, id: JobId::parse("01a20b8b-bfa3-7275-98df-11fc3944216e").unwrap() };
        let code = RedirectCode::new(job, [7; 32]);
        let text = code.expose();
        assert!(text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b)), "{text}");
        assert_eq!(RedirectCode::parse(&realm, &text).as_ref(), Some(&code));
        assert_eq!(format!("{code:?}"), "RedirectCode(of 01a20b8b-bfa3-7275-98df-11fc3944216e, …)");
        let now = Timestamp::from_millis(5_000);
        assert_eq!(code.redeemable(now), Redeemable { hash: code.hash(), expire_time: now.plus_seconds(600) });
        let rest = text.split_once('.').unwrap().1;
        for bad in ["", "..", &text[1..], &text[..text.len() - 1], &format!("{text}."), &format!("Lw.{rest}"), rest] {
            assert_eq!(RedirectCode::parse(&realm, bad), None, "{bad}");
        }
    }
}
