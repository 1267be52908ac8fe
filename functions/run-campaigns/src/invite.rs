//! Invites recipients of a batch: which ones are processed, when each job is created, and what is written.

use std::sync::Arc;

use binding::campaign::pace::{Slots, day, end_of_minute, in_time, minute};
use binding::campaign::{Batch, Chunk, Outcome, SkipReason, Verdict, judge};
use binding::directory::{AuthenticatorConfig, Identity, Realm};
use binding::ids::{ConfigId, IdentityId, IdentityRef, JobId, JobRef};
use binding::job::{Command, DeliveryMethod, Revoker, Settings};
use binding::redirect;
use binding::time::Timestamp;
use binding::unavailable::Unavailable;
use cloud::each::each;
use cloud::table::{Changed, Claim, Holder};
use tokio::task::JoinSet;

use crate::{Deps, Ran, Run};

/// The number of concurrent look-ups of recipients, and of concurrent creations of jobs.
const AT_ONCE: usize = 16;

/// The result of a pass over a chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pass {
    /// Recipients were processed. Continue.
    Done,
    /// All processed recipients have quiet hours until this time.
    AllDeferred(Timestamp),
    /// No more invitations may be sent in this run.
    NoRoom,
}

/// A recipient who is to be invited.
struct Invitation {
    index: usize,
    person: Identity,
    supersede: Vec<JobId>,
}

/// The result of one invitation.
enum Created {
    /// The job exists.
    Yes(usize),
    /// Its slot had passed.
    Missed,
}

/// Invites recipients of a chunk, as many as have slots before the end of the run or the minute.
pub(crate) async fn pass(
    run: &Run,
    claim: &mut Claim,
    batch: &Batch,
    chunk: &mut Chunk,
    ran: &mut Ran,
) -> Result<Pass, Unavailable> {
    let now = run.deps.clock.now();
    let Some(free) = free_slots(run, claim, batch, now) else { return wait(run, now).await };
    let (realm, config) = match prepared(&run.deps, batch).await? {
        Some(prepared) => prepared,
        None => return rule_out(run, batch, chunk, ran).await,
    };
    let ready: Vec<usize> = chunk.ready(now).collect();
    // Those for whom it was night wait for their slots, like the others.
    ready.iter().for_each(|index| chunk.recipients[*index].1 = Outcome::Waiting);
    let candidates: Vec<usize> = ready.into_iter().take(free.count() as usize).collect();
    let verdicts = verdicts(run, batch, chunk, &candidates).await?;
    let mut invitations = Vec::new();
    let mut deferred = None;
    let mut settled = false;
    for (index, verdict, identity) in verdicts {
        let outcome = &mut chunk.recipients[index].1;
        match verdict {
            Verdict::Invited { supersede } => {
                revoke_all(&run.deps, &chunk.recipients[index].0, batch, &supersede).await?;
                chunk.recipients[index].1 = Outcome::Invited;
                settled = true;
            }
            Verdict::Skip(reason) => {
                (*outcome, settled) = (Outcome::Skipped(reason), true);
                ran.skipped += 1;
            }
            Verdict::Defer(until) => {
                *outcome = Outcome::Deferred;
                deferred = Some(deferred.map_or(until, |time: Timestamp| time.min(until)));
            }
            Verdict::Invite { supersede } => {
                if let Some(person) = identity {
                    invitations.push(Invitation { index, person, supersede });
                }
            }
        }
    }
    let wanted = u32::try_from(invitations.len()).unwrap_or(u32::MAX);
    let granted = if wanted == 0 { 0 } else { run.take(minute(free.time(0)), wanted).await? };
    let slots = free.first(granted);
    if granted > 0 {
        claim.taken_until = slots.end();
        let today = day(slots.time(0));
        claim.day_sent = if claim.day == today { claim.day_sent } else { 0 } + granted;
        claim.day = today;
        if !run.deps.table.take_slots(claim).await? {
            // Another runner has claimed the queue. The slots are lost, and nothing is sent twice.
            return Ok(Pass::NoRoom);
        }
        invitations.truncate(granted as usize);
        let new = New { batch: batch.clone(), realm, config };
        for created in create_all(run, Arc::new(new), invitations, slots).await? {
            match created {
                Created::Yes(index) => {
                    chunk.recipients[index].1 = Outcome::Invited;
                    ran.invited += 1;
                    settled = true;
                }
                Created::Missed => ran.missed += 1,
            }
        }
    }
    if deferred.is_some() || settled {
        let earliest = chunk.deferred_until.filter(|until| *until > now);
        chunk.deferred_until = match (earliest, deferred) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        if run.deps.table.settle_chunk(&batch.reference, chunk).await? == Changed::Meanwhile {
            // Created jobs are found by the next run.
            return Ok(Pass::Done);
        }
    }
    match deferred {
        Some(until) if wanted == 0 && !settled => Ok(Pass::AllDeferred(until)),
        _ if granted < wanted => Ok(Pass::NoRoom),
        _ => Ok(Pass::Done),
    }
}

/// The slots that the realm has before the end of the run and of the minute; none if the batch must wait for the next
/// minute or day.
fn free_slots(run: &Run, claim: &Claim, batch: &Batch, now: Timestamp) -> Option<Slots> {
    let rate = batch.settings.max_per_minute.unwrap_or(run.per_minute).min(run.per_minute);
    let today = sent_today(claim, now);
    let room = batch.settings.day_limit(now).map_or(u32::MAX, |limit| limit.saturating_sub(today));
    if rate == 0 || room == 0 {
        return None;
    }
    let until = run.until.min(end_of_minute(now));
    let slots = Slots::free(claim.taken_until, now, until, rate, room.min(100));
    (slots.count() > 0).then_some(slots)
}

/// Waits for the next minute, if the run lasts until then.
async fn wait(run: &Run, now: Timestamp) -> Result<Pass, Unavailable> {
    let next = end_of_minute(now);
    if next >= run.until {
        return Ok(Pass::NoRoom);
    }
    run.deps.clock.sleep_until(next).await;
    Ok(Pass::Done)
}

/// The realm and config of a batch; `None` if the realm no longer allows the batch's settings.
async fn prepared(deps: &Deps, batch: &Batch) -> Result<Option<(Realm, AuthenticatorConfig)>, Unavailable> {
    let (reference, settings) = (&batch.reference.realm, &batch.settings);
    let Some(realm) = deps.table.realm(reference).await? else { return Ok(None) };
    let config = config_of(deps, batch, &settings.config).await?;
    let listed = |uri: &String| redirect::is_listed(&realm.post_binding_redirect_uris, uri);
    let allowed = settings.post_binding_redirect_uri.as_ref().is_none_or(listed);
    Ok(config.filter(|_| allowed).map(|config| (realm, config)))
}

async fn config_of(deps: &Deps, batch: &Batch, id: &ConfigId) -> Result<Option<AuthenticatorConfig>, Unavailable> {
    let realm = &batch.reference.realm;
    if batch.settings.inline_config {
        return deps.table.config_version(realm, id, 1).await.map(Some);
    }
    deps.table.config(realm, id).await
}

/// Settles the recipients of a chunk whose realm no longer allows the batch's settings.
async fn rule_out(run: &Run, batch: &Batch, chunk: &mut Chunk, ran: &mut Ran) -> Result<Pass, Unavailable> {
    let all: Vec<usize> =
        (0..chunk.recipients.len()).filter(|index| !chunk.recipients[*index].1.is_settled()).collect();
    for (index, verdict, _) in verdicts(run, batch, chunk, &all).await? {
        let invited = matches!(verdict, Verdict::Invited { .. });
        chunk.recipients[index].1 = if invited { Outcome::Invited } else { Outcome::Skipped(SkipReason::Policy) };
        ran.skipped += u32::from(!invited);
    }
    run.deps.table.settle_chunk(&batch.reference, chunk).await?;
    Ok(Pass::Done)
}

/// Reads recipients, several concurrently, and decides about each, in the order of the chunk.
async fn verdicts(
    run: &Run,
    batch: &Batch,
    chunk: &Chunk,
    candidates: &[usize],
) -> Result<Vec<(usize, Verdict, Option<Identity>)>, Unavailable> {
    let judge = |index: usize| {
        let (deps, settings) = (run.deps.clone(), batch.settings.clone());
        let own = own_job(batch, &chunk.recipients[index].0);
        async move {
            let known = deps.table.known(&own.identity).await?;
            Ok((index, judge(&settings, own.id, &known, deps.clock.now()), known.identity))
        }
    };
    each(candidates.to_vec(), AT_ONCE, judge).await
}

/// The shared data of a pass's jobs.
struct New {
    batch: Batch,
    realm: Realm,
    config: AuthenticatorConfig,
}

/// Creates jobs, each in its slot. If the table fails, the next run finds the created ones.
async fn create_all(
    run: &Run,
    new: Arc<New>,
    invitations: Vec<Invitation>,
    slots: Slots,
) -> Result<Vec<Created>, Unavailable> {
    let (mut work, mut done, mut failed) = (JoinSet::new(), Vec::new(), None);
    let mut settle = |joined: Option<Result<Result<Created, Unavailable>, tokio::task::JoinError>>| match joined {
        Some(Ok(Ok(created))) => done.push(created),
        Some(Ok(Err(error))) => failed = Some(error),
        Some(Err(broken)) => failed = Some(Unavailable::new("dynamodb", broken.to_string())),
        None => {}
    };
    for (number, invitation) in (0..).zip(invitations) {
        if work.len() >= AT_ONCE {
            settle(work.join_next().await);
        }
        let slot = slots.time(number);
        run.deps.clock.sleep_until(slot).await;
        let (deps, new) = (run.deps.clone(), new.clone());
        work.spawn(async move { create(&deps, &new, invitation, slot).await });
    }
    while !work.is_empty() {
        settle(work.join_next().await);
    }
    match failed {
        Some(error) if done.is_empty() => Err(error),
        Some(error) => {
            tracing::warn!(detail = error.detail, "some recipients are left to the next step");
            Ok(done)
        }
        None => Ok(done),
    }
}

async fn create(deps: &Deps, new: &New, invitation: Invitation, slot: Timestamp) -> Result<Created, Unavailable> {
    let now = deps.clock.now();
    if !in_time(slot, now) {
        return Ok(Created::Missed);
    }
    let Invitation { index, person, supersede } = invitation;
    let (batch, identity) = (&new.batch, &person.reference.id);
    let settings = Settings {
        delivery_method: DeliveryMethod::Email,
        post_binding_redirect_uri: batch.settings.post_binding_redirect_uri.clone(),
        locale: batch.settings.locale.clone(),
        lifetime_seconds: batch.settings.lifetime_seconds.unwrap_or(new.realm.default_lifetime_seconds),
        reminders: batch.settings.reminders.clone(),
        renews: None,
        batch_id: Some(batch.reference.id),
    };
    let job = deps.link_keys.new_job(own_job(batch, identity).id, &person, &new.config, settings, now);
    deps.table.create_job_of_batch(&job).await?;
    revoke_all(deps, identity, batch, &supersede).await?;
    Ok(Created::Yes(index))
}

/// Revokes the jobs that a batch supersedes. A job that has ended meanwhile is not changed.
async fn revoke_all(deps: &Deps, identity: &IdentityId, batch: &Batch, jobs: &[JobId]) -> Result<(), Unavailable> {
    for id in jobs {
        let identity = IdentityRef { realm: batch.reference.realm.clone(), id: identity.clone() };
        let job = JobRef { identity, id: *id };
        let command = Command::Revoke(Revoker::Operator);
        drop(deps.table.advance(&job, Holder::Us, command, deps.clock.now()).await?);
    }
    Ok(())
}

/// How many invitations the realm has sent on the UTC day of `now`.
pub(crate) fn sent_today(claim: &Claim, now: Timestamp) -> u32 {
    if claim.day == day(now) { claim.day_sent } else { 0 }
}

/// The job that a batch creates for an identity.
pub(crate) fn own_job(batch: &Batch, identity: &IdentityId) -> JobRef {
    JobRef {
        id: JobId::of_batch(&batch.reference, batch.create_time, identity),
        identity: IdentityRef { realm: batch.reference.realm.clone(), id: identity.clone() },
    }
}
