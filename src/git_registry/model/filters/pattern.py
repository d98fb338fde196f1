r"""Regular expressions to search with: Python's, less what can't be matched in a time that is known.

`re` tries one way after another, and a pattern such as `(a+)+$` has more ways than there is time. A filter
may come from anybody, so `automaton` runs its pattern, and goes through a text once. That rules out
backreferences, lookaround and possessive repeats; the rest means what it means in `re`: to be found somewhere
in the text, `\w` of any script, `(?i)`, `(?m)` and `(?s)` in front.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from git_registry.errors import UsageError

LONGEST = 200
"""Characters of a pattern."""

DEEPEST = 20
"""Groups in groups."""

_OPTIONS = re.compile(r"(?:\(\?[ims]+\))*")
_TOKEN = re.compile(
    r"""\\(?: x[0-9a-fA-F]{2} | u[0-9a-fA-F]{4} | U[0-9a-fA-F]{8} | N\{[^}]*\} | 0[0-7]{0,2} | [\s\S] )
      | \[ \^?+ \]?+ (?: \\[\s\S] | [^\]\\] )* \]
      | (?: [*+?] | \{ (?: [0-9]+ (?: ,[0-9]* )? | ,[0-9]* ) \} ) [?+]?
      | \(\? (?: P<\w+> | [\s\S] ) | [\s\S]""",
    re.VERBOSE,
)
_ESCAPED = re.compile(r"\\[\s\S]")


def split(pattern: str) -> tuple[str, str]:
    """Return the letters of the options in front, sorted, and what follows them."""
    options = _OPTIONS.match(pattern)
    letters = options[0] if options else ""
    return "".join(sorted(set(letters) & set("ims"))), pattern[len(letters) :]


def joined(options: str, body: str) -> str:
    """Return the pattern that `split` takes apart."""
    return f"(?{options}){body}" if options else body


def without_prefix(pattern: str, prefix: str) -> str:
    """Return what finds a name, where `pattern` finds the name with `prefix` in front.

    Only a pattern that begins with the prefix, after `^` or not, asks for it; it is left out and the rest
    stands at the beginning. Any other is meant for the name alone: `registry` does not find every name.
    """
    options, body = split(pattern)
    hyphenated = re.escape(prefix).replace(r"\-", r"\\?-")
    return joined(options, re.sub(rf"\A\^?{hyphenated}(?![*+?{{])", "^", body))


def tokens(body: str) -> list[str]:
    """Return the parts of a pattern: characters, classes, escapes, repeats, brackets.

    Raises:
        UsageError: it is wrong, too long, or asks for more than can be matched in a known time.
    """
    if len(body) > LONGEST:
        raise UsageError(f"a pattern has at most {LONGEST} characters, this one has {len(body)}")
    found = _TOKEN.findall(body)
    for problem in _problems(found):
        raise UsageError(
            f"{body!r} {problem}", hint="a pattern is one of Python's re, with plain groups only"
        )
    try:
        re.compile(body)
    except (re.error, OverflowError) as error:
        raise UsageError(f"{body!r} is no regular expression: {error}") from None
    return found


def _problems(found: list[str]) -> Iterator[str]:
    depth = 0
    for part in found:
        depth += {"(": 1, ")": -1}.get(part[0], 0)
        if depth > DEEPEST:
            yield f"has more than {DEEPEST} groups in each other"
        if part.startswith("(?") and part != "(?:" and not part.startswith("(?P<"):
            yield f"has {part!r}, which is not supported"
        if part[0] == "\\" and part[1:] in "123456789":
            yield "has a backreference, which is not supported"
        if part[0] in "*+?{" and part[-1] == "+" and len(part) > 1:
            yield "has a possessive repeat, which is not supported"
        if part == "[":
            yield "has a class that does not end"
        if part[0] == "[" and _is_ambiguous(_ESCAPED.sub("", part[1:-1])):
            yield r"has a class in a class, which is not supported: write \[ for the bracket"


def _is_ambiguous(inner: str) -> bool:
    # What `re` warns of, because it may come to mean sets of sets; [[:alpha:]] is POSIX's, and not Python's.
    return "[" in inner or any(sign in inner for sign in ("--", "&&", "~~", "||"))
