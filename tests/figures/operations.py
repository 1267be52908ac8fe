"""Writes the table of operations in docs/api.md, from shared/api/openapi.json."""

import json

from facts import ROOT

BEGIN, END = "<!-- operations: written by tests/figures/write -->", "<!-- /operations -->"
REALM = "/v1/tenants/{tenant_id}/realms/{realm_id}"
METHODS = ["post", "get", "put", "patch", "delete"]


def rows() -> list[str]:
    """A row for each operation that takes an access token with a scope."""
    found = []
    for path, operations in json.loads((ROOT / "shared/api/openapi.json").read_text(encoding="utf-8"))["paths"].items():
        for method in METHODS:
            for security in operations.get(method, {}).get("security", []):
                if security.get("developer"):
                    scopes = " ".join(f"`{scope}`" for scope in security["developer"])
                    found.append(f"| `{method.upper()}` | `{path.replace(REALM, 'B')}` | {scopes} |")
    return found


def document() -> str:
    text = (ROOT / "docs/api.md").read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    lines = [BEGIN, "", "| method | path | scope |", "|---|---|---|", *rows(), "", END]
    return before + "\n".join(lines) + after
