"""The documented forms of what services read."""

import json
from pathlib import Path
from typing import Any

import jsonschema


def check(service: str, result: dict[str, Any]) -> None:
    """Raise unless a result has the form that a service's documentation describes."""
    schema = json.loads(Path(__file__).with_name(f"{service}.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(json.loads(json.dumps(result, allow_nan=False)), schema)
