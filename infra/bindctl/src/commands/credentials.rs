//! Passkeys.

mod export;
mod pem;

use api::operation::*;
use api::view::{Credential, CredentialList};

use super::{Context, list};
use crate::args::{CredentialOf, Credentials, ExportFormat};
use crate::error::Error;
use crate::print::{self, Column, Shown as _};

const LIST: &[Column<Credential>] = &[
    ("ID", |element| element.id.shown()),
    ("IDENTITY", |element| element.identity_id.shown()),
    ("STATE", |element| element.state.shown()),
    ("TYPE", |element| element.csr_type.shown()),
    ("ALGORITHM", |element| element.algorithm.shown()),
    ("CREATED", |element| element.create_time.shown()),
];

const CREDENTIAL: &[Column<Credential>] = &[
    ("id", |element| element.id.shown()),
    ("identity", |element| element.identity_id.shown()),
    ("state", |element| element.state.shown()),
    ("revoked by", |element| element.revoked_by.shown()),
    ("type", |element| element.csr_type.shown()),
    ("algorithm", |element| element.algorithm.shown()),
    ("thumbprint", |element| element.jwk_thumbprint.shown()),
    ("key", |element| element.jwk_json.shown()),
    ("relying party", |element| element.webauthn.as_ref().map(|webauthn| &webauthn.rp_id).shown()),
    ("credential id", |element| element.webauthn.as_ref().map(|webauthn| &webauthn.credential_id).shown()),
    ("AAGUID", |element| element.webauthn.as_ref().map(|webauthn| &webauthn.aaguid).shown()),
    ("model", |element| element.webauthn.as_ref().map(|webauthn| &webauthn.model).shown()),
    ("backed up", |element| element.webauthn.as_ref().map(|webauthn| webauthn.backup_state).shown()),
    ("job", |element| element.job_id.shown()),
    ("last used", |element| element.last_used_time.shown()),
    ("uses", |element| element.use_count.shown()),
    ("clone suspected", |element| element.clone_suspected_time.shown()),
    ("created", |element| element.create_time.shown()),
    ("updated", |element| element.update_time.shown()),
];

pub(super) fn run(context: &Context, command: Credentials) -> Result<(), Error> {
    let client = &context.client;
    let shown = match command {
        Credentials::List { identity, filter, listing } => {
            return list::show::<CredentialList, _>(
                context,
                (LIST_CREDENTIALS, &[&identity]),
                &listing,
                filter.as_deref(),
                LIST,
            );
        }
        Credentials::Proof(CredentialOf { identity, id }) => {
            print::json(&client.call(GET_CREDENTIAL_PROOF, &[&identity, &id], None)?);
            return Ok(());
        }
        Credentials::Export { identity, format, attestation, schema_id } => {
            let passkeys = export::active(context, &identity)?;
            return match format {
                ExportFormat::Records => export::records(context, &passkeys, attestation),
                ExportFormat::Kratos => export::kratos(context, &passkeys, &schema_id),
                ExportFormat::Fusionauth => export::fusionauth(context, &passkeys),
                ExportFormat::Authelia => export::authelia(context, &passkeys),
            };
        }
        Credentials::Get(CredentialOf { identity, id }) => client.call(GET_CREDENTIAL, &[&identity, &id], None)?,
        Credentials::Revoke(CredentialOf { identity, id }) => {
            client.call(REVOKE_CREDENTIAL, &[&identity, &id], None)?
        }
    };
    context.show(CREDENTIAL, &shown)
}
