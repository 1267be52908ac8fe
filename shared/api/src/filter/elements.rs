//! What can be filtered, by which attributes.

use binding::credential::CredentialState;
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
        Attribute { name: "create_time", kind: Kind::Time },
    ];

    fn text(&self, attribute: &str) -> Option<&str> {
        (attribute == "state").then_some(self.state.name())
    }

    fn time(&self, attribute: &str) -> Option<Timestamp> {
        (attribute == "create_time").then_some(self.create_time.0)
    }
}

impl Element for view::Identity {}
impl Element for view::AuthenticatorConfig {}
