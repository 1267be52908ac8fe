//! Keeps the counts of a realm's identities by enrollment status ([`cloud::table::Enrolled`]).
//!
//! A record shows only that the status of its identity may have changed. The identity is read, consistently, and its slot
//! in the realm's sheets is set to its status. After its own write, an invocation reads the identity again, and repeats
//! this until nothing has changed. So a slower invocation corrects an older status that it wrote over a newer one, and
//! does not report the record as handled before. Repeated and reordered records, and invocations that die, change nothing
//! of the result.

use std::collections::HashMap;
use std::time::Duration;

use binding::enrollment::{EnrollmentStatus, Slot};
use binding::ids::{IdentityRef, RealmRef};
use binding::unavailable::Unavailable;
use cloud::each::each;
use cloud::stream::enrolling_in;
use cloud::table::{Changed, Enrolled, Enrolling, Table};
use serde_json::Value;
use tokio::time::Instant;

use crate::Deps;

/// The maximum number of rounds. One writes, and one finds that nothing is left to write; others follow when several
/// invocations write the same sheet.
const ROUNDS: usize = 12;

/// How long rounds are started, from the start of the batch. The function has 20 s.
const BUDGET: Duration = Duration::from_secs(16);

/// The number of identities that are read concurrently, and of slots and sheets that are written.
const AT_ONCE: usize = 16;

/// An identity that is to be counted.
#[derive(Debug)]
struct Todo {
    /// The index of the first record about it.
    index: usize,
    /// What this invocation has written. If the identity is still the same, it is counted.
    written: Option<(Slot, EnrollmentStatus)>,
}

impl Todo {
    fn of(index: usize) -> Self {
        Self { index, written: None }
    }
}

/// What is left to do.
#[derive(Debug, Default)]
struct Work {
    identities: HashMap<IdentityRef, Todo>,
    /// The slots to free, with the index of the first record about it.
    freed: HashMap<(RealmRef, Slot), usize>,
}

/// A change of a slot in a sheet.
enum SlotChange {
    Set(IdentityRef, EnrollmentStatus),
    Free,
}

impl Work {
    fn of(records: &[Value]) -> Self {
        let mut work = Self::default();
        for (index, record) in records.iter().enumerate() {
            match enrolling_in(record) {
                Some(Enrolling::Identity(identity)) => drop(work.identities.entry(identity).or_insert(Todo::of(index))),
                Some(Enrolling::Freed(realm, slot)) => drop(work.freed.entry((realm, slot)).or_insert(index)),
                None => {}
            }
        }
        work
    }

    /// The first record whose work is not done.
    fn first(&self) -> Option<usize> {
        self.identities.values().map(|todo| todo.index).chain(self.freed.values().copied()).min()
    }
}

impl Deps {
    /// Counts the identities of some records, and returns the first record that must be delivered again.
    /// The batch began at `begun`.
    pub(crate) async fn enroll(&self, records: &[Value], begun: Instant) -> Option<usize> {
        self.settle(Work::of(records), begun).await
    }

    /// Counts identities, and returns whether that succeeded.
    pub(crate) async fn enroll_all(&self, identities: Vec<IdentityRef>) -> bool {
        let identities = identities.into_iter().map(|identity| (identity, Todo::of(0))).collect();
        self.settle(Work { identities, freed: HashMap::new() }, Instant::now()).await.is_none()
    }

    async fn settle(&self, mut work: Work, begun: Instant) -> Option<usize> {
        for _ in 0..ROUNDS {
            work.first()?;
            if begun.elapsed() >= BUDGET {
                break;
            }
            if let Err(error) = self.round(&mut work).await {
                tracing::warn!(detail = error.detail, "the enrollment counts are behind");
                break;
            }
        }
        work.first()
    }

    /// Reads all identities that are left, and writes what their sheets lack. Those that need no write are done.
    async fn round(&self, work: &mut Work) -> Result<(), Unavailable> {
        let mut changes: HashMap<(RealmRef, u32), Vec<(Slot, SlotChange)>> = HashMap::new();
        let mut without: HashMap<RealmRef, Vec<(IdentityRef, EnrollmentStatus)>> = HashMap::new();
        for (identity, enrolled) in self.read(work.identities.keys().cloned().collect()).await? {
            let realm = identity.realm.clone();
            match enrolled {
                Enrolled { status: None, slot: None } => drop(work.identities.remove(&identity)),
                Enrolled { status: None, slot: Some(slot) } => {
                    // It was given to an identity that was erased at the same time.
                    self.table.drop_enrollment_slot(&identity, slot).await?;
                    changes.entry((realm, slot.sheet())).or_default().push((slot, SlotChange::Free));
                }
                Enrolled { status: Some(status), slot: None } => {
                    without.entry(realm).or_default().push((identity, status));
                }
                Enrolled { status: Some(status), slot: Some(slot) } => {
                    if work.identities.get(&identity).is_some_and(|todo| todo.written == Some((slot, status))) {
                        work.identities.remove(&identity);
                        continue;
                    }
                    let change = SlotChange::Set(identity, status);
                    changes.entry((realm, slot.sheet())).or_default().push((slot, change));
                }
            }
        }
        for (realm, new) in without {
            for (slot, identity, status) in self.give_slots(&realm, new).await? {
                let change = SlotChange::Set(identity, status);
                changes.entry((realm.clone(), slot.sheet())).or_default().push((slot, change));
            }
        }
        for (realm, slot) in work.freed.keys() {
            changes.entry((realm.clone(), slot.sheet())).or_default().push((*slot, SlotChange::Free));
        }
        let write = |((realm, number), changes)| write(self.table.clone(), realm, number, changes);
        for Sheeted { realm, counted, set, freed } in each(changes, AT_ONCE, write).await? {
            for identity in counted {
                work.identities.remove(&identity);
            }
            for (identity, slot, status) in set {
                if let Some(todo) = work.identities.get_mut(&identity) {
                    todo.written = Some((slot, status));
                }
            }
            for slot in freed {
                work.freed.remove(&(realm.clone(), slot));
            }
        }
        Ok(())
    }

    async fn read(&self, identities: Vec<IdentityRef>) -> Result<Vec<(IdentityRef, Enrolled)>, Unavailable> {
        let read = |identity: IdentityRef| {
            let (table, now) = (self.table.clone(), self.clock.now());
            async move { table.enrolled(&identity, now).await.map(|enrolled| (identity, enrolled)) }
        };
        each(identities, AT_ONCE, read).await
    }

    /// Gives slots to identities that have none. Another invocation may have given one of them a slot meanwhile.
    async fn give_slots(
        &self,
        realm: &RealmRef,
        new: Vec<(IdentityRef, EnrollmentStatus)>,
    ) -> Result<Vec<(Slot, IdentityRef, EnrollmentStatus)>, Unavailable> {
        let count = u32::try_from(new.len()).unwrap_or(u32::MAX);
        let Slot(first) = self.table.take_enrollment_slots(realm, count).await?;
        let give = |(number, (identity, status)): (u32, (IdentityRef, EnrollmentStatus))| {
            let (table, slot) = (self.table.clone(), Slot(number));
            async move {
                let given = table.give_enrollment_slot(&identity, slot).await? == Changed::Yes;
                Ok(given.then_some((slot, identity, status)))
            }
        };
        let given = each((first..).zip(new), AT_ONCE, give).await?;
        Ok(given.into_iter().flatten().collect())
    }
}

/// What the write of a sheet has come to.
struct Sheeted {
    realm: RealmRef,
    /// The identities whose status the sheet had already.
    counted: Vec<IdentityRef>,
    /// The slots that were set.
    set: Vec<(IdentityRef, Slot, EnrollmentStatus)>,
    /// The slots that were freed.
    freed: Vec<Slot>,
}

/// Writes what a sheet lacks.
async fn write(
    table: Table,
    realm: RealmRef,
    number: u32,
    changes: Vec<(Slot, SlotChange)>,
) -> Result<Sheeted, Unavailable> {
    let seen = table.sheet(&realm, number).await?;
    let before = seen.clone().unwrap_or_default();
    let mut sheet = before.clone();
    let (mut counted, mut set, mut freed) = (Vec::new(), Vec::new(), Vec::new());
    for (slot, change) in changes {
        match change {
            SlotChange::Free => {
                sheet.free(slot);
                freed.push(slot);
            }
            SlotChange::Set(identity, _) if sheet.is_freed(slot) => {
                // The identity was erased meanwhile; if it was not, it gets another slot.
                table.drop_enrollment_slot(&identity, slot).await?;
            }
            SlotChange::Set(identity, status) if before.status(slot) == Some(status) => counted.push(identity),
            SlotChange::Set(identity, status) => {
                sheet.set(slot, status);
                set.push((identity, slot, status));
            }
        }
    }
    if sheet != before && table.put_sheet(&realm, number, seen.as_ref(), &sheet).await? == Changed::Meanwhile {
        (set, freed) = (Vec::new(), Vec::new());
    }
    Ok(Sheeted { realm, counted, set, freed })
}
