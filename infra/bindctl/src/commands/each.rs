//! Many requests, several at once.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::error::Error;

/// The number of concurrent requests.
const AT_ONCE: usize = 16;

/// Whether an error concerns one element, so that the others can go on.
pub(super) fn is_about_one(error: &Error) -> bool {
    matches!(error, Error::Problem(400 | 409 | 422, _))
}

/// Applies a function to each element, several at once, until one fails for a reason that the others share. Elements
/// that were not reached have no result.
pub(super) fn each<T: Sync, R: Send>(
    elements: &[T],
    act: impl Fn(&T) -> Result<R, Error> + Sync,
) -> Vec<Option<Result<R, Error>>> {
    let results = Mutex::new((0..elements.len()).map(|_| None).collect::<Vec<_>>());
    let (next, stopped) = (AtomicUsize::new(0), AtomicBool::new(false));
    let work = || {
        while !stopped.load(Ordering::Relaxed)
            && let Some((index, element)) = take(elements, &next)
        {
            let result = act(element);
            if result.as_ref().is_err_and(|error| !is_about_one(error)) {
                stopped.store(true, Ordering::Relaxed);
            }
            if let Ok(mut results) = results.lock() {
                results[index] = Some(result);
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE.min(elements.len()) {
            scope.spawn(work);
        }
    });
    results.into_inner().unwrap_or_else(PoisonError::into_inner)
}

fn take<'a, T>(elements: &'a [T], next: &AtomicUsize) -> Option<(usize, &'a T)> {
    let index = next.fetch_add(1, Ordering::Relaxed);
    elements.get(index).map(|element| (index, element))
}
