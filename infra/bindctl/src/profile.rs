//! The connection: from flags and environment, else from a profile, else to the local stack.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::args::Settings;
use crate::error::Error;

/// A connection, as a profile stores it.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Connection {
    pub(crate) url: String,
    pub(crate) token_url: Option<String>,
    pub(crate) client_id: Option<String>,
    pub(crate) client_secret: Option<String>,
    pub(crate) scope: Option<String>,
    pub(crate) audience: Option<String>,
    pub(crate) tenant: Option<String>,
    pub(crate) realm: Option<String>,
}

const LOCAL: &str = "http://localhost:3000";

fn local(url: &str) -> Connection {
    Connection {
        url: url.to_owned(),
        token_url: Some(format!("{url}/oauth2/token")),
        client_id: Some("local".to_owned()),
        client_secret: Some("local".to_owned()),
        tenant: Some("demo".to_owned()),
        realm: Some("demo".to_owned()),
        ..Connection::default()
    }
}

impl Connection {
    /// The connection from flags and environment, else from the profile, else to the local stack. When a URL is given,
    /// the profile is ignored, because its secret must not be sent to another issuer.
    ///
    /// # Errors
    /// When the profile cannot be read, or a secret must not be sent to an address.
    pub(crate) fn of(settings: &Settings, variable: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let mut connection = match settings.url.as_deref().map(|url| url.trim_end_matches('/')) {
            Some(url) if is_loopback(url) && settings.token_url.is_none() => local(url),
            Some(url) => Self { url: url.to_owned(), ..Self::default() },
            None => read(&settings.profile, &variable)?.unwrap_or_else(|| local(LOCAL)),
        };
        // The same applies to a token endpoint: the profile's secret is only for the profile's own.
        if settings.token_url.as_ref().is_some_and(|given| connection.token_url.as_ref() != Some(given)) {
            connection.client_secret = None;
        }
        let given = [
            (&mut connection.token_url, &settings.token_url),
            (&mut connection.client_id, &settings.client_id),
            (&mut connection.scope, &settings.scope),
            (&mut connection.audience, &settings.audience),
            (&mut connection.tenant, &settings.tenant),
            (&mut connection.realm, &settings.realm),
        ];
        for (value, given) in given {
            if given.is_some() {
                value.clone_from(given);
            }
        }
        if let Some(secret) = variable("BINDCTL_CLIENT_SECRET") {
            connection.client_secret = Some(secret);
        }
        for (name, url) in [("URL", Some(&connection.url)), ("token URL", connection.token_url.as_ref())] {
            if let Some(url) = url.filter(|url| !url.starts_with("https://") && !is_loopback(url)) {
                return Err(Error::Usage(format!(
                    "the {name} {url} must be https: a secret would go there in the clear"
                )));
            }
        }
        Ok(connection)
    }

    /// Stores the connection in a file that only its owner can read, and returns the path.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(crate) fn save(&self, profile: &str, variable: impl Fn(&str) -> Option<String>) -> Result<PathBuf, Error> {
        let path = path(profile, &variable)?;
        let failed = |error: std::io::Error| Error::Usage(format!("{}: {error}", path.display()));
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(failed)?;
        }
        let text = serde_json::to_string_pretty(self).map_err(|error| Error::Usage(error.to_string()))?;
        // A new file, because an old one would keep its mode. It is renamed, so that no profile is ever incomplete.
        let new = path.with_extension("new");
        drop(fs::remove_file(&new));
        let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&new).map_err(failed)?;
        file.write_all(format!("{text}\n").as_bytes()).map_err(failed)?;
        fs::rename(&new, &path).map_err(failed)?;
        Ok(path)
    }
}

/// Removes a profile and returns whether it existed.
///
/// # Errors
/// When it exists and cannot be removed.
pub(crate) fn remove(profile: &str, variable: impl Fn(&str) -> Option<String>) -> Result<bool, Error> {
    let path = path(profile, &variable)?;
    match fs::remove_file(&path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(Error::Usage(format!("{}: {error}", path.display()))),
    }
}

fn read(profile: &str, variable: impl Fn(&str) -> Option<String>) -> Result<Option<Connection>, Error> {
    let path = path(profile, variable)?;
    let failed = |error: &dyn std::fmt::Display| Error::Usage(format!("{}: {error}", path.display()));
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && profile == "default" => return Ok(None),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(Error::Usage(format!(
                "there is no profile {profile}; `bindctl login --profile {profile}` makes it"
            )));
        }
        Err(error) => return Err(failed(&error)),
    };
    let mode = fs::metadata(&path).map_err(|error| failed(&error))?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err(failed(&"others can read this file, and it holds a secret: chmod 600"));
    }
    serde_json::from_str(&text).map(Some).map_err(|error| failed(&error))
}

fn path(profile: &str, variable: impl Fn(&str) -> Option<String>) -> Result<PathBuf, Error> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_".contains(&b);
    if profile.is_empty() || !profile.bytes().all(plain) {
        return Err(Error::Usage("a profile's name has letters, digits, - and _ only".to_owned()));
    }
    let set = |name: &str| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let folder = set("XDG_CONFIG_HOME").or_else(|| Some(set("HOME")?.join(".config")));
    let folder = folder.ok_or_else(|| Error::Usage("neither XDG_CONFIG_HOME nor HOME is set".to_owned()))?;
    Ok(folder.join("bindctl").join(format!("{profile}.json")))
}

/// Whether an address is a loopback address.
pub(crate) fn is_loopback(url: &str) -> bool {
    let rest = url.strip_prefix("http://").unwrap_or_default();
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let port_or_none =
        |rest: &str| rest.is_empty() || rest.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok());
    ["localhost", "127.0.0.1", "[::1]"].iter().any(|host| authority.strip_prefix(host).is_some_and(port_or_none))
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::args::Args;

    fn settings(flags: &[&str]) -> Settings {
        let args = ["bindctl"].iter().chain(flags).chain(&["logout"]);
        Args::parse_from(args).settings
    }

    fn variables(folder: &std::path::Path) -> impl Fn(&str) -> Option<String> {
        let folder = folder.to_string_lossy().into_owned();
        move |name| (name == "XDG_CONFIG_HOME").then(|| folder.clone())
    }

    #[test]
    fn the_default_is_the_local_stack() {
        let folder = tempfile::tempdir().unwrap();
        let connection = Connection::of(&settings(&["--realm", "other"]), variables(folder.path())).unwrap();
        assert_eq!(connection, Connection { realm: Some("other".to_owned()), ..local(LOCAL) });
    }

    #[test]
    fn a_profile_is_private_and_its_secret_stays_with_its_issuer() {
        let folder = tempfile::tempdir().unwrap();
        let kept = Connection {
            url: "https://bind.example.com".to_owned(),
            token_url: Some("https://issuer.example.com/token".to_owned()),
            client_secret: Some("s3cret".to_owned()),
            ..Connection::default()
        };
        let path = kept.save("default", variables(folder.path())).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(Connection::of(&settings(&[]), variables(folder.path())).unwrap(), kept);

        // The profile's secret is not used with other addresses.
        for flags in [["--url", "https://evil.example"], ["--token-url", "https://evil.example/token"]] {
            let connection = Connection::of(&settings(&flags), variables(folder.path())).unwrap();
            assert_eq!(connection.client_secret, None, "{flags:?}");
        }

        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let refused = Connection::of(&settings(&[]), variables(folder.path())).unwrap_err().to_string();
        assert!(refused.contains("chmod 600"), "{refused}");
        assert!(remove("default", variables(folder.path())).unwrap());
        assert!(!remove("default", variables(folder.path())).unwrap());
    }

    #[test]
    fn invalid_settings_are_rejected() {
        let folder = tempfile::tempdir().unwrap();
        for (flags, words) in [
            (["--url", "http://bind.example.com"], "must be https"),
            (["--url", "http://localhost.evil.example"], "must be https"),
            (["--token-url", "http://issuer.example.com/token"], "must be https"),
            (["--profile", "absent"], "there is no profile absent"),
            (["--profile", "../x"], "letters, digits"),
        ] {
            let refused = Connection::of(&settings(&flags), variables(folder.path())).unwrap_err().to_string();
            assert!(refused.contains(words), "{flags:?}: {refused}");
        }
    }
}
