"""`gc` lists what has expired, and unlinks it when told to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

import git_registry as gr
from git_registry.cli import session


@pytest.fixture
def organization(shell, monkeypatch):
    """Two versions with a ttl, one of which is linked, and one without."""
    shell("init", "acme")
    shell.directory = shell.directory / "acme"
    monkeypatch.setenv("GIT_REGISTRY", str(shell.directory))
    with gr.init(project="churn") as run:
        for number, ttl in enumerate((timedelta(hours=1), timedelta(hours=1), None)):
            made = gr.Artifact("xgb", type="model")
            made.ttl = ttl
            with made.new_file("model.bin") as out:
                out.write(f"weights {number}")
            run.log_artifact(made).wait()
    shell("link", "projects/churn/xgb:v1", "model/churn")
    return shell


def later(monkeypatch, **time):
    monkeypatch.setattr(session, "clock", lambda: datetime.now(UTC) + timedelta(**time))


def test_before_its_time_nothing_expires(organization, monkeypatch):
    later(monkeypatch, minutes=59)

    assert organization("gc") == "Expired: 0 versions (0 B)\n"


def test_what_expired_is_listed_then_unlinked(organization, monkeypatch):
    later(monkeypatch, hours=2)

    listed = organization.json("gc")
    assert [(one["path"].partition("@")[0], one["size"], one["unlinked"]) for one in listed] == [
        ("projects/churn/xgb", 9, False)
    ]
    assert len(organization.json("list", "projects/churn/xgb")) == 3

    said = organization("gc", "--apply")

    assert said.endswith("Unlinked 1 version (9 B)\n")
    left = organization.json("list", "projects/churn/xgb")
    assert [one["version"] for one in left] == ["v2", "v1"]
    assert organization.json("gc") == []
    assert organization.json("resolve", "model/churn:v0")["files"]


def test_each_version_has_its_events(organization, monkeypatch, git):
    organization("alias", "add", "projects/churn/xgb:v0", "old")
    later(monkeypatch, hours=2)

    (gone,) = organization.json("gc", "--apply")

    assert gone["unlinked"]
    assert gone["error"] is None
    assert sorted(event["event"] for event in gone["events"]) == ["alias-removed", "version-unlinked"]
    tip = git(organization.directory, "rev-parse", "projects/churn")
    assert {event["commit"] for event in gone["events"]} == {tip}
    assert organization.json("gc", "--apply") == []


@pytest.fixture
def published(organization, git, monkeypatch):
    """The same two projects, with a remote that has both."""
    with gr.init(project="fraud") as run:
        made = gr.Artifact("xgb", type="model")
        made.ttl = timedelta(hours=1)
        with made.new_file("model.bin") as out:
            out.write("other weights")
        run.log_artifact(made).wait()
    here = organization.directory
    git(here.parent, "clone", "-q", "--bare", here, "upstream.git")
    git(here, "remote", "add", "origin", f"file://{here.parent}/upstream.git")
    git(here, "fetch", "-q", "origin")
    later(monkeypatch, hours=2)
    return organization


def test_it_is_published_where_that_is_the_setting(published, git):
    upstream = published.directory.parent / "upstream.git"
    git(published.directory, "config", "registry.push", "true")

    said = published("gc", "--apply")

    assert said.splitlines()[-3:] == [
        "Unlinked 2 versions (22 B)",
        "projects/churn: Published 1 commit to origin/projects/churn",
        "projects/fraud: Published 1 commit to origin/projects/fraud",
    ]
    for branch in ("projects/churn", "projects/fraud"):
        assert git(upstream, "rev-parse", branch) == git(published.directory, "rev-parse", branch)


def test_what_the_remote_does_not_take_hides_nothing(published, git):
    upstream = published.directory.parent / "upstream.git"
    hook = upstream / "hooks/pre-receive"
    hook.write_text("#!/bin/sh\nif grep -q churn; then echo not today >&2; exit 1; fi\n")
    hook.chmod(0o755)

    said = published("gc", "--apply", "--push", code=4)

    assert "Unlinked 2 versions" in said
    assert "projects/fraud: Published 1 commit" in said
    assert "not today" in published.err
    assert "it is committed here, not published" in published.err
