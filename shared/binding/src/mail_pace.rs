//! The pace at which mails are sent: nine tenths of the rate that SES allows the account, and half of that for some
//! minutes after SES has throttled a mail.
//!
//! All running copies of the function share one bucket in the table. A copy reserves the time of some mails with one
//! write, and sends them when that time has come. A mail that comes alone is sent without a reservation, so that it is not
//! delayed and causes no write, if the copy has sent few mails lately. Its next reservation includes those mails.

use crate::throttle::{Rate, Throttle};
use crate::time::Timestamp;

/// How far ahead of the clock a reserved time may begin, in milliseconds. A copy that would have to wait for longer gives
/// its mails back to the stream.
pub const AHEAD_MILLIS: i64 = 10_000;

/// How long a copy keeps a reservation that it does not use up, in milliseconds.
const KEPT_MILLIS: i64 = 1_000;

/// The mails that a copy sends without a reservation, if they come alone.
const UNRESERVED: Rate = Rate { burst: 2, interval_millis: 10_000 };

/// The pace of all copies together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MailPace {
    per_second: f64,
}

impl MailPace {
    /// The pace for an account that may send so many mails a second. SES allows every account at least one; if sending is
    /// paused, it says so when a mail is sent.
    #[must_use]
    pub fn new(per_second: f64, throttled: bool) -> Self {
        let share = if throttled { 0.45 } else { 0.9 };
        Self { per_second: per_second.clamp(1.0, 100_000.0) * share }
    }

    /// The number of mails that are reserved together and sent at once. They are so few that no second, wherever it
    /// begins, has more mails than SES allows.
    #[must_use]
    pub fn chunk(self) -> u32 {
        // In range: it is clamped.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 1 to 10")]
        let chunk = (self.per_second / 9.0).clamp(1.0, 10.0) as u32;
        chunk
    }

    /// The time that mails take, in milliseconds.
    #[must_use]
    pub fn millis(self, mails: u32) -> i64 {
        // In range: the pace is at least 0.45 mails a second.
        #[expect(clippy::cast_possible_truncation, reason = "the pace has a lower bound")]
        let millis = (f64::from(mails) * 1000.0 / self.per_second).ceil() as i64;
        millis
    }
}

/// When a mail may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Now.
    Now,
    /// From this time on.
    At(Timestamp),
    /// Once the time of a [chunk](MailPace::chunk) is reserved, and of this many mails that were sent without a reservation.
    Reserve {
        /// Their number.
        owed: u32,
    },
}

/// The turns of one copy's mails.
#[derive(Debug)]
pub struct Turns {
    unreserved: Throttle,
    /// The mails sent without a reservation since the last one.
    owed: u32,
    left: u32,
    from: Timestamp,
}

impl Default for Turns {
    fn default() -> Self {
        Self { unreserved: Throttle::new(UNRESERVED), owed: 0, left: 0, from: Timestamp::from_millis(0) }
    }
}

impl Turns {
    /// The turn of the next mail. `alone`: it is the only one that the copy has now.
    pub fn next(&mut self, alone: bool, now: Timestamp) -> Turn {
        if self.left > 0 && now.millis() < self.from.millis() + KEPT_MILLIS {
            self.left -= 1;
            return Turn::At(self.from);
        }
        if alone && self.unreserved.count("", now).is_ok() {
            self.owed += 1;
            return Turn::Now;
        }
        Turn::Reserve { owed: self.owed }
    }

    /// Notes that the time of a chunk, and of the mails that were owed, was reserved. One mail of the chunk is the one that
    /// asked.
    pub fn reserved(&mut self, chunk: u32, from: Timestamp) {
        (self.left, self.from, self.owed) = (chunk.saturating_sub(1), from, 0);
    }
}

#[cfg(test)]
mod tests {
    use std::cmp::Reverse;
    use std::collections::{BinaryHeap, VecDeque};

    use super::*;

    /// What a mail costs besides SES: claim, reads, and the record that it was sent.
    const CALLS_MILLIS: i64 = 15;
    const SES_MILLIS: i64 = 60;
    const BATCH: u32 = 10;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(1_800_000_000_000 + millis)
    }

    #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
    enum Step {
        /// A mail asks for its turn.
        Ask,
        Send,
        Done,
    }

    /// SES, which accepts at most `rate` mails in a second, wherever it begins, and the copies that send to it.
    struct Simulation {
        rate: usize,
        /// How many mails a copy sends at once.
        at_once: u32,
        paced: bool,
        backlog: u32,
        accepted: VecDeque<i64>,
        sent: u32,
        throttled: u32,
        halved_until: i64,
        due: i64,
        steps: BinaryHeap<Reverse<(i64, u64, usize, Step)>>,
        count: u64,
    }

    impl Simulation {
        fn of(rate: usize, paced: bool) -> Self {
            Self {
                rate,
                // Without a pace, five mails at once; all five were waited for before the next.
                at_once: if paced { BATCH } else { 5 },
                paced,
                backlog: 3000,
                accepted: VecDeque::new(),
                sent: 0,
                throttled: 0,
                halved_until: 0,
                due: 0,
                steps: BinaryHeap::new(),
                count: 0,
            }
        }

        fn after(&mut self, time: i64, copy: usize, step: Step) {
            self.count += 1;
            self.steps.push(Reverse((time, self.count, copy, step)));
        }

        /// Sends for a minute, with so many copies. The mails a second, and the share of calls that SES throttled.
        fn run(mut self, copies: usize) -> (f64, f64) {
            let mut turns: Vec<Turns> = (0..copies).map(|_| Turns::default()).collect();
            let mut in_flight = vec![0_u32; copies];
            for copy in 0..copies {
                self.take(copy, &mut in_flight, 0);
            }
            let mut end = 1;
            while let Some(Reverse((now, _, copy, step))) = self.steps.pop() {
                if now > 60_000 {
                    break;
                }
                end = now.max(1);
                match step {
                    Step::Ask => self.ask(copy, &mut turns[copy], now),
                    Step::Send => self.send(copy, now),
                    Step::Done => {
                        in_flight[copy] -= 1;
                        if in_flight[copy] == 0 {
                            self.take(copy, &mut in_flight, now);
                        }
                    }
                }
            }
            let seconds = f64::from(i32::try_from(end).unwrap()) / 1000.0;
            (f64::from(self.sent) / seconds, f64::from(self.throttled) / f64::from(self.throttled + self.sent))
        }

        fn take(&mut self, copy: usize, in_flight: &mut [u32], now: i64) {
            in_flight[copy] = self.backlog.min(self.at_once);
            self.backlog -= in_flight[copy];
            for _ in 0..in_flight[copy] {
                self.after(now + CALLS_MILLIS, copy, Step::Ask);
            }
        }

        fn ask(&mut self, copy: usize, turns: &mut Turns, now: i64) {
            let pace = MailPace::new(f64::from(u32::try_from(self.rate).unwrap()), now < self.halved_until);
            if !self.paced {
                return self.after(now, copy, Step::Send);
            }
            match turns.next(false, at(now)) {
                Turn::Now => self.after(now, copy, Step::Send),
                Turn::At(from) => {
                    let from = now.max(from.millis() - at(0).millis());
                    self.after(from + self.jitter(), copy, Step::Send);
                }
                Turn::Reserve { owed } => {
                    let from = self.due.max(now);
                    if from - now > AHEAD_MILLIS {
                        return self.after(now + 1_000, copy, Step::Ask);
                    }
                    self.due = from + pace.millis(pace.chunk() + owed);
                    turns.reserved(pace.chunk(), at(from));
                    self.after(from + self.jitter(), copy, Step::Send);
                }
            }
        }

        /// How much later than planned a mail arrives at SES: up to 30 ms.
        fn jitter(&self) -> i64 {
            i64::try_from(self.count * 7919 % 31).unwrap()
        }

        fn send(&mut self, copy: usize, now: i64) {
            while self.accepted.front().is_some_and(|time| *time <= now - 1_000) {
                self.accepted.pop_front();
            }
            if self.accepted.len() >= self.rate {
                self.throttled += 1;
                self.halved_until = now + 600_000;
                self.backlog += 1;
                return self.after(now + 10, copy, Step::Done);
            }
            self.accepted.push_back(now);
            self.sent += 1;
            self.after(now + SES_MILLIS, copy, Step::Done);
        }
    }

    #[test]
    fn ses_is_hardly_ever_throttled_at_a_rate_of_14() {
        for copies in [1, 8, 40] {
            let (rate, throttled) = Simulation::of(14, true).run(copies);
            assert!(throttled <= 0.01, "{copies} copies: {throttled} of the calls were throttled");
            assert!(rate >= 12.0, "{copies} copies: {rate} mails/s");
        }
        let (_, throttled) = Simulation::of(14, false).run(8);
        assert!(throttled > 0.5, "without a pace: {throttled}");
    }

    #[test]
    fn more_mails_are_sent_at_a_rate_of_100_than_without_a_pace() {
        let (before, _) = Simulation::of(100, false).run(1);
        let (rate, throttled) = Simulation::of(100, true).run(1);
        assert!(rate > before && throttled <= 0.01, "{rate} instead of {before} mails/s, {throttled} throttled");
        for copies in [8, 40] {
            let (rate, throttled) = Simulation::of(100, true).run(copies);
            assert!(rate >= 80.0 && throttled <= 0.01, "{copies} copies: {rate} mails/s, {throttled} throttled");
        }
    }

    #[test]
    fn single_mails_are_not_delayed_and_are_counted_later() {
        let mut turns = Turns::default();
        assert_eq!(turns.next(false, at(0)), Turn::Reserve { owed: 0 });
        assert_eq!([0, 0, 10_000].map(|millis| turns.next(true, at(millis))), [Turn::Now; 3]);
        assert_eq!(turns.next(true, at(10_000)), Turn::Reserve { owed: 3 });
        turns.reserved(1, at(10_500));
        assert_eq!(turns.next(true, at(10_000)), Turn::Reserve { owed: 0 });
    }

    #[test]
    fn a_reservation_is_used_up_or_expires() {
        let mut turns = Turns::default();
        turns.reserved(10, at(500));
        for _ in 0..9 {
            assert_eq!(turns.next(true, at(0)), Turn::At(at(500)));
        }
        assert_eq!(turns.next(true, at(0)), Turn::Now);
        turns.reserved(10, at(500));
        assert_eq!(turns.next(true, at(1_499)), Turn::At(at(500)));
        assert_eq!(turns.next(true, at(1_500)), Turn::Now, "not the rest of an old reservation");
    }

    #[test]
    fn the_pace_follows_the_accounts_rate() {
        let of = |rate, throttled| {
            let pace = MailPace::new(rate, throttled);
            (pace.chunk(), pace.millis(1))
        };
        assert_eq!([1.0, 14.0, 100.0, 1000.0].map(|rate| of(rate, false)), [(1, 1112), (1, 80), (10, 12), (10, 2)]);
        assert_eq!([1.0, 14.0, 100.0].map(|rate| of(rate, true)), [(1, 2223), (1, 159), (5, 23)]);
        assert_eq!([0.0, -1.0].map(|rate| of(rate, false)), [of(1.0, false); 2]);
    }
}
