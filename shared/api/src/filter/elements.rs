//! The attributes by which each list can be filtered.

use binding::campaign::{BatchState, Control};
use binding::credential::CredentialState;
use binding::directory::IdentityStatus;
use binding::enrollment::EnrollmentStatus;
use binding::job::DeliveryMethod;
use binding::state::State;
use binding::time::Timestamp;

use super::{Attribute, Element, Kind, Member, Value};
use crate::scalar::Names;
use crate::view;

fn names<T: Names>() -> Vec<&'static str> {
    T::all().map(T::name).collect()
}

const fn name<T: Names, E>(name: &'static str, read: fn(&E) -> Option<&str>) -> Member<E> {
    Member { attribute: Attribute { name, kind: Kind::Name(names::<T>) }, value: Value::Text(read) }
}

const fn text<E>(name: &'static str, read: fn(&E) -> Option<&str>) -> Member<E> {
    Member { attribute: Attribute { name, kind: Kind::Text }, value: Value::Text(read) }
}

const fn time<E>(name: &'static str, read: fn(&E) -> Timestamp) -> Member<E> {
    Member { attribute: Attribute { name, kind: Kind::Time }, value: Value::Time(read) }
}

impl Element for view::Job {
    const MEMBERS: &'static [Member<Self>] = &[
        name::<State, _>("state", |job| Some(job.state.name())),
        name::<DeliveryMethod, _>("delivery_method", |job| Some(job.delivery_method.name())),
        time("create_time", |job| job.create_time.0),
        text("authenticator_config_id", |job| Some(&job.authenticator_config_id)),
    ];
}

impl Element for view::Credential {
    const MEMBERS: &'static [Member<Self>] = &[
        name::<CredentialState, _>("state", |credential| Some(credential.state.name())),
        text("jwk_thumbprint", |credential| Some(&credential.jwk_thumbprint)),
        time("create_time", |credential| credential.create_time.0),
    ];
}

impl Element for view::Identity {
    const MEMBERS: &'static [Member<Self>] = &[
        text("id", |identity| Some(&identity.id)),
        text("display_name", |identity| Some(&identity.display_name)),
        text("external_id", |identity| identity.external_id.as_deref()),
        name::<IdentityStatus, _>("status", |identity| Some(identity.status.name())),
        name::<EnrollmentStatus, _>(Self::ENROLLMENT_STATUS, |identity| Some(identity.enrollment_status?.name())),
        text("traits.username", |identity| Some(&identity.traits.username)),
        text("traits.primary_email_address", |identity| identity.traits.primary_email_address.as_deref()),
        time("create_time", |identity| identity.create_time.0),
    ];
}

impl Element for view::AuthenticatorConfig {
    const MEMBERS: &'static [Member<Self>] = &[
        text("id", |config| Some(&config.id)),
        text("display_name", |config| Some(&config.display_name)),
        Member {
            attribute: Attribute { name: "config.type", kind: Kind::Name(|| vec!["hosted_web", "embedded"]) },
            value: Value::Text(|config| Some(config.config.kind())),
        },
        time("create_time", |config| config.create_time.0),
    ];
}

impl Element for view::AuditEntry {
    const MEMBERS: &'static [Member<Self>] = &[
        text("principal.subject", |entry| entry.principal.as_ref()?.subject.as_deref()),
        text("principal.client_id", |entry| entry.principal.as_ref()?.client_id.as_deref()),
        text("operation", |entry| Some(&entry.operation)),
        text("request_id", |entry| entry.request_id.as_deref()),
        time("create_time", |entry| entry.create_time.0),
    ];
}

impl Element for view::BatchSummary {
    const MEMBERS: &'static [Member<Self>] = &[
        name::<BatchState, _>("state", |batch| Some(batch.state.name())),
        name::<Control, _>("control.state", |batch| Some(batch.control.state.name())),
        time("create_time", |batch| batch.create_time.0),
        time("start_time", |batch| batch.start_time.0),
    ];
}

impl Element for view::Realm {}
