"""What an automation may start from."""

from __future__ import annotations

import pytest

from git_registry.errors import UsageError
from git_registry.model import events
from git_registry.model.triggers import KINDS, OUTSIDE, SYNONYMS, TRIGGER, kinds

HINTS = {
    "alias-mooved": "did you mean 'alias-moved'?",
    "LINK_ARTEFACT": "did you mean 'LINK_ARTIFACT'?",
    "x": "",
    "file-changed": "automations follow what happens in registries, and that file is a part of none",
    "run-recorded": "link what the run made, and start from version-linked",
    "project-changed": "link what the run made, and start from version-linked",
    "RUN_STATE": "W&B's RUN_STATE is about runs",
    "RUN_METRIC": "W&B's RUN_METRIC is about runs",
}


@pytest.mark.parametrize("text", HINTS)
def test_what_is_none_is_refused_with_what_to_use(text):
    with pytest.raises(UsageError, match="expected an event such as alias-moved") as caught:
        TRIGGER.check(text)

    assert HINTS[text] in caught.value.hint
    assert bool(caught.value.hint) == bool(HINTS[text])


def test_every_event_starts_something_or_happens_elsewhere():
    assert KINDS | OUTSIDE.keys() == events.KINDS.keys()
    assert not KINDS & OUTSIDE.keys()


def test_wandbs_names_stand_for_what_happens_in_registries():
    assert kinds(SYNONYMS) <= KINDS
