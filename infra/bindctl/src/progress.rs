//! The progress of a long command, on standard error: a bar on a terminal, else a line every few seconds.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{HumanDuration, ProgressBar, ProgressStyle};

/// The time between two lines.
const LINES: Duration = Duration::from_secs(5);

const TEMPLATE: &str = "{msg}  {wide_bar}  {human_pos} of {human_len}  {per_sec}  {eta} left";

/// How much of something is done.
pub(crate) struct Progress {
    bar: ProgressBar,
    begun: Instant,
    /// How much was done at the beginning, which says nothing about the rate.
    first: u64,
    /// When the last line was printed. Absent on a terminal.
    printed: Option<Mutex<Instant>>,
}

impl Progress {
    /// Begins with `first` of `total` done.
    pub(crate) fn new(what: &'static str, first: u64, total: u64) -> Self {
        let bar = ProgressBar::new(total).with_message(what).with_position(first);
        if let Ok(style) = ProgressStyle::with_template(TEMPLATE) {
            bar.set_style(style);
        }
        bar.reset_eta();
        let begun = Instant::now();
        let printed = bar.is_hidden().then(|| Mutex::new(begun));
        Self { bar, begun, first, printed }
    }

    /// One more is done.
    pub(crate) fn step(&self) {
        self.bar.inc(1);
        self.line();
    }

    /// So many are done.
    pub(crate) fn set(&self, done: u64) {
        self.bar.set_position(done);
        self.line();
    }

    /// Leaves the last state on the screen.
    pub(crate) fn end(self) {
        self.bar.abandon();
        if self.printed.is_some() {
            self.print();
        }
    }

    fn line(&self) {
        let Some(printed) = &self.printed else { return };
        if let Ok(mut printed) = printed.try_lock()
            && printed.elapsed() >= LINES
        {
            *printed = Instant::now();
            self.print();
        }
    }

    fn print(&self) {
        let total = self.bar.length().unwrap_or_default();
        eprintln!("{}", line(&self.bar.message(), self.first, self.bar.position(), total, self.begun.elapsed()));
    }
}

fn line(what: &str, first: u64, done: u64, total: u64, elapsed: Duration) -> String {
    let mut line = format!("{what}: {done} of {total}");
    let rate = done.saturating_sub(first) as f64 / elapsed.as_secs_f64();
    if rate.is_finite() && rate > 0.0 {
        line.push_str(&format!(", {rate:.1}/s"));
        if done < total
            && let Ok(left) = Duration::try_from_secs_f64((total - done) as f64 / rate)
        {
            line.push_str(&format!(", {} left", HumanDuration(left)));
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_the_rate_and_the_remaining_time() {
        let after = Duration::from_secs(10);
        assert_eq!(line("identities", 100, 350, 2_850, after), "identities: 350 of 2850, 25.0/s, 2 minutes left");
        assert_eq!(line("identities", 0, 0, 10, after), "identities: 0 of 10");
        assert_eq!(line("batches", 0, 3, 3, Duration::ZERO), "batches: 3 of 3");
        assert_eq!(line("batches", 0, 3, 3, after), "batches: 3 of 3, 0.3/s");
    }
}
