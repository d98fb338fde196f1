"""Taking secrets out of what is kept: a receiver may answer with what it was sent."""

from __future__ import annotations

import json
import re
from base64 import b32encode, b64encode, urlsafe_b64encode
from collections.abc import Iterator, Mapping
from functools import lru_cache
from html import escape, unescape
from typing import NamedTuple
from urllib.parse import quote, quote_plus, unquote

SHORTEST = 8
"""A secret has at least as many characters: a shorter one can be guessed, and is in every other text."""

_PART = 12
"""A part of a URL that is as long is no word, such as `services`; nor are as many letters without signs."""

LEFT_OUT = "(left out: it holds a secret, written in another way)"

_ESCAPED = 10
"""Characters that may stand for one, as `&#x00002F;` does."""

_NESTED = 4
"""How often something that was escaped may have been escaped again."""

_CODE = re.compile(r"\\x([0-9a-f]{2})|(?:\\|%)u([0-9a-f]{4})|\\[ux]\{([0-9a-f]{1,5})\}", re.IGNORECASE)
_BREAK = re.compile(r"\\[abfnrtv]|\s+")
_SIGN = re.compile(r"\b0x|[\W_]+", re.IGNORECASE)


def scrubbed(text: str, values: Mapping[str, str], most: int) -> str:
    """Return the beginning of a text, with the name of a secret wherever its value was.

    Values are also found in base64, hexadecimal, escaped for URLs, HTML and JSON, and, of a URL, in part.
    What holds one in another way, such as base64 with line breaks, is left out: where it ends, nobody knows.

    Args:
        text: what is kept.
        values: of the secrets, by name.
        most: characters that are kept. A value that only begins there is replaced too, so `text` should be
            longer by `longest`.
    """
    known = tuple(sorted(values.items()))
    pattern, names = _forms(known)
    if pattern is None:
        return text[:most]
    named, count = pattern.subn(lambda found: _named(found, names), text)
    if _holds(named, known):
        return LEFT_OUT
    if not count:
        return text[:most]
    ends = (found.end() for found in pattern.finditer(text) if found.start() < most < found.end())
    return pattern.sub(lambda found: _named(found, names), text[: next(ends, most)])


def _named(found: re.Match[str], names: Mapping[str, str]) -> str:
    # Letters of other alphabets can be the same as ours in another case, and are not among the names.
    return f"[{names.get(found[0].lower(), 'secret')}]"


def longest(values: Mapping[str, str]) -> int:
    """Return how long the longest form of a value may be."""
    return _ESCAPED * max(map(len, _forms(tuple(sorted(values.items())))[1]), default=0)


def _holds(text: str, values: tuple[tuple[str, str], ...]) -> bool:
    """Is a value in a text, however its letters are escaped, spaced or put into signs?"""
    plain = _plain(text)
    letters = _letters(plain)
    every = _bare(values)
    return any(one in plain for one in every.plain) or any(one in letters for one in every.letters)


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


def _inside_base32(raw: bytes) -> Iterator[str]:
    """Yield what a value is in the base32 of a text around it, which has five places where it may begin."""
    for before in range(5):
        text = b32encode(b"\0" * before + raw).decode()
        yield text[-(-before * 8 // 5) : (before + len(raw)) * 8 // 5]


class _Bare(NamedTuple):
    """What values are without escapes: as they are, and without signs where enough letters are left."""

    plain: frozenset[str]
    letters: frozenset[str]


@lru_cache(maxsize=8)
def _bare(values: tuple[tuple[str, str], ...]) -> _Bare:
    pieces = {piece for _, value in values for piece in _pieces(value) if len(piece) >= SHORTEST}
    raw = {piece: piece.encode() for piece in pieces}
    forms = {
        _plain(form)
        for piece in pieces
        for form in (piece, raw[piece].hex(), *_inside_base64(raw[piece]), *_inside_base32(raw[piece]))
    }
    letters = {form: _letters(form) for form in forms}
    return _Bare(
        plain=frozenset(form for form in forms if len(letters[form]) < _PART and len(form) >= SHORTEST),
        letters=frozenset(bare for bare in letters.values() if len(bare) >= _PART),
    )


def _plain(text: str) -> str:
    """Return a text with no escapes, no spaces and no capitals."""
    for _ in range(_NESTED):
        before, text = text, unquote(unescape(_CODE.sub(_letter, text)))
        if text == before:
            break
    return _BREAK.sub("", text).casefold()


def _letter(code: re.Match[str]) -> str:
    return chr(int(code[code.lastindex or 1], 16))


def _letters(plain: str) -> str:
    return _SIGN.sub("", plain)
