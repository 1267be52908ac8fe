"""Writes docs/cost.md: what a million jobs and a million sign-ins cost, from counts.json, prices.json and the template."""

import copy
import json
import textwrap
from dataclasses import dataclass, field

from facts import COUNTS, PRICES, Template, Waits

MILLION = 1_000_000

# What cannot be measured without an AWS account.
OWN_MS = 3  # a warm invocation, besides its AWS calls
CALL_MS = 6  # an AWS call
COLD_SHARE = 0.01  # invocations that start a new environment
COLD_MS = 150  # their initialization, which is billed
KEPT_BYTES = 5_000  # a completed job with its credential, proof, claim and index entries
WAF_RULES = 3
EVENT_OVERHEAD = 26  # bytes that CloudWatch Logs adds to each log event
QUEUE_REQUESTS = 3  # for a message: send, receive, delete
QUEUE_POLLS = 5 * 3  # Lambda's pollers a minute: five, which wait for 20 s each
ROUTE_METRICS = 6  # metrics of a route, with DetailedMetricsEnabled
CUSTOM_METRICS = 10  # metrics in the namespace Bindery
CALLS = ("create", "status")  # a back end's requests
SERVED_BY = {"create": "CreateJob", "preview": "OpenLink", "getInfo": "DeliverRequest", "bind": "VerifyAttestation",
             "status": "QueryStatus", "beginSignIn": "VerifyAssertion", "finishSignIn": "VerifyAssertion"}
EDGE = ("CloudFront requests", "CloudFront bytes to viewers", "CloudFront bytes to the origin", "CloudFront Functions",
        "API Gateway requests", "API Gateway bytes to back ends")
SIGN_IN_BUDGET = 6  # USD for a million, besides the edge
SIGN_IN_EVENT_BYTES = 1_500
IDENTITY_READ_UNITS = 1  # an identity with one or two passkeys, up to 4 KB

SYSTEM_LOGS = [
    {"time": "2026-11-27T12:00:00.000Z", "type": "platform.start",
     "record": {"requestId": "8286a188-ba32-4475-8077-530cd35c09a9", "version": "12"}},
    {"time": "2026-11-27T12:00:00.000Z", "type": "platform.report",
     "record": {"requestId": "8286a188-ba32-4475-8077-530cd35c09a9", "status": "success", "metrics": {
         "durationMs": 12.345, "billedDurationMs": 13, "memorySizeMB": 256, "maxMemoryUsedMB": 20}}},
]
ACCESS_VALUES = {
    "requestId": "JKJaXmPLvHcESHA=", "status": "200",
    "routeKey": "POST /v1/tenants/{tenant_id}/realms/{realm_id}/identities/{identity_id}/credential-binding-jobs/{job_id}/open",
    "identity.sourceIp": "130.176.98.101", "responseLength": "512", "responseLatency": "14", "integrationLatency": "12",
    "integrationStatus": "200", "integrationErrorMessage": "-",
}


def wait_usd(seconds: int, queries: int) -> float:
    """A million waits for a job that does not change: so many queries, each of which waits so long."""
    status = next(request for request in COUNTS["RETURN"]["requests"] if request["name"] == "status")
    price = {name: entry["usd"] / entry["per"] for name, entry in PRICES["prices"].items()}
    gb_seconds = (seconds + (OWN_MS + CALL_MS) / 1000) * Template.memory / 1024
    edge = status["received"] * price["transfer_out"] / 1e9
    if not Template.direct_calls:
        edge = (price["cloudfront_requests"] + price["cloudfront_functions"]
                + status["received"] * price["cloudfront_out"] / 1e9)
    query = (edge + price["http_api"] + price["lambda_requests"] + gb_seconds * price["lambda_gb_seconds"]
             # The reads, and one request of the tenant's limit.
             + (Waits.reads(seconds) / 2 + 1) * price["dynamodb_reads"] + price["dynamodb_writes"])
    return query * queries * MILLION


def queries(retry_seconds: int) -> int:
    """The queries of the longest wait, each of which waits and is repeated after so many seconds."""
    return -(-Waits.longest // (Template.wait_seconds + retry_seconds))


def access_log_bytes() -> int:
    """The length of a line of the API's access log."""
    line = Template.access_log
    for name, value in sorted(ACCESS_VALUES.items(), key=lambda pair: -len(pair[0])):
        line = line.replace(f"$context.{name}", value)
    if "$context." in line:
        raise SystemExit(f"tests/figures: the access log has a field that is not known here: {line}")
    return len(line)


@dataclass
class Design:
    """What one job needs, and how the installation is configured."""

    counts: dict
    memory: int = Template.memory
    page_cached: bool = Template.page_cached
    page_compressed: bool = Template.page_compressed
    system_logs: bool = Template.system_logs == "INFO"
    direct_calls: bool = Template.direct_calls
    saved_events: int = 0
    archive: bool = True
    provisioned: bool = False  # write capacity for a steady load, half of it used
    api_gateway: bool = True


@dataclass
class Line:
    """A line of the bill of a million jobs."""

    name: str
    quantity: float  # for one job
    price: str

    @property
    def usd(self) -> float:
        price = PRICES["prices"][self.price]
        return self.quantity * MILLION / price["per"] * price["usd"]


@dataclass
class Bill:
    lines: list[Line] = field(default_factory=list)

    def add(self, name: str, quantity: float, price: str) -> None:
        self.lines.append(Line(name, quantity, price))

    @property
    def usd(self) -> float:
        return sum(line.usd for line in self.lines)

    def of(self, *names: str) -> float:
        return sum(line.usd for line in self.lines if line.name in names)


def bill(design: Design) -> Bill:
    """The bill of a million jobs."""
    counts = design.counts
    requests = counts["requests"]
    page = next((request for request in requests if request["name"] == "page"), None)
    cached = int(design.page_cached and page is not None)
    to_api = len(requests) - cached
    direct = [request for request in requests if design.direct_calls and request["name"] in CALLS]
    edge = [request for request in requests if request not in direct]
    received = sum(request["received"] for request in edge)
    if design.page_compressed and page:
        received += page["compressed"] - page["received"]
    sent = sum(request["sent"] for request in edge if request["method"] != "GET")

    writes = ("PutItem", "UpdateItem", "TransactWriteItems")
    commits = sum(counts["dynamodb"].get(name, {"count": 0})["count"] for name in writes)
    letters = counts["functions"].get("SendLink", {}).get("dynamodb:BatchGetItem", 0)
    news = int("TrackEmail" in counts["functions"])  # the mail's delivery
    # The stream's filters leave out the other commits: audit entries, counts by enrollment status, claims of mails. A sign-in
    # invokes publish-changes, which publishes nothing and writes no line.
    publications = counts["publications"] or commits
    invocations = to_api + publications + letters + news
    functions = [SERVED_BY[request["name"]] for request in requests if request is not page] + ["SendLink"] * letters
    secrets = sum(map(Template.secrets_of, functions))
    calls = sum(sum(calls.values()) for calls in counts["functions"].values())
    seconds = (invocations * (OWN_MS + COLD_SHARE * COLD_MS) + calls * CALL_MS) / 1000
    write_units = sum(call["write_units"] for call in counts["dynamodb"].values())
    read_units = sum(call["read_units"] for call in counts["dynamodb"].values())
    events = counts["events"]["count"] - design.saved_events
    event_bytes = counts["events"]["bytes"] * events / max(counts["events"]["count"], 1)
    logs = counts["logs"]["bytes"] + counts["logs"]["lines"] * EVENT_OVERHEAD
    logs += design.api_gateway * to_api * (access_log_bytes() + EVENT_OVERHEAD)
    if design.system_logs:
        logs += invocations * sum(len(json.dumps(line, separators=(",", ":"))) + EVENT_OVERHEAD for line in SYSTEM_LOGS)

    bill = Bill()
    bill.add("CloudFront requests", len(edge), "cloudfront_requests")
    bill.add("CloudFront bytes to viewers", received, "cloudfront_out")
    bill.add("CloudFront bytes to the origin", sent, "cloudfront_to_origin")
    bill.add("CloudFront Functions", len(edge) - cached, "cloudfront_functions")
    bill.add("API Gateway requests", design.api_gateway * to_api, "http_api")
    bill.add("API Gateway bytes to back ends", sum(request["received"] for request in direct), "transfer_out")
    bill.add("Lambda requests", invocations, "lambda_requests")
    bill.add("Lambda GB-s", seconds * design.memory / 1024, "lambda_gb_seconds")
    bill.add("Secrets Manager calls", secrets * COLD_SHARE, "secret_reads")
    if design.provisioned:
        bill.add("DynamoDB write units", 2 * write_units, "dynamodb_writes_provisioned")
    else:
        bill.add("DynamoDB write units", write_units, "dynamodb_writes")
    bill.add("DynamoDB read units", read_units, "dynamodb_reads")
    bill.add("DynamoDB stream reads", commits, "dynamodb_stream")
    bill.add("EventBridge events", events, "events")
    bill.add("EventBridge archive bytes", design.archive * event_bytes, "archive")
    bill.add("EventBridge archive storage", design.archive * event_bytes * Template.archive_days / 30, "archive_storage")
    bill.add("SES mails", counts["mails"], "mails")
    bill.add("SQS requests", QUEUE_REQUESTS * news if Template.mail_queue else 0, "queues")
    bill.add("CloudWatch log bytes", logs, "logs")
    bill.add("CloudWatch log storage", logs * Template.log_days / 30, "logs_storage")
    return bill


def monthly() -> list[tuple[str, float, float]]:
    """What an installation costs by the month without any job: name, quantity, USD."""
    def usd(price: str, quantity: float) -> float:
        return quantity * PRICES["prices"][price]["usd"] / PRICES["prices"][price]["per"]

    minutes = 30 * 24 * 60
    sweep_seconds = minutes * (OWN_MS + 16 * CALL_MS) / 1000 * Template.memory / 1024
    rows = [
        ("secrets", Template.secrets, usd("secrets", Template.secrets)),
        ("KMS keys", Template.keys, usd("keys", Template.keys)),
        ("metrics that alarms read", Template.alarm_metrics, usd("alarms", Template.alarm_metrics)),
        ("dashboards (the first three of an account are free)", Template.dashboards, usd("dashboards", Template.dashboards)),
        ("metrics of Bindery's own", CUSTOM_METRICS, usd("metrics", CUSTOM_METRICS)),
        ("sweep of expired jobs: index reads a month", minutes * 16, usd("dynamodb_reads", minutes * 16 * 0.5)
         + usd("lambda_requests", minutes) + usd("lambda_gb_seconds", sweep_seconds)),
    ]
    if Template.mail_queue:
        rows.append(("polls of the queue for mail events", minutes * QUEUE_POLLS, usd("queues", minutes * QUEUE_POLLS)))
    if Template.detailed_metrics:
        count = Template.routes * ROUTE_METRICS
        rows.append((f"detailed metrics of {Template.routes} routes, if all are used", count, usd("metrics", count)))
    return rows


def naive(design: Design) -> list[tuple[str, str, float, float]]:
    """A straightforward design beside this one: name, what it does, USD here, USD there."""
    def usd(price: str, quantity: float) -> float:
        return quantity * MILLION * PRICES["prices"][price]["usd"] / PRICES["prices"][price]["per"]

    ours = bill(design)
    through_edge = bill(Design(design.counts, direct_calls=False))
    edge = ("CloudFront requests", "CloudFront bytes to viewers", "CloudFront bytes to the origin", "CloudFront Functions",
            "API Gateway bytes to back ends")
    requests, invocations, states = 7, 12, 4
    index_writes = 2 * (2 + states - 1 + states - 1)
    units = 2 * states + index_writes + 2 + 2 + 4
    return [
        ("API", f"REST API instead of HTTP API, {requests} requests", ours.of("API Gateway requests"), usd("rest_api", requests)),
        ("edge", "all requests, without caching", ours.of(*edge),
         through_edge.of(*edge) + usd("cloudfront_requests", requests - len(design.counts["requests"]))),
        ("functions", f"Node.js on x86, 512 MB, {invocations} invocations of 80 ms", ours.of("Lambda requests", "Lambda GB-s",
         "Secrets Manager calls"), usd("lambda_requests", invocations) + usd("lambda_gb_seconds_x86", invocations * 0.08 * 0.5)),
        ("table writes", f"a job of 2 KB, written {states} times, in two indexes that project everything, one of them by state; "
         f"a stored challenge; an outbox: {units} units", ours.of("DynamoDB write units"), usd("dynamodb_writes", units)),
        ("table reads", "each request reads tenant, realm, identity, config and job, strongly: 5 units",
         ours.of("DynamoDB read units"), usd("dynamodb_reads", 5 * requests)),
        ("orchestration", "a Standard workflow waits for each step: 6 transitions", 0, usd("workflow_steps", 6)),
        ("events", "four events of the job", ours.of("EventBridge events", "EventBridge archive bytes",
         "EventBridge archive storage"), usd("events", states)),
        ("logs", "20 KB: platform logs, access logs, one line for each step", ours.of("CloudWatch log bytes",
         "CloudWatch log storage"), usd("logs", 20_000)),
    ]


def savings(counts: dict) -> list[tuple[str, Design]]:
    """Steps towards 20 USD, each added to those before it."""
    steps = [("as it is", {})]
    if not Template.page_cached:
        steps.append(("`/bind` cached and compressed at the edge", {"page_cached": True, "page_compressed": True}))
    if Template.system_logs == "INFO":
        steps.append(("`SystemLogLevel: WARN`", {"system_logs": False}))
    if not Template.direct_calls:
        steps.append(("back ends call the API directly, not through CloudFront (`DirectCalls`)", {"direct_calls": True}))
    steps += [
        ("128 MB, if the functions are not slower", {"memory": 128}),
        ("the credential's event is left out, since the job's event contains the receipt", {"saved_events": 1}),
        ("no archive of the bus", {"archive": False}),
        ("function URLs behind CloudFront instead of API Gateway; the functions verify access tokens and throttle themselves",
         {"api_gateway": False}),
        ("provisioned write capacity for a steady load, of which half is used", {"provisioned": True}),
    ]
    designs, changes = [], {}
    for name, change in steps:
        changes |= change
        designs.append((name, Design(copy.deepcopy(counts), **changes)))
    return designs


def prices_of(price: str) -> float:
    """The price of one unit."""
    return PRICES["prices"][price]["usd"] / PRICES["prices"][price]["per"]


def number(value: float) -> str:
    """A quantity, with as many digits as it needs."""
    if value >= 1000:
        return f"{value:,.0f}".replace(",", " ")
    return f"{value:.3f}".rstrip("0").rstrip(".")


def table(heading: list[str], rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(heading) + " |", "|" + "---|" * len(heading)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def wrapped(text: str) -> str:
    """The document with its paragraphs at the usual width."""
    blocks = []
    for block in text.split("\n\n"):
        if block[:1].isalnum() or block.startswith(("**", "`")):
            block = textwrap.fill(" ".join(block.split()), 125, break_long_words=False, break_on_hyphens=False)
        blocks.append(block.strip("\n"))
    return "\n\n".join(blocks) + "\n"


def document() -> str:
    designs = {name: Design(counts) for name, counts in COUNTS.items()}
    returned, mailed, noticed = (bill(designs[name]) for name in ("RETURN", "EMAIL", "RETURN with notice"))
    rows = [[line.name, number(line.quantity), f"{line.usd:.2f}", number(other.quantity), f"{other.usd:.2f}"]
            for line, other in zip(returned.lines, mailed.lines) if line.quantity or other.quantity]
    rows.append(["**together**", "", f"**{returned.usd:.2f}**", "", f"**{mailed.usd:.2f}**"])
    signed_in = bill(designs["sign-in"])
    sign_in_rows = [[line.name, number(line.quantity), f"{line.usd:.2f}"] for line in signed_in.lines if line.quantity]
    sign_in_rows.append(["**together**", "", f"**{signed_in.usd:.2f}**"])
    sign_in_rest = signed_in.usd - signed_in.of(*EDGE)
    if sign_in_rest > SIGN_IN_BUDGET:
        raise SystemExit(f"tests/figures: a million sign-ins cost {sign_in_rest:.2f} USD besides CloudFront and API Gateway, more "
                         f"than {SIGN_IN_BUDGET}")
    sign_in_event = (prices_of("events") + prices_of("archive") * SIGN_IN_EVENT_BYTES) * MILLION
    month = monthly()
    steps = savings(COUNTS["RETURN"])
    costs = [bill(design).usd for _, design in steps]
    stepped = [[name, f"{cost:.2f}", "" if index == 0 else f"{cost - costs[index - 1]:+.2f}"]
               for index, ((name, _), cost) in enumerate(zip(steps, costs))]
    reached = next((name for (name, _), cost in zip(steps, costs) if cost <= 20), None)
    compared = naive(designs["RETURN"])
    edge = returned.of("CloudFront requests", "CloudFront bytes to viewers", "CloudFront Functions",
                       "API Gateway bytes to back ends")
    free = returned.of("CloudFront requests") + returned.of("CloudFront bytes to viewers")
    prices = PRICES["prices"]
    waf = next(line.quantity for line in returned.lines if line.name == "CloudFront requests") * prices["waf_requests"]["usd"]
    through_edge = bill(Design(COUNTS["RETURN"], direct_calls=False)).usd - bill(Design(COUNTS["RETURN"], direct_calls=True)).usd
    waf_month = prices["waf_acl"]["usd"] + WAF_RULES * prices["waf_rules"]["usd"]
    kept = KEPT_BYTES * MILLION / 1e9
    active, idle = map(queries, Waits.retry_seconds)
    sources = [[name.replace("_", " "), f"{price['usd']:g}", "GB of" if price["per"] == 1e9 else number(price["per"]),
                price["unit"], f"<{price['source']}>"] for name, price in prices.items()]
    return wrapped(f"""# Cost

<!-- Written by tests/figures/write from tests/figures/counts.json, prices.json and template.yaml. Do not edit. -->

List prices in US dollars for `{PRICES["region"]}`, without free tiers, taxes or discounts, looked up on {PRICES["read"]}
([sources](#prices)). Check them before you rely on a sum. Counts are measured in the local stack by `tests/figures/measure`,
which fails when they change. Nothing has been billed by AWS yet.

A job here is: create, the hosted page, `:preview`, `:getInfo` with the link's secret, `:bind`, and one status query. A back end
that sends create and status query to the output `ApiUrl` saves {through_edge:.2f} (`DirectCalls`, which is
{"on" if Template.direct_calls else "off"} by default and in these sums).

## A million jobs

{table(["", "a job, `RETURN`", "USD", "a job, `EMAIL`", "USD"], rows)}

These columns are for realms without notices of new passkeys (`"email": {{"passkey_notice": false}}`). A notice adds
{noticed.usd - returned.usd:.2f}, of which {noticed.of("SES mails") - returned.of("SES mails"):.2f} are for its mail. With a
resend, a job needs its mail once more. DynamoDB also charges a write whose condition fails, which the local engine does not
count: one unit of an `EMAIL` job.

The budget for `RETURN` is 25 USD. What cannot be measured locally is assumed: a warm invocation takes {OWN_MS} ms and each AWS
call {CALL_MS} ms, one invocation in {round(1 / COLD_SHARE)} starts a new environment ({COLD_MS} ms, and a read of each of the
function's secrets), and stream functions are invoked once for each commit that their filters let through. With more traffic,
several commits share an invocation.

## A million sign-ins

A sign-in here is `:beginSignIn` without an identity and `:finishSignIn`, with a passkey on P-256 that was used often, in a realm
that publishes no sign-ins.

{table(["", "a sign-in", "USD"], sign_in_rows)}

CloudFront and API Gateway are {signed_in.of(*EDGE):.2f} of it, and the rest is {sign_in_rest:.2f}; the budget of the rest is
{SIGN_IN_BUDGET} USD. With an identity, `:beginSignIn` reads it and its passkeys, for
{prices_of("dynamodb_reads") * IDENTITY_READ_UNITS * MILLION:.2f}. An event for each sign-in (`sign_in_events`) adds
{sign_in_event:.2f}.

## Besides

**Free every month, for every account**: 10 million CloudFront requests, 1 TB to viewers and 2 million CloudFront Functions. They
reduce the first million jobs of a month by about {free:.2f}.

**A web ACL** (`WebAclArn`) adds {waf:.2f} for its requests, and {waf_month:.2f} a month with {WAF_RULES} rules.

**Storage**: a completed job with its credential, proof, claim and index entries takes about {KEPT_BYTES // 1000} KB. A million of
them cost {kept * prices["dynamodb_storage"]["usd"]:.2f} a month, and {kept * prices["dynamodb_recovery"]["usd"]:.2f} for
point-in-time recovery. A job is deleted 30 days after it would have expired; credentials and proofs are kept.

**The stack's own issuer** (Amazon Cognito) costs {prices["cognito_clients"]["usd"]:.2f} a month for its machine client, and
{prices["cognito_tokens"]["usd"]:.2f} for a thousand tokens. A token is valid for an hour: with one for each hour,
{24 * 30 * prices["cognito_tokens"]["usd"] / 1000:.2f} a month.

## Every month, without any job

{table(["", "quantity", "USD"], [[name, number(quantity), f"{usd:.2f}"] for name, quantity, usd in month]
       + [["**together**", "", f"**{sum(usd for _, _, usd in month):.2f}**"]])}

**Waiting** (`wait_seconds`) keeps a function running. While nothing happens, a million waits of {Waits.longest} s cost

| | queries | USD |
|---|---|---|
| one query that waits all the time (`WaitSeconds: {Waits.longest}`) | 1 | {wait_usd(Waits.longest, 1):.2f} |
| a query waits for {Template.wait_seconds} s, and is repeated after {Waits.retry_seconds[0]} s: the job has changed within {Waits.active_seconds} s | {active} | {wait_usd(Template.wait_seconds, active):.2f} |
| a query waits for {Template.wait_seconds} s, and is repeated after {Waits.retry_seconds[1]} s | {idle} | {wait_usd(Template.wait_seconds, idle):.2f} |

Use events where you can.

## Beside a straightforward design

A million `RETURN` jobs in a design that follows common tutorials:

{table(["", "it would use", "Bindery, USD", "it, USD"],
       [[name, what, f"{here:.2f}", f"{there:.2f}"] for name, what, here, there in compared]
       + [["**together**", "", f"**{sum(row[2] for row in compared):.2f}**", f"**{sum(row[3] for row in compared):.2f}**"]])}

## What would bring it to 20 USD

Each step is added to those before it. {"The goal is reached at the step: " + reached + "." if reached else "All of them together do not reach the goal."}

{table(["step", "USD for a million", "change"], stepped)}

CloudFront and API Gateway are {edge + returned.of("API Gateway requests"):.2f} of the {returned.usd:.2f}, so fewer requests save
the most.

## Prices

{table(["price", "USD", "for", "unit", "source"], sources)}

AWS's price pages show some prices only to scripts. Those were compared with third-party pages of 2025 and 2026. Since 2026-07-21,
new SES accounts are on plans with prices of their own.
""")
