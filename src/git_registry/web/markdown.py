"""Cards: Markdown that strangers write, as HTML that does nothing, loads nothing and looks like ours.

Two well-kept parts, one behind the other: markdown-it-py reads CommonMark and tables with raw HTML off, so
that it shows as text; nh3, which is Ammonia, lets through the elements and attributes below and no others.
"""

from __future__ import annotations

from functools import cache, lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

from git_registry.wording.letters import seen

LONGEST = 200_000
"""Letters of a card that are read as Markdown; of a longer one the text is shown as it is."""

_ELEMENTS = {
    *("h3", "h4", "h5", "h6", "p", "ul", "ol", "li", "blockquote", "pre", "code", "hr", "br"),
    *("em", "strong", "s", "a", "table", "thead", "tbody", "tr", "th", "td", "div"),
}
_REGION = {"class", "tabindex", "role", "aria-label"}
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "div": _REGION, "pre": _REGION}
_SCHEMES = {"http", "https", "mailto"}
_DEEPEST_HEADING = 6


@lru_cache(maxsize=64)
def as_html(text: str) -> Markup:
    """Return a card as HTML: headings two levels lower, pictures as links that tell nobody who looks."""
    text = seen(text, "\n\t")
    if len(text) > LONGEST:
        return Markup('<pre class="long">{}</pre>').format(text)
    made = nh3.clean(
        _reader().render(text),
        tags=_ELEMENTS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer nofollow",
    )
    return Markup(made)  # noqa: S704 - cleaned on the line above


@cache
def _reader() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    made.add_render_rule("image", _picture)
    made.add_render_rule("heading_open", _heading)
    made.add_render_rule("heading_close", _heading)
    made.add_render_rule(
        "table_open", lambda *_: '<div class="scroll" tabindex="0" role="region" aria-label="Table"><table>'
    )
    made.add_render_rule("fence", _listing)
    made.add_render_rule("code_block", _listing)
    made.add_render_rule("table_close", lambda *_: "</table></div>")
    return made


def _picture(_self: object, tokens: list[Token], place: int, _options: object, _env: object) -> str:
    """A picture would be asked for at its host, which would learn who looks: its place is a link."""
    token = tokens[place]
    return f'<a href="{escape(str(token.attrs.get("src", "")))}">{escape(token.content or "picture")}</a>'


def _listing(_self: object, tokens: list[Token], place: int, _options: object, _env: object) -> str:
    """Long lines are scrolled, by keyboard too."""
    text = escape(tokens[place].content)
    return f'<pre tabindex="0" role="region" aria-label="Code"><code>{text}</code></pre>\n'


def _heading(_self: object, tokens: list[Token], place: int, _options: object, _env: object) -> str:
    """The page has its own first and second headings."""
    token = tokens[place]
    level = min(int(token.tag[1:]) + 2, _DEEPEST_HEADING)
    return f"<{'/' if token.nesting < 0 else ''}h{level}>"
