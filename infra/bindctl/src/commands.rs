//! The commands.

mod campaigns;
mod configs;
mod credentials;
mod each;
mod events;
mod identities;
mod jobs;
mod list;
mod realms;
mod session;
mod watch;

use std::path::Path;

use clap::CommandFactory as _;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::args::{Args, Codes, Command, Credentials};
use crate::client::Client;
use crate::error::Error;
use crate::pace::Pace;
use crate::print;
use crate::profile::Connection;

/// The dependencies of every command.
pub(crate) struct Context {
    pub(crate) client: Client,
    pub(crate) json: bool,
}

impl Context {
    /// Prints a response, as JSON or as lines.
    fn show<T: DeserializeOwned>(&self, columns: &[print::Column<T>], answer: &Value) -> Result<(), Error> {
        if self.json {
            print::json(answer);
        } else {
            print::details(columns, &typed(answer)?);
        }
        Ok(())
    }

    /// Prints what a command did, as JSON or as lines.
    fn report<T: Serialize>(&self, columns: &[print::Column<T>], element: &T) -> Result<(), Error> {
        if self.json {
            print::json(&body(element)?);
        } else {
            print::details(columns, element);
        }
        Ok(())
    }

    /// Prints a confirmation, unless only JSON is requested.
    fn say(&self, words: &str) {
        if !self.json {
            print::line(words);
        }
    }
}

/// Runs a command.
///
/// # Errors
/// See [`Error`].
pub(crate) fn run(args: Args) -> Result<(), Error> {
    let Args { settings, command } = args;
    let variable = |name: &str| std::env::var(name).ok();
    if let Command::Completions { shell } = command {
        // Written in one piece, so that a shell that stops reading early causes no error.
        let mut script = Vec::new();
        clap_complete::generate(shell, &mut Args::command(), "bindctl", &mut script);
        print::line(String::from_utf8_lossy(&script).trim_end());
        return Ok(());
    }
    if let Command::Logout = command {
        return session::logout(&settings.profile, variable);
    }
    let connection = match command {
        Command::Login => session::connection(&settings, variable)?,
        _ => Connection::of(&settings, variable)?,
    };
    let token = variable("BINDCTL_TOKEN").filter(|token| !token.is_empty() && !matches!(command, Command::Login));
    let context =
        Context { client: Client::new(connection, token, Pace::of(settings.requests_per_second)), json: settings.json };
    match command {
        Command::Login => session::login(&context, &settings.profile, variable),
        Command::Realms(command) => realms::run(&context, command),
        Command::Identities(command) => identities::run(&context, command),
        Command::Configs(command) => configs::run(&context, command),
        Command::Jobs(command) => jobs::run(&context, command),
        Command::Campaigns(command) => {
            campaigns::run(&Context { client: context.client.patient(), ..context }, command)
        }
        Command::Credentials(command @ Credentials::Export { .. }) => {
            credentials::run(&Context { client: context.client.patient(), ..context }, command)
        }
        Command::Credentials(command) => credentials::run(&context, command),
        Command::Codes(Codes::Redeem { code }) => jobs::redeem(&context, &code),
        Command::Events(command) => events::run(&context, &command),
        Command::Completions { .. } | Command::Logout => Ok(()),
    }
}

/// Parses a response as its type in the API.
///
/// # Errors
/// When it has another form, as a response of a newer version can have.
fn typed<T: DeserializeOwned>(answer: &Value) -> Result<T, Error> {
    understood(T::deserialize(answer))
}

fn understood<T>(read: Result<T, serde_json::Error>) -> Result<T, Error> {
    let remedy = "use a bindctl of the API's version, or --json";
    let unknown = |error| format!("this bindctl does not understand the API's answer ({error}): {remedy}");
    read.map_err(|error| Error::Usage(unknown(error)))
}

/// A request as JSON.
fn body(request: &impl Serialize) -> Result<Value, Error> {
    serde_json::to_value(request).map_err(|error| Error::Usage(error.to_string()))
}

/// Reads the JSON object in a file, or in standard input for `-`; an empty object without a file.
///
/// # Errors
/// When it cannot be read, or is not a JSON object.
fn object(file: Option<&Path>) -> Result<Map<String, Value>, Error> {
    let Some(file) = file else { return Ok(Map::new()) };
    let failed = |error: &dyn std::fmt::Display| Error::Usage(format!("{}: {error}", file.display()));
    let text = if file == Path::new("-") {
        std::io::read_to_string(std::io::stdin()).map_err(|error| failed(&error))?
    } else {
        std::fs::read_to_string(file).map_err(|error| failed(&error))?
    };
    match serde_json::from_str(&text) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(failed(&"a JSON object is expected")),
        Err(error) => Err(failed(&error)),
    }
}

/// Sets a member, if there is a value.
fn set(object: &mut Map<String, Value>, name: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        object.insert(name.to_owned(), value.into());
    }
}

/// Sets a member to a list, unless it is empty.
fn set_list(object: &mut Map<String, Value>, name: &str, values: Vec<String>) {
    set(object, name, (!values.is_empty()).then_some(values));
}
