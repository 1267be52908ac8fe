"""Checks, without building anything, that `sam build` compiles each dependency once: every function is a member of one
workspace, SAM's builder finds its program in the workspace's own target folder, and it is the program of the template.

    build.py TEMPLATE

Builders before SAM CLI 1.170 looked for a target folder beside each function. Runs with SAM CLI's own Python.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

from aws_lambda_builders.utils import which
from aws_lambda_builders.workflows.rust_cargo.cargo_lambda import SubprocessCargoLambda
from samcli.yamlhelper import yaml_parse


def main(source: str) -> int:
    root = Path(source).resolve().parent
    metadata = subprocess.run(
        ["cargo", "metadata", "--no-deps", "--format-version", "1"], cwd=root, capture_output=True, check=True
    )
    target = json.loads(metadata.stdout)["target_directory"]
    builder, wrong, count = SubprocessCargoLambda(which=which), 0, 0
    for name, resource in yaml_parse(Path(source).read_text(encoding="utf-8"))["Resources"].items():
        if resource["Type"] != "AWS::Serverless::Function":
            continue
        count += 1
        folder = root / resource["Properties"]["CodeUri"]
        layout = builder.resolve_workspace_layout(shutil.which("cargo"), str(folder))
        expected = {"target_directory": target, "binary_name": resource["Metadata"]["BuildProperties"]["Binary"]}
        if layout != expected:
            wrong += 1
            print(f"{name} is built as {layout}, not as {expected}", file=sys.stderr)
    if not count:
        sys.exit("the template has no function")
    if not wrong:
        print(f"build: {count} functions share {target}")
    return min(wrong, 1)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
