//! Batches: requests.

use binding::campaign::quiet::parse_time_of_day;
use binding::campaign::{LARGEST_BATCH, QuietHours, Settings, pace};
use binding::directory::Realm;
use binding::ids::{ConfigId, IdentityId};
use binding::reminder::Reminders;
use binding::time::Timestamp;
use serde_json::{Map, Value};

use crate::fields::Fields;
use crate::job::{InlineConfig, config_of, redirect_of};
use crate::problem::Problem;

/// How far in the future a batch may start, in seconds: a year.
const FURTHEST_START_SECONDS: i64 = 365 * 24 * 60 * 60;

/// The longest ramp, in days.
const LONGEST_RAMP: usize = 60;

/// The body of `POST` for a batch, read field by field. Fields that depend on the realm are checked by
/// [`Draft::finish`].
#[derive(Debug)]
pub struct Draft<'a> {
    fields: Fields<'a>,
    template: Fields<'a>,
    /// The identities, each once.
    pub identities: Vec<IdentityId>,
    /// The index of each of them in the request.
    places: Vec<usize>,
    /// The config of the jobs, if it is given and valid.
    pub config: Option<ConfigId>,
    /// A config for this batch alone, if it is given instead.
    pub inline_config: Option<InlineConfig>,
    /// Whether this is a dry run, which creates nothing.
    pub dry_run: bool,
}

impl<'a> Draft<'a> {
    /// Reads the fields that do not depend on the realm.
    ///
    /// # Errors
    /// A 400 when there is no `batch_credential_binding_job`.
    pub fn read(body: &'a Map<String, Value>) -> Result<Self, Problem> {
        let mut fields = Fields::of(body, "batch_credential_binding_job")?;
        let (mut identities, mut places) = (Vec::new(), Vec::new());
        let mut seen = std::collections::HashSet::new();
        match fields.value("identity_ids").and_then(Value::as_array) {
            Some(list) if (1..=LARGEST_BATCH).contains(&list.len()) => {
                for (index, value) in list.iter().enumerate() {
                    let name = format!("identity_ids[{index}]");
                    match value.as_str().map(IdentityId::parse) {
                        Some(Ok(id)) if seen.insert(id.clone()) => {
                            identities.push(id);
                            places.push(index);
                        }
                        Some(Ok(_)) => fields.refuse(&name, "is listed before"),
                        Some(Err(invalid)) => fields.refuse(&name, invalid.to_string()),
                        None => fields.refuse(&name, "must be a string"),
                    }
                }
            }
            _ => fields.refuse("identity_ids", format!("must list 1 to {LARGEST_BATCH} identity ids")),
        }
        let mut template = fields.inner("job_template");
        let (config, inline_config) =
            if fields.value("job_template").is_some() { config_of(&mut template) } else { (None, None) };
        if let Some(method) = template.value("delivery_method")
            && method != "EMAIL"
        {
            template.refuse("delivery_method", "must be EMAIL: the links of a batch are mailed");
        }
        let dry_run = fields.flag("dry_run").unwrap_or_default();
        Ok(Self { fields, template, identities, places, config, inline_config, dry_run })
    }

    /// Records a violation for an identity that does not exist, by its index in `identities`.
    pub fn unknown(&mut self, index: usize) {
        let place = self.places.get(index).copied().unwrap_or_default();
        self.fields.refuse(&format!("identity_ids[{place}]"), "does not exist");
    }

    /// Records a violation for a config that does not exist.
    pub fn unknown_config(&mut self) {
        self.template.refuse("authenticator_config_id", "does not exist");
    }

    /// Checks the other fields against the realm. `config` is the config of the jobs.
    ///
    /// # Errors
    /// A 400 with all violations, including those of [`Draft::read`].
    pub fn finish(mut self, realm: &Realm, config: ConfigId, now: Timestamp) -> Result<Settings, Problem> {
        let (fields, template) = (&mut self.fields, &mut self.template);
        let post_binding_redirect_uri = redirect_of(template, realm);
        let lifetime_seconds = template.integer("expires_in_seconds", 60, realm.max_lifetime_seconds);
        let locale = template.language("locale");
        let start_time = start_of(fields, now);
        let (max_per_minute, ramp) = fields.object("pacing", |pacing| (rate_of(pacing), ramp_of(pacing)));
        let quiet_hours = quiet_hours_of(fields);
        let reminders = fields.reminders();
        let lifetime = lifetime_seconds.unwrap_or(realm.default_lifetime_seconds);
        let too_late = |reminders: &Reminders| reminders.after_seconds().iter().any(|after| *after >= lifetime);
        if reminders.as_ref().is_some_and(too_late) {
            fields.refuse("reminders", "must be sent before the jobs expire");
        }
        let (on_enrolled, on_pending) = fields.object("on_existing", |existing| {
            (existing.one_of("enrolled").unwrap_or_default(), existing.one_of("pending").unwrap_or_default())
        });
        self.fields.absorb(self.template);
        self.fields.done()?;
        Ok(Settings {
            config,
            inline_config: self.inline_config.is_some(),
            post_binding_redirect_uri,
            lifetime_seconds,
            locale,
            start_time,
            max_per_minute,
            ramp,
            quiet_hours,
            reminders: reminders.unwrap_or_else(|| realm.reminders.clone()),
            on_enrolled,
            on_pending,
        })
    }
}

fn start_of(fields: &mut Fields<'_>, now: Timestamp) -> Timestamp {
    let Some(value) = fields.value("start_time") else { return now };
    let latest = now.plus_seconds(FURTHEST_START_SECONDS);
    match value.as_str().and_then(Timestamp::parse) {
        // A start that has passed during the request is accepted.
        Some(time) if time.plus_seconds(60) < now => fields.refuse("start_time", "must not be in the past"),
        Some(time) if time > latest => fields.refuse("start_time", "must be within a year"),
        Some(time) => return time.max(now),
        None => fields.refuse("start_time", "must be an RFC 3339 time, such as 2026-01-31T08:00:00Z"),
    }
    now
}

fn rate_of(pacing: &mut Fields<'_>) -> Option<u32> {
    pacing.integer("max_per_minute", 1, pace::MOST_PER_MINUTE.into()).and_then(|rate| u32::try_from(rate).ok())
}

fn ramp_of(pacing: &mut Fields<'_>) -> Vec<u32> {
    let Some(value) = pacing.value("ramp") else { return Vec::new() };
    let numbers = value.as_array().filter(|list| list.len() <= LONGEST_RAMP);
    let numbers: Option<Vec<u32>> = numbers.and_then(|list| {
        let number = |value: &Value| {
            let number = value.as_number().and_then(crate::query::integer_of)?;
            u32::try_from(number).ok().filter(|number| *number > 0)
        };
        list.iter().map(number).collect()
    });
    numbers.unwrap_or_else(|| {
        pacing.refuse("ramp", format!("must be a list of at most {LONGEST_RAMP} whole numbers greater than 0"));
        Vec::new()
    })
}

fn quiet_hours_of(fields: &mut Fields<'_>) -> Option<QuietHours> {
    fields.value("quiet_hours")?;
    fields.object("quiet_hours", |quiet| {
        let time_zone = quiet.time_zone("time_zone");
        if quiet.value("time_zone").is_none() {
            quiet.refuse("time_zone", "is required");
        }
        let mut time = |name: &str| {
            let found = quiet.value(name).and_then(Value::as_str).and_then(parse_time_of_day);
            if found.is_none() {
                quiet.refuse(name, "must be a time of day, such as 22:00");
            }
            found
        };
        let (from, to) = (time("from"), time("to"));
        if from.is_some() && from == to {
            quiet.refuse("to", "must differ from `from`: no time would be left");
        }
        Some(QuietHours { time_zone: time_zone?, from: from?, to: to? })
    })
}

/// The members of a batch that are read.
const MEMBERS: [&str; 8] =
    ["dry_run", "identity_ids", "job_template", "on_existing", "pacing", "quiet_hours", "reminders", "start_time"];

/// The body of a `POST` for a batch in canonical form: equal for two bodies that request the same batch. Members that
/// are ignored or null are omitted.
#[must_use]
pub fn as_read(body: &Map<String, Value>) -> Value {
    let Some(batch) = body.get("batch_credential_binding_job").and_then(Value::as_object) else { return Value::Null };
    let read = MEMBERS.into_iter().filter_map(|name| {
        let value = batch.get(name).filter(|value| !value.is_null())?;
        Some((name.to_owned(), value.clone()))
    });
    Value::Object(read.collect())
}
