//! Identities from the file of a campaign: created, or changed where the file differs.

use api::operation::{GET_IDENTITY, PATCH_IDENTITY, PUT_IDENTITY};
use api::view::Identity;
use serde::{Deserialize, Serialize};

use super::people::Person;
use crate::args::Traits;
use crate::client::Client;
use crate::commands::each::{each, is_about_one};
use crate::commands::{identities, typed};
use crate::error::Error;
use crate::progress::Progress;

/// How often an identity is compared and written.
const TRIES: usize = 3;

/// How an identity compares with the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Difference {
    /// It does not exist.
    New,
    /// The file has other values.
    Changed,
    /// The file has the same values, or none.
    None,
}

/// How many identities were new, changed and unchanged.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
pub(super) struct Imported {
    pub(super) created: usize,
    pub(super) updated: usize,
    pub(super) unchanged: usize,
}

impl Imported {
    pub(super) fn of(differences: &[Difference]) -> Self {
        let count = |which| differences.iter().filter(|difference| **difference == which).count();
        Self {
            created: count(Difference::New),
            updated: count(Difference::Changed),
            unchanged: count(Difference::None),
        }
    }
}

/// Compares each person with the stored identity and, if `write` is set, creates or changes it. The result has the order
/// of `people`.
///
/// # Errors
/// The identities that the API refused, by line. A request that gets no answer ends the import.
pub(super) fn all(client: &Client, people: &[Person], write: bool) -> Result<Vec<Difference>, Error> {
    let progress = Progress::new("identities", 0, people.len() as u64);
    let differences = each(people, |person| {
        let difference = settled(client, person, write);
        progress.step();
        difference
    });
    progress.end();
    let mut refused = Vec::new();
    let mut found = Vec::with_capacity(people.len());
    for (person, difference) in people.iter().zip(differences) {
        match difference {
            Some(Ok(difference)) => found.push(difference),
            Some(Err(error)) if is_about_one(&error) => {
                let words = error.to_string().replace('\n', "\n    ");
                refused.push(format!("\n  line {}, {}: {words}", person.line, person.id));
            }
            Some(Err(error)) => return Err(error),
            // A later element explains why this one was not reached.
            None => {}
        }
    }
    if refused.is_empty() {
        return Ok(found);
    }
    let words = "The API refused these identities, and nobody was invited:";
    Err(Error::Refused(format!("{words}{}", refused.concat())))
}

/// Another run of the command, or another client, can change the identity between the comparison and the write. Then both
/// are repeated.
fn settled(client: &Client, person: &Person, write: bool) -> Result<Difference, Error> {
    for _ in 1..TRIES {
        match one(client, person, write) {
            Err(Error::Problem(409, _)) => {}
            settled => return settled,
        }
    }
    one(client, person, write)
}

fn one(client: &Client, person: &Person, write: bool) -> Result<Difference, Error> {
    let id: &[&str] = &[&person.id];
    let mut wanted = Traits {
        username: person.username.clone(),
        display_name: person.name.clone(),
        email: Some(person.address.clone()),
        locale: person.locale.clone(),
        time_zone: person.time_zone.clone(),
    };
    let seen: Identity = match client.call(GET_IDENTITY, id, None) {
        Ok(answer) => typed(&answer)?,
        Err(Error::Problem(404, _)) => {
            wanted.username = wanted.username.or_else(|| Some(person.id.clone()));
            if write {
                client.call_repeatedly(PUT_IDENTITY, id, Some(&identities::identity(wanted)))?;
            }
            return Ok(Difference::New);
        }
        Err(error) => return Err(error),
    };
    let stored = [
        Some(seen.traits.username),
        Some(seen.display_name),
        seen.traits.primary_email_address,
        seen.traits.locale,
        seen.traits.zoneinfo,
    ];
    let file = [&wanted.username, &wanted.display_name, &wanted.email, &wanted.locale, &wanted.time_zone];
    if file.iter().zip(&stored).all(|(file, stored)| file.is_none() || file.as_deref() == stored.as_deref()) {
        return Ok(Difference::None);
    }
    if write {
        client.call_repeatedly(PATCH_IDENTITY, id, Some(&identities::identity(wanted)))?;
    }
    Ok(Difference::Changed)
}
