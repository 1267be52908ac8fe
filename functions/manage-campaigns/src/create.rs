//! `POST …/batch-credential-binding-jobs`: creates a batch.
//!
//! 1. The body is read; all violations are reported at once, unknown identities among them.
//! 2. A dry run decides about each recipient as the runner would, and creates nothing.
//! 3. The batch is stored in one transaction: its settings, its recipients a hundred to an item, and its place in the
//!    realm's queue. No job is created yet.

use std::collections::HashSet;

use api::audit::Changed;
use api::batch::{Draft, as_read};
use api::body::{JsonBody, LargeJsonBody};
use api::idempotency;
use api::path::Reference as _;
use api::permit::Permitted;
use api::problem::Problem;
use api::view::Batch;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::{Extension, Json};
use binding::campaign::{self, BatchState, Chunk, Control, LARGEST_QUEUE, MailCounts, Settings, Verdict, judge};
use binding::directory::AuthenticatorConfig;
use binding::ids::{BatchId, BatchRef, ConfigId, IdentityId, IdentityRef, JobId, RealmRef};
use binding::time::Timestamp;
use binding::unavailable::Unavailable;
use cloud::each::each;
use cloud::random;
use cloud::table::{BatchCreated, Earlier, IdempotencyKey};

use crate::{AT_ONCE, Deps};

pub(crate) async fn create(
    State(deps): State<Deps>,
    Permitted { on: realm, claims }: Permitted<RealmRef>,
    headers: HeaderMap,
    JsonBody(body): LargeJsonBody,
) -> Result<Answer, Problem> {
    let now = deps.clock.now();
    let key = idempotency::key(&headers, &claims)?;
    let key = key.map(|(principal, key)| IdempotencyKey::new(principal, key, &as_read(&body).to_string()));
    let mut draft = Draft::read(&body)?;
    if let Some(key) = &key
        && let Some(earlier) = deps.table.earlier_batch(&realm, key, now).await?
    {
        return deps.replay(realm, earlier).await;
    }
    let settings_of = deps.table.realm(&realm).await?.ok_or_else(|| realm.missing())?;
    deps.find(&realm, &mut draft).await?;
    let inline = draft.inline_config.clone();
    let fresh = || ConfigId::new(now, random::bytes());
    let config_id = draft.config.clone().unwrap_or_else(fresh);
    let (identities, dry_run) = (std::mem::take(&mut draft.identities), draft.dry_run);
    let settings = draft.finish(&settings_of, config_id.clone(), now)?;

    let batch = new_batch(
        BatchRef { realm: realm.clone(), id: BatchId::new(now, random::bytes()) },
        settings,
        &identities,
        now,
    );
    let chunks = Chunk::of(&identities);
    if dry_run {
        let verdicts = deps.judge_all(&batch, &identities, now).await?;
        let planned = Batch::planned(&batch, &chunks, &verdicts, now);
        return Ok((Extension(Changed::Each(Vec::new())), Json(planned)));
    }
    if let Some((invocation, unused_members)) = inline {
        let config = AuthenticatorConfig::for_one_job(realm.clone(), config_id, invocation, unused_members, now);
        deps.table.put_config_for_one_job(&config).await?;
    }
    match deps.table.create_batch(&batch, &chunks, key.as_ref()).await? {
        BatchCreated::Yes => {
            let changed = Changed::Created(batch.reference.id.to_string());
            Ok((Extension(changed), Json(Batch::of(&batch, &chunks, &[], now))))
        }
        BatchCreated::Earlier(earlier) => deps.replay(realm, earlier).await,
        BatchCreated::QueueFull(queued) => Err(Problem::queue_full(LARGEST_QUEUE, queued, batch.size)),
        BatchCreated::Running => Err(Problem::request_in_progress()),
    }
}

/// The batch, and the change for the audit log.
type Answer = (Extension<Changed>, Json<Batch>);

fn new_batch(reference: BatchRef, settings: Settings, identities: &[IdentityId], now: Timestamp) -> campaign::Batch {
    campaign::Batch {
        reference,
        version: 1,
        settings,
        size: u32::try_from(identities.len()).unwrap_or(u32::MAX),
        control: Control::Active,
        control_time: now,
        state: BatchState::Running,
        finished: None,
        mails: MailCounts::default(),
        mails_at_resume: MailCounts::default(),
        create_time: now,
        update_time: now,
    }
}

impl Deps {
    /// The response to a repeated request.
    async fn replay(&self, realm: RealmRef, earlier: Earlier<BatchId>) -> Result<Answer, Problem> {
        let Earlier::Same(id) = earlier else { return Err(Problem::idempotency_key_reused()) };
        let batch = self.show(&BatchRef { realm, id }).await?;
        Ok((Extension(Changed::Created(id.to_string())), batch))
    }

    /// Records violations for identities and a config that do not exist.
    async fn find(&self, realm: &RealmRef, draft: &mut Draft<'_>) -> Result<(), Unavailable> {
        let place = |id: &IdentityId| IdentityRef { realm: realm.clone(), id: id.clone() };
        let identities: Vec<IdentityRef> = draft.identities.iter().map(place).collect();
        let read = |some: Vec<IdentityRef>| {
            let table = self.table.clone();
            async move { table.missing_identities(&some).await }
        };
        let missing = each(identities.chunks(100).map(<[_]>::to_vec), AT_ONCE, read).await?;
        let missing: HashSet<IdentityId> = missing.into_iter().flatten().collect();
        let unknown = draft.identities.iter().enumerate().filter(|(_, id)| missing.contains(id));
        for index in unknown.map(|(index, _)| index).collect::<Vec<_>>() {
            draft.unknown(index);
        }
        if let Some(config) = draft.config.clone()
            && self.table.config(realm, &config).await?.is_none()
        {
            draft.unknown_config();
        }
        Ok(())
    }

    /// Decides what would be done with each recipient now.
    async fn judge_all(
        &self,
        batch: &campaign::Batch,
        identities: &[IdentityId],
        now: Timestamp,
    ) -> Result<Vec<Verdict>, Unavailable> {
        let judge = |id: &IdentityId| {
            let (table, settings) = (self.table.clone(), batch.settings.clone());
            let identity = IdentityRef { realm: batch.reference.realm.clone(), id: id.clone() };
            let own = JobId::of_batch(&batch.reference, batch.create_time, id);
            async move { Ok(judge(&settings, own, &table.known(&identity).await?, now)) }
        };
        each(identities, AT_ONCE, judge).await
    }
}
