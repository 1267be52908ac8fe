//! Records of the local stack: counts of calls, and log lines.

use std::collections::{BTreeMap, VecDeque};
use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use serde::Serialize;
use serde_json::Value;
use tracing_subscriber::fmt::MakeWriter;

/// The number of log lines that are stored.
const LOG_LINES: usize = 20_000;

/// The number of calls of an AWS operation, and their consumed capacity.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Calls {
    /// The number of calls.
    pub(crate) count: u64,
    /// Read request units.
    pub(crate) read_units: f64,
    /// Write request units.
    pub(crate) write_units: f64,
}

/// Counts of AWS operations: by service and name, and by function.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counts {
    services: Arc<Mutex<BTreeMap<String, BTreeMap<String, Calls>>>>,
    functions: Arc<Mutex<BTreeMap<String, BTreeMap<String, u64>>>>,
}

impl Counts {
    /// Counts a call.
    pub(crate) fn add(&self, service: &str, operation: &str, read_units: f64, write_units: f64) {
        let mut services = lock(&self.services);
        let calls = services.entry(service.to_owned()).or_default().entry(operation.to_owned()).or_default();
        calls.count += 1;
        calls.read_units += read_units;
        calls.write_units += write_units;
    }

    /// Counts a call of a function, whatever its outcome.
    pub(crate) fn called(&self, function: &str, service: &str, operation: &str) {
        let mut functions = lock(&self.functions);
        *functions.entry(function.to_owned()).or_default().entry(format!("{service}:{operation}")).or_default() += 1;
    }

    /// The counts by service and name.
    #[must_use]
    pub(crate) fn all(&self) -> Value {
        serde_json::to_value(&*lock(&self.services)).unwrap_or_default()
    }

    /// The counts by function.
    #[must_use]
    pub(crate) fn by_function(&self) -> Value {
        serde_json::to_value(&*lock(&self.functions)).unwrap_or_default()
    }

    /// Resets the counts to zero.
    pub(crate) fn clear(&self) {
        lock(&self.services).clear();
        lock(&self.functions).clear();
    }
}

/// The log of the functions: the last lines are stored, and warnings and errors are also printed on standard error.
#[derive(Clone, Copy, Debug)]
pub struct Logs;

static LINES: Mutex<VecDeque<String>> = Mutex::new(VecDeque::new());
static EXPECTING_ERRORS: AtomicUsize = AtomicUsize::new(0);

/// While a value of this type exists, errors are stored but not printed.
#[derive(Debug)]
pub(crate) struct ErrorsExpected(());

impl ErrorsExpected {
    pub(crate) fn begin() -> Self {
        EXPECTING_ERRORS.fetch_add(1, Ordering::Relaxed);
        Self(())
    }
}

impl Drop for ErrorsExpected {
    fn drop(&mut self) {
        EXPECTING_ERRORS.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Logs {
    /// The last lines of this process.
    #[must_use]
    pub fn all() -> Vec<String> {
        lock(&LINES).iter().cloned().collect()
    }
}

impl Write for Logs {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let line = String::from_utf8_lossy(bytes).trim_end().to_owned();
        if line.contains("\"level\":\"ERROR\"") && EXPECTING_ERRORS.load(Ordering::Relaxed) == 0 {
            eprintln!("{line}");
        }
        let mut lines = lock(&LINES);
        if lines.len() == LOG_LINES {
            lines.pop_front();
        }
        lines.push_back(line);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Logs {
    type Writer = Logs;

    fn make_writer(&self) -> Logs {
        Logs
    }
}

/// Locks a mutex, even after a panic of another thread: no value here is ever left half-changed.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
