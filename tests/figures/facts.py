"""What the figures need from the template and the sources. A fact that cannot be found is an error, so that a change of the
source cannot leave a figure behind."""

import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = (ROOT / "template.yaml").read_text(encoding="utf-8")
PRICES = json.loads(Path(__file__).with_name("prices.json").read_text(encoding="utf-8"))
COUNTS = json.loads(Path(__file__).with_name("counts.json").read_text(encoding="utf-8"))


def find(pattern: str, text: str = TEMPLATE) -> str:
    """The only group of the only match."""
    matches = {match if isinstance(match, str) else match[0] for match in re.findall(pattern, text, re.M)}
    if len(matches) != 1:
        raise SystemExit(f"tests/figures: {pattern!r} matches {sorted(matches)}, where one value is needed")
    return matches.pop()


def resource(name: str) -> str:
    """The text of a resource of the template."""
    match = re.search(rf"^  {name}:\n((?:    .*\n|\n|  +#.*\n)+)", TEMPLATE, re.M)
    if not match:
        raise SystemExit(f"tests/figures: the template has no {name}")
    return match[1]


def resources(kind: str) -> list[str]:
    """The names of the resources of a type."""
    return re.findall(rf"^  (\w+):\n    Type: {kind}$", TEMPLATE, re.M)


def behaviour(path: str) -> str | None:
    """The text of the distribution's cache behaviour for a path."""
    match = re.search(rf"- PathPattern: {re.escape(path)}\n((?:            .*\n)+)", TEMPLATE)
    return match and match[1]


class Waits:
    """What `wait_seconds` of a status query does."""

    _source = (ROOT / "functions/query-status/src/wait.rs").read_text(encoding="utf-8")
    longest = int(find(r"const LONGEST: i64 = (\d+);", _source))
    active_seconds = int(find(r"const ACTIVE_SECONDS: i64 = (\d+);", _source))
    # When to ask again: for an active job, and for another one.
    retry_seconds = [int(seconds) for seconds in find(r"const RETRY_SECONDS: \[u32; 2\] = \[([\d, ]+)\];", _source).split(",")]
    _pauses = [int(millis) for millis in find(r"const PAUSES: \[u64; \d+\] = \[([\d, ]+)\];", _source).split(",")]

    @classmethod
    def reads(cls, seconds: int) -> int:
        """The eventually consistent reads of a query that waits so long."""
        left, count = seconds * 1000, 0
        while left > 0:
            left -= cls._pauses[min(count, len(cls._pauses) - 1)]
            count += 1
        return count


class Template:
    memory = int(find(r"^    MemorySize: (\d+)$"))
    detailed_metrics = find(r"DetailedMetricsEnabled: (\w+)") == "true"
    system_logs = find(r"SystemLogLevel: (\w+)")
    throttle = int(find(r"ThrottlingRateLimit: (\d+)"))
    tenant_rate = int(find(r"^  TenantRequestsPerSecond:\n    Type: Number\n    Default: (\d+)"))
    wait_seconds = int(find(r"^  WaitSeconds:\n    Type: Number\n    Default: (\d+)"))
    burst = int(find(r"ThrottlingBurstLimit: (\d+)"))
    archive_days = int(find(r"RetentionDays: (\d+)", resource("BusArchive")))
    log_days = int(find(r"^  LogRetentionDays:\n    Type: Number\n    Default: (\d+)"))
    routes = len(re.findall(r"^          Type: HttpApi$", TEMPLATE, re.M))
    secrets = len(resources("AWS::SecretsManager::Secret"))
    keys = len(resources("AWS::KMS::Key"))
    mail_queue = "MailNews" in resources("AWS::SQS::Queue")
    dashboards = len(resources("AWS::CloudWatch::Dashboard"))
    alarm_metrics = sum(max(1, resource(alarm).count("MetricStat:")) for alarm in resources("AWS::CloudWatch::Alarm"))
    access_log = "".join(find(r"        Format: >-\n((?:          .*\n)+)").split("\n"))
    direct_calls = find(r"^  DirectCalls:\n    Type: String\n    Default: \"(\w+)\"") == "true"
    page_cached = behaviour("/bind") is not None
    page_compressed = page_cached and "Compress: true" in (behaviour("/bind") or "")

    @staticmethod
    def secrets_of(function: str) -> int:
        """How many secrets a function is given."""
        return len(re.findall(r"^ +\w+_SECRET: ", resource(function), re.M))
