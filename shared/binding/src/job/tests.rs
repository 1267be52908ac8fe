use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::*;
use crate::directory::Realm;
use crate::ids::{IdentityId, IdentityRef, JobId, RealmId, RealmRef, TenantId};

const NOW: i64 = 1_767_225_600_000;

pub(crate) fn job_ref(identity: &str) -> JobRef {
    JobRef {
        identity: IdentityRef {
            realm: RealmRef { tenant: TenantId::parse("demo").unwrap(), id: RealmId::parse("demo").unwrap() },
            id: IdentityId::parse(identity).unwrap(),
        },
        id: JobId::new(Timestamp::from_millis(NOW), [3; 10]),
    }
}

pub(crate) fn new_job() -> Job {
    let new = NewJob {
        reference: job_ref("ada"),
        identity_create_time: Timestamp::from_millis(NOW),
        config: (ConfigId::parse("hosted").unwrap(), 1),
        settings: settings(DeliveryMethod::Email, Realm::DEFAULT_LIFETIME_SECONDS),
        link_hash: LinkTokenHash::from_bytes([0; 32]),
        link_key: 1,
    };
    Job::new(new, Timestamp::from_millis(NOW))
}

fn settings(delivery_method: DeliveryMethod, lifetime_seconds: i64) -> Settings {
    Settings {
        delivery_method,
        post_binding_redirect_uri: None,
        locale: None,
        lifetime_seconds,
        reminders: Reminders::default(),
        renews: None,
        batch_id: None,
    }
}

fn in_state(state: State) -> Job {
    let mut record = new_job().0;
    record.state = state;
    Job::load(record)
}

/// A `Verified` can only come from a verification: here of a registration of the W3C's test vectors.
fn verified() -> Verified {
    let vectors = include_str!("../../../proof/tests/data/webauthn-level3-vectors.json");
    let vectors: serde_json::Value = serde_json::from_str(vectors).unwrap();
    let registration = &vectors["vectors"][0]["registration"];
    let response = serde_json::json!({
        "id": registration["credentialId"], "rawId": registration["credentialId"], "type": "public-key",
        "response": {
            "clientDataJSON": registration["clientDataJSON"], "attestationObject": registration["attestationObject"],
        },
    });
    let challenge = URL_SAFE_NO_PAD.decode(registration["challenge"].as_str().unwrap()).unwrap();
    let (rp_id, origins) = ("example.org".to_owned(), vec!["https://example.org".to_owned()]);
    let expected = proof::Expected { rp_id, origins, challenge, ..Default::default() };
    let policy = proof::Policy { user_verification: proof::Requirement::Preferred, ..Default::default() };
    let ceremony = proof::Ceremony {
        expected: &expected,
        policy: &policy,
        subject: "",
        token: "",
        metadata: None,
        android_status: None,
        now: NOW / 1000,
    };
    proof::webauthn::verify_registration(&response, &ceremony).unwrap()
}

fn command<'a>(step: Step, verified: &'a Verified) -> Command<'a> {
    match step {
        Step::Open => Command::Open,
        Step::Deliver => Command::Deliver,
        Step::Bind => Command::Bind { credential: CredentialId::new(Timestamp::from_millis(NOW), [4; 10]), verified },
        Step::Revoke => Command::Revoke(Revoker::Operator),
        Step::FailToSend => Command::FailToSend,
        Step::Expire => Command::Expire,
    }
}

/// Every state and command, before and after the job's expiry.
#[test]
fn the_state_table() {
    let verified = verified();
    let live = Timestamp::from_millis(NOW).plus_seconds(Realm::DEFAULT_LIFETIME_SECONDS - 1);
    let expired = Timestamp::from_millis(NOW).plus_seconds(Realm::DEFAULT_LIFETIME_SECONDS);
    let mut table = String::new();
    for (label, now) in [("live", live), ("expired", expired)] {
        for state in State::ALL {
            for step in Step::ALL {
                let job = in_state(state);
                let outcome = match job.apply(command(step, &verified), now) {
                    Ok(after) if after == job => format!("stays {}", after.state),
                    Ok(after) => {
                        let entered = after.transitions[job.transitions.len()..].iter();
                        entered.map(|(state, _)| format!("-> {state}")).collect::<Vec<_>>().join(" ")
                    }
                    Err(refused) => format!("refused: {refused}"),
                };
                let step = format!("{step:?}");
                let state = state.name();
                writeln!(table, "{label:<8} {state:<18} {step:<15} {outcome}").unwrap();
            }
            for note in Note::ALL {
                let outcome = match in_state(state).allows(note, now) {
                    Ok(()) => "noted".to_owned(),
                    Err(refused) => format!("refused: {refused}"),
                };
                let (note, state) = (format!("{note:?}"), state.name());
                writeln!(table, "{label:<8} {state:<18} {note:<15} {outcome}").unwrap();
            }
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn apply_follows_the_table_of_steps() {
    let verified = verified();
    let now = Timestamp::from_millis(NOW);
    for state in State::ALL {
        for step in Step::ALL {
            let job = in_state(state);
            let Ok(after) = job.apply(command(step, &verified), now) else { continue };
            assert!(after.state.rank() >= state.rank(), "{state} {step:?}");
            assert_eq!(after != job, step.rule().allows(state, job.expire_time, now), "{state} {step:?}");
        }
    }
}

#[test]
fn a_change_is_recorded() {
    let verified = verified();
    let later = Timestamp::from_millis(NOW).plus_seconds(60);
    let job = new_job().apply(Command::Open, later).unwrap().apply(Command::Deliver, later).unwrap();
    let job = job.apply(command(Step::Bind, &verified), later).unwrap();
    assert_eq!((job.version, job.update_time), (4, later));
    let states: Vec<State> = job.transitions.iter().map(|(state, _)| *state).collect();
    assert_eq!(states, [State::LinkSent, State::LinkOpened, State::RequestDelivered, State::Complete]);
    assert!(job.credential_id.is_some());
}

/// One write can enter two states. Its versions are those of two writes.
#[test]
fn a_device_that_opens_the_link_enters_two_states() {
    let later = Timestamp::from_millis(NOW).plus_seconds(60);
    let opened = new_job().apply(Command::Open, later).unwrap();
    let delivered = opened.apply(Command::Deliver, later).unwrap();
    let at_once = new_job().apply(Command::Deliver, later).unwrap();
    assert_eq!(at_once, delivered);
    assert_eq!(at_once.versions_since(&new_job()), [opened.clone(), delivered.clone()]);
    assert_eq!(delivered.versions_since(&opened), std::slice::from_ref(&delivered));
    assert_eq!(delivered.versions_since(&delivered), []);
    // A job that an earlier version moved from LINK_SENT to REQUEST_DELIVERED with one version.
    let mut record = delivered.0.clone();
    (record.version, record.transitions) = (2, vec![record.transitions[0], record.transitions[2]]);
    let skipped = Job::load(record);
    assert_eq!(skipped.versions_since(&new_job()), [skipped]);
}

/// Clocks differ, and a report about a mail can arrive after the job's expiry.
#[test]
fn update_time_never_decreases() {
    let earlier = Timestamp::from_millis(NOW).plus_seconds(-5);
    let opened = new_job().apply(Command::Open, earlier).unwrap();
    assert_eq!(opened.update_time, Timestamp::from_millis(NOW));
    assert_eq!(opened.transitions.last(), Some(&(State::LinkOpened, opened.update_time)));
    let mut record = new_job().0;
    let expired = record.expire_time;
    record.update_time = expired.plus_seconds(10);
    let job = Job::load(record);
    for seen in [job.at(expired.plus_seconds(20)), job.apply(Command::Expire, expired.plus_seconds(20)).unwrap()] {
        assert_eq!(seen.transitions.last(), Some(&(State::Expired, expired)));
        assert_eq!(seen.update_time, job.update_time);
    }
}

#[test]
fn a_job_lives_seven_days_to_the_millisecond() {
    let job = new_job();
    assert_eq!(job.expire_time.millis() - job.create_time.millis(), 7 * 24 * 3600 * 1000);
    let last = Timestamp::from_millis(job.expire_time.millis() - 1);
    assert_eq!(job.state_at(last), State::LinkSent);
    assert_eq!(job.state_at(job.expire_time), State::Expired);
    let seen = job.at(job.expire_time.plus_seconds(3600));
    assert_eq!(seen.transitions.last(), Some(&(State::Expired, job.expire_time)));
}

#[test]
fn a_job_is_purged_thirty_days_after_its_end() {
    let job = new_job();
    assert_eq!(job.purge_time().millis() - job.expire_time.millis(), 30 * 24 * 3600 * 1000);
    assert_eq!(job.purge_time(), purge_time(job.expire_time));
}

#[test]
fn names_are_those_of_the_api() {
    assert_eq!([DeliveryMethod::Email, DeliveryMethod::Return].map(DeliveryMethod::name), ["EMAIL", "RETURN"]);
    assert_eq!(DeliveryMethod::from_name("EMAIL"), Some(DeliveryMethod::Email));
    assert_eq!(DeliveryMethod::from_name("RETURN"), Some(DeliveryMethod::Return));
    assert_eq!(DeliveryMethod::from_name("email"), None);
    assert_eq!(Revoker::ALL.map(Revoker::name), ["OPERATOR", "RECIPIENT"]);
    assert_eq!(Revoker::ALL.map(|revoker| Revoker::from_name(revoker.name())), Revoker::ALL.map(Some));
    assert_eq!(Revoker::from_name(""), None);
}

/// Covers what the snapshot of the state table does not show.
#[test]
fn an_end_and_a_replaced_link_are_explained() {
    let ends = State::ALL.map(Refused::of);
    let ended = [Refused::AlreadyComplete, Refused::Expired, Refused::Revoked, Refused::FailedToSend].map(Some);
    assert_eq!((&ends[..3], &ends[3..]), (&[None; 3][..], &ended[..]));
    assert_eq!(Refused::LinkReplaced.to_string(), "the job's link was replaced by a newer one");
}

#[test]
fn a_revocation_names_its_revoker() {
    for by in Revoker::ALL {
        let revoked = new_job().apply(Command::Revoke(by), Timestamp::from_millis(NOW)).unwrap();
        assert_eq!((revoked.state, revoked.revoked_by), (State::Revoked, Some(by)));
    }
}

#[test]
fn only_a_mailed_job_counts_mails() {
    let mailed = new_job();
    assert_eq!((mailed.mails, mailed.last_mail_time), (1, Some(mailed.create_time)));
    let record = mailed.0;
    let new = NewJob {
        reference: record.reference,
        identity_create_time: record.identity_create_time,
        config: (record.config_id, 1),
        settings: settings(DeliveryMethod::Return, 60),
        link_hash: record.link_hash,
        link_key: 1,
    };
    let returned = Job::new(new, record.create_time);
    assert_eq!((returned.mails, returned.last_mail_time), (0, None));
}
