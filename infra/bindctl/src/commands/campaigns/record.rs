//! The campaign file: what was sent, and the ids of the batches.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::import::Imported;
use crate::client::Client;
use crate::error::Error;

/// A campaign, as its file stores it.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Record {
    pub(super) url: String,
    pub(super) tenant: String,
    pub(super) realm: String,
    /// The CSV file and its SHA-256, in hexadecimal.
    pub(super) csv: PathBuf,
    pub(super) sha256: String,
    /// The name that was given to the campaign.
    pub(super) name: String,
    /// The settings of the batches.
    pub(super) settings: Value,
    pub(super) people: usize,
    /// What was done with the identities, once all of them are as the file says.
    pub(super) identities: Option<Imported>,
    /// How many batches the campaign has when it is complete.
    pub(super) batches: usize,
    /// The batches that were created, in the order of the file.
    pub(super) batch_ids: Vec<String>,
}

impl Record {
    /// Reads a campaign file.
    ///
    /// # Errors
    /// When it cannot be read, or the campaign belongs to another realm than the connection's.
    pub(super) fn read(path: &Path, client: &Client) -> Result<Self, Error> {
        let text = fs::read_to_string(path).map_err(|error| failed(path, &error))?;
        let read: Self = serde_json::from_str(&text).map_err(|error| {
            failed(path, &format!("not a campaign file ({error}); `bindctl campaigns create` writes it"))
        })?;
        let connection = &client.connection;
        let here = [Some(connection.url.as_str()), connection.tenant.as_deref(), connection.realm.as_deref()];
        if here != [&read.url, &read.tenant, &read.realm].map(|text| Some(text.as_str())) {
            let Self { url, tenant, realm, .. } = read;
            return Err(failed(path, &format!("the campaign is in realm {realm} of tenant {tenant} at {url}")));
        }
        Ok(read)
    }

    /// Writes the campaign file. It is renamed, so that it is never incomplete. Two runs of the command do not write the same
    /// new file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn write(&self, path: &Path) -> Result<(), Error> {
        let text = serde_json::to_string_pretty(self).map_err(|error| Error::Usage(error.to_string()))?;
        let new = path.with_extension(format!("{}.new", std::process::id()));
        fs::write(&new, text + "\n").and_then(|()| fs::rename(&new, path)).map_err(|error| failed(path, &error))
    }

    /// Checks that a stored campaign is the one that is to be continued.
    ///
    /// # Errors
    /// What differs.
    pub(super) fn is_continued_by(&self, other: &Self, path: &Path) -> Result<(), Error> {
        let differs = if self.sha256 != other.sha256 {
            "another CSV file"
        } else if self.name != other.name {
            "another name"
        } else if self.settings != other.settings {
            "other settings"
        } else {
            return Ok(());
        };
        let remedy = "repeat the command as it was to continue that campaign, or begin another with --campaign-file and \
                      --name";
        Err(failed(path, &format!("the campaign was begun with {differs}: {remedy}")))
    }
}

/// An error with the name of the file.
pub(super) fn failed(path: &Path, error: &dyn std::fmt::Display) -> Error {
    Error::Usage(format!("{}: {error}", path.display()))
}
