//! `GET …/batch-credential-binding-jobs`: the batches of a realm.

use api::permit::Permitted;
use api::problem::Problem;
use api::view::{BatchList, BatchSummary};
use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::Uri;
use binding::campaign::RecipientCounts;
use binding::ids::{BatchId, BatchRef, RealmRef};
use binding::unavailable::Unavailable;
use cloud::each::each;
use cloud::table::{Listed, Listing};

use crate::Deps;

/// The number of batches whose recipients are counted concurrently.
const AT_ONCE: usize = 16;

pub(crate) async fn list(
    State(deps): State<Deps>,
    Permitted { on: realm, .. }: Permitted<RealmRef>,
    uri: Uri,
    RawQuery(query): RawQuery,
) -> Result<Json<BatchList>, Problem> {
    // A batch that has finished has its counts. The recipients of the others are counted for the page alone.
    let view = |listed: &Listed| match listed {
        Listed::Batch(found) => {
            let waiting = RecipientCounts { waiting: found.size, ..RecipientCounts::default() };
            Some(BatchSummary::of(found, found.finished.unwrap_or(waiting)))
        }
        _ => None,
    };
    let Json(mut list): Json<BatchList> =
        deps.lists.page(Listing::Batches(&realm), view, &uri, query.as_deref()).await?;
    deps.count(&realm, &mut list.batch_credential_binding_jobs).await?;
    Ok(Json(list))
}

impl Deps {
    /// Counts the recipients of batches that have not finished.
    async fn count(&self, realm: &RealmRef, batches: &mut [BatchSummary]) -> Result<(), Unavailable> {
        let open = |batch: &BatchSummary| (!batch.is_finished()).then(|| BatchId::parse(&batch.id)).flatten();
        let unfinished = batches.iter().enumerate().filter_map(|(index, batch)| Some((index, open(batch)?)));
        let count = |(index, id): (usize, BatchId)| {
            let (table, batch) = (self.table.clone(), BatchRef { realm: realm.clone(), id });
            async move { table.recipient_counts(&batch).await.map(|counts| (index, counts)) }
        };
        for (index, counts) in each(unfinished.collect::<Vec<_>>(), AT_ONCE, count).await? {
            batches[index].counts.set(counts);
        }
        Ok(())
    }
}
