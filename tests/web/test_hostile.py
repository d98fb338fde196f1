"""What was written to break pages: it shows as what it is, does nothing, and takes no longer than others."""

from __future__ import annotations

import re
import time
from http.client import HTTPConnection

import pytest
from tests.repeating import times
from tests.web.browser.serving import live
from tests.web.hostile import EVIL, tell
from tests.web.reading import Read

from git_registry.web.markdown import LONGEST, as_html

PAGES = (
    *("", "model/", "model/evil/", "model/evil/v0/", "model/evil/v1/", "model/long/", "model/nested/"),
    *("model/files/", "model/files/v0/", "model/unread/", "bad/", "projects/", "projects/bad/"),
    *("projects/bad/runs/r1/", "-/proposals/", "-/audit/", "-/search/"),
)
DATA = ("model/evil/v0/lineage.json", "projects/bad/runs/r1/curves.json", "-/search/index.json", "-/tip.json")
SECONDS = 10
"""That a page may take where many things run at once; alone it takes a tenth."""


@pytest.fixture(scope="module")
def asking(browser):
    """Ask a server: `asking("GET", "/")`; return status, headers and body."""
    with live(browser.desk.path) as origin:

        def ask(method, path, **headers):
            wire = HTTPConnection(origin.removeprefix("http://").removesuffix("/"), timeout=60)
            wire.request(method, path, headers=headers)
            sent = wire.getresponse()
            body = sent.read()
            wire.close()
            return sent.status, dict(sent.getheaders()), body

        yield ask


@pytest.fixture(scope="module")
def browser(browse):
    made = browse()
    tell(made.desk)
    return made


def harmless(body: bytes) -> None:
    """Check that nothing on a page runs, loads or leads anywhere by what somebody wrote."""
    page = Read(body)
    for name, attributes in page.elements:
        assert name not in {"iframe", "object", "embed", "base", "style", "img"}, name
        assert not [one for one in attributes if one.startswith("on") or one in ("style", "srcdoc")]
        assert name != "script" or attributes.get("src") or attributes.get("type") == "application/json"
        for one in ("href", "src", "action", "formaction", "xlink:href"):
            scheme = re.match(r"\s*([a-z][a-z0-9+.-]*):", attributes.get(one) or "", re.IGNORECASE)
            assert scheme is None or scheme[1] in {"http", "https", "mailto"}, attributes
    assert b"\xe2\x80\xae" not in body
    assert "49" not in re.findall(r"!--(\S+?)\{% x", page.words)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_it_does_nothing_and_has_an_end(browser, path):
    began = time.process_time()
    sent = browser.ask(path)

    assert sent.status == 200, sent.body[-2000:]
    assert time.process_time() - began < SECONDS
    assert len(sent.body) < 3_000_000
    harmless(sent.body)


@pytest.mark.parametrize("path", DATA)
def test_what_scripts_ask_for_is_data_whatever_it_says(browser, path):
    sent = browser.ask(path)

    assert sent.status in (200, 404)
    assert sent.kind == "application/json"


ASKED = {
    "model/evil/": ("sort", "metrics", "type", "page"),
    "-/compare/": ("v", "all"),
    "-/search/": ("q", "where", "alias", "kind", "tag", "offset"),
    "-/audit/": ("path", "by", "since", "kind"),
    "": ("at",),
}


@pytest.mark.parametrize("value", [EVIL, "\0", "9" * 400, "-1", "../../etc/passwd", "--help", "{}", "%00%ff"])
def test_what_is_asked_besides_is_never_more_than_text(browser, value):
    for path, names in ASKED.items():
        sent = browser.ask(path, **{name: [value, value] for name in names})

        assert sent.status < 500, (path, sent.body[-2000:])
        harmless(sent.body)


@pytest.mark.parametrize(
    "path",
    [
        *("model/evil/-/page/0/", "model/evil/-/page/-1/", "model/evil/-/page/1e9/", f"-/page/{'9' * 500}/"),
        *("model/evil/%00/", "model/..%2f..%2fetc/", "%2e%2e/%2e%2e/", "model//evil/", "a" * 20_000 + "/"),
        *("model/evil/<script>/", "-/static/../../", "-/-/-/", "model/evil/v99999999999999999999/", "%ff/"),
        *(
            "projects/../model/",
            "projects/bad/runs/..%2f/",
            "-/proposals/..%2f/x/",
            "model/evil/@zz/",
            "HEAD/",
        ),
    ],
)
def test_what_is_nowhere_is_said_to_be_nowhere(browser, path):
    sent = browser.ask(path)

    assert 300 <= sent.status < 500, sent.body[-2000:]
    assert not sent.location.startswith(("http", "//"))
    harmless(sent.body)


@pytest.mark.parametrize(
    "text", ["[", "[a](", "*a ", "**a_", "![[", "# a\n", "*_", "> - ", "~~a ", "<a ", "|a", "- ", "`", "&#x"]
)
def test_a_card_takes_as_long_as_it_is_long(text):
    began = time.process_time()

    as_html((text * LONGEST)[: times(LONGEST // 8, LONGEST)])

    assert time.process_time() - began < SECONDS


def test_a_server_that_was_given_another_name_answers_nobody(asking):
    # A page elsewhere could else read these pages, once its own name points here (DNS rebinding).
    assert asking("GET", "/", Host="elsewhere.example")[0] == 400
    assert asking("GET", "/-/static/app.js", Host="elsewhere.example")[0] == 400


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_nothing_is_changed_by_asking(asking, method):
    assert asking(method, "/model/evil/")[0] == 405


def test_who_asks_for_the_head_of_a_page_is_sent_that(asking):
    status, headers, body = asking("HEAD", "/model/evil/")

    assert (status, body) == (200, b"")
    assert headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in headers["content-security-policy"]


def test_who_has_a_page_is_not_sent_it_again(asking):
    _, headers, _ = asking("GET", "/model/")

    assert asking("GET", "/model/", **{"If-None-Match": headers["etag"]})[::2] == (304, b"")
    assert asking("GET", "/model/", **{"If-None-Match": '"another"'})[0] == 200


@pytest.mark.parametrize(
    "path",
    [
        *("/-/static/../../app.py", "/-/static/%2e%2e/app.py", "/-/static/..%2f..%2fapp.py"),
        *("/-/static//etc/passwd", "/-/static/", "/-/static/vendor", "/..%2f..%2fetc%2fpasswd"),
        *("//elsewhere.example/", "/" + "a" * 60_000, "/%", "/%ff%fe/", "/model/%0d%0aset-cookie:x/"),
        *("/-/search?q=%", "/?at=%"),
    ],
)
def test_paths_lead_to_no_other_file(asking, path):
    status, headers, body = asking("GET", path)

    assert status < 500
    assert status != 200 or "?" in path
    assert "set-cookie" not in headers
    assert not headers.get("location", "").startswith(("//", "http"))
    assert b"root:" not in body
    assert b"def " not in body
