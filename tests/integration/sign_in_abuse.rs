//! Attempts to sign in without the right.
//!
//! Operations: beginSignIn, finishSignIn.
