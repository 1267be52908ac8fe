use super::judge::{Known, Verdict, judge};
use super::pace::{Allowance, Slots, end_of_minute, in_time, minute};
use super::*;
use crate::directory::{Identity, IdentityStatus};
use crate::email_status::EmailStatus;
use crate::ids::{BatchId, IdentityId, JobId};
use crate::job::Job;
use crate::job::tests::{job_ref, new_job};
use crate::state::State;

fn now() -> Timestamp {
    Timestamp::parse("2026-01-31T12:00:00Z").unwrap()
}

fn settings() -> Settings {
    Settings {
        config: ConfigId::parse("hosted").unwrap(),
        inline_config: false,
        post_binding_redirect_uri: None,
        lifetime_seconds: None,
        locale: None,
        start_time: now(),
        max_per_minute: None,
        ramp: vec![10, 20],
        quiet_hours: None,
        reminders: Reminders::default(),
        on_enrolled: OnEnrolled::Skip,
        on_pending: OnPending::Skip,
    }
}

fn batch() -> Batch {
    Batch {
        reference: BatchRef { realm: job_ref("ada").identity.realm, id: BatchId::new(now(), [1; 10]) },
        version: 1,
        settings: settings(),
        size: 100,
        control: Control::Active,
        control_time: now(),
        state: BatchState::Running,
        finished: None,
        mails: MailCounts::default(),
        mails_at_resume: MailCounts::default(),
        create_time: now(),
        update_time: now(),
    }
}

pub(crate) fn ada() -> Identity {
    Identity {
        reference: job_ref("ada").identity,
        display_name: "Ada".to_owned(),
        status: IdentityStatus::Active,
        version: 1,
        external_id: None,
        username: "ada".to_owned(),
        primary_email_address: Some("ada@example.com".to_owned()),
        locale: None,
        time_zone: None,
        create_time: Timestamp::from_millis(0),
        update_time: Timestamp::from_millis(0),
    }
}

fn own() -> JobId {
    JobId::of_batch(&batch().reference, now(), &ada().reference.id)
}

/// A job of ada's that lives at [`now`], other than the batch's.
fn other_job(seconds: i64, change: impl FnOnce(&mut crate::job::Record)) -> Job {
    let mut record = (*new_job()).clone();
    record.create_time = now().plus_seconds(seconds);
    record.last_mail_time = Some(record.create_time);
    record.expire_time = now().plus_seconds(1000);
    record.reference.id = JobId::new(record.create_time, [9; 10]);
    change(&mut record);
    Job::load(record)
}

fn verdict(settings: &Settings, identity: Option<Identity>, jobs: Vec<Job>) -> Verdict {
    judge(settings, own(), &Known { identity, credentials: Vec::new(), jobs }, now())
}

#[test]
fn recipients_who_cannot_use_an_invitation_are_skipped() {
    let skip = |reason| Verdict::Skip(reason);
    let invite = || Verdict::Invite { supersede: Vec::new() };
    assert_eq!(verdict(&settings(), Some(ada()), Vec::new()), invite());
    assert_eq!(verdict(&settings(), None, Vec::new()), skip(SkipReason::NotFound));
    let suspended = Identity { status: IdentityStatus::Suspended, ..ada() };
    assert_eq!(verdict(&settings(), Some(suspended), Vec::new()), skip(SkipReason::Suspended));
    let unreachable = Identity { primary_email_address: None, ..ada() };
    assert_eq!(verdict(&settings(), Some(unreachable), Vec::new()), skip(SkipReason::NoEmail));
    let pending = other_job(-10, |_| {});
    assert_eq!(verdict(&settings(), Some(ada()), vec![pending.clone()]), skip(SkipReason::AlreadyPending));
    let over = other_job(-2000, |job| job.expire_time = now());
    assert_eq!(verdict(&settings(), Some(ada()), vec![over]), invite(), "it has expired by the clock");
    let supersede = Settings { on_pending: OnPending::Supersede, ..settings() };
    let expected = Verdict::Invite { supersede: vec![pending.reference.id] };
    assert_eq!(verdict(&supersede, Some(ada()), vec![pending]), expected);
}

#[test]
fn an_address_that_bounced_gets_no_mail_until_the_identity_changes() {
    let ended = |status, reason: Option<&str>| {
        other_job(-100, |job| {
            (job.state, job.email_status) = (State::FailedToSend, Some(status));
            job.email_status_reason = reason.map(str::to_owned);
        })
    };
    for (status, reason, expected) in [
        (EmailStatus::Bounced, Some("General"), Some(SkipReason::Bounced)),
        (EmailStatus::Bounced, Some("OnAccountSuppressionList"), Some(SkipReason::Suppressed)),
        (EmailStatus::Complained, None, Some(SkipReason::Suppressed)),
        (EmailStatus::Rejected, None, Some(SkipReason::Bounced)),
        (EmailStatus::SoftBounced, None, None),
        (EmailStatus::Delivered, None, None),
    ] {
        let expected = expected.map_or(Verdict::Invite { supersede: Vec::new() }, Verdict::Skip);
        assert_eq!(verdict(&settings(), Some(ada()), vec![ended(status, reason)]), expected, "{}", status.name());
    }
    let bounced = ended(EmailStatus::Bounced, None);
    let changed = Identity { update_time: now().plus_seconds(-99), ..ada() };
    assert_eq!(verdict(&settings(), Some(changed), vec![bounced.clone()]), Verdict::Invite { supersede: Vec::new() });
    let since = other_job(-50, |job| {
        (job.state, job.email_status) = (State::Revoked, Some(EmailStatus::Delivered));
    });
    assert_eq!(verdict(&settings(), Some(ada()), vec![bounced, since]), Verdict::Invite { supersede: Vec::new() });
}

/// After a runner died, the job that it created is found, even if the identity has changed since.
#[test]
fn a_job_that_was_created_is_found_again() {
    let mine = other_job(0, |job| job.reference.id = own());
    let (earlier, later) = (other_job(-10, |_| {}), other_job(10, |_| {}));
    let jobs = vec![later, mine, earlier.clone()];
    assert_eq!(verdict(&settings(), None, jobs.clone()), Verdict::Invited { supersede: Vec::new() });
    let supersede = Settings { on_pending: OnPending::Supersede, ..settings() };
    let expected = Verdict::Invited { supersede: vec![earlier.reference.id] };
    assert_eq!(verdict(&supersede, Some(ada()), jobs), expected, "a job that was created afterwards stays");
}

#[test]
fn quiet_hours_are_those_of_the_recipient() {
    let at = |text: &str| Timestamp::parse(text).unwrap();
    let quiet = QuietHours { time_zone: "Europe/Berlin".to_owned(), from: 22 * 60, to: 7 * 60 };
    assert_eq!(quiet.end(None, at("2026-01-31T20:59:59Z")), None, "21:59:59 in Berlin");
    assert_eq!(quiet.end(None, at("2026-01-31T21:00:00Z")), Some(at("2026-02-01T06:00:00Z")));
    assert_eq!(quiet.end(None, at("2026-02-01T05:59:59Z")), Some(at("2026-02-01T06:00:00Z")));
    assert_eq!(quiet.end(None, at("2026-02-01T06:00:00Z")), None);
    assert_eq!(quiet.end(Some("America/New_York"), at("2026-01-31T21:00:00Z")), None, "16:00 in New York");
    assert_eq!(quiet.end(Some("Asia/Tokyo"), at("2026-01-31T13:30:00Z")), Some(at("2026-01-31T22:00:00Z")));
    assert_eq!(quiet.end(Some("Nowhere/Land"), at("2026-01-31T21:00:00Z")), Some(at("2026-02-01T06:00:00Z")));
    // Summer time begins: 02:00 to 03:00 is left out.
    assert_eq!(quiet.end(None, at("2026-03-28T21:30:00Z")), Some(at("2026-03-29T05:00:00Z")));
    let lunch = QuietHours { from: 12 * 60, to: 13 * 60, ..quiet };
    assert_eq!(lunch.end(None, at("2026-01-31T11:30:00Z")), Some(at("2026-01-31T12:00:00Z")));
    assert_eq!(lunch.end(None, at("2026-01-31T12:00:00Z")), None);
}

#[test]
fn quiet_hours_last_until_their_end() {
    for zone in ["Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia", "UTC"] {
        for (from, to) in [(22 * 60, 7 * 60), (60, 180), (0, 1439), (1439, 0), (150, 151)] {
            let quiet = QuietHours { time_zone: zone.to_owned(), from, to };
            // A year in steps that meet every minute of the hour.
            let mut time = Timestamp::parse("2026-01-01T00:00:00Z").unwrap();
            for _ in 0..4000 {
                if let Some(end) = quiet.end(None, time) {
                    assert!(end > time, "{zone} {from} {to} {time}");
                    assert!(end <= time.plus_seconds(26 * 3600), "{zone} {from} {to} {time}: {end}");
                    let before = Timestamp::from_millis(end.millis() - 60_000);
                    assert!(before <= time || quiet.end(None, before).is_some(), "{zone} {from} {to} {time}: {end}");
                }
                time = time.plus_seconds(7_860 + 60 * 13);
            }
        }
    }
}

#[test]
fn times_of_day_and_zones_have_names() {
    for (text, minutes) in [("00:00", 0), ("07:05", 425), ("23:59", 1439)] {
        assert_eq!(quiet::parse_time_of_day(text), Some(minutes));
        assert_eq!(quiet::time_of_day(minutes), text);
    }
    for bad in ["", "7:00", "24:00", "12:60", "12", "12:0", "+1:00", "12:00:00", "1a:00"] {
        assert_eq!(quiet::parse_time_of_day(bad), None, "{bad}");
    }
    for (zone, known) in
        [("Europe/Berlin", true), ("Etc/UTC", true), ("UTC", true), ("Mars/Olympus", false), ("", false)]
    {
        assert_eq!(quiet::is_time_zone(zone), known, "{zone}");
    }
}

/// Slots that follow one another, taken in pieces and used as late as they may be, never have more than the limit in a
/// minute, wherever that begins.
#[test]
fn no_minute_has_more_than_the_limit() {
    for limit in [1, 2, 7, 59, 60, 61, 100, 672, 6000] {
        let (mut taken, mut now, mut used) = (Timestamp::from_millis(0), now(), Vec::new());
        let mut late = 0;
        for piece in 0..40_u32 {
            let slots = Slots::free(taken, now, now.plus_seconds(50), limit, 100).first(1 + piece * 7 % 100);
            taken = slots.end();
            for index in 0..slots.count() {
                late = (late + 977) % (pace::TOLERANCE_MILLIS + 1);
                used.push(slots.time(index).millis() + late);
            }
            now = Timestamp::from_millis(taken.millis() - i64::from(piece % 3) * 400);
        }
        used.sort_unstable();
        for (first, begin) in used.iter().enumerate() {
            let within = used[first..].iter().take_while(|time| **time < begin + 60_000).count();
            assert!(within <= limit as usize, "{within} in a minute, {limit} at most");
        }
    }
}

#[test]
fn the_slots_of_a_minute_are_nearly_as_many_as_the_limit() {
    let begin = Timestamp::from_millis(minute(now()) * 60_000);
    for limit in [10, 60, 600] {
        let slots = Slots::free(Timestamp::from_millis(0), begin, end_of_minute(begin), limit, u32::MAX);
        assert!(slots.count() <= limit && slots.count() * 100 >= limit * 96, "{} of {limit}", slots.count());
        assert!(slots.time(slots.count() - 1) < end_of_minute(begin));
    }
    let none = Slots::free(end_of_minute(begin), begin, end_of_minute(begin), 60, u32::MAX);
    assert_eq!(none.count(), 0);
    let slot = Timestamp::from_millis(begin.millis() + 59_000);
    let after = |millis: i64| Timestamp::from_millis(slot.millis() + millis);
    assert_eq!([-1, 0, 999, 1_000].map(|millis| in_time(slot, after(millis))), [false, true, true, false]);
    assert!(!in_time(begin, Timestamp::from_millis(begin.millis() + pace::TOLERANCE_MILLIS + 1)));
}

#[test]
fn batches_leave_room_for_single_jobs() {
    let account = Allowance { per_second: 14.0, per_day: Some(50_000), sent_in_day: 44_000, throttled: false };
    assert_eq!((account.per_minute(), account.left_today()), (672, 1_000));
    let strained = Allowance { throttled: true, sent_in_day: 46_000, ..account };
    assert_eq!((strained.per_minute(), strained.left_today()), (336, 0));
    let sandbox = Allowance { per_second: 1.0, per_day: Some(200), sent_in_day: 0, throttled: false };
    assert_eq!((sandbox.per_minute(), sandbox.left_today()), (48, 180));
    assert_eq!(Allowance { per_day: None, ..account }.left_today(), u64::MAX);
    assert_eq!(Allowance { per_second: f64::NAN, ..account }.per_minute(), 0);
}

#[test]
fn a_ramp_counts_days_from_the_start() {
    let settings = settings();
    let limit = |text: &str| settings.day_limit(Timestamp::parse(text).unwrap());
    assert_eq!(limit("2026-01-31T23:59:59Z"), Some(10));
    assert_eq!(limit("2026-02-01T00:00:00Z"), Some(20));
    assert_eq!(limit("2026-02-02T00:00:00Z"), None);
    assert_eq!(pace::end_of_day(now()), Timestamp::parse("2026-02-01T00:00:00Z").unwrap());
}

#[test]
fn too_many_bounces_stop_a_batch_until_it_is_resumed() {
    let with = |invited, bounced, complained| MailCounts { invited, bounced, complained };
    for (counts, stops) in [
        (with(0, 0, 0), false),
        (with(100, 3, 0), false),
        (with(100, 4, 0), true),
        (with(1000, 39, 0), false),
        (with(1000, 40, 0), true),
        (with(1000, 0, 1), true),
        (with(2000, 0, 1), false),
        (with(2500, 0, 2), true),
        (with(1, 1, 0), true),
    ] {
        assert_eq!(Batch { mails: counts, ..batch() }.should_stop(), stops, "{counts:?}");
    }
    let resumed = Batch { mails: with(200, 5, 0), mails_at_resume: with(100, 4, 0), ..batch() };
    assert!(!resumed.should_stop(), "one of a hundred since");
    assert!(!Batch { mails: with(100, 50, 0), control: Control::Paused, ..batch() }.should_stop());
}

#[test]
fn a_cancelled_batch_stays_cancelled() {
    assert_eq!(batch().may_become(Control::Paused), Ok(()));
    let cancelled = Batch { control: Control::Cancelled, state: BatchState::Failed, ..batch() };
    assert_eq!(cancelled.may_become(Control::Cancelled), Ok(()), "a repetition");
    assert_eq!(cancelled.may_become(Control::Active), Err(NotControlled::Cancelled));
    let finished = Batch { state: BatchState::Success, ..batch() };
    assert_eq!(finished.may_become(Control::Paused), Err(NotControlled::Finished));
}

fn chunks(progress: &str) -> Vec<Chunk> {
    let identities: Vec<IdentityId> =
        (0..progress.len()).map(|index| IdentityId::parse(&format!("p{index}")).unwrap()).collect();
    let mut chunks = Chunk::of(&identities);
    let mut codes = progress.chars();
    for (_, outcome) in chunks.iter_mut().flat_map(|chunk| &mut chunk.recipients) {
        *outcome = Outcome::from_code(codes.next().unwrap()).unwrap();
    }
    chunks
}

#[test]
fn the_published_state_follows_the_recipients() {
    let state = |progress: &str| BatchState::of(&Tally::of(&chunks(progress)));
    for (progress, expected) in [
        ("..i", "RUNNING"),
        ("dii", "RUNNING"),
        ("iii", "SUCCESS"),
        ("iAP", "SUCCESS"),
        ("AAA", "SUCCESS"),
        ("iEi", "PARTIAL_SUCCESS"),
        ("AEA", "PARTIAL_SUCCESS"),
        ("ESN", "FAILED"),
        ("XXX", "FAILED"),
        ("iXX", "PARTIAL_SUCCESS"),
    ] {
        assert_eq!(state(progress).name(), expected, "{progress}");
    }
}

#[test]
fn recipients_are_stored_in_chunks() {
    let all = chunks(&".".repeat(250));
    assert_eq!(all.iter().map(|chunk| chunk.recipients.len()).collect::<Vec<_>>(), [100, 100, 50]);
    assert_eq!((Tally::of(&all).waiting, Tally::of(&all).total()), (250, 250));
    let codes = "di.ESNAPCBLX";
    let mut chunk = chunks(codes).remove(0);
    assert_eq!(chunk.progress(), codes);
    let tally = Tally::of(std::slice::from_ref(&chunk));
    assert_eq!((tally.total(), tally.remaining(), tally.invited, tally.failed()), (12, 2, 1, 7));
    let ready = |chunk: &Chunk| chunk.ready(now()).collect::<Vec<_>>();
    assert_eq!(ready(&chunk), [0, 2]);
    chunk.deferred_until = Some(now().plus_seconds(1));
    assert_eq!(ready(&chunk), [2]);
    assert_eq!(chunk.next_time(now()), Some(now()));
    chunk.recipients[2].1 = Outcome::Invited;
    assert_eq!((ready(&chunk).len(), chunk.next_time(now())), (0, chunk.deferred_until));
    chunk.recipients[0].1 = Outcome::Invited;
    assert_eq!(chunk.next_time(now()), None);
    assert_eq!(Outcome::from_code('?'), None);
}
