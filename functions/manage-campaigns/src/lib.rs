//! Batches of credential binding jobs: creates them with their recipients, returns their progress, and pauses, resumes
//! and cancels them. `run-campaigns` creates the jobs, at the pace of the batch.

mod create;
mod results;

use api::operation::{CANCEL_BATCH, CREATE_BATCH, GET_BATCH, LIST_BATCH_RESULTS, PAUSE_BATCH, RESUME_BATCH};
use api::path::Reference as _;
use api::permit::Permitted;
use api::problem::Problem;
use api::routes::{Limited, Routes};
use api::view::{Batch, job_ids};
use axum::extract::State;
use axum::{Json, Router};
use binding::campaign::{self, Chunk, Control, Outcome};
use binding::ids::{BatchRef, IdentityId, IdentityRef, JobRef};
use binding::job::Job;
use binding::limit::Exceeded;
use binding::unavailable::Unavailable;
use cloud::aws::Aws;
use cloud::boot::{Error, FromEnv};
use cloud::clock::Clock;
use cloud::each::each;
use cloud::env::Env;
use cloud::limits::Limits;
use cloud::table::{Changed, Table};
use lists::Lists;

/// The number of concurrent requests for a batch.
const AT_ONCE: usize = 16;

/// How many times a change of a batch is tried when the runner changes it concurrently.
const TRIES: usize = 4;

/// The function's dependencies.
#[derive(Clone, Debug)]
pub struct Deps {
    table: Table,
    clock: Clock,
    lists: Lists,
    limits: Limits,
}

impl FromEnv for Deps {
    async fn from_env(env: &Env, clock: Clock) -> Result<Self, Error> {
        let aws = Aws::new(env)?;
        let table = Table::new(&aws, env)?;
        let lists = Lists::new(&aws, env, &table, &clock)?;
        table.warm().await;
        let limits = Limits::new(env, &table, &clock)?;
        Ok(Self { table, clock, lists, limits })
    }
}

impl Limited for Deps {
    async fn admit(&self, tenant: &str) -> Result<(), Exceeded> {
        self.limits.admit(tenant).await
    }
}

/// The function's routes.
pub fn router(deps: Deps) -> Router {
    Routes::default()
        .on(CREATE_BATCH, create::create)
        .on(GET_BATCH, get)
        .on(LIST_BATCH_RESULTS, results::list)
        .on(PAUSE_BATCH, pause)
        .on(RESUME_BATCH, resume)
        .on(CANCEL_BATCH, cancel)
        .finish_audited(deps, async |deps: Deps, change| deps.table.audit(change, deps.clock.now()).await)
}

async fn get(
    State(deps): State<Deps>,
    Permitted { on: batch, .. }: Permitted<BatchRef>,
) -> Result<Json<Batch>, Problem> {
    deps.show(&batch).await
}

async fn pause(
    State(deps): State<Deps>,
    Permitted { on: batch, .. }: Permitted<BatchRef>,
) -> Result<Json<Batch>, Problem> {
    deps.control(&batch, Control::Paused).await
}

async fn resume(
    State(deps): State<Deps>,
    Permitted { on: batch, .. }: Permitted<BatchRef>,
) -> Result<Json<Batch>, Problem> {
    deps.control(&batch, Control::Active).await
}

async fn cancel(
    State(deps): State<Deps>,
    Permitted { on: batch, .. }: Permitted<BatchRef>,
) -> Result<Json<Batch>, Problem> {
    deps.control(&batch, Control::Cancelled).await
}

impl Deps {
    async fn read(&self, reference: &BatchRef) -> Result<(campaign::Batch, Vec<Chunk>), Problem> {
        self.table.batch(reference).await?.ok_or_else(|| reference.missing())
    }

    async fn show(&self, reference: &BatchRef) -> Result<Json<Batch>, Problem> {
        let (batch, chunks) = self.read(reference).await?;
        let recipients: Vec<_> = chunks.iter().flat_map(|chunk| chunk.recipients.clone()).collect();
        let jobs = self.jobs(&batch, &recipients).await?;
        Ok(Json(Batch::of(&batch, &chunks, &jobs, self.clock.now())))
    }

    /// Changes whether a batch sends invitations. A repetition changes nothing.
    async fn control(&self, reference: &BatchRef, to: Control) -> Result<Json<Batch>, Problem> {
        for _ in 0..TRIES {
            let (batch, _) = self.read(reference).await?;
            batch.may_become(to).map_err(|not| Problem::not_controlled(&reference.id(), not))?;
            let stopped = batch.control == Control::StoppedByBounces;
            if batch.control == to || to == Control::Paused && stopped {
                return self.show(reference).await;
            }
            if self.table.control_batch(&batch, to, self.clock.now()).await? == Changed::Yes {
                return self.show(reference).await;
            }
        }
        Err(Unavailable::new("dynamodb", "others changed the batch at the same time").into())
    }

    /// The jobs that a batch has created for some of its recipients, read with eventual consistency.
    async fn jobs(
        &self,
        batch: &campaign::Batch,
        recipients: &[(IdentityId, Outcome)],
    ) -> Result<Vec<Job>, Unavailable> {
        let reference = |(identity, id): (&IdentityId, _)| JobRef {
            identity: IdentityRef { realm: batch.reference.realm.clone(), id: identity.clone() },
            id,
        };
        let wanted: Vec<JobRef> = job_ids(batch, recipients).map(reference).collect();
        let read = |some: Vec<JobRef>| {
            let table = self.table.clone();
            async move { table.jobs(&some, false).await }
        };
        Ok(each(wanted.chunks(100).map(<[_]>::to_vec), AT_ONCE, read).await?.concat())
    }
}
