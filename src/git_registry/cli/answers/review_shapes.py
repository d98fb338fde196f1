"""The parts of a review as JSON has them."""

from __future__ import annotations

from git_registry.cli.answers import compare
from git_registry.cli.shapes import Shape
from git_registry.index.numbers import Numbers
from git_registry.model.plain import plain
from git_registry.sdk.replacing import Replacement
from git_registry.sdk.spot_checking import Checked
from git_registry.sdk.starting import Starting
from git_registry.sdk.vouching import Vouched
from git_registry.wording import happened
from git_registry.wording.automations import receiver


def replacement(one: Replacement) -> Shape:
    """Return a version beside the one whose place it takes."""
    return {
        "path": one.collection,
        "aliases": list(one.aliases),
        "comparison": compare.shape(one.comparison, everything=False),
    }


def vouched(one: Vouched) -> Shape:
    """Return a value that a gate reads, and who wrote it."""
    author = one.author
    return {
        "version": one.version.path,
        "field": one.field,
        "value": plain(one.value),
        "place": one.place or None,
        "commit": one.commit or None,
        "author": {"name": author.name, "email": author.email} if author else None,
        "principal": one.principal,
        "proposed": one.is_proposed,
    }


def starting(one: Starting, known: Numbers) -> Shape:
    """Return an automation that a merge would start."""
    return {
        "automation": one.path,
        "action": receiver(one.action) if one.action else None,
        "events": [happened.told(event, known) for event in one.events],
        "perhaps": [happened.told(event, known) for event in one.perhaps],
        "left_out": one.unlooked,
        "problem": one.problem or None,
    }


def checked(one: Checked) -> Shape:
    """Return what was found of a version's blobs."""
    return {
        "version": one.version.path,
        "exists": one.exists,
        "size": one.size,
        "digest": one.digest,
        "remark": one.remark or None,
    }
