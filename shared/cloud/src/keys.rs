//! Keys from Secrets Manager, by generation.
//!
//! A secret stores its generations side by side, each under a staging label: the first is `AWSCURRENT`, which the
//! stack created, and `infra/rotate-keys` adds `generation-2` and so on. `KEY_GENERATION` selects the generation that
//! a function uses for new links and tokens. During a deployment, functions with both numbers run, and each must
//! accept what the other made.
//!
//! - A job stores the generation of its link's key, and the link is always derived with that key.
//! - A ceremony token, and the token of a sign-in, is verified with the function's own generation, with the next one as
//!   soon as it exists, and with the previous one for a day.
//!
//! Other generations are fetched on demand. A missing one is looked up again after a minute.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::operation::get_secret_value::GetSecretValueError;
use binding::ceremony::CeremonyKey;
use binding::key::{Key, NotAToken, TokenKey};
use binding::link::LinkKey;
use binding::sign_in::SignInKey;
use binding::time::Timestamp;
use binding::unavailable::Unavailable;
use lambda_runtime::Error;
use tokio::sync::OnceCell;

use crate::aws::{Aws, unavailable};
use crate::env::{BadVariable, Env};

/// For how long the previous key of tokens is accepted after its successor was made, in seconds: a day. Tokens live for
/// fifteen minutes at most; the rest is for the deployment.
const PREVIOUS_SECONDS: i64 = 24 * 60 * 60;

/// How long a missing generation is not looked up again, in seconds.
const MISSING_SECONDS: i64 = 60;

/// The generations of a key.
#[derive(Clone, Debug)]
pub struct Keys<K> {
    generations: Generations,
    current: K,
}

/// The keys of links.
pub type LinkKeys = Keys<LinkKey>;
/// The keys of ceremonies.
pub type CeremonyKeys = Keys<CeremonyKey>;
/// The keys of the tokens between the two requests of a sign-in.
pub type SignInKeys = Keys<SignInKey>;

/// A key that is in Secrets Manager.
pub trait Stored: Key {
    /// The variable that names its secret.
    const VARIABLE: &str;
}

impl Stored for LinkKey {
    const VARIABLE: &str = "LINK_KEY_SECRET";
}

impl Stored for CeremonyKey {
    const VARIABLE: &str = "CEREMONY_KEY_SECRET";
}

impl Stored for SignInKey {
    const VARIABLE: &str = "SIGN_IN_KEY_SECRET";
}

impl<K: Stored> Keys<K> {
    /// Fetches the key of the function's generation.
    ///
    /// # Errors
    /// A variable is missing, Secrets Manager does not respond or does not have the generation, or the key is too
    /// short.
    pub async fn open(aws: &Aws, env: &Env) -> Result<Self, Error> {
        let generations = Generations::open(aws, env, K::VARIABLE).await?;
        let current = K::new(&generations.current.secret)?;
        Ok(Self { generations, current })
    }

    /// The key for new links and tokens.
    #[must_use]
    pub fn current(&self) -> &K {
        &self.current
    }

    async fn other(&self, generation: u32, now: Timestamp) -> Result<Option<K>, Unavailable> {
        let found = self.generations.get(generation, now).await?;
        let key = found.map(|found| K::new(&found.secret)).transpose();
        key.map_err(|short| Unavailable::new("secretsmanager", short.to_string()))
    }
}

impl LinkKeys {
    /// The generation of the key for new jobs, which a job stores.
    #[must_use]
    pub fn generation(&self) -> u32 {
        self.generations.current.number
    }

    /// The key of a job's link.
    ///
    /// # Errors
    /// [`Unavailable`] when Secrets Manager does not respond, or no longer has the generation.
    pub async fn of(&self, generation: u32, now: Timestamp) -> Result<LinkKey, Unavailable> {
        if generation == self.generation() {
            return Ok(self.current.clone());
        }
        let found = self.other(generation, now).await?;
        found.ok_or_else(|| Unavailable::new("secretsmanager", format!("no generation {generation}")))
    }
}

impl<K: Stored + TokenKey> Keys<K> {
    /// Verifies a token that a device sent back. The returned token contains the key that made it.
    ///
    /// # Errors
    /// [`Unavailable`] when Secrets Manager does not respond. The inner error is [`NotAToken`].
    pub async fn verify(
        &self,
        subject: &K::Subject,
        text: &str,
        now: Timestamp,
    ) -> Result<Result<K::Token, NotAToken>, Unavailable> {
        let mut token = self.current.verify(subject, text, now);
        for generation in self.generations.neighbours(now) {
            if !matches!(token, Err(NotAToken::Unknown)) {
                break;
            }
            if let Some(other) = self.other(generation, now).await? {
                token = other.verify(subject, text, now);
            }
        }
        Ok(token)
    }
}

/// Fetches the secret of page tokens, `PAGE_KEY_SECRET`, in the function's generation. When it changes, lists in
/// progress start again. It is fetched for the first list, so that a function that serves something else starts without it
/// and without its client.
#[derive(Clone, Debug)]
pub struct PageSecret {
    aws: Aws,
    secret_id: String,
    number: u32,
    fetched: Arc<OnceCell<Generation>>,
}

impl PageSecret {
    /// From the function's environment.
    ///
    /// # Errors
    /// [`BadVariable`] when a variable is missing or invalid.
    pub fn new(aws: &Aws, env: &Env) -> Result<Self, BadVariable> {
        let secret_id = env.require("PAGE_KEY_SECRET")?.to_owned();
        Ok(Self { aws: aws.clone(), secret_id, number: number(env)?, fetched: Arc::default() })
    }

    /// The secret.
    ///
    /// # Errors
    /// [`Unavailable`] when Secrets Manager does not respond or does not have the generation.
    pub async fn get(&self) -> Result<Arc<[u8]>, Unavailable> {
        let fetch = async || fetch_generation(&self.aws.secretsmanager(), &self.secret_id, self.number).await;
        Ok(self.fetched.get_or_try_init(fetch).await?.secret.clone())
    }
}

/// One generation of a secret.
#[derive(Clone)]
struct Generation {
    number: u32,
    secret: Arc<[u8]>,
    created: Timestamp,
}

impl fmt::Debug for Generation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Generation({})", self.number)
    }
}

#[derive(Clone, Debug)]
enum Lookup {
    Found(Generation),
    Missing { until: Timestamp },
}

/// A secret with the generations that were fetched so far.
#[derive(Clone, Debug)]
struct Generations {
    client: Client,
    secret_id: String,
    current: Generation,
    others: Arc<Mutex<BTreeMap<u32, Lookup>>>,
}

impl Generations {
    async fn open(aws: &Aws, env: &Env, variable: &'static str) -> Result<Self, Error> {
        let number = number(env)?;
        let (client, secret_id) = (aws.secretsmanager(), env.require(variable)?.to_owned());
        let current = fetch_generation(&client, &secret_id, number).await?;
        Ok(Self { client, secret_id, current, others: Arc::default() })
    }

    /// The other generations with which tokens may have been made: the next one and, for a day, the previous one.
    fn neighbours(&self, now: Timestamp) -> impl Iterator<Item = u32> + use<> {
        let Generation { number, created, .. } = self.current;
        let previous = (now < created.plus_seconds(PREVIOUS_SECONDS)).then(|| number - 1);
        [Some(number + 1), previous.filter(|number| *number > 0)].into_iter().flatten()
    }

    /// Fetches another generation; `None` if it does not exist.
    async fn get(&self, number: u32, now: Timestamp) -> Result<Option<Generation>, Unavailable> {
        match self.others().get(&number) {
            Some(Lookup::Found(generation)) => return Ok(Some(generation.clone())),
            Some(Lookup::Missing { until }) if now < *until => return Ok(None),
            _ => {}
        }
        let version = fetch_stage(&self.client, &self.secret_id, &label(number)).await?;
        let found = version.map(|(secret, created)| Generation { number, secret: secret.into(), created });
        let until = now.plus_seconds(MISSING_SECONDS);
        let lookup = found.clone().map_or(Lookup::Missing { until }, Lookup::Found);
        self.others().insert(number, lookup);
        Ok(found)
    }

    fn others(&self) -> MutexGuard<'_, BTreeMap<u32, Lookup>> {
        self.others.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The label of the version that Secrets Manager returns by default.
const CURRENT: &str = "AWSCURRENT";

/// The staging label of a generation. `infra/rotate-keys` adds that of the first one when it creates the second.
fn label(generation: u32) -> String {
    format!("generation-{generation}")
}

fn number(env: &Env) -> Result<u32, BadVariable> {
    let why = "must be a whole number from 1 on";
    let Some(text) = env.get("KEY_GENERATION") else { return Ok(1) };
    text.parse().ok().filter(|number| *number > 0).ok_or(BadVariable { name: "KEY_GENERATION", why })
}

/// Fetches the bytes of a secret.
///
/// # Errors
/// [`Unavailable`] when Secrets Manager does not respond, or the secret is binary or missing.
pub async fn fetch(aws: &Aws, secret_id: &str) -> Result<Vec<u8>, Unavailable> {
    let secret = fetch_version(aws, secret_id, CURRENT).await?;
    secret.ok_or_else(|| Unavailable::new("secretsmanager", "there is no such secret"))
}

/// Fetches the bytes of a secret's version with this staging label; `None` when no version has it.
///
/// # Errors
/// [`Unavailable`] when Secrets Manager does not respond, or the secret is binary.
pub async fn fetch_version(aws: &Aws, secret_id: &str, stage: &str) -> Result<Option<Vec<u8>>, Unavailable> {
    Ok(fetch_stage(&aws.secretsmanager(), secret_id, stage).await?.map(|(secret, _)| secret))
}

/// The generation that a function uses for new links and tokens.
async fn fetch_generation(client: &Client, secret_id: &str, number: u32) -> Result<Generation, Unavailable> {
    let stage = if number == 1 { CURRENT.to_owned() } else { label(number) };
    let missing = || format!("{secret_id} has no version with the label {stage}: run infra/rotate-keys");
    let version = fetch_stage(client, secret_id, &stage).await?;
    let (secret, created) = version.ok_or_else(|| Unavailable::new("secretsmanager", missing()))?;
    Ok(Generation { number, secret: secret.into(), created })
}

async fn fetch_stage(
    client: &Client,
    secret_id: &str,
    stage: &str,
) -> Result<Option<(Vec<u8>, Timestamp)>, Unavailable> {
    let request = client.get_secret_value().secret_id(secret_id).version_stage(stage);
    let answer = match request.send().await {
        Ok(answer) => answer,
        Err(error) if error.as_service_error().is_some_and(GetSecretValueError::is_resource_not_found_exception) => {
            return Ok(None);
        }
        Err(error) => return Err(unavailable("secretsmanager", &error)),
    };
    let created = answer.created_date().and_then(|date| date.to_millis().ok()).unwrap_or_default();
    match answer.secret_string() {
        Some(secret) => Ok(Some((secret.as_bytes().to_vec(), Timestamp::from_millis(created)))),
        None => Err(Unavailable::new("secretsmanager", "the secret has no SecretString")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_generation_is_a_number_from_1() {
        let read = |text: &str| number(&Env::new([("KEY_GENERATION".to_owned(), text.to_owned())]));
        assert_eq!((read(""), read("1"), read("12")), (Ok(1), Ok(1), Ok(12)));
        for invalid in ["0", "-1", "1.0", "two"] {
            assert_eq!(read(invalid).unwrap_err().name, "KEY_GENERATION", "{invalid}");
        }
        assert_eq!(number(&Env::default()), Ok(1));
    }
}
