//! Configs and realms that a warm function caches for a minute: for sign-ins, and a realm also for what a device shows. A
//! change takes effect within that time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use binding::directory::{AuthenticatorConfig, Realm};
use binding::ids::{ConfigRef, RealmRef};
use binding::time::Timestamp;
use binding::unavailable::Unavailable;

use super::Table;

/// How long an item is cached, in seconds.
const KEPT_SECONDS: i64 = 60;

/// The maximum number of cached items of a kind.
const MOST: usize = 1000;

/// Items as they were last read.
#[derive(Clone, Debug)]
pub(super) struct Recent<T>(Arc<Mutex<HashMap<String, (Timestamp, T)>>>);

impl<T> Default for Recent<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<T: Clone> Recent<T> {
    fn get(&self, name: &str, now: Timestamp) -> Option<T> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(name).filter(|(read, _)| now < read.plus_seconds(KEPT_SECONDS)).map(|(_, thing)| thing.clone())
    }

    fn keep(&self, name: String, now: Timestamp, thing: T) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST {
            kept.clear();
        }
        kept.insert(name, (now, thing));
    }
}

impl Table {
    /// The newest version of a config, at most a minute old. One that does not enable sign-in is read again, so that
    /// enabling it takes effect at once.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn recent_config(
        &self,
        config: &ConfigRef,
        now: Timestamp,
    ) -> Result<Option<AuthenticatorConfig>, Unavailable> {
        let name = config.to_string();
        if let Some(kept) = self.recent_configs.get(&name, now).filter(|config| config.sign_in.enabled) {
            return Ok(Some(kept));
        }
        let found = self.config(&config.realm, &config.id).await?;
        if let Some(found) = &found {
            self.recent_configs.keep(name, now, found.clone());
            self.keep_version(found);
        }
        Ok(found)
    }

    /// A realm, at most a minute old.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn recent_realm(&self, realm: &RealmRef, now: Timestamp) -> Result<Option<Realm>, Unavailable> {
        let name = realm.to_string();
        if let Some(kept) = self.recent_realms.get(&name, now) {
            return Ok(Some(kept));
        }
        let found = self.realm(realm).await?;
        if let Some(found) = &found {
            self.recent_realms.keep(name, now, found.clone());
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_cached_for_a_minute_and_their_number_is_bounded() {
        let (recent, now) = (Recent::default(), Timestamp::from_millis(1_800_000_000_000));
        recent.keep("a".to_owned(), now, 1);
        assert_eq!(recent.get("a", now.plus_seconds(59)), Some(1));
        assert_eq!(recent.get("a", now.plus_seconds(60)), None);
        assert_eq!(recent.get("b", now), None);
        for number in 0..2 * MOST {
            recent.keep(number.to_string(), now, 2);
        }
        assert!(recent.0.lock().unwrap().len() <= MOST);
    }
}
