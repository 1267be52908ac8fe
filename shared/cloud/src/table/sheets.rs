//! How many identities of a realm have each enrollment status: slots and sheets ([`binding::enrollment::Sheet`]).
//!
//! The identity has its slot in an item of its own, which is erased with it. Each write is of one item and safe to repeat,
//! so there is no transaction: after a write, `publish-changes` reads again, until there is nothing left to write.

use binding::enrollment::{Counts, EnrollmentStatus, Sheet, Slot};
use binding::ids::{IdentityRef, RealmRef};
use binding::state::State;
use binding::time::Timestamp;
use binding::unavailable::Unavailable;

use super::attribute::*;
use super::change::{Change, Condition};
use super::item::{Item, Reader, Writer, n, s};
use super::records::{credential_from_item, job_from_item};
use super::write::{Changed, Write, Written};
use super::{Table, keys};
use crate::each::each;

/// The maximum number of requests for the counts of a realm. Each reads 1 MB, the statuses of 700 000 identities.
const REQUESTS: usize = 50;

/// The number of sheets that are cleared concurrently.
const AT_ONCE: usize = 16;

/// How many times it is tried to clear a sheet while others write it.
const CLEARINGS: usize = 20;

/// The enrollment of an identity, from its items.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Enrolled {
    /// Its status; `None` if the identity does not exist.
    pub status: Option<EnrollmentStatus>,
    /// Its slot, if it has one.
    pub slot: Option<Slot>,
}

/// The work on the sheets that a change in the table's stream requires.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Enrolling {
    /// The status of the identity may have changed.
    Identity(IdentityRef),
    /// An identity with this slot was erased.
    Freed(RealmRef, Slot),
}

/// The work on the sheets that a change requires, from the images of the item before and after it.
#[must_use]
pub fn enrolling(old: &Item, new: &Item) -> Option<Enrolling> {
    let [before, after] = [old, new].map(|item| (!item.is_empty()).then_some(Reader(item)));
    let there = after.as_ref().or(before.as_ref())?;
    let identity = keys::parse_identity(&there.text("pk").ok()?)?;
    let state = |item: &Option<Reader<'_>>| item.as_ref().map(|item| item.text_or_empty(STATE));
    let live = |state: String| State::from_name(&state).map(|state| !state.is_terminal());
    let changed = match there.text("kind").ok()?.as_str() {
        "JOB" => state(&before).map(live) != state(&after).map(live),
        "CREDENTIAL" => state(&before) != state(&after),
        "IDENTITY" => before.is_some() != after.is_some(),
        keys::SLOT if after.is_none() => return Some(Enrolling::Freed(identity.realm, slot_of(old).ok()?)),
        _ => false,
    };
    changed.then_some(Enrolling::Identity(identity))
}

impl Table {
    /// Reads the enrollment status and the slot of an identity, consistently.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn enrolled(&self, identity: &IdentityRef, now: Timestamp) -> Result<Enrolled, Unavailable> {
        let (mut jobs, mut credentials, mut slot, mut exists) = (Vec::new(), Vec::new(), None, false);
        for item in self.items_of(identity).await? {
            match Reader(&item).text_or_empty("kind").as_str() {
                "JOB" => jobs.extend(job_from_item(&item).ok()),
                "CREDENTIAL" => credentials.extend(credential_from_item(&item).ok()),
                "IDENTITY" => exists = true,
                keys::SLOT => slot = Some(slot_of(&item)?),
                _ => {}
            }
        }
        let status = exists.then(|| EnrollmentStatus::of(&credentials, &jobs, now));
        Ok(Enrolled { status, slot })
    }

    /// Takes `count` slots that no identity has, and returns the first. Those that are not used stay empty.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn take_enrollment_slots(&self, realm: &RealmRef, count: u32) -> Result<Slot, Unavailable> {
        let change = Change::of(keys::slots(realm)).set(KIND, s("SLOTS")).add(NEXT_SLOT, count.into());
        let Written::Done(item) = self.change(change).await? else {
            return Err(Unavailable::new("dynamodb", "a change without a condition was not done"));
        };
        let end: u32 = Reader(&item).number(NEXT_SLOT)?;
        Ok(Slot(end.saturating_sub(count)))
    }

    /// Gives an identity a slot, unless it has one.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn give_enrollment_slot(&self, identity: &IdentityRef, slot: Slot) -> Result<Changed, Unavailable> {
        let item = Writer::new(keys::slot(identity), keys::SLOT).set(SLOT, n(slot.0)).0;
        Ok(self.put(item, vec![Condition::Missing]).await?.into())
    }

    /// Takes its slot from an identity, if it has this one.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn drop_enrollment_slot(&self, identity: &IdentityRef, slot: Slot) -> Result<(), Unavailable> {
        let same = vec![Condition::Is(SLOT, n(slot.0))];
        self.transact(vec![Write::Delete(keys::slot(identity), same)]).await.map(drop)
    }

    /// Reads a sheet, consistently.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn sheet(&self, realm: &RealmRef, number: u32) -> Result<Option<Sheet>, Unavailable> {
        self.get(keys::sheet(realm, number)).await?.map(|item| sheet_from_item(&item)).transpose()
    }

    /// Replaces a sheet, if it still is as it was read.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn put_sheet(
        &self,
        realm: &RealmRef,
        number: u32,
        seen: Option<&Sheet>,
        sheet: &Sheet,
    ) -> Result<Changed, Unavailable> {
        let unchanged = seen.map_or(Condition::Lacks(STATUSES), |seen| Condition::Is(STATUSES, s(seen.to_string())));
        let change = Change::of(keys::sheet(realm, number))
            .when(unchanged)
            .set(KIND, s("SHEET"))
            .set(STATUSES, s(sheet.to_string()));
        // Not marked: if the response to it was lost, the sheet is read again and needs no change.
        Ok(self.change(change).await?.into())
    }

    /// Clears the sheets of a realm: no identity is counted until its status is set again.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond, or others write a sheet all the time.
    pub async fn clear_sheets(&self, realm: &RealmRef) -> Result<(), Unavailable> {
        let slots = self.get(keys::slots(realm)).await?;
        let end = Slot(slots.and_then(|slots| Reader(&slots).maybe_number(NEXT_SLOT)).unwrap_or_default());
        let clear = |number| {
            let (table, realm) = (self.clone(), realm.clone());
            async move { table.clear_sheet(&realm, number).await }
        };
        each(0..=end.sheet(), AT_ONCE, clear).await.map(drop)
    }

    async fn clear_sheet(&self, realm: &RealmRef, number: u32) -> Result<(), Unavailable> {
        for _ in 0..CLEARINGS {
            let Some(seen) = self.sheet(realm, number).await? else { return Ok(()) };
            let cleared = seen.cleared();
            if seen == cleared || self.put_sheet(realm, number, Some(&seen), &cleared).await? == Changed::Yes {
                return Ok(());
            }
        }
        Err(Unavailable::new("dynamodb", "others write a sheet all the time"))
    }

    /// Counts the identities of a realm by enrollment status, as of the changes that the stream has delivered.
    ///
    /// # Errors
    /// [`Unavailable`] when the table does not respond.
    pub async fn enrollment_counts(&self, realm: &RealmRef) -> Result<Counts, Unavailable> {
        let (sheets, all) = self.pages(self.partition(&keys::sheets_pk(realm), keys::SHEET), REQUESTS).await?;
        if !all {
            return Err(Unavailable::new("dynamodb", "the realm has too many identities to count"));
        }
        let mut counts = Counts::default();
        for item in &sheets {
            counts.add(&sheet_from_item(item)?);
        }
        Ok(counts)
    }
}

fn sheet_from_item(item: &Item) -> Result<Sheet, Unavailable> {
    Ok(Sheet::parse(&Reader(item).text(STATUSES)?))
}

fn slot_of(item: &Item) -> Result<Slot, Unavailable> {
    Reader(item).number(SLOT).map(Slot)
}
