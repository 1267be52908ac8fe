//! Names of enums.

/// Adds an enum's values and their names, from strum's derives `EnumCount`, `IntoStaticStr` and `VariantArray`.
#[macro_export]
macro_rules! names {
    ($name:ident) => {
        impl $name {
            /// All values.
            pub const ALL: [Self; <Self as strum::EnumCount>::COUNT] =
                *<Self as strum::VariantArray>::VARIANTS.first_chunk().unwrap();

            /// The name in the API and in the table.
            #[must_use]
            pub fn name(self) -> &'static str {
                self.into()
            }

            /// Parses a name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.into_iter().find(|one| one.name() == name)
            }
        }
    };
}
