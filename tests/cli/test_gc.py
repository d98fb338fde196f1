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
