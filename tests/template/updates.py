"""Checks that an update reaches the traffic: whatever changes in a function's code, layer or configuration must make SAM
publish a version, for the API calls the alias `live`.

    updates.py TEMPLATE

The template is translated twice, before and after each change. SAM compares the template's text and does not see the
value of a parameter, so a changed value has to show in VersionDescription: CloudFormation replaces a version whose
description changes, and Lambda takes at most 256 characters of it.
"""

import json
import re
import sys

from translate import translated

# A change of these alone reaches no version: they do not fit. KeyGeneration's description says what to do.
WITH_KEY_GENERATION = {
    "AndroidApps", "AppleApps", "ConsoleTokenOrigin", "PasskeyEnrollUrl", "PasskeyManageUrl", "SenderAddress", "TokenAudience",
    "TokenIssuer",
    "ExistingCeremonyKey", "ExistingLinkKey", "ExistingPageKey", "ExistingReceiptKey", "ExistingSignInKey",
    "ExistingSignInTokenKey", "ExistingTable",
}
LONGEST_DESCRIPTION = 256


def of_type(plain: dict, kind: str) -> dict[str, dict]:
    return {name: resource for name, resource in plain["Resources"].items() if resource["Type"] == kind}


def versions(plain: dict) -> dict[str, str]:
    """The logical id of each function's published version."""
    found = of_type(plain, "AWS::Lambda::Version")
    return {version["Properties"]["FunctionName"]["Ref"]: name for name, version in found.items()}


def republished(before: dict, after: dict) -> set[str]:
    old, new = versions(before), versions(after)
    return {function for function in old if old[function] != new[function]}


def parameters_in(part, parameters: set[str]) -> set[str]:
    """The parameters that a part of a template refers to."""
    if isinstance(part, dict):
        found = {part["Ref"]} if isinstance(part.get("Ref"), str) else set()
        for text in [part["Fn::Sub"]] if isinstance(part.get("Fn::Sub"), str) else []:
            found |= set(re.findall(r"\$\{([A-Za-z0-9]+)\}", text))
        return (found & parameters).union(*(parameters_in(value, parameters) for value in part.values()))
    if isinstance(part, list):
        return set().union(*(parameters_in(value, parameters) for value in part))
    return set()


def main(source: str) -> int:
    wrong: list[str] = []
    plain = translated(source)
    functions, declared = of_type(plain, "AWS::Lambda::Function"), plain["Parameters"]
    aliased = set(versions(plain))
    if len(aliased) < 8:
        wrong.append(f"only {sorted(aliased)} have versions")

    if republished(plain, translated(source)):
        wrong.append("the same template publishes another version, which Lambda refuses")
    if (got := republished(plain, translated(source, code="another"))) != aliased:
        wrong.append(f"new code reaches {sorted(got)} only")
    with_layer = {name for name in aliased if functions[name]["Properties"].get("Layers")}
    got = republished(plain, translated(source, layer="another"))
    if not with_layer or got != with_layer:
        wrong.append(f"a new layer publishes {sorted(got)}, and {sorted(with_layer)} have it")

    described = {
        version["Properties"]["FunctionName"]["Ref"]: version["Properties"].get("Description", "")
        for version in of_type(plain, "AWS::Lambda::Version").values()
    }
    for name in sorted(aliased):
        variables = functions[name]["Properties"]["Environment"]
        used = parameters_in(variables, set(declared))
        shown = parameters_in(described[name], set(declared))
        for parameter in sorted(used - shown - WITH_KEY_GENERATION):
            wrong.append(f"a new value of {parameter} does not reach {name}: its VersionDescription lacks it")
        if used & WITH_KEY_GENERATION and "KeyGeneration" not in shown:
            wrong.append(f"{name} needs KeyGeneration, for {sorted(used & WITH_KEY_GENERATION)}")
        # Lambda refuses to publish a version of an unchanged configuration.
        for parameter in sorted(shown - used):
            wrong.append(f"{parameter} is described by {name}'s version and changes nothing in the function")
        longest = sum(int(declared[p].get("MaxLength", 4 if "MaxValue" in declared[p] else 9999)) for p in shown)
        if longest + len(shown) - 1 > LONGEST_DESCRIPTION:
            wrong.append(f"the description of {name}'s version can be longer than {LONGEST_DESCRIPTION}")
    unneeded = WITH_KEY_GENERATION - parameters_in([functions[name] for name in aliased], set(declared))
    if unneeded:
        wrong.append(f"no function uses {sorted(unneeded)}")

    # A stream function has no alias: Lambda runs its newest code, and a changed variable changes the function itself.
    rest = json.dumps({name: f for name, f in functions.items() if name not in aliased})
    if '"KeyGeneration"' not in rest:
        wrong.append("SendLink is not restarted by a new KeyGeneration")
    for line in wrong:
        print(line, file=sys.stderr)
    if not wrong:
        print(f"updates: {len(aliased)} functions publish a version for new code, layer and parameters")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
