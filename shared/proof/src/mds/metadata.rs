//! The part of the metadata that policies need, and its compact form: CBOR, with each root once.

use ciborium::Value;

use crate::Certification;

/// A reported problem of an authenticator: an `AuthenticatorStatus` other than a certification (FIDO Metadata Service
/// §3.1.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// `NOT_FIDO_CERTIFIED`
    NotFidoCertified,
    /// `SELF_ASSERTION_SUBMITTED`
    SelfAssertionSubmitted,
    /// `USER_VERIFICATION_BYPASS`
    UserVerificationBypass,
    /// `ATTESTATION_KEY_COMPROMISE`
    AttestationKeyCompromise,
    /// `USER_KEY_REMOTE_COMPROMISE`
    UserKeyRemoteCompromise,
    /// `USER_KEY_PHYSICAL_COMPROMISE`
    UserKeyPhysicalCompromise,
    /// `UPDATE_AVAILABLE`
    UpdateAvailable,
    /// `RETIRED`
    Retired,
    /// `REVOKED`
    Revoked,
}

impl Status {
    const ALL: [Status; 9] = [
        Status::NotFidoCertified,
        Status::SelfAssertionSubmitted,
        Status::UserVerificationBypass,
        Status::AttestationKeyCompromise,
        Status::UserKeyRemoteCompromise,
        Status::UserKeyPhysicalCompromise,
        Status::UpdateAvailable,
        Status::Retired,
        Status::Revoked,
    ];

    /// The name in the metadata, in the API and in the table.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Status::NotFidoCertified => "NOT_FIDO_CERTIFIED",
            Status::SelfAssertionSubmitted => "SELF_ASSERTION_SUBMITTED",
            Status::UserVerificationBypass => "USER_VERIFICATION_BYPASS",
            Status::AttestationKeyCompromise => "ATTESTATION_KEY_COMPROMISE",
            Status::UserKeyRemoteCompromise => "USER_KEY_REMOTE_COMPROMISE",
            Status::UserKeyPhysicalCompromise => "USER_KEY_PHYSICAL_COMPROMISE",
            Status::UpdateAvailable => "UPDATE_AVAILABLE",
            Status::Retired => "RETIRED",
            Status::Revoked => "REVOKED",
        }
    }

    /// Parses a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }
}

/// A model of authenticator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Model {
    /// Its AAGUID.
    pub aaguid: [u8; 16],
    /// Its name, for people.
    pub description: String,
    /// The highest certification that it ever had.
    pub certification: Option<Certification>,
    /// All other statuses that were ever reported. A later report does not revoke an earlier one.
    pub statuses: Vec<Status>,
    pub(super) roots: Vec<usize>,
}

/// The metadata of all models.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metadata {
    pub(super) no: u64,
    pub(super) next_update: i64,
    pub(super) roots: Vec<Vec<u8>>,
    /// Sorted by AAGUID.
    pub(super) models: Vec<Model>,
}

/// The bytes are not the compact form of metadata.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the compact form of FIDO metadata")]
pub struct NotMetadata;

impl Metadata {
    /// The blob's serial number (FIDO Metadata Service §3.1.6).
    #[must_use]
    pub fn no(&self) -> u64 {
        self.no
    }

    /// When the next blob is due, in seconds since the Unix epoch.
    #[must_use]
    pub fn next_update(&self) -> i64 {
        self.next_update
    }

    /// The number of models.
    #[must_use]
    pub fn len(&self) -> usize {
        self.models.len()
    }

    /// Whether there are no models.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.models.is_empty()
    }

    /// Looks up a model.
    #[must_use]
    pub fn model(&self, aaguid: &[u8; 16]) -> Option<&Model> {
        let found = self.models.binary_search_by(|model| model.aaguid.cmp(aaguid)).ok()?;
        self.models.get(found)
    }

    /// The roots of a model's attestation, in DER.
    pub fn roots<'a>(&'a self, model: &'a Model) -> impl Iterator<Item = &'a [u8]> {
        model.roots.iter().filter_map(|root| self.roots.get(*root)).map(Vec::as_slice)
    }

    /// The roots of all models, in DER.
    #[must_use]
    pub fn all_roots(&self) -> &[Vec<u8>] {
        &self.roots
    }

    /// Encodes the compact form.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let index = |index: usize| Value::from(index as u64);
        let models = self.models.iter().map(|model| {
            let level =
                model.certification.and_then(|level| Certification::ALL.iter().position(|other| *other == level));
            let statuses = model.statuses.iter().filter_map(|one| Status::ALL.iter().position(|other| other == one));
            Value::Array(vec![
                Value::Bytes(model.aaguid.to_vec()),
                Value::Text(model.description.clone()),
                level.map_or(Value::Null, index),
                Value::Array(statuses.map(index).collect()),
                Value::Array(model.roots.iter().copied().map(index).collect()),
            ])
        });
        let value = Value::Array(vec![
            Value::from(self.no),
            Value::from(self.next_update),
            Value::Array(self.roots.iter().map(|root| Value::Bytes(root.clone())).collect()),
            Value::Array(models.collect()),
        ]);
        let mut bytes = Vec::new();
        // Writing to memory does not fail.
        let _: Result<(), ciborium::ser::Error<std::io::Error>> = ciborium::into_writer(&value, &mut bytes);
        bytes
    }

    /// Decodes the compact form.
    ///
    /// # Errors
    /// [`NotMetadata`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NotMetadata> {
        let value = ciborium::de::from_reader_with_recursion_limit(bytes, 8).map_err(|_| NotMetadata)?;
        read(value).ok_or(NotMetadata)
    }
}

fn read(value: Value) -> Option<Metadata> {
    let [no, next_update, roots, models] = <[Value; 4]>::try_from(value.into_array().ok()?).ok()?;
    let models: Option<Vec<Model>> = models.into_array().ok()?.into_iter().map(read_model).collect();
    let roots: Option<Vec<Vec<u8>>> = roots.into_array().ok()?.into_iter().map(|root| root.into_bytes().ok()).collect();
    Some(Metadata {
        no: no.as_integer()?.try_into().ok()?,
        next_update: next_update.as_integer()?.try_into().ok()?,
        roots: roots?,
        models: models?,
    })
}

fn read_model(value: Value) -> Option<Model> {
    let [aaguid, description, level, statuses, roots] = <[Value; 5]>::try_from(value.into_array().ok()?).ok()?;
    let index = |value: &Value| usize::try_from(value.as_integer()?).ok();
    let statuses: Option<Vec<Status>> =
        statuses.as_array()?.iter().map(|status| Status::ALL.get(index(status)?).copied()).collect();
    let roots: Option<Vec<usize>> = roots.as_array()?.iter().map(index).collect();
    Some(Model {
        aaguid: aaguid.into_bytes().ok()?.try_into().ok()?,
        description: description.into_text().ok()?,
        certification: if level.is_null() { None } else { Some(*Certification::ALL.get(index(&level)?)?) },
        statuses: statuses?,
        roots: roots?,
    })
}
