"""A page as its reader has it: its text, its links, what its tables say."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "input", "br", "hr", "img", "path", "circle", "rect", "line", "polyline"}
UNREAD = {"script", "style", "head"}


@dataclass
class Read(HTMLParser):
    """A page that was read.

    Attributes:
        words: all text that shows, its blanks made one.
        links: where its links go, by their text.
        rows: the cells of all rows of all tables.
        elements: the names of all elements, each with its attributes.
    """

    words: str = ""
    links: dict[str, str] = field(default_factory=dict)
    rows: list[list[str]] = field(default_factory=list)
    elements: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)

    def __init__(self, body: bytes) -> None:
        super().__init__()
        self.words, self.links, self.rows, self.elements = "", {}, [], []
        self._open: list[str] = []
        self._link: tuple[str, str] | None = None
        self._cell = False
        self.feed(body.decode())
        self.close()
        self.words = re.sub(r"\s+", " ", self.words)
        self.rows = [[re.sub(r"\s+", " ", cell).strip() for cell in row] for row in self.rows]

    def named(self, name: str) -> list[dict[str, str | None]]:
        """Return the attributes of all elements of a name."""
        return [attributes for one, attributes in self.elements if one == name]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.elements.append((tag, attributes))
        if tag not in VOID:
            self._open.append(tag)
        if tag == "a":
            self._link = (attributes.get("href") or "", "")
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th") and self.rows:
            self.rows[-1].append("")
            self._cell = True
        if tag in ("p", "li", "td", "th", "div", "h1", "h2", "h3", "dt", "dd", "section"):
            self.words += " "

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            while self._open.pop() != tag:
                pass
        if tag == "a" and self._link:
            self.links[re.sub(r"\s+", " ", self._link[1]).strip()] = self._link[0]
            self._link = None
        if tag in ("td", "th"):
            self._cell = False

    def handle_data(self, data: str) -> None:
        if UNREAD.intersection(self._open):
            return
        self.words += data
        if self._cell and self.rows and self.rows[-1]:
            self.rows[-1][-1] += data
        if self._link:
            self._link = (self._link[0], self._link[1] + data)
