"""Scans a template for security findings (checkov), and compares them with the accepted ones.

    scan.py TEMPLATE ACCEPTED
"""

import json
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import yaml


def findings(template: str) -> tuple[dict[str, set[str]], int]:
    """The resources that each check fails for, and the number of checks that passed."""
    command = [str(Path(sys.executable).with_name("checkov")), "--file", template, "--framework", "cloudformation"]
    # Its exit code only says whether there are findings; they are read from its output.
    run = subprocess.run([*command, "--compact", "--output", "json"], capture_output=True, text=True, timeout=300)
    try:
        report = json.loads(run.stdout)
        results, summary = report["results"], report["summary"]
    except (ValueError, KeyError, TypeError):
        sys.exit(f"checkov wrote no report (exit code {run.returncode}):\n{run.stdout}{run.stderr}")
    if summary["parsing_errors"] or not summary["passed"]:
        sys.exit(f"checkov could not parse {template}: {summary}")
    found = defaultdict(set)
    for failed in results["failed_checks"]:
        found[failed["check_id"]].add(f'{failed["resource"]} ({failed["check_name"]})')
    return found, summary["passed"]


def main(template: str, accepted_file: str) -> int:
    accepted = yaml.safe_load(Path(accepted_file).read_text(encoding="utf-8"))
    found, passed = findings(template)
    wrong = []
    for check, entry in accepted.items():
        if len(entry["reason"]) < 20:
            wrong.append(f"{check} is accepted without a reason")
        if check not in found:
            wrong.append(f"{check} is accepted, but there is no such finding")
    for check, resources in sorted(found.items()):
        if check not in accepted:
            wrong.extend(f"{check}: {resource}" for resource in sorted(resources))
        elif len(resources) != accepted[check]["resources"]:
            wrong.append(
                f'{check} is accepted for {accepted[check]["resources"]} resources, but found for {len(resources)}: '
                + ", ".join(sorted(resources))
            )
    for line in wrong:
        print(line, file=sys.stderr)
    if not wrong:
        print(f"security scan: {passed} checks passed, {sum(map(len, found.values()))} findings accepted with a reason")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
