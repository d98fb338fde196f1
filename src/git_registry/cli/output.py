"""Printing: tables on a terminal, tab-separated text in a pipe, one JSON document if asked for.

Much of what is printed was written by somebody else. No control character of theirs reaches the
reader, and no letter that nobody sees: they are told.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TextIO

from git_registry.wording.letters import seen

if TYPE_CHECKING:
    from git_registry.errors import RegistryError

# C0 without tab and newline, DEL, C1, marks that turn the direction of text, separators, invisible
# operators, lone surrogates (names of files that are not UTF-8), the byte order mark.
CONTROL = "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff]"
"""What JSON has as an escape."""

_BLANKS = r"[\t\n]+"
_SPACES = "\t\n\xa0\u202f\u3000"
"""What has a width: whoever writes French or Japanese writes such."""

BOLD, RED, DIM, PLAIN = "\x1b[1m", "\x1b[31m", "\x1b[2m", "\x1b[0m"


def clean(text: str) -> str:
    """Return `text` with what would steer a terminal, or hide what it says, told instead of done."""
    return seen(text, apart=_SPACES)


def cell(text: str) -> str:
    """Return `text` on one line without tabs, so that it is one field of a row."""
    return clean(re.sub(_BLANKS, " ", text)).strip()


class Output:
    """Where a command prints.

    Attributes:
        json: one JSON document instead of text, errors included.
    """

    def __init__(self, *, json: bool = False) -> None:
        self.json = json

    @property
    def is_terminal(self) -> bool:
        """Does a person read it as it comes?"""
        return sys.stdout.isatty()

    def line(self, text: str = "") -> None:
        """Print a line, or several."""
        sys.stdout.write(clean(text) + "\n")

    def note(self, text: str) -> None:
        """Tell the reader something besides the answer."""
        sys.stderr.write(clean(text) + "\n")

    def document(self, value: object) -> None:
        """Print the JSON document that is the answer."""
        sys.stdout.write(to_json(value) + "\n")

    def documents(self, values: Iterable[object]) -> None:
        """Print JSON documents, each on a line of its own: what there may be many of."""
        sys.stdout.writelines(to_json(value, indent=None) + "\n" for value in values)

    def table(self, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Print rows: aligned below a header on a terminal, separated by tabs and nothing else in a pipe."""
        if not self.is_terminal:
            _print_tabbed(rows)
            return
        from git_registry.cli.columns import aligned

        _print_below(aligned([header, *map(_cells, rows)]))

    def whole_table(self, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Print rows as `table` does, but each to its end, however narrow the terminal is."""
        if not self.is_terminal:
            _print_tabbed(rows)
            return
        from git_registry.cli.columns import whole

        _print_below(whole([header, *map(_cells, rows)]))

    def fields(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Print labels and values: in two columns on a terminal, separated by tabs in a pipe."""
        cleaned = [(cell(label), cell(value)) for label, value in pairs]
        widest = max((len(label) for label, _ in cleaned), default=0)
        for label, value in cleaned:
            shown = _styled(sys.stdout, DIM, label.ljust(widest)) + "  " if self.is_terminal else f"{label}\t"
            sys.stdout.write(f"{shown}{value}\n")

    def error(self, error: RegistryError) -> None:
        """Say what went wrong, where, and what to do next."""
        sys.stdout.flush()
        if self.json:
            from git_registry.cli.shapes import error as shape

            sys.stderr.write(to_json(shape(error)) + "\n")
            return
        for problem in getattr(error, "problems", ()) or (error,):
            sys.stderr.write(f"{_styled(sys.stderr, RED, 'error:')} {_one_line(str(problem))}\n")
            if problem.hint:
                sys.stderr.write(f"hint: {clean(problem.hint)}\n")


def _cells(row: Sequence[str]) -> Sequence[str]:
    return [cell(text) for text in row]


def _print_tabbed(rows: Iterable[Sequence[str]]) -> None:
    sys.stdout.writelines("\t".join(_cells(row)) + "\n" for row in rows)


def _print_below(lines: Sequence[str]) -> None:
    """Print the lines of a table, the first of them its header."""
    sys.stdout.write(_styled(sys.stdout, BOLD, lines[0]) + "\n")
    sys.stdout.writelines(line + "\n" for line in lines[1:])


def _one_line(text: str) -> str:
    """Return an error's text without a line end, which a file's name may hold to forge a line of ours."""
    return clean(text.replace("\n", "\\n"))


def to_json(value: object, *, indent: int | None = 2) -> str:
    """Return `value` as JSON; what would steer a terminal is written as an escape."""
    import json

    text = json.dumps(value, ensure_ascii=False, indent=indent, allow_nan=False)
    return re.sub(CONTROL, lambda found: f"\\u{ord(found[0]):04x}", text)


def _styled(stream: TextIO, style: str, text: str) -> str:
    plain = not stream.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return text if plain else f"{style}{text}{PLAIN}"
