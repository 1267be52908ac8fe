//! Lists, page by page.

use api::operation::encoded;
use api::view::List;
use serde::Deserialize;
use serde_json::Value;

use super::{Context, typed};
use crate::args::Listing;
use crate::error::Error;
use crate::print;

/// The maximum page size of the API.
const PAGE: u32 = 200;

/// The members that every list has besides its elements.
#[derive(Deserialize)]
struct Next {
    next_page_token: Option<String>,
}

/// Prints a list, up to the given limit.
///
/// # Errors
/// See [`Error`].
pub(super) fn show<L: List>(
    context: &Context,
    path: &str,
    listing: &Listing,
    filter: Option<&str>,
    columns: &[print::Column<L::Element>],
) -> Result<(), Error> {
    let limit = listing.limit as usize;
    let mut elements: Vec<Value> = Vec::new();
    let mut query = format!("?page_size={}", listing.limit.min(PAGE));
    if let Some(filter) = filter {
        query.push_str(&format!("&filter={}", encoded(filter)));
    }
    let mut next = String::new();
    let more = loop {
        let mut page = context.client.get(&format!("{path}{query}{next}"))?;
        elements.extend(page[L::MEMBER].as_array_mut().map(std::mem::take).unwrap_or_default());
        // A page of a filtered list may be short or empty although another one follows.
        match typed::<Next>(&page)?.next_page_token {
            Some(token) if elements.len() < limit => next = format!("&page_token={}", encoded(&token)),
            token => break token.is_some() || elements.len() > limit,
        }
    };
    elements.truncate(limit);
    if context.json {
        print::json(&elements.into());
    } else if elements.is_empty() {
        print::line("none");
    } else {
        print::table(columns, &elements.iter().map(typed).collect::<Result<Vec<_>, _>>()?);
    }
    if more {
        eprintln!("There are more: --limit.");
    }
    Ok(())
}
