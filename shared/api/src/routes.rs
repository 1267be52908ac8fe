//! Serves operations, each with a handler that takes the caller's credentials.

use std::borrow::Cow;

use axum::extract::{FromRequestParts, Request, State};
use axum::handler::Handler;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use axum::middleware::{Next, from_fn};
use axum::routing::{MethodFilter, MethodRouter, on};
use axum::{Extension, Router};
use binding::access::{Admission, Denied};
use binding::audit::Change;
use binding::ceremony::CeremonyToken;
use binding::ids::JobRef;
use binding::key::NotAToken;
use binding::limit::Exceeded;
use binding::link::LinkToken;
use binding::time::Timestamp;
use binding::unavailable::Unavailable;

use crate::audit;
use crate::edge;
use crate::operation::{self, Operation, Route};
use crate::path::{Ids, Reference};
use crate::permit::{Anybody, CeremonyHolder, Device, LinkHolder, LinkVisitor, Permitted, Public};
use crate::problem::Problem;

/// The operations that a function serves.
#[derive(Debug)]
pub struct Routes<S> {
    router: Router<S>,
    /// Paths that a parameter of another path also matches: `identities/batchDelete` looks like an id in
    /// `identities/{identity_id}`.
    literals: Vec<(Cow<'static, str>, MethodRouter<S>)>,
    /// An operation whose changes are recorded in the audit log.
    audited: Option<&'static str>,
}

impl<S: Clone + Send + Sync + 'static> Default for Routes<S> {
    fn default() -> Self {
        Self { router: Router::new(), literals: Vec::new(), audited: None }
    }
}

impl<S: Clone + Send + Sync + 'static> Routes<S> {
    /// Serves an operation. Its handler takes the credentials that the operation's type names, first or after the
    /// state:
    ///
    /// ```
    /// # use api::{operation, permit::Permitted, problem::Problem, routes::{Limited, Routes}};
    /// # use axum::extract::State;
    /// # use binding::ids::RealmRef;
    /// # use binding::limit::Exceeded;
    /// # #[derive(Clone)]
    /// # struct Deps;
    /// # impl Limited for Deps {
    /// #     async fn admit(&self, _: &str) -> Result<(), Exceeded> {
    /// #         Ok(())
    /// #     }
    /// # }
    /// async fn get(State(_): State<Deps>, caller: Permitted<RealmRef>) -> Result<String, Problem> {
    ///     Ok(caller.on.to_string())
    /// }
    /// let routes = Routes::default().on(operation::GET_REALM, get);
    /// ```
    ///
    /// A handler that does not take them does not compile:
    ///
    /// ```compile_fail
    /// # use api::{operation, routes::Routes};
    /// # use axum::extract::State;
    /// async fn get(State(_): State<u8>) -> String {
    ///     String::new()
    /// }
    /// let routes = Routes::default().on(operation::GET_REALM, get);
    /// ```
    ///
    /// # Panics
    /// When two operations of a function have the same method and path.
    #[must_use]
    pub fn on<P, H, T>(mut self, operation: Operation<P>, handler: H) -> Self
    where
        H: Handler<T, S>,
        T: Takes<P> + 'static,
    {
        let Operation { route, .. } = operation;
        let method = Method::from_bytes(route.method.as_bytes()).ok().and_then(|method| method.try_into().ok());
        let mut served = on(method.unwrap_or(MethodFilter::GET), handler).layer(Extension(route));
        if audit::is_audited(&route) {
            served = served.layer(from_fn(move |request, next| audit::note(route, request, next)));
            self.audited = Some(route.id);
        }
        let path = route.template();
        if !is_literal(&route) {
            self.router = self.router.route(&path, served);
        } else if let Some((_, known)) = self.literals.iter_mut().find(|(known, _)| *known == path) {
            *known = std::mem::take(known).merge(served);
        } else {
            self.literals.push((path, served));
        }
        self
    }

    /// The router of the function.
    ///
    /// # Panics
    /// When an operation is audited, which requires [`Routes::finish_audited`].
    pub fn finish(self, state: S) -> Router {
        assert_eq!(self.audited, None, "an operation is audited: use finish_audited");
        edge::finish(self.router_with(state))
    }

    /// The router of a function with operations that are audited. `record` adds a change to the audit log, before the
    /// response is sent.
    pub fn finish_audited<F, R>(self, state: S, record: F) -> Router
    where
        F: Fn(S, Change) -> R + Clone + Send + Sync + 'static,
        R: Future<Output = ()> + Send,
    {
        let deps = state.clone();
        let router = self.router_with(state).layer(from_fn(move |request: Request, next: Next| {
            let (deps, record) = (deps.clone(), record.clone());
            async move {
                let mut response = next.run(request).await;
                if let Some(change) = response.extensions_mut().remove::<Change>() {
                    record(deps, change).await;
                }
                response
            }
        }));
        edge::finish(router)
    }

    /// The router of a function that devices call from the pages of other origins.
    ///
    /// # Panics
    /// When an operation is audited, which no operation of a device is.
    pub fn finish_for_devices(self, state: S) -> Router {
        assert_eq!(self.audited, None, "an operation is audited: use finish_audited");
        edge::finish_for_devices(self.router_with(state))
    }

    /// Like the gateway, looks up a method that a literal path does not have among the paths with parameters.
    fn router_with(self, state: S) -> Router {
        if self.literals.is_empty() {
            return self.router.with_state(state);
        }
        let general = self.router.clone().with_state(state.clone());
        let literals = self.literals.into_iter();
        let router = literals
            .fold(self.router, |router, (path, served)| router.route(&path, served.fallback_service(general.clone())));
        router.with_state(state)
    }
}

/// Whether the last segment of the operation's path matches a parameter of another operation's path.
fn is_literal(route: &Route) -> bool {
    let separators = ['/', ':'];
    let Some((above, name)) = route.path.rsplit_once(separators) else { return false };
    let is_parameter = |rest: &str| rest.starts_with("/{") && !rest[1..].contains(separators);
    !name.starts_with('{')
        && operation::ALL.iter().any(|other| other.path.strip_prefix(above).is_some_and(is_parameter))
}

/// The arguments of a handler that takes a `P`: the same as [`Handler`]'s list of types.
#[diagnostic::on_unimplemented(
    message = "this handler does not take `{P}`",
    label = "take `{P}` as the first argument after the state"
)]
pub trait Takes<P> {}

impl<M, P> Takes<P> for (M, P) {}
impl<M, S, P> Takes<P> for (M, State<S>, P) {}
impl<M, S, P, A> Takes<P> for (M, State<S>, P, A) {}
impl<M, S, P, A, B> Takes<P> for (M, State<S>, P, A, B) {}
impl<M, S, P, A, B, C> Takes<P> for (M, State<S>, P, A, B, C) {}

/// The state of a function that serves operations with access tokens: it limits the requests of each tenant.
pub trait Limited {
    /// Counts a request of a tenant.
    ///
    /// # Errors
    /// [`Exceeded`] when the tenant has sent too many.
    fn admit(&self, tenant: &str) -> impl Future<Output = Result<(), Exceeded>> + Send;
}

impl<S: Limited + Sync, R: Reference> FromRequestParts<S> for Permitted<R> {
    type Rejection = Problem;

    /// The gateway checks the scope too, but this check does not rely on it. Only a permitted request is counted, so nobody
    /// can use up the limit of another tenant.
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let ids = Ids::of(parts).await?;
        let extensions = &parts.extensions;
        let claims = extensions.get::<Admission>().and_then(|admission| admission.claims.clone());
        let (Some(claims), Some(route)) = (claims, extensions.get::<Route>()) else {
            return Err(Denied::NoToken.into());
        };
        claims.allow(ids.get("tenant_id"), route.scope)?;
        state.admit(ids.get("tenant_id")).await.map_err(Problem::too_many_requests)?;
        Ok(Self { on: R::of(&ids)?, claims })
    }
}

impl<S: Sync> FromRequestParts<S> for LinkHolder {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let job = linked_job(parts).await?;
        let token = bearer(&parts.headers).and_then(LinkToken::parse).ok_or_else(Problem::unknown_link)?;
        Ok(Self { job, token })
    }
}

impl<S: Sync> FromRequestParts<S> for LinkVisitor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let job = linked_job(parts).await?;
        let token = LinkToken::in_query(parts.uri.query().unwrap_or_default()).ok_or_else(Problem::unknown_link)?;
        Ok(Self(LinkHolder { job, token }))
    }
}

/// The result of verifying a ceremony token.
pub type Verification = Result<Result<CeremonyToken, NotAToken>, Unavailable>;

/// The state of a function that verifies ceremony tokens.
pub trait Ceremonies {
    /// Verifies the token that a device sent for this job.
    fn ceremony(&self, job: &JobRef, text: &str, now: Timestamp) -> impl Future<Output = Verification> + Send;

    /// The current time.
    fn now(&self) -> Timestamp;
}

impl<S: Ceremonies + Sync> FromRequestParts<S> for CeremonyHolder {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let job = linked_job(parts).await?;
        let token = bearer(&parts.headers).ok_or_else(Problem::unknown_link)?;
        let now = state.now();
        let token = state.ceremony(&job, token, now).await?.map_err(|not| match not {
            NotAToken::Unknown => Problem::unknown_link(),
            NotAToken::Expired => Problem::ceremony_expired(),
        })?;
        Ok(Self { job, token, now })
    }
}

impl<S: Ceremonies + Sync> FromRequestParts<S> for Device {
    type Rejection = Problem;

    /// A ceremony token is longer than the secret of a link, so no token is both.
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        if bearer(&parts.headers).and_then(LinkToken::parse).is_some() {
            return LinkHolder::from_request_parts(parts, state).await.map(Device::Link);
        }
        CeremonyHolder::from_request_parts(parts, state).await.map(Device::Ceremony)
    }
}

impl<S: Sync, R: Reference> FromRequestParts<S> for Public<R> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Ok(Self { on: R::of(&Ids::of(parts).await?)? })
    }
}

impl<S: Sync> FromRequestParts<S> for Anybody {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self)
    }
}

/// The job in the path of a link. Every fault of the path gives the response for an unknown link, so that a caller
/// without the link's secret learns nothing.
async fn linked_job(parts: &mut Parts) -> Result<JobRef, Problem> {
    JobRef::of(&Ids::of(parts).await?).map_err(|_| Problem::unknown_link())
}

/// The token of an `Authorization: Bearer …` header (RFC 6750 §2.1).
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// These paths look like an id of another path.
    #[test]
    fn literal_paths_are_found() {
        let literal: Vec<&str> =
            operation::ALL.iter().filter(|route| is_literal(route)).map(|route| route.id).collect();
        assert_eq!(literal, ["getActiveTheme", "batchDeleteIdentities"]);
    }
}
