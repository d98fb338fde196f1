"""Whether what somebody typed into the search box is a clause, `metrics.auc >= 0.9`, or words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from git_registry.errors import UsageError
from git_registry.index.search.row import THINGS, Thing
from git_registry.sdk.searching import FIELDS

_BEGINS = re.compile(r"""([^\s=!<>~"':]+)\s*(?:[=<>~]|!=|(?<=\s)(?i:in)(?=\s*[\[(]))""")
"""`in` is a word, too: only a list behind it makes it a sign."""

_COLON = re.compile(r"""([^\s=!<>~"':]+):([^\s=!<>~:]+)""")


def clause(text: str) -> str:
    """Return the clause that a text is, whether or not all of it can be read; an empty text if it is words.

    It begins with a field that things of some kind have, and a sign. `alias:production` is one, too.
    """
    colon = _COLON.fullmatch(text)
    if colon and _is_known(colon[1]):
        return f"{colon[1]} = {colon[2]}"
    begins = _BEGINS.match(text)
    return text if begins and _is_known(begins[1]) else ""


def kinds(text: str) -> Sequence[Thing]:
    """Return the kinds of things that have the field which a clause begins with; versions, if none has."""
    begins = _BEGINS.match(text)
    return [kind for kind in THINGS if begins and _has(kind, begins[1])] or ["version"]


def _is_known(name: str) -> bool:
    return any(_has(kind, name) for kind in THINGS)


def _has(kind: Thing, name: str) -> bool:
    try:
        return bool(FIELDS[kind].find(name))
    except UsageError:
        return False
