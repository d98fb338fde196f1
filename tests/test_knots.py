"""Modules that import each other, in functions or for annotations alone: there are some, and no more come."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tests.test_architecture import PACKAGE, SOURCE, imports

KNOTS = (
    {"catalog.catalog", "catalog.past"},
    {"cli.answers.list", "cli.answers.project", "cli.answers.show"},
    {
        *("sdk.surface.artifact", "sdk.surface.entries", "sdk.surface.fetching", "sdk.surface.filling"),
        *("sdk.surface.identity", "sdk.surface.lineage", "sdk.surface.collection", "sdk.surface.versions"),
        *("sdk.surface.beginning", "sdk.surface.current", "sdk.surface.making", "sdk.surface.using"),
        *("sdk.surface.run", "sdk.surface.past_run"),
    },
)
"""An artifact knows its runs, and a run its artifacts; the others are for annotations."""


def knots(package: Path) -> set[frozenset[str]]:
    """Return the modules that reach each other by what they import."""
    below = _reached(_imported(package))
    return {
        frozenset(other for other in below[one] if one in below[other]) for one in below if one in below[one]
    }


def _imported(package: Path) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = {_module(file.relative_to(package)): set() for file in package.rglob("*.py")}
    for one in imports(package):
        here, there = _module(Path(one.file)), one.target or ""
        while there and there not in found:
            there = there.rpartition(".")[0]
        if there not in ("", here):
            found[here].add(there)
    return found


def _module(file: Path) -> str:
    return ".".join(file.with_suffix("").parts).removesuffix("__init__").removesuffix(".")


def _reached(imported: Mapping[str, set[str]]) -> Mapping[str, set[str]]:
    below = {}
    for start in imported:
        seen: set[str] = set()
        left = [start]
        while left:
            new = imported[left.pop()] - seen
            seen |= new
            left += new
        below[start] = seen
    return below


def test_no_module_gets_into_a_knot():
    assert [sorted(one) for one in knots(SOURCE) if not any(one <= known for known in KNOTS)] == []


def test_a_knot_is_seen_wherever_it_is_tied(tmp_path):
    for name, text in {
        "one": f"from {PACKAGE} import two",
        "two": f"def later():\n    from {PACKAGE}.three import what",
        "three": f"import {PACKAGE}.one",
        "four": f"from {PACKAGE}.one import what",
    }.items():
        (tmp_path / f"{name}.py").write_text(text)

    assert knots(tmp_path) == {frozenset({"one", "two", "three"})}
