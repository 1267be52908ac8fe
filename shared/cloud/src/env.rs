//! A function's configuration: environment variables, as a value.

use binding::link::PublicUrl;
use binding::redirect;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A function's environment. On Lambda it is that of the process; the local stack gives each function its own.
#[derive(Clone, Debug, Default)]
pub struct Env(Arc<BTreeMap<String, String>>);

impl Env {
    /// The environment of this process.
    #[must_use]
    pub fn of_process() -> Self {
        Self::new(std::env::vars())
    }

    /// An environment with these variables.
    pub fn new(variables: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(Arc::new(variables.into_iter().collect()))
    }

    /// A required variable.
    ///
    /// # Errors
    /// [`BadVariable`] when it is missing or empty.
    pub fn require(&self, name: &'static str) -> Result<&str, BadVariable> {
        self.get(name).ok_or(BadVariable { name, why: "is not set" })
    }

    /// An optional variable. An empty value counts as missing.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }
}

impl Env {
    /// The public address of the installation, `PUBLIC_URL`.
    ///
    /// # Errors
    /// [`BadVariable`] when it is missing, or is not an https origin or an http origin on loopback.
    pub fn public_url(&self) -> Result<PublicUrl, BadVariable> {
        let why = "must be an https origin, such as https://bind.example.com";
        PublicUrl::parse(self.require("PUBLIC_URL")?).ok_or(BadVariable { name: "PUBLIC_URL", why })
    }
}

impl Env {
    /// The origins that the operator allows to create passkeys for the installation's own host: `RELATED_ORIGINS`,
    /// separated by commas. Empty when the variable is missing.
    ///
    /// # Errors
    /// [`BadVariable`] when one of them is not an origin.
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

/// A missing or invalid variable, which prevents a function from starting.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("environment variable {name} {why}")]
pub struct BadVariable {
    /// The variable's name.
    pub name: &'static str,
    /// Why it is invalid.
    pub why: &'static str,
}
