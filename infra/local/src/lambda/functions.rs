//! The functions of the template, running in this process: the same routers and handlers as on Lambda.

use std::sync::Arc;

use axum::Router;
use cloud::boot::{FromEnv, behind_gateway};
use cloud::clock::Clock;
use cloud::env::Env;
use lambda_runtime::Error;
use serde_json::Value;

use crate::faults::Faults;
use crate::gateway;
use crate::template::{Function, StreamMapping};

/// A running function.
#[derive(Clone, Debug)]
pub(crate) enum Running {
    /// It serves HTTP.
    Http(Router),
    /// It consumes a stream.
    SendLink(Arc<send_link::Deps>),
    /// It consumes a stream.
    PublishChanges(Arc<publish_changes::Deps>),
    /// It consumes a queue of SES's events.
    TrackEmail(Arc<track_email::Deps>),
    /// It runs on a schedule.
    ExpireJobs(Arc<expire_jobs::Deps>),
    /// It runs on a schedule.
    RunCampaigns(Arc<run_campaigns::Deps>),
}

/// A function that can be invoked, by its logical id, until a fault kills it.
#[derive(Clone, Debug)]
pub(crate) struct Worker {
    pub(crate) id: String,
    pub(crate) function: Running,
    pub(crate) faults: Faults,
}

impl Worker {
    /// Passes an event to the function, and returns its response as Lambda would.
    pub(crate) async fn invoke(&self, event: Value) -> Result<Value, Error> {
        let invocation = self.function.invoke(event);
        self.faults.unless_killed(&self.id, invocation).await.unwrap_or_else(|| Err("killed".into()))
    }
}

impl Running {
    /// Starts the function that a crate implements.
    pub(crate) async fn start(function: &Function, env: &Env, clock: &Clock) -> Result<Self, Error> {
        match function.binary.as_str() {
            "create-job" => http(create_job::router, env, clock).await,
            "console" => http(console::router, env, clock).await,
            "open-link" => http(open_link::router, env, clock).await,
            "deliver-request" => http(deliver_request::router, env, clock).await,
            "verify-assertion" => http(verify_assertion::router, env, clock).await,
            "verify-attestation" => http(verify_attestation::router, env, clock).await,
            "query-status" => http(query_status::router, env, clock).await,
            "revoke" => http(revoke::router, env, clock).await,
            "manage-campaigns" => http(manage_campaigns::router, env, clock).await,
            "manage-directory" => http(manage_directory::router, env, clock).await,
            "send-link" => deps(env, clock).await.map(Running::SendLink),
            "publish-changes" => deps(env, clock).await.map(Running::PublishChanges),
            "track-email" => deps(env, clock).await.map(Running::TrackEmail),
            "run-campaigns" => deps(env, clock).await.map(Running::RunCampaigns),
            "expire-jobs" => deps(env, clock).await.map(Running::ExpireJobs),
            other => Err(format!("template.yaml names a function that this stack does not know: {other}").into()),
        }
    }

    async fn invoke(&self, event: Value) -> Result<Value, Error> {
        fn read<T: serde::de::DeserializeOwned>(event: Value) -> Result<T, Error> {
            Ok(serde_json::from_value(event)?)
        }
        fn write(answer: impl serde::Serialize) -> Result<Value, Error> {
            Ok(serde_json::to_value(answer)?)
        }
        match self {
            Running::SendLink(deps) => write(send_link::handle(deps.clone(), event).await?),
            Running::PublishChanges(deps) => publish_changes::handle(deps.clone(), event).await,
            Running::TrackEmail(deps) => write(track_email::handle(deps.clone(), read(event)?).await?),
            Running::RunCampaigns(deps) => write(run_campaigns::handle(deps.clone(), read(event)?).await?),
            Running::ExpireJobs(deps) => write(expire_jobs::handle(deps.clone(), read(event)?).await?),
            // As API Gateway invokes it: the event is a request (payload format 2.0).
            Running::Http(router) => Ok(gateway::invoke(router.clone(), event).await?),
        }
    }
}

async fn deps<D: FromEnv>(env: &Env, clock: &Clock) -> Result<Arc<D>, Error> {
    D::from_env(env, clock.clone()).await.map(Arc::new)
}

async fn http<D: FromEnv>(router: fn(D) -> Router, env: &Env, clock: &Clock) -> Result<Running, Error> {
    let deps = D::from_env(env, clock.clone()).await?;
    Ok(Running::Http(behind_gateway(router(deps), env)))
}

/// Whether a record matches one of a mapping's patterns (EventBridge's rules, as far as the template uses them).
pub(crate) fn matches(mapping: &StreamMapping, record: &Value) -> bool {
    mapping.filters.is_empty() || mapping.filters.iter().any(|pattern| fits(pattern, record))
}

/// Whether a value matches a pattern. In a list, one alternative must match.
pub(crate) fn fits(pattern: &Value, value: &Value) -> bool {
    match (pattern, value) {
        (Value::Object(members), _) => members.iter().all(|(name, pattern)| fits(pattern, &value[name])),
        (Value::Array(allowed), Value::Array(values)) => values.iter().any(|value| allowed.contains(value)),
        (Value::Array(allowed), value) => allowed.contains(value),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn patterns_match_as_eventbridge_does() {
        let pattern = json!({"eventName": ["INSERT", "MODIFY"], "dynamodb": {"NewImage": {"kind": {"S": ["JOB"]}}}});
        let record =
            |name: &str, kind: &str| json!({"eventName": name, "dynamodb": {"NewImage": {"kind": {"S": kind}}}});
        assert!(fits(&pattern, &record("INSERT", "JOB")));
        assert!(!fits(&pattern, &record("REMOVE", "JOB")));
        assert!(!fits(&pattern, &record("INSERT", "REALM")));
        assert!(!fits(&pattern, &json!({"eventName": "INSERT", "dynamodb": {}})));
        let tagged = |values: Value| json!({"tags": {"set": values}});
        assert!(fits(&tagged(json!(["ours"])), &tagged(json!(["other", "ours"]))));
        assert!(!fits(&tagged(json!(["ours"])), &tagged(json!(["other"]))));
        assert!(!fits(&tagged(json!(["ours"])), &tagged(json!([]))));
    }
}
