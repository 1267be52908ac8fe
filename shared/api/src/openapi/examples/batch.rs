//! Examples of batches.

use binding::campaign::{BatchState, Control, OnEnrolled, OnPending};
use binding::job::DeliveryMethod;
use binding::mail::EmailStatus;
use binding::state::State;
use serde_json::Value;

use super::{Example, ID, a_week_later, page, time, value};
use crate::request;
use crate::scalar::{Named, UpTo};
use crate::view;

impl Example for request::CreateBatch {
    fn example_json() -> Value {
        value(Self {
            batch_credential_binding_job: request::BatchSettings {
                identity_ids: vec!["ada".into(), "bob".into()],
                job_template: request::BatchTemplateSettings {
                    authenticator_config_id: Some("hosted".into()),
                    ..Default::default()
                },
                start_time: None,
                pacing: Some(request::PacingSettings { max_per_minute: Some(60), ramp: None }),
                quiet_hours: Some(request::QuietHoursSettings {
                    time_zone: UpTo("Europe/Berlin".into()),
                    from: "22:00".into(),
                    to: "07:00".into(),
                }),
                reminders: Some(vec![request::ReminderSettings { after_seconds: 259_200 }]),
                on_existing: None,
                dry_run: None,
            },
        })
    }
}

impl Example for view::Batch {
    fn example_json() -> Value {
        value(Self {
            id: Some(ID.into()),
            tenant_id: "demo".into(),
            realm_id: "demo".into(),
            identity_ids: vec!["ada".into(), "bob".into()],
            state: Some(Named(BatchState::Running)),
            state_commentary: view::BatchErrors::default(),
            job_template: view::BatchJobTemplate {
                authenticator_config_id: "hosted".into(),
                post_binding_redirect_uri: None,
                delivery_method: Named(DeliveryMethod::Email),
                expires_in_seconds: None,
                locale: None,
            },
            start_time: time(),
            pacing: view::Pacing { max_per_minute: Some(60), ramp: None },
            quiet_hours: None,
            reminders: vec![view::Reminder { after_seconds: 259_200 }],
            on_existing: view::OnExisting { enrolled: Named(OnEnrolled::Skip), pending: Named(OnPending::Skip) },
            control: Some(view::BatchControl { state: Named(Control::Active), since: time() }),
            counts: view::BatchCounts { total: 2, waiting: 1, invited: 1, ..Default::default() },
            hours: vec![view::BatchHour { hour: time(), invited: 1, opened: 0, complete: 0 }],
            plan: None,
            create_time: Some(time()),
            update_time: Some(time()),
        })
    }
}

impl Example for view::BatchList {
    fn example_json() -> Value {
        value(page::<Self>(view::BatchSummary {
            id: ID.into(),
            tenant_id: "demo".into(),
            realm_id: "demo".into(),
            state: Named(BatchState::Running),
            control: view::BatchControl { state: Named(Control::Active), since: time() },
            authenticator_config_id: "hosted".into(),
            start_time: time(),
            pacing: view::Pacing { max_per_minute: Some(60), ramp: None },
            counts: view::BatchSummaryCounts { total: 2, waiting: 2, ..Default::default() },
            create_time: time(),
            update_time: time(),
        }))
    }
}

impl Example for view::BatchResults {
    fn example_json() -> Value {
        value(Self {
            job_results: vec![view::BatchResult {
                id: Some(ID.into()),
                tenant_id: "demo".into(),
                realm_id: "demo".into(),
                identity_id: "ada".into(),
                batch_id: ID.into(),
                delivery_method: Named(DeliveryMethod::Email),
                state: Some(Named(State::LinkOpened)),
                authenticator_config_id: "hosted".into(),
                post_binding_redirect_uri: None,
                credential_id: None,
                email_status: Some(Named(EmailStatus::Delivered)),
                reminders_sent: None,
                reason: None,
                expire_time: Some(a_week_later()),
                create_time: Some(time()),
                update_time: Some(time()),
            }],
            total_success_count: 0,
            total_failure_count: 0,
            total_pending_count: 1,
            total_size: 1,
            next_page_token: None,
        })
    }
}
