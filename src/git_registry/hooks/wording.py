"""What a hook says to who pushes: each reason, and nothing that a terminal would obey."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import groupby

from git_registry.catalog.judging.found import Found

_STDERR = 2

_MOST = 20
"""Reasons that are told; of the rest, how many there are."""

_LONGEST = 1_000
"""Characters of one reason."""


def plain(text: str) -> str:
    """Return a text as it may go to a terminal: on one line, what can't be seen as its escape.

    Names, messages and values come from who pushes, and may hold commands for a terminal, or letters that
    turn the reading direction.
    """
    shown = "".join(letter if letter.isprintable() else _escaped(letter) for letter in text)
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1]}…"


def tell(*rows: str) -> None:
    """Say something to who pushes, a line each; where nobody listens, to nobody.

    Not by `sys.stderr`, for an alarm may interrupt that in the middle of a word.
    """
    # GitLab shows a person on the web only what begins so; it alone says by which protocol a push came.
    mark = "GL-HOOK-ERR: " if "GL_PROTOCOL" in os.environ else ""
    with suppress(OSError):
        for row in rows:
            os.write(_STDERR, f"{mark}{plain(row)}\n".encode("utf-8", "backslashreplace"))


def _escaped(letter: str) -> str:
    return letter.encode("unicode_escape", "surrogatepass").decode("ascii")


def refusal(found: Iterable[Found]) -> Iterator[str]:
    """Yield the lines that say what is wrong with a push, by the ref it would come to; each reason once."""
    every = list(dict.fromkeys((one.ref, _reason(one), one.violation.hint) for one in found))
    for ref, reasons in groupby(every[:_MOST], key=lambda one: one[0]):
        yield f"refused: {ref}" if ref else "refused:"
        hint = ""
        for _, reason, further in reasons:
            yield f"  {reason}"
            if further and further != hint:
                yield f"    hint: {further}"
            hint = further
    if len(every) > _MOST:
        yield f"  and {len(every) - _MOST} more"


def _reason(one: Found) -> str:
    at = f"{one.commit[:8]} " if one.commit else ""
    return f"{at}{one.violation.message if one.violation.path == one.ref else one.violation}"
