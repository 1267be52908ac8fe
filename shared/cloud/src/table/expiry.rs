//! Jobs whose time is over, by the sparse index `expiry`.

use binding::ids::JobRef;
use binding::time::Timestamp;
use binding::unavailable::Unavailable;

use super::item::{Reader, n, s};
use super::{Table, keys, records};
use crate::aws::unavailable;

impl Table {
    /// The partitions of the index of jobs that will expire.
    pub const EXPIRY_SHARDS: [&str; 16] =
        ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "a", "b", "c", "d", "e", "f"];

    /// At most `most` jobs of a partition whose time was over at `now`, the oldest first. The index follows the table
    /// with a delay: what it names may have ended meanwhile, and what it misses it names the next time.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not answer.
    pub async fn overdue(&self, shard: &str, most: i32, now: Timestamp) -> Result<Vec<JobRef>, Unavailable> {
        let answer = self
            .client
            .query()
            .table_name(&self.name)
            .index_name("expiry")
            .key_condition_expression("expiry_shard = :shard AND expire_ms <= :now")
            .expression_attribute_values(":shard", s(keys::expiry_shard(shard)))
            .expression_attribute_values(":now", n(now.millis()))
            .limit(most)
            .send()
            .await
            .map_err(|error| unavailable("dynamodb", &error))?;
        answer.items.unwrap_or_default().iter().map(|item| records::job_ref(&Reader(item))).collect()
    }
}
