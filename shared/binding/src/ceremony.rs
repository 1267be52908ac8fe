//! The ceremony token: what a device holds between opening a link and proving its key.
//!
//! It is stateless: a MAC over the job, the link's version, a nonce and the expiry time. Several can be valid at once,
//! so two openers do not disturb each other, and a failed ceremony is retried with a fresh token.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use proof::Expected;

use crate::directory::AuthenticatorConfig;
use crate::ids::JobRef;
use crate::key::{NotAToken, TokenKey, derive, key, open, redacted, seal};
use crate::public_url::PublicUrl;
use crate::time::Timestamp;

/// How long a ceremony token lives, in seconds.
pub const LIFETIME_SECONDS: i64 = 15 * 60;

const FORMAT: u8 = 1;

key! {
    /// The key of ceremony tokens and challenges. It opens no link: link secrets come from [`crate::link::LinkKey`].
    CeremonyKey
}

impl CeremonyKey {
    /// Issues a fresh token for a job whose link was opened.
    #[must_use]
    pub fn issue(&self, job: &JobRef, link_version: u32, now: Timestamp, nonce: [u8; 16]) -> CeremonyToken {
        let expire_time = now.plus_seconds(LIFETIME_SECONDS);
        let mut body = vec![FORMAT];
        body.extend(link_version.to_be_bytes());
        body.extend(expire_time.millis().to_be_bytes());
        body.extend(nonce);
        CeremonyToken { key: self.clone(), text: seal(&self.0, &subject(job), body), link_version, expire_time }
    }
}

impl TokenKey for CeremonyKey {
    type Subject = JobRef;
    type Token = CeremonyToken;

    fn verify(&self, job: &JobRef, text: &str, now: Timestamp) -> Result<CeremonyToken, NotAToken> {
        let body = open(&self.0, &subject(job), text)?;
        let body = <[u8; 1 + 4 + 8 + 16]>::try_from(body).map_err(|_| NotAToken::Unknown)?;
        let [format, v1, v2, v3, v4, e1, e2, e3, e4, e5, e6, e7, e8, ..] = body;
        if format != FORMAT {
            return Err(NotAToken::Unknown);
        }
        let expire_time = Timestamp::from_millis(i64::from_be_bytes([e1, e2, e3, e4, e5, e6, e7, e8]));
        if expire_time <= now {
            return Err(NotAToken::Expired);
        }
        let (key, link_version) = (self.clone(), u32::from_be_bytes([v1, v2, v3, v4]));
        Ok(CeremonyToken { key, text: text.to_owned(), link_version, expire_time })
    }
}

fn subject(job: &JobRef) -> String {
    format!("ceremony\n{job}\n")
}

/// A valid ceremony token. Only a [`CeremonyKey`] creates it. It has no `Display`.
#[derive(Clone)]
pub struct CeremonyToken {
    /// The key that made it. Several keys are valid while they are rotated.
    key: CeremonyKey,
    text: String,
    link_version: u32,
    expire_time: Timestamp,
}

impl CeremonyToken {
    /// The token's text. Only the device may receive it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// What a proof made with this token must match.
    #[must_use]
    pub fn expected(&self, job: &JobRef, config: &AuthenticatorConfig, public_url: &PublicUrl) -> Expected {
        Expected {
            rp_id: config.rp_id(public_url),
            origins: config.origins(public_url),
            challenge: self.challenge().to_vec(),
            nonce: self.jwt_nonce(),
            audience: public_url.audience(job),
        }
    }

    /// The challenge (WebAuthn Level 3 §13.4.3) of the ceremony: 32 bytes derived with the token's key, so it need not
    /// be stored.
    fn challenge(&self) -> [u8; 32] {
        derive(&self.key.0, &format!("challenge\n{}", self.text))
    }

    /// The nonce of a JWT proof (`jwt_binding.nonce`), derived like the challenge.
    fn jwt_nonce(&self) -> String {
        URL_SAFE_NO_PAD.encode(derive(&self.key.0, &format!("jwt nonce\n{}", self.text)))
    }

    /// The version of the link that the device opened.
    #[must_use]
    pub fn link_version(&self) -> u32 {
        self.link_version
    }

    /// When the token expires.
    #[must_use]
    pub fn expire_time(&self) -> Timestamp {
        self.expire_time
    }
}

impl PartialEq for CeremonyToken {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for CeremonyToken {}

redacted!(CeremonyToken);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::job::tests::job_ref;
    use crate::key::Key as _;

    #[test]
    fn a_token_is_valid_only_for_its_job_and_lifetime() {
        let key = CeremonyKey::new(&[1; 32]).unwrap();
        let now = Timestamp::from_millis(1_000_000);
        let token = key.issue(&job_ref("ada"), 3, now, [5; 16]);
        let read = key.verify(&job_ref("ada"), token.expose(), now.plus_seconds(LIFETIME_SECONDS - 1)).unwrap();
        assert_eq!((read.link_version(), &read), (3, &token));
        let late = now.plus_seconds(LIFETIME_SECONDS);
        assert_eq!(key.verify(&job_ref("ada"), token.expose(), late), Err(NotAToken::Expired));
        assert_eq!(key.verify(&job_ref("bob"), token.expose(), now), Err(NotAToken::Unknown));
        let other = CeremonyKey::new(&[2; 32]).unwrap();
        assert_eq!(other.verify(&job_ref("ada"), token.expose(), now), Err(NotAToken::Unknown));
        assert_ne!(token.challenge(), key.issue(&job_ref("ada"), 3, now, [6; 16]).challenge());
        assert_ne!(token.challenge(), other.issue(&job_ref("ada"), 3, now, [5; 16]).challenge());
        assert_eq!(token.challenge(), read.challenge());
    }

    #[test]
    fn a_changed_bit_invalidates_the_token() {
        let key = CeremonyKey::new(&[1; 32]).unwrap();
        let now = Timestamp::from_millis(1_000_000);
        let token = key.issue(&job_ref("ada"), 1, now, [5; 16]);
        let bytes = URL_SAFE_NO_PAD.decode(token.expose()).unwrap();
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            let text = URL_SAFE_NO_PAD.encode(flipped);
            assert_eq!(key.verify(&job_ref("ada"), &text, now), Err(NotAToken::Unknown), "bit {bit}");
        }
        for end in 0..token.expose().len() {
            assert_eq!(key.verify(&job_ref("ada"), &token.expose()[..end], now), Err(NotAToken::Unknown));
        }
    }

    #[test]
    fn a_ceremony_takes_fifteen_minutes_and_has_a_challenge_and_a_nonce_of_its_own() {
        let key = CeremonyKey::new(&[1; 32]).unwrap();
        let now = Timestamp::from_millis(1_000_000);
        let (one, other) = (key.issue(&job_ref("ada"), 1, now, [5; 16]), key.issue(&job_ref("ada"), 1, now, [6; 16]));
        assert_eq!(one.expire_time().millis() - now.millis(), 15 * 60 * 1000);
        let nonce = one.jwt_nonce();
        let bytes = URL_SAFE_NO_PAD.decode(&nonce).unwrap();
        assert_eq!(bytes.len(), 32);
        assert_ne!(bytes, one.challenge());
        assert_ne!(nonce, other.jwt_nonce());
        assert_ne!(nonce, CeremonyKey::new(&[2; 32]).unwrap().issue(&job_ref("ada"), 1, now, [5; 16]).jwt_nonce());
        assert_eq!(nonce, key.verify(&job_ref("ada"), one.expose(), now).unwrap().jwt_nonce());
    }

    #[test]
    fn debug_shows_neither_key_nor_token() {
        let key = CeremonyKey::new(&[1; 32]).unwrap();
        let token = key.issue(&job_ref("ada"), 1, Timestamp::from_millis(0), [5; 16]);
        assert_eq!(format!("{key:?} {token:?}"), "CeremonyKey(…) CeremonyToken(…)");
    }
}
