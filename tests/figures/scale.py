"""Writes docs/scale.md: which limit is met at which rate of jobs, from counts.json, quotas.json and the template."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from cost import CALL_MS, OWN_MS, Design, bill, number, table, wrapped
from facts import COUNTS, ROOT, TEMPLATE, Template, Waits, find, resource

QUOTAS = json.loads(Path(__file__).with_name("quotas.json").read_text(encoding="utf-8"))
RATES = [14, 50, 100, 200, 500, 1000, 2000, 5000, 10000]

SES_MS = 60  # SES takes a mail
PUT_EVENTS_MS = 25  # the bus takes ten events
# The requests of a job with an access token: create and one status query.
TENANT_REQUESTS = 2
# A write of the sweep: its duration when DynamoDB is slow, and the processor time that it takes.
SLOW_WRITE_MS = 25
WRITE_CPU_MS = 2
MAIL_SHARE = float(find(r"let share = if throttled \{ [\d.]+ \} else \{ ([\d.]+) \};",
                        (ROOT / "shared/binding/src/mail_pace.rs").read_text(encoding="utf-8")))
# A new on-demand table has the partitions for 4 000 write units/s, and its stream a shard for each.
SHARDS = QUOTAS["quotas"]["new_table_writes"]["value"] // QUOTAS["quotas"]["partition_writes"]["value"]
BUS_BATCH = int(find(r"pub const BATCH: usize = (\d+)", (ROOT / "shared/cloud/src/bus.rs").read_text()))
EXPIRY_SHARDS = int(find(r"EXPIRY_SHARDS: \[&str; (\d+)\]", (ROOT / "shared/cloud/src/table/expiry.rs").read_text()))

# Read units of items in the realm's partition for one job: create reads realm and config; the preview and the notice read the
# realm with eventual consistency. A version of a config never changes and stays in memory, and so does, for a minute, the
# realm that `:getInfo` shows.
REALM_READS = {"create": 2, "preview": 0.5, "notice": 0.5}


def quota(name: str) -> float:
    return QUOTAS["quotas"][name]["value"]


def setting(name: str, pattern: str, default: int) -> int:
    """A number in a function's part of the template."""
    match = re.search(pattern, resource(name))
    return int(match[1]) if match else default


@dataclass
class Wall:
    """A limit: the rate of jobs at which it is met, and what moves it."""

    name: str
    sum: str  # how the rate is computed
    rate: float  # jobs per second
    knob: str
    then: float | None  # the rate after that
    cost: str


def walls() -> list[Wall]:
    returned, mailed = COUNTS["RETURN"], COUNTS["EMAIL"]
    requests = len(returned["requests"])
    edge = requests - (TENANT_REQUESTS if Template.direct_calls else 0)
    units = sum(call["write_units"] for call in returned["dynamodb"].values())
    calls = sum(sum(names.values()) for names in returned["functions"].values())
    seconds = (requests * OWN_MS + calls * CALL_MS) / 1000
    events = returned["events"]["count"]

    letters = mailed["functions"]["SendLink"]["dynamodb:BatchGetItem"]
    mail_calls = sum(count for name, count in mailed["functions"]["SendLink"].items() if not name.startswith("ses")) / letters
    mail_seconds = (OWN_MS + mail_calls * CALL_MS + SES_MS) / 1000
    lanes = parallelism()
    source = (ROOT / "functions/send-link/src/lib.rs").read_text(encoding="utf-8")
    at_once = int(find(r"const AT_ONCE: usize = (\d+);", source))
    mails = SHARDS * lanes * at_once / mail_seconds
    mails_then = mails / lanes * quota("parallelization")

    batch = setting("PublishChanges", r"BatchSize: (\d+)", 100)
    publish_lanes = parallelism()
    per_batch = (OWN_MS + batch / BUS_BATCH * PUT_EVENTS_MS) / 1000
    published = SHARDS * publish_lanes * batch / per_batch / events

    sweep = expiry_rate()
    waits = -(-Waits.longest // (Template.wait_seconds + Waits.retry_seconds[0]))
    concurrency = quota("lambda_concurrency")
    reads = sum(REALM_READS.values())
    found = [
        Wall("SES sandbox", f"{number(quota('ses_sandbox'))} mail/s ÷ 1 a job", quota("ses_sandbox"),
             "request production access", quota("ses_first"), "nothing"),
        Wall("SES sending quota", f"{number(quota('ses_first'))} mails/s × {MAIL_SHARE}, the pace of `send-link`, ÷ 1 a job; 2 with "
             "notices", quota("ses_first") * MAIL_SHARE, "request a higher quota", None, "the mails"),
        Wall("`send-link`",
             f"{SHARDS} shards × {lanes} batches × {at_once} mails at once ÷ {mail_seconds * 1000:.0f} ms a mail", mails,
             f"`StreamParallelism`, up to {number(quota('parallelization'))}", mails_then, "nothing"),
        Wall("waiting callers", f"{number(concurrency)} executions ÷ ({Template.wait_seconds} s × {waits} queries), if every job is "
             f"waited for, for {Waits.longest} s", concurrency / Template.wait_seconds / waits,
             "`WaitSeconds: 0`, or events; `QueryConcurrency` keeps the rest free; raise Lambda's concurrency", None,
             "nothing; waiting itself is charged ([cost.md](cost.md))"),
        Wall("one tenant: its limit", f"{Template.tenant_rate} requests/s ÷ {TENANT_REQUESTS} a job (create, status)",
             Template.tenant_rate / TENANT_REQUESTS, "`TenantRequestsPerSecond`, below the route throttle; fewer with batches, or "
             "events in place of queries", Template.throttle / TENANT_REQUESTS, "a write for each chunk of requests"),
        Wall("sweep", f"jobs that expire: {sweep[1]}", sweep[0], "the bounds in `functions/expire-jobs`", None, "nothing"),
        Wall("route throttle", f"{number(Template.throttle)} requests/s a route ÷ 1 a job", Template.throttle,
             "`ThrottlingRateLimit` of the API", quota("api_account") / requests, "nothing"),
        Wall("new table", f"{number(quota('new_table_writes'))} write units/s ÷ {number(units)} a job",
             quota("new_table_writes") / units, "warm throughput of the table, or half an hour of rising traffic",
             quota("table_writes") / units, "AWS charges once for warm throughput"),
        Wall("`publish-changes`", f"{SHARDS} shards × {publish_lanes} batches of {batch} in {per_batch * 1000:.0f} ms "
             f"÷ {events} events a job", published, "`StreamParallelism`",
             published / publish_lanes * quota("parallelization"), "nothing; the events of one job stay in order"),
        Wall("one realm: its items", f"{number(quota('partition_reads'))} read units/s ÷ {reads:g} a job",
             quota("partition_reads") / reads, "keep realm and config in memory for seconds, or spread jobs over realms",
             None, "code; fewer read units"),
        Wall("one realm: index `realm`", f"{number(quota('partition_writes'))} write units/s ÷ 1 a job",
             quota("partition_writes"), "a digit in `realm_key`, so that a list merges several partitions", None,
             "code; a list costs as many queries as there are digits"),
        Wall("API account quota", f"{number(quota('api_account'))} requests/s ÷ {requests} a job",
             quota("api_account") / requests, "request a higher quota", None, "nothing"),
        Wall("EventBridge", f"{number(quota('put_events'))} events/s ÷ {events} a job", quota("put_events") / events,
             "request a higher quota", None, "nothing"),
        Wall("table quota", f"{number(quota('table_writes'))} write units/s ÷ {number(units)} a job",
             quota("table_writes") / units, "request a higher quota", None, "nothing"),
        Wall("Lambda concurrency", f"{number(concurrency)} executions ÷ {seconds * 1000:.0f} ms of all functions a job",
             concurrency / seconds, "request a higher quota", None, "nothing"),
        Wall("index `expiry`", f"{EXPIRY_SHARDS} partitions × {number(quota('partition_writes'))} write units/s ÷ 2 a job",
             EXPIRY_SHARDS * quota("partition_writes") / 2, "more digits of the job's id in `expiry_shard`", None,
             f"code; the sweep's queries, {EXPIRY_SHARDS} a minute today"),
        Wall("CloudFront", f"{number(quota('cloudfront'))} requests/s ÷ {edge} a job", quota("cloudfront") / edge,
             "request a higher quota", None, "nothing"),
    ]
    return sorted(found, key=lambda wall: wall.rate)


def expiry_rate() -> tuple[float, str]:
    """How many jobs a second the sweep marks, and how that is computed."""
    source = (ROOT / "functions/expire-jobs/src/lib.rs").read_text(encoding="utf-8")
    at_once = int(find(r"const AT_ONCE: usize = (\d+);", source))
    busy = int(find(r"const BUDGET: Duration = Duration::from_secs\((\d+)\);", source))
    # One core, and slow writes: what the simulation in that file assumes too.
    writes = min(EXPIRY_SHARDS * at_once * 1000 / SLOW_WRITE_MS, 1000 / WRITE_CPU_MS)
    return writes * busy / 60, f"{number(writes)} writes/s by one core, {busy} s of each minute"


def parallelism() -> int:
    """How many batches of a shard a function handles at once, unless the operator says otherwise."""
    return int(find(r"  StreamParallelism:\n    Type: Number\n    Default: (\d+)", TEMPLATE))


def document() -> str:
    found = walls()
    cost = bill(Design(COUNTS["RETURN"])).usd
    rows = [[wall.name, wall.sum, number(round(wall.rate, 1 if wall.rate < 100 else 0)), wall.knob,
             "–" if wall.then is None else number(round(wall.then)), wall.cost] for wall in found]
    ladder = []
    for below, rate in zip([0, *RATES], RATES):
        names = [wall.name for wall in found if below < wall.rate <= rate]
        ladder.append([number(rate), number(rate * 86_400), f"{rate * 3600 * cost / 1e6:.2f}", ", ".join(names) or "none"])
    sources = [[name.replace("_", " "), number(entry["value"]), entry["unit"], "yes" if entry["adjustable"] else "no",
                f"<{entry['source']}>"] for name, entry in QUOTAS["quotas"].items()]
    realm_reads = ", ".join(f"{name} {count}" for name, count in REALM_READS.items())
    units = sum(call["write_units"] for call in COUNTS["RETURN"]["dynamodb"].values())
    return wrapped(f"""# Scale

<!-- Written by tests/figures/write from tests/figures/counts.json, quotas.json, the template and the sources. Do not edit. -->

At which rate each quota or limit is met, and what moves it. A job is a whole enrolment, as in [cost.md](cost.md). Quotas are the
defaults of `{QUOTAS["region"]}`, looked up on {QUOTAS["read"]} ([sources](#quotas)). Nothing here has been measured on AWS: the
counts are measured locally, and an AWS call is assumed to take {CALL_MS} ms, a mail {SES_MS} ms, and ten events {PUT_EVENTS_MS} ms.

## The limits, in the order in which they are met

{table(["limit", "arithmetic", "jobs/s", "what moves it", "then", "its price"], rows)}

"Then" is the rate at which the moved limit is met again. The stream has as many shards as the table has partitions: {SHARDS} in a
new table, more as it grows, so the limits of `send-link` and `publish-changes` rise with the traffic. When one of them is met,
mails or events are late and nothing is lost for 24 hours. When another is met, callers receive 429 or 503 and repeat the request.

## From 14 jobs a second to 10 000

{table(["jobs/s", "a day", "USD an hour", "limits to move first, besides those above"], ladder)}

The price is that of `RETURN` jobs at [{cost:.2f} USD a million](cost.md). The limits of SES and
`send-link` apply to `EMAIL` jobs and to notices, "waiting callers" to callers that use `wait_seconds`, and "sweep" to jobs that
expire.

## Several tenants

A tenant may send {Template.tenant_rate} requests a second with access tokens (`TenantRequestsPerSecond`), over all operations, and
twice as many at once. The functions admit no more, so other tenants keep {number(Template.throttle - Template.tenant_rate)} of the
{number(Template.throttle)} requests a second of a route, the table's capacity, and Lambda's concurrency. API Gateway counts
rejected requests too, and does not know tenants: a tenant that sends {number(Template.throttle)} requests a second to one route
delays the others on that route. A rate-based rule of a web ACL (`WebAclArn`) can limit a single access token or address, and the
issuer can stop issuing tokens to that client. Mails are sent in the order in which they were requested, within SES's rate, whichever
tenant requested them.
[ADR 14](adr/0014-limits-per-tenant.md) explains how requests are counted, and what that costs.

## Hot keys

A partition accepts {number(quota("partition_writes"))} write units and {number(quota("partition_reads"))} read units a second. These
are the keys that many jobs share (`shared/cloud/src/table/keys.rs`, `records.rs`):

| key | shared by | a job's load on it | jobs/s |
|---|---|---|---|
| table, `T#t#R#r#I#i` (identity) | the jobs and credentials of one person | {number(units)} write units | {quota("partition_writes") / units:.0f} for one person |
| table, `T#t#R#r` (realm) | all jobs of a realm | {sum(REALM_READS.values()):g} read units ({realm_reads}) | {quota("partition_reads") / sum(REALM_READS.values()):.0f} a realm |
| table, `T#t#R#r#W#…` (claim) | nobody: a hash | 2 write units | no limit |
| index `realm`, `T#t#R#r#JOB` | all jobs of a realm | 1 write unit, when the job is created | {number(quota("partition_writes"))} a realm |
| index `realm`, `T#t#R#r#CREDENTIAL` | all credentials of a realm | 1 write unit, when the job completes | {number(quota("partition_writes"))} a realm |
| index `expiry`, `EXPIRY#0` to `EXPIRY#f` | a sixteenth of all jobs | 2 write units: the entry is added, and removed at the end | {number(EXPIRY_SHARDS * quota("partition_writes") / 2)} in all |

- No key contains the state, so `:open` and `:getInfo` write no index entry.
- Entries of the index `realm` are sorted by time of creation. All new entries of a realm are therefore written at one end, and
  DynamoDB's splitting of hot partitions does not help. If the index is throttled, DynamoDB throttles the table's writes as well.
- The last digit of a job's id is random (UUIDv7), so the {EXPIRY_SHARDS} partitions of the index `expiry` have equal loads. Within one,
  entries are sorted by `expire_time`: with equal lifetimes, additions are at one end and removals follow the completions.
- A realm's items are read and seldom written, and DynamoDB serves them from one partition. A realm with a single config is the
  hottest case.

## Quotas

{table(["quota", "value", "unit", "adjustable", "source"], sources)}
""")
