//! Assembles a stack from the template: AWS with the table, the gateway, and the functions with their event sources.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, RwLock};

use cloud::clock::Clock;
use cloud::env::Env;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::task::JoinHandle;

use crate::TEMPLATE;
use crate::aws::default_bus::{DefaultBus, Delivery};
use crate::aws::email::Sendings;
use crate::aws::engine::{Embedded, Engine};
use crate::aws::event_schemas::EventSchemas;
use crate::aws::permissions::Permissions;
use crate::aws::remote::Remote;
use crate::aws::secrets::Secrets;
use crate::aws::{Aws, database, wire};
use crate::failures::Failures;
use crate::faults::Faults;
use crate::folder::Folder;
use crate::gateway::contract::Contract;
use crate::gateway::edge::ErrorCache;
use crate::gateway::{Gateway, Target};
use crate::issuer::{AUDIENCE, CONSOLE_CLIENT, Issuer};
use crate::journal::Journal;
use crate::lambda::checkpoint::Checkpoint;
use crate::lambda::functions::{Running, Worker};
use crate::lambda::streams::{self, Progress, Pump};
use crate::lambda::timers::{Due, Timer};
use crate::options::Options;
use crate::record::{Counts, lock};
use crate::template::{Access, Function, QueueMapping, Template};

/// The variable by which functions multiply the timeouts of their AWS calls, and its default value here. Without it, a
/// debug build on a busy machine would return 503 where a deployed function would not.
const TIMEOUT_FACTOR: (&str, &str) = ("AWS_CALL_TIMEOUT_FACTOR", "10");

/// The data folder's file that stores how far the clock is ahead.
const CLOCK: &str = "clock.json";

#[derive(Debug, Default, Deserialize, Serialize)]
struct Ahead {
    ahead_millis: i64,
}

/// The parts of a running stack: AWS, the issuer, and the functions of the template.
pub(crate) struct Deployment {
    pub(crate) base: String,
    /// The sample app's origin.
    pub(crate) app: String,
    pub(crate) clock: Clock,
    pub(crate) aws: Aws,
    pub(crate) issuer: Issuer,
    pub(crate) set_aside: Journal,
    /// The API's last failed requests.
    pub(crate) failures: Failures,
    pub(crate) folder: Folder,
    pub(crate) options: Options,
    template: Template,
    gateway: RwLock<Option<Gateway>>,
    pumps: Mutex<Vec<JoinHandle<()>>>,
    /// The queues of events and the functions that consume them.
    queues: Mutex<Vec<(QueueMapping, Worker)>>,
    /// The functions, by logical id.
    pub(crate) workers: Mutex<HashMap<String, Worker>>,
    progress: Progress,
    schedules: Mutex<Vec<Due>>,
    /// The end of the stream at the last reset. Earlier records are not delivered any more.
    stream_begin: Mutex<Option<String>>,
}

impl Deployment {
    /// Reads the template and the data folder, and starts the table's engine. Also returns the events of the default
    /// bus, and the task of the embedded engine.
    pub(crate) async fn assemble(
        options: Options,
        folder: Folder,
        base: String,
        app: String,
    ) -> Result<(Arc<Self>, UnboundedReceiver<Value>, Option<JoinHandle<()>>), String> {
        let mut parameters = vec![
            ("PublicUrl", base.clone()),
            ("TokenIssuer", format!("{base}/oauth2")),
            ("TokenAudience", AUDIENCE.to_owned()),
            ("ConsoleClientId", CONSOLE_CLIENT.to_owned()),
            ("SenderAddress", "no-reply@bindery.example".to_owned()),
        ];
        parameters.extend(options.parameters.iter().map(|(name, value)| (name.as_str(), value.clone())));
        let template = Template::parse(TEMPLATE, &parameters)?;
        let secrets = Secrets::open(template.secrets(), &folder)?;
        let issuer = Issuer::new(&base, scopes(&template.functions()?), &folder)?;
        let clock = Clock::default();
        clock.advance(folder.json::<Ahead>(CLOCK)?.unwrap_or_default().ahead_millis);
        let table = template.table()?.0["TableName"].as_str().unwrap_or_default().to_owned();
        let (engine, serving) = match Remote::from_env(&table, &folder)? {
            Some(remote) => (Engine::Remote(remote), None),
            None => {
                let (embedded, serving) = embedded(&folder, &clock).await?;
                (Engine::Embedded(embedded), Some(serving))
            }
        };
        let (default_bus, told) = DefaultBus::new();
        let set_aside = Journal::open(&folder, "set-aside.jsonl")?;
        let deployment = Arc::new(Self {
            aws: Aws {
                default_bus,
                engine,
                http: wire::http_client(),
                secrets,
                mails: Journal::open(&folder, "mails.jsonl")?,
                quota: Arc::default(),
                sendings: Sendings::default(),
                events: Journal::open(&folder, "events.jsonl")?,
                event_schemas: EventSchemas::new()?,
                queues: template.queues(),
                set_aside: set_aside.clone(),
                counts: Counts::default(),
                faults: Faults::default(),
                permissions: Permissions::new(&template.functions()?),
                written: Arc::new(Notify::new()),
                clock: clock.clone(),
            },
            base,
            app,
            clock,
            issuer,
            set_aside,
            failures: Failures::default(),
            folder,
            options,
            template,
            gateway: RwLock::new(None),
            pumps: Mutex::default(),
            queues: Mutex::default(),
            workers: Mutex::default(),
            progress: Progress::default(),
            schedules: Mutex::default(),
            stream_begin: Mutex::default(),
        });
        Ok((deployment, told, serving))
    }

    pub(crate) fn gateway(&self) -> Option<Gateway> {
        self.gateway.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    /// Creates the table if it does not exist, and starts the functions and their event sources.
    pub(crate) async fn deploy(self: &Arc<Self>) -> Result<(), String> {
        let (request, ttl) = self.template.table()?;
        let table = request["TableName"].as_str().unwrap_or_default().to_owned();
        self.aws.engine.make_table(request, &ttl).await?;
        let mut targets = Vec::new();
        let (mut pumps, mut timers, mut queues) = (Vec::new(), Vec::new(), Vec::new());
        for function in self.template.functions()? {
            let env = Env::new(self.environment(&function));
            // In a box: with the start of a function inside, the stack's future is nested too deeply for the compiler.
            let running = Box::pin(Running::start(&function, &env, &self.clock)).await;
            let running = running.map_err(|error| format!("{} cannot start: {error}", function.id))?;
            let faults = self.aws.faults.clone();
            let worker = Worker { id: function.id.clone(), function: running.clone(), faults };
            queues.extend(function.queues.iter().map(|queue| (queue.clone(), worker.clone())));
            for seconds in &function.schedules {
                timers.push(Timer::new(worker.clone(), *seconds, self.clock.clone()));
            }
            if let Running::Http(router) = &running {
                let target = |route| Target { route, function: function.id.clone(), router: router.clone() };
                targets.extend(function.routes.iter().cloned().map(target));
            }
            lock(&self.workers).insert(function.id.clone(), worker.clone());
            for mapping in function.streams {
                pumps.push(Pump {
                    worker: worker.clone(),
                    mapping,
                    engine: self.aws.engine.clone(),
                    table: table.clone(),
                    written: self.aws.written.clone(),
                    set_aside: self.set_aside.clone(),
                    progress: self.progress.clone(),
                    checkpoint: self.checkpoint(&function.id, &table).await?,
                });
            }
        }
        let gateway = Gateway {
            targets,
            issuer: self.issuer.clone(),
            clock: self.clock.clone(),
            authority: self.base.clone(),
            faults: self.aws.faults.clone(),
            failures: self.failures.clone(),
            contract: Contract::of_api(),
            errors: ErrorCache::new(self.template.error_ttls()),
        };
        *self.gateway.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(gateway);
        *lock(&self.queues) = queues;
        *lock(&self.schedules) = timers.iter().map(|timer| timer.due.clone()).collect();
        lock(&self.pumps).extend(pumps.into_iter().map(|pump| tokio::spawn(pump.run())));
        lock(&self.pumps).extend(timers.into_iter().map(|timer| tokio::spawn(timer.run())));
        Ok(())
    }

    /// The position of a function in the table's stream. The table must have the record.
    async fn checkpoint(&self, function: &str, table: &str) -> Result<Checkpoint, String> {
        let begin = lock(&self.stream_begin).clone();
        let checkpoint = Checkpoint::open(&self.folder, function, begin)?;
        // Other engines trim their streams.
        if let (Some(after), Engine::Embedded(_)) = (checkpoint.after(), &self.aws.engine) {
            let known = streams::holds(&self.aws.engine, table, after).await;
            known.ok().filter(|known| *known).ok_or_else(|| checkpoint.unknown())?;
        }
        Ok(checkpoint)
    }

    /// Deletes all data and starts again.
    pub(crate) async fn reset(self: &Arc<Self>) -> Result<(), String> {
        self.stop_pumps();
        let (request, _) = self.template.table()?;
        // The embedded engine keeps a deleted table's stream records, and assigns them to the next table of that name.
        if let Engine::Embedded(_) = &self.aws.engine {
            let from = lock(&self.stream_begin).clone();
            let end = streams::end(&self.aws.engine, request["TableName"].as_str().unwrap_or_default(), from).await?;
            *lock(&self.stream_begin) = end;
        }
        let delete = serde_json::json!({"TableName": request["TableName"]});
        self.aws.engine.call("DeleteTable", delete).await.map_err(|(_, words)| words)?;
        for function in self.template.functions()?.iter().filter(|function| !function.streams.is_empty()) {
            Checkpoint::begin(&self.folder, &function.id, lock(&self.stream_begin).clone())?;
        }
        for journal in [&self.aws.mails, &self.aws.events, &self.set_aside] {
            journal.clear().map_err(|error| error.to_string())?;
        }
        drop(self.aws.faults.clear());
        self.failures.clear();
        self.folder.write_json(CLOCK, &Ahead::default())?;
        self.clock.reset();
        self.deploy().await
    }

    /// Delivers an event of the default bus to the matching functions, and retries after a failure, as EventBridge
    /// does.
    pub(crate) async fn deliver(&self, event: Value) {
        let queues = lock(&self.queues).clone();
        let Aws { default_bus: bus, faults, .. } = &self.aws;
        Delivery { bus, faults, set_aside: &self.set_aside, queues }.deliver(event).await;
    }

    /// Advances the clock, and purges items whose TTL has then passed. With a data folder the clock stays ahead after a
    /// restart.
    ///
    /// # Errors
    /// When the data folder cannot be written.
    pub(crate) fn advance(&self, seconds: i64) -> Result<(), String> {
        let millis = seconds.saturating_mul(1000);
        let ahead_millis = self.clock.ahead_millis().saturating_add(millis);
        self.folder.write_json(CLOCK, &Ahead { ahead_millis })?;
        self.clock.advance(millis);
        self.aws.engine.purge();
        Ok(())
    }

    /// The number of stream records that each function has not processed yet, at most a thousand; of events that wait
    /// on the default bus; and of schedules that are due.
    pub(crate) async fn behind(&self) -> BTreeMap<String, usize> {
        let mut behind = self.progress.behind(&self.aws.engine).await;
        behind.insert("default bus".to_owned(), self.aws.default_bus.waiting());
        let now = self.clock.now().millis();
        let due = lock(&self.schedules).iter().filter(|due| due.load(Ordering::Relaxed) <= now).count();
        behind.insert("schedules".to_owned(), due);
        behind
    }

    pub(crate) fn stop_pumps(&self) {
        lock(&self.pumps).drain(..).for_each(|pump| pump.abort());
    }

    /// The function's variables in the template, and those that Lambda sets. The access key is the function's id, which
    /// identifies the caller of an AWS operation.
    fn environment(&self, function: &Function) -> BTreeMap<String, String> {
        let mut env = function.env.clone();
        for (name, value) in [
            ("AWS_REGION", "local"),
            ("AWS_ACCESS_KEY_ID", function.id.as_str()),
            ("AWS_SECRET_ACCESS_KEY", "local"),
            ("AWS_ENDPOINT_URL", &self.base),
        ] {
            env.insert(name.to_owned(), value.to_owned());
        }
        let factor = std::env::var(TIMEOUT_FACTOR.0).unwrap_or_else(|_| TIMEOUT_FACTOR.1.to_owned());
        env.insert(TIMEOUT_FACTOR.0.to_owned(), factor);
        // There is no /opt here.
        let assets = [
            ("FIDO_METADATA_FILE", &self.options.fido_metadata),
            ("ANDROID_STATUS_FILE", &self.options.android_status),
        ];
        for (name, file) in assets {
            if env.remove(name).is_some() {
                let file = file.as_ref().map(|file| file.to_string_lossy().into_owned());
                env.extend(file.map(|file| (name.to_owned(), file)));
            }
        }
        env
    }
}

/// Opens the embedded engine and serves it on loopback.
async fn embedded(folder: &Folder, clock: &Clock) -> Result<(Embedded, JoinHandle<()>), String> {
    let database = database::open(folder, clock)?;
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.map_err(|error| error.to_string())?;
    let url = format!("http://{}/", listener.local_addr().map_err(|error| error.to_string())?);
    let serving = dynoxide::server::serve_on(listener, database.clone());
    Ok((Embedded { database, url }, tokio::spawn(serving)))
}

/// All scopes that the template's routes require, and the one that only a realm's settings require.
fn scopes(functions: &[Function]) -> Vec<String> {
    let routes = functions.iter().flat_map(|function| &function.routes);
    let scopes = routes.flat_map(|route| match &route.access {
        Access::Token(scopes) => scopes.clone(),
        Access::Public => Vec::new(),
    });
    let mut scopes: Vec<String> = scopes.chain(["credential-binding-jobs:return".to_owned()]).collect();
    scopes.sort();
    scopes.dedup();
    scopes
}
