"""What the package itself says of what it has and has not, and what it must never show."""

from __future__ import annotations

import traceback

import pytest

import git_registry as gr
from git_registry.errors import NotFound


def test_what_wandb_has_and_we_have_not_says_where_to_look():
    with pytest.raises(AttributeError, match=r"Image: W&B has it .*'Porting from W&B' in the README"):
        _ = gr.Image
    with pytest.raises(AttributeError, match="has no attribute 'nonsense'"):
        _ = gr.nonsense


def test_a_traceback_says_what_to_do_next():
    lines = traceback.format_exception(NotFound("there is no such thing", hint="look elsewhere"))

    assert "".join(lines).splitlines()[-2:] == [
        "git_registry.errors.NotFound: there is no such thing",
        "hint: look elsewhere",
    ]
    assert not hasattr(NotFound("nothing to say"), "__notes__")


def test_nothing_that_is_shown_shows_the_environment(desk, monkeypatch):
    monkeypatch.setenv("MY_TOKEN", "hunter2")
    desk.link("one", "model/churn")
    api = gr.Api(path=desk.path)

    shown = [
        *(api, api.project("tumors"), api.projects(), api.registry("model"), api.registries()),
        *(api.artifact_types("model"), api.artifact_type("model", "model"), api.artifact("model/churn:v0")),
        *(api.artifact_collection("model", "model/churn"), api.runs("tumors"), api.workspace),
    ]

    assert all("hunter2" not in repr(one) for one in shown)


def test_a_run_is_shown_by_its_name(desk):
    with gr.init(project="churn", id="r1", path=desk.path) as run:
        assert repr(run) == "<Run acme/churn/r1 (running)>"
