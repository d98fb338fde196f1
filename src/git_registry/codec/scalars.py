"""What a plain scalar means where any value may stand, and which texts a writer must quote.

The rule is YAML 1.2's JSON schema (§10.2) plus `.inf -.inf .nan`, with one difference: a plain scalar
that is none of these is text, never an error. YAML 1.1 (<https://yaml.org/type/>, what PyYAML and Ruby
read) and YAML 1.2's core schema (§10.3, most others) read more: `no`, `0x1F`, `1_000`, `~`, dates.
So the writer quotes every text that any of the three would take for something else.
"""

from __future__ import annotations

import math
import re

from git_registry.model.documents.record import Value

_WORDS: dict[str, Value] = {
    "null": None,
    "true": True,
    "false": False,
    ".inf": math.inf,
    "-.inf": -math.inf,
    ".nan": math.nan,
}
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")  # RFC 8259 §6
_LONGEST_INTEGER = len("-9223372036854775808")
INT64 = range(-(2**63), 2**63)
"""The integers a document holds; a larger one is text, because other readers round it."""

NUMBER_LIKE = (
    r"[-+]?[0-9][0-9_]*"  # decimal; 1.1: 010 is octal, 1_000 is 1000
    r"|[-+]?0[bB][01_]+|[-+]?0[oO][0-7_]+|[-+]?0[xX][0-9a-fA-F_]+"
    r"|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?"  # 1.1: base 60
    r"|[-+]?(?:[0-9][0-9_]*(?:\.[0-9._]*)?|\.[0-9._]*)(?:[eE][-+]?[0-9]+)?"  # floats; 1.1: 1.2.3 too
    r"|[-+]?\.(?i:inf)|\.(?i:nan)"
)
WORD_LIKE = r"|(?i:y|yes|n|no|true|false|on|off|null)|~|=|<<"
DATE_LIKE = r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt \t].*)?"
_SURELY_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./-]{5,}")
_TAKEN_FOR_ANOTHER = f"{NUMBER_LIKE}|{WORD_LIKE}|{DATE_LIKE}"  # compiled, for a ms, when first written

# Every character an editor or terminal does not show as itself: C0, C1, soft hyphen, zero-width space
# and marks, line and paragraph separators, bidirectional controls, byte order mark, noncharacters.
# A fixed list, so that canonical bytes never depend on a Unicode version. The joiners U+200C and U+200D
# stay: Persian and emoji are written with them.
HIDDEN_SET = (
    r"\x00-\x1f\x7f-\x9f\xad\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff"
)
_SPACE = r" \xa0\u1680\u2000-\u200a\u202f\u205f\u3000"
# Sets so large take long to compile: that waits until a text is met that is not plainly harmless.
HIDDEN = f"[{HIDDEN_SET}]"
"""What quoted text writes as an escape, and no key holds."""

_NOT_TEXT = "[\x00\ud800-\udfff]"

_ORDINARY = re.compile(r"[A-Za-z0-9](?:[ :]?[A-Za-z0-9_./@+-])*")
"""Words and URIs; all of it is plain in block style, where most scalars are such a text."""

_NOT_PLAIN_BLOCK = (
    rf"^[{_SPACE},\[\]{{}}#&*!|>'\"%@`?:]|^-(?:[ \t]|$)|^(?:---|\.\.\.)(?:[ \t]|$)"
    rf"|[{_SPACE}]$|:[ \t]|:$|[ \t]#|[{HIDDEN_SET}]"
)
_NOT_PLAIN_FLOW = r"[,\[\]{}?:]"
_ESCAPED = rf'[\\"{HIDDEN_SET}]'


def value_of(text: str) -> Value:
    """Return what the plain scalar `text` means where any value may stand."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        # Length first: int() of 10,000 digits is slow, and of 5,000 a ValueError.
        number = int(text) if len(text) <= _LONGEST_INTEGER else INT64.stop
        return number if number in INT64 else text
    if _NUMBER.fullmatch(text):
        real = float(text)
        return real if math.isfinite(real) else text
    return text


def text_problem(text: str) -> str:
    """Return why no document may hold this text, or an empty text."""
    found = None if text.isprintable() else re.search(_NOT_TEXT, text)
    if not found:
        return ""
    return "a NUL in text" if found[0] == "\0" else f"half a character in text: {found[0]!a}"


LONGEST_KEY = 500
"""Characters; YAML gives a key and its escapes 1,024 on one line (§7.4.2)."""


def key_problem(key: str) -> str:
    """Return why a mapping may not have this key, or an empty text."""
    hidden = None if key.isprintable() else re.search(HIDDEN, key)
    if hidden:
        return f"the hidden character {hidden[0]!a} in the key {key[:80]!a}"
    if len(key) > LONGEST_KEY:
        return f"a key longer than {LONGEST_KEY} characters"
    return ""


def write_number(number: float) -> str:
    """Return the shortest text that `value_of` reads as this number, an integer or a float as it was."""
    if isinstance(number, int):
        return int.__repr__(number)
    if math.isfinite(number):
        return float.__repr__(number)
    return ".nan" if math.isnan(number) else ".inf" if number > 0 else "-.inf"


def write_text(text: str, *, inline: bool) -> str:
    """Return `text` as a scalar: plain where no reader can mistake it, else in double quotes.

    Args:
        text: any text without lone surrogates.
        inline: does it stand in flow style, between `{}` or `[]`? There a comma or a bracket
            separates, and readers differ about `:` and `?`, so text with one of these is quoted.
    """
    if _SURELY_PLAIN.fullmatch(text):  # most are; no word, number or date looks like this
        return text
    if re.fullmatch(_TAKEN_FOR_ANOTHER, text, re.DOTALL) or not is_plain(text, inline=inline):
        return quote(text)
    return text


def is_plain(text: str, *, inline: bool) -> bool:
    """May `text` stand without quotes and still be one scalar, for every reader?"""
    if not _ORDINARY.fullmatch(text) and re.search(_NOT_PLAIN_BLOCK, text):
        return False
    return not (inline and re.search(_NOT_PLAIN_FLOW, text))


def quote(text: str) -> str:
    """Return `text` in double quotes: a JSON string (RFC 8259 §7), which is also a YAML one (§7.3.1)."""
    return '"' + re.sub(_ESCAPED, _escape, text) + '"'


def _escape(found: re.Match[str]) -> str:
    import json  # hardly any text needs an escape

    return json.dumps(found[0])[1:-1]
