"""The request to whoever waits for it."""

from __future__ import annotations

import json
from dataclasses import replace

from git_registry.automation.outgoing import Outgoing

DELIVERY = "msg_nqflzf5jjgn7hncfqwch4lpf"

DATA = {
    "delivery": DELIVERY,
    "organization": "acme",
    "commit": "4be1" * 10,
    "summary": "model/churn:production is v3 now, was v2 (protected)",
    "selector": "model/churn:v3",
    "time": "2026-11-22T20:28:34.000Z",
    "automation": "model/churn/automations/deploy",
    "event": "alias-moved",
    "path": "model/churn",
    "registry": "model",
    "collection": "churn",
    "alias": "production",
    "protected": True,
    "author": {"name": "Ada", "email": "ada@acme.example"},
    "version": "v3",
    "number": 3,
    "id": "b" * 32,
    "type": "model",
    "aliases": ["production"],
    "tags": ["eu"],
    "metrics": {"auc": 0.93},
    "metadata": {"model": {"framework": "xgboost"}},
    "before": "v2",
    "after": "v3",
}


def test_our_event_is_the_body(outgoing):
    given = outgoing('webhook: {url: "https://deploy.acme.example/hook", secret: REG_WH_DEPLOY}')

    body = {"type": "registry.alias-moved", "timestamp": "2026-11-22T20:28:34.000Z", "data": DATA}
    assert given == Outgoing(
        url="https://deploy.acme.example/hook",
        body=json.dumps(body, separators=(",", ":")),
        headers={"Content-Type": "application/json"},
        secrets=("REG_WH_DEPLOY",),
    )


def test_or_that_in_the_cloudevents_envelope(outgoing, body, promoted):
    action = "webhook: {url: 'https://e.acme.example', format: cloudevents}"

    assert outgoing(action).headers == {"Content-Type": "application/cloudevents+json; charset=utf-8"}
    assert body(action) == {
        "specversion": "1.0",
        "id": DELIVERY,
        "source": "acme",
        "type": "registry.alias-moved",
        "subject": "model/churn",
        "time": "2026-11-22T20:28:34.000Z",
        "datacontenttype": "application/json",
        "data": DATA,
    }
    sources = {"https://git.acme.example/models": None, "git@git.acme.example:models": "acme"}
    for repository, source in sources.items():
        known = replace(promoted, repository=repository)
        assert body(action, known)["source"] == (source or repository)
        assert body(action, known)["data"]["repository"] == repository


def test_or_what_the_automation_says_with_variables_of_wandb(body):
    template = (
        '{text: "${artifact_collection_name} ${alias}", ref: "${artifact_version_string}", n: [1, null]}'
    )

    assert body(f"webhook: {{url: 'https://x.acme.example', body: {template}}}") == {
        "text": "churn production",
        "ref": "acme/model/churn:v3",
        "n": [1, None],
    }


def test_secrets_stay_names(outgoing):
    given = outgoing(
        "webhook: {url_secret: REG_WH_URL, secret: REG_WH_NEW, previous_secret: REG_WH_OLD, "
        "token: REG_WH_TOKEN, wandb_signature: hex}"
    )

    assert (given.url, given.url_secret, given.bearer) == ("", "REG_WH_URL", "REG_WH_TOKEN")
    assert given.secrets == ("REG_WH_NEW", "REG_WH_OLD")
    assert given.wandb_signature == "hex"
    assert "REG_WH" not in given.body
