//! Previews of mails, rendered by the code that renders sent mails. Their links do not work. And what the hosted page
//! shows, for its preview.

use std::sync::{Mutex, PoisonError};

use api::body::JsonBody;
use api::path::Reference as _;
use api::permit::Permitted;
use api::preview::{self, MailRequest, PageRequest};
use api::problem::Problem;
use api::scalar::True;
use api::view::{MailKind, MailPreview, Preview, SentTestMail};
use axum::Json;
use axum::extract::State;
use binding::directory::Realm;
use binding::ids::RealmRef;
use binding::language::Language;
use binding::state::State as JobState;
use binding::throttle::{Rate, Throttle};
use binding::time::Timestamp;
use binding::unavailable::Unavailable;
use cloud::mailer::{Mail, Sent};
use mail::{Invitation, Letterhead, Notice, Occasion, Text, name};
use serde_json::{Map, Value};

use crate::{Deps, patched};

/// The person in previews.
const SOMEBODY: &str = "Ada Lovelace";

/// The rate of test mails of a realm: three at once, and then one a minute. Each copy of the function counts separately.
const RATE: Rate = Rate { burst: 3, interval_millis: 60_000 };

/// The brake on test mails, by realm.
#[derive(Debug)]
pub(crate) struct Brake(Mutex<Throttle>);

impl Default for Brake {
    fn default() -> Self {
        Self(Mutex::new(Throttle::new(RATE)))
    }
}

impl Brake {
    fn count(&self, realm: &RealmRef, now: Timestamp) -> Result<(), Problem> {
        let mut throttle = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        throttle.count(&realm.to_string(), now).map_err(Problem::too_many_test_mails)
    }
}

/// `:previewMail`: renders a mail of the realm, with the unsaved settings in the request.
pub(crate) async fn preview_mail(
    State(deps): State<Deps>,
    Permitted { on: reference, .. }: Permitted<RealmRef>,
    JsonBody(body): JsonBody,
) -> Result<Json<MailPreview>, Problem> {
    let (realm, request) = deps.asked(&reference, &body, "preview").await?;
    let Text { subject, text, html } = deps.rendered(&realm, &request, false);
    let MailRequest { kind, language, .. } = request;
    let from_name = sender(&realm, language);
    Ok(Json(MailPreview { kind, locale: language.tag().into(), from_name, subject, text, html }))
}

/// `:previewPage`: what the hosted page shows, with the unsaved settings in the request.
pub(crate) async fn preview_page(
    State(deps): State<Deps>,
    Permitted { on: reference, .. }: Permitted<RealmRef>,
    JsonBody(body): JsonBody,
) -> Result<Json<Preview>, Problem> {
    let seen = deps.table.realm(&reference).await?.ok_or_else(|| reference.missing())?;
    let PageRequest { state, language, realm: settings } = preview::page(&body, &seen)?;
    let realm = deps.with(seen, settings.as_ref())?;
    let expire_time = deps.clock.now().plus_seconds(realm.default_lifetime_seconds);
    let renewable = True::when(state == JobState::Expired && realm.link_renewal);
    Ok(Json(Preview { renewable, ..Preview::of(&realm, SOMEBODY, language, state, expire_time) }))
}

/// `:sendTestMail`: sends a mail of the realm to one address.
pub(crate) async fn send_test_mail(
    State(deps): State<Deps>,
    Permitted { on: reference, .. }: Permitted<RealmRef>,
    JsonBody(body): JsonBody,
) -> Result<Json<SentTestMail>, Problem> {
    let (realm, request) = deps.asked(&reference, &body, "test_mail").await?;
    let to = request.to.as_deref().unwrap_or_default();
    deps.brake.count(&reference, deps.clock.now())?;
    let Text { subject, text, html } = deps.rendered(&realm, &request, true);
    let mail = Mail {
        to,
        from_name: &name::of_sender(&sender(&realm, request.language)),
        reply_to: Some(realm.email.reply_to.as_str()).filter(|address| !address.is_empty()),
        subject: &subject,
        text: &text,
        html: &html,
        tags: None,
    };
    match deps.mailer.send(&mail).await? {
        Sent::Accepted { message_id } => Ok(Json(SentTestMail { message_id })),
        Sent::Undeliverable { reason } => Err(Problem::mail_rejected(&reason)),
        // Logged for the operator, who must fix the account's settings.
        Sent::NotAllowed { reason } => {
            Err(Unavailable::new("sesv2", format!("the account may not send: {reason}")).into())
        }
    }
}

fn sender(realm: &Realm, language: Language) -> String {
    let own = Some(realm.email.from_name.as_str()).filter(|name| !name.is_empty());
    own.unwrap_or_else(|| realm.name_in(language)).to_owned()
}

impl Deps {
    /// The realm in the path, and the parsed request.
    async fn asked(
        &self,
        reference: &RealmRef,
        body: &Map<String, Value>,
        name: &str,
    ) -> Result<(Realm, MailRequest), Problem> {
        let seen = self.table.realm(reference).await?.ok_or_else(|| reference.missing())?;
        let request = preview::mail(body, name, &seen)?;
        Ok((self.with(seen, request.realm.as_ref())?, request))
    }

    /// The realm with settings that are not saved.
    fn with(&self, seen: Realm, settings: Option<&Map<String, Value>>) -> Result<Realm, Problem> {
        let Some(settings) = settings else { return Ok(seen) };
        let wanted = Map::from_iter([(RealmRef::RESOURCE.to_owned(), settings.clone().into())]);
        let patched = patched(RealmRef::RESOURCE, &api::view::Realm::from(&seen), &wanted)?;
        api::realm::parse(&patched, seen.reference, self.clock.now())
    }

    fn rendered(&self, realm: &Realm, request: &MailRequest, test: bool) -> Text {
        let now = self.clock.now();
        let head = Letterhead { realm, name: SOMEBODY, language: request.language, test };
        // No job has this id, and no link these secrets.
        let job = format!("{}/identities/preview/credential-binding-jobs/preview", realm.reference);
        let link = |action: &str| format!("{}/bind#{job}?{action}token=preview", self.public_url.origin());
        let notice = || {
            let (model, disown) = (Some("iCloud Keychain"), link("do=disown&"));
            mail::notice(&head, &Notice { model, create_time: now, disown: &disown, hours: 24 })
        };
        let occasion = match request.kind {
            MailKind::Notice => return notice(),
            MailKind::Invitation => Occasion::Created,
            MailKind::Renewal => Occasion::Renewed,
            MailKind::Reminder => Occasion::Reminder { days_left: 3 },
        };
        let expire_time = now.plus_seconds(realm.default_lifetime_seconds);
        let (link, decline) = (link(""), link("do=decline&"));
        mail::invitation(&head, &Invitation { link: &link, decline: &decline, expire_time, occasion })
    }
}
