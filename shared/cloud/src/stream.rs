//! The table's stream: changes as the domain sees them.

use std::collections::HashMap;

use aws_lambda_events::event::dynamodb::{Event, EventRecord};
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use binding::campaign::Batch;
use binding::credential::Credential;
use binding::directory::Identity;
use binding::job::Job;
use binding::unavailable::Unavailable;
use serde::{Deserialize as _, Serialize};
use serde_json::Value;

use crate::table::{
    Enrolling, Item, REPLAYS, batch_from_item, credential_from_item, enrolling, identity_from_item, job_from_item,
};

/// A batch of stream records, as Lambda delivers it.
pub type StreamEvent = Event;

/// A change.
#[derive(Clone, Debug)]
pub enum Change {
    /// A job was created or changed.
    Job {
        /// The job before the change; `None` if it is new.
        before: Option<Box<Job>>,
        /// The job after the change.
        after: Box<Job>,
    },
    /// A credential was created or changed.
    Credential {
        /// The credential before the change; `None` if it is new.
        before: Option<Box<Credential>>,
        /// The credential after the change.
        after: Box<Credential>,
    },
    /// An identity was changed.
    Identity {
        /// The identity before the change.
        before: Box<Identity>,
        /// The identity after the change.
        after: Box<Identity>,
    },
    /// A batch was created or changed.
    Batch {
        /// The batch before the change; `None` if it is new.
        before: Option<Box<Batch>>,
        /// The batch after the change.
        after: Box<Batch>,
    },
    /// The present state of a job is to be published again. The job itself is unchanged.
    ReplayedJob(Box<Job>),
    /// The present state of a credential is to be published again. The credential itself is unchanged.
    ReplayedCredential(Box<Credential>),
    /// Any other change, or a deletion. It is not published.
    Other,
}

/// Parses a stream record.
///
/// # Errors
/// [`Unavailable`] when an item in it is malformed.
pub fn change(record: &EventRecord) -> Result<Change, Unavailable> {
    let images = &record.change;
    let new = item(&images.new_image);
    let old = item(&images.old_image);
    let before = (!old.is_empty()).then_some(&old);
    let boxed = |item| job_from_item(item).map(Box::new);
    let replayed = before.is_some_and(|before| before.get(REPLAYS) != new.get(REPLAYS));
    match new.get("kind").and_then(|kind| kind.as_s().ok()).map(String::as_str) {
        Some("JOB") if replayed => boxed(&new).map(Change::ReplayedJob),
        Some("JOB") => Ok(Change::Job { before: before.map(boxed).transpose()?, after: boxed(&new)? }),
        Some("CREDENTIAL") => {
            let boxed = |item| credential_from_item(item).map(Box::new);
            if replayed {
                return boxed(&new).map(Change::ReplayedCredential);
            }
            Ok(Change::Credential { before: before.map(boxed).transpose()?, after: boxed(&new)? })
        }
        Some("BATCH") => {
            let boxed = |item| batch_from_item(item).map(Box::new);
            Ok(Change::Batch { before: before.map(boxed).transpose()?, after: boxed(&new)? })
        }
        Some("IDENTITY") => match before {
            Some(before) => {
                let boxed = |item| identity_from_item(item).map(Box::new);
                Ok(Change::Identity { before: boxed(before)?, after: boxed(&new)? })
            }
            None => Ok(Change::Other),
        },
        _ => Ok(Change::Other),
    }
}

/// Parses a stream record from the JSON that Lambda delivers.
///
/// # Errors
/// [`Unavailable`] when it is not a stream record, or an item in it is malformed.
pub fn change_in(record: &Value) -> Result<Change, Unavailable> {
    let record = EventRecord::deserialize(record);
    change(&record.map_err(|error| Unavailable::new("dynamodb", format!("no stream record: {error}")))?)
}

/// What a stream record asks of the counts by enrollment status, from the JSON that Lambda delivers. An unreadable record
/// asks nothing.
#[must_use]
pub fn enrolling_in(record: &Value) -> Option<Enrolling> {
    let record = EventRecord::deserialize(record).ok()?;
    enrolling(&item(&record.change.old_image), &item(&record.change.new_image))
}

/// The sequence number that identifies a record in [`Failures`].
#[must_use]
pub fn sequence_number(record: &EventRecord) -> &str {
    record.change.sequence_number.as_deref().unwrap_or_default()
}

/// The response of a stream function (`ReportBatchItemFailures`): the record from which Lambda retries. An empty list
/// means that all records were handled.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Failures {
    /// The first record that was not handled, if any.
    #[serde(rename = "batchItemFailures")]
    pub batch_item_failures: Vec<Failed>,
}

/// A record that was not handled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failed {
    /// The record's sequence number.
    #[serde(rename = "itemIdentifier")]
    pub item_identifier: String,
}

impl Failures {
    /// Retry from this record.
    #[must_use]
    pub fn from_record(record: &EventRecord) -> Self {
        Self::from_sequence_number(sequence_number(record))
    }

    /// Retry from the record with this sequence number.
    #[must_use]
    pub fn from_sequence_number(number: &str) -> Self {
        Self { batch_item_failures: vec![Failed { item_identifier: number.to_owned() }] }
    }
}

fn item(image: &serde_dynamo::Item) -> Item {
    image.iter().map(|(name, value)| (name.clone(), attribute(value))).collect()
}

fn attribute(value: &serde_dynamo::AttributeValue) -> AttributeValue {
    use serde_dynamo::AttributeValue as From;
    match value {
        From::S(text) => AttributeValue::S(text.clone()),
        From::N(number) => AttributeValue::N(number.clone()),
        From::B(bytes) => AttributeValue::B(Blob::new(bytes.clone())),
        From::Bool(flag) => AttributeValue::Bool(*flag),
        From::L(list) => AttributeValue::L(list.iter().map(attribute).collect()),
        From::M(map) => {
            let map: HashMap<_, _> = map.iter().map(|(name, value)| (name.clone(), attribute(value))).collect();
            AttributeValue::M(map)
        }
        From::Ss(texts) => AttributeValue::Ss(texts.clone()),
        From::Ns(numbers) => AttributeValue::Ns(numbers.clone()),
        From::Bs(all) => AttributeValue::Bs(all.iter().cloned().map(Blob::new).collect()),
        From::Null(flag) => AttributeValue::Null(*flag),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lambda reads these names. With a wrong one, it would treat the whole batch as handled.
    #[test]
    fn the_response_has_the_names_that_lambda_reads() {
        let mut record = EventRecord::default();
        record.change.sequence_number = Some("421".into());
        let json = serde_json::to_string(&Failures::from_record(&record)).unwrap();
        assert_eq!(json, r#"{"batchItemFailures":[{"itemIdentifier":"421"}]}"#);
        assert_eq!(serde_json::to_string(&Failures::default()).unwrap(), r#"{"batchItemFailures":[]}"#);
    }
}
