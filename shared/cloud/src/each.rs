//! Concurrent calls: the same one for each of many items.
//!
//! A call that is made while others wait opens a connection of its own, and a TLS handshake takes a millisecond of CPU
//! time. So the number of concurrent calls is also the number of connections that a new environment opens.

use binding::unavailable::Unavailable;
use tokio::task::JoinSet;

/// The number of concurrent queries when all partitions of an index are read. In most cases nearly all are empty.
pub const QUERIES: usize = 3;

/// Calls `act` for each item, at most `at_once` at a time, and returns the results in the order of the items.
///
/// # Errors
/// The first failure. Calls that were not finished are dropped.
pub async fn each<T, R, F>(
    items: impl IntoIterator<Item = T>,
    at_once: usize,
    act: impl Fn(T) -> F,
) -> Result<Vec<R>, Unavailable>
where
    F: Future<Output = Result<R, Unavailable>> + Send + 'static,
    R: Send + 'static,
{
    let (mut left, mut calls, mut results) = (items.into_iter().enumerate(), JoinSet::new(), Vec::new());
    loop {
        while calls.len() < at_once
            && let Some((index, item)) = left.next()
        {
            let call = act(item);
            calls.spawn(async move { (index, call.await) });
        }
        let Some(ended) = calls.join_next().await else { break };
        let (index, result) = ended.map_err(|broken| Unavailable::new("runtime", broken.to_string()))?;
        results.push((index, result?));
    }
    results.sort_unstable_by_key(|(index, _)| *index);
    Ok(results.into_iter().map(|(_, result)| result).collect())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// Returns how many calls of itself are concurrent, or an error for 13.
    async fn call(number: u32, now: &'static AtomicUsize) -> Result<(u32, usize), Unavailable> {
        let concurrent = now.fetch_add(1, Ordering::SeqCst) + 1;
        // The later ones end earlier.
        for _ in number..20 {
            tokio::task::yield_now().await;
        }
        now.fetch_sub(1, Ordering::SeqCst);
        if number == 13 { Err(Unavailable::new("dynamodb", "13")) } else { Ok((number, concurrent)) }
    }

    #[tokio::test]
    async fn as_many_calls_as_allowed_are_concurrent() {
        static NOW: AtomicUsize = AtomicUsize::new(0);
        let (numbers, concurrent): (Vec<_>, Vec<_>) =
            each(0..13, 3, |number| call(number, &NOW)).await.unwrap().into_iter().unzip();
        assert_eq!(numbers, Vec::from_iter(0..13));
        assert_eq!(concurrent.into_iter().max(), Some(3));
    }

    #[tokio::test]
    async fn an_error_ends_the_calls() {
        static NOW: AtomicUsize = AtomicUsize::new(0);
        static STARTED: AtomicUsize = AtomicUsize::new(0);
        let counted = |number| {
            STARTED.fetch_add(1, Ordering::SeqCst);
            call(number, &NOW)
        };
        assert_eq!(each(10..20, 2, counted).await.unwrap_err().detail, "13");
        assert!(STARTED.load(Ordering::SeqCst) < 7, "{STARTED:?} were started");
    }
}
