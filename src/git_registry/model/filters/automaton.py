"""Patterns that are found in time that grows with the text, whatever they are (after Thompson, 1968).

A pattern becomes a program of a few hundred instructions. All the ways through it are followed at once, and a
set of places reached is a state; where a state goes on a character is worked out once and remembered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from git_registry.errors import UsageError
from git_registry.model.filters.pattern import joined, split, tokens

LARGEST = 500
"""Instructions of a program, and so the most that one character of a text can cost."""

_REMEMBERED = 100_000
"""Places of the states that are remembered; where one character leads takes as much room as ten."""

_END: Final = ""
_LAST_LINE_END: Final = "\n$"
_OPTIONS = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL}
_UNBOUNDED: Final = -1


class Instruction(NamedTuple):
    """A step of a program: takes a character, or holds between two, or goes on elsewhere.

    Attributes:
        jumps: where it goes on, counted from here.
        takes: does it take this character?
        holds: does it hold between these two? `_END` stands before the first and after the last.
    """

    jumps: tuple[int, ...] = (1,)
    takes: Callable[[str], object] | None = None
    holds: Callable[[str, str], bool] | None = None


Program = list[Instruction]


class _State(dict[str, "_State"]):
    """Where each character leads from a set of places."""

    __slots__ = ("before", "places")

    def __init__(self, places: frozenset[int] = frozenset(), before: str = _END) -> None:
        super().__init__()
        self.places = places
        self.before = before


_FOUND: Final = _State()


class Automaton:
    """A pattern made ready."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._states: dict[tuple[frozenset[int], str], _State] = {}
        self._remembered = 0

    def search(self, text: str) -> bool:
        """Is the pattern found anywhere in the text?"""
        state = self._state(frozenset((0,)), _END)
        for symbol in _symbols(text):
            following = state.get(symbol)
            if following is None:
                following = self._follow(state, symbol)
            if following is _FOUND:
                return True
            state = following
        return False

    def _state(self, places: frozenset[int], before: str) -> _State:
        return self._states.setdefault((places, before), _State(places, before))

    def _follow(self, state: _State, symbol: str) -> _State:
        if self._remembered >= _REMEMBERED:
            self._states.clear()
            self._remembered = 0
        self._remembered += 10 + len(state.places)
        reached = self._reached(state, symbol)
        if len(self._program) in reached:
            following = _FOUND
        else:
            taken = (place + 1 for place in reached if self._takes(place, symbol))
            following = self._state(frozenset((0, *taken)), _kind(symbol))
        state[symbol] = following
        return following

    def _takes(self, place: int, symbol: str) -> bool:
        takes = self._program[place].takes
        return takes is not None and symbol != _END and bool(takes(symbol[0]))

    def _reached(self, state: _State, symbol: str) -> set[int]:
        """Return every place that can be come to before the symbol is taken."""
        reached: set[int] = set()
        waiting = list(state.places)
        while waiting:
            place = waiting.pop()
            if place in reached:
                continue
            reached.add(place)
            if place < len(self._program):
                step = self._program[place]
                if step.takes is None and (step.holds is None or step.holds(state.before, symbol)):
                    waiting.extend(place + jump for jump in step.jumps)
        return reached


def _symbols(text: str) -> Iterator[str]:
    """Yield the characters and the end; a line end that is the last character is one of its own."""
    if text.endswith("\n"):
        yield from text[:-1]
        yield _LAST_LINE_END
    else:
        yield from text
    yield _END


def _kind(symbol: str) -> str:
    """Return what a check needs to know of the character before it."""
    if symbol in (_END, "\n", _LAST_LINE_END):
        return symbol[:1]
    return "a" if _is_word(symbol) else " "


def _is_word(symbol: str) -> bool:
    return symbol == "_" or symbol.isalnum()


def _at_word_edge(before: str, after: str) -> bool:
    return _is_word(before) != _is_word(after)


CHECKS: dict[str, Callable[[str, str], bool]] = {
    "^": lambda before, _after: before == _END,
    "$": lambda _before, after: after in (_END, _LAST_LINE_END),
    r"\A": lambda before, _after: before == _END,
    r"\Z": lambda _before, after: after == _END,
    r"\z": lambda _before, after: after == _END,
    r"\b": _at_word_edge,
    r"\B": lambda before, after: bool(before or after) and not _at_word_edge(before, after),
}
LINE_CHECKS: dict[str, Callable[[str, str], bool]] = {
    "^": lambda before, _after: before in (_END, "\n"),
    "$": lambda _before, after: after in (_END, "\n", _LAST_LINE_END),
}


@lru_cache(maxsize=32)
def automaton(pattern: str) -> Automaton:
    """Return what finds a pattern; its options stand in front, `(?i)`.

    Raises:
        UsageError: see `pattern.tokens`; or what it repeats makes it too large.
    """
    options, body = split(pattern)
    found = tokens(body)
    program = _Reading(found, options).alternatives()
    return Automaton(_bounded(program, len(program)))


def readable(pattern: str) -> str:
    """Return the pattern as `automaton` takes it, its options joined.

    Raises:
        UsageError: there is none for it.
    """
    normal = joined(*split(pattern))
    automaton(normal)
    return normal


class _Reading:
    """Makes a program of the tokens of a pattern that `re` has found right."""

    def __init__(self, found: list[str], options: str) -> None:
        self._tokens = found
        self._at = 0
        self._flags = sum(_OPTIONS[letter] for letter in options)
        self._checks = {**CHECKS, **LINE_CHECKS} if "m" in options else CHECKS

    def alternatives(self) -> Program:
        program = self._sequence()
        while self._next() == "|":
            self._at += 1
            other = self._sequence()
            program = [
                Instruction((1, len(program) + 2)), *program, Instruction((len(other) + 1,)), *other
            ]  # fmt: skip
        return program

    def _sequence(self) -> Program:
        program: Program = []
        while self._next() not in ("", "|", ")"):
            program += self._repeated(self._item())
        return program

    def _next(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _item(self) -> Program:
        token = self._next()
        self._at += 1
        if token.startswith("("):
            inner = self.alternatives()
            self._at += 1
            return inner
        if token in self._checks:
            return [Instruction(holds=self._checks[token])]
        return [Instruction(takes=re.compile(token, self._flags).fullmatch)]

    def _repeated(self, program: Program) -> Program:
        repeat = self._next()
        if not repeat or repeat[0] not in "*+?{" or repeat == "{":
            return program
        self._at += 1
        return _repeat(program, *_counts(repeat.rstrip("?") or "?"))


def _counts(repeat: str) -> tuple[int, int]:
    """Return the least and the most times that `*`, `+`, `?` or `{2,3}` asks for."""
    if not repeat.startswith("{"):
        return {"*": (0, _UNBOUNDED), "+": (1, _UNBOUNDED), "?": (0, 1)}[repeat]
    least, comma, most = repeat[1:-1].partition(",")
    if not comma:
        return int(least), int(least)
    return int(least or 0), int(most) if most else _UNBOUNDED


def _repeat(program: Program, least: int, most: int) -> Program:
    size = len(program) + 1
    _bounded(program, size * max(least + 1, most))
    optional = [Instruction((1, size)), *program]
    if most == _UNBOUNDED:
        return [*program * least, Instruction((1, size + 1)), *program, Instruction((-size,))]
    return [*program * least, *optional * (most - least)]


def _bounded(program: Program, size: int) -> Program:
    if size > LARGEST:
        raise UsageError("the pattern repeats too much", hint="write * or + for a large count")
    return program
