//! Overdue jobs, from the sparse index `expiry`.

use binding::ids::JobRef;
use binding::time::Timestamp;
use binding::unavailable::Unavailable;

use super::item::{Reader, n, s};
use super::{Item, Table, keys, records};
use crate::aws::unavailable;

impl Table {
    /// The partitions of the index of jobs that can expire.
    pub const EXPIRY_SHARDS: [&str; 16] =
        ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "a", "b", "c", "d", "e", "f"];

    /// Returns at most `most` jobs of a partition that had expired at `now`, the oldest first, with their expiry
    /// times, and where to continue if there may be more. The index is eventually consistent: a listed job may have
    /// ended meanwhile, and a missing job is listed later.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn overdue(
        &self,
        shard: &str,
        most: i32,
        now: Timestamp,
        after: Option<Overdue>,
    ) -> Result<(Vec<(JobRef, Timestamp)>, Option<Overdue>), Unavailable> {
        let answer = self
            .client
            .query()
            .table_name(&self.name)
            .index_name("expiry")
            .key_condition_expression("expiry_shard = :shard AND expire_ms <= :now")
            .expression_attribute_values(":shard", s(keys::expiry_shard(shard)))
            .expression_attribute_values(":now", n(now.millis()))
            .limit(most)
            .set_exclusive_start_key(after.map(|Overdue(key)| key))
            .send()
            .await
            .map_err(|error| unavailable("dynamodb", &error))?;
        let read = |item| {
            let item = Reader(item);
            Ok((records::job_ref(&item)?, item.time("expire_ms")?))
        };
        let jobs: Result<Vec<_>, Unavailable> = answer.items.unwrap_or_default().iter().map(read).collect();
        Ok((jobs?, answer.last_evaluated_key.map(Overdue)))
    }
}

/// Where a list of overdue jobs continues.
#[derive(Clone, Debug)]
pub struct Overdue(Item);
