"""Plain words to search for."""

from __future__ import annotations

import re
from collections.abc import Iterable

_WORD = re.compile(r'"([^"]+)"|([^\s"]+)')


def words(text: str) -> tuple[str, ...]:
    """Return the words of a search, without their case; a phrase in double quotes is one word.

    Each is there once: a text of ten thousand times the same asks no more than one.
    """
    return tuple(dict.fromkeys((phrase or word).casefold() for phrase, word in _WORD.findall(text)))


def mentions(words: Iterable[str], texts: Iterable[str]) -> bool:
    """Does each of the words, as `words` returns them, occur in one of the texts, in any case?"""
    folded = [text.casefold() for text in texts]
    return all(any(word in text for text in folded) for word in words)
