"""Taking secrets out of what is kept: a receiver may answer with what it was sent."""

from __future__ import annotations

import json
import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator, Mapping
from functools import lru_cache
from html import escape
from urllib.parse import quote, quote_plus

SHORTEST = 8
"""A secret has at least as many characters: a shorter one can be guessed, and is in every other text."""

_PART = 12
"""A part of a URL that is as long is no word, such as `services`."""


def scrubbed(text: str, values: Mapping[str, str], most: int) -> str:
    """Return the beginning of a text, with the name of a secret wherever its value was.

    Values are also found in base64, hexadecimal, escaped for URLs, HTML and JSON, and, of a URL, in part.

    Args:
        text: what is kept.
        values: of the secrets, by name.
        most: characters that are kept. A value that only begins there is replaced too, so `text` should be
            longer by `longest`.
    """
    pattern, names = _forms(tuple(sorted(values.items())))
    if pattern is None:
        return text[:most]
    ends = (found.end() for found in pattern.finditer(text) if found.start() < most < found.end())
    # Letters of other alphabets can be the same as ours in another case, and are not among the names.
    return pattern.sub(lambda found: f"[{names.get(found[0].lower(), 'secret')}]", text[: next(ends, most)])


def longest(values: Mapping[str, str]) -> int:
    """Return how long the longest form of a value is."""
    return max(map(len, _forms(tuple(sorted(values.items())))[1]), default=0)


@lru_cache(maxsize=8)
def _forms(values: tuple[tuple[str, str], ...]) -> tuple[re.Pattern[str] | None, Mapping[str, str]]:
    names = {
        form.lower(): name
        for name, value in values
        for piece in _pieces(value)
        for form in _written(piece)
        if len(form) >= SHORTEST
    }
    every = sorted(names, key=len, reverse=True)  # the first that fits is taken
    return (re.compile("|".join(map(re.escape, every)), re.IGNORECASE) if every else None), names


def _pieces(value: str) -> Iterator[str]:
    """Yield a value, and what a receiver sees of it: of a key its base64, of a URL the path and its parts."""
    yield value
    yield value.removeprefix("whsec_")
    if "://" in value:
        path = "/" + "/".join(value.split("/")[3:])
        yield from (path, path.partition("?")[0], path.partition("?")[2])
        yield from (part for part in re.split(r"[/?&=]", path) if len(part) >= _PART)


def _written(piece: str) -> Iterator[str]:
    raw = piece.encode()
    yield from (piece, raw.hex(), quote(piece), quote(piece, safe=""), quote_plus(piece), escape(piece))
    yield from (json.dumps(piece)[1:-1], json.dumps(piece, ensure_ascii=False)[1:-1])
    yield from (json.dumps(piece)[1:-1].replace("/", r"\/"),)
    yield from _inside_base64(raw)


def _inside_base64(raw: bytes) -> Iterator[str]:
    """Yield what a value is in the base64 of a text around it, which has three places where it may begin."""
    for before in range(3):
        for encode in (b64encode, urlsafe_b64encode):
            text = encode(b"\0" * before + raw).decode().rstrip("=")
            whole = (before + len(raw)) * 8 // 6
            yield text[-(-before * 8 // 6) : whole]
