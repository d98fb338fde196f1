"""Somebody who looks at pages in a real browser, and notices whatever goes wrong on them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Request

WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 375, "height": 800}
GRAVE = {"serious", "critical"}

_REFUSED = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`refused: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""
_OPENED = """() => {
  for (const one of document.querySelectorAll(".tab-panel")) {
    one.hidden = false;
    one.dispatchEvent(new CustomEvent("shown", { bubbles: true }));
  }
  for (const one of document.querySelectorAll("main details")) one.open = true;
}"""
_IDLE = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"
_WIDER = """() => [...document.querySelectorAll("body *")]
  .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
  .filter((one) => !one.closest(".scroll, .tabs, pre, .unseen"))
  .map((one) => `${one.tagName} ${one.getAttribute("class")}: ${one.textContent.slice(0, 60)}`)"""


@dataclass
class Visitor:
    """One browser window, at one origin.

    Attributes:
        wrong: what went wrong so far: what the console says, requests that fail or leave the origin.
    """

    context: BrowserContext
    origin: str
    wrong: list[str] = field(default_factory=list)
    _asked: set[Request] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.context.set_default_timeout(30_000)
        self.context.add_init_script(_REFUSED)
        self.context.on("console", self._said)
        self.context.on("weberror", lambda error: self.wrong.append(f"error: {error.error}"))
        self.context.on("request", self._begun)
        self.context.on("requestfinished", lambda request: self._asked.discard(request))
        self.context.on("requestfailed", self._failed)
        self.page = self.context.new_page()

    def go(self, path: str) -> Visitor:
        """Look at a page, once everything on it is there."""
        self.page.goto(self.origin + path)
        return self.settle()

    def read(self, path: str) -> Visitor:
        """Look at a page as it is without scripts, where nothing could tell that all is there."""
        self.page.goto(self.origin + path)
        return self

    def settle(self) -> Visitor:
        """Wait until nothing is asked for any more."""
        self.page.evaluate(_IDLE)
        while self._asked:
            self.page.evaluate(_IDLE)
        return self

    def open_all(self) -> Visitor:
        """Show what is in tabs and in what unfolds, all of it at once."""
        self.page.evaluate(_OPENED)
        return self.settle()

    def resize(self, size: dict[str, int], theme: str) -> Visitor:
        """Look through a window of this size, in a system of this theme."""
        self.page.set_viewport_size(size)
        self.page.emulate_media(color_scheme=theme)
        return self

    @property
    def beyond(self) -> list[str]:
        """Return what makes the page wider than its window."""
        width = self.page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
        return [f"{width} px", *self.page.evaluate(_WIDER)] if width > 0 else []

    @property
    def barriers(self) -> list[str]:
        """Return what keeps people out, as axe-core finds it: serious and critical."""
        self.page.evaluate(_axe())
        found: dict[str, Any] = self.page.evaluate(
            "() => axe.run({ resultTypes: ['violations'], preload: false })"
        )
        return [
            f"{one['id']}: {node['html'][:200]} {node.get('failureSummary', '')[:300]}"
            for one in found["violations"]
            if one["impact"] in GRAVE
            for node in one["nodes"][:5]
        ]

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.wrong.append(f"{message.type}: {message.text}")

    def _begun(self, request: Request) -> None:
        self._asked.add(request)
        if not request.url.startswith((self.origin, "data:")):
            self.wrong.append(f"asked for {request.url}")

    def _failed(self, request: Request) -> None:
        self._asked.discard(request)
        # Whoever goes on to another page waits no longer for what the last one asked.
        if request.failure != "net::ERR_ABORTED":
            self.wrong.append(f"{request.url}: {request.failure}")


def visitor(browser: Browser, origin: str, **options: Any) -> Visitor:
    """Open a window that remembers nothing of any other one."""
    # What moves has not the colour yet that it will have.
    return Visitor(browser.new_context(viewport=WIDE, reduced_motion="reduce", **options), origin)


@cache
def _axe() -> str:
    from axe_playwright_python.base import AXE_SCRIPT

    return AXE_SCRIPT
