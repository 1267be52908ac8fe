//! Credential binding jobs: requests.

use binding::directory::{Identity, Invocation, Realm, UnusedMembers};
use binding::ids::ConfigId;
use binding::job::{DeliveryMethod, Settings};
use binding::redirect;
use serde_json::{Map, Value};

use crate::config::invocation;
use crate::fields::Fields;
use crate::problem::Problem;
use crate::query::integer_of;

/// The body of a `POST` for a job, read field by field. Fields that depend on the realm are checked by
/// [`Draft::finish`].
#[derive(Debug)]
pub struct Draft<'a> {
    fields: Fields<'a>,
    /// The config of the job, if it is given and valid.
    pub config: Option<ConfigId>,
    /// The config for this job alone, if it is given instead.
    pub inline_config: Option<InlineConfig>,
    delivery_method: Option<DeliveryMethod>,
}

impl<'a> Draft<'a> {
    /// Reads the fields that do not depend on the realm.
    ///
    /// # Errors
    /// A 400 when there is no `job`.
    pub fn read(body: &'a Map<String, Value>) -> Result<Self, Problem> {
        let mut fields = Fields::of(body, "job")?;
        let delivery_method = fields.one_of("delivery_method");
        if fields.value("delivery_method").is_none() {
            fields.refuse("delivery_method", "is required: EMAIL or RETURN");
        }
        let (config, inline_config) = config_of(&mut fields);
        Ok(Self { fields, config, inline_config, delivery_method })
    }

    /// Checks the other fields against the realm. For an unknown realm, the default settings are passed, so that
    /// violations of those are still reported.
    ///
    /// # Errors
    /// A 400 with all violations, including those of [`Draft::read`].
    pub fn finish(mut self, realm: &Realm) -> Result<Settings, Problem> {
        let uri = redirect_of(&mut self.fields, realm);
        let lifetime = self.fields.integer("expires_in_seconds", 60, realm.max_lifetime_seconds);
        let locale = self.fields.language("locale");
        let reminders = self.fields.reminders();
        if reminders.is_some() && self.delivery_method == Some(DeliveryMethod::Return) {
            self.fields.refuse("reminders", "need delivery_method EMAIL");
        }
        self.fields.done()?;
        Ok(Settings {
            delivery_method: self.delivery_method.ok_or_else(|| Problem::unreadable("delivery_method is required."))?,
            post_binding_redirect_uri: uri,
            locale,
            lifetime_seconds: lifetime.unwrap_or(realm.default_lifetime_seconds),
            reminders: reminders.unwrap_or_else(|| realm.reminders.clone()),
            renews: None,
            batch_id: None,
        })
    }
}

/// A config for one job or one batch.
pub(crate) type InlineConfig = (Invocation, UnusedMembers);

/// The config of a job: an id, or a config for it alone.
pub(crate) fn config_of(fields: &mut Fields<'_>) -> (Option<ConfigId>, Option<InlineConfig>) {
    if fields.value("authenticator_config").is_some() {
        if fields.value("authenticator_config_id").is_some() {
            fields.refuse("authenticator_config", "cannot be given together with authenticator_config_id");
        }
        let inline = fields.object("authenticator_config", |config| {
            if config.value("config").is_none() {
                config.refuse("config", "is required");
            }
            config.object("config", invocation)
        });
        return (None, Some(inline));
    }
    let id = fields.required_text("authenticator_config_id", 128);
    match ConfigId::parse(&id) {
        Ok(config) => (Some(config), None),
        Err(invalid) => {
            if !id.is_empty() {
                fields.refuse("authenticator_config_id", invalid.to_string());
            }
            (None, None)
        }
    }
}

/// Where the user is redirected after binding: one of the realm's URIs.
pub(crate) fn redirect_of(fields: &mut Fields<'_>, realm: &Realm) -> Option<String> {
    let uri = fields.checked("post_binding_redirect_uri", |uri| {
        redirect::check(uri).map_err(|bad| bad.to_string())?;
        let listed = redirect::is_listed(&realm.post_binding_redirect_uris, uri);
        if listed { Ok(()) } else { Err("must be exactly one of the realm's post_binding_redirect_uris".into()) }
    });
    uri.filter(|uri| !uri.is_empty())
}

/// The members of a job that are read.
const MEMBERS: [&str; 7] = [
    "authenticator_config",
    "authenticator_config_id",
    "delivery_method",
    "expires_in_seconds",
    "locale",
    "post_binding_redirect_uri",
    "reminders",
];

/// The body of a `POST` for a job in canonical form: equal for two bodies that request the same job. Members that are
/// ignored, null or empty are omitted, and integers are written as integers.
#[must_use]
pub fn as_read(body: &Map<String, Value>) -> Value {
    let Some(job) = body.get("job").and_then(Value::as_object) else { return Value::Null };
    let read = MEMBERS.into_iter().filter_map(|name| {
        let value = match job.get(name)? {
            Value::Null => return None,
            Value::String(text) if text.is_empty() => return None,
            Value::Number(number) => integer_of(number).map_or_else(|| number.clone().into(), Value::from),
            other => other.clone(),
        };
        Some((name.to_owned(), value))
    });
    Value::Object(read.collect())
}

/// Checks that a job for this identity can be mailed.
///
/// # Errors
/// A 422 when the identity has no address.
pub fn can_be_mailed(method: DeliveryMethod, identity: &Identity) -> Result<(), Problem> {
    if method == DeliveryMethod::Email && identity.primary_email_address.is_none() {
        let detail = format!(
            "Identity missing email address: set traits.primary_email_address of {} or use delivery_method RETURN.",
            identity.reference.id
        );
        let id = identity.reference.id.as_str();
        return Err(Problem::unprocessable("Identity missing email address", detail).resource(
            "identity",
            id,
            "has no primary_email_address",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn bodies_that_request_the_same_have_the_same_form() {
        let of = |body: Value| as_read(body.as_object().unwrap());
        let plain = of(json!({"job": {"delivery_method": "RETURN", "expires_in_seconds": 3600}}));
        for same in [
            json!({"job": {"expires_in_seconds": 3600.0, "delivery_method": "RETURN"}}),
            json!({"job": {"delivery_method": "RETURN", "expires_in_seconds": 3.6e3, "trace": "x"}, "trace": "x"}),
            json!({"job": {"delivery_method": "RETURN", "expires_in_seconds": 3600, "locale": null}}),
            json!({"job": {"delivery_method": "RETURN", "expires_in_seconds": 3600, "locale": ""}}),
        ] {
            assert_eq!(of(same.clone()), plain, "{same}");
        }
        for other in [
            json!({"job": {"delivery_method": "EMAIL", "expires_in_seconds": 3600}}),
            json!({"job": {"delivery_method": "RETURN", "expires_in_seconds": 3601}}),
            json!({"job": {"delivery_method": "RETURN", "expires_in_seconds": 3600.5}}),
            json!({"job": {"delivery_method": "RETURN"}}),
            json!({"job": {}}),
            json!({"job": null}),
        ] {
            assert_ne!(of(other.clone()), plain, "{other}");
        }
    }
}
