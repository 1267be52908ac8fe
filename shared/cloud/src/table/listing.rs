//! Lists, newest first.

use std::collections::HashMap;
use std::time::Instant;

use aws_sdk_dynamodb::types::Select;
use binding::audit::{Entry, Log};
use binding::campaign::Batch;
use binding::credential::Credential;
use binding::directory::{AuthenticatorConfig, Identity, Realm};
use binding::enrollment::EnrollmentStatus;
use binding::ids::{IdentityRef, JobId, RealmRef, TenantId};
use binding::job::Job;
use binding::time::Timestamp;
use binding::unavailable::Unavailable;

use super::item::{Item, Reader, s};
use super::{Table, audit, batches, configs, directory, keys, records};
use crate::aws::unavailable;
use crate::each::each;

/// The maximum number of requests for one page.
const REQUESTS: usize = 30;
/// The maximum number of elements that one page of a filtered list reads. The page contains the matches among them; it may
/// be short or empty, and the next page continues there.
const CHOOSING: usize = 2000;
/// The maximum number of elements that one request reads.
const AT_ONCE: usize = 200;

/// The number of identities whose statuses are read concurrently.
const LOOK_UPS: usize = 32;

/// Sorts after every id.
const AFTER_ALL: &str = "\u{10ffff}";

/// What to list.
#[derive(Clone, Copy, Debug)]
pub enum Listing<'a> {
    /// The jobs of an identity.
    JobsOf(&'a IdentityRef),
    /// The jobs of a realm.
    Jobs(&'a RealmRef),
    /// The credentials of an identity.
    CredentialsOf(&'a IdentityRef),
    /// The credentials of a realm.
    Credentials(&'a RealmRef),
    /// The identities of a realm.
    Identities(&'a RealmRef),
    /// The identities of a realm with their enrollment statuses at a time. Each is read with its jobs and credentials.
    Enrolled(&'a RealmRef, Timestamp),
    /// The batches of a realm.
    Batches(&'a RealmRef),
    /// The newest versions of a realm's configs.
    Configs(&'a RealmRef),
    /// The realms of a tenant.
    Realms(&'a TenantId),
    /// The entries of an audit log.
    Audit(&'a Log),
}

/// Which elements of a list to return.
pub struct Choice<'a> {
    /// The earliest creation time, inclusive.
    pub from: Timestamp,
    /// The latest creation time, exclusive.
    pub until: Timestamp,
    /// Whether to read more elements than the page needs, to count the matches.
    pub count: bool,
    /// Whether an element matches.
    pub keep: Box<dyn Fn(&Listed) -> bool + Send + Sync + 'a>,
}

impl std::fmt::Debug for Choice<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Choice").field("from", &self.from).field("until", &self.until).finish_non_exhaustive()
    }
}

/// Where a page ended: the keys of its last item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// The item's partition key.
    pub pk: String,
    /// The item's sort key.
    pub sk: String,
    /// Its sort key in the realm's index; empty for a list of one partition.
    pub realm_sort: String,
}

impl Position {
    /// The position as stored in a page token.
    #[must_use]
    pub fn into_parts(self) -> Vec<String> {
        vec![self.pk, self.sk, self.realm_sort]
    }

    /// Reads a position from a page token, which is authenticated.
    #[must_use]
    pub fn from_parts(parts: Vec<String>) -> Option<Self> {
        let [pk, sk, realm_sort] = parts.try_into().ok()?;
        Some(Self { pk, sk, realm_sort })
    }
}

/// A page of a list.
#[derive(Clone, Debug)]
pub struct Found {
    /// Its elements.
    pub elements: Vec<Listed>,
    /// Where the next page starts, if there may be one.
    pub next: Option<Position>,
    /// How many matching elements were read, including those that were skipped.
    pub matched: u32,
}

/// One element of a list.
#[derive(Clone, Debug)]
pub enum Listed {
    /// A job.
    Job(Box<Job>),
    /// A credential.
    Credential(Box<Credential>),
    /// An identity.
    Identity(Box<Identity>),
    /// An identity with its enrollment status.
    Enrolled(Box<Identity>, EnrollmentStatus),
    /// A batch. How many recipients were invited is not known unless it has finished.
    Batch(Box<Batch>),
    /// A config.
    Config(Box<AuthenticatorConfig>),
    /// A realm.
    Realm(Box<Realm>),
    /// An entry of the audit log.
    Audit(Box<Entry>),
}

/// A range of sort keys in one partition, of the table or of the index `realm`.
struct Source {
    partition: String,
    first: String,
    last: String,
    by_realm: bool,
}

impl Listing<'_> {
    /// The keys to read. Generated ids and the index sort by creation time, so the choice limits the range. The time in
    /// the id of a batch's job is the batch's, which is earlier.
    fn source(&self, choice: Option<&Choice<'_>>) -> Source {
        let span = choice.map(|choice| (choice.from, choice.until));
        let partition = |pk, prefix: &str| {
            let (first, last) = match (self, span) {
                (Listing::JobsOf(_), Some((_, until))) => (String::new(), JobId::sort_prefix(until)),
                (Listing::Audit(_), Some((from, until))) => (JobId::sort_prefix(from), JobId::sort_prefix(until)),
                _ => (String::new(), AFTER_ALL.to_owned()),
            };
            Source {
                partition: pk,
                first: format!("{prefix}{first}"),
                last: format!("{prefix}{last}"),
                by_realm: false,
            }
        };
        let index = |partition| {
            let (first, last) = match span {
                Some((from, until)) => (keys::realm_sort(from, ""), keys::realm_sort(until, "")),
                None => ("0".to_owned(), AFTER_ALL.to_owned()),
            };
            Source { partition, first, last, by_realm: true }
        };
        match self {
            Listing::JobsOf(identity) => partition(keys::identity_pk(identity), keys::JOB),
            Listing::CredentialsOf(identity) => partition(keys::identity_pk(identity), keys::CREDENTIAL),
            Listing::Configs(realm) => partition(keys::realm_pk(realm), keys::CONFIG),
            Listing::Audit(log) => partition(keys::audit_pk(log), keys::AUDIT),
            Listing::Jobs(realm) => index(keys::realm_key(realm, "JOB")),
            Listing::Credentials(realm) => index(keys::realm_key(realm, "CREDENTIAL")),
            Listing::Identities(realm) | Listing::Enrolled(realm, _) => index(keys::realm_key(realm, "IDENTITY")),
            Listing::Batches(realm) => index(keys::realm_key(realm, keys::BATCH)),
            Listing::Realms(tenant) => index(keys::realms(tenant)),
        }
    }

    fn read(&self, item: &Item) -> Result<Listed, Unavailable> {
        Ok(match self {
            Listing::JobsOf(_) | Listing::Jobs(_) => Listed::Job(Box::new(records::job_from_item(item)?)),
            Listing::CredentialsOf(_) | Listing::Credentials(_) => {
                Listed::Credential(Box::new(records::credential_from_item(item)?))
            }
            Listing::Identities(_) | Listing::Enrolled(..) => {
                Listed::Identity(Box::new(directory::identity_from_item(item)?))
            }
            Listing::Batches(_) => Listed::Batch(Box::new(batches::batch_from_item(item)?)),
            Listing::Realms(_) => Listed::Realm(Box::new(directory::realm_from_item(item)?)),
            Listing::Audit(_) => Listed::Audit(Box::new(audit::entry_from_item(item)?)),
            Listing::Configs(_) => Listed::Config(Box::new(configs::config_from_item(item)?)),
        })
    }
}

impl Table {
    /// Reads a page of a list: at most `size` elements after `position`, without the first `skip`. With a choice, only
    /// matching elements are returned.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn list(
        &self,
        listing: Listing<'_>,
        position: Option<Position>,
        mut skip: usize,
        size: usize,
        choice: Option<Choice<'_>>,
    ) -> Result<Found, Unavailable> {
        let source = listing.source(choice.as_ref());
        if source.first > source.last {
            return Ok(Found { elements: Vec::new(), next: None, matched: 0 });
        }
        let counts = choice.as_ref().is_some_and(|choice| choice.count);
        let mut matched = 0;
        let mut found: Vec<(Listed, Position)> = Vec::new();
        let mut position = position;
        // Without a choice, the missing number. With one, the number as if all matched, doubled with each request.
        let (begun, mut chosen, mut chunk) = (Instant::now(), 0, (size + 1 + skip).min(AT_ONCE));
        for _ in 0..REQUESTS {
            let wanted = match choice {
                Some(_) if counts => AT_ONCE,
                Some(_) => chunk.min(CHOOSING - chosen),
                None => (size + 1 + skip - found.len()).min(AT_ONCE),
            };
            let (items, next) = self.page(&source, position.as_ref(), wanted).await?;
            (chosen, chunk) = (chosen + wanted, (chunk * 2).min(AT_ONCE));
            for (listed, position) in self.whole(listing, &source, items).await? {
                if choice.as_ref().is_some_and(|choice| !(choice.keep)(&listed)) {
                    continue;
                }
                matched += 1;
                if skip > 0 {
                    skip -= 1;
                    continue;
                }
                found.push((listed, position));
            }
            position = next;
            let enough = found.len() > size && !counts;
            let long = choice.is_some() && (chosen >= CHOOSING || begun.elapsed() > self.list_time);
            if position.is_none() || enough || long {
                break;
            }
        }
        // One element more than needed shows whether another page exists, so that no list ends with an empty page.
        if found.len() > size {
            found.truncate(size);
            position = found.last().map(|(_, position)| position.clone());
        }
        Ok(Found { elements: found.into_iter().map(|(listed, _)| listed).collect(), next: position, matched })
    }

    /// Reads one request's worth of items, and where it ended if there may be more. Those of the index are keys.
    async fn page(
        &self,
        source: &Source,
        position: Option<&Position>,
        limit: usize,
    ) -> Result<(Vec<Item>, Option<Position>), Unavailable> {
        let query = self.query(source, position).limit(i32::try_from(limit).unwrap_or(200));
        let answer = query.send().await.map_err(|error| unavailable("dynamodb", &error))?;
        let next = answer.last_evaluated_key.filter(|key| !key.is_empty());
        let next = next.map(|key| position_of(&key)).transpose()?;
        Ok((answer.items.unwrap_or_default(), next))
    }

    /// The elements of a request's items, with their positions.
    async fn whole(
        &self,
        listing: Listing<'_>,
        source: &Source,
        items: Vec<Item>,
    ) -> Result<Vec<(Listed, Position)>, Unavailable> {
        if let Listing::Enrolled(_, now) = listing {
            return self.with_statuses(&items, now).await;
        }
        if !source.by_realm {
            return items.iter().map(|item| Ok((listing.read(item)?, position_of(item)?))).collect();
        }
        // The index contains only keys: the items are read separately and put into the index's order.
        let keys = items.iter().map(|item| Ok((Reader(item).text("pk")?, Reader(item).text("sk")?)));
        let order = keys.collect::<Result<Vec<_>, Unavailable>>()?;
        let mut whole: HashMap<(String, String), Item> = HashMap::new();
        for item in self.get_all(order.clone()).await? {
            whole.insert((Reader(&item).text("pk")?, Reader(&item).text("sk")?), item);
        }
        // An item may have been deleted before the index is updated.
        let there = order.iter().filter_map(|key| whole.remove(key));
        there.map(|item| Ok((listing.read(&item)?, position_of(&item)?))).collect()
    }

    /// Some identities of a realm, newest first, and where to continue if there may be more.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn identities_after(
        &self,
        realm: &RealmRef,
        position: Option<&Position>,
        most: usize,
    ) -> Result<(Vec<IdentityRef>, Option<Position>), Unavailable> {
        let source = Listing::Identities(realm).source(None);
        let (found, next) = self.page(&source, position, most).await?;
        let identities = found.iter().map(|key| Reader(key).name("pk", keys::parse_identity));
        Ok((identities.collect::<Result<_, _>>()?, next))
    }

    /// The identities with these keys and their enrollment statuses.
    async fn with_statuses(&self, keys: &[Item], now: Timestamp) -> Result<Vec<(Listed, Position)>, Unavailable> {
        let identities = keys.iter().map(|key| Reader(key).name("pk", keys::parse_identity));
        let identities = identities.collect::<Result<Vec<_>, _>>()?;
        let read = |identity| {
            let table = self.clone();
            async move {
                let known = table.known(&identity).await?;
                let status = EnrollmentStatus::of(&known.credentials, &known.jobs, now);
                Ok(known.identity.map(|identity| Listed::Enrolled(Box::new(identity), status)))
            }
        };
        let found = each(identities, LOOK_UPS, read).await?;
        let there = found.into_iter().zip(keys).filter_map(|(listed, key)| Some((listed?, key)));
        there.map(|(listed, key)| Ok((listed, position_of(key)?))).collect()
    }

    fn query(
        &self,
        source: &Source,
        position: Option<&Position>,
    ) -> aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder {
        let query = self.client.query().table_name(&self.name).scan_index_forward(false);
        let start = position
            .map(|position| HashMap::from([("pk".to_owned(), s(&position.pk)), ("sk".to_owned(), s(&position.sk))]));
        let query = query
            .expression_attribute_values(":partition", s(&source.partition))
            .expression_attribute_values(":first", s(&source.first))
            .expression_attribute_values(":last", s(&source.last));
        if !source.by_realm {
            return query
                .key_condition_expression("pk = :partition AND sk BETWEEN :first AND :last")
                .consistent_read(true)
                .set_exclusive_start_key(start);
        }
        query
            .index_name("realm")
            .key_condition_expression("realm_key = :partition AND realm_sort BETWEEN :first AND :last")
            .set_exclusive_start_key(start.zip(position).map(|(mut key, position)| {
                key.insert("realm_key".to_owned(), s(&source.partition));
                key.insert("realm_sort".to_owned(), s(&position.realm_sort));
                key
            }))
    }

    /// Counts the elements of a list, up to `bound`.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn count(&self, listing: Listing<'_>, bound: u32) -> Result<u32, Unavailable> {
        let (mut total, mut position, source) = (0, None, listing.source(None));
        for _ in 0..REQUESTS {
            let limit = i32::try_from(bound - total).unwrap_or(i32::MAX);
            let query = self.query(&source, position.as_ref()).select(Select::Count).limit(limit);
            let answer = query.send().await.map_err(|error| unavailable("dynamodb", &error))?;
            total += u32::try_from(answer.count).unwrap_or_default();
            position = answer.last_evaluated_key.map(|key| position_of(&key)).transpose()?;
            if position.is_none() || total >= bound {
                break;
            }
        }
        Ok(total.min(bound))
    }
}

fn position_of(item: &Item) -> Result<Position, Unavailable> {
    let item = Reader(item);
    Ok(Position { pk: item.text("pk")?, sk: item.text("sk")?, realm_sort: item.text_or_empty("realm_sort") })
}
