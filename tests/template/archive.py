"""Checks the archive that infra/package makes, with a build folder as `sam build` leaves it but for the programs.

    archive.py TEMPLATE [ARCHIVE]

ARCHIVE keeps the archive.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from samcli.commands._utils.template import move_template
from samcli.yamlhelper import yaml_parse


def main(source: str, keep: str | None = None) -> int:
    root = Path(source).resolve().parent
    template = yaml_parse(Path(source).read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        build, archive = Path(folder) / "build", Path(folder) / "bindery.zip"
        parts = {}
        for name, resource in template["Resources"].items():
            location = {"AWS::Serverless::Function": "CodeUri", "AWS::Serverless::LayerVersion": "ContentUri"}
            if location := location.get(resource["Type"]):
                part = build / name
                part.mkdir(parents=True)
                parts[name] = location
                (part / ("bootstrap" if location == "CodeUri" else "list.cbor")).write_text(name)
                # As SAM CLI names it, from the folder of the original.
                resource["Properties"][location] = os.path.relpath(part, root)
        # SAM CLI's own writer makes the paths relative, as in a real build.
        move_template(str(root / "template.yaml"), str(build / "template.yaml"), template)
        command = [str(root / "infra/package"), str(archive), str(build)]
        subprocess.run(command, check=True, capture_output=True)
        first = archive.read_bytes()
        subprocess.run(command, check=True, capture_output=True)
        if first != archive.read_bytes():
            sys.exit("the same build makes another archive")
        with zipfile.ZipFile(archive) as zipped:
            packed = yaml_parse(zipped.read("template.yaml").decode())
            modes = {entry.filename: entry.external_attr >> 16 for entry in zipped.infolist()}
        for name, location in parts.items():
            if packed["Resources"][name]["Properties"][location] != name:
                sys.exit(f"{name} has its part at {packed['Resources'][name]['Properties'][location]}")
            program = f"{packed['Resources'][name]['Properties'][location]}/" + ("bootstrap" if location == "CodeUri" else "list.cbor")
            if program not in modes:
                sys.exit(f"{name} names {program}, which is not in the archive")
            if location == "CodeUri" and not modes[program] & 0o111:
                sys.exit(f"{program} cannot be executed")
        if keep:
            shutil.copy(archive, keep)
        # A build that is not complete makes no archive.
        (build / "CreateJob/bootstrap").unlink()
        (build / "CreateJob").rmdir()
        if subprocess.run(command, capture_output=True).returncode == 0:
            sys.exit("an archive without a function was made")
    print(f"archive: {len(parts)} parts, each where the template says")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
