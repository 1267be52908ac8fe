//! The data that the hosted page shows before a click: reads with the secret of the link that change nothing.

use api::permit::LinkHolder;
use api::problem::Problem;
use api::scalar::{LanguageTag, Named, Time, True};
use api::view::{DisownPreview, DisplayName, NotedCredential, Preview, Renewal, Theme, own_text};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use binding::credential::CredentialState;
use binding::directory::{Identity, Realm};
use binding::ids::JobRef;
use binding::job::{Job, NotDone};
use binding::language::Language;
use binding::state::State as JobState;
use cloud::table::Subjects;

use crate::Deps;

/// `:preview`: who requests the passkey, for whom, and whether the link still works.
pub(crate) async fn preview(
    State(deps): State<Deps>,
    link: LinkHolder,
    headers: HeaderMap,
) -> Result<Json<Preview>, Problem> {
    let held = |job: &Job| job.link_hash == link.token.hash();
    // What the page shows may be as it was a moment ago.
    let (job, subjects) = deps.table.job_and_people(&link.job, held).await?;
    let job = job.filter(held).ok_or_else(Problem::unknown_link)?;
    let (realm, person) = of_job(&job, subjects)?;
    let now = deps.clock.now();
    let language = language(&job, &person, &realm, &headers);
    let state = job.state_at(now);
    if person.is_suspended() && !state.is_terminal() {
        return Err(NotDone::IdentitySuspended.into());
    }
    let renewed = match job.renewed_by {
        Some(id) if state == JobState::Expired => deps.table.job(&JobRef { id, ..job.reference.clone() }).await?,
        _ => None,
    };
    let renewed = renewed.filter(|renewed| renewed.state_at(now) != JobState::Expired);
    let renewable = state == JobState::Expired
        && renewed.as_ref().is_none_or(|renewed| !renewed.state_at(now).is_terminal())
        && realm.link_renewal
        && !person.is_suspended()
        && person.primary_email_address.is_some();
    Ok(Json(Preview {
        revoked_by: job.revoked_by.map(Named),
        renewable: True::when(renewable),
        renewal: renewed.map(|renewed| Renewal {
            state: Named(renewed.state_at(now)),
            mail_time: Time(renewed.last_mail_time.unwrap_or(renewed.create_time)),
        }),
        post_binding_redirect_uri: job.post_binding_redirect_uri.as_deref().map(Into::into),
        ..Preview::of(&realm, &person.display_name, language, state, job.expire_time)
    }))
}

/// `:previewDisown`, with the secret in the notice of a new passkey: which passkey it is, and whether it can still be
/// removed with that secret.
pub(crate) async fn preview_disown(
    State(deps): State<Deps>,
    LinkHolder { job: reference, token }: LinkHolder,
    headers: HeaderMap,
) -> Result<Json<DisownPreview>, Problem> {
    let job = deps.table.job(&reference).await?.ok_or_else(Problem::unknown_link)?;
    let right = job.disownment.filter(|right| right.hash == token.hash()).ok_or_else(Problem::unknown_link)?;
    let id = job.credential_id.ok_or_else(Problem::unknown_link)?;
    let found = deps.table.credential(&reference.identity, id).await?.ok_or_else(Problem::unknown_link)?;
    let (realm, person) = deps.people(&job).await?;
    let language = language(&job, &person, &realm, &headers);
    let removable = found.state == CredentialState::Active && deps.clock.now() < right.expire_time;
    Ok(Json(DisownPreview {
        credential: NotedCredential::from(&found),
        expire_time: Time(right.expire_time),
        removable: True::when(removable),
        realm: DisplayName::new(realm.name_in(language)),
        identity: DisplayName::new(&person.display_name),
        theme: Theme::of_page(&realm.theme),
        locale: LanguageTag::from(language.tag()),
        help: own_text(&realm, language, |own| &own.help),
    }))
}

/// The language of the page: the job's, the identity's, the browser's or the realm's, the first that is known.
fn language(job: &Job, person: &Identity, realm: &Realm, headers: &HeaderMap) -> Language {
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let wanted = Language::first_of([job.locale.as_deref(), person.locale.as_deref()]);
    let or_realm = || Language::first_of([realm.locale.as_deref()]);
    wanted.or_else(|| Language::accepted(accepted)).or_else(or_realm).unwrap_or_default()
}

impl Deps {
    async fn people(&self, job: &Job) -> Result<(Realm, Identity), Problem> {
        of_job(job, self.table.people(&job.reference.identity).await?)
    }
}

/// Realm and identity, if the job is for that identity.
fn of_job(job: &Job, subjects: Subjects) -> Result<(Realm, Identity), Problem> {
    let person = subjects.identity.filter(|person| job.is_for(person));
    subjects.realm.zip(person).ok_or_else(Problem::unknown_link)
}
