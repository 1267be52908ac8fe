//! Stored proofs, for auditors. A proof is written in the transaction that completes its job. It is not part of the
//! credential, because credentials are read often, but of the claim on the credential's key, which is erased with it
//! (docs/adr/0012). docs/adr/0006 explains why a JWS or client data may be stored with the ceremony token that it contains.

use binding::credential::{Credential, Expected, Proof};
use binding::ids::{ConfigId, CredentialId, IdentityRef};
use binding::unavailable::Unavailable;
use proof::Material;

use super::item::{Item, Reader, Writer, b, list, n, s};
use super::{Table, keys};

impl Table {
    /// Reads a credential and its proof.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn credential_with_proof(
        &self,
        identity: &IdentityRef,
        id: CredentialId,
    ) -> Result<(Option<Credential>, Option<Proof>), Unavailable> {
        let Some(credential) = self.credential(identity, id).await? else { return Ok((None, None)) };
        let claim = self.get(keys::claim(&identity.realm, credential.facts.key_id())).await?;
        // A claim without a proof is of an earlier version, which stored the proof as an item of its own.
        let item = match claim.filter(|item| item.contains_key(VERIFIED_MS)) {
            Some(item) => Some(item),
            None => self.get(keys::proof(identity, id)).await?,
        };
        let proof = item.map(|item| proof_from_item(&item)).transpose()?;
        Ok((Some(credential), proof))
    }
}

/// The attribute that every proof has.
const VERIFIED_MS: &str = "verified_ms";

/// Adds a proof to the claim on the key that it proved.
pub(super) fn with_proof(claim: Writer, proof: &Proof) -> Writer {
    let Expected { rp_id, origins, challenge, nonce, audience } = &proof.expected;
    let item = claim
        .set("config_id", s(proof.config_id.as_str()))
        .set("config_version", n(proof.config_version))
        .set(VERIFIED_MS, n(proof.verified_time.millis()));
    match &proof.material {
        Material::Webauthn { client_data_json, attestation_object } => item
            .set("client_data_json", b(client_data_json))
            .set("attestation_object", b(attestation_object))
            .set("rp_id", s(rp_id))
            .set("origins", list(origins))
            .set("challenge", b(challenge)),
        Material::Jwt(jws) => item.set("jws", b(jws.as_bytes())).set("nonce", s(nonce)).set("audience", s(audience)),
    }
}

fn proof_from_item(item: &Item) -> Result<Proof, Unavailable> {
    let item = Reader(item);
    let material = match item.maybe_bytes("jws")? {
        Some(jws) => Material::Jwt(String::from_utf8(jws.to_vec()).map_err(|_| item.malformed("jws"))?),
        None => Material::Webauthn {
            client_data_json: item.bytes("client_data_json")?.to_vec(),
            attestation_object: item.bytes("attestation_object")?.to_vec(),
        },
    };
    Ok(Proof {
        material,
        expected: Expected {
            rp_id: item.text_or_empty("rp_id"),
            origins: item.texts("origins"),
            challenge: item.maybe_bytes("challenge")?.unwrap_or_default().to_vec(),
            nonce: item.text_or_empty("nonce"),
            audience: item.text_or_empty("audience"),
        },
        config_id: item.name("config_id", |id| ConfigId::parse(id).ok())?,
        config_version: item.number("config_version")?,
        verified_time: item.time("verified_ms")?,
    })
}
