//! Drives the client that OpenAPI Generator creates for Rust: URL TOKEN.

use std::error::Error;

use bindery::apis::configuration::Configuration;
use bindery::apis::{self, authenticator_configs_api, identities_api, jobs_api};
use bindery::models;

fn main() -> Result<(), Box<dyn Error>> {
    let [url, token] = std::env::args().skip(1).collect::<Vec<_>>().try_into().expect("URL TOKEN");
    let api = &Configuration { base_path: url.clone(), oauth_access_token: Some(token), ..Configuration::new() };
    let traits = models::TraitsSettings::new("ada-rust".into());
    let settings =
        models::IdentitySettings { display_name: Some(Some("Ada".into())), ..models::IdentitySettings::new(traits) };
    let ada = identities_api::create_identity(api, "demo", "demo", models::PutIdentity::new(settings))?;
    assert_eq!(ada.traits.username, "ada-rust");

    let mut settings = models::JobSettings::new(models::DeliveryMethod::Return);
    settings.authenticator_config_id = Some(Some("hosted".into()));
    let body = models::CreateJob::new(settings);
    let created = jobs_api::create_job(api, "demo", "demo", &ada.id, body.clone(), Some("generated"))?;
    assert!(created.credential_binding_link.is_some_and(|link| link.starts_with(&format!("{url}/bind#"))));
    let job = *created.credential_binding_job;
    let id = job.id.to_string();
    assert_eq!(jobs_api::get_job(api, "demo", "demo", &ada.id, &id, None, None)?, job);
    let filter = Some(r#"state eq "LINK_SENT""#);
    let listed = jobs_api::list_jobs(api, "demo", "demo", &ada.id, Some(1), None, None, filter)?;
    assert_eq!(listed.credential_binding_jobs, [job]);
    let revoked = jobs_api::revoke_job(api, "demo", "demo", &ada.id, &id)?;
    assert_eq!(revoked.state, models::JobState::Revoked);
    let configs = authenticator_configs_api::list_authenticator_configs(api, "demo", "demo", None, None, None, None)?;
    assert!(!configs.authenticator_configs.is_empty());

    let refused = jobs_api::create_job(api, "demo", "demo", "nobody", body, None);
    let Err(apis::Error::ResponseError(refused)) = refused else { panic!("a job for an unknown identity: {refused:?}") };
    assert_eq!(refused.status.as_u16(), 404);
    let problem: models::Problem = serde_json::from_str(&refused.content)?;
    assert_eq!(problem.status, 404);
    identities_api::erase_identity(api, "demo", "demo", &ada.id)?;
    println!("OpenAPI Generator, Rust: create, get, list, revoke");
    Ok(())
}
