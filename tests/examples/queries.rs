//! Status queries a second through the local stack, beside what its DynamoDB gives to the AWS SDK alone: `queries [SECONDS]`.
//!
//! Eight clients read one job, through the REST API and through the SDK in turns. Stack and clients run in this process.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a measurement that fails ends the run")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use binding::ids::{IdentityId, IdentityRef, JobId, JobRef, RealmId, RealmRef, TenantId};

#[path = "../integration/authenticator.rs"]
#[expect(dead_code, reason = "its device can do more than is needed here")]
mod authenticator;
#[path = "../integration/world.rs"]
#[expect(dead_code, reason = "it can do more than is needed here")]
mod world;

use world::World;

const CLIENTS: usize = 8;
const ROUNDS: usize = 3;

#[tokio::main]
async fn main() {
    let seconds = std::env::args().nth(1).map_or(3, |text| text.parse().unwrap());
    let world = Arc::new(World::new().await);
    let path = world.invite().await.path;
    let (token, table) = (world.token(), world.table());
    let job = job(&path);
    let query = {
        let world = world.clone();
        move || {
            let (world, token, path) = (world.clone(), token.clone(), path.clone());
            async move { assert_eq!(world.bearing(&token, "GET", &path, "").await.status, 200) }
        }
    };
    let read = move || {
        let (table, job) = (table.clone(), job.clone());
        async move { assert!(table.job(&job).await.unwrap().is_some()) }
    };
    let (mut queries, mut reads) = (0.0_f64, 0.0_f64);
    for _ in 0..ROUNDS {
        queries = queries.max(rate(seconds, &query).await);
        reads = reads.max(rate(seconds, &read).await);
    }
    println!("status queries a second: {queries:.0}");
    println!("reads a second by the SDK alone: {reads:.0}");
    println!("queries for each read, at least 0.5: {:.2}", queries / reads);
}

/// The job of a path.
fn job(path: &str) -> JobRef {
    let (_, id) = path.rsplit_once('/').unwrap();
    let realm = RealmRef { tenant: TenantId::parse("demo").unwrap(), id: RealmId::parse("demo").unwrap() };
    JobRef { identity: IdentityRef { realm, id: IdentityId::parse("ada").unwrap() }, id: JobId::parse(id).unwrap() }
}

/// How many actions [`CLIENTS`] clients perform in a second, all together.
async fn rate<A, F>(seconds: u64, act: &A) -> f64
where
    A: Fn() -> F + Clone + Send + 'static,
    F: Future<Output = ()> + Send + 'static,
{
    let begun = Instant::now();
    let mut clients = tokio::task::JoinSet::new();
    for _ in 0..CLIENTS {
        let act = act.clone();
        clients.spawn(async move {
            let mut done = 0_u32;
            while begun.elapsed() < Duration::from_secs(seconds) {
                act().await;
                done += 1;
            }
            done
        });
    }
    let done: u32 = clients.join_all().await.into_iter().sum();
    f64::from(done) / begun.elapsed().as_secs_f64()
}
