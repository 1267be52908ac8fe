//! Authenticator configs.

use clap::ValueEnum as _;
use serde_json::{Map, Value, json};

use super::{Context, list, object, set, set_list};
use crate::args::{Config, Configs};
use crate::client::segment;
use crate::error::Error;
use crate::print::Column;

const LIST: &[Column] = &[
    ("ID", "/id"),
    ("NAME", "/display_name"),
    ("TYPE", "/config/type"),
    ("MECHANISMS", "/passkey_policy/mechanisms"),
    ("VERSION", "/version"),
    ("CREATED", "/create_time"),
];

const CONFIG: &[Column] = &[
    ("id", "/id"),
    ("name", "/display_name"),
    ("type", "/config/type"),
    ("invoke URL", "/config/invoke_url"),
    ("trusted origins", "/config/trusted_origins"),
    ("mechanisms", "/passkey_policy/mechanisms"),
    ("trust", "/passkey_policy/trust"),
    ("attestation", "/passkey_policy/attestation"),
    ("user verification", "/passkey_policy/user_verification"),
    ("relying party", "/relying_party/id"),
    ("version", "/version"),
    ("created", "/create_time"),
    ("updated", "/update_time"),
];

/// The config of the file with the flags over it.
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
    Ok(json!({"authenticator_config": config}))
}

pub(super) fn run(context: &Context, command: Configs) -> Result<(), Error> {
    let client = &context.client;
    let all = format!("{}/authenticator-configs", client.realm()?);
    let one = |id: &str| format!("{all}/{}", segment(id));
    let shown = match command {
        Configs::List { listing } => return list::show(context, &all, "authenticator_configs", &listing, None, LIST),
        Configs::Get { id } => client.get(&one(&id))?,
        Configs::Create(given) => client.call("POST", &all, Some(&config(given)?))?,
        Configs::Update { id, config: given } => client.call("PATCH", &one(&id), Some(&config(given)?))?,
        Configs::Delete { id } => {
            client.call("DELETE", &one(&id), None)?;
            context.say(&format!("The authenticator config {id} is deleted."));
            return Ok(());
        }
    };
    context.show(CONFIG, &shown);
    Ok(())
}
