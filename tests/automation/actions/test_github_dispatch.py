"""What starts a workflow on GitHub."""

from __future__ import annotations

import json

from git_registry.automation.outgoing import Outgoing
from git_registry.model.documents.automation import ACTIONS

DEPLOY = "github_dispatch: {repository: acme/deploy, token: REG_WH_GITHUB}"


def test_workflows_wait_for_the_event_and_find_what_it_is_about(outgoing, body):
    given = outgoing(DEPLOY)

    assert given == Outgoing(
        url="https://api.github.com/repos/acme/deploy/dispatches",
        headers={
            "Accept": "application/vnd.github+json",
            "Content-Type": "application/json",
            "X-GitHub-Api-Version": "2022-11-28",
        },
        bearer="REG_WH_GITHUB",
        body=given.body,
    )
    said = body(DEPLOY)
    data = said["client_payload"].pop("data")
    assert said == {
        "event_type": "alias-moved",
        "client_payload": {
            "delivery": "msg_nqflzf5jjgn7hncfqwch4lpf",
            "event": "alias-moved",
            "path": "model/churn",
            "registry": "model",
            "collection": "churn",
            "alias": "production",
            "version": "v3",
            "selector": "model/churn:v3",
            "commit": "4be1" * 10,
        },
    }
    assert (data["id"], data["before"]) == ("b" * 32, "v2")


def test_it_may_be_another_server_type_and_payload(outgoing):
    given = outgoing(
        "github_dispatch: {repository: acme/deploy, token: REG_WH_G, event_type: 'deploy-${alias}', "
        "payload: {what: '${selector}'}, api: 'https://github.acme.example/api/v3/'}"
    )

    assert given.url == "https://github.acme.example/api/v3/repos/acme/deploy/dispatches"
    assert json.loads(given.body) == {
        "event_type": "deploy-production",
        "client_payload": {"what": "model/churn:v3"},
    }


def test_github_takes_no_longer_type(body):
    said = body(f"github_dispatch: {{repository: a/b, token: REG_WH_G, event_type: {'x' * 200}}}")

    assert said["event_type"] == "x" * 100


def test_every_action_has_its_file(outgoing):
    """So what a document may say can be prepared."""
    examples = {
        "webhook": "{url: 'https://x.acme.example'}",
        "slack": "{url_secret: REG_WH_S}",
        "github_dispatch": "{repository: a/b, token: REG_WH_G}",
        "gitlab_pipeline": "{project: a/b, ref: main, token: REG_WH_G}",
        "command": "{name: deploy}",
    }

    assert {name: bool(outgoing(f"{name}: {example}").body) for name, example in examples.items()} == (
        dict.fromkeys(ACTIONS, True)
    )
