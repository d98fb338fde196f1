"""What a repository's own `config` says about its format, read without starting git.

Git too decides this from that one file, before and without includes, user or system
configuration (`read_repository_format` in its setup.c). Any other setting is git's to answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TRUE = ("", "true", "yes", "on", "1")


class RepositoryFormat(NamedTuple):
    """How one repository is stored."""

    bare: bool = False
    worktree: str | None = None
    object_format: str = "sha1"
    ref_storage: str = "files"
    partial: bool = False


def read_format(common_dir: Path) -> RepositoryFormat:
    """Return the format the `config` of a common directory declares; the default if there is none."""
    try:
        text = (common_dir / "config").read_text("utf-8", "surrogateescape")
    except FileNotFoundError:
        return RepositoryFormat()
    settings = dict(_settings(text))
    return RepositoryFormat(
        bare=settings.get("core.bare", "false").lower() in TRUE,
        worktree=settings.get("core.worktree"),
        object_format=settings.get("extensions.objectformat", "sha1").lower(),
        ref_storage=settings.get("extensions.refstorage", "files").lower().partition(":")[0],
        partial="extensions.partialclone" in settings
        or any(
            key.startswith("remote.") and key.endswith(".promisor") and value.lower() in TRUE
            for key, value in settings.items()
        ),
    )


def _settings(text: str) -> Iterator[tuple[str, str]]:
    """Yield key and value of each line, keys in lower case; enough of git-config(1) for plain values."""
    section = ""
    for line in text.splitlines():
        line = line.strip()
        if line.startswith("["):
            head, _, line = line[1:].rpartition("]")
            name, _, sub = head.partition(" ")
            quoted = sub.strip().strip('"')
            section = f"{name}.{quoted}" if sub else name
            line = line.strip()
        if not line or line[0] in "#;":
            continue
        key, _, value = line.partition("=")
        yield f"{section}.{key.strip()}".lower(), _value(value.strip())


def _value(text: str) -> str:
    if text.startswith('"'):
        return text[1:].partition('"')[0].replace("\\\\", "\\")
    return text.partition(" #")[0].partition(" ;")[0].strip()
