//! The tags of a mail. SES returns them in each of its events, which identifies the job.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use binding::ids::{BatchId, IdentityId, IdentityRef, JobId, JobRef, RealmId, RealmRef, TenantId};
use binding::mail::Letter;

/// What a mail is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailTags {
    /// The job that sent it.
    pub job: JobRef,
    /// The kind of mail.
    pub letter: Letter,
    /// The number of this mail among the job's mails of that kind, from 1.
    pub number: u32,
    /// The batch that created the job.
    pub batch_id: Option<BatchId>,
}

impl MailTags {
    /// The tags as name and value.
    #[must_use]
    pub fn to_tags(&self) -> Vec<(&'static str, String)> {
        let identity = &self.job.identity;
        let mut tags = vec![
            ("tenant_id", encode(identity.realm.tenant.as_str())),
            ("realm_id", encode(identity.realm.id.as_str())),
            ("identity_id", encode(identity.id.as_str())),
            ("job_id", self.job.id.to_string()),
            ("mail", format!("{}-{}", self.letter.name(), self.number)),
        ];
        tags.extend(self.batch_id.map(|batch| ("batch_id", batch.to_string())));
        tags
    }

    /// Parses the tags of an SES event, each with a list of values; `None` when they are not Bindery's.
    #[must_use]
    pub fn read(tags: &HashMap<String, Vec<String>>) -> Option<Self> {
        let value = |name: &str| tags.get(name)?.first().map(String::as_str);
        let id = |name: &str| value(name).and_then(decode);
        let tenant = TenantId::parse(&id("tenant_id")?).ok()?;
        let realm = RealmId::parse(&id("realm_id")?).ok()?;
        let identity = IdentityId::parse(&id("identity_id")?).ok()?;
        let (letter, number) = value("mail")?.split_once('-')?;
        let letter = [Letter::Invitation, Letter::Notice].into_iter().find(|known| known.name() == letter)?;
        let identity = IdentityRef { realm: RealmRef { tenant, id: realm }, id: identity };
        let job = JobRef { identity, id: JobId::parse(value("job_id")?)? };
        let batch_id = value("batch_id").and_then(BatchId::parse);
        Some(Self { job, letter, number: number.parse().ok()?, batch_id })
    }
}

/// Encodes an id as a tag's value, which allows only letters, digits, `_` and `-`: unchanged, or `_` and base64url.
fn encode(id: &str) -> String {
    let plain = !id.starts_with('_') && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    if plain { id.to_owned() } else { format!("_{}", URL_SAFE_NO_PAD.encode(id)) }
}

fn decode(value: &str) -> Option<String> {
    match value.strip_prefix('_') {
        None => Some(value.to_owned()),
        Some(encoded) => String::from_utf8(URL_SAFE_NO_PAD.decode(encoded).ok()?).ok(),
    }
}

#[cfg(test)]
mod tests {
    use binding::time::Timestamp;

    use super::*;

    #[test]
    fn tags_identify_the_job() {
        for identity in ["ada", "a.b~c", "_x", &"~".repeat(128)] {
            let realm = RealmRef { tenant: TenantId::parse("t_1").unwrap(), id: RealmId::parse("r-1").unwrap() };
            let identity = IdentityRef { realm, id: IdentityId::parse(identity).unwrap() };
            let job = JobRef { identity, id: JobId::new(Timestamp::from_millis(1), [7; 10]) };
            let batch_id = Some(BatchId::new(Timestamp::from_millis(2), [8; 10]));
            let tags = MailTags { job, letter: Letter::Invitation, number: 2, batch_id };
            let written = tags.to_tags();
            for (_, value) in &written {
                assert!(value.len() <= 256 && value.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b)));
            }
            let told = written.into_iter().map(|(name, value)| (name.to_owned(), vec![value])).collect();
            assert_eq!(MailTags::read(&told), Some(tags));
        }
        assert_eq!(MailTags::read(&HashMap::new()), None);
    }
}
