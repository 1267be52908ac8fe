//! Logs: one JSON object per line, with the key names of Powertools for AWS Lambda.
//!
//! Ids are logged. Addresses, names, links and tokens never are; the types of tokens have no `Display`.

use std::fmt;

use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields, MakeWriter};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::registry::LookupSpan;

use crate::clock::Clock;
use crate::env::Env;
use crate::metric;

/// Sends this process's log lines of level INFO and above to `writer`. Later calls have no effect.
pub fn init<W>(env: &Env, writer: W)
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    // Fails if a subscriber exists already, as in tests that start several stacks.
    drop(tracing::subscriber::set_global_default(subscriber(env, writer)));
}

/// The subscriber that writes this process's log lines to `writer`.
pub fn subscriber<W>(env: &Env, writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let service = env.get("POWERTOOLS_SERVICE_NAME").unwrap_or("bindery").to_owned();
    let layer = tracing_subscriber::fmt::layer()
        .event_format(JsonLine { service, clock: Clock::default() })
        .with_writer(writer);
    tracing_subscriber::registry().with(layer).with(tracing_subscriber::filter::LevelFilter::INFO)
}

struct JsonLine {
    service: String,
    clock: Clock,
}

impl<S, N> FormatEvent<S, N> for JsonLine
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(&self, _: &FmtContext<'_, S, N>, mut writer: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let mut fields = Fields(Map::new());
        fields.0.insert("level".into(), level(*event.metadata().level()).into());
        fields.0.insert("timestamp".into(), self.clock.now().to_string().into());
        fields.0.insert("service".into(), self.service.as_str().into());
        fields.0.insert("location".into(), event.metadata().target().into());
        event.record(&mut fields);
        if event.metadata().target() == metric::TARGET {
            return writeln!(writer, "{}", fields.0.get(metric::LINE).and_then(Value::as_str).unwrap_or_default());
        }
        writeln!(writer, "{}", Value::Object(fields.0))
    }
}

fn level(level: Level) -> &'static str {
    match level {
        Level::ERROR => "ERROR",
        Level::WARN => "WARNING",
        Level::INFO => "INFO",
        _ => "DEBUG",
    }
}

struct Fields(Map<String, Value>);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}").into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name().to_owned(), value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.0.insert(field.name().to_owned(), value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.0.insert(field.name().to_owned(), value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.0.insert(field.name().to_owned(), value.into());
    }
}
