//! Claims on keys. A claim makes a key unique in its realm, by the authenticator's credential id or the key's
//! thumbprint (docs/adr/0003). It also stores the immutable data that a sign-in is verified with, so that a sign-in
//! reads one item.

use binding::credential::{Credential, Proof};
use binding::ids::{CredentialId, IdentityId, IdentityRef, RealmRef};
use binding::unavailable::Unavailable;
use proof::{Facts, Mechanism};

use super::attribute::{CREDENTIAL_ID, IDENTITY_ID};
use super::item::{Item, Reader, Writer, b, flag, s};
use super::proofs::with_proof;
use super::{Table, keys};

/// The immutable data of a key that a job registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisteredKey {
    /// The identity that the key belongs to.
    pub identity: IdentityRef,
    /// The credential.
    pub credential: CredentialId,
    /// How the key was proven.
    pub mechanism: Mechanism,
    /// The key's thumbprint: SHA-256 (RFC 7638), base64url with padding.
    pub jwk_thumbprint: String,
    /// The data of a passkey; `None` for a software key.
    pub passkey: Option<RegisteredPasskey>,
}

/// The immutable data of a registered passkey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisteredPasskey {
    /// The relying party id.
    pub rp_id: String,
    /// The public key: COSE (RFC 9052).
    pub cose_key: Vec<u8>,
    /// Whether the passkey can be synced.
    pub backup_eligible: bool,
}

impl Table {
    /// Reads the key that is registered with this credential id or thumbprint.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn registered_key(&self, realm: &RealmRef, key_id: &[u8]) -> Result<Option<RegisteredKey>, Unavailable> {
        let Some(item) = self.get(keys::claim(realm, key_id)).await? else { return Ok(None) };
        let item = Reader(&item);
        let id = item.name(IDENTITY_ID, |id| IdentityId::parse(id).ok())?;
        let identity = IdentityRef { realm: realm.clone(), id };
        let credential = item.name(CREDENTIAL_ID, CredentialId::parse)?;
        let Some(mechanism) = item.maybe_name("mechanism", Mechanism::from_name)? else {
            // The claim was written by a version without sign-ins.
            let credential = self.credential(&identity, credential).await?;
            return Ok(credential.map(|credential| RegisteredKey::of(&credential)));
        };
        let passkey = match item.maybe_bytes("cose_key")? {
            Some(cose_key) => Some(RegisteredPasskey {
                rp_id: item.text("rp_id")?,
                cose_key: cose_key.to_vec(),
                backup_eligible: item.flag("backup_eligible"),
            }),
            None => None,
        };
        let jwk_thumbprint = item.text("jwk_thumbprint")?;
        Ok(Some(RegisteredKey { identity, credential, mechanism, jwk_thumbprint, passkey }))
    }
}

impl RegisteredKey {
    fn of(credential: &Credential) -> Self {
        let Facts { mechanism, jwk_thumbprint, webauthn, .. } = &credential.facts;
        Self {
            identity: credential.identity.clone(),
            credential: credential.id,
            mechanism: *mechanism,
            jwk_thumbprint: jwk_thumbprint.clone(),
            passkey: webauthn.as_ref().map(|webauthn| RegisteredPasskey {
                rp_id: webauthn.rp_id.clone(),
                cose_key: webauthn.cose_key.clone(),
                backup_eligible: webauthn.backup_eligible,
            }),
        }
    }
}

/// A claim also stores the proof of its key (docs/adr/0012).
pub(super) fn claim_to_item(credential: &Credential, proof: &Proof) -> Item {
    let RegisteredKey { identity, credential: id, mechanism, jwk_thumbprint, passkey } = RegisteredKey::of(credential);
    let item = Writer::new(keys::claim(&identity.realm, credential.facts.key_id()), "CLAIM")
        .set(CREDENTIAL_ID, s(id.to_string()))
        .set(IDENTITY_ID, s(identity.id.as_str()))
        .set("mechanism", s(mechanism.name()))
        .set("jwk_thumbprint", s(jwk_thumbprint));
    let item = with_proof(item, proof);
    let Some(passkey) = passkey else { return item.0 };
    item.set("rp_id", s(passkey.rp_id))
        .set("cose_key", b(&passkey.cose_key))
        .set("backup_eligible", flag(passkey.backup_eligible))
        .0
}
