"""What is printed, byte for byte: the JSON shapes are a contract, the texts are to be looked at."""

from __future__ import annotations

import pytest

from .once import once

STORY = {
    "list-registries": ["list"],
    "list-collections": ["list", "model"],
    "list-versions": ["list", "model/churn"],
    "show-registry": ["show", "model"],
    "show-collection": ["show", "model/churn"],
    "show-version": ["show", "model/churn:staging"],
    "resolve": ["resolve", "model/churn:staging"],
    "promote": ["promote", "model/churn:latest", "--to", "staging"],
    "annotate": ["annotate", "model/churn:v0", "auc=0.94", "reviewed_by=legal"],
    "create-registry": ["create", "evaluation", "--type", "table", "--title", "Evaluations"],
    "unlink": ["unlink", "model/churn:v0"],
    "delete": ["delete", "model/churn", "--yes"],
    "download": ["download", "model/churn:staging", "there"],
    "check": ["check"],
}


@once
def story(churn):
    churn.write("model/churn/README.md", "# Churn\n\nWho will leave.\n")
    churn.write("../card.md", "# Churn\n\nWho will leave.\n")
    (churn.directory / "model/churn/README.md").unlink()
    churn("edit", "model/churn", "--title", "Churn", "--card", "../card.md")
    churn("annotate", "model/churn:v0", "auc=0.931", "metadata.reviewed_by=risk")
    return churn


@pytest.mark.parametrize("name", STORY)
def test_json(story, golden, name):
    golden(f"{name}.json", story(*STORY[name], "--json"))


@pytest.mark.parametrize("name", STORY)
def test_text_in_a_pipe(story, golden, name):
    golden(f"{name}.pipe.txt", story(*STORY[name]))


@pytest.mark.parametrize("name", ["list-registries", "list-collections", "list-versions", "show-version"])
def test_text_on_a_terminal(story, golden, name, terminal):
    golden(f"{name}.terminal.txt", story(*STORY[name]))


ERRORS = {
    "usage": (["promote", "model/churn:v0"], 2),
    "no-such-command": (["promot"], 2),
    "refused": (["link", "../model.bin", "model/churn", "--type", "dataset"], 4),
    "not-found": (["resolve", "model/churm"], 5),
    "no-such-alias": (["resolve", "model/churn:prod"], 5),
    "conflict": (["promote", "model/churn:v1", "--to", "staging", "--expect", "none"], 6),
}


@pytest.mark.parametrize("name", ERRORS)
def test_errors(churn, golden, name):
    words, code = ERRORS[name]
    churn(*words, code=code)
    as_text = churn.err
    churn(*words, "--json", code=code)
    golden(f"error-{name}.txt", as_text + churn.err)
