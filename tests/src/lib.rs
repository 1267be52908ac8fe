//! This crate has no library code: the tests are in `integration/`.
