"""Prints the JSON schema of situation files."""

import json

from .schema import schema

print(json.dumps(schema(), indent=2))
