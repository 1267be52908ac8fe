"""Reads the Terraform module (infra/terraform), and compares what its example and its outputs name with the template. Terraform
itself and its AWS provider are in no package registry, so `terraform validate` is not run.

    wrappers.py TEMPLATE
"""

import re
import subprocess
import sys
from pathlib import Path

import hcl2
import yaml


class Cloudformation(yaml.SafeLoader):
    """YAML with CloudFormation's short forms, which are not interpreted."""


Cloudformation.add_multi_constructor("!", lambda loader, tag, node: tag)


def main(source: str) -> int:
    root = Path(source).resolve().parent
    template = yaml.load(Path(source).read_text(encoding="utf-8"), Cloudformation)
    text = (root / "infra/terraform/main.tf").read_text(encoding="utf-8")
    module = hcl2.loads(text)
    variables = {name: value for entry in module["variable"] for name, value in entry.items()}
    stack = module["resource"][0]["aws_cloudformation_stack"]["bindery"]
    wrong = []
    for argument in ("name", "template_url", "parameters", "tags", "notification_arns"):
        if argument not in variables or f"var.{argument}" not in str(stack[argument]):
            wrong.append(f"{argument} is not passed to the stack")
    # Of the roles, and of the transform: CloudFormation rejects a stack without them.
    needed = {"CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"} if "Transform" in template else {"CAPABILITY_IAM"}
    capabilities = set(stack["capabilities"][0])
    if capabilities != needed or any("RoleName" in resource.get("Properties", {}) for resource in template["Resources"].values()):
        wrong.append(f"the stack has the capabilities {capabilities}")
    example = [line.strip("# ") for line in text.splitlines() if line.startswith("#       ")]
    named = [line.split("=")[0].strip() for line in example if "=" in line]
    wrong += [f"the template has no parameter {name}" for name in named if name not in template["Parameters"]]
    required = {name for name, value in template["Parameters"].items() if "Default" not in value}
    wrong += [f"the example lacks {name}" for name in required - set(named)]
    outputs = re.findall(r"such as (\w+), (\w+) and (\w+)", text)[0]
    wrong += [f"the template has no output {name}" for name in outputs if name not in template["Outputs"]]
    # Another parser, with Terraform's expressions.
    checkov = [str(Path(sys.executable).with_name("checkov")), "--directory", str(root / "infra/terraform")]
    scan = subprocess.run([*checkov, "--framework", "terraform", "--compact", "--skip-download"], capture_output=True, text=True, timeout=300)
    checks = re.search(r"Passed checks: \d+, Failed checks: 0, Skipped checks: [1-9]", scan.stdout)
    if scan.returncode or not checks:
        wrong.append(f"checkov: {scan.stdout}{scan.stderr}")
    for text in wrong:
        print(f"wrappers: {text}", file=sys.stderr)
    print(f"wrappers: a Terraform module with {len(variables)} variables")
    return min(len(wrong), 1)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
