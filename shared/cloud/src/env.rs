//! A function's configuration: environment variables, as a value.

use binding::link::PublicUrl;
use binding::redirect;
use std::collections::BTreeMap;

/// A function's environment. On Lambda it is the process's own; the local stack gives each function another.
#[derive(Clone, Debug, Default)]
pub struct Env(BTreeMap<String, String>);

impl Env {
    /// The environment of this process.
    #[must_use]
    pub fn of_process() -> Self {
        Self(std::env::vars().collect())
    }

    /// An environment with these variables.
    pub fn new(variables: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(variables.into_iter().collect())
    }

    /// A variable that must be there.
    ///
    /// # Errors
    /// [`BadVariable`] when it is missing or empty.
    pub fn require(&self, name: &'static str) -> Result<&str, BadVariable> {
        self.get(name).ok_or(BadVariable { name, why: "is not set" })
    }

    /// A variable that may be missing. Empty is missing.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }
}

impl Env {
    /// The address of the installation, `PUBLIC_URL`.
    ///
    /// # Errors
    /// [`BadVariable`] when it is missing, or neither https nor http on loopback, or more than an origin.
    pub fn public_url(&self) -> Result<PublicUrl, BadVariable> {
        let why = "must be an https origin, such as https://bind.example.com";
        PublicUrl::parse(self.require("PUBLIC_URL")?).ok_or(BadVariable { name: "PUBLIC_URL", why })
    }
}

impl Env {
    /// The origins that the operator lets make passkeys for the installation's own host: `RELATED_ORIGINS`, separated by
    /// commas; none when it is missing.
    ///
    /// # Errors
    /// [`BadVariable`] when one is no origin.
    pub fn related_origins(&self) -> Result<Vec<String>, BadVariable> {
        let origins = self.get("RELATED_ORIGINS").unwrap_or_default().split(',').map(str::trim);
        let origins: Vec<String> = origins.filter(|origin| !origin.is_empty()).map(str::to_owned).collect();
        if origins.iter().all(|origin| redirect::check_origin(origin).is_ok()) {
            return Ok(origins);
        }
        let why = "must be origins as browsers write them, separated by commas, such as https://app.example.com";
        Err(BadVariable { name: "RELATED_ORIGINS", why })
    }
}

/// A variable that keeps a function from starting.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("environment variable {name} {why}")]
pub struct BadVariable {
    /// Its name.
    pub name: &'static str,
    /// What is wrong with it.
    pub why: &'static str,
}
