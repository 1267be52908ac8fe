//! Concurrent calls: the same one for each of many items.

use binding::unavailable::Unavailable;
use tokio::task::JoinSet;

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
