"""Automations that a review says come or change, as JSON has them."""

from __future__ import annotations

from git_registry.cli.shapes import Shape
from git_registry.sdk.altered import Altered
from git_registry.wording.altered import changed_fields, told


def shape(one: Altered) -> Shape:
    """Return one as JSON has it: its fields by their names, and which of them become another."""
    before, after = told(one.before), told(one.after)
    return {
        "automation": one.path,
        "before": before or None,
        "after": after or None,
        "changed": list(changed_fields(one)) if one.before and one.after else [],
        "problem": one.problem or None,
    }
