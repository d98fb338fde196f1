"""What a command on the server reads."""

from __future__ import annotations

import json

from git_registry.automation.outgoing import Outgoing


def test_it_reads_the_event(outgoing):
    given = outgoing("command: {name: deploy}")

    assert given == Outgoing(command="deploy", body=given.body)
    assert json.loads(given.body)["data"]["selector"] == "model/churn:v3"
    assert given.receiver == "command deploy"
