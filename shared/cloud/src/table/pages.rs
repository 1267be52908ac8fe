//! Queries whose result has several pages.

use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use binding::unavailable::Unavailable;

use super::Table;
use super::item::{Item, s};
use crate::aws::unavailable;

impl Table {
    /// A consistent query of the items of a partition whose sort key begins with `prefix`.
    pub(super) fn partition(&self, pk: &str, prefix: &str) -> QueryFluentBuilder {
        let query = self.client.query().table_name(&self.name).consistent_read(true);
        let query = query.expression_attribute_values(":pk", s(pk));
        if prefix.is_empty() {
            return query.key_condition_expression("pk = :pk");
        }
        query
            .key_condition_expression("pk = :pk AND begins_with(sk, :prefix)")
            .expression_attribute_values(":prefix", s(prefix))
    }

    /// The items that a query returns in at most `requests` requests, each of 1 MB, and whether these are all.
    pub(super) async fn pages(
        &self,
        query: QueryFluentBuilder,
        requests: usize,
    ) -> Result<(Vec<Item>, bool), Unavailable> {
        let (mut items, mut start) = (Vec::new(), None);
        for _ in 0..requests {
            let page = query.clone().set_exclusive_start_key(start).send().await;
            let page = page.map_err(|error| unavailable("dynamodb", &error))?;
            items.extend(page.items.unwrap_or_default());
            start = page.last_evaluated_key;
            if start.is_none() {
                return Ok((items, true));
            }
        }
        Ok((items, false))
    }
}
