//! Sheets: the enrollment statuses of a realm's identities, a character for each.
//!
//! Each identity has a [`Slot`] of its own, which no other identity ever gets. The counts of a realm are those of its
//! sheets: 14 000 identities in ten items of less than a kilobyte. To set a slot again to the same status changes
//! nothing, so a change that is delivered twice is counted once.

use super::EnrollmentStatus;

/// The number of slots of a sheet. An item with so many characters and the longest key has less than a kilobyte, which
/// is one write unit.
const SIZE: u32 = 700;

/// A slot that no identity has been given yet, or whose status is not known yet.
const EMPTY: u8 = b'.';

/// The slot of an erased identity.
const FREED: u8 = b'-';

/// The slot of an identity in the sheets of its realm, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot(pub u32);

impl Slot {
    /// The number of its sheet, counted from 0.
    #[must_use]
    pub fn sheet(self) -> u32 {
        self.0 / SIZE
    }

    fn offset(self) -> usize {
        (self.0 % SIZE) as usize
    }
}

/// How many identities of a realm have each enrollment status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts([u32; EnrollmentStatus::ALL.len()]);

impl Counts {
    /// How many identities have a status.
    #[must_use]
    pub fn of(&self, status: EnrollmentStatus) -> u32 {
        self.0[status as usize]
    }

    /// How many identities there are.
    #[must_use]
    pub fn total(&self) -> u32 {
        self.0.iter().sum()
    }

    /// Adds the identities of a sheet.
    pub fn add(&mut self, sheet: &Sheet) {
        for code in &sheet.0 {
            if let Some(status) = status_of(*code) {
                self.0[status as usize] += 1;
            }
        }
    }
}

/// The statuses of up to 700 identities.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet(Vec<u8>);

impl Sheet {
    /// Reads a stored sheet.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        Self(text.as_bytes().to_vec())
    }

    /// Sets the status of the identity with this slot, unless the slot was freed.
    pub fn set(&mut self, slot: Slot, status: EnrollmentStatus) {
        if !self.is_freed(slot) {
            *self.at(slot) = code_of(status);
        }
    }

    /// Frees the slot of an erased identity, for good.
    pub fn free(&mut self, slot: Slot) {
        *self.at(slot) = FREED;
    }

    /// The sheet without statuses. Freed slots stay freed.
    #[must_use]
    pub fn cleared(&self) -> Self {
        Self(self.0.iter().map(|code| if *code == FREED { FREED } else { EMPTY }).collect())
    }

    /// The status of the identity with this slot, if it is known.
    #[must_use]
    pub fn status(&self, slot: Slot) -> Option<EnrollmentStatus> {
        self.0.get(slot.offset()).and_then(|code| status_of(*code))
    }

    /// Whether the slot was freed.
    #[must_use]
    pub fn is_freed(&self, slot: Slot) -> bool {
        self.0.get(slot.offset()) == Some(&FREED)
    }

    fn at(&mut self, slot: Slot) -> &mut u8 {
        let offset = slot.offset();
        if self.0.len() <= offset {
            self.0.resize(offset + 1, EMPTY);
        }
        &mut self.0[offset]
    }
}

impl std::fmt::Display for Sheet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.0))
    }
}

fn code_of(status: EnrollmentStatus) -> u8 {
    match status {
        EnrollmentStatus::Enrolled => b'E',
        EnrollmentStatus::Pending => b'P',
        EnrollmentStatus::InviteFailed => b'F',
        EnrollmentStatus::Unenrolled => b'U',
    }
}

fn status_of(code: u8) -> Option<EnrollmentStatus> {
    EnrollmentStatus::ALL.into_iter().find(|status| code_of(*status) == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_counts_each_slot_once_and_keeps_freed_ones() {
        let mut sheet = Sheet::default();
        for (number, status) in (0..).zip(EnrollmentStatus::ALL) {
            sheet.set(Slot(SIZE + 2 * number), status);
            sheet.set(Slot(SIZE + 2 * number), status);
        }
        assert_eq!(sheet.to_string(), "E.P.F.U");
        assert_eq!(Sheet::parse(&sheet.to_string()), sheet);
        sheet.set(Slot(SIZE + 2), EnrollmentStatus::Enrolled);
        sheet.free(Slot(SIZE));
        sheet.set(Slot(SIZE), EnrollmentStatus::Enrolled);
        let mut counts = Counts::default();
        counts.add(&sheet);
        let of_all = EnrollmentStatus::ALL.map(|status| counts.of(status));
        assert_eq!((of_all, counts.total()), ([1, 0, 1, 1], 3));
        assert_eq!(sheet.cleared().to_string(), "-......");
    }

    #[test]
    fn slots_are_spread_over_sheets() {
        assert_eq!([0, SIZE - 1, SIZE, 10 * SIZE + 3].map(|number| Slot(number).sheet()), [0, 0, 1, 10]);
        assert_eq!(Slot(SIZE - 1).offset(), 699);
    }
}
