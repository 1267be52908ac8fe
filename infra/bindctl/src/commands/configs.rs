//! Authenticator configs.

use api::operation::*;
use api::view::{AuthenticatorConfig, AuthenticatorConfigList, Invocation, Trust};
use clap::ValueEnum as _;
use serde_json::{Map, Value, json};

use super::{Context, list, object, set, set_list};
use crate::args::{Config, Configs};
use crate::error::Error;
use crate::print::{Column, Shown as _};

const LIST: &[Column<AuthenticatorConfig>] = &[
    ("ID", |element| element.id.shown()),
    ("NAME", |element| element.display_name.shown()),
    ("TYPE", |element| kind(&element.config)),
    ("MECHANISMS", |element| element.passkey_policy.mechanisms.shown()),
    ("VERSION", |element| element.version.shown()),
    ("CREATED", |element| element.create_time.shown()),
];

const CONFIG: &[Column<AuthenticatorConfig>] = &[
    ("id", |element| element.id.shown()),
    ("name", |element| element.display_name.shown()),
    ("type", |element| kind(&element.config)),
    ("invoke URL", |element| embedded(&element.config).map(|(url, _)| url).shown()),
    ("trusted origins", |element| embedded(&element.config).map(|(_, origins)| origins).shown()),
    ("mechanisms", |element| element.passkey_policy.mechanisms.shown()),
    ("trust", |element| trust(&element.passkey_policy.trust)),
    ("attestation", |element| element.passkey_policy.attestation.shown()),
    ("user verification", |element| element.passkey_policy.user_verification.shown()),
    ("relying party", |element| element.relying_party.as_ref().map(|party| &party.id).shown()),
    ("sign-in", |element| element.sign_in.as_ref().map(|sign_in| sign_in.enabled).shown()),
    ("sign-in audience", |element| element.sign_in.as_ref().map(|sign_in| &sign_in.audience).shown()),
    ("version", |element| element.version.shown()),
    ("created", |element| element.create_time.shown()),
    ("updated", |element| element.update_time.shown()),
];

fn kind(invocation: &Invocation) -> String {
    match invocation {
        Invocation::HostedWeb { .. } => "hosted_web",
        Invocation::Embedded { .. } => "embedded",
    }
    .to_owned()
}

/// The invoke URL and the origins of an app's page.
fn embedded(invocation: &Invocation) -> Option<(&String, &Vec<String>)> {
    match invocation {
        Invocation::HostedWeb { .. } => None,
        Invocation::Embedded { invoke_url, trusted_origins, .. } => Some((invoke_url, trusted_origins)),
    }
}

fn trust(trust: &Trust) -> String {
    match trust {
        Trust::Level(level) => level.shown(),
        Trust::Certified { level, minimum_certification } => {
            format!("{} {}", level.shown(), minimum_certification.shown()).trim_end().to_owned()
        }
    }
}

/// The config in the file, with the flags applied.
fn config(given: Config) -> Result<Value, Error> {
    let mut config = object(given.body.file.as_deref())?;
    set(&mut config, "display_name", given.display_name);
    let mut invocation = match config.remove("config") {
        Some(Value::Object(invocation)) => invocation,
        Some(other) => return Err(Error::Usage(format!("config must be an object, not {other}"))),
        None => Map::new(),
    };
    let kind = given.kind.and_then(|kind| kind.to_possible_value()).map(|kind| kind.get_name().to_owned());
    set(&mut invocation, "type", kind);
    set(&mut invocation, "invoke_url", given.invoke_url);
    set_list(&mut invocation, "trusted_origins", given.trusted_origins);
    if !invocation.is_empty() {
        config.insert("config".to_owned(), invocation.into());
    }
    let mut sign_in = Map::new();
    set(&mut sign_in, "enabled", given.sign_in);
    set(&mut sign_in, "audience", given.sign_in_audience);
    match config.get_mut("sign_in") {
        Some(Value::Object(known)) => known.extend(sign_in),
        _ if sign_in.is_empty() => {}
        _ => drop(config.insert("sign_in".to_owned(), sign_in.into())),
    }
    Ok(json!({"authenticator_config": config}))
}

pub(super) fn run(context: &Context, command: Configs) -> Result<(), Error> {
    let client = &context.client;
    let shown = match command {
        Configs::List { filter, listing } => {
            return list::show::<AuthenticatorConfigList, _>(
                context,
                (LIST_AUTHENTICATOR_CONFIGS, &[]),
                &listing,
                filter.as_deref(),
                LIST,
            );
        }
        Configs::Get { id, version } => {
            let path = client.path(&GET_AUTHENTICATOR_CONFIG, &[&id])?;
            client.get(&version.map_or(path.clone(), |version| format!("{path}?version={version}")))?
        }
        Configs::Create(given) => client.call(CREATE_AUTHENTICATOR_CONFIG, &[], Some(&config(given)?))?,
        Configs::Update { id, config: given } => {
            client.call(PATCH_AUTHENTICATOR_CONFIG, &[&id], Some(&config(given)?))?
        }
        Configs::Delete { id } => {
            client.call(DELETE_AUTHENTICATOR_CONFIG, &[&id], None)?;
            context.say(&format!("The authenticator config {id} is deleted."));
            return Ok(());
        }
    };
    context.show(CONFIG, &shown)
}
