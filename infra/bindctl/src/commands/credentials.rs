//! Passkeys.

use super::{Context, list};
use crate::args::{CredentialOf, Credentials};
use crate::client::segment;
use crate::error::Error;
use crate::print::{self, Column};

const LIST: &[Column] = &[
    ("ID", "/id"),
    ("IDENTITY", "/identity_id"),
    ("STATE", "/state"),
    ("TYPE", "/csr_type"),
    ("ALGORITHM", "/algorithm"),
    ("CREATED", "/create_time"),
];

const CREDENTIAL: &[Column] = &[
    ("id", "/id"),
    ("identity", "/identity_id"),
    ("state", "/state"),
    ("revoked by", "/revoked_by"),
    ("type", "/csr_type"),
    ("algorithm", "/algorithm"),
    ("thumbprint", "/jwk_thumbprint"),
    ("key", "/jwk_json"),
    ("relying party", "/webauthn/rp_id"),
    ("credential id", "/webauthn/credential_id"),
    ("AAGUID", "/webauthn/aaguid"),
    ("model", "/webauthn/model"),
    ("backed up", "/webauthn/backup_state"),
    ("job", "/job_id"),
    ("created", "/create_time"),
    ("updated", "/update_time"),
];

pub(super) fn run(context: &Context, command: Credentials) -> Result<(), Error> {
    let client = &context.client;
    let realm = client.realm()?;
    let all = |identity: &str| format!("{realm}/identities/{}/credentials", segment(identity));
    let one = |of: &CredentialOf| format!("{}/{}", all(&of.identity), segment(&of.id));
    let shown = match command {
        Credentials::List { identity, filter, listing } => {
            return list::show(context, &all(&identity), "credentials", &listing, filter.as_deref(), LIST);
        }
        Credentials::Proof(of) => {
            print::json(&client.get(&format!("{}/proof", one(&of)))?);
            return Ok(());
        }
        Credentials::Get(of) => client.get(&one(&of))?,
        Credentials::Revoke(of) => client.call("POST", &format!("{}:revoke", one(&of)), None)?,
    };
    context.show(CREDENTIAL, &shown);
    Ok(())
}
