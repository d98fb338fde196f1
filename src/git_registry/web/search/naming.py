"""From what somebody typed into the search box straight to what it names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from git_registry.sdk import searching
from git_registry.web.here import is_here

if TYPE_CHECKING:
    from git_registry.catalog.catalog import Catalog

_DIGITS = re.compile(r"(?:sha256:)?([0-9a-f]{4,64})")
_SELECTOR = re.compile(r"[^:@/]+/[^:@]+[:@].+")
_SURE = 10
"""Digits that are more than such a word would have."""


def named(catalog: Catalog, text: str) -> str:
    """Return the selector of the version that a text names, by itself or by its digits; or an empty text.

    A mounted repository is not asked: its remote would be.
    """
    text = text.removeprefix("@")
    if not (_DIGITS.fullmatch(text) or (_SELECTOR.fullmatch(text) and is_here(catalog, text))):
        return ""
    return searching.named(catalog, text)


def is_word(text: str) -> bool:
    """Could it be a word that occurs somewhere, and not only digits: `face`, `2024`?"""
    digits = _DIGITS.fullmatch(text)
    return bool(digits) and not text.startswith("sha256:") and len(text) < _SURE
