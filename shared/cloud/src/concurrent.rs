//! Concurrent AWS calls.
//!
//! A call that is made while others wait opens a connection of its own, and a TLS handshake takes a millisecond of CPU
//! time. So the number of concurrent calls is also the number of connections that a new environment opens.

use std::convert::Infallible;
use std::panic::resume_unwind;

use tokio::task::{JoinError, JoinSet};

/// The number of concurrent queries when all partitions of an index are read. In most cases nearly all are empty.
pub const QUERIES: usize = 3;

/// Does the work for each item, for `most` items at a time, and returns the results in the order of the items.
///
/// # Errors
/// The first error. It cancels the rest.
pub async fn each<I, W, T, E>(
    most: usize,
    items: impl IntoIterator<Item = I>,
    mut work: impl FnMut(I) -> W,
) -> Result<Vec<T>, E>
where
    W: Future<Output = Result<T, E>> + Send + 'static,
    T: Send + 'static,
    E: Send + 'static,
{
    let (mut tasks, mut done) = (JoinSet::new(), Vec::new());
    let mut settle = |task: Result<(usize, Result<T, E>), JoinError>| {
        let (index, result) = task.unwrap_or_else(|error| resume_unwind(error.into_panic()));
        done.push((index, result?));
        Ok(())
    };
    for (index, item) in items.into_iter().enumerate() {
        if tasks.len() >= most
            && let Some(task) = tasks.join_next().await
        {
            settle(task)?;
        }
        let work = work(item);
        tasks.spawn(async move { (index, work.await) });
    }
    while let Some(task) = tasks.join_next().await {
        settle(task)?;
    }
    done.sort_by_key(|(index, _)| *index);
    Ok(done.into_iter().map(|(_, result)| result).collect())
}

/// Does the work for each item, for `most` items at a time, and returns the results in the order of the items.
pub async fn all<I, W, T>(most: usize, items: impl IntoIterator<Item = I>, mut work: impl FnMut(I) -> W) -> Vec<T>
where
    W: Future<Output = T> + Send + 'static,
    T: Send + 'static,
{
    let work = |item| {
        let work = work(item);
        async move { Ok::<_, Infallible>(work.await) }
    };
    let Ok(done) = each(most, items, work).await;
    done
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    static NOW: AtomicUsize = AtomicUsize::new(0);

    /// Returns how many calls of itself are concurrent, or an error for 13.
    async fn call(number: u32, now: &'static AtomicUsize) -> Result<(u32, usize), u32> {
        let concurrent = now.fetch_add(1, Ordering::SeqCst) + 1;
        // The later ones end earlier.
        for _ in number..20 {
            tokio::task::yield_now().await;
        }
        now.fetch_sub(1, Ordering::SeqCst);
        if number == 13 { Err(number) } else { Ok((number, concurrent)) }
    }

    #[tokio::test]
    async fn as_many_calls_as_allowed_are_concurrent() {
        let (numbers, concurrent): (Vec<_>, Vec<_>) =
            each(3, 0..13, |number| call(number, &NOW)).await.unwrap().into_iter().unzip();
        assert_eq!(numbers, Vec::from_iter(0..13));
        assert_eq!(concurrent.into_iter().max(), Some(3));
    }

    #[tokio::test]
    async fn an_error_cancels_the_rest_unless_all_results_are_wanted() {
        static OTHER: AtomicUsize = AtomicUsize::new(0);
        let mut started = 0;
        let counted = |number| {
            started += 1;
            call(number, &OTHER)
        };
        assert_eq!(each(2, 10..20, counted).await, Err(13));
        assert!(started < 7, "{started} were started");
        let results = all(2, 10..20, |number| call(number, &OTHER)).await;
        assert_eq!(results.iter().map(Result::is_ok).collect::<Vec<_>>(), Vec::from_iter((10..20).map(|it| it != 13)));
    }
}
