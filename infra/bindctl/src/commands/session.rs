//! Signing in and out: a profile that stores client credentials.

use std::io::IsTerminal as _;

use super::Context;
use crate::args::Settings;
use crate::error::Error;
use crate::print;
use crate::profile::{self, Connection};

/// The connection to store. Its secret comes from BINDCTL_CLIENT_SECRET, from a prompt or from standard input, because
/// every user of the machine can read command lines.
///
/// # Errors
/// When a setting is missing.
pub(super) fn connection(settings: &Settings, variable: impl Fn(&str) -> Option<String>) -> Result<Connection, Error> {
    if settings.url.is_none() {
        return Err(Error::Usage("login needs --url, the address of the API".to_owned()));
    }
    let mut connection = Connection::of(settings, variable)?;
    for (value, flag) in [(&connection.token_url, "--token-url"), (&connection.client_id, "--client-id")] {
        if value.is_none() {
            return Err(Error::Usage(format!("login needs {flag}")));
        }
    }
    if connection.client_secret.is_none() {
        let failed = |error: std::io::Error| Error::Usage(format!("the client secret cannot be read: {error}"));
        let secret = if std::io::stdin().is_terminal() {
            rpassword::prompt_password("Client secret: ").map_err(failed)?
        } else {
            std::io::read_to_string(std::io::stdin()).map_err(failed)?
        };
        connection.client_secret = Some(secret.trim().to_owned()).filter(|secret| !secret.is_empty());
    }
    Ok(connection)
}

/// Requests a token, and stores the connection if that succeeds.
///
/// # Errors
/// When the issuer rejects the request, or the profile cannot be written.
pub(super) fn login(context: &Context, profile: &str, variable: impl Fn(&str) -> Option<String>) -> Result<(), Error> {
    context.client.sign_in()?;
    let path = context.client.connection.save(profile, variable)?;
    print::line(&format!("The issuer gave a token. Kept in {}", path.display()));
    Ok(())
}

/// Removes a profile.
///
/// # Errors
/// When it cannot be removed.
pub(super) fn logout(profile: &str, variable: impl Fn(&str) -> Option<String>) -> Result<(), Error> {
    print::line(if profile::remove(profile, variable)? {
        "The profile is removed."
    } else {
        "There is no such profile."
    });
    Ok(())
}
