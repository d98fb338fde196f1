"""What is said of an automation that sends where no server does by itself."""

from __future__ import annotations

import pytest

from git_registry.model.documents.automation import Action, Command, GithubDispatch, GitlabPipeline, Webhook
from git_registry.sdk.unreachable import doubts

SAID = {
    "https://deploy.acme.example/hook": "",
    "https://8.8.8.8/hook": "",
    "https://10.0.0.1/hook": "10.0.0.1 is no public address",
    "https://[::1]:8443/hook": "::1 is no public address",
    "https://[::ffff:127.0.0.1]/hook": "::ffff:127.0.0.1 is no public address",
    "http://192.168.1.1/hook": "192.168.1.1 is no public address",
    "https://localhost/hook": "localhost is no public address",
    "https://web.localhost/hook": "web.localhost is no public address",
    "http://deploy.acme.example/hook": "http: to deploy.acme.example",
    "https://0x7f000001/hook": "nothing is sent: its URL has a number for a host that is no address",
}


@pytest.mark.parametrize("url", SAID)
def test_where_a_server_sends_nothing_that_is_said(url):
    said = list(doubts(Action(webhook=Webhook(url=url, secret="REG_WH_X"))))

    assert bool(said) == bool(SAID[url])
    assert all(one.startswith(SAID[url]) for one in said)


def test_whatever_has_an_address_is_looked_at():
    inside = "https://10.0.0.1/api"
    actions = [
        Action(github_dispatch=GithubDispatch(repository="acme/deploy", token="REG_WH_X", api=inside)),
        Action(gitlab_pipeline=GitlabPipeline(project="acme/x", ref="main", token="REG_WH_X", api=inside)),
    ]

    assert all("registry.allowNetwork" in next(doubts(one)) for one in actions)
    assert list(doubts(Action(command=Command(name="deploy")))) == []
    assert list(doubts(Action(webhook=Webhook(url_secret="REG_WH_X")))) == []


def test_what_anybody_could_forge_is_said():
    url = "https://deploy.acme.example/hook"
    (said,) = doubts(Action(webhook=Webhook(url=url)))

    assert said.startswith("unsigned: ")
    assert "--secret" in said
    assert list(doubts(Action(webhook=Webhook(url=url, token="REG_WH_X")))) == []
