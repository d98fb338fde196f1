"""What an automation's action says of itself."""

from __future__ import annotations

import pytest

from git_registry.model.documents.automation import (
    URL,
    Action,
    Command,
    GithubDispatch,
    GitlabPipeline,
    Slack,
    Webhook,
)

KEY, OLD, TOKEN = "REG_WH_KEY", "REG_WH_OLD", "REG_WH_TOKEN"
SECRETS = [
    (
        Action(webhook=Webhook(url="https://a.example", secret=KEY, previous_secret=OLD, token=TOKEN)),
        (KEY, OLD, TOKEN),
    ),
    (Action(webhook=Webhook(url_secret=KEY, secret=KEY)), (KEY,)),
    (Action(slack=Slack(url_secret=KEY)), (KEY,)),
    (Action(github_dispatch=GithubDispatch(repository="acme/deploy", token=TOKEN)), (TOKEN,)),
    (Action(gitlab_pipeline=GitlabPipeline(project="acme/deploy", ref="main", token=TOKEN)), (TOKEN,)),
    (Action(command=Command(name="deploy")), ()),
]


@pytest.mark.parametrize(("action", "names"), SECRETS)
def test_it_names_its_secrets_each_once(action, names):
    assert action.secrets == names


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.slack.com/services/T0/B0/hush",
        "https://Hooks.Slack.com:443/services/T0/B0/hush",
        "https://hooks.slack.com./services/T0/B0/hush",
        "https://discord.com/api/webhooks/12/hush",
        "https://canary.discordapp.com/api/v10/webhooks/12/hush",
        "https://acme.webhook.office.com/webhookb2/hush",
    ],
)
def test_a_url_that_is_itself_the_secret_is_none_and_not_repeated(url):
    assert "the URL itself is the secret" in URL.problem(url)
    assert "--webhook REG_WH_" in URL.hint(url)
    assert "hush" not in URL.problem(url) + URL.hint(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://slack.com/api/chat.postMessage",
        "https://hooks.slack.com.acme.example/deploy",
        "https://discord.com/api/users",
        "https://deploy.acme.example/hooks.slack.com/services",
        "https://webhook.office.example/",
    ],
)
def test_another_that_looks_like_one_is_a_url(url):
    assert URL.problem(url) == ""
