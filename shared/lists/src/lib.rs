//! Lists over REST: reads a page from the table and answers with it, as the contract of lists says.

use api::filter::Element;
use api::list::{COUNT_BOUND, Found, PageKey, Wanted, answer};
use api::problem::Problem;
use api::view::List;
use axum::Json;
use axum::http::Uri;
use binding::unavailable::Unavailable;
use cloud::aws::Aws;
use cloud::boot::Error;
use cloud::clock::Clock;
use cloud::env::Env;
use cloud::keys::PageSecret;
use cloud::table::{Choice, Listed, Listing, Position, Table};

/// Answers the requests for lists of one function.
#[derive(Clone, Debug)]
pub struct Lists {
    table: Table,
    clock: Clock,
    page_secret: PageSecret,
}

impl Lists {
    /// From the function's environment. The secret of page tokens is fetched for the first list.
    ///
    /// # Errors
    /// When a variable is missing or invalid.
    pub fn new(aws: &Aws, env: &Env, table: &Table, clock: &Clock) -> Result<Self, Error> {
        Ok(Self { table: table.clone(), clock: clock.clone(), page_secret: PageSecret::new(aws, env)? })
    }

    /// The key of page tokens.
    ///
    /// # Errors
    /// [`Unavailable`] when the secret cannot be read.
    pub async fn key(&self) -> Result<PageKey, Unavailable> {
        Ok(PageKey::new(&self.page_secret.get().await?))
    }

    /// A page of a list. `view` converts an element of the listing to its representation in the API. A filter is
    /// applied to the representation, so that a job has expired as soon as its `expire_time` has passed.
    ///
    /// # Errors
    /// A 400 for an invalid query, a 503 when a service does not respond.
    pub async fn page<L: List<Element: Element>>(
        &self,
        listing: Listing<'_>,
        view: impl Fn(&Listed) -> Option<L::Element> + Sync,
        uri: &Uri,
        query: Option<&str>,
    ) -> Result<Json<L>, Problem> {
        let fetch = async |page: Wanted| {
            let position = page.position.and_then(Position::from_parts);
            let keep = page.filter.as_ref().map(|filter| {
                let span = filter.span("create_time");
                let fits = |listed: &Listed| view(listed).is_some_and(|element| filter.matches(&element));
                Choice { from: span.from, until: span.until, count: page.count, keep: Box::new(fits) }
            });
            let page = self.table.list(listing, position, page.skip, page.size, keep).await?;
            Ok::<_, Unavailable>(Found {
                elements: page.elements.iter().filter_map(&view).collect(),
                next: page.next.map(Position::into_parts),
                matched: page.matched,
            })
        };
        let count = async || self.table.count(listing, COUNT_BOUND).await;
        answer(&self.key().await?, (uri.path(), query), self.clock.now(), count, fetch).await.map(Json)
    }
}
