//! Examples of previews.

use binding::state::State;
use serde_json::Value;

use super::{Example, value};
use crate::request;
use crate::scalar::{Named, UpTo};
use crate::view;

impl Example for request::PreviewMail {
    fn example_json() -> Value {
        value(Self {
            preview: request::MailSettings {
                kind: Some(view::MailKind::Invitation),
                locale: Some(UpTo("de".into())),
                realm: None,
            },
        })
    }
}

impl Example for request::PreviewPage {
    fn example_json() -> Value {
        value(Self {
            preview: request::PageSettings {
                state: Some(Named(State::LinkSent)),
                locale: Some(UpTo("de".into())),
                realm: None,
            },
        })
    }
}
