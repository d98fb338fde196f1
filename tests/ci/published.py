"""The form of pipelines as hosts publish it, in SchemaStore."""

from __future__ import annotations

import json
from importlib import resources

from jsonschema.validators import validator_for

SCHEMAS = {
    "registry.yml": "github-workflows",
    "registry-again.yml": "github-workflows",
    ".gitlab-ci.yml": "gitlab-ci",
}


def mistakes(document, schema):
    """Return what a published schema finds wrong."""
    place = resources.files("check_jsonschema") / "builtin_schemas" / "vendor" / f"{schema}.json"
    published = json.loads(place.read_text())
    validator = validator_for(published)(published)
    return [f"{list(wrong.absolute_path)}: {wrong.message}" for wrong in validator.iter_errors(document)]
