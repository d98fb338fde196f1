"""The organization as files: all that is linked is there, and a later export is as good as a first one."""

from __future__ import annotations

import json
import posixpath
from urllib.parse import unquote

import pytest
from tests.web.export.conftest import tree
from tests.web.reading import Read

from git_registry.errors import NotFound
from git_registry.sdk import aliasing, linking, noting
from git_registry.web.pages import ROUTES
from git_registry.web.routes import Route


def targets(path: str, body: bytes) -> set[str]:
    """Return the files that a page names, from the export's top."""
    elements = Read(body).elements
    named = [
        value for _, attributes in elements for name, value in attributes.items() if name in ("href", "src")
    ]
    here = [one.partition("#")[0] for one in named if one and ":" not in one.partition("/")[0]]
    return {posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(one))) for one in here if one}


def test_whatever_a_page_links_to_is_there(first):
    files = tree(first.folder)
    pages = {path: body for path, body in files.items() if path.endswith(".html")}

    linked = {path: targets(path, body) for path, body in pages.items()}

    assert "model/churn/v0/index.html" in pages
    assert {(path, one) for path, all_of in linked.items() for one in all_of if one not in files} == set()


def test_what_hosts_and_pages_need_is_there(first):
    files = tree(first.folder)

    assert {".nojekyll", "404.html", "index.html", "-/static/app.js", "-/static/vendor/LICENSES.txt"} <= set(
        files
    )
    record = json.loads(files[".git-registry-export.json"])
    assert set(record["files"]) == {path for path in files if not path.startswith(".git-registry-export")}


def test_an_alias_leads_to_its_version(first):
    body = (first.folder / "model/churn/production/index.html").read_bytes()

    named = [one["content"] for one in Read(body).named("meta") if one.get("http-equiv") == "refresh"]
    assert named == ["0; url=../v0/index.html"]
    assert Read(body).links == {"model/churn/v0": "../v0/index.html"}


def test_the_latest_version_has_an_address_too(first):
    body = (first.folder / "model/churn/latest/index.html").read_bytes()

    assert Read(body).links == {"model/churn/v1": "../v1/index.html"}


def test_nothing_is_written_twice(publisher):
    before = {path: path.stat().st_mtime_ns for path in publisher.folder.rglob("*") if path.is_file()}

    again = publisher.export()

    assert (again.published.written, again.published.removed) == (0, 0)
    assert {path: path.stat().st_mtime_ns for path in before} == before


CHANGES = {
    "a version is linked": lambda desk: desk.link("third"),
    "an alias moves": lambda desk: desk.promote("model/churn:v1", "production"),
    "a version is unlinked": lambda desk: desk(linking.unlink, ["model/churn:v1"]),
    "a tag is added": lambda desk: desk(noting.tag, "model/churn:v0", add=["eu"]),
    "a collection comes": lambda desk: desk.link("other", "model/fraud"),
    "an alias goes": lambda desk: desk(aliasing.remove, "model/churn", ["production"]),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_later_export_is_what_a_first_one_would_be(publisher, change, tmp_path):
    CHANGES[change](publisher.desk)

    later = publisher.export()

    publisher.export(tmp_path / "fresh")
    assert tree(publisher.folder) == tree(tmp_path / "fresh")
    assert 0 < later.published.written < len(tree(publisher.folder))


def test_several_processes_make_the_same(publisher, tmp_path, monkeypatch):
    monkeypatch.setattr("git_registry.web.export.crew._FEW", 2)

    publisher.export(tmp_path / "by-two", processes=2)

    assert tree(tmp_path / "by-two") == tree(publisher.folder)


def test_a_page_that_cannot_be_made_says_so_and_the_others_are_there(publisher, monkeypatch):
    def broken(site, **_parts):
        raise NotFound("the moon is missing", where=site.here.path)

    broken_route = Route("{registry}/{collection}/{version}", broken)
    monkeypatch.setattr("git_registry.web.export.making.ROUTES", (broken_route, *ROUTES))

    done = publisher.export()

    assert done.problems["model/churn/v0/index.html"] == "model/churn/v0/: the moon is missing"
    page = Read((publisher.folder / "model/churn/v0/index.html").read_bytes())
    assert "The moon is missing" in page.words
    assert "Models" in Read((publisher.folder / "index.html").read_bytes()).links


def test_a_name_that_a_file_has_costs_its_own_pages_alone(publisher):
    publisher.desk.link("odd", "model/index.html")

    done = publisher.export()

    assert "model/index.html/v0/index.html" in done.problems
    assert "model/index.html" not in done.problems
    assert (publisher.folder / "model/index.html").is_file()
