//! The attributes by which each list can be filtered.

use binding::campaign::{BatchState, Control};
use binding::credential::CredentialState;
use binding::directory::IdentityStatus;
use binding::enrollment::EnrollmentStatus;
use binding::job::DeliveryMethod;
use binding::state::State;
use binding::time::Timestamp;

use super::{Attribute, Element, Kind};
use crate::scalar::Names;
use crate::view;

fn names<T: Names>() -> Vec<&'static str> {
    T::all().map(T::name).collect()
}

impl Element for view::Job {
    const ATTRIBUTES: &'static [Attribute] = &[
        Attribute { name: "state", kind: Kind::Name(names::<State>) },
        Attribute { name: "delivery_method", kind: Kind::Name(names::<DeliveryMethod>) },
        Attribute { name: "create_time", kind: Kind::Time },
        Attribute { name: "authenticator_config_id", kind: Kind::Text },
    ];

    fn text(&self, attribute: &str) -> Option<&str> {
        match attribute {
            "state" => Some(self.state.name()),
            "delivery_method" => Some(self.delivery_method.name()),
            "authenticator_config_id" => Some(&self.authenticator_config_id),
            _ => None,
        }
    }

    fn time(&self, attribute: &str) -> Option<Timestamp> {
        (attribute == "create_time").then_some(self.create_time.0)
    }
}

impl Element for view::Credential {
    const ATTRIBUTES: &'static [Attribute] = &[
        Attribute { name: "state", kind: Kind::Name(names::<CredentialState>) },
        Attribute { name: "jwk_thumbprint", kind: Kind::Text },
        Attribute { name: "create_time", kind: Kind::Time },
    ];

    fn text(&self, attribute: &str) -> Option<&str> {
        match attribute {
            "state" => Some(self.state.name()),
            "jwk_thumbprint" => Some(&self.jwk_thumbprint),
            _ => None,
        }
    }

    fn time(&self, attribute: &str) -> Option<Timestamp> {
        (attribute == "create_time").then_some(self.create_time.0)
    }
}

impl Element for view::Identity {
    const ATTRIBUTES: &'static [Attribute] = &[
        Attribute { name: "id", kind: Kind::Text },
        Attribute { name: "display_name", kind: Kind::Text },
        Attribute { name: "external_id", kind: Kind::Text },
        Attribute { name: "status", kind: Kind::Name(names::<IdentityStatus>) },
        Attribute { name: view::Identity::ENROLLMENT_STATUS, kind: Kind::Name(names::<EnrollmentStatus>) },
        Attribute { name: "traits.username", kind: Kind::Text },
        Attribute { name: "traits.primary_email_address", kind: Kind::Text },
        Attribute { name: "create_time", kind: Kind::Time },
    ];

    fn text(&self, attribute: &str) -> Option<&str> {
        match attribute {
            "id" => Some(&self.id),
            "display_name" => Some(&self.display_name),
            "external_id" => self.external_id.as_deref(),
            "status" => Some(self.status.name()),
            Self::ENROLLMENT_STATUS => self.enrollment_status.map(|status| status.name()),
            "traits.username" => Some(&self.traits.username),
            "traits.primary_email_address" => self.traits.primary_email_address.as_deref(),
            _ => None,
        }
    }

    fn time(&self, attribute: &str) -> Option<Timestamp> {
        (attribute == "create_time").then_some(self.create_time.0)
    }
}

impl Element for view::AuthenticatorConfig {
    const ATTRIBUTES: &'static [Attribute] = &[
        Attribute { name: "id", kind: Kind::Text },
        Attribute { name: "display_name", kind: Kind::Text },
        Attribute { name: "config.type", kind: Kind::Name(|| vec!["hosted_web", "embedded"]) },
        Attribute { name: "create_time", kind: Kind::Time },
    ];

    fn text(&self, attribute: &str) -> Option<&str> {
        match attribute {
            "id" => Some(&self.id),
            "display_name" => Some(&self.display_name),
            "config.type" => Some(self.config.kind()),
            _ => None,
        }
    }

    fn time(&self, attribute: &str) -> Option<Timestamp> {
        (attribute == "create_time").then_some(self.create_time.0)
    }
}

impl Element for view::AuditEntry {
    const ATTRIBUTES: &'static [Attribute] = &[
        Attribute { name: "principal.subject", kind: Kind::Text },
        Attribute { name: "principal.client_id", kind: Kind::Text },
        Attribute { name: "operation", kind: Kind::Text },
        Attribute { name: "request_id", kind: Kind::Text },
        Attribute { name: "create_time", kind: Kind::Time },
    ];

    fn text(&self, attribute: &str) -> Option<&str> {
        match attribute {
            "principal.subject" => self.principal.as_ref()?.subject.as_deref(),
            "principal.client_id" => self.principal.as_ref()?.client_id.as_deref(),
            "operation" => Some(&self.operation),
            "request_id" => self.request_id.as_deref(),
            _ => None,
        }
    }

    fn time(&self, attribute: &str) -> Option<Timestamp> {
        (attribute == "create_time").then_some(self.create_time.0)
    }
}

impl Element for view::BatchSummary {
    const ATTRIBUTES: &'static [Attribute] = &[
        Attribute { name: "state", kind: Kind::Name(names::<BatchState>) },
        Attribute { name: "control.state", kind: Kind::Name(names::<Control>) },
        Attribute { name: "create_time", kind: Kind::Time },
        Attribute { name: "start_time", kind: Kind::Time },
    ];

    fn text(&self, attribute: &str) -> Option<&str> {
        match attribute {
            "state" => Some(self.state.name()),
            "control.state" => Some(self.control.state.name()),
            _ => None,
        }
    }

    fn time(&self, attribute: &str) -> Option<Timestamp> {
        match attribute {
            "create_time" => Some(self.create_time.0),
            "start_time" => Some(self.start_time.0),
            _ => None,
        }
    }
}

impl Element for view::Realm {}
