"""Checks the translated template for what a reviewer who knows AWS would ask, and what no linter does.

    review.py TRANSLATED
"""

import json
import re
import sys
from pathlib import Path

# CloudFront's developer guide, "Create a custom error page for specific HTTP status codes": all that can be configured.
ERROR_CODES = {400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504}
STREAM_RETENTION = 86400


class Template:
    def __init__(self, plain: dict):
        self.plain = plain
        self.resources = plain["Resources"]

    def of_type(self, kind: str) -> dict[str, dict]:
        """The properties of the resources of a type, by logical id."""
        found = {name: r.get("Properties", {}) for name, r in self.resources.items() if r["Type"] == kind}
        if not found:
            raise SystemExit(f"the template has no {kind}")
        return found


def errors_are_not_kept_at_the_edge(template: Template):
    for name, properties in template.of_type("AWS::CloudFront::Distribution").items():
        answers = properties["DistributionConfig"].get("CustomErrorResponses", [])
        kept = ERROR_CODES - {answer["ErrorCode"] for answer in answers if answer.get("ErrorCachingMinTTL") == 0}
        if kept:
            yield f"{name} keeps {sorted(kept)} for ten seconds"


def streams_are_retried_for_the_life_of_a_record(template: Template):
    mappings = template.of_type("AWS::Lambda::EventSourceMapping")
    streams = {name: p for name, p in mappings.items() if "StartingPosition" in p}
    if len(streams) < 2:
        yield f"only {sorted(streams)} read the stream"
    for name, properties in streams.items():
        if properties.get("MaximumRetryAttempts") != -1:
            yield f"{name} gives up a record after {properties.get('MaximumRetryAttempts')} tries"
        age = properties.get("MaximumRecordAgeInSeconds", -1)
        if not STREAM_RETENTION - 7200 <= age < STREAM_RETENTION:
            yield f"{name} reports a record at an age of {age} s: the stream has it for {STREAM_RETENTION} s"
        if "OnFailure" not in properties.get("DestinationConfig", {}):
            yield f"{name} drops what it gives up"


def queues_that_feed_functions_redrive(template: Template):
    functions, queues = template.of_type("AWS::Lambda::Function"), template.of_type("AWS::SQS::Queue")
    fed = 0
    for name, mapping in template.of_type("AWS::Lambda::EventSourceMapping").items():
        queue = mapping["EventSourceArn"].get("Fn::GetAtt", [""])[0]
        if queue not in queues:
            continue
        fed += 1
        function, properties = functions[mapping["FunctionName"]["Ref"]], queues[queue]
        redrive = properties.get("RedrivePolicy")
        if not redrive:
            yield f"{queue} has no dead-letter queue"
            continue
        if properties["VisibilityTimeout"] < 6 * function["Timeout"]:
            yield f"{queue} is visible again before six timeouts of its function"
        if redrive["maxReceiveCount"] * properties["VisibilityTimeout"] < 86400:
            yield f"{queue} gives up within a day"
        if properties["MessageRetentionPeriod"] <= redrive["maxReceiveCount"] * properties["VisibilityTimeout"]:
            yield f"{queue} deletes a message before it is given up"
        if mapping.get("FunctionResponseTypes") != ["ReportBatchItemFailures"]:
            yield f"{name} takes a batch as a whole"
    if not fed:
        yield "no queue feeds a function"
    for name, rule in template.of_type("AWS::Events::Rule").items():
        called = [target["Arn"].get("Fn::GetAtt", [""])[0] for target in rule["Targets"]]
        # A schedule's next run makes up for one that failed.
        if "ScheduleExpression" not in rule and any(target in functions for target in called):
            yield f"{name} invokes {called} directly: three tries and the event is lost"


def roles_have_nothing_to_spare(template: Template):
    roles = template.of_type("AWS::IAM::Role")
    logs = template.of_type("AWS::Logs::LogGroup")
    deployer = {name for name in roles if "codedeploy" in json.dumps(roles[name]["AssumeRolePolicyDocument"])}
    for name, properties in template.of_type("AWS::Lambda::Function").items():
        role = properties["Role"]["Fn::GetAtt"][0]
        if role != f"{name}Role":
            yield f"{name} has the role {role}, not one of its own"
        if properties["LoggingConfig"]["LogGroup"].get("Ref") not in logs:
            yield f"{name} logs to a group that is not the stack's"
    for name, properties in roles.items():
        if name in deployer:
            continue
        if properties.get("ManagedPolicyArns"):
            yield f"{name} has managed policies: {properties['ManagedPolicyArns']}"
        for policy in properties["Policies"]:
            for statement in policy["PolicyDocument"]["Statement"]:
                text = json.dumps(statement)
                actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
                # It reads the account's sending quota, and IAM knows no resource for it.
                if actions == ["ses:GetAccount"]:
                    continue
                if statement["Resource"] == "*" or "logs:CreateLogGroup" in actions:
                    yield f"{name} may do too much: {text}"
                # A condition on the partition key restricts an action to some items, by a prefix of their keys.
                limits = statement.get("Condition") == {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["LIMIT#*"]}}
                if "*" in text.replace("/stream/*", "").replace("LIMIT#*", "" if limits else "LIMIT#*"):
                    yield f"{name} has a wildcard: {text}"


def a_deployment_is_held_against_its_own_version(template: Template):
    alarms = template.of_type("AWS::CloudWatch::Alarm")
    versions = template.of_type("AWS::Lambda::Version")
    groups = template.of_type("AWS::CodeDeploy::DeploymentGroup")
    for name, properties in groups.items():
        function = name.removesuffix("DeploymentGroup")
        [(_, [condition, rolls_back, anyway])] = properties["AlarmConfiguration"].items()
        watched = [alarm["Name"]["Ref"] for alarm in rolls_back["Alarms"]]
        if condition != "RollsBack" or anyway:
            yield f"{name} cannot be deployed while an alarm rings"
        if watched != [f"{function}Failing"]:
            yield f"{name} is rolled back by {watched}"
            continue
        seen = set()
        for metric in alarms[watched[0]]["Metrics"]:
            metric = metric.get("MetricStat", {}).get("Metric")
            if metric:
                dimensions = {d["Name"]: d["Value"] for d in metric["Dimensions"]}
                version = dimensions.get("ExecutedVersion") or dimensions.get("version")
                of = versions[version["Fn::GetAtt"][0]]["FunctionName"]["Ref"] if version else None
                if of != function:
                    yield f"{watched[0]} looks at {of}'s {metric['MetricName']}"
                seen.add((metric["Namespace"], metric["MetricName"]))
        if seen != {("AWS/Lambda", "Errors"), ("Bindery", "ServerErrors")}:
            yield f"{watched[0]} looks at {sorted(seen)}"


def what_holds_data_outlives_its_stack(template: Template):
    # The origin's key is made anew with any stack.
    without = {"OriginKey"}
    kinds = ["AWS::DynamoDB::Table", "AWS::SecretsManager::Secret", "AWS::Cognito::UserPool"]
    for name in {name for kind in kinds for name in template.of_type(kind)} - without:
        resource = template.resources[name]
        if resource.get("DeletionPolicy") != "RetainExceptOnCreate":
            yield f"{name} is an orphan of a first deployment that failed: {resource.get('DeletionPolicy')}"
        if resource.get("UpdateReplacePolicy") != "Retain":
            yield f"{name} is deleted when it is replaced"
        protection = json.dumps([resource["Properties"].get(p) for p in ("DeletionProtection", "DeletionProtectionEnabled")])
        if resource["Type"] != "AWS::SecretsManager::Secret" and "ProtectsData" not in protection:
            yield f"{name} is protected in its first deployment too, so that a rollback cannot delete it"


def the_api_answers_the_distribution_only(template: Template):
    for name, properties in template.of_type("AWS::CloudFront::Distribution").items():
        for origin in properties["DistributionConfig"]["Origins"]:
            headers = [header["HeaderName"] for header in origin.get("OriginCustomHeaders", [])]
            if headers != ["x-origin-key"]:
                yield f"{name} sends {headers} to {origin['Id']}"
        aliases = set(template.of_type("AWS::Lambda::Alias"))
        if early := aliases - set(template.resources[name]["DependsOn"]):
            yield f"{name} sends a new key before {sorted(early)} know it"
    functions = template.of_type("AWS::Lambda::Function")
    for alias in template.of_type("AWS::Lambda::Alias").values():
        function = alias["FunctionName"]["Ref"]
        if "OriginKey" not in json.dumps(functions[function]["Environment"]["Variables"].get("ORIGIN_KEYS")):
            yield f"{function} answers requests to the API's own address"


def longest_text(node) -> int:
    """How many characters a text of the template has at most."""
    if isinstance(node, str):
        return len(node)
    [(name, argument)] = node.items()
    if name == "Fn::Join":
        separator, parts = argument
        return sum(map(longest_text, parts)) + len(separator) * (len(parts) - 1)
    if name == "Fn::Sub" and isinstance(argument, str):
        names = {"AWS::StackName": 128, "AWS::Region": 14, "AWS::AccountId": 12}
        fixed = re.sub(r"\$\{[^}]+\}", "", argument)
        return len(fixed) + sum(names.get(name, 128) for name in re.findall(r"\$\{([^}]+)\}", argument))
    if node == {"Fn::Select": [2, {"Fn::Split": ["/", {"Ref": "AWS::StackId"}]}]}:
        # A UUID.
        return 36
    return 128


def names_do_not_depend_on_the_length_of_the_stacks(template: Template):
    # What these services take at most (CloudFormation's reference of each), and what CloudFormation takes: 128 characters.
    longest = {
        ("AWS::CloudFront::Function", "Name"): 64,
        ("AWS::CloudFront::CachePolicy", "Name"): 128,
        ("AWS::CloudFront::ResponseHeadersPolicy", "Name"): 128,
        ("AWS::Cognito::UserPoolDomain", "Domain"): 63,
        ("AWS::Events::EventBus", "Name"): 256,
        ("AWS::CloudWatch::Alarm", "AlarmName"): 255,
        ("AWS::CloudWatch::Dashboard", "DashboardName"): 255,
        ("AWS::Lambda::Function", "FunctionName"): 64,
        ("AWS::Logs::LogGroup", "LogGroupName"): 512,
    }
    for name, resource in template.resources.items():
        properties = resource.get("Properties", {})
        for part in [properties, *[p for p in properties.values() if isinstance(p, dict)]]:
            for attribute in ["Name", "Domain", "AlarmName", "DashboardName", "FunctionName", "LogGroupName"]:
                most = longest.get((resource["Type"], attribute))
                if not most or attribute not in part:
                    continue
                length = longest_text(part[attribute])
                if length > most:
                    yield f"{name}: {attribute} has up to {length} characters, {most} at most are taken"


CHECKS = [
    a_deployment_is_held_against_its_own_version,
    what_holds_data_outlives_its_stack,
    the_api_answers_the_distribution_only,
    names_do_not_depend_on_the_length_of_the_stacks,
    errors_are_not_kept_at_the_edge,
    streams_are_retried_for_the_life_of_a_record,
    queues_that_feed_functions_redrive,
    roles_have_nothing_to_spare,
]


def main(translated: str) -> int:
    template = Template(json.loads(Path(translated).read_text(encoding="utf-8")))
    wrong = [f"{check.__name__}: {words}" for check in CHECKS for words in check(template)]
    for line in wrong:
        print(line, file=sys.stderr)
    if not wrong:
        print(f"review: {len(CHECKS)} checks passed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
