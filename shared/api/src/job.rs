//! Credential binding jobs: requests and views.

use binding::directory::{Identity, Realm};
use binding::ids::ConfigId;
use binding::job::{DeliveryMethod, Job};
use binding::link::Link;
use binding::redirect;
use binding::time::Timestamp;
use serde_json::{Map, Value, json};

use crate::fields::{Fields, language_tag};
use crate::filter::{Attribute, Kind};
use crate::problem::Problem;

/// What jobs can be filtered by.
pub const ATTRIBUTES: [Attribute; 4] = [
    Attribute {
        name: "state",
        kind: Kind::Name(&[
            "LINK_SENT",
            "LINK_OPENED",
            "REQUEST_DELIVERED",
            "COMPLETE",
            "EXPIRED",
            "REVOKED",
            "FAILED_TO_SEND",
        ]),
    },
    Attribute { name: "delivery_method", kind: Kind::Name(&["EMAIL", "RETURN"]) },
    Attribute { name: "create_time", kind: Kind::Time },
    Attribute { name: "authenticator_config_id", kind: Kind::Text },
];

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

/// A job as the API shows it at `now`.
#[must_use]
pub fn view(job: &Job, now: Timestamp) -> Value {
    let job = &job.at(now);
    let identity = &job.job.identity;
    let transitions: Vec<Value> =
        job.transitions.iter().map(|(state, time)| json!({"state": state.name(), "time": time.to_string()})).collect();
    let mut view = json!({
        "id": job.job.job.to_string(),
        "tenant_id": identity.realm.tenant.as_str(),
        "realm_id": identity.realm.realm.as_str(),
        "identity_id": identity.identity.as_str(),
        "delivery_method": job.delivery_method.name(),
        "state": job.state.name(),
        "authenticator_config_id": job.config_id.as_str(),
        "expire_time": job.expire_time.to_string(),
        "create_time": job.create_time.to_string(),
        "update_time": job.update_time.to_string(),
        "transitions": transitions,
    });
    if let Some(uri) = &job.post_binding_redirect_uri {
        view["post_binding_redirect_uri"] = uri.as_str().into();
    }
    if let Some(locale) = &job.locale {
        view["locale"] = locale.as_str().into();
    }
    if let Some(credential) = job.credential_id {
        view["credential_id"] = credential.to_string().into();
    }
    if let Some(receipt) = &job.receipt {
        view["binding_receipt"] = receipt.as_str().into();
    }
    if let Some(status) = job.email_status {
        view["email_status"] = status.name().into();
    }
    if let Some(reason) = &job.email_status_reason {
        view["email_status_reason"] = reason.as_str().into();
    }
    if let Some(revoker) = job.revoked_by {
        view["revoked_by"] = revoker.name().into();
    }
    if let Some(job) = job.renews {
        view["renews_job_id"] = job.to_string().into();
    }
    if let Some(job) = job.renewed_by {
        view["renewed_by_job_id"] = job.to_string().into();
    }
    if let Some(time) = job.last_prefetch_time {
        view["prefetch_count"] = job.prefetches.into();
        view["last_prefetch_time"] = time.to_string().into();
    }
    if let Some(failure) = &job.last_failure {
        view["last_failure"] =
            json!({"time": failure.time.to_string(), "reason": failure.reason, "detail": failure.detail});
    }
    view
}

/// The answer to the creation of a job. The link is in it for `RETURN` only, and in no other answer ever.
#[must_use]
pub fn created(job: &Job, link: &Link, now: Timestamp) -> Value {
    let mut answer = json!({"credential_binding_job": view(job, now)});
    if job.delivery_method == DeliveryMethod::Return {
        answer["credential_binding_link"] = link.expose().into();
    }
    answer
}
