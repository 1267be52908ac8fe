//! CloudFront's error cache. It serves a cached error for every request of the same address, whatever its token, for
//! the time that the distribution sets, ten seconds by default
//! (<https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html>).

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Response, StatusCode, header};

use crate::record::lock;

/// How long an error is cached if the distribution does not set a time for its status, in seconds.
const DEFAULT_TTL: u64 = 10;

/// The errors that are cached whatever their headers are. Others are cached for their `max-age`.
const ALWAYS_KEPT: [u16; 8] = [404, 405, 414, 500, 501, 502, 503, 504];

/// The maximum number of cached errors.
const MOST: usize = 1000;

/// A method and an address with its query: no header is part of the key.
type Key = (String, String);

#[derive(Clone, Debug)]
struct CachedError {
    until: Instant,
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

/// The cached errors.
#[derive(Clone, Debug)]
pub(crate) struct ErrorCache {
    ttls: Arc<BTreeMap<u16, u64>>,
    errors: Arc<Mutex<HashMap<Key, CachedError>>>,
}

impl ErrorCache {
    /// Creates an empty cache, with the seconds for which each status is cached.
    pub(crate) fn new(ttls: BTreeMap<u16, u64>) -> Self {
        Self { ttls: Arc::new(ttls), errors: Arc::default() }
    }

    /// The cached error for an address.
    pub(crate) fn get(&self, method: &str, address: &str, now: Instant) -> Option<Response<Body>> {
        let cached = lock(&self.errors).get(&(method.to_owned(), address.to_owned())).cloned()?;
        if cached.until <= now {
            return None;
        }
        let mut response = Response::new(Body::from(cached.body));
        (*response.status_mut(), *response.headers_mut()) = (cached.status, cached.headers);
        Some(response)
    }

    /// Caches a response, if it is an error that is cached.
    pub(crate) async fn keep(
        &self,
        method: &str,
        address: &str,
        response: Response<Body>,
        now: Instant,
    ) -> Response<Body> {
        let ttl = self.ttl(response.status(), response.headers());
        if !["GET", "HEAD"].contains(&method) || ttl.is_zero() {
            return response;
        }
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
        let mut all = lock(&self.errors);
        all.retain(|_, cached| cached.until > now);
        if all.len() < MOST {
            let (status, headers) = (parts.status, parts.headers.clone());
            let cached = CachedError { until: now + ttl, status, headers, body: body.clone() };
            all.insert((method.to_owned(), address.to_owned()), cached);
        }
        Response::from_parts(parts, Body::from(body))
    }

    fn ttl(&self, status: StatusCode, headers: &HeaderMap) -> Duration {
        if status.as_u16() < 400 {
            return Duration::ZERO;
        }
        let least = self.ttls.get(&status.as_u16()).copied();
        let least = if ALWAYS_KEPT.contains(&status.as_u16()) { least.unwrap_or(DEFAULT_TTL) } else { 0 };
        Duration::from_secs(least.max(max_age(headers)))
    }
}

/// The `max-age` or `s-maxage` of a response, in seconds.
fn max_age(headers: &HeaderMap) -> u64 {
    let directives = headers.get_all(header::CACHE_CONTROL).iter().filter_map(|value| value.to_str().ok());
    let ages = directives.flat_map(|value| value.split(',')).filter_map(|directive| {
        let (name, seconds) = directive.trim().split_once('=')?;
        ["max-age", "s-maxage"].contains(&name).then(|| seconds.parse().ok())?
    });
    ages.max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::Template;

    fn answer(status: u16) -> Response<Body> {
        Response::builder().status(status).body(Body::from("somebody's")).unwrap()
    }

    /// Without the setting, other callers would get one caller's 404 or 503.
    #[tokio::test]
    async fn an_error_is_cached_for_ten_seconds_by_default() {
        let (cache, now) = (ErrorCache::new(BTreeMap::new()), Instant::now());
        for (method, status, is_kept) in
            [("GET", 404, true), ("HEAD", 503, true), ("POST", 404, false), ("GET", 401, false), ("GET", 200, false)]
        {
            let address = format!("/{status}");
            drop(cache.keep(method, &address, answer(status), now).await);
            let got = |seconds| cache.get(method, &address, now + Duration::from_secs(seconds));
            assert_eq!(
                got(9).map(|response| response.status().as_u16()),
                is_kept.then_some(status),
                "{method} {status}"
            );
            assert!(got(10).is_none(), "{method} {status}");
        }
    }

    #[tokio::test]
    async fn the_template_disables_caching_of_errors() {
        let now = Instant::now();
        let cache = ErrorCache::new(Template::parse(crate::TEMPLATE, &[]).unwrap().error_ttls());
        for status in [400, 401, 403, 404, 405, 409, 414, 422, 429, 500, 501, 502, 503, 504] {
            drop(cache.keep("GET", "/a", answer(status), now).await);
            assert!(cache.get("GET", "/a", now).is_none(), "{status}");
        }
        let mut lasting = answer(404);
        lasting.headers_mut().insert(header::CACHE_CONTROL, "public, max-age=60".parse().unwrap());
        drop(cache.keep("GET", "/b", lasting, now).await);
        assert!(cache.get("GET", "/b", now).is_some(), "an error with its own max-age is cached");
    }
}
