//! Lists, page by page.

use api::operation::{Operation, encoded};
use api::view::List;
use serde::Deserialize;
use serde_json::Value;

use super::{Context, typed};
use crate::args::Listing;
use crate::error::Error;
use crate::print;

/// The maximum page size of the API.
const PAGE: usize = 200;

/// The members that every list has besides its elements.
#[derive(Deserialize)]
struct Next {
    next_page_token: Option<String>,
}

/// Prints a list, up to the given limit.
///
/// # Errors
/// See [`Error`].
pub(super) fn show<L: List, P>(
    context: &Context,
    (operation, ids): (Operation<P>, &[&str]),
    listing: &Listing,
    filter: Option<&str>,
    columns: &[print::Column<L::Element>],
) -> Result<(), Error> {
    let path = context.client.path(&operation, ids)?;
    let (elements, more) = read(context, &path, L::MEMBER, filter, listing.limit as usize)?;
    print(context, columns, elements)?;
    if more {
        eprintln!("There are more: --limit.");
    }
    Ok(())
}

/// Prints elements, as JSON or as a table.
///
/// # Errors
/// When an element has another form.
pub(super) fn print<T: serde::de::DeserializeOwned>(
    context: &Context,
    columns: &[print::Column<T>],
    elements: Vec<Value>,
) -> Result<(), Error> {
    if context.json {
        print::json(&elements.into());
    } else if elements.is_empty() {
        print::line("none");
    } else {
        print::table(columns, &elements.iter().map(typed).collect::<Result<Vec<_>, _>>()?);
    }
    Ok(())
}

/// The elements of a list, up to the limit, and whether there are more. `member` is the name of the member that holds
/// them.
///
/// # Errors
/// See [`Error`].
pub(super) fn read(
    context: &Context,
    path: &str,
    member: &str,
    filter: Option<&str>,
    limit: usize,
) -> Result<(Vec<Value>, bool), Error> {
    let mut elements: Vec<Value> = Vec::new();
    let mut query = format!("?page_size={}", limit.min(PAGE));
    if let Some(filter) = filter {
        query.push_str(&format!("&filter={}", encoded(filter)));
    }
    let mut next = String::new();
    let more = loop {
        let mut page = context.client.get(&format!("{path}{query}{next}"))?;
        elements.extend(page[member].as_array_mut().map(std::mem::take).unwrap_or_default());
        // A page of a filtered list may be short or empty although another one follows.
        match typed::<Next>(&page)?.next_page_token {
            Some(token) if elements.len() < limit => next = format!("&page_token={}", encoded(&token)),
            token => break token.is_some() || elements.len() > limit,
        }
    };
    elements.truncate(limit);
    Ok((elements, more))
}
