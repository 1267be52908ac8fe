//! `POST …/{job}:getInfo`: returns the binding request to the device, and the job becomes `REQUEST_DELIVERED`.
//!
//! A device that has the link's secret opens the link with the same request, and gets a ceremony token with the response.
//!
//! 1. A ceremony token is verified, without a read of the table. The secret of a link is a condition of the write.
//! 2. The data of the request are read: identity and credentials in one request. The realm, which is only shown, may be
//!    a minute old.
//! 3. If the identity is active, one conditional write changes the job's state and returns the config and version that
//!    the job was created with. Versions never change, so a warm function has them in memory. If this step fails, the
//!    device repeats the request: the write can be repeated.

use api::operation::GET_INFO;
use api::permit::Device;
use api::problem::Problem;
use api::routes::{Ceremonies, Routes, Verification};
use api::scalar::ChosenId;
use api::view::{BindingRequest, BindingRequestConfig, BindingRequestIdentity, IdAndDisplayName, JwtBinding};
use api::{origin, view};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::{Json, Router};
use binding::ceremony::CeremonyToken;
use binding::credential::{Credential, CredentialState};
use binding::directory::{AuthenticatorConfig, Identity, Mechanism, Realm};
use binding::ids::JobRef;
use binding::job::{Command, Job, NotDone};
use binding::link::PublicUrl;
use binding::time::Timestamp;
use binding::unavailable::Unavailable;
use cloud::aws::Aws;
use cloud::boot::{Error, FromEnv};
use cloud::clock::Clock;
use cloud::env::Env;
use cloud::keys::CeremonyKeys;
use cloud::random;
use cloud::table::{Holder, Table};
use proof::Expected;
use proof::webauthn::{CreationOptions, creation_options};

/// The function's dependencies.
#[derive(Clone, Debug)]
pub struct Deps {
    table: Table,
    clock: Clock,
    ceremony_keys: CeremonyKeys,
    public_url: PublicUrl,
}

impl FromEnv for Deps {
    async fn from_env(env: &Env, clock: Clock) -> Result<Self, Error> {
        let aws = Aws::new(env)?;
        let table = Table::new(&aws, env)?;
        let (ceremony_keys, ()) = tokio::join!(CeremonyKeys::open(&aws, env), table.warm());
        Ok(Self { table, clock, ceremony_keys: ceremony_keys?, public_url: env.public_url()? })
    }
}

/// The function's routes.
pub fn router(deps: Deps) -> Router {
    Routes::default().on(GET_INFO, get_info).finish_for_devices(deps)
}

impl Ceremonies for Deps {
    async fn ceremony(&self, job: &JobRef, text: &str, now: Timestamp) -> Verification {
        self.ceremony_keys.verify(job, text, now).await
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

async fn get_info(
    State(deps): State<Deps>,
    device: Device,
    headers: HeaderMap,
) -> Result<Json<BindingRequest>, Problem> {
    if let Some(origin) = origin::foreign(&headers, &deps.public_url) {
        let job = deps.held(&device).await?;
        let realm = &job.reference.identity.realm;
        let config = deps.table.config_version(realm, &job.config_id, job.config_version).await?;
        origin::check(Some(origin), &config)?;
    }
    let now = if let Device::Ceremony(ceremony) = &device { ceremony.now } else { deps.clock.now() };
    let subject = device.job().identity.clone();
    // In sequence: a warm function has the realm, and in a new one a second connection takes longer than a second call.
    let person = deps.table.identity_with_credentials(&subject).await?;
    let realm = deps.table.recent_realm(&subject.realm, now).await?;
    if person.as_ref().is_some_and(|(person, _)| person.is_suspended()) {
        let job = deps.held(&device).await?;
        job.apply(Command::Deliver, now).map_err(NotDone::from)?;
        return Err(NotDone::IdentitySuspended.into());
    }
    let hash;
    let holder = match &device {
        Device::Link(link) => {
            hash = link.token.hash();
            Holder::Link(&hash)
        }
        Device::Ceremony(ceremony) => Holder::Ceremony(ceremony.token.link_version()),
    };
    let job = deps.table.advance(device.job(), holder, Command::Deliver, now).await??;
    let config = deps.table.config_version(&subject.realm, &job.config_id, job.config_version).await?;
    let person = person.filter(|(person, _)| job.is_for(person));
    let (person, credentials) = person.ok_or_else(Problem::unknown_link)?;
    let realm = realm.ok_or_else(|| Unavailable::new("dynamodb", "the realm of the job is missing"))?;
    let (token, issued) = match device {
        Device::Link(_) => {
            let key = deps.ceremony_keys.current();
            (key.issue(&job.reference, job.link_version, now, random::bytes()), true)
        }
        Device::Ceremony(ceremony) => (ceremony.token, false),
    };
    let request = deps.request(&job, &token, &person, &credentials, &realm, &config);
    Ok(Json(BindingRequest { token: issued.then(|| token.expose().into()), ..request }))
}

impl Deps {
    /// Reads the job for a device that may act for it.
    async fn held(&self, device: &Device) -> Result<Job, Problem> {
        let job = self.table.job(device.job()).await?;
        let held = job.filter(|job| match device {
            Device::Link(link) => job.link_hash == link.token.hash(),
            Device::Ceremony(_) => true,
        });
        held.ok_or_else(Problem::unknown_link)
    }

    fn request(
        &self,
        job: &Job,
        token: &CeremonyToken,
        person: &Identity,
        credentials: &[Credential],
        realm: &Realm,
        config: &AuthenticatorConfig,
    ) -> BindingRequest {
        let subject = &job.reference.identity;
        let [tenant_id, realm_id] = [subject.realm.tenant.as_str(), subject.realm.id.as_str()].map(ChosenId::from);
        let expected = token.expected(&job.reference, config, &self.public_url);
        let mechanisms = &config.policy.mechanisms;
        let allows = |mechanism| mechanisms.contains(&mechanism);
        BindingRequest {
            tenant: IdAndDisplayName { display_name: (&*tenant_id).into(), id: tenant_id.clone() },
            realm: IdAndDisplayName { id: realm_id.clone(), display_name: realm.display_name.as_str().into() },
            identity: BindingRequestIdentity {
                id: subject.id.as_str().into(),
                display_name: person.display_name.as_str().into(),
                traits: view::Traits::from(person),
            },
            theme: view::Theme::from(&realm.theme),
            authenticator_config: BindingRequestConfig {
                id: config.id.as_str().into(),
                realm_id,
                tenant_id,
                config: view::Invocation::from(config),
            },
            post_binding_redirect_uri: job.post_binding_redirect_uri.as_deref().map(Into::into),
            creation_options: allows(Mechanism::Fido2)
                .then(|| creation_options_of(&expected, person, credentials, realm, config)),
            jwt_binding: allows(Mechanism::Jwt).then(|| JwtBinding {
                nonce: expected.nonce.as_str().into(),
                aud: expected.audience.as_str().into(),
                alg: config.policy.jwt_algorithms().map(Into::into).collect(),
            }),
            token: None,
        }
    }
}

fn creation_options_of(
    expected: &Expected,
    person: &Identity,
    credentials: &[Credential],
    realm: &Realm,
    config: &AuthenticatorConfig,
) -> view::CreationOptions {
    view::CreationOptions(creation_options(&CreationOptions {
        rp_id: &expected.rp_id,
        rp_name: config.relying_party_name.as_deref().unwrap_or(&realm.display_name),
        user_id: &person.reference.user_handle(),
        user_name: &person.username,
        user_display_name: &person.display_name,
        challenge: &expected.challenge,
        exclude: &to_exclude(credentials),
        policy: &config.policy,
    }))
}

fn to_exclude(credentials: &[Credential]) -> Vec<(Vec<u8>, Vec<String>)> {
    let active = credentials.iter().filter(|credential| credential.state == CredentialState::Active);
    let facts = active.filter_map(|credential| credential.facts.webauthn.as_ref());
    facts.map(|facts| (facts.credential_id.clone(), facts.transports.clone())).collect()
}
