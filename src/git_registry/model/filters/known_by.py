"""What a filter knows a run or a source by, which documents hold in parts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping


def run(parts: Mapping[str, str] | None) -> Iterator[str]:
    """Yield what a run is known by: its id, with its project and without, and its name."""
    if parts:
        yield from (parts["id"], f"{parts['project']}/{parts['id']}")
        if "name" in parts:
            yield parts["name"]


def source(parts: Mapping[str, str] | None) -> Iterator[str]:
    """Yield what the version of a project that was linked is known by: its artifact, and its id there."""
    if parts:
        artifact = f"{parts['project']}/{parts['artifact']}"
        yield from (artifact, f"{artifact}@{parts['version']}")
