//! Credential binding jobs: requests.

use binding::directory::{Identity, Realm};
use binding::ids::ConfigId;
use binding::job::DeliveryMethod;
use binding::redirect;
use serde_json::{Map, Value};

use crate::fields::{Fields, language_tag};
use crate::problem::Problem;

/// The body of `POST` for a job, read field by field. What depends on the realm is checked when the realm is known.
#[derive(Debug)]
pub struct Draft<'a> {
    fields: Fields<'a>,
    /// The config that the job is to follow, when the field is good.
    pub config: Option<ConfigId>,
    /// How the link is to reach the user, when the field is good.
    pub delivery_method: Option<DeliveryMethod>,
}

/// A body without violations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Where the user is to go afterwards.
    pub post_binding_redirect_uri: Option<String>,
    /// How long the job is to live.
    pub lifetime_seconds: i64,
    /// The language of the mail.
    pub locale: Option<String>,
}

impl<'a> Draft<'a> {
    /// Reads what can be read without the realm.
    ///
    /// # Errors
    /// A 400 when there is no `job`.
    pub fn read(body: &'a Map<String, Value>) -> Result<Self, Problem> {
        let mut fields = Fields::of(body, "job")?;
        let delivery_method = fields.choice("delivery_method", &["EMAIL", "RETURN"], DeliveryMethod::from_name);
        if fields.value("delivery_method").is_none() {
            fields.refuse("delivery_method", "is required: EMAIL or RETURN");
        }
        let id = fields.required_text("authenticator_config_id", 128);
        let config = match ConfigId::parse(&id) {
            Ok(config) => Some(config),
            Err(invalid) => {
                if !id.is_empty() {
                    fields.refuse("authenticator_config_id", invalid.to_string());
                }
                None
            }
        };
        Ok(Self { fields, config, delivery_method })
    }

    /// Reads the rest against the realm. Without a realm, its defaults are taken: what does not fit them either is
    /// still told.
    ///
    /// # Errors
    /// A 400 with all violations, those of [`Draft::read`] among them.
    pub fn finish(mut self, realm: &Realm) -> Result<Request, Problem> {
        let uri = self.fields.checked("post_binding_redirect_uri", |uri| {
            redirect::check(uri).map_err(|bad| bad.to_string())?;
            let listed = redirect::is_listed(&realm.post_binding_redirect_uris, uri);
            if listed {
                Ok(())
            } else {
                Err("must be one of the realm's post_binding_redirect_uris, to the letter".into())
            }
        });
        let lifetime = self.fields.integer("expires_in_seconds", 60, realm.max_lifetime_seconds);
        let locale = self.fields.checked("locale", language_tag);
        self.fields.done()?;
        Ok(Request {
            post_binding_redirect_uri: uri.filter(|uri| !uri.is_empty()),
            lifetime_seconds: lifetime.unwrap_or(realm.default_lifetime_seconds),
            locale: locale.filter(|locale| !locale.is_empty()),
        })
    }
}

/// Whether a job for this identity can be mailed.
///
/// # Errors
/// A 422 when the identity has no address.
pub fn can_be_mailed(method: DeliveryMethod, identity: &Identity) -> Result<(), Problem> {
    if method == DeliveryMethod::Email && identity.primary_email_address.is_none() {
        let detail = format!(
            "Identity missing email address: set traits.primary_email_address of {} or use delivery_method RETURN.",
            identity.identity.identity
        );
        return Err(Problem::unprocessable("Identity missing email address", detail));
    }
    Ok(())
}
