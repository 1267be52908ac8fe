//! `POST {job}:renew`, with the secret of an expired link: mails a new link to the identity's stored address, if the
//! realm allows it.
//!
//! An expired link creates at most one new job. Until that job ends, further requests resend its mail, at the pace of
//! any resent mail. The response reveals neither the address nor the new job.

use api::job::can_be_mailed;
use api::permit::LinkHolder;
use api::problem::Problem;
use api::view::Renewed;
use axum::Json;
use axum::extract::State;
use binding::ids::{JobId, JobRef};
use binding::job::{DeliveryMethod, NotDone, Refused, Settings};
use binding::mail::NotAgain;
use binding::redirect;
use binding::state::State as JobState;
use cloud::random;

use crate::Deps;

pub(crate) async fn renew(
    State(deps): State<Deps>,
    LinkHolder { job: reference, token }: LinkHolder,
) -> Result<Json<Renewed>, Problem> {
    let now = deps.clock.now();
    let expired = deps.table.job(&reference).await?.filter(|job| job.link_hash == token.hash());
    let expired = expired.ok_or_else(Problem::unknown_link)?;
    match expired.state_at(now) {
        JobState::Expired => {}
        state => {
            return Err(Refused::of(state)
                .map_or_else(|| Problem::job_not_expired(state), |refused| NotDone::Refused(refused).into()));
        }
    }
    let config = expired.config_id.clone();
    let subjects = deps.table.subjects(&reference.identity, Some(&config), None).await?;
    let person = subjects.identity.filter(|person| expired.is_for(person));
    let (Some(realm), Some(person), Some(config)) = (subjects.realm, person, subjects.config) else {
        return Err(Problem::renewal_not_allowed());
    };
    if !realm.link_renewal {
        return Err(Problem::renewal_not_allowed());
    }
    if person.is_suspended() {
        return Err(NotDone::IdentitySuspended.into());
    }
    can_be_mailed(DeliveryMethod::Email, &person)?;

    if let Some(job) = expired.renewed_by {
        let job = JobRef { identity: reference.identity.clone(), id: job };
        match deps.table.resend(&job, None, now).await? {
            Some(Ok(job)) => return Ok(Json(Renewed::until(job.expire_time))),
            // The new job has expired too, or was erased: it is replaced.
            None | Some(Err(NotAgain::Ended(Refused::Expired))) => {}
            Some(Err(NotAgain::Ended(refused))) => return Err(NotDone::Refused(refused).into()),
            Some(Err(not)) => return Err(Problem::not_mailed_again(&job.id.to_string(), not)),
        }
    }
    let listed = |uri: &String| redirect::is_listed(&realm.post_binding_redirect_uris, uri);
    let settings = Settings {
        delivery_method: DeliveryMethod::Email,
        post_binding_redirect_uri: expired.post_binding_redirect_uri.clone().filter(listed),
        locale: expired.locale.clone(),
        lifetime_seconds: realm.default_lifetime_seconds,
        reminders: realm.reminders.clone(),
        renews: Some(expired.reference.id),
        batch_id: None,
    };
    let job = deps.link_keys.new_job(JobId::new(now, random::bytes()), &person, &config, settings, now);
    // If a concurrent request has already created the new job, there is nothing left to do.
    deps.table.renew(&expired, &job).await?;
    Ok(Json(Renewed::until(job.expire_time)))
}
