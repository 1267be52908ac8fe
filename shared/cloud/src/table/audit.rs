//! The audit log: an item for each change, which DynamoDB's TTL deletes after some days.

use binding::audit::{Change, Entry, Log};
use binding::ids::{AuditEntryId, RealmId, TenantId};
use binding::time::Timestamp;
use binding::unavailable::Unavailable;

use super::item::{Item, Reader, Writer, list, n, s};
use super::{Table, keys};
use crate::aws::unavailable;
use crate::random;

/// The maximum number of objects of an entry. A change of more has several entries, because an item can have 400 KB and a
/// path has about 500 bytes.
const MOST_OBJECTS: usize = 100;

const DAY_SECONDS: i64 = 24 * 60 * 60;

impl Table {
    /// Adds a change to the audit log, unless the log is disabled. The change has already been made, so a failure is not
    /// reported to the caller; the entry is written to the function's log as an error.
    pub async fn audit(&self, change: Change, now: Timestamp) {
        if self.audit_days == 0 {
            return;
        }
        for objects in change.objects.chunks(MOST_OBJECTS) {
            let change = Change { objects: objects.to_vec(), ..change.clone() };
            let entry = Entry { id: AuditEntryId::new(now, random::bytes()), time: now, change };
            if let Err(error) = self.put_entry(&entry).await {
                tracing::error!(?entry, %error, "an entry of the audit log could not be written");
            }
        }
    }

    async fn put_entry(&self, entry: &Entry) -> Result<(), Unavailable> {
        let item = entry_to_item(entry, entry.time.plus_seconds(i64::from(self.audit_days) * DAY_SECONDS));
        let put = self.client.put_item().table_name(&self.name).set_item(Some(item));
        put.send().await.map(drop).map_err(|error| unavailable("dynamodb", &error))
    }
}

fn entry_to_item(Entry { id, time, change }: &Entry, purge: Timestamp) -> Item {
    let log = Log { tenant: change.tenant.clone(), realm: change.realm.clone() };
    Writer::new((keys::audit_pk(&log), format!("{}{id}", keys::AUDIT)), "AUDIT")
        .set("create_ms", n(time.millis()))
        .set("tenant", s(change.tenant.as_str()))
        .maybe("realm", change.realm.as_ref().map(|realm| s(realm.as_str())))
        .maybe("principal", change.principal.as_ref().map(s))
        .set("operation", s(&change.operation))
        .set("objects", list(&change.objects))
        .text("request_id", &change.request_id)
        .set("ttl", n(purge.seconds()))
        .0
}

pub(super) fn entry_from_item(item: &Item) -> Result<Entry, Unavailable> {
    let item = Reader(item);
    Ok(Entry {
        id: item.name("sk", |sk| AuditEntryId::parse(sk.strip_prefix(keys::AUDIT)?))?,
        time: item.time("create_ms")?,
        change: Change {
            tenant: item.name("tenant", |id| TenantId::parse(id).ok())?,
            realm: item.maybe_name("realm", |id| RealmId::parse(id).ok())?,
            principal: item.maybe_text("principal"),
            operation: item.text("operation")?,
            objects: item.texts("objects"),
            request_id: item.text_or_empty("request_id"),
        },
    })
}
