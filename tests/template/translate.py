"""Translates template.yaml into CloudFormation as AWS does, without calling AWS.

    translate.py TEMPLATE OUTPUT
"""

import json
import logging
import os
import sys
from pathlib import Path

# Set before the import. The translator needs a Region only for the partition, and never an account.
os.environ["AWS_DEFAULT_REGION"] = "eu-central-1"
os.environ["AWS_EC2_METADATA_DISABLED"] = "true"

from samtranslator.model.exceptions import InvalidDocumentException  # noqa: E402
from samtranslator.translator.transform import transform  # noqa: E402
from samtranslator.yaml_helper import yaml_parse  # noqa: E402

# Values for parameters without a default.
PARAMETERS = {
    "PublicUrl": "https://enrol.example.com",
    "TokenIssuer": "https://issuer.example.com",
    "TokenAudience": "bindery",
    "SenderAddress": "no-reply@example.com",
}


class NoManagedPolicies:
    """Replaces the list of managed policies that the translator would fetch; the template uses none."""

    def load(self) -> dict[str, str]:
        return {}


def translated(source: str, parameters: dict[str, str] | None = None, code: str = "function", layer: str = "layer") -> dict:
    """What SAM makes of a template, with code and layer as `sam package` would have uploaded them."""
    # It looks for feature toggles that only AWS's own service has, and warns of each.
    logging.getLogger("samtranslator").setLevel(logging.ERROR)
    logging.getLogger().setLevel(logging.ERROR)
    template = yaml_parse(Path(source).read_text(encoding="utf-8"))
    for resource in template["Resources"].values():
        if resource.get("Type") == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = f"s3://example-bucket/{code}.zip"
        if resource.get("Type") == "AWS::Serverless::LayerVersion":
            resource["Properties"]["ContentUri"] = f"s3://example-bucket/{layer}.zip"
    return transform(template, PARAMETERS | (parameters or {}), NoManagedPolicies())


def main(source: str, target: str) -> int:
    try:
        plain = translated(source)
    except InvalidDocumentException as refused:
        print(f"{source}: SAM rejects it: {refused.message}", file=sys.stderr)
        for cause in refused.causes:
            print(f"  {cause.message}", file=sys.stderr)
        return 1
    Path(target).write_text(json.dumps(plain, indent=2), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
