"""What a process says that nobody waits for."""

from __future__ import annotations

import re

from .once import once

WHEN = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ [0-9a-f]{12} "


@once
def answered(churn):
    """An organization whose events are answered, and an automation."""
    churn("automation", "create", "model", "tell", "--on", "alias-added", "--slack", "REG_WH_SLACK")
    churn("automation", "run")
    return churn


def test_where_nothing_was_done_nothing_is_said(answered):
    assert answered("automation", "run", "--log") == answered.err == ""
    answered.error("automation", "run", "--log", "--base", "HEAD", code=2)


def test_what_was_done_says_when_and_at_which_commit(answered, git):
    answered("promote", "model/churn:v0", "--to", "production")

    said = answered("automation", "run", "--log")

    assert re.fullmatch(f"{WHEN}Queued 1, sent 1 time: .*\n", said)
    assert git(answered.directory, "rev-parse", "HEAD")[:12] in said
    assert re.fullmatch(f"{WHEN}Paused model/automations/tell: .*\n", answered.err)
    answered("automation", "list", "--at", "HEAD~1")
    assert answered.err == ""


def test_what_went_wrong_is_one_line(answered, git):
    git(answered.directory, "commit", "-q", "--amend", "-m", "Otherwise")

    assert answered("automation", "run", "--log", code=6) == ""

    assert re.fullmatch(f"{WHEN}error: .*history was rewritten; nothing that happened .*\n", answered.err)
