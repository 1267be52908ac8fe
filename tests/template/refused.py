"""Checks which deployments the template's parameters and rules reject, with a table of examples.

    refused.py TRANSLATED

Evaluates patterns, lists of allowed values and rules as CloudFormation does before it creates anything.
"""

import json
import re
import sys
from pathlib import Path

GOOD = {
    "PublicUrl": "https://enrol.example.com",
    "TokenIssuer": "https://issuer.example.com",
    "TokenAudience": "bindery",
    "SenderAddress": "no-reply@example.com",
}
CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/0c7f3b52-1de4-4f07-9a4e-000000000000"

EXISTING_KEYS = {
    f"Existing{name}": f"bindery-{name}-AbCdEf"
    for name in ["LinkKey", "CeremonyKey", "PageKey", "ReceiptKey", "SignInKey", "SignInTokenKey"]
}

# Changes to GOOD (None: not given), and the parameters or rules that reject the result.
DEPLOYMENTS = [
    ({}, set()),
    ({"DomainName": "enrol.example.com", "CertificateArn": CERTIFICATE}, set()),
    ({"ConsoleClientId": "console", "ConsoleTokenOrigin": "https://login.example.com"}, set()),
    ({"PublicUrl": None}, {"PublicUrl"}),
    ({"PublicUrl": ""}, {"PublicUrl"}),
    ({"PublicUrl": "http://enrol.example.com"}, {"PublicUrl"}),
    ({"PublicUrl": "https://enrol.example.com/"}, {"PublicUrl"}),
    ({"TokenIssuer": None, "TokenAudience": None, "TenantId": "acme"}, set()),
    ({"TokenIssuer": None}, {"TenantIdIsForTheOwnIssuer", "TokenIssuerAndTokenAudienceGoTogether"}),
    ({"TokenIssuer": None, "TokenAudience": None}, {"TenantIdIsForTheOwnIssuer"}),
    ({"TenantId": "acme"}, {"TenantIdIsForTheOwnIssuer"}),
    ({"TenantId": "a b"}, {"TenantId", "TenantIdIsForTheOwnIssuer"}),
    ({"TokenIssuer": "http://issuer.example.com"}, {"TokenIssuer"}),
    ({"TokenAudience": ""}, {"TokenIssuerAndTokenAudienceGoTogether"}),
    ({"SenderAddress": None}, {"SenderAddress"}),
    ({"SenderAddress": ""}, {"SenderAddress"}),
    ({"SenderAddress": "Bindery <no-reply@example.com>"}, {"SenderAddress"}),
    ({"EventSource": "aws.bindery"}, {"EventSource"}),
    ({"LogRetentionDays": "8"}, {"LogRetentionDays"}),
    ({"DomainName": "enrol.example.com"}, {"DomainNameAndCertificateArnGoTogether"}),
    ({"CertificateArn": CERTIFICATE}, {"DomainNameAndCertificateArnGoTogether"}),
    ({"CertificateArn": CERTIFICATE.replace("us-east-1", "eu-central-1")},
     {"CertificateArn", "DomainNameAndCertificateArnGoTogether"}),
    ({"ConsoleTokenOrigin": "https://login.example.com"}, {"ConsoleTokenOriginNeedsConsoleClientId"}),
    ({"PublicUrl": "https://" + "a" * 70 + ".example.com"}, {"PublicUrl"}),
    ({"TenantClaim": "a" * 49}, {"TenantClaim"}),
    ({"KeyGeneration": "0"}, {"KeyGeneration"}),
    ({"KeyGeneration": "12"}, set()),
    ({"Rollout": "AllAtOnce"}, set()),
    ({"Rollout": "Linear10PercentEvery1Minute"}, {"Rollout"}),
    ({"ProtectData": "no"}, {"ProtectData"}),
    ({"ExistingTable": "restored", "ExistingTableStream": "2026-11-27T12:00:00.000"}, set()),
    ({"ExistingTable": "restored"}, {"ExistingTableAndExistingTableStreamGoTogether"}),
    ({"ExistingTableStream": "2026-11-27T12:00:00.000"}, {"ExistingTableAndExistingTableStreamGoTogether"}),
    (EXISTING_KEYS, set()),
    (EXISTING_KEYS | {"ExistingPageKey": ""}, {"ExistingKeysGoTogether"}),
    ({"ExistingPageKey": "PageKey-AbCdEf"}, {"ExistingKeysGoTogether"}),
    ({"ExistingPageKey": "a key"}, {"ExistingPageKey", "ExistingKeysGoTogether"}),
]


def value(node, given: dict[str, str]):
    """The value of a rule's intrinsic. An unknown one is an error."""
    if isinstance(node, str):
        return node
    [(name, argument)] = node.items()
    if name == "Ref":
        return given.get(argument, "")
    parts = [value(part, given) for part in argument]
    return {
        "Fn::And": lambda: all(parts),
        "Fn::Or": lambda: any(parts),
        "Fn::Not": lambda: not parts[0],
        "Fn::Equals": lambda: parts[0] == parts[1],
    }[name]()


def refusals(template: dict, given: dict[str, str]) -> set[str]:
    """The names of the parameters and rules that reject a deployment with these parameters."""
    refusing = set()
    full = dict(given)
    for name, parameter in template["Parameters"].items():
        if "Default" in parameter:
            full.setdefault(name, str(parameter["Default"]))
        if name not in full:
            refusing.add(name)
            continue
        pattern, allowed = parameter.get("AllowedPattern"), parameter.get("AllowedValues")
        if pattern and not re.fullmatch(pattern, full[name]):
            refusing.add(name)
        if len(full[name]) > int(parameter.get("MaxLength", 4096)):
            refusing.add(name)
        if "MinValue" in parameter and not parameter["MinValue"] <= float(full[name]) <= parameter["MaxValue"]:
            refusing.add(name)
        if allowed and full[name] not in map(str, allowed):
            refusing.add(name)
    for name, rule in template["Rules"].items():
        if "RuleCondition" in rule and not value(rule["RuleCondition"], full):
            continue
        if not all(value(assertion["Assert"], full) for assertion in rule["Assertions"]):
            refusing.add(name)
    return refusing


def main(translated: str) -> int:
    template = json.loads(Path(translated).read_text(encoding="utf-8"))
    wrong = 0
    for changes, expected in DEPLOYMENTS:
        given = {name: text for name, text in {**GOOD, **changes}.items() if text is not None}
        refusing = refusals(template, given)
        if refusing != expected:
            wrong += 1
            print(f"with {changes}: rejected by {sorted(refusing)}, expected {sorted(expected)}", file=sys.stderr)
    return min(wrong, 1)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
